#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The gateway on real DAHDI: boots a guest under QEMU (without KVM: it runs anywhere) with two E1 spans of DAHDI that face each other, the gateway
# on one and an exchange with fax machines on the other, and runs the tests of tests.sh in real time.
# Usage: run.sh [TEST ...]; without one: all. Says "ok NAME" or "not ok NAME: why" for each, exits 1 when one failed or none ran.
# Whatever the guest printed lies in $BUILD/dahdi-vm/console.log, its logs behind that in guest.log.
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
export BUILD
vm=$BUILD/dahdi-vm
limit_s=${DAHDI_VM_LIMIT_S:-900}
tests=$(echo "${*:-all}" | tr ' ' ',')

tests/dahdi-vm/build.sh || exit 1
make --no-print-directory -s BUILD="$BUILD" "$BUILD/faxspand" "$vm/vmlab" || exit 1
tests/dahdi-vm/initramfs.sh "$BUILD/faxspand" "$vm/vmlab" || exit 1

start=$(date +%s)
rm -f "$vm/console.log" "$vm/guest.log"
# The guest lives in real time: others who want the processors too have to wait, where we may say so.
nice=
[ "$(id -u)" = 0 ] && nice="nice -n -10"
timeout "$limit_s" $nice qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 1024 -nodefaults -display none -no-reboot \
	-serial stdio -serial "file:$vm/guest.log" -kernel "$vm/vmlinuz" -initrd "$vm/initramfs.gz" \
	-append "console=ttyS0 quiet panic=-1 clocksource=tsc tsc=reliable tests=$tests" </dev/null 2>"$vm/qemu.log" |
	sed -u 's,\r$,,' | tee "$vm/console.log" | grep --line-buffered -E '^(ok |not ok |guest: |  )'
passed=$(grep -c '^ok ' "$vm/console.log")
failed=$(grep -c '^not ok ' "$vm/console.log")
if ! grep -q '^guest: ended with status 0' "$vm/console.log" && [ "$failed" = 0 ]; then
	failed=1
	echo "not ok guest: it did not end well within $limit_s s; see $vm/console.log"
	tail -n 5 "$vm/console.log" "$vm/qemu.log"
fi
echo "the guest ran for $(($(date +%s) - start)) s"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
