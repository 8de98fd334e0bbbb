# SPDX-License-Identifier: GPL-2.0-only
# The same faxes to and from the same Asterisk, a T.38 terminal behind a link that loses datagrams of UDPTL (lossy_link.c), once through Faxspan and once through
# another Asterisk as the gateway (res_fax's), at the same time. Sourced by run.sh.
#
# Those of Asterisk as the gateway come from and go to a third one in G.711 over a network that loses nothing, those of Faxspan from and to a tdmoe line.

lossy_points=${LOSSY_POINTS:-0 1 3 5 10 20} # percent
lossy_calls=${LOSSY_CALLS:-20}              # for each point, gateway and direction
lossy_jitter_ms=${LOSSY_JITTER_MS:-0}
lossy_ec=${LOSSY_EC:-redundancy} # of both gateways and the terminal; or fec
lossy_rows=${LOSSY_ROWS:-1100}              # of the page
lossy_limit_s=${LOSSY_LIMIT_S:-240}         # after the last call began: who is still up then never ends
lossy_a=10.255.0.2                          # on the far side
lossy_g=10.255.1.3
lossy_s=10.255.1.4
lossy_gateway=10.255.1.80
declare -A lossy_prefix=([faxspan-to-t38]=1 [faxspan-from-t38]=2 [asterisk-to-t38]=3 [asterisk-from-t38]=4)

lossy_number() { echo "${lossy_prefix[$1]}$((100 + $2))"; } # WAY I

lossy_link_start() {
	rm -f "$lossy/link"
	mkfifo "$lossy/link" || return 1
	$BUILD/tests/interop/lossy_link 4000 4999 <"$lossy/link" >"$lossy/link.out" 2>&1 &
	lossy_link=$!
	started+=($lossy_link)
	exec 7>"$lossy/link"
	wait_for "$lossy/link.out" '^up$' 5 || { cat "$lossy/link.out"; return 1; }
	ip addr add 10.255.1.1/24 dev lo && ip link set near up && ip route add 10.255.0.0/24 dev near src 10.255.1.1 &&
		nsenter -n -t $lossy_link sh -c "ip link set lo up; ip addr add $lossy_a/32 dev far && ip link set far up && ip route add default dev far" &&
		ip addr add $lossy_g/32 dev lo && ip addr add $lossy_s/32 dev lo && ip addr add $lossy_gateway/32 dev lo
}

lossy_asterisks_prepare() {
	local i way
	asterisk_use S $lossy_s && rm -rf "$ast" && asterisk_prepare && asterisk_endpoint gateway $lossy_g udp $lossy_ec no
	asterisk_use G $lossy_g && rm -rf "$ast" && asterisk_prepare && asterisk_endpoint sender $lossy_s udp $lossy_ec no
	asterisk_endpoint A $lossy_a udp $lossy_ec yes
	printf 'exten => _%s.,1,Set(FAXOPT(gateway)=yes)\n same => n,Dial(PJSIP/${EXTEN}@%s,60)\n' 3 A 4 sender >>"$ast/etc/extensions.conf"
	sed -i 's/^load=app_stack/load=app_dial.so\n&/' "$ast/etc/modules.conf"
	asterisk_use A $lossy_a && rm -rf "$ast" && asterisk_prepare && asterisk_endpoint G $lossy_g udp $lossy_ec yes
	asterisk_endpoint faxspan $lossy_gateway udp $lossy_ec yes
	for ((i = 0; i < lossy_calls; i++)); do
		for way in faxspan-to-t38 asterisk-to-t38; do asterisk_receives $way-$i $(lossy_number $way $i) yes ""; done
		asterisk_use S $lossy_s
		asterisk_receives asterisk-from-t38-$i $(lossy_number asterisk-from-t38 $i) yes F
		asterisk_use A $lossy_a
	done
	for way in S A; do cp "$lossy/page.tif" "$work/asterisk/$way/"; done
}

lossy_asterisks_start() {
	asterisk_use S $lossy_s && asterisk_start && started+=($ast_pid) &&
		asterisk_use G $lossy_g && asterisk_start && started+=($ast_pid) &&
		asterisk_use A $lossy_a && asterisk_start nsenter -n -t $lossy_link && started+=($ast_pid)
}

lossy_asterisks_stop() {
	local name
	for name in "S $lossy_s" "G $lossy_g" "A $lossy_a"; do
		asterisk_use $name
		asterisk_cli 'core stop now' >/dev/null
	done
}

lossy_faxspan_start() {
	local i
	mkdir -p "$lossy/spans.d" "$lossy/rx"
	rm -f "$lossy"/rx/*
	printf '[control]\nsocket = none\n[sip]\nlisten = %s:5060\n[peer a]\naddress = %s:5060\n' $lossy_gateway $lossy_a >"$lossy/faxspan.conf"
	for i in 1 2; do
		printf '[span %d]\nlocal = %s:900%d\nremote = %s:910%d\npeer = a\ndial = %d.\n[fax]\nerror_correction = %s\n' $i $lossy_gateway $i $lossy_gateway $i $i $lossy_ec >"$lossy/spans.d/$i.conf"
	done
	for ((i = 0; i < lossy_calls; i++)); do
		echo "faxspan-to-t38-$i line 1 $(lossy_number faxspan-to-t38 $i) $lossy/page.tif yes $((i + 1))"
		echo "faxspan-from-t38-$i sip 2 $(lossy_number faxspan-from-t38 $i) $lossy/page.tif yes 0"
	done >"$lossy/cases"
	: >"$lossy/gateway.log" # not only in the children, which may come too late: nobody shall read the last point's
	: >"$lossy/line.out"
	$faxspand -f -c "$lossy/faxspan.conf" 2>"$lossy/gateway.log" &
	gateway=$!
	started+=($gateway)
	wait_for "$lossy/gateway.log" 'faxspand [0-9.]+ started' 20 || return 1
	$faxline run 2 $lossy_gateway:9101 $lossy_gateway:9001 "$lossy/cases" "$lossy/rx" $((lossy_calls + lossy_limit_s)) >"$lossy/line.out" 2>&1 &
	line=$!
	started+=($line)
	wait_for "$lossy/line.out" '^up$' 60 && wait_for "$lossy/gateway.log" 'span 1: RESTART .* done' 20 && wait_for "$lossy/gateway.log" 'span 2: RESTART .* done' 20
}

# All calls of a point; those of the line begin by themselves.
lossy_call() {
	local i
	for ((i = 0; i < lossy_calls; i++)); do
		asterisk_use S $lossy_s
		asterisk_sends asterisk-to-t38-$i gateway $(lossy_number asterisk-to-t38 $i) page.tif yes F
		asterisk_use A $lossy_a
		asterisk_sends asterisk-from-t38-$i G $(lossy_number asterisk-from-t38 $i) page.tif yes ""
		asterisk_sends faxspan-from-t38-$i faxspan $(lossy_number faxspan-from-t38 $i) page.tif yes ""
		sleep 1
	done
}

# Whether both machines of a call have ended it.
lossy_is_over() { # WAY-I
	grep -q "^$1," "$work/asterisk/A/results.csv" &&
		case $1 in
		faxspan-*) grep "^over $1 " "$lossy/line.out" | grep -qv 'still up at the time limit\|never called' ;;
		*) grep -q "^$1," "$work/asterisk/S/results.csv" ;;
		esac
}

lossy_wait() {
	local way i left limit=$((SECONDS + lossy_limit_s))
	until [ "$left" = 0 ] || [ $SECONDS -gt $limit ]; do
		sleep 2
		left=0
		for way in "${!lossy_prefix[@]}"; do
			for ((i = 0; i < lossy_calls; i++)); do lossy_is_over $way-$i || left=$((left + 1)); done
		done
	done
	asterisk_use G $lossy_g
	lossy_left=$(asterisk_cli 'core show channels count' | sed -n 's/ active call.*//p') # of the gateway's own
}

# lossy_of WAY: WHOLE NEVER-ENDED SECONDS (mean of the whole ones, from the answer on, by A)
lossy_of() {
	local way=$1 i name got whole=0 up=0 seconds=0
	for ((i = 0; i < lossy_calls; i++)); do
		name=$way-$i
		lossy_is_over $name || up=$((up + 1))
		case $way in
		*-to-t38) got=$work/asterisk/A/rx/$name.tif ;;
		asterisk-*) got=$work/asterisk/S/rx/$name.tif ;;
		faxspan-*) got=$lossy/rx/$name.tif ;;
		esac
		[ -s "$got" ] && $faxline compare "$lossy/page.tif" "$got" >/dev/null 2>&1 || continue
		whole=$((whole + 1))
		asterisk_use A $lossy_a
		got=$(asterisk_result $name)
		[ -z "$got" ] || seconds=$((seconds + ${got##* }))
	done
	echo $whole $up $([ $whole = 0 ] && echo - || awk "BEGIN {printf \"%.0f\", $seconds / $whole}")
}

lossy_row() { # PERCENT
	local name to from
	lossy_sum=()
	for name in asterisk faxspan; do
		to=($(lossy_of $name-to-t38))
		from=($(lossy_of $name-from-t38))
		printf '%-8s %-10s %3d of %-3d %10d %7s s %8d of %-3d %10d %7s s\n' "$1 %" $name ${to[0]} $lossy_calls ${to[1]} ${to[2]} ${from[0]} $lossy_calls ${from[1]} ${from[2]}
		lossy_sum+=($((to[0] + from[0])) $((2 * lossy_calls)))
	done
	echo "    datagrams lost: $(tail -n 1 "$lossy/link.out"); calls left at Asterisk as the gateway: ${lossy_left:-?}"
	printf '%s\t%d\t%d\t%d\t%d\n' "$1" "${lossy_sum[@]}" >>"$BUILD/asterisk.tsv.new"
	# What Faxspan answers for: without loss all of them are whole, and none is left at any loss.
	[ "${to[1]}${from[1]}" = 00 ] && ok || not_ok "loss of $1 %" "calls through Faxspan never ended"
	[ "$1" != 0 ] || [ ${lossy_sum[2]} = ${lossy_sum[3]} ] && ok || not_ok "loss of $1 %" "not every fax through Faxspan is whole"
}

lossy_point() { # PERCENT
	lossy_asterisks_prepare
	lossy_asterisks_start && lossy_faxspan_start || return 1
	echo "$1 $lossy_jitter_ms ${LOSSY_SEED:-1}" >&7
	lossy_call
	lossy_wait
	kill -TERM $line 2>/dev/null
	wait $line 2>/dev/null
	kill -TERM $gateway
	wait $gateway
	lossy_asterisks_stop
	echo "0 0 0" >&7
	sleep 0.2
	mkdir -p "$lossy/$1"
	cp "$lossy"/{gateway.log,line.out} "$lossy/$1/"
	for name in A G S; do cp "$work/asterisk/$name/log/full" "$lossy/$1/$name.log"; cp "$work/asterisk/$name/results.csv" "$lossy/$1/$name.csv"; done
	lossy_row $1
}

lossy_all() {
	local percent
	lossy=$work/lossy
	rm -rf "$lossy"
	mkdir -p "$lossy"
	asterisk_mount "$INTEROP_ROOT" && $faxlab make "$lossy/page.tif" 1 $lossy_rows && lossy_link_start || { not_ok lossy "cannot be prepared"; return; }
	echo '# percent lost, faxes whole through Asterisk, of so many, through Faxspan, of so many; redundancy 3, one page with ECM, both directions, Asterisk the T.38 terminal' >"$BUILD/asterisk.tsv.new"
	printf '\n%-8s %-10s %10s %10s %9s %15s %10s %9s\n' loss gateway "to T.38" "never over" time "from T.38" "never over" time
	for percent in $lossy_points; do
		lossy_point $percent || { not_ok "loss of $percent %" "does not start"; return; }
	done
	mv "$BUILD/asterisk.tsv.new" "$BUILD/asterisk.tsv"
	exec 7>&-
}
