#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Installs the Debian packages that building and testing need, where they are missing; or names them, where it cannot.
# Usage: packages.sh [SET ...]                      sets: build (default), test, bench, detect (speech), ci, interop, dahdi (the guest with DAHDI)
#        packages.sh --download FOLDER PACKAGE ...   fetches packages without installing them
build="gcc make libc6-dev pkg-config libspandsp-dev libpri-dev libosip2-dev libgnutls28-dev libc-ares-dev libinih-dev libtiff-dev libcmocka-dev"
test="sip-tester iproute2 dnsmasq-base gnutls-bin"
bench="strace"
detect="espeak-ng"
ci="$test clang libclang-rt-14-dev"
interop="debootstrap debian-archive-keyring sip-tester iproute2 tshark wireshark-common procps gnutls-bin"
dahdi="qemu-system-x86 busybox-static linux-headers-amd64 libelf-dev cpio kmod libtonezone2.0"

if [ "$1" = --download ]; then
	cd "$2" || exit 1
	shift 2
	apt-get -q download "$@" >download.log 2>&1 && exit 0
	# the lists may be older than the archive; root alone may renew them
	[ "$(id -u)" = 0 ] && apt-get -q update >/dev/null 2>&1
	apt-get -q download "$@" >download.log 2>&1 && exit 0
	grep '^[EW]:' download.log >&2
	echo "could not download: $*" >&2
	exit 1
fi

wanted=
for set in "${@:-build}"; do
	case $set in
	build) wanted="$wanted $build" ;;
	test) wanted="$wanted $test" ;;
	bench) wanted="$wanted $bench" ;;
	detect) wanted="$wanted $detect" ;;
	ci) wanted="$wanted $ci" ;;
	interop) wanted="$wanted $interop" ;;
	dahdi) wanted="$wanted $dahdi" ;;
	*) echo "packages.sh: no set $set" >&2; exit 2 ;;
	esac
done

missing=
for p in $wanted; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || { echo "missing packages; as root: apt-get install$missing" >&2; exit 1; }
	as_root=sudo
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get -q update >/dev/null 2>&1
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends install $missing >/dev/null || {
	echo "could not install:$missing" >&2
	exit 1
}
