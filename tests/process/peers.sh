#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Peers that are asked whether they are alive, that break down, and strangers that do not give up; the others are sipp.
. "$(dirname "$0")/common.bash"
faxspanctl=$BUILD/faxspanctl
socket=$(mktemp -u /tmp/faxspan-XXXXXXXX.sock) # the path of a socket must be short

# ctl ARGUMENTS...: its exit status in $status, what it wrote in $work/ctl.out
ctl() {
	"$faxspanctl" -s "$socket" "$@" >"$work/ctl.out" 2>&1
	status=$?
}

# says NAME REGEX: faxspanctl did
says() { check "$1" "no line /$2/ in: $(head -c 600 "$work/ctl.out")" grep -qE -- "$2" "$work/ctl.out"; }

# listens HEX_HOST: somebody listens on TCP port 5060 of that host
listens() { wait_for /proc/net/tcp " $1:13C4 00000000:0000 0A "; }

# peer_start SCENARIO HOST ARGUMENTS...: a server of sipp, its pid in $peer
peer_start() {
	local scenario=$1 host=$2
	shift 2
	sipp -sf "$sipp_dir/$scenario.xml" -i "$host" -p 5060 -nostdin -deadcall_wait 0 "$@" >"$work/peer-$scenario.out" 2>&1 &
	peer=$!
	started+=($peer)
}

# "probed" answers some OPTIONS and is gone then; "asked" has nobody who listens; "lost" takes a connection and breaks down, and "closed" is like "asked".
configure
sed -i "s,^socket = none,socket = $socket," "$work/faxspan.conf"
sed -i '/^listen = /a listen_tcp = 127.0.0.1:5060\nblacklist_after = 5\nblacklist_time = 1 h' "$work/faxspan.conf"
cat >>"$work/faxspan.conf" <<-END
	[peer probed]
	address = 127.0.0.5:5060
	options_interval = 1 s
	failover_timeout = 500 ms
	[peer lost]
	address = 127.0.0.6:5060
	transport = tcp
	[peer asked]
	address = 127.0.0.8:5060
	transport = tcp
	options_interval = 1 s
	[peer closed]
	address = 127.0.0.7:5060
	transport = tcp
END
sed -i 's/^peer = demo/peer = lost, closed, demo/' "$work/spans.d/"*.conf

peer_start options_uas 127.0.0.5 -m 2
gateway_start
has "a peer that answers OPTIONS is up" "$log" 'peer probed: up: it answers OPTIONS with 200 OK'
ctl show peers
says "show peers: it is up" '^probed +127\.0\.0\.5:5060 +0 +up for [0-9]+ s +OPTIONS: 200 OK '
ended $peer
equal "sipp has had two OPTIONS" 0 $status
has "a peer that does not answer OPTIONS is down" "$log" 'peer probed: down: OPTIONS: no response in 500 ms, 2 in a row'
ctl show peers
says "show peers: it is down" '^probed +127\.0\.0\.5:5060 +0 +down for [0-9]+ s +OPTIONS: no response in 500 ms '
has "a peer that refuses connections is down" "$log" 'peer asked: down: OPTIONS: Connection refused, 2 in a row'
peer_start options_uas 127.0.0.5 -m 1
has "it is up again with its first answer" "$log" 'peer probed: up again after [0-9]+ s: it answers OPTIONS with 200'

# A call whose first peer breaks down with the INVITE in hand, and whose second does not listen, is a whole fax at the third.
peer_start swallow 127.0.0.6 -t t1 -m 1
listens 0600007F || not_ok "the server listens" "$(tail -n 3 "$work/peer-swallow.out")"
fax_start line t38 4
has "a connection that is lost moves the call" "$log" 'call 1-1: peer lost: .*: trying peer closed'
has "a connection that is refused moves the call" "$log" 'call 1-1: peer closed: .*: trying peer demo'
wait_for "$work/fax.out" '^frame CFR' || not_ok "a fax runs" "$(tail -n 1 "$work/fax.out")"
fax_end
equal "the fax is whole" 0 $status
has "the record has the peer that took it" "$log" 'call 1-1: END .*peer=demo .*result="fax ok"'
ctl show peers
says "show peers: the peer that broke down" '^lost +tcp 127\.0\.0\.6:5060 +0 +failed, tried last for [0-9]+ s .* 0 +1 +0 +1$'

# A stranger.
sip_check "a stranger is refused with 403" options_stranger 127.0.0.3 -m 5
has "who does not give up is on the blacklist" "$log" '127\.0\.0\.3 is on the blacklist for 3600 s: refused 5 times'
sip_check "then it gets no answer" options_dropped 127.0.0.3 -m 3
sip_check "another stranger does" options_stranger 127.0.0.4
sip_check "a peer does, however often" options 127.0.0.2 -m 20
ctl show blacklist
says "show blacklist" '^127\.0\.0\.3 +blocked for [0-9]+ s +5 +3 +OPTIONS: not a peer$'
says "show blacklist: who is only counted" '^127\.0\.0\.4 +counted +1 +0 +OPTIONS: not a peer$'
ctl unblock 127.0.0.4
equal "unblock of an address that is not blocked: 1" 1 $status
says "... and that is said" '127\.0\.0\.4 is not on the blacklist'
ctl unblock 127.0.0.3
equal "unblock: 0" 0 $status
has "unblock is in the log" "$log" "127\.0\.0\.3 is off the blacklist, by the operator's will: 3 messages were dropped"
sip_check "it is answered again" options_stranger 127.0.0.3
equal "a peer that is down is not in the log each time it is asked" 2 "$(count "$log" 'no connection to tcp 127\.0\.0\.8:5060')"
gateway_end
equal "the gateway ends with 0" 0 $status
finish
