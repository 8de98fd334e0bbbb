#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The torture messages of RFC 4475 over UDP, each answered as tests/data/sip/torture/expected says; the gateway lives on.
. "$(dirname "$0")/common.bash"

messages=tests/data/sip/torture

# A response carries the message's name in its Call-ID (or in its branch), but for one; and two have the branch and sent-by of one before
# them, so that they are the same request once more (RFC 3261 17.2.3) and get its answer.
declare -A mark=([mpart01]=3d9485ad0c49859b [cparam02]=cparam01 [regescrt]=escnull)

# The status of the first answer to NAME; "-": none. Earlier INVITEs, whose refusal nobody acknowledges, go on in between.
first_status() {
	awk -v RS='SIP/2[.]0 ' -v mark="${mark[$1]:-$1}" 'index($0, mark) {print substr($0, 1, 3); exit}' "$work/$1.out" | grep . || echo -
}

configure
gateway_start
while read -r message section verdict expected why; do
	"$faxlab" probe "$messages/$message.dat" >"$work/$message.out"
	equal "$message: the gateway lives on" 0 $?
	equal "$message ($section, $verdict): $why" "$expected" "$(first_status "$message")"
done <"$messages/expected"
gateway_end
equal "the gateway ends with 0" 0 $status
finish
