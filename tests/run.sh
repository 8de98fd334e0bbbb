#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs the tests of the kinds named (unit, call, process) from $BUILD, a line for each program, and closes with "N passed, N failed".
# The whole output of a program lies in $BUILD/log/. At most 2 programs run at once.
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
export BUILD ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1}"
logs=$BUILD/log
mkdir -p "$logs"

# one program: counts its tests by cmocka's closing lines; a script counts by "ok" and "not ok"
if [ "$1" = --one ]; then
	kind=$(basename "$(dirname "$2")")
	name=$kind/$(basename "$2" .sh)
	log=$logs/$name.log
	mkdir -p "$logs/$kind"
	start=$(date +%s.%N)
	timeout 600 "$2" >"$log" 2>&1
	status=$?
	grep '^ok ' "$log" | sort | uniq -d | sed 's/^ok /not ok two checks have the name /' >>"$log"
	passed=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\.$/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
	failed=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test(s).*$/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
	passed=$((passed + $(grep -c '^ok ' "$log")))
	failed=$((failed + $(grep -c '^not ok ' "$log")))
	if [ $status != 0 ] && [ "$failed" = 0 ] || [ "$passed$failed" = 00 ]; then
		failed=$((failed + 1))
		echo "ended with status $status" >>"$log"
	fi
	end=$(date +%s.%N)
	printf '%-34s %4d passed %3d failed %7.1f s\n' "$name" "$passed" "$failed" "$(echo "$end $start" | awk '{print $1 - $2}')"
	if [ "$failed" != 0 ]; then
		grep -E '^\[  (FAILED|ERROR )|^not ok|ERROR:|error: |WARNING: ThreadSanitizer|runtime error|SUMMARY|ended with status' "$log" | head -20 | sed 's/^/    /'
		echo "    (all of it: $log)"
	fi
	echo "$passed $failed" >"$logs/$name.count"
	exit 0
fi

rm -f "$logs"/*/*.count
for kind in "$@"; do
	case $kind in
	unit | call) programs=$(for s in tests/$kind/test_*.c; do echo "$BUILD/${s%.c}"; done) jobs=2 ;;
	process) programs=$(ls tests/process/*.sh) jobs=1 ;;
	*) echo "run.sh: no kind $kind" >&2; exit 2 ;;
	esac
	echo "== $kind"
	printf '%s\n' $programs | xargs -P $jobs -n 1 "$0" --one
done
set -- $(cat "$logs"/*/*.count | awk '{p += $1; f += $2} END {print p + 0, f + 0}')
echo "$1 passed, $2 failed"
[ "$2" = 0 ] && [ "$1" != 0 ]
