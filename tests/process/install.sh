#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# make install and make uninstall: what lies where, who may read it, and whose configuration stays.
. "$(dirname "$0")/common.bash"
root=$PWD/$work/root
umask 022

# installed ARGUMENTS...: make in a package's way; what is built stays as it is
installed() {
	make --no-print-directory -s -o "$faxspand" -o "$BUILD/faxspanctl" BUILD="$BUILD" DESTDIR="$root" "$@" >"$work/make.out" 2>&1 && return
	not_ok "make $*" "$(tail -n 1 "$work/make.out")"
	exit 1
}

# lies MODE FILE
lies() { equal "$2 has mode $1" "$1" "$(stat -c %a "$root$2" 2>&1)"; }

installed install
lies 755 /usr/sbin/faxspand
lies 755 /usr/sbin/faxspanctl
lies 644 /usr/share/man/man8/faxspand.8
lies 644 /usr/share/man/man8/faxspanctl.8
lies 644 /usr/share/man/man5/faxspan.conf.5
lies 644 /lib/systemd/system/faxspan.service
lies 644 /usr/share/doc/faxspan/dahdi/system-1e1.conf
lies 640 /etc/faxspan/faxspan.conf
lies 750 /etc/faxspan/spans.d
lies 640 /etc/faxspan/spans.d/span1.conf
has "the unit starts what is installed" "$root/lib/systemd/system/faxspan.service" \
	'^ExecStart=/usr/sbin/faxspand --config /etc/faxspan/faxspan\.conf$'
"$root/usr/sbin/faxspand" --check "$root/etc/faxspan/faxspan.conf" >"$work/check.out" 2>&1
equal "the installed configuration is right" 0 $?

echo '# mine' >>"$root/etc/faxspan/faxspan.conf"
rm "$root/etc/faxspan/spans.d/span2.conf"
installed install
has "installed again: the configuration is the operator's" "$root/etc/faxspan/faxspan.conf" '^# mine$'
check "installed again: no span is added" "span2.conf is back" [ ! -e "$root/etc/faxspan/spans.d/span2.conf" ]
installed uninstall
equal "uninstalled: nothing but the configuration is left" "./etc/faxspan/faxspan.conf ./etc/faxspan/spans.d/span1.conf" \
	"$(cd "$root" && find . -type f | sort | tr '\n' ' ' | sed 's/ $//')"

rm -r "$root"
installed install PREFIX=/usr/local SYSCONFDIR=/opt/etc UNITDIR=/etc/systemd/system
lies 755 /usr/local/sbin/faxspand
has "elsewhere: the unit starts what is installed" "$root/etc/systemd/system/faxspan.service" \
	'^ExecStart=/usr/local/sbin/faxspand --config /opt/etc/faxspan/faxspan\.conf$'
installed uninstall PREFIX=/usr/local SYSCONFDIR=/opt/etc UNITDIR=/etc/systemd/system
check "elsewhere: uninstalled" "$(find "$root" -name 'faxspand*')" [ -z "$(find "$root" -name 'faxspand*')" ]
finish
