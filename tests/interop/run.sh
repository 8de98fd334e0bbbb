#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The gateway among other people's programs: faxes with Asterisk, scenarios and load with sipp, all on loopback in a network of its own, in real
# time; then tshark reads every packet. As root. Closes with "N passed, N failed".
# Usage: run.sh [matrix] [sipp] [load] [captures] [compare] [lossy]   default: all but compare and lossy; captures looks at what the last run left
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C.UTF-8
BUILD=${BUILD:-build}
here=tests/interop
work=$PWD/$BUILD/interop
faxspand=$BUILD/faxspand
faxline=$BUILD/tests/interop/faxline
faxlab=$BUILD/tests/demo/faxlab
parts=("$@")
[ $# != 0 ] || parts=(matrix sipp load captures)
mkdir -p "$work"

if [ -z "$FAXSPAN_INTEROP_INSIDE" ]; then
	if [[ " ${parts[*]} " =~ ' matrix '|' compare '|' lossy ' ]]; then
		root=$($here/chroot.sh "${ASTERISK:-bullseye}") || { echo "0 passed, 1 failed"; exit 1; }
	fi
	FAXSPAN_INTEROP_INSIDE=yes INTEROP_ROOT=$root exec unshare -m -n "$0" "${parts[@]}"
fi
ip link set lo up || exit 1

passed=0
failed=0
ok() { passed=$((passed + 1)); [ -z "$1" ] || echo "ok $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok $1: $2"; }

started=() # ended with us, whatever happens
at_end() {
	[ ${#started[@]} = 0 ] || kill -KILL "${started[@]}" 2>/dev/null
}
trap at_end EXIT

# wait_for FILE PATTERN SECONDS
wait_for() {
	local end=$((SECONDS + $3))
	until grep -qE -- "$2" "$1" 2>/dev/null; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

# capture_start NAME FILTER: into $work/NAME.pcapng; its pid is in $capture
capture_start() {
	rm -f "$work/$1.pcapng"
	dumpcap -q -i lo -f "$2" -B 16 -w "$work/$1.pcapng" >"$work/$1.dumpcap" 2>&1 &
	capture=$!
	started+=($capture)
	wait_for "$work/$1.dumpcap" '^File: ' 20
}

capture_stop() {
	kill -INT $1
	wait $1
}

. $here/certificates.bash
. $here/asterisk.bash
. $here/faxes.bash
. $here/captures.bash
. $here/sipp.bash
. $here/load.bash
. $here/compare.bash
. $here/lossy.bash

for part in "${parts[@]}"; do
	case $part in
	matrix) faxes_all ;;
	sipp) sipp_all ;;
	load) load_all ;;
	captures) captures_all ;;
	compare) compare_all ;;
	lossy) lossy_all ;;
	*) echo "run.sh: no part $part" >&2; exit 2 ;;
	esac
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed != 0 ]
