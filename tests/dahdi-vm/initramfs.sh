#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Packs the guest's root into $BUILD/dahdi-vm/initramfs.gz: busybox, DAHDI's modules and tools, the programs named, the libraries they need, and
# the configuration beside this script. Usage: initramfs.sh PROGRAM ...
set -e
cd "$(dirname "$0")/../.."
here=tests/dahdi-vm
vm=${BUILD:-build}/dahdi-vm
root=$vm/root

rm -rf "$root"
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp" "$root/lib/modules" "$root/lib64" "$root/etc/dahdi" "$root/etc/faxspan"
for name in $(/bin/busybox --list); do
	ln -s busybox "$root/bin/$name"
done
cp --remove-destination /bin/busybox "$root/bin/"
cp "$vm"/modules/*.ko "$root/lib/modules/"
cp "$vm/sbin/dahdi_cfg" "$@" "$root/bin/"
cp $here/init $here/tests.sh "$root/"
cp $here/dahdi/*.conf "$root/etc/dahdi/"
mkdir -p "$root/etc/dahdi/samples"
cp conf/dahdi/*.conf "$root/etc/dahdi/samples/"
cp -r $here/faxspan/. "$root/etc/faxspan/"

# what the dynamic linker would load, in the folders where it looks
ldd "$vm/sbin/dahdi_cfg" "$@" | awk '$2 == "=>" {print $3} $1 ~ "^/lib64/" {print $1}' | sort -u | while read -r lib; do
	case $lib in
	/lib64/*) cp -L "$lib" "$root/lib64/" ;;
	/*) cp -L "$lib" "$root/lib/" ;;
	*) echo "initramfs.sh: a library is missing: $lib" >&2; exit 1 ;;
	esac
done
(cd "$root" && find . | cpio --quiet -o -H newc) | gzip -1 >"$vm/initramfs.gz"
