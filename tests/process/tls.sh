#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SIP over TLS with GnuTLS's own programs at the other end: whom the gateway believes, and what it says of those it does not.
. "$(dirname "$0")/common.bash"
. tests/process/certificates.bash
authority ours
authority others
certificate gateway ours gateway.test
certificate peer ours peer.test
certificate elsewhere ours elsewhere.test
certificate stranger others peer.test
certificate expired ours peer.test 'activation_date = "2020-01-01 00:00:00"' 'expiration_date = "2020-01-02 00:00:00"'

# configure_tls [KEY = VALUE of the peer demo]...: the peers are "demo", which we ask with OPTIONS, and "own", which asks us.
configure_tls() {
	configure
	awk -v pem="$PWD/$pem" '{ print }
		/^listen = / {
			print "listen_tls = 127.0.0.1:5061\ntls_clients = require"
			print "tls_certificate = " pem "/gateway.crt\ntls_key = " pem "/gateway.key\ntls_ca = " pem "/ours.crt"
		}' tests/demo/faxspan.conf |
		sed 's/^address = 127.0.0.2:5060/address = 127.0.0.2:5071\ntransport = tls\noptions_interval = 1 s/' >"$work/faxspan.conf"
	printf '%s\n' "$@" '[peer own]' 'address = 127.0.0.1:5099' 'transport = tls' 'tls_name = peer.test' >>"$work/faxspan.conf"
}

options=$'OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5099;branch=z9hG4bKtls\r\nMax-Forwards: 70\r\n'
options+=$'From: <sip:own@peer.test>;tag=o\r\nTo: <sip:127.0.0.1>\r\nCall-ID: tls\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n'

# asked NAME [ARGUMENTS of gnutls-cli]...: who shows the certificate NAME ("": none) asks us; true when the answer is 200
asked() {
	local cli in show=() end=$((SECONDS + limit))
	[ -z "$1" ] || show=(--x509certfile "$pem/$1.crt" --x509keyfile "$pem/$1.key")
	shift
	rm -f "$work/in"
	mkfifo "$work/in"
	gnutls-cli --x509cafile "$pem/ours.crt" --verify-hostname=gateway.test "${show[@]}" "$@" -p 5061 127.0.0.1 \
		<"$work/in" >"$work/cli.out" 2>&1 &
	cli=$!
	started+=($cli)
	exec {in}>"$work/in"
	printf '%s' "$options" >&$in
	until grep -q '^SIP/2.0 ' "$work/cli.out" || ! kill -0 $cli 2>/dev/null || [ $SECONDS -ge $end ]; do
		sleep 0.01
	done
	exec {in}>&-
	ended $cli
	grep -q '^SIP/2.0 200 ' "$work/cli.out"
}

# refused WHAT PATTERN NAME [ARGUMENTS]...: who asks gets nothing, and the log says why
refused() {
	local what=$1 pattern=$2
	shift 2
	if asked "$@"; then not_ok "$what" "it is answered"; else ok "$what"; fi
	has "$what: the log says why" "$log" "$pattern"
}

# ---- those who connect to us ----

configure_tls 'tls_name = peer.test'
gateway_start
check "a peer with its certificate is answered, over TLS 1.3" "gnutls-cli heard nothing" asked peer --priority=NORMAL:-VERS-ALL:+VERS-TLS1.3
check "... and over TLS 1.2" "gnutls-cli heard nothing" asked peer --priority=NORMAL:-VERS-ALL:+VERS-TLS1.2
options=${options/sip:127.0.0.1 SIP/sips:127.0.0.1 SIP}
check "... and of a sips: URI" "gnutls-cli heard no 200" asked peer
refused "TLS 1.1 is not spoken" 'no connection from tls 127\.0\.0\.1:[0-9]+ \(own\): TLS: ' peer \
	--priority=NORMAL:-VERS-ALL:+VERS-TLS1.1:%VERIFY_ALLOW_BROKEN
gateway_end

gateway_start
refused "no certificate" '\(own\): TLS: Certificate is required' ''
gateway_end
gateway_start
refused "a certificate of another authority" '\(own\): its certificate is refused for peer\.test: .*issuer is unknown' stranger
gateway_end
gateway_start
refused "a certificate for somebody else" '\(own\): its certificate is refused for peer\.test: .*name' elsewhere
gateway_end
gateway_start
refused "a certificate that is too old" '\(own\): its certificate is refused for peer\.test: .*expired' expired
gateway_end

# ---- those we connect to ----

# served WHAT NAME FILE PATTERN [ARGUMENTS of gnutls-serv]...: the peer shows the certificate NAME; FILE must have PATTERN then
served() {
	local what=$1 shown=$2 file=$3 pattern=$4
	shift 4
	gnutls-serv --echo --x509cafile "$pem/ours.crt" --x509certfile "$pem/$shown.crt" --x509keyfile "$pem/$shown.key" -p 5071 "$@" \
		>"$work/serv.out" 2>&1 &
	serv=$!
	started+=($serv)
	gateway_start
	has "$what" "$file" "$pattern"
	gateway_end
	kill -KILL $serv
	ended $serv
}

configure_tls 'tls_name = peer.test'
served "a peer's certificate of another authority is refused" stranger "$log" 'no connection to tls 127\.0\.0\.2:5071 \(demo\): its certificate is refused for peer\.test: .*issuer is unknown'
served "a peer's certificate for somebody else is refused" elsewhere "$log" '\(demo\): its certificate is refused for peer\.test: .*name'
served "a peer's certificate that is too old is refused" expired "$log" '\(demo\): its certificate is refused for peer\.test: .*expired'
served "a peer with its certificate is asked" peer "$work/serv.out" 'received cmd: OPTIONS sip:' --require-client-cert --verify-client-cert
has "the peer saw our certificate" "$work/serv.out" 'DNSname: gateway\.test'
configure_tls 'tls_verify = no'
served "any certificate will do where tls_verify = no" stranger "$work/serv.out" 'received cmd: OPTIONS sip:'
finish
