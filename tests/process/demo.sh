#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The demo itself: what it shows, and that it does not call a fax whole that is not.
. "$(dirname "$0")/common.bash"
# Everything has been written when a program has ended: nothing to wait for.
patience=0

# The demo writes to $BUILD/demo, where somebody's own demo may lie: give it another.
demo() {
	mkdir -p "$work/out"
	DEMO_DIR=$work/out timeout 300 tests/demo/run.sh "$@" >"$work/demo.out" 2>&1
	status=$?
	return $status
}

demo
equal "the demo ends with 0" 0 $status
equal "each direction has its heading" 2 "$(count "$work/demo.out" '^(E1 -> SIP|SIP -> E1): ')"
for frame in DIS DCS CFR PPS-EOP MCF DCN; do
	for arrow in '-->' '<--'; do
		has "the ladder has $frame at the machine on the line, $arrow" "$work/demo.out" "s  $frame [^|]*$arrow\\|"
		has "the ladder has $frame at the machine on T.38, $arrow" "$work/demo.out" "\\|$arrow $frame"
	done
done
equal "the gateway tells the training check in both directions" 2 "$(grep -cE '\| T\.30 .*TCF, V\.17 14400' "$work/demo.out")"
equal "six pages are identical, line by line" 6 "$(grep -c 'page [123]: identical, line by line' "$work/demo.out")"
has "the END line of the call from the line" "$work/demo.out" 'syslog: .*call 1-1: END direction=e1-to-sip .*result="fax ok".* pages=3 '
has "the END line of the call from SIP" "$work/demo.out" 'syslog: .*call s-1: END direction=sip-to-e1 .*result="fax ok".* pages=3 '

# somebody's own document, of more pages and another length
"$faxlab" make "$work/own.tif" 5 800 7
demo "$work/own.tif"
equal "DOC of five pages: ends with 0" 0 $status
equal "DOC of five pages: all of them identical, both ways" 10 "$(grep -c 'page [1-5]: identical, line by line' "$work/demo.out")"

# The document is exchanged for another one once its pages are on the line, so what is received is not what lies there now. Only the
# comparison can see that.
"$faxlab" make "$work/first.tif" 20 1145 1
"$faxlab" make "$work/other.tif" 20 1145 2
cp "$work/first.tif" "$work/changing.tif"
rm -f "$work/out/gateway.log"
demo "$work/changing.tif" &
pid=$!
started+=($pid)
if wait_for "$work/out/gateway.log" 'call 1-1: .*page data'; then
	mv "$work/other.tif" "$work/changing.tif"
	wait $pid
	equal "a page that differs: ends with 1" 1 $?
	has "a page that differs is called so" "$work/demo.out" 'page 1: DIFFERS'
	has "a page that differs fails the demo" "$work/demo.out" '^FAILED: '
else
	not_ok "a page that differs" "the fax did not begin"
fi

echo "this is no TIFF" >"$work/text.tif"
demo "$work/text.tif"
equal "a document that is no TIFF: ends with 1" 1 $status
has "a document that is no TIFF: the reason is said" "$work/demo.out" 'text\.tif.*(TIFF|document)'
demo "$work/not-there.tif"
equal "a document that is not there: ends with 1" 1 $status
has "a document that is not there: the reason is said" "$work/demo.out" 'no such document: .*not-there\.tif'

configure
gateway_start
demo
equal "ports that are taken: ends with 1" 1 $status
has "ports that are taken: the reason is said" "$work/demo.out" 'Address already in use'
finish
