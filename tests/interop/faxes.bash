# SPDX-License-Identifier: GPL-2.0-only
# The faxes of the matrix: gateways, lines and Asterisk side by side. Sourced by run.sh.
. $here/matrix.bash

limit_s=${INTEROP_LIMIT_S:-420}    # for all faxes
stagger_s=${INTEROP_STAGGER_S:-1}
n=0            # groups
next_start_s=3
groups=()
faxes=()
declare -A group_n group_ec
declare -A fax_direction fax_starter fax_ecm fax_document fax_number fax_start fax_group

# INTEROP_GROUPS="tcp tls" runs those alone.
group_is_wanted() { [[ -z $INTEROP_GROUPS || " $INTEROP_GROUPS " = *" $1 "* ]]; }

group() {
	local name=$1 number=$2 transport=$3 ec=$4 t38=$5
	shift 5
	group_is_wanted $name || return
	groups+=($name)
	group_n[$name]=$number group_ec[$name]=$ec
	asterisk_endpoint $name 127.0.1.$number $transport $ec $t38
	group_configure $name $number $transport "$@"
	: >"$work/$name/cases"
}

# The gateway's configuration, in $work/GROUP.
group_configure() {
	local name=$1 number=$2 transport=$3 dir=$work/$1 span
	shift 3
	rm -rf "$dir"
	mkdir -p "$dir/spans.d" "$dir/rx"
	cat >"$dir/faxspan.conf" <<-E
		[control]
		socket = none
		[sip]
		listen = 127.0.1.$number:5060
		$(group_transport_listen $transport 127.0.1.$number)
		$([ $name = endpoint ] && echo '[endpoint asterisk]' || { echo '[peer asterisk]'; group_transport_peer $transport; })
		$(printf '%s\n' "$@")
	E
	for span in 1 2; do
		cat >"$dir/spans.d/$span.conf" <<-E
			[span $span]
			local = 127.0.1.$number:900$span
			remote = 127.0.1.$number:910$span
			dial = $span.
			peer = asterisk
			[fax]
			t38_start = $([ $span = 1 ] && echo wait || echo on-cng)
			error_correction = $(group_error_correction "$@")
		E
	done
}

# What [sip] and [peer] have for a transport.
group_transport_listen() {
	case $1 in
	tcp) echo "listen_tcp = $2:5060" ;;
	tls)
		printf 'listen_tls = %s:5061\ntls_clients = require\n' $2
		printf 'tls_certificate = %s/gateway.crt\ntls_key = %s/gateway.key\ntls_ca = %s/ca.crt\n' "$work/certificates" "$work/certificates" "$work/certificates"
		;;
	esac
}

group_transport_peer() {
	case $1 in
	udp) echo "address = $peer_ip:5060" ;;
	tcp) printf 'address = %s:5060\ntransport = tcp\n' $peer_ip ;;
	tls) printf 'address = %s:5061\ntransport = tls\ntls_name = peer.faxspan.test\n' $peer_ip ;;
	esac
}

group_error_correction() {
	local ec
	ec=$(printf '%s\n' "$@" | sed -n 's/^t38_ec = //p')
	echo "${ec:-redundancy}"
}

fax() {
	local group=$1 direction=$2 starter=$3 ecm=$4 document=$5
	local name span=1 from=line
	group_is_wanted $group || return
	name=$group-$direction-$starter-ecm-$ecm-$document
	[[ $starter != us && $starter != refused-by-peer ]] || span=2
	[ $direction = to-sip ] || from=sip
	fax_number[$name]=$span$(printf '%03d' ${#faxes[@]})
	fax_group[$name]=$group fax_direction[$name]=$direction fax_starter[$name]=$starter
	fax_ecm[$name]=$ecm fax_document[$name]=$document fax_start[$name]=$next_start_s
	faxes+=($name)
	echo "$name $from $span ${fax_number[$name]} $work/$document.tif $ecm $next_start_s" >>"$work/$group/cases"
	[ $direction != to-sip ] || asterisk_receives $name ${fax_number[$name]} $ecm "$(fax_options $starter receive)"
	next_start_s=$((next_start_s + stagger_s))
}

# Asterisk's options for who asks: z asks when the other does not, f falls back to audio, F never asks.
fax_options() {
	case $1 in
	refused-by-peer) echo F ;;
	refused-by-us) [ "$2" = send ] && echo zf || echo f ;;
	peer) [ "$2" != send ] || echo z ;;
	esac
}

group_start() {
	local name=$1 dir=$work/$1 ip=127.0.1.${group_n[$1]}
	SSLKEYLOGFILE=$work/$name.keys $faxspand -f -c "$dir/faxspan.conf" 2>"$dir/gateway.log" & # tshark reads TLS by it
	gateways+=($!)
	started+=($!)
	wait_for "$dir/gateway.log" 'faxspand [0-9.]+ started' 20 || { tail -n 3 "$dir/gateway.log"; return 1; }
	[ $name != endpoint ] || wait_for "$dir/gateway.log" 'endpoint asterisk: registered' 60 || { tail -n 3 "$dir/gateway.log"; return 1; }
	[ $name != registered ] || wait_for "$dir/gateway.log" 'registered as registered' 20 || { tail -n 3 "$dir/gateway.log"; return 1; }
	capture_start "$name" "host $ip and not icmp and not udp portrange 9000-9199" || return 1
	captures+=($capture)
	$faxline run 2 $ip:9101 $ip:9001 "$dir/cases" "$dir/rx" $limit_s >"$dir/line.out" 2>&1 &
	lines+=($!)
	started+=($!)
}

# Asterisk's own calls, each at its time from when the lines were up.
send_at_their_times() {
	local name zero=$SECONDS
	for name in "${faxes[@]}"; do
		[ ${fax_direction[$name]} = to-e1 ] || continue
		while [ $((SECONDS - zero)) -lt ${fax_start[$name]} ]; do sleep 0.2; done
		asterisk_sends $name ${fax_group[$name]} ${fax_number[$name]} ${fax_document[$name]}.tif ${fax_ecm[$name]} \
			"$(fax_options ${fax_starter[$name]} send)"
	done
}

# fax_verdict NAME: prints what is wrong; nothing if all is well
fax_verdict() {
	local name=$1 dir=$work/${fax_group[$1]} want=T38 got result line status mode pages rate ecm rest
	line=$(sed -n "s/^over $name //p" "$dir/line.out")
	[[ $line = ok* ]] || { echo "the machine at the line: ${line:-nothing}"; return; }
	result=$(asterisk_result $name)
	read -r status mode pages rate ecm rest <<<"$result"
	[ "$status" = SUCCESS ] || { echo "Asterisk: ${result:-nothing}"; return; }
	[[ ${fax_starter[$name]} != refused* ]] || want=audio
	[ "$mode" = $want ] || { echo "in $mode, not $want"; return; }
	[[ $line = *"ECM ${fax_ecm[$name]}"* ]] || { echo "not with ECM ${fax_ecm[$name]}: $line"; return; }
	got=$dir/rx/$name.tif
	[ ${fax_direction[$name]} = to-e1 ] || got=$ast/rx/$name.tif
	result=$($faxline compare "$work/${fax_document[$name]}.tif" "$got") || echo "$result"
	fax_check_starter $name
}

# Who sent the first INVITE with an image, by the capture.
fax_check_starter() {
	local name=$1 from want
	from=$(awk -F '\t' -v number=${fax_number[$name]} '
		$3 == "INVITE" && !($2 in called) {called[$2] = $4}
		$3 == "INVITE" && $5 ~ /image/ && called[$2] == number {print $1; exit}' "$work/${fax_group[$name]}.invites")
	case ${fax_starter[$name]} in
	peer | refused-by-us) want=$peer_ip ;;
	*) want=127.0.1.${group_n[${fax_group[$name]}]} ;;
	esac
	[ "$from" = $want ] || echo "T.38 was asked for by ${from:-nobody}"
}

# What both sides really sent to recover lost datagrams: all of them by what was negotiated, and some with content.
group_check_recovery() {
	local name=$1 side got
	[[ $name = refused* ]] && return
	for side in $peer_ip 127.0.1.${group_n[$name]}; do
		got=$(tshark_read "$name" -Y "t38 && ip.src == $side" -T fields -e t38.secondary_ifp_packets -e t38.fec_npackets | awk -F '\t' '
			{redundancy += $1; fec += $2} END {print redundancy ? (fec ? "both" : "redundancy") : fec ? "fec" : "none"}')
		[ "$got" = "${group_ec[$name]}" ] && ok || not_ok "error recovery in $name" "$side sent $got"
	done
}

# Over how many earlier instants the packets go back that went with each of ours at most: V.21 and indicators have one depth, page data another.
# What is sent within 5 ms is one instant (the end of a page is eight packets at once, which overtake each other on their way).
group_check_depths() {
	local got
	[ $1 = depths ] || return
	got=$(tshark_read $1 -Y "t38 && ip.src == 127.0.1.${group_n[$1]}" -T fields -E occurrence=f -e frame.time_epoch -e udp.srcport \
		-e t38.seq_number -e t38.type_of_msg -e t38.t30_data -e t38.secondary_ifp_packets | awk -F '\t' '
		($2, $3) in at {next} # sent again
		{
			instant += $1 - last[$2] > 0.005
			last[$2] = $1
			at[$2, $3] = instant
			image = $4 == 1 && $5 > 0
			n[image]++
			depth = 0
			for (s = $3 - $6; s < $3; s++)
				depth += at[$2, s] != instant && (s == $3 - $6 || at[$2, s] != at[$2, s - 1])
			if (depth > most[image]) most[image] = depth
		}
		END {print n[0] && n[1] ? most[0] "-" most[1] : "nothing"}')
	[ "$got" = 5-1 ] && ok || not_ok "error recovery in $1" "packets go back over $got instants, not 5 for control and 1 for page data"
}

fax_seconds() { sed -n "s/^over $1 [a-z]* \([0-9.]*\) .*/\1/p" "$work/${fax_group[$1]}/line.out"; }

faxes_table() {
	local name why verdict pages
	printf '\n%-16s %-7s %-16s %-4s %5s %7s  %s\n' group to "T.38 asked by" ECM pages seconds verdict
	for name in "${faxes[@]}"; do
		why=$(fax_verdict $name | head -n 1)
		verdict=identical
		[ -z "$why" ] || verdict="FAILED: $why"
		pages=${fax_document[$name]#doc}
		printf '%-16s %-7s %-16s %-4s %5s %7s  %s\n' ${fax_group[$name]} ${fax_direction[$name]#to-} ${fax_starter[$name]} \
			${fax_ecm[$name]} $pages "$(fax_seconds $name)" "$verdict"
		[ -z "$why" ] && ok || { failed=$((failed + 1)); }
	done
}

# A gateway is asked to end as its operator would, and has to have nothing left.
group_end() {
	local pid=$1 name=$2 status
	kill -TERM $pid
	wait $pid
	status=$?
	[ $status = 0 ] && ok || not_ok "gateway of $name" "ended with status $status"
}

faxes_all() {
	local name pid i begin=$SECONDS
	gateways=() lines=() captures=()
	$faxlab make "$work/doc1.tif" 1 500 && $faxlab make "$work/doc10.tif" 10 250 || { not_ok documents "cannot be made"; return; }
	asterisk_mount "$INTEROP_ROOT" && asterisk_use A $peer_ip && asterisk_prepare || { not_ok Asterisk "cannot be prepared"; return; }
	cp "$work"/doc1.tif "$work"/doc10.tif "$ast/"
	certificates_make "$work/certificates" && certificates_add "$work/certificates" gateway gateway.faxspan.test 127.0.1.{1..20} && # Asterisk calls it by its address
		
		certificates_add "$work/certificates" peer peer.faxspan.test || { not_ok certificates "cannot be made"; return; }
	cp "$work"/certificates/{peer.crt,peer.key,ca.crt} "$ast/tls/"
	asterisk_tls
	asterisk_user faxspan secret
	matrix
	asterisk_start || { not_ok Asterisk "does not start"; return; }
	started+=($ast_pid)
	echo "$(asterisk_version) as the peer: ${#faxes[@]} faxes in ${#groups[@]} groups"
	for name in "${groups[@]}"; do
		group_start $name || { not_ok "$name" "does not start"; return; }
	done
	for name in "${groups[@]}"; do
		wait_for "$work/$name/line.out" '^up$' 60 || { not_ok "$name" "the D channels do not come up"; return; }
	done
	send_at_their_times
	for pid in "${lines[@]}"; do wait $pid; done
	for ((i = 0; i < ${#groups[@]}; i++)); do
		group_end ${gateways[i]} ${groups[i]}
		capture_stop ${captures[i]}
		captures_invites ${groups[i]}
		group_check_recovery ${groups[i]}
		group_check_depths ${groups[i]}
	done
	asterisk_stop
	faxes_table
	echo "($((SECONDS - begin)) s)"
}
