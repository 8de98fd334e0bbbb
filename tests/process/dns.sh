#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Peers by name, against dnsmasq: where calls go, what becomes of them while no server answers, and when names move. Names are of the
# top-level domain "test", which is nobody's (RFC 6761).
. "$(dirname "$0")/common.bash"
faxspanctl=$BUILD/faxspanctl
faxline=$BUILD/tests/interop/faxline
socket=$(mktemp -u /tmp/faxspan-XXXXXXXX.sock)
dns_port=5300
patience=20

# zone LINE...: dnsmasq serves these, at 127.0.0.1 and ::1, each for one second
zone() {
	[ -z "$dns" ] || { kill -TERM $dns; ended $dns; }
	printf '%s\n' "$@" >"$work/dnsmasq.conf"
	dnsmasq -k -C "$work/dnsmasq.conf" -p $dns_port --listen-address=127.0.0.1,::1 --bind-interfaces --no-resolv --no-hosts --local=/test/ \
		--local-ttl=1 --user= --group= --pid-file= --log-facility=- --log-queries 2>>"$work/dnsmasq.log" &
	dns=$!
	started+=($dns)
}

nobody_answers() {
	kill -TERM $dns
	ended $dns
	dns=
}

# servers "HOST PORT TRANSPORT [SCENARIO]"...: sipp there, each for one call; pids in ${server[HOST]}
declare -A server
servers() {
	local s host port transport scenario
	for s; do
		IFS=' ' read -r host port transport scenario <<<"$s"
		timeout $limit sipp -sf "$sipp_dir/${scenario:-busy}.xml" -i "$host" -p "$port" -t "$transport" -m 1 -nostdin -trace_msg \
			-message_file "$work/sipp-$host.log" >"$work/sipp-$host.out" 2>&1 &
		server[$host]=$!
		started+=($!)
		until ss -Hln "sport = :$port" 2>/dev/null | grep -q "$port"; do sleep 0.01; done
	done
}

# calls SPAN...: one call from the line of each span, until they are over
calls() {
	local i
	for i; do echo "c$i line $i 6212345 $work/page.tif no 0"; done >"$work/cases"
	"$faxline" run 4 127.0.0.1:9100 127.0.0.1:9000 "$work/cases" "$work" 20 >"$work/line.out" 2>&1
}

# called WHAT HOST: its one call has come, and is over
called() {
	ended "${server[$2]}" $patience
	equal "$1" 0 $status
}

ctl() { "$faxspanctl" -s "$socket" --dump show peers >"$work/ctl.out" 2>&1; }

# shows WHAT REGEX: a row of show peers, after a while
shows() {
	local end=$((SECONDS + patience))
	until ctl && grep -qP -- "$2" "$work/ctl.out"; do
		[ $SECONDS -le $end ] || break
		sleep 0.05
	done
	check "$1" "no row /$2/ in: $(head -c 500 "$work/ctl.out")" grep -qP -- "$2" "$work/ctl.out"
}

write_config() {
	cat >"$work/faxspan.conf" <<-END
		[log]
		level = info
		[control]
		socket = $socket
		[sip]
		listen = $1:5060
		listen_tcp = $1:5060
		nameservers = $2
		dns_refresh_min = 1 s
		[media]
		ports = 4000-5999
		[peer host]
		address = host.test:5070
		failover_timeout = 1 s
		[peer srv]
		address = srv.test
		hold_down = 1 min
		[peer naptr]
		address = naptr.test
		hold_down = 0
		[peer gone]
		address = gone.test
		[peer cname]
		address = alias.test:5077
		[peer many]
		address = many.test
		[peer hosts]
		address = localhost:5075
	END
	for i in 1 2 3 4; do
		printf '[span %s]\nline = tdmoe\nlocal = 127.0.0.1:%s\nremote = 127.0.0.1:%s\naccept = 62XXXXX\ndial = 49.\npeer = %s\n' \
			$i $((8999 + i)) $((9099 + i)) "$(echo host srv naptr "gone, host" | cut -d ' ' -f $i$([ $i = 4 ] && echo -))" \
			>"$work/spans.d/$i.conf"
	done
}

here='host-record=a.test,127.0.0.11
host-record=host.test,127.0.0.11
host-record=s1.test,127.0.0.12
host-record=s2.test,127.0.0.13
srv-host=_sip._udp.srv.test,s2.test,5073,20,0
srv-host=_sip._udp.srv.test,s1.test,5072,10,0
naptr-record=naptr.test,10,10,s,SIPS+D2T,,_sips._tcp.naptr.test
naptr-record=naptr.test,20,10,s,SIP+D2T,,_sip._tcp.other.test
naptr-record=naptr.test,30,10,s,SIP+D2U,,_sip._udp.srv.test
srv-host=_sip._tcp.other.test,s3.test,5074,10,0
srv-host=_sip._tcp.other.test,s1.test,5076,5,0
host-record=s3.test,127.0.0.14
cname=alias.test,a.test'
# more than a datagram of the DNS holds, and more than is taken: the first sixteen by priority
for i in {30..1}; do
	here+=$'\n'"host-record=server-number-$i.of-the-many.test,127.0.1.$i"$'\n'"srv-host=_sip._udp.many.test,server-number-$i.of-the-many.test,6000,$i,0"
done
there=${here/host.test,127.0.0.11/host.test,127.0.0.15}

write_config 127.0.0.1 127.0.0.1:$dns_port
"$BUILD/tests/demo/faxlab" make "$work/page.tif" 1 50

"$faxspand" --check "$work/faxspan.conf" >"$work/check.out" 2>&1
equal "--check asks no name server" 0 $?
"$faxspand" --route 6212345 --from span 2 "$work/faxspan.conf" >"$work/route.out" 2>&1
has "--route names the peer by its name" "$work/route.out" '\[peer srv\]: INVITE to srv\.test \(the DNS has its transport'

# nobody answers
gateway_start
has "without a name server the daemon starts, and says so" "$log" 'peer srv: srv\.test cannot be looked up: no server answers: it is not called'
shows "without a name server a peer has no place" '^srv\tsrv\.test, no name server answers\t'
shows "the hosts file needs no name server" '^hosts/1\t127\.0\.0\.1:5075\t'
calls 1
has "a call to a peer that is not found: cause 38" "$log" 'call 1-1: END .*cause=38\('
has "a call to a peer that is not found: the log has its name" "$log" 'call 1-1: END .*the name host\.test of peer host is not found'

# they answer
zone "$here"
has "a name that is found is in the log" "$log" 'peer host: host\.test is at 127\.0\.0\.11:5070$'
has "SRV: by priority" "$log" 'peer srv: srv\.test is at 127\.0\.0\.12:5072, 127\.0\.0\.13:5073$'
has "NAPTR: the first of the transports we have" "$log" 'peer naptr: naptr\.test is at tcp 127\.0\.0\.12:5076, tcp 127\.0\.0\.14:5074$'
has "a name that stands for another" "$log" 'peer cname: alias\.test is at 127\.0\.0\.11:5077$'
has "an answer that is too long for UDP" "$log" 'peer many: many\.test is at 127\.0\.1\.1:6000, 127\.0\.1\.2:6000, '
shows "the first sixteen of thirty servers" '^many/16\t127\.0\.1\.16:6000\t'
has "a name that does not exist" "$log" 'peer gone: gone\.test (has no address|cannot be looked up)'
shows "a name that does not exist has no place" '^gone\tgone\.test, has no address\t'
servers "127.0.0.11 5070 u1" "127.0.0.13 5073 u1" "127.0.0.14 5074 t1"
calls 1 2 3
called "a call goes to the address of the name" 127.0.0.11
called "a call goes to the second server, the first being dead" 127.0.0.13
called "a call goes by TCP where NAPTR says so" 127.0.0.14
has "a server whose port is closed is known by ICMP, in less than failover_timeout" "$log" 'peer srv at 127\.0\.0\.12:5072: 503 Connection refused: trying 127\.0\.0\.13:5073'
has "TCP: a server that takes no connection" "$log" 'peer naptr at tcp 127\.0\.0\.12:5076: 503 .*: trying tcp 127\.0\.0\.14:5074'
cp "$log" "$work/first.log"
has "the name is the host of the URI" "$work/sipp-127.0.0.13.log" '^INVITE sip:6212345@srv\.test SIP/2\.0'
shows "show peers has both servers" '^srv/2\t127\.0\.0\.13:5073\t\tusual'
shows "show peers: the dead one is tried last" '^srv/1\t127\.0\.0\.12:5072\t\tfailed, tried last'
servers "127.0.0.11 5070 u1"
calls 4
called "a peer that does not exist is left out for the next" 127.0.0.11

servers "127.0.0.12 5076 t1 vanish" "127.0.0.14 5074 t1"
calls 3
called "a server takes the call and vanishes" 127.0.0.12
called "a call whose connection is lost goes to the next server" 127.0.0.14
equal "that is in the log" 2 "$(count "$log" 'peer naptr at tcp 127\.0\.0\.12:5076: 503 .*: trying tcp 127\.0\.0\.14:5074')"

# the name moves
zone "$there"
has "a name that moves is found in its new place" "$log" 'peer host: host\.test is at 127\.0\.0\.15:5070$'
servers "127.0.0.15 5070 u1"
calls 1
called "calls go to the new place" 127.0.0.15

# nobody answers any more
nobody_answers
has "without a name server the last answer holds on" "$log" 'peer host: host\.test cannot be looked up: no server answers: it stays at'
shows "show peers says so" '^host\thost\.test:5070, found before, not now\t'
servers "127.0.0.15 5070 u1"
calls 1
called "calls go where they went" 127.0.0.15
zone "$there"
has "when it is back, that is said" "$log" 'peer host: host\.test is found again'
equal "that it was away is said once" 1 "$(count "$log" 'host\.test cannot be looked up: .*stays')"
gateway_end
equal "the gateway ends with 0" 0 $status

# IPv6 alone: AAAA, by a name server at an IPv6 address
zone 'host-record=host.test,127.0.0.11,fd00::11' 'srv-host=_sip._udp.srv.test,host.test,5072' 'host-record=naptr.test,127.0.0.9'
write_config '[::1]' "[::1]:$dns_port"
gateway_start
has "AAAA: an address of IPv6" "$log" 'peer host: host\.test is at \[fd00::11\]:5070$'
has "SRV with AAAA" "$log" 'peer srv: srv\.test is at \[fd00::11\]:5072$'
has "a name of IPv4 alone is no use there" "$log" 'peer naptr: naptr\.test has no address'
gateway_end
equal "the gateway ends with 0, over IPv6" 0 $status

# the name servers of the system: a resolv.conf of our own laid over the machine's, where that may be
if [ "$FAXSPAN_OWN_NETWORK" = yes ] && unshare -m mount --bind /etc/hosts /etc/resolv.conf 2>/dev/null; then
	dns_port=53
	zone "$here"
	echo 'nameserver 127.0.0.1' >"$work/resolv.conf"
	printf '#!/bin/sh\nexec unshare -m sh -c '\''mount --bind "$0" /etc/resolv.conf && exec "$@"'\'' "%s" "%s" "$@"\n' \
		"$work/resolv.conf" "$faxspand" >"$work/faxspand"
	chmod +x "$work/faxspand"
	faxspand=$work/faxspand
	write_config 127.0.0.1 system
	gateway_start
	has "nameservers = system: those of resolv.conf" "$log" 'peer host: host\.test is at 127\.0\.0\.11:5070$'
	gateway_end
fi
finish
