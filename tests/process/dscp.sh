#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The mark in the IP header, as the kernel knows it of the sockets of SIP and of a call's media.
. "$(dirname "$0")/common.bash"

# marks FIRST LAST: what marks the gateway's sockets at these ports have, each once
marks() {
	ss --tos -Huanp "sport >= :$1 and sport <= :$2" | grep -E " 127\.0\.0\.1:.*pid=$gateway," | grep -oE 'tos:0x[0-9a-f]+' |
		sort -u
}

configure
sed -i 's/^ports = .*/ports = 4000-4199/' "$work/faxspan.conf"
gateway_start
fax_start line t38 4
has "a call is up" "$work/fax.out" '^answered'
equal "SIP is CS3 unless told otherwise" "tos:0x60" "$(marks 5060 5060)"
equal "RTP and UDPTL are EF unless told otherwise" "tos:0xb8" "$(marks 4000 4199)"
kill -KILL $fax
ended $fax
gateway_end

sed -i 's/^ports = .*/&\ndscp = AF41/; s/^listen = .*/&\ndscp = 0/' "$work/faxspan.conf"
gateway_start
fax_start line t38 4
has "another call is up" "$work/fax.out" '^answered'
equal "dscp = 0 marks nothing" "" "$(marks 5060 5060 | grep -v 'tos:0x0$')"
equal "dscp = AF41" "tos:0x88" "$(marks 4000 4199)"
kill -KILL $fax
ended $fax
gateway_end
finish
