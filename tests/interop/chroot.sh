#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An Asterisk in a root of its own, of Debian's packages: bookworm itself has none. It is made once and kept.
# Usage: chroot.sh SUITE [FOLDER]   bullseye: Asterisk 16.28, which stands still; sid: whatever is newest. Prints the root's path.
# It must run as root. FOLDER is by default ${XDG_CACHE_HOME:-$HOME/.cache}/faxspan-interop.
suite=$1
folder=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/faxspan-interop}
root=$folder/$suite
log=$folder/$suite.log

# This machine's own mirror of Debian, whatever it is.
mirror() {
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(CODENAME)' 2>/dev/null |
		awk '$2 == "Debian" && $3 !~ /-/ {print $1; exit}'
}

# ... and the way to it: debootstrap does not read apt's configuration.
proxy() {
	local value
	value=$(apt-config dump --format '%v' "Acquire::$1::Proxy" 2>/dev/null)
	[ -z "$value" ] || [ "$value" = DIRECT ] || export "$1_proxy=$value"
}

make_root() {
	local from
	from=$(mirror)
	proxy http
	proxy https
	rm -rf "$root.new"
	mkdir -p "$root.new" || return 1
	# sid has the name of every release to come; older debootstraps know no others
	unshare -m debootstrap --variant=minbase --include=asterisk,asterisk-modules,asterisk-config \
		"$suite" "$root.new" "${from:-http://deb.debian.org/debian}" >"$log" 2>&1 || return 1
	[ -x "$root.new/usr/sbin/asterisk" ] || return 1
	rm -rf "$root.new/var/cache/apt" "$root.new/usr/share/doc" "$root"
	mv "$root.new" "$root"
}

[ "$(id -u)" = 0 ] || { echo "chroot.sh: only root can make a chroot" >&2; exit 1; }
mkdir -p "$folder" || exit 1
exec 9>"$folder/lock"
flock 9
if [ ! -x "$root/usr/sbin/asterisk" ] && ! make_root; then
	echo "chroot.sh: no Asterisk from Debian's $suite; see $log:" >&2
	tail -n 3 "$log" >&2
	exit 1
fi
echo "$root"
