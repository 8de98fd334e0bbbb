#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The benchmark: what the gateway's process costs with 1, 30 and 120 faxes at once (half of them each way), beside what
# bare t38_gateway costs for the same, in one run on one machine; then with as many calls of speech, of which none is taken
# for a fax. Usage: run.sh [CALLS ...]. Files lie in $BUILD/bench.
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
dir=$BUILD/bench
pages=3
rows=1145
mkdir -p "$dir"
gateway=
trap '[ -z "$gateway" ] || kill $gateway 2>/dev/null' EXIT
trap 'exit 1' INT TERM
failed=0

# On a machine of several cores the gateway has one for itself: else the fax machines around it, which cost more than it
# does, would take its caches.
own= others=
if [ "$(nproc)" -gt 1 ] && taskset -c 0 true 2>/dev/null; then
	own="taskset -c 0" others="taskset -c 1-$(($(nproc) - 1))"
fi

value() { # NAME LINE
	echo " $2" | sed -n "s/.* $1=\([^ ]*\).*/\1/p"
}

# through_gateway NAME CALLS ARGUMENTS...: faxlab NAME with so many calls through a gateway of as many spans as they need
through_gateway() {
	conf=tests/bench/faxspan.conf
	[ "$2" -le 30 ] && conf=tests/demo/faxspan.conf
	$own "$BUILD/faxspand" --foreground --config $conf 2>"$dir/gateway.$1.$2.log" &
	gateway=$!
	name=$1 calls=$2
	shift 2
	$others "$BUILD/tests/demo/faxlab" $name "$calls" $gateway "$@" >"$dir/$name.$calls"
	status=$?
	kill -TERM $gateway 2>/dev/null
	wait $gateway
	gateway=
	return $status
}

row() { # FAXES
	bare=$($own "$BUILD/tests/bench/bench_bare" "$1" $pages $rows) || failed=1
	through_gateway load "$1" "$dir/document.tif" "$dir" || {
		failed=1
		echo "$1 faxes: not all came through; the gateway's log: $dir/gateway.load.$1.log"
	}
	r=$(tail -1 "$dir/load.$1")
	[ -n "$(value cpu_percent "$r")" ] || {
		failed=1
		echo "$1 faxes: nothing was measured: $r"
		return
	}
	echo "$1 $(value whole "$r") $(value cpu_percent "$r") $(value cpu_percent "$bare") $(value kb_per_call "$r")" \
		"$(value resident_kb "$r") $(value wakeups_per_s "$r") $(value calls_per_s "$r") $(value speed "$r")" | awk '{
		calls = $8 == "-" ? "-" : sprintf("%.0f", $8)
		each = $8 == "-" ? "-" : sprintf("%.0f", $8 / $1)
		printf "%5d %6d  %11.3f %11.3f %6.2f  %8d %8d  ", $1, $2, $3, $4, $4 ? $3 / $4 : 0, $5, $6
		printf "%9.0f %9.1f  %9s %9s  %6.1f\n", $7, $7 / $1, calls, each, $9
	}'
}

talk_row() { # CALLS
	through_gateway talk "$1" || {
		failed=1
		echo "$1 calls: not all were speech; the gateway's log: $dir/gateway.talk.$1.log"
		return
	}
	r=$(tail -1 "$dir/talk.$1")
	printf '%5d         %11.3f                      %8.0f %8d  %9.0f\n' "$1" "$(value cpu_percent "$r")" "$(value kb_per_call "$r")" \
		"$(value resident_kb "$r")" "$(value wakeups_per_s "$r")"
}

"$BUILD/tests/demo/faxlab" make "$dir/document.tif" $pages $rows || exit 1
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
echo "Machine: $(nproc) x ${cpu:-unknown}; Linux $(uname -r); $(${CC:-cc} --version | head -1); load $(cut -d' ' -f1 /proc/loadavg)"
echo "Faxes of $pages pages, 14400 bit/s, ECM; tdmoe lines with frames of 20 ms. Every figure is for a second of line"
echo "time, while all faxes are in T.38."
echo
echo "                CPU, % of a core per call     memory, kB         wakeups/s        system calls/s   times"
echo "faxes  whole      gateway        bare  ratio  per call    whole      whole  per call      whole  per call  real time"
for n in ${*:-1 30 120}; do
	row "$n"
done
echo
echo "Calls of speech, in G.711, listened to both ways for a fax:"
for n in ${*:-1 30 120}; do
	talk_row "$n"
done
echo
echo "bare: t38_gateway_rx, t38_gateway_tx and the IFP packets alone. The gateway: everything its process does, G.711,"
echo "UDPTL, sockets, D channels and logging included. Wakeups: voluntary context switches of all its threads. System"
echo "calls: by strace, in 3 s at the beginning."
[ $failed = 0 ]
