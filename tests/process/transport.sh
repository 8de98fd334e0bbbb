#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SIP over IPv6, TCP and TLS: sipp, bash's own sockets and gnutls-cli as peers, calls that are answered and refused, both ways; connections
# that are lost; requests too long for UDP.
. "$(dirname "$0")/common.bash"
. tests/process/line.bash
. tests/process/stream.bash

# configure_transport [KEY = VALUE of the peer demo]...: listening everywhere. Peers: sipp, and whatever comes from 127.0.0.1 and ::1.
configure_transport() {
	configure
	sed -i "s/^listen = .*/listen = 127.0.0.1:5060, [::1]:5060\nlisten_tcp = 127.0.0.1:5060, [::1]:5060/" "$work/faxspan.conf"
	sed -i "s/^address = 127.0.0.2:5060/address = 127.0.0.2:5070/" "$work/faxspan.conf"
	printf '%s\n' "$@" '[peer own]' 'address = 127.0.0.1:5099' '[peer six]' 'address = [::1]:5070' >>"$work/faxspan.conf"
}

# ---- calls from SIP ----

configure_transport
gateway_start
gateway_at='[::1]:5060'
sip_check "IPv6: OPTIONS" options ::1
sip_check "IPv6: a number that no span takes" unrouted ::1
sip_check "IPv6 over TCP: OPTIONS" options ::1 -t t1
gateway_at=
sip_check "TCP: OPTIONS" options 127.0.0.2 -t t1
sip_check "TCP: a number that no span takes" unrouted 127.0.0.2 -t t1
sip_check "TCP: a stranger's INVITE" stranger 127.0.0.3 -t t1
line_answers
sip_check "TCP: a call is answered" called 127.0.0.2 -t t1
sip_check "TCP: five calls at once, each by its connection" called 127.0.0.2 -t tn -max_socket 100 -m 5 -r 50
gateway_at='[::1]:5060'
sip_check "IPv6: a call is answered" called ::1
sip_check "IPv6 over TCP: a call is answered" called ::1 -t t1
gateway_at=

call=cut-$$
exec {tcp}<>/dev/tcp/127.0.0.1/5060
ask $tcp INVITE 1 'To: <sip:4930123@127.0.0.1>' "$sdp"
hear $tcp
equal "a lost connection: the call is answered first" 200 "$heard"
ask $tcp ACK 1 "$to"
equal "TCP: connections are marked as SIP is" "tos:0x60" \
	"$(ss --tos -Htanp 'sport = :5060' | grep -E "pid=$gateway," | grep -oE 'tos:0x[0-9a-f]+' | sort -u)"
printf '\r\n\r\n' >&$tcp
IFS= read -r -t $limit -N 2 -u $tcp pong
equal "a ping over TCP is answered (RFC 5626 3.5.1)" $'\r\n' "$pong"
exec {tcp}>&-
has "a lost connection is in the log" "$log" 'connection with tcp 127\.0\.0\.1:[0-9]+ \(own\) ended'
exec {tcp}<>/dev/tcp/127.0.0.1/5060
ask $tcp BYE 2 "$to"
hear $tcp
equal "a lost connection: the call goes on, and ends by another one" 200 "$heard"
exec {tcp}>&-
calls=$(count "$log" 'call s-[0-9]+: INVITE')
has "a lost connection: the call has its END line" "$log" "call s-$calls: END .*media=g711 .*cleared-by=peer"

# A T.38 attribute of 64 KB, which no datagram could hold: what cannot be read counts as absent, and the fax goes on.
call=long-$$
image=$'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=image 30002 udptl t38\r\n'
image+=$(printf 'a=T38FaxVersion:0\r\na=T38FaxMaxBuffer:%065536d\r\na=T38FaxMaxDatagram:200\r\n.' 1)
exec {tcp}<>/dev/tcp/127.0.0.1/5060
ask $tcp INVITE 1 'To: <sip:4930123@127.0.0.1>' "$sdp"
hear $tcp
ask $tcp ACK 1 "$to"
ask $tcp INVITE 2 "$to" "${image%.}"
hear $tcp
equal "an attribute of 64 KB: T.38 is taken" 200 "$heard"
ask $tcp ACK 2 "$to"
ask $tcp BYE 3 "$to"
hear $tcp
equal "an attribute of 64 KB: the call ends" 200 "$heard"
exec {tcp}>&-
calls=$(count "$log" 'call s-[0-9]+: INVITE')
has "an attribute of 64 KB: the call's END line" "$log" "call s-$calls: END .*media=t38 .*cleared-by=peer"
equal "each call has one END line" "$calls" "$(count "$log" ' END ')"
line_end "calls from SIP"
gateway_end
equal "after calls over IPv6 and TCP the gateway ends with 0" 0 $status

# ---- calls from the line ----

# One call from the line, its pid in $line; sipp takes it, or not.
line_calls() {
	[ -e "$work/page.tif" ] || "$faxlab" make "$work/page.tif" 1 400 || exit 1
	echo "one line 1 6212345 $work/page.tif yes 0" >"$work/cases"
	"$faxline" run 1 127.0.0.1:9100 127.0.0.1:9000 "$work/cases" "$work" 60 >"$work/line.out" 2>&1 &
	line=$!
	started+=($line)
}

# taken WHAT HOST [ARGUMENTS of sipp]...: a call from the line is taken by sipp
taken() {
	local what=$1
	shift
	line_calls
	sip_check "$what" callee "$@"
	ended $line
	has "$what: the record says that there was audio" "$log" 'call 1-1: END .*media=g711 '
}

configure_transport 'transport = tcp'
gateway_start
taken "TCP: sipp is called, with BYE by the connection of the INVITE" 127.0.0.2 -t t1
gateway_end

# Nobody listens: the call is over at once, not after 64 T1.
gateway_start
line_calls
has "TCP: nobody listens: the call ends with the reason" "$log" 'no connection to tcp 127\.0\.0\.2:5070 \(demo\): Connection refused'
has "TCP: nobody listens: the call is over at once" "$log" 'call 1-1: END .*duration=0\.[0-9]s .*media=none '
ended $line
gateway_end

# ... or the next peer has it at once.
configure_transport 'transport = tcp' '[peer next]' 'address = 127.0.0.3:5070' 'transport = tcp'
sed -i 's/^peer = .*/peer = demo, next/' "$work"/spans.d/*.conf
gateway_start
taken "TCP: nobody listens: the next peer takes the call" 127.0.0.3 -t t1
has "TCP: nobody listens: the next peer is tried" "$log" 'peer demo: 50[0-9] .*trying peer next'
gateway_end

configure
sed -i 's/^listen = .*/listen = 127.0.0.1:5060\nlisten_tcp = 127.0.0.1:5060\ntcp_above = 200/; s/^address = 127.0.0.2:5060/address = 127.0.0.2:5070/' "$work/faxspan.conf"
gateway_start
taken "a long INVITE goes by TCP to a peer of UDP" 127.0.0.2 -t t1
has_not "a long INVITE by TCP: nothing went by UDP" "$log" 'by UDP'
gateway_end
gateway_start
taken "a long INVITE goes by UDP to a peer without TCP" 127.0.0.2 -t u1
has "a long INVITE by UDP is in the log" "$log" 'INVITE to tcp 127\.0\.0\.2:5070 is long, but TCP cannot be had'
gateway_end
equal "after calls from the line the gateway ends with 0" 0 $status
finish
