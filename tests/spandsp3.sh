#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds what is to become version 3 of spandsp, from the git repository at URL (COMMIT of it, or its newest), and installs it below PREFIX,
# to build Faxspan with: make check SPANDSP=PREFIX. The system's own spandsp is left alone.
[ $# -ge 2 ] || { echo "usage: $0 URL PREFIX [COMMIT]" >&2; exit 2; }
url=$1
commit=${3:-HEAD}
case $2 in /*) prefix=$2 ;; *) prefix=$PWD/$2 ;; esac
for tool in git autoreconf libtoolize make cc; do
	command -v $tool >/dev/null || { echo "$0: no $tool (apt-get install git autoconf automake libtool gcc make libtiff-dev libjpeg-dev)" >&2; exit 1; }
done
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# step NAME COMMAND...
step() {
	echo "$1"
	shift
	"$@" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
}

step "fetching $url" git clone -q --no-checkout "$url" "$work/spandsp"
cd "$work/spandsp" || exit 1
step "taking $commit" git checkout -q "$commit"
step "preparing" ./bootstrap.sh
# -fwrapv: its image modems count on what C leaves undefined (t38/relay/mend_v17.h)
step "configuring" ./configure --prefix="$prefix" CFLAGS="-O2 -g -fwrapv"
step "building" make -j2 -C src
step "installing below $prefix" make -C src install
echo "spandsp $(git log -1 --format='%h of %ad' --date=short) is below $prefix: make check SPANDSP=$prefix"
