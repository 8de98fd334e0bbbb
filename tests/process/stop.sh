#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SIGTERM in the middle of a fax: stop = clear, stop = drain, and the second SIGTERM.
. "$(dirname "$0")/common.bash"

# A fax from the line, in the first of its pages when the test goes on: enough of them to last for as long as sipp may take on a busy machine.
fax_running() {
	gateway_start
	fax_start line t38 4 4
	wait_for "$work/fax.out" '^frame CFR' && return
	not_ok "a fax runs" "$(fax_story)"
	exit 1
}

# All that became of it, by itself and by the gateway.
fax_story() {
	tr '\n' ';' <"$work/fax.out"
	grep -o 'END .*' "$log" || tail -n 1 "$log"
}

# It waits for a gateway that is gone; there is no more to learn from it.
fax_abandon() {
	kill -KILL $fax 2>/dev/null
	ended $fax
}

configure 'stop = clear'
fax_running
kill -TERM $gateway
ended $gateway 15
equal "clear: the gateway ends with 0" 0 $status
has "clear: the call has its END line" "$log" 'call 1-1: END .*result="fax failed.*cleared-by=gateway'
has "clear: the line was told" "$work/fax.out" '^(over|gone)$'
ended $fax
equal "clear: the fax is not whole" 1 $status

configure 'stop = drain'
fax_running
kill -TERM $gateway
has "drain: is said in the log" "$log" 'draining: no more calls are taken'
sip_check "drain: a new call from SIP is refused with 503" draining
sip_check "drain: OPTIONS is answered with 503, so that others go elsewhere" options_draining
kill -USR2 $fax
has "drain: a new call from the line is refused with cause 41" "$work/fax.out" '^second call: cause 41'
check "drain: the gateway waits for the fax" "it has ended" kill -0 $gateway
fax_end
check "drain: the fax is whole" "$(fax_story)" [ $status = 0 ]
ended $gateway 15
equal "drain: the gateway ends with 0" 0 $status
has "drain: the fax has its END line" "$log" 'call 1-1: END .*result="fax ok"'

configure 'stop = drain'
fax_running
kill -TERM $gateway
wait_for "$log" 'draining'
kill -TERM $gateway
ended $gateway 15
equal "drain, SIGTERM again: the gateway ends with 0" 0 $status
has "drain, SIGTERM again: the call has its END line" "$log" 'call 1-1: END .*result="fax failed.*cleared-by=gateway'
fax_abandon

configure 'stop = clear'
printf '[timeouts]\nclearing = 9 s\n' >>"$work/spans.d/$(ls "$work/spans.d" | head -n 1)"
fax_running
kill -STOP $fax
kill -TERM $gateway
ended $gateway 20
equal "clear, the exchange is dead: the gateway ends with 0" 0 $status
has "clear, the exchange is dead: the call has its END line" "$log" 'call 1-1: END .*cleared-by=gateway'
fax_abandon

configure 'stop = drain' 'drain_timeout = 2 s'
fax_running
kill -TERM $gateway
ended $gateway 20
equal "drain: the gateway ends with 0 when drain_timeout is over" 0 $status
has "drain: what was left is cleared" "$log" 'call 1-1: END .*cleared-by=gateway'
fax_abandon
finish
