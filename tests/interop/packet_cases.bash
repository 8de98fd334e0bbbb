# SPDX-License-Identifier: GPL-2.0-only
# Scenarios with media in them, which sipp plays (packets.bash): whose packets are taken and where ours go, RTCP, telephone events, redundancy
# and FEC in one stream. What the gateway sent is looked up in the capture when all is over. Sourced by sipp.bash.

packet_case_port=6100
packet_checks=()

# packet_case NAME WORDS, the elements on stdin: the gateway's record has WORDS. Each has media ports of its own: audio_port, image_port.
packet_case() {
	sipp_arguments=(-mp $packet_case_port)
	audio_port=$packet_case_port image_port=$((packet_case_port + 4))
	packet_case_port=$((packet_case_port + 10))
	scenario "sipp/$1"
	sipp_next_caller
	sipp_result "$1" sipp_call "$1" && sipp_record "$1" "$2"
	sipp_arguments=()
}

# sent NAME MIN MAX FILTER: so many packets of the capture pass FILTER of tshark
sent() { packet_checks+=("$*"); }

packet_cases_check() {
	local check name min max filter n
	for check in "${packet_checks[@]}"; do
		read -r name min max filter <<<"$check"
		n=$(tshark_read sipp -Y "ip.src == $sipp_gateway && $filter" | wc -l)
		if [ $n -ge $min ] && [ $n -le $max ]; then ok; else sipp_not_ok "$name" "$n packets, not $min to $max, pass $filter"; fi
	done
}

# The body of an INVITE with audio from sipp's media port, which it may deny: ADDRESS is where the SDP says it is.
packet_audio() { # VERSION [ADDRESS]
	sdp_head "$1" "$2"
	printf 'm=audio [media_port] RTP/AVP 8 101\na=rtpmap:8 PCMA/8000\na=rtpmap:101 telephone-event/8000\n'
}

packet_image() { # VERSION [ADDRESS]
	sdp_t38 "$1" '[media_port+4]' "${t38_attributes[@]}" | sed "s/^c=.*/c=IN IP4 ${2:-[local_ip]}/"
}

# An INVITE for NUMBER with BODY, answered; where its audio is to go is in $port.
packet_call() { # NUMBER BODY
	invite "$1" '' "$2"
	provisional 100 180 183
	cat <<-X
		<recv response="200" rrs="true"><action>
		<ereg regexp="m=audio ([0-9]+)" search_in="body" check_it="true" assign_to="line,port"/><log message="[\$line] [\$port]"/>
		</action></recv>
	X
	ack 200
}

play() { # audio|image FILE
	echo "<nop><action><exec play_pcap_$1=\"$work/sipp/$2.pcap\"/></action></nop>"
}

# 5 packets of RTP to $port of the gateway from a host that the SDP does not name
inject() {
	echo "<nop><action><exec command=\"bash $work/sipp/stranger.sh [\$port]\"/></action></nop>"
	pause 100
}

packet_cases() {
	packet_cases_pcaps
	packet_cases_sources
	packet_cases_t38
	packet_cases_digits
	local sipp_peer=$sipp_symmetric
	packet_cases_symmetric
	sipp_peer=$sipp_nat
	packet_cases_nat
	packet_cases_dialled
}

packet_cases_pcaps() {
	{ packets_rtp 20; packets_rtp 30 4119; } | packets_pcap rtp # three are missing
	{ packets_event 5 5000 160 101; packets_event 11 5010 2400 101; } | packets_pcap events
	{
		packets_redundant 0 02
		packets_redundant 2 04 00 02 # 1 is missing, and comes with it
		packets_fec 4 02 3 04        # 3 as well: the parity is that of 1, 2 and 3
		packets_redundant 5 00 02 00
		packets_fec 6 00 2 02
	} | packets_pcap mixed
	cat >"$work/sipp/stranger.sh" <<-E
		for i in 1 2 3 4 5; do
			printf '\\x80\\x08\\x55\\x55\\x55\\x55\\x55\\x55\\x66\\x66\\x66\\x66\\xd5\\xd5\\xd5\\xd5' >/dev/udp/$sipp_gateway/\$1
		done
	E
}

packet_cases_sources() {
	packet_case packets-rtp 'foreign=5 rtp-lost=3/53 ' < <(
		packet_call 1001 "$(packet_audio 1)"
		inject
		play audio rtp
		pause 1200
		bye 1001
	)
	sent packets-rtp 30 100 "udp.dstport == $audio_port && rtp.p_type == 8"
}

packet_cases_t38() {
	packet_case packets-redundancy-and-fec 'media=t38 .* lost=0 recovered=2 ' < <(
		packet_call 1001 "$(packet_audio 1)"
		reinvite "$(packet_image 2)" 200 'm=image [1-9]'
		play image mixed
		pause 1000
		bye 1001
	)
	sent packets-redundancy-and-fec 1 100 "udp.dstport == $image_port && t38"
	sent packets-rtp-stopped 0 20 "udp.dstport == $audio_port"
}

packet_cases_digits() {
	packet_case packets-events 'media=g711 ' < <(
		packet_call 1006 "$(packet_audio 1)"
		play audio events
		pause 800
		bye 1006
	)
	sipp_line packets-events "heard 5 from $caller"
	sipp_line packets-events "heard # from $caller"
}

# Reports take seconds: beside the others (slow_cases.bash), from their own media ports. The first is due after 5 s at most (RFC 3550 6.2).
packet_cases_rtcp() {
	{
		packets_rtp 100
		packets_sr 00000000 # of somebody's stream, not ours: its time is echoed all the same
		packets_rtp 250 4199
	} | packets_pcap rtcp
	sipp_arguments=(-mp 7000)
	slow packets-rtcp 'media=g711 .*rtp-lost=3/353 .* peer-lost=- ' < <(
		packet_call 3001 "$(packet_audio 1)"
		play audio rtcp
		pause 13000
		bye 3001
	)
	sent packets-rtcp 1 9 "udp.dstport == 7001 && rtcp.pt == 200 && rtcp.ssrc.cum_nr == 3 && rtcp.ssrc.lsr == 0x85888000"
	sipp_arguments=(-mp 7010)
	slow packets-rtcp-stopped 'media=t38 ' < <(
		packet_call 3001 "$(packet_audio 1)"
		reinvite "$(packet_image 2)" 200 'm=image [1-9]'
		pause 13000
		bye 3001
	)
	sent packets-rtcp-stopped 0 0 'udp.dstport == 7011'
	sipp_arguments=()
}

# The SDP names the host, but another port of it.
packet_cases_symmetric() {
	packet_case packets-symmetric 'foreign=10 rtp-lost=3/53 ' < <(
		packet_call 1001 "$(packet_audio 1 | sed 's/^m=audio .media_port./m=audio 30040/; $a\
a=x-audio:[media_port]')"
		inject # nobody is latched on
		play audio rtp
		pause 300
		inject
		pause 900
		bye 1001
	)
	sent packets-symmetric 30 100 "ip.dst == $sipp_symmetric && udp.dstport == $audio_port"
	sent packets-symmetric 0 20 "ip.dst == $sipp_symmetric && udp.dstport == 30040"
}

# The SDP names a host that nothing comes from. The first who sends is the peer, and nobody else is from then on.
packet_cases_nat() {
	packet_case packets-latch 'foreign=5 rtp-lost=3/53 ' < <(
		packet_call 1001 "$(packet_audio 1 127.0.0.9)"
		play audio rtp
		pause 300
		inject
		pause 900
		bye 1001
	)
	sent packets-latch 30 100 "ip.dst == $sipp_nat && udp.dstport == $audio_port"
	sent packets-latch-no-answer-to-strangers 0 0 "ip.dst == 127.0.0.1"
	packet_case packets-latch-in-t38 'media=t38 .* lost=0 recovered=2 ' < <(
		packet_call 1001 "$(packet_audio 1)"
		reinvite "$(packet_image 2 127.0.0.9)" 200 'm=image [1-9]'
		play image mixed
		pause 1000
		bye 1001
	)
	sent packets-latch-in-t38 1 100 "ip.dst == $sipp_nat && udp.dstport == $image_port && t38"
	sent packets-rtp-kept 40 100 "ip.dst == $sipp_nat && udp.dstport == $audio_port"
}

# What the line dials is told in telephone events, each ended three times.
packet_cases_dialled() {
	local event
	packet_case packets-dialled 'media=g711 ' < <(
		packet_call 1007 "$(packet_audio 1)"
		play audio rtp
		pause 2500
		bye 1007
	)
	for event in 1 5 9 10 11; do
		sent packets-dialled-$event 3 3 "udp.dstport == $audio_port && rtpevent.event_id == $event && rtpevent.end_of_event == 1"
	done
}
