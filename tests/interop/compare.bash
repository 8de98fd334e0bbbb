# SPDX-License-Identifier: GPL-2.0-only
# The same faxes to the same Asterisk through Faxspan and through another Asterisk as the gateway (res_fax's), measured alike. An Asterisk has no E1
# without a kernel module: its faxes come in G.711 over SIP from a third one. Sourced by run.sh.

compare_calls=${COMPARE_CALLS:-10}
compare_g=127.0.0.3
compare_s=127.0.0.4
compare_gateway=127.0.1.80

compare_prepare() {
	local i
	asterisk_mount "$INTEROP_ROOT" || return 1
	rm -rf "$work/compare"
	mkdir -p "$work/compare/rx" "$work/compare/spans.d"
	$faxlab make "$work/doc1.tif" 1 500 || return 1

	asterisk_use S $compare_s && asterisk_prepare && asterisk_endpoint gateway $compare_g udp redundancy no
	cp "$work/doc1.tif" "$ast/"
	asterisk_use G $compare_g && asterisk_prepare && asterisk_endpoint sender $compare_s udp redundancy no
	asterisk_endpoint A $peer_ip udp redundancy yes
	printf 'exten => _X.,1,Set(FAXOPT(gateway)=yes)\n same => n,Dial(PJSIP/${EXTEN}@A,60)\n' >>"$ast/etc/extensions.conf"
	sed -i 's/^load=app_stack/load=app_dial.so\n&/' "$ast/etc/modules.conf"
	asterisk_use A $peer_ip && asterisk_prepare && asterisk_endpoint G $compare_g udp redundancy yes
	asterisk_endpoint faxspan $compare_gateway udp redundancy yes
	for ((i = 0; i < compare_calls; i++)); do
		for way in asterisk wait on-cng; do asterisk_receives $way-$i "$(compare_number $way $i)" yes ""; done
	done
}

compare_number() { # WAY I
	case $1 in
	asterisk) echo 3$((100 + $2)) ;;
	wait) echo 1$((100 + $2)) ;;
	on-cng) echo 2$((100 + $2)) ;;
	esac
}

compare_ticks() {
	local stat
	read -ra stat <<<"$(sed 's/.*) //' "/proc/$1/stat")"
	echo $((stat[11] + stat[12]))
}

# The calls at A by the capture: SECONDS from answer to T.38's 200 (mean), SECONDS of all calls from INVITE to BYE, those of T.38
compare_times() { # NAME GATEWAY-IP
	tshark_read "$1" -Y "sip && ip.addr == $2" -T fields -e frame.time_relative -e sip.Call-ID -e sip.CSeq.method -e sip.Status-Code -e sdp.media |
		awk -F '\t' '
		$3 == "INVITE" && !($2 in begun) {begun[$2] = $1}
		$3 == "INVITE" && $4 == 200 && !($2 in answered) {answered[$2] = $1}
		$3 == "INVITE" && $4 == 200 && $5 ~ /^image [1-9]/ && !($2 in t38) {t38[$2] = $1; n++; wait += $1 - answered[$2]}
		$3 == "BYE" && $4 == "" && !($2 in over) {over[$2] = $1; all += $1 - begun[$2]}
		END {printf "%.2f %.1f %d\n", n ? wait / n : 0, all, n}'
}

compare_row() { # NAME WAY GATEWAY-IP TICKS
	local i whole=0 times
	for ((i = 0; i < compare_calls; i++)); do
		[[ $(asterisk_result "$2-$i") = SUCCESS* ]] && $faxline compare "$work/doc1.tif" "$ast/rx/$2-$i.tif" >/dev/null && whole=$((whole + 1))
	done
	times=($(compare_times "compare-$2" "$3"))
	printf '%-34s %3d of %-3d %5d %9s %14s\n' "$1" $whole $compare_calls ${times[2]} ${times[0]} \
		"$(awk "BEGIN {printf \"%.5f\", $4 / $(getconf CLK_TCK) / (${times[1]} + 0.001)}")"
	[ $whole = $compare_calls ] && ok || not_ok "$1" "$whole of $compare_calls faxes whole"
}

# Until A has a result of every call of WAY
compare_wait() {
	local limit=$((SECONDS + 150))
	until [ "$(grep -c "^$1-" "$ast/results.csv")" -ge $compare_calls ] || [ $SECONDS -gt $limit ]; do sleep 0.5; done
}

compare_asterisk() {
	local i before pid
	asterisk_use A $peer_ip
	pid=$(cat "$work/asterisk/G/run/asterisk.pid")
	capture_start compare-asterisk "host $peer_ip and host $compare_g and udp port 5060"
	before=$(compare_ticks "$pid")
	for ((i = 0; i < compare_calls; i++)); do
		asterisk_use S $compare_s
		asterisk_sends s-$i gateway "$(compare_number asterisk $i)" doc1.tif yes F
		sleep 1
	done
	asterisk_use A $peer_ip
	compare_wait asterisk
	sleep 5
	capture_stop $capture
	compare_row "$(asterisk_version) as the gateway" asterisk $compare_g $(($(compare_ticks "$pid") - before))
}

compare_faxspan() {
	local way=$1 span=$2 i before=0
	: >"$work/compare/cases"
	for ((i = 0; i < compare_calls; i++)); do
		echo "$way-$i line $span $(compare_number "$way" $i) $work/doc1.tif yes $((i + 1))" >>"$work/compare/cases"
	done
	printf '[control]\nsocket = none\n[sip]\nlisten = %s:5060\n[peer a]\naddress = %s:5060\n' $compare_gateway $peer_ip >"$work/compare/faxspan.conf"
	for i in 1 2; do
		printf '[span %d]\nlocal = %s:900%d\nremote = %s:910%d\npeer = a\n[fax]\nt38_start = %s\n' $i $compare_gateway $i $compare_gateway $i \
			$([ $i = 1 ] && echo wait || echo on-cng) >"$work/compare/spans.d/$i.conf"
	done
	$faxspand -f -c "$work/compare/faxspan.conf" 2>"$work/compare/gateway.log" &
	gateway=$!
	started+=($gateway)
	wait_for "$work/compare/gateway.log" 'faxspand [0-9.]+ started' 20 || return 1
	capture_start "compare-$way" "host $compare_gateway and udp port 5060"
	$faxline run 2 $compare_gateway:9101 $compare_gateway:9001 "$work/compare/cases" "$work/compare/rx" 150 >"$work/compare/line-$way.out" 2>&1 &
	line=$!
	wait_for "$work/compare/line-$way.out" '^up$' 60
	before=$(compare_ticks $gateway)
	wait $line
	before=$(($(compare_ticks $gateway) - before))
	capture_stop $capture
	kill -TERM $gateway
	wait $gateway
	compare_row "Faxspan, $3" "$way" $compare_gateway $before
}

compare_all() {
	local name
	compare_prepare || { not_ok compare "cannot be prepared"; return; }
	for name in "A $peer_ip" "G $compare_g" "S $compare_s"; do
		asterisk_use $name
		asterisk_start || { not_ok compare "$name does not start"; return; }
		started+=($ast_pid)
	done
	printf '\n%-34s %10s %5s %9s %14s\n' "fax to Asterisk through" identical T.38 "T.38 in s" "CPU s/call s"
	compare_asterisk
	compare_faxspan wait 1 "the peer asks"
	compare_faxspan on-cng 2 "on CNG"
	for name in "S $compare_s" "G $compare_g" "A $peer_ip"; do
		asterisk_use $name
		asterisk_cli 'core stop now' >/dev/null
	done
}
