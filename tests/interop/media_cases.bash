# SPDX-License-Identifier: GPL-2.0-only
# Scenarios of what an offer's audio may be (payload types, transports, voice-band data), and of a T.38 re-INVITE that comes too early, too late
# or crosswise (twice: sipp takes our second ACK for the first again, and answers it without end). Sourced by sipp.bash; the pieces are in sipp_messages.bash, t38_cases.bash and setup_cases.bash.

media_cases() {
	media_cases_types
	media_cases_refused
	media_cases_t38
	media_cases_late
}

audio_with() { # FORMATS [LINE...]
	sdp_head 1
	printf 'm=audio 30000 RTP/AVP %s\n' "$1"
	shift
	[ $# = 0 ] || printf 'a=%s\n' "$@"
}

# offered_audio NAME ANSWER FORMATS [LINE...]: a call in G.711; ANSWER is what the body of our 200 matches
offered_audio() {
	local body
	body=$(audio_with "${@:3}")
	setup "$1" g711 < <(
		invite 1001 '' "$body"
		provisional 100 180
		expect 200 '' '' "$2"
		ack 200
		pause 100
		bye 1001
	)
}

media_cases_types() {
	offered_audio audio-alaw-96 'm=audio [1-9][0-9]* RTP/AVP 96.*a=rtpmap:96 PCMA/8000' 96 'rtpmap:96 PCMA/8000'
	offered_audio audio-ulaw-97 'RTP/AVP 97.*a=rtpmap:97 PCMU/8000' '18 97' 'rtpmap:97 PCMU/8000'
	offered_audio audio-both-dynamic 'RTP/AVP 97 96.*a=rtpmap:97 PCMU/8000.*a=rtpmap:96 PCMA/8000' '97 96' 'rtpmap:96 PCMA/8000' 'rtpmap:97 PCMU/8000'
	offered_audio audio-8-is-not-g711 'RTP/AVP 0' '8 0' 'rtpmap:8 G722/8000'
	offered_audio audio-events-96 'RTP/AVP 8 96.*a=rtpmap:96 telephone-event/8000' '8 96' 'rtpmap:96 telephone-event/8000'
	offered_audio audio-events-at-16000 'RTP/AVP 8 97' '8 96 97' 'rtpmap:96 telephone-event/16000' 'rtpmap:97 telephone-event/8000'
	offered_audio vbd-8 'RTP/AVP 8.*a=gpmd:8 vbd=yes' 8 'gpmd:8 vbd=yes;ecan=on'
	offered_audio vbd-98 'RTP/AVP 8 98.*a=rtpmap:98 PCMA/8000.*a=gpmd:98 vbd=yes' '8 98' 'rtpmap:98 PCMA/8000' 'gpmd:98 vbd=yes'
	offered_audio vbd-beside-g729 'RTP/AVP 98.*a=gpmd:98 vbd=yes' '18 98' 'rtpmap:98 PCMU/8000' 'gpmd:98 vbd=yes'
	offered_audio vbd-of-g726 'RTP/AVP 8' '8 99' 'rtpmap:99 G726-32/8000' 'gpmd:99 vbd=yes'
	setup audio-beside-srtp g711 < <(
		invite 1001 '' "$(sdp_audio 1 | sed 's,RTP/AVP,RTP/SAVP,'; sdp_audio 1 | sed -n '/^[ma]=/p')"
		provisional 100 180
		expect 200 '' '' 'm=audio 0 RTP/SAVP 8.*m=audio [1-9][0-9]* RTP/AVP 8'
		ack 200
		bye 1001
	)
}

# refused_offer NAME WARNING BODY
refused_offer() {
	refused "$1" 488 Warning "$2" < <(invite 1001 '' "$3")
}

media_cases_refused() {
	local transport
	for transport in RTP/SAVP RTP/SAVPF UDP/TLS/RTP/SAVP; do
		refused_offer "invite-${transport//\//-}" '302 .*SRTP' "$(sdp_audio 1 | sed "s,RTP/AVP,$transport,")"
	done
	refused_offer invite-avpf '302 .*RTP/AVPF' "$(sdp_audio 1 | sed 's,RTP/AVP,RTP/AVPF,')"
	refused_offer invite-g729 '305 .*G.711' "$(audio_with 18)"
	refused_offer invite-video '304 .*audio' "$(sdp_head 1; echo 'm=video 30000 RTP/AVP 34')"
	refused_offer invite-image-tcp '302 .*UDPTL' "$(sdp_t38 1 30002 "${t38_attributes[@]}" | sed 's/udptl/tcp/')"
	refused_offer invite-audio-port-0 '304 .*audio' "$(sdp_audio 1 0)"
	dialog reinvite-srtp g711 < <(request INVITE 488 '' "$(sdp_audio 2 | sed 's,RTP/AVP,RTP/SAVP,')" Warning '302 .*SRTP'; ack 488)
	# RFC 6913: what we can do with a fax
	setup contact-fax-tag g711 < <(
		invite 1001 'Accept-Contact: *;+sip.fax="t38"'
		provisional 100 180
		expect 200 Contact '[+]sip.fax=.t38.'
		ack 200
		bye 1001
	)
}

# reinvite_after NUMBER BODY STATUS [EXPECT]: a re-INVITE after requests of theirs, whose To is not theirs
reinvite_after() {
	{
		echo "INVITE sip:[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers INVITE "To: <sip:$1@[remote_ip]>[peer_tag_param]"
		sipp_body "$2"
	} | sipp_send 'retrans="500"'
	sipp_recv 'response="100" optional="true"'
	sipp_recv "response=\"$3\"" "$4"
	ack "$3"
}

media_cases_t38() {
	local image status
	image=$(sdp_t38 2 30002 "${t38_attributes[@]}")
	for status in "400 Bad Request" "403 Forbidden" "405 Method Not Allowed" "486 Busy Here" "503 Service Unavailable" "600 Busy" "603 Decline"; do
		answered "answer-${status%% *}" "$status" g711-fax
	done
	# These end the call (RFC 3261 12.2.1.2).
	for status in "408 Request Timeout" "481 Call Does Not Exist"; do
		{
			call 2001
			reinvited 'm=image [1-9]' "$status"
			sipp_recv 'request="BYE"'
			reply '200 OK'
		} | scenario "sipp/answer-${status%% *}"
		sipp_check "answer-${status%% *}"
	done
	{
		call 2001
		reinvited 'm=image [1-9]' '488 Not Acceptable Here'
		pause 100
		reinvite_after 2001 "$image" 200 'm=image [1-9][0-9]* udptl t38'
		pause 200
		bye 2001
	} | scenario sipp/refuses-then-offers
	sipp_check refuses-then-offers t38
	# Both at once: theirs gets 491, ours too, and is tried again when RFC 3261 14.1 says.
	{
		call 2001
		sipp_recv 'request="INVITE" timeout="20000"' 'm=image [1-9]'
		reply '491 Request Pending'
		sipp_recv 'request="ACK"'
		reinvited 'm=image [1-9]' '200 OK' "$image"
		pause 200
		bye 2001
	} | scenario sipp/answer-491
	sipp_check answer-491 t38
	# T.38 before our 200 to the INVITE is acknowledged, and again when it is.
	setup t38-before-the-ack t38 < <(
		invite 1001
		provisional 100 180
		expect 200
		reinvite "$image" 491
		ack_first 1001
		reinvite "$image" 200 'm=image [1-9]'
		pause 100
		bye 1001
	)
}

# Longer than t38_switch, 5 s: we give up, and the fax passes in G.711, unless their 200 has crossed our CANCEL.
media_cases_late() {
	local image
	image=$(sdp_t38 2 30002 "${t38_attributes[@]}")
	{
		call 2001
		sipp_recv 'request="INVITE" timeout="20000"' 'm=image [1-9]'
		reply '100 Trying'
		sipp_recv 'request="CANCEL" timeout="20000"'
		reply '200 OK'
		respond '487 Request Terminated' '' '' '' '1 INVITE'
		sipp_recv 'request="ACK"'
		pause 200
		bye 2001
	} | scenario sipp/answer-too-late
	sipp_check answer-too-late g711-fax
	{
		call 2001
		sipp_recv 'request="INVITE" timeout="20000"' 'm=image [1-9]'
		reply '100 Trying'
		sipp_recv 'request="CANCEL" timeout="20000"'
		reply '200 OK'
		respond '200 OK' '' '' "$image" '1 INVITE'
		sipp_recv 'request="ACK"'
		pause 200
		bye 2001
	} | scenario sipp/answer-crosses-cancel
	sipp_check answer-crosses-cancel t38
}
