#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Start and end without calls: signals, ports that are taken, syslog.
. "$(dirname "$0")/common.bash"

for sig in TERM INT; do
	configure
	gateway_start
	kill -$sig $gateway
	ended $gateway 5
	equal "SIG$sig ends an idle gateway with 0 in 5 s" 0 $status
	has "SIG$sig is named in the log" "$log" "signal $sig: stopping"
done

configure 'stop = drain'
gateway_start
kill -TERM $gateway
ended $gateway 5
equal "stop = drain without calls ends in 5 s too" 0 $status

# the same ports again
configure
gateway_start
sed 's/9000/9001/; s/9100/9101/' tests/demo/spans.d/*.conf >"$work/spans.d/span1.conf"
"$faxspand" -f -c "$work/faxspan.conf" 2>"$work/second.log" &
ended $! 10
equal "a taken SIP port ends the start with 3" 3 $status
has "the taken SIP port is named" "$work/second.log" '127\.0\.0\.1:5060: Address already in use'
sed 's/:5060/:5061/' tests/demo/faxspan.conf >"$work/other.conf"
cp tests/demo/spans.d/*.conf "$work/spans.d/"
"$faxspand" -f -c "$work/other.conf" 2>"$work/third.log" &
ended $! 10
equal "a taken line port ends the start with 3" 3 $status
has "the taken line port is named, with its span" "$work/third.log" 'span 1: .*127\.0\.0\.1:9000: Address already in use'
gateway_end
equal "the first gateway was not disturbed" 0 $status

# in the background nobody reads standard error
"$faxspand" -c "$work/faxspan.conf" >"$work/out" 2>"$work/err" &
gateway=$!
started+=($gateway)
check "without -f it serves too" "no answer to OPTIONS in $limit s" sip options
gateway_end
equal "without -f it ends with 0" 0 $status
check "without -f nothing is printed" "$(head -n 1 "$work/out" "$work/err")" [ ! -s "$work/out" -a ! -s "$work/err" ]
finish
