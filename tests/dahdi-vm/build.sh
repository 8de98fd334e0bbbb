#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds what a guest with DAHDI is made of, from Debian's packages, into $BUILD/dahdi-vm: vmlinuz, modules/,
# sbin/ (DAHDI's tools) and include/dahdi/user.h. Everything is kept; a second run does nothing, unless the kernel
# headers or this script have changed. The modules are built against the installed kernel headers, so the guest's
# kernel has to be the image of the same version.
set -e
cd "$(dirname "$0")/../.."
top=$(pwd)
vm=$(realpath -m "${BUILD:-build}/dahdi-vm")
wanted="dahdi dahdi_dynamic dahdi_dynamic_loc dahdi_dynamic_eth dahdi_echocan_mg2"
from_kernel="kernel/drivers/net/veth.ko"

"$top/tests/packages.sh" build dahdi
version=$(ls -d /usr/src/linux-headers-*-amd64 2>/dev/null | sed 's,.*/linux-headers-,,' | sort -V | tail -1)
[ -n "$version" ] || { echo "build.sh: there are no kernel headers of Debian in /usr/src" >&2; exit 1; }
stamp="$version $(cksum <tests/dahdi-vm/build.sh)"
[ "$(cat "$vm/built" 2>/dev/null)" = "$stamp" ] && exit 0

echo "building the guest: kernel $version and DAHDI's modules"
rm -rf "$vm"
mkdir -p "$vm/debs" "$vm/modules" "$vm/sbin" "$vm/unpacked"
"$top/tests/packages.sh" --download "$vm/debs" "linux-image-$version" dahdi dahdi-dkms dahdi-source || {
	echo "build.sh: is the image gone from Debian's archive? Newer headers: apt-get install linux-headers-amd64" >&2
	exit 1
}
for deb in "$vm"/debs/*.deb; do
	dpkg-deb --extract "$deb" "$vm/unpacked"
done
cp "$vm/unpacked/boot/vmlinuz-$version" "$vm/vmlinuz"
cp "$vm"/unpacked/usr/sbin/dahdi_* "$vm/sbin/"
cp -r "$vm/unpacked/usr/include" "$vm/include"

# DAHDI's own Makefile would build the drivers of every card.
src=$(ls -d "$vm"/unpacked/usr/src/dahdi-[0-9]*)
options=
for m in dahdi $wanted; do
	options="$options CONFIG_$(echo "$m" | tr a-z A-Z)=m"
done
{
	make -s -C "$src" include/dahdi/version.h KVERS="$version"
	make -s -j2 -C "/lib/modules/$version/build" M="$src/drivers/dahdi" DAHDI_INCLUDE="$src/include" \
		DAHDI_BUILD_ALL= HOTPLUG_FIRMWARE=yes $options modules
} >"$vm/modules.log" 2>&1 || { tail -20 "$vm/modules.log"; exit 1; }
for m in $wanted; do
	cp "$src/drivers/dahdi/$m.ko" "$vm/modules/"
done
for m in $from_kernel; do
	cp "$vm/unpacked/lib/modules/$version/$m" "$vm/modules/"
done
strip --strip-debug "$vm"/modules/*.ko
rm -rf "$vm/unpacked"
echo "$stamp" >"$vm/built"
