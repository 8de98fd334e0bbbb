#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Calls by TLS, with gnutls-cli as the peer's connection: one that is answered and ends by another connection, one that is refused; and a
# peer whose server goes away and comes back.
. "$(dirname "$0")/common.bash"
. tests/process/certificates.bash
. tests/process/line.bash
. tests/process/stream.bash

authority ours
certificate gateway ours gateway.test
certificate peer ours peer.test

configure
awk -v pem="$PWD/$pem" '{ print }
	/^listen = / {
		print "listen_tls = 127.0.0.1:5061\ntls_clients = require\ndscp = af31"
		print "tls_certificate = " pem "/gateway.crt\ntls_key = " pem "/gateway.key\ntls_ca = " pem "/ours.crt"
	}' tests/demo/faxspan.conf |
	sed 's/^address = 127.0.0.2:5060/address = 127.0.0.2:5071\ntransport = tls\noptions_interval = 1 s/' >"$work/faxspan.conf"
printf '%s\n' '[peer own]' 'address = 127.0.0.1:5099' 'transport = tls' 'tls_name = peer.test' >>"$work/faxspan.conf"

# connect: a connection of ours, written to by $to_it and read from $from_it, of the process $cli
connect() {
	rm -f "$work/to" "$work/from"
	mkfifo "$work/to" "$work/from"
	gnutls-cli --x509cafile "$pem/ours.crt" --verify-hostname=gateway.test --x509certfile "$pem/peer.crt" \
		--x509keyfile "$pem/peer.key" -p 5061 127.0.0.1 <"$work/to" >"$work/from" 2>"$work/cli.err" &
	cli=$!
	started+=($cli)
	exec {to_it}>"$work/to" {from_it}<"$work/from"
}

disconnect() {
	kill -KILL $cli
	ended $cli
	exec {to_it}>&- {from_it}<&-
}

# ---- calls from SIP ----

transport=TLS
gateway_start
line_answers
connect
call=refused-$$
ask $to_it INVITE 1 'To: <sip:7@127.0.0.1>' "$sdp"
hear $from_it
equal "TLS: a number that no span takes" 404 "$heard"
ask $to_it ACK 1 "$to"
call=answered-$$
ask $to_it INVITE 1 'To: <sip:4930123@127.0.0.1>' "$sdp"
hear $from_it
equal "TLS: a call is answered" 200 "$heard"
ask $to_it ACK 1 "$to"
equal "TLS: connections are marked as SIP is" "tos:0x68" \
	"$(ss --tos -Htanp 'sport = :5061' | grep -E "pid=$gateway," | grep -oE 'tos:0x[0-9a-f]+' | sort -u)"
disconnect
has "TLS: a lost connection is in the log" "$log" 'connection with tls 127\.0\.0\.1:[0-9]+ \(own\) '
connect
ask $to_it BYE 2 "$to"
hear $from_it
equal "TLS: the call ends by another connection" 200 "$heard"
has "TLS: the call's END line" "$log" 'call s-2: END .*media=g711 .*cleared-by=peer'
disconnect
line_end TLS

# ---- a server that goes away and comes back ----

# serve: the peer's server, its pid in $serv
serve() {
	: >"$work/serv.out"
	gnutls-serv --echo --x509cafile "$pem/ours.crt" --x509certfile "$pem/peer.crt" --x509keyfile "$pem/peer.key" -p 5071 >"$work/serv.out" 2>&1 &
	serv=$!
	started+=($serv)
}

serve
has "TLS: the peer is asked" "$work/serv.out" 'received cmd: OPTIONS sip:'
kill -KILL $serv
ended $serv
has "TLS: its server is gone, and the log says so" "$log" 'no connection to tls 127\.0\.0\.2:5071 \(demo\): Connection refused'
serve
has "TLS: it is back, and asked again" "$work/serv.out" 'received cmd: OPTIONS sip:'
gateway_end
equal "after calls over TLS the gateway ends with 0" 0 $status
finish
