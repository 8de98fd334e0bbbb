#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds every tests/fuzz/fuzz_NAME.c with clang's libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer, and
# runs each.
#
#   tests/fuzz/run.sh [SECONDS [NAME ...]]      SECONDS for each target, default 10; NAMEs: only these
#
# Seeds come from tests/fuzz/corpus/NAME/ and tests/data/NAME/, a dictionary from tests/fuzz/NAME.dict, where they are.
# FUZZ_SEED=n makes a run much the same each time; without it, chance.
# What is found is kept in $BUILD/corpus/NAME/ (BUILD: default build-fuzz), an input that breaks something in
# $BUILD/crash/; the sanitizer's report and the input are printed too, for a find on another machine is seen nowhere else.
# Ends with 1 if anything did not build, or broke.

seconds=${1:-10}
[ $# -gt 0 ] && shift
case $seconds in
'' | *[!0-9]* | 0)
	echo "usage: $0 [SECONDS [NAME ...]]" >&2
	exit 2
	;;
esac

cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build-fuzz}
cc=${FUZZ_CC:-clang}
san="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
optimize="-O1 -g -fno-omit-frame-pointer"
rooms="$(find gateway sip t38 dahdi conf -type d) tests/sim"
libs="-lpri -losip2 -losipparser2 -lgnutls -lcares -lspandsp -ltiff -linih -lpthread -lm"
input_octets=8192
mkdir -p "$build/crash" "$build/log"

# All our objects but main.o, and the simulations, in one archive, by the rules of the Makefile with other flags. A
# source that does not build is left out: it breaks only the targets that need it, and the result.
objects=
for room in $rooms; do
	for source in "$room"/*.c; do
		[ -f "$source" ] && [ "$source" != gateway/main.c ] && objects="$objects $build/${source%.c}.o"
	done
done
broken=0
if ! make -s -k -j2 CC="$cc" BUILD="$build" CFLAGS="$optimize" SAN="-fsanitize=fuzzer-no-link $san" $objects \
	>"$build/log/make.log" 2>&1; then
	echo "fuzz: some sources do not build, see $build/log/make.log:"
	grep -m 3 'error' "$build/log/make.log" | cut -c 1-160
	broken=1
fi
built=
for object in $objects; do
	[ -f "$object" ] && built="$built $object"
done
archive=$build/libfuzzed.a
rm -f "$archive"
ar rcs "$archive" $built || exit 1

# What mends a find in $name takes: where it broke, and the input (base64 -d >FILE; $build/fuzz_NAME FILE), if it is not too long to print.
find_print() {
	log=$build/log/$name.log
	input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
	sed -n '/ERROR: \|runtime error:/,$p' "$log" | head -n 30 | cut -c 1-200 | sed 's/^/    /'
	[ -f "$input" ] || return
	echo "    $input, $(wc -c <"$input") octets, in base64 (no more than $input_octets of them):"
	head -c $input_octets "$input" | base64 | sed 's/^/    /'
}

# Sets $line to what became of $name, and $broke to whether it broke.
run_one() {
	broke=no
	log=$build/log/$name.log
	if ! "$cc" -std=gnu11 -D_GNU_SOURCE -fno-common -I. $optimize -fsanitize=fuzzer $san -o "$build/fuzz_$name" \
		"tests/fuzz/fuzz_$name.c" "$archive" $libs >"$log" 2>&1; then
		line="DOES NOT BUILD: $(grep -m 1 -E 'error|undefined' "$log" | cut -c 1-120)"
		return 1
	fi
	mkdir -p "$build/corpus/$name"
	set -- "$build/corpus/$name"
	[ -d "tests/fuzz/corpus/$name" ] && set -- "$@" "tests/fuzz/corpus/$name"
	[ -d "tests/data/$name" ] && set -- "$@" "tests/data/$name"
	[ -f "tests/fuzz/$name.dict" ] && set -- "-dict=tests/fuzz/$name.dict" "$@"
	ran=$((ran + 1))
	if ! "$build/fuzz_$name" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
		-artifact_prefix="$build/crash/$name-" "$@" >"$log" 2>&1; then
		broke=yes
		line="BROKEN: $(grep -m 1 -E '^SUMMARY|runtime error|ERROR: libFuzzer' "$log" | cut -c 1-100)"
		line="$line; $(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)"
		return 1
	fi
	line="ok: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs,"
	line="$line $(sed -n 's/.*cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1) edges, $seconds s"
}

targets=0
ran=0
failed=0
if [ $# -eq 0 ]; then
	for source in tests/fuzz/fuzz_*.c; do
		[ -f "$source" ] || continue
		name=${source#tests/fuzz/fuzz_}
		set -- "$@" "${name%.c}"
	done
fi
for name; do
	targets=$((targets + 1))
	run_one || failed=$((failed + 1))
	printf '%-16s %s\n' "fuzz_$name" "$line"
	[ $broke = no ] || find_print
done
echo "fuzz: $targets targets, $ran ran, $failed failed"
[ $targets -gt 0 ] && [ $failed -eq 0 ] && [ $broken -eq 0 ]
