#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Garbage on every port while a fax runs: a line in the log now and then, and the fax whole.
. "$(dirname "$0")/common.bash"

flood=200
here='127\.0\.0\.1:[0-9]+'

# garbage PORT: of several kinds
garbage() {
	datagram $1 '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' $flood
	datagram $1 'garbage' $flood
	datagram $1 '\x80\x08\x00\x01\x00\x00\x00\xa0\x00\x00\x00\x01' $flood
	datagram $1 '\x00\x01\x01\x00\x00' $flood
	datagram $1 'INVITE sip:4930123@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n\r\n' $flood
}

# one_line WHAT PATTERN: the flood lasts less than the 10 s that a line silences its like; a slow machine may see a second one
one_line() {
	local n
	has "$1: a line in the log names source and reason" "$log" "$2"
	n=$(count "$log" "$2")
	check "$1: the flood is not in the log" "$n lines" [ "$n" -le 2 ]
}

configure
gateway_start
fax_start line t38 4
wait_for "$work/fax.out" '^frame CFR' || exit 1
port=$(sed -n 's/^t38 .*:\([0-9]*\)$/\1/p' "$work/fax.out")
garbage 5060
garbage 9000
garbage "$port"
one_line "garbage to the SIP port" "sip: bad message from $here: ."
one_line "garbage to the line's port" "span 1: tdmoe frame from $here dropped: not the peer"
one_line "garbage to the T.38 port" "call 1-1: UDPTL from $here dropped: ."
fax_end
equal "the fax in T.38 is whole" 0 $status
has "its END line counts what was foreign" "$log" 'call 1-1: END .*result="fax ok".* foreign=[1-9]'
gateway_end
equal "the gateway ends with 0" 0 $status

gateway_start
fax_start sip g711 4
wait_for "$log" 'call s-1: T\.38 refused by the peer' || exit 1
for port in 4000 4002; do
	garbage $port
done
one_line "garbage to the RTP port" "call s-1: RTP from $here dropped: ."
fax_end
equal "the fax in G.711 is whole" 0 $status
gateway_end
equal "the gateway ends with 0 again" 0 $status
finish
