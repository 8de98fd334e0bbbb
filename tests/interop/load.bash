# SPDX-License-Identifier: GPL-2.0-only
# 200 calls a second, refused and then accepted, on eight spans: the rate reached, what it costs, and that nothing is left. Sourced by run.sh.

load_gateway=127.0.1.70
load_peer=127.0.0.4
load_rate=200
load_seconds=75
load_full_s=36 # by then the transactions of the first calls are over (RFC 3261: 64 * T1), and as many go as come
load_capture_s=5 # of each
load_spans=8

load_configure() {
	local span
	rm -rf "$work/load"
	mkdir -p "$work/load/spans.d"
	cat >"$work/load/faxspan.conf" <<-E
		[log]
		level = notice
		[control]
		socket = $work/load/control
		[sip]
		listen = $load_gateway:5060
		[peer sipp]
		address = $load_peer:5070
	E
	echo SEQUENTIAL >"$work/load/numbers.csv"
	for ((span = 1; span <= load_spans; span++)); do
		printf '[span %d]\nlocal = %s:900%d\nremote = %s:910%d\ndial = %d.\npeer = sipp\n' $span $load_gateway $span $load_gateway $span \
			$span >"$work/load/spans.d/$span.conf"
		echo "${span}001" >>"$work/load/numbers.csv"
	done
	printf 'SEQUENTIAL\n9001\n' >"$work/load/nobody.csv"
	load_scenario accepted 200
	load_scenario refused 404
}

# One call: accepted and ended at once, or refused.
load_scenario() { # NAME STATUS
	{
		{
			echo "INVITE sip:[field0]@[remote_ip]:[remote_port] SIP/2.0"
			sipp_headers INVITE "To: <sip:[field0]@[remote_ip]>"
			sipp_body "$(sdp_audio 1)"
		} | sipp_send 'retrans="500"'
		for code in 100 180 183; do sipp_recv "response=\"$code\" optional=\"true\""; done
		sipp_recv "response=\"$2\" rrs=\"true\""
		ack "$2"
		[ "$2" != 200 ] || bye '[field0]'
	} | scenario "load/$1"
}

load_files() { ls "/proc/$gateway/fd" | wc -l; }

load_usage() { # rss_kb cpu_ticks
	local stat
	read -ra stat <<<"$(sed 's/.*) //' "/proc/$gateway/stat")"
	echo "$(awk '/^VmRSS:/ {print $2}' "/proc/$gateway/status") $((stat[11] + stat[12]))"
}

# load_calls KIND NUMBERS: true when all went by the scenario; the seconds it took are in $took, the use when full and at the end in $full and
# $last
load_calls() {
	local begin end status pid
	begin=$(date +%s%N)
	timeout $((load_seconds * 2 + 60)) sipp -sf "$work/load/$1.xml" -inf "$work/load/$2.csv" -i $load_peer -p 5070 -r $load_rate \
		-m $((load_rate * load_seconds)) -l 2000 -nostdin -cid_str "$1-%u-%p@%s" -key caller 5550100 -trace_err -error_file "$work/load/$1.err" \
		$load_gateway:5060 >"$work/load/$1.out" 2>&1 &
	pid=$!
	sleep $load_full_s # the rate is one of real time
	full=($(load_usage))
	# some seconds of it for tshark to read: all would be a million packets
	dumpcap -q -i lo -a duration:$load_capture_s -f "udp and host $load_gateway and host $load_peer" -w "$work/load-$1.pcapng" \
		>"$work/load/$1.dumpcap" 2>&1 &
	wait $pid
	status=$?
	end=$(date +%s%N)
	last=($(load_usage))
	took=$(awk "BEGIN {print ($end - $begin) / 1e9}")
	return $status
}

# Calls that the gateway itself says it has.
load_left() {
	local calls
	if calls=$("$BUILD/faxspanctl" -d -s "$work/load/control" show calls 2>&1); then
		tail -n +2 <<<"$calls" | grep -c . # the first line names the columns
	else
		echo unknown
	fi
}

load_one() { # KIND NUMBERS
	local rate cpu limit left files
	load_calls "$1" "$2" && ok || not_ok "load: $1" "$(tail -n 1 "$work/load/$1.err" | cut -c 1-300)"
	limit=$((SECONDS + 40)) # a call whose ACK and BYE were lost is given up after 32 s (RFC 3261 13.3.1.4)
	until left=$(load_left); files=$(load_files); [ "$left" = 0 ] && [ "$files" -le "$idle_files" ] || [ $SECONDS -gt $limit ]; do
		sleep 0.2
	done
	rate=$(awk "BEGIN {printf \"%.1f\", $load_rate * $load_seconds / $took}")
	cpu=$(awk "BEGIN {printf \"%.1f\", (${last[1]} - ${full[1]}) * 100 / $(getconf CLK_TCK) / ($took - $load_full_s)}")
	printf '%-9s %7d %9s %7s %10d %10d %5d %5d %7s\n' "$1" $((load_rate * load_seconds)) "$rate" "$cpu" ${full[0]} ${last[0]} \
		"$idle_files" "$files" "$left"
	awk "BEGIN {exit !($rate >= 0.95 * $load_rate)}" && ok || not_ok "load: $1" "only $rate calls a second"
	# the heap's own unrest is some hundred KB; 2 MB are less than 200 octets for each call in between
	[ ${last[0]} -le $((full[0] + 2048)) ] && ok || not_ok "load: $1" "it grew from ${full[0]} to ${last[0]} KB"
	[ "$files" -le "$idle_files" ] && ok || not_ok "load: $1" "$files open files, $idle_files before"
	[ "$left" = 0 ] && ok || not_ok "load: $1" "$left calls left"
}

load_all() {
	local status
	load_configure
	$faxspand -f -c "$work/load/faxspan.conf" 2>"$work/load/gateway.log" &
	gateway=$!
	started+=($gateway)
	wait_for "$work/load/gateway.log" 'faxspand [0-9.]+ started' 20 || { not_ok load "$(tail -n 1 "$work/load/gateway.log")"; return; }
	$faxline answer $load_spans $load_gateway:9101 $load_gateway:9001 >"$work/load/line.out" 2>&1 &
	line=$!
	started+=($line)
	wait_for "$work/load/line.out" '^up$' 60 || { not_ok load "the D channels do not come up"; return; }
	# each span opens an epoll with its first call and keeps it
	sipp -sf "$work/load/accepted.xml" -inf "$work/load/numbers.csv" -i $load_peer -p 5070 -r 8 -m $((2 * load_spans)) -nostdin -key caller 5550100 \
		$load_gateway:5060 >"$work/load/first.out" 2>&1 && ok || not_ok "load: the first calls" "sipp says no"
	idle_files=$(load_files)
	printf '\n%-9s %7s %9s %7s %10s %10s %5s %5s %7s\n' load calls calls/s "CPU %" "KB at 36 s" "at end" files after left
	load_one refused nobody
	load_one accepted numbers
	kill -TERM $line
	wait $line
	status=$?
	[ $status = 0 ] && ok || not_ok "load: stuck calls" "the exchange: $(tail -n 1 "$work/load/line.out")"
	kill -TERM $gateway
	wait $gateway
	status=$?
	[ $status = 0 ] && ok || not_ok "load: the gateway ends" "status $status"
}
