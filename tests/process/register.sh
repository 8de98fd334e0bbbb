#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Registration and credentials against sipp: we register with it as with a provider, it registers and calls as an endpoint, and
# it calls as a peer that must show who it is.
. "$(dirname "$0")/common.bash"
faxspanctl=$BUILD/faxspanctl
socket=$(mktemp -u /tmp/faxspan-XXXXXXXX.sock) # the path of a socket must be short

ctl() { "$faxspanctl" -s "$socket" --dump "$@" >"$work/ctl.out" 2>&1; }
says() { check "$1" "no line /$2/ in: $(head -c 600 "$work/ctl.out")" grep -qE -- "$2" "$work/ctl.out"; }

configure
# sipp 3.6 takes the first challenge alone, and has no SHA-256
sed -i "s,^socket = none,socket = $socket,; s,^listen = .*,&\nlisten_tcp = 127.0.0.1:5060\ndigest = md5," "$work/faxspan.conf"
cat >>"$work/faxspan.conf" <<'END'
[peer provider]
address = 127.0.0.4:5070
register = 4930555
auth_user = joe
auth_secret = schmo
[peer pbx]
address = 127.0.0.5:5070
inbound_user = pbx
inbound_secret = s3cret
[endpoint fax1]
user = fax1
secret = s3cret
numbers = 6212345
END
chmod 640 "$work/faxspan.conf"

timeout $limit sipp -sf "$sipp_dir/registrar.xml" -i 127.0.0.4 -p 5070 -m 1 -nostdin -timeout 50 -timeout_error \
	-trace_err -error_file "$work/sipp-registrar.err" >"$work/sipp-registrar.out" 2>&1 &
registrar=$!
started+=($registrar)
wait_for /proc/net/udp ' 0400007F:13CE ' || not_ok "sipp listens" "$(tail -n 1 "$work/sipp-registrar.out")"
gateway_start
has "registered with a provider that challenges" "$log" 'sip peer provider: registered as 4930555 for 60 s'
ctl show registrations
says "show registrations" $'^provider\t4930555\tregistered\t[0-9]+\t[0-9]+ s\t-$'

sip_check "a peer with credentials: its call is taken" credentials_good 127.0.0.5 -au pbx -ap s3cret
has "a peer with credentials: it is named" "$log" 'INVITE from peer pbx: 5550100 calls 4930123'
sip_check "a peer with a wrong password: asked again" credentials_wrong 127.0.0.5 -au pbx -ap wrong
has "a wrong password is in the log" "$log" 'INVITE from 127\.0\.0\.5:5070.*user "pbx"'
sip_check "a peer with the credentials of an endpoint: asked again" credentials_wrong 127.0.0.5 -au fax1 -ap s3cret

sip_check "an endpoint's call, which is not registered" credentials_good 127.0.0.3 -au fax1 -ap s3cret
has "an endpoint's call: it is named" "$log" 'INVITE from peer fax1: '
sip_check "a stranger's call with a wrong password" credentials_wrong 127.0.0.6 -au fax1 -ap wrong
ctl show endpoints
says "show endpoints: not registered" $'^fax1\tfax1\t-\t-\t-\t0$'
sip_check "an endpoint registers" endpoint_register 127.0.0.3 -au fax1 -ap s3cret
has "an endpoint registers: the log" "$log" 'endpoint fax1: registered from udp 127\.0\.0\.3:5070|endpoint fax1: registered from 127\.0\.0\.3:5070'
ctl show endpoints
says "show endpoints: where it is" $'^fax1\tfax1\t127\.0\.0\.3:5070\t(600|59[0-9])\tsip:fax1@127\.0\.0\.3:5070;transport=UDP\t0$'
sip_check "an endpoint registers over TCP" endpoint_register 127.0.0.3 -au fax1 -ap s3cret -t t1
has "its connection ends, and with it the contact that is only there" "$log" 'endpoint fax1: registered from tcp'
ctl show status
says "show status: challenges" $'^SIP wrong credentials\t3$'

gateway_end
equal "the gateway ends with 0" 0 $status
has "the registration is taken back" "$log" 'sip peer provider: the registration as 4930555 is taken back'
ended $registrar
equal "the provider saw all of it" 0 $status
finish
