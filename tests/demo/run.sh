#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The demo: starts the gateway with the demo's configuration, and the exchange, fax machines and SIP peer around it, and sends a document both ways.
# Usage: run.sh [DOCUMENT.tif]. Files lie in $DEMO_DIR, default $BUILD/demo.
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
dir=${DEMO_DIR:-$BUILD/demo}
mkdir -p "$dir"
doc=$1
if [ -z "$doc" ]; then
	doc=$dir/document.tif
	"$BUILD/tests/demo/faxlab" make "$doc" 3 1145 || exit 1
elif [ ! -r "$doc" ]; then
	echo "no such document: $doc" >&2
	exit 1
fi

: >"$dir/gateway.log"
"$BUILD/faxspand" --check tests/demo/faxspan.conf || exit 1
"$BUILD/faxspand" --foreground --config tests/demo/faxspan.conf 2>"$dir/gateway.log" &
gateway=$!
trap 'kill $gateway 2>/dev/null' EXIT INT TERM
tries=200
until grep -q 'faxspand .* started' "$dir/gateway.log"; do
	tries=$((tries - 1))
	if [ $tries = 0 ] || ! kill -0 $gateway 2>/dev/null; then
		echo "the gateway does not start:"
		cat "$dir/gateway.log"
		exit 1
	fi
	sleep 0.05
done
"$BUILD/tests/demo/faxlab" demo "$doc" "$dir" "$dir/gateway.log"
status=$?
kill -TERM $gateway 2>/dev/null
wait $gateway
ended=$?
trap - EXIT
if [ $ended != 0 ]; then
	echo "the gateway ended with status $ended; its log: $dir/gateway.log"
	tail -5 "$dir/gateway.log"
	status=1
fi
echo "The gateway's whole log: $dir/gateway.log"
exit $status
