#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Leaves out each mend of spandsp (t38/relay/mend.h) in turn, as the linker can, and runs the test that is there for it: it must fail with the spandsp
# of which the table below says that it has the fault, and pass with the one that has it no more. The second tells when a mend may go.
# Usage: mends.sh [MEND ...]; $BUILD is where all is built already, $SPANDSP another spandsp than the system's.
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
case ${SPANDSP:+3} in 3) version=3 ;; *) version=0.0.6 ;; esac
work=$BUILD/mends
mkdir -p "$work"

# name; functions left out; test program; the versions that have the fault; the tests of it, if it takes a pattern
mends() {
	sed 's/#.*//; /^ *$/d' tests/mends.txt
}

# The functions of mend.h that no line of the table leaves out.
unlisted() {
	grep -oE '\bmend_[a-z0-9_]+\(' t38/relay/mend.h t38/relay/mend_v17.h | sed 's/.*://; s/($//' | sort -u | while read -r f; do
		mends | cut -d';' -f2 | tr ' \t' '\n\n' | grep -qx "$f" || echo "$f"
	done
}

# what stands in for a mend: nothing done, no to each question, no frame (-1) for the one that is asked for it
stub() {
	for f in $1; do
		case $f in mend_dry_kind) value=-1 ;; *) value=0 ;; esac
		echo "int __wrap_$f(void); int __wrap_$f(void) { return $value; }"
	done
}

without() { # functions, program, pattern
	stub "$1" >"$work/stub.c"
	${CC:-cc} -c -o "$work/stub.o" "$work/stub.c" || return 2
	flags=$work/stub.o
	for f in $1; do flags="$flags -Wl,--wrap=$f"; done
	[ -e "$BUILD/tests/$2" ] && mv "$BUILD/tests/$2" "$work/whole"
	make -s BUILD="$BUILD" ${SPANDSP:+SPANDSP="$SPANDSP"} LDFLAGS="$LDFLAGS $flags" "$BUILD/tests/$2" >"$work/log" 2>&1
	made=$?
	[ $made = 0 ] && mv "$BUILD/tests/$2" "$work/test"
	[ -e "$work/whole" ] && mv "$work/whole" "$BUILD/tests/$2"
	[ $made = 0 ] || return 2
	timeout 300 "$work/test" ${3:+"$3"} >"$work/log" 2>&1 && return 0
	grep -q '^\[  FAILED\|Segmentation\|^\[  ERROR' "$work/log" && return 1
	return 3
}

passed=0
failed=0
for f in $(unlisted); do
	echo "not ok $f is in mend.h, and not in tests/mends.txt"
	failed=$((failed + 1))
done
list=$(mktemp)
mends >"$list"
while IFS=';' read -r name functions program versions pattern; do
	name=$(echo $name)
	[ $# = 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
	without "$(echo $functions)" "$(echo $program)" "$(echo "$pattern" | sed 's/^ *//; s/ *$//')" </dev/null
	status=$?
	case " $(echo $versions) " in *" $version "*) needed=1 ;; *) needed=0 ;; esac
	case $status$needed in
	11) echo "ok $name: $(echo $program) fails without it" ;;
	00) echo "ok $name: not needed by spandsp $version" ;;
	01) echo "not ok $name: $(echo $program) passes without it: spandsp $version has the fault no more, or the test does not show it" ;;
	10) echo "not ok $name: needed by spandsp $version after all: $(grep -m 1 'FAILED' "$work/log")" ;;
	*) echo "not ok $name: $(echo $program) could not be built or run: $(tail -n 1 "$work/log")" ;;
	esac
	[ $status = $needed ] && passed=$((passed + 1)) || failed=$((failed + 1))
done <"$list"
rm -f "$list"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
