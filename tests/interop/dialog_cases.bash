# SPDX-License-Identifier: GPL-2.0-only
# One scenario for each point of a dialog's life: what a peer may say within a call, and what the gateway has to make of it. Sourced by
# sipp.bash; the pieces are in sipp_messages.bash and t38_cases.bash.

# request METHOD STATUS [HEADERS] [BODY] [NAME REGEX]: a request within the call, and its answer, whose header NAME must match
request() {
	{
		echo "$1 sip:[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers "$1" '[last_To:]'
		[ -z "$3" ] || printf '%b\n' "$3"
		if [ -n "$4" ]; then sipp_body "$4"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send 'retrans="500"'
	sipp_recv 'response="100" optional="true"'
	if [ -z "$5" ]; then
		sipp_recv "response=\"$2\""
		return
	fi
	cat <<-X
		<recv response="$2"><action>
		<ereg regexp="$6" search_in="hdr" header="$5:" check_it="true" assign_to="header"/><log message="[\$header]"/>
		</action></recv>
	X
}

# An ACK with BODY: the answer to an offer that came in a 200.
ack_with() {
	{
		echo "ACK sip:[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers ACK '[last_To:]' -ack
		sipp_body "$1"
	} | sipp_send
}

# dialog NAME MEDIA, what happens within the call on stdin
dialog() {
	{
		call 1001
		cat
		pause 200
		bye 1001
	} | scenario "sipp/$1"
	sipp_check "$1" "$2"
}

to_t38() { reinvite "$(sdp_t38 2 30002 "${t38_attributes[@]}")" 200 'm=image [1-9][0-9]* udptl t38'; }

dialog_cases() {
	dialog_cases_offers
	dialog_cases_glare
	dialog_cases_update
	dialog_cases_requests
	dialog_cases_outside
}

dialog_cases_offers() {
	local held
	for held in sendonly:recvonly inactive:inactive; do
		dialog "hold-${held%:*}" g711 < <(
			reinvite "$(sdp_audio 2; echo "a=${held%:*}")" 200 "a=${held#*:}"
			reinvite "$(sdp_audio 3)" 200 'm=audio [1-9]'
		)
	done
	dialog hold-by-address g711 < <(
		reinvite "$(sdp_head 2 0.0.0.0; printf 'm=audio 30000 RTP/AVP 8\n')" 200 'm=audio [1-9]'
		reinvite "$(sdp_audio 3)" 200 'm=audio [1-9]'
	)
	dialog offerless g711 < <(
		request INVITE 200
		ack_with "$(sdp_audio 2)"
	)
	dialog offerless-in-fax t38 < <(
		to_t38
		request INVITE 200
		ack_with "$(sdp_t38 2 30002 "${t38_attributes[@]}")"
	)
	dialog refresh-in-fax t38 < <(to_t38; to_t38; to_t38)
	dialog t38-with-other-parameters t38 < <(
		to_t38
		reinvite "$(sdp_t38 3 30006 T38FaxVersion:0 T38MaxBitRate:9600 T38FaxMaxDatagram:150)" 200 'm=image [1-9]'
	)
	dialog audio-after-fax-and-fax-again t38 < <(
		to_t38
		reinvite "$(sdp_audio 3)" 200 'm=audio [1-9]'
		reinvite "$(sdp_t38 4 30002 "${t38_attributes[@]}")" 200 'm=image [1-9]'
	)
	dialog hold-in-fax t38 < <(
		to_t38
		reinvite "$(sdp_t38 3 30002 "${t38_attributes[@]}" | sed 's/^c=.*/c=IN IP4 0.0.0.0/')" 200 'm=image [1-9]'
		reinvite "$(sdp_t38 4 30002 "${t38_attributes[@]}")" 200 'm=image [1-9]'
	)
	# What cannot be taken leaves all as it was (RFC 3261 14.2).
	dialog refused-in-fax t38 < <(
		to_t38
		reinvite "$(sdp_t38 3 30002 "${t38_attributes[@]}" | sed 's/udptl/tcp/')" 488
		to_t38
	)
	dialog audio-after-fax-refused t38 < <(
		to_t38
		reinvite "$(sdp_head 3; printf 'm=audio 30000 RTP/AVP 18\n')" 488
		to_t38
	)
	dialog refresh-in-fax-by-update t38 < <(
		to_t38
		request UPDATE 200 'Supported: timer\nSession-Expires: 1800;refresher=uac' '' Session-Expires '1800;refresher=uac'
		request UPDATE 200 '' "$(sdp_t38 2 30002 "${t38_attributes[@]}")" Contact sip
	)
	dialog offerless-unanswered g711 < <(
		request INVITE 200
		ack 200
		reinvite "$(sdp_audio 2)" 200 'm=audio [1-9]'
	)
	dialog nothing-we-have g711 < <(reinvite "$(sdp_head 2; echo 'm=video 30000 RTP/AVP 34')" 488)
	dialog require-unknown g711 < <(request INVITE 420 'Require: telepathy' '' Unsupported telepathy; ack 420)
}

# A response of ours to the re-INVITE of theirs that was noted, whatever has come since.
answer_noted() { # "STATUS REASON" [BODY]
	{
		printf 'SIP/2.0 %s\nVia: SIP/2.0/UDP [remote_ip]:[remote_port];rport;[$branch]\n' "$1"
		printf 'From: <sip:2001@[remote_ip]>[peer_tag_param]\nTo: <sip:[caller]@[local_ip]>;tag=[call_number]\n'
		printf 'Call-ID: [call_id]\nCSeq: [$number] INVITE\nContact: <sip:[caller]@[local_ip]:[local_port]>\n'
		if [ -n "$2" ]; then sipp_body "$2"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send
}

reinvite_noted() {
	cat <<-X
		<recv request="INVITE" timeout="20000"><action>
		<ereg regexp="branch=[a-zA-Z0-9]+" search_in="hdr" header="Via:" check_it="true" assign_to="branch"/>
		<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" check_it="true" assign_to="number"/>
		<ereg regexp="m=image [1-9]" search_in="body" check_it="true" assign_to="body"/><log message="[\$body]"/>
		</action></recv>
	X
}

# Both sides at once (RFC 3261 14.1, 14.2). The gateway wants T.38 as soon as it has answered.
dialog_cases_glare() {
	local image="$(sdp_t38 2 30002 "${t38_attributes[@]}")"
	glare() { scenario "sipp/$1"; sipp_check "$1" t38; }
	# Theirs is refused while ours is out, and ours goes on.
	glare glare-theirs < <(
		call 2001
		reinvite_noted
		{
			echo 'INVITE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE 'To: <sip:2001@[remote_ip]>[peer_tag_param]'
			sipp_body "$image"
		} | sipp_send
		sipp_recv 'response="491"'
		ack 491
		answer_noted '200 OK' "$image"
		sipp_recv 'request="ACK"'
		pause 300
		bye 2001
	)
	# Ours is refused with 491, and comes again in 0 to 2 s, for the peer owns the Call-ID.
	glare glare-ours < <(
		call 2001
		reinvite_noted
		answer_noted '491 Request Pending'
		sipp_recv 'request="ACK"'
		sipp_recv 'request="INVITE" timeout="2200"' 'm=image [1-9]'
		reply '200 OK' "$image"
		sipp_recv 'request="ACK"'
		pause 300
		bye 2001
	)
	# Theirs is an UPDATE.
	glare glare-update < <(
		call 2001
		reinvite_noted
		{
			echo 'UPDATE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers UPDATE 'To: <sip:2001@[remote_ip]>[peer_tag_param]'
			sipp_body "$image"
		} | sipp_send
		sipp_recv 'response="491"'
		answer_noted '200 OK' "$image"
		sipp_recv 'request="ACK"'
		pause 300
		bye 2001
	)
	# Both refuse, and theirs comes first the second time: it is taken, and ours is not needed any more.
	glare glare-both < <(
		call 2001
		reinvite_noted
		{
			echo 'INVITE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE 'To: <sip:2001@[remote_ip]>[peer_tag_param]'
			sipp_body "$image"
		} | sipp_send
		sipp_recv 'response="491"'
		ack 491
		answer_noted '491 Request Pending'
		sipp_recv 'request="ACK"'
		{
			echo 'INVITE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE 'To: <sip:2001@[remote_ip]>[peer_tag_param]'
			sipp_body "$image"
		} | sipp_send
		provisional 100
		sipp_recv 'response="200"' 'm=image [1-9]'
		ack 200
		pause 300
		bye 2001
	)
}

dialog_cases_update() {
	dialog update-refresh g711 < <(request UPDATE 200 'Supported: timer\nSession-Expires: 1800;refresher=uac' '' Session-Expires '1800;refresher=uac')
	dialog update-too-short g711 < <(request UPDATE 422 'Supported: timer\nSession-Expires: 60' '' Min-SE 90)
	dialog update-to-t38 t38 < <(request UPDATE 200 '' "$(sdp_t38 2 30002 "${t38_attributes[@]}")" Contact sip)
	dialog update-broken g711 < <(request UPDATE 400 '' nonsense)
	dialog reinvite-too-short g711 < <(
		request INVITE 422 'Supported: timer\nSession-Expires: 60' "$(sdp_audio 2)" Min-SE 90
		ack 422
		request INVITE 200 'Supported: timer\nSession-Expires: 90' "$(sdp_audio 2)" Session-Expires '90;refresher=uac'
		ack 200
	)
}

dialog_cases_requests() {
	local method
	for method in REFER INFO MESSAGE SUBSCRIBE NOTIFY; do
		dialog "within-a-call-${method,,}" g711 < <(request $method 405 '' '' Allow INVITE)
	done
	dialog within-a-call-unknown g711 < <(request DANCE 501 '' '' Allow INVITE)
	dialog within-a-call-options g711 < <(request OPTIONS 200 '' '' Allow UPDATE)
}

# No call comes of these.
dialog_cases_outside() {
	{
		{
			echo 'INVITE sip:1001@[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE 'To: <sip:1001@[remote_ip]>'
			printf 'Supported: timer\nSession-Expires: 30\n'
			sipp_body "$(sdp_audio 1)"
		} | sipp_send 'retrans="500"'
		sipp_recv 'response="422"'
		ack 422
	} | scenario sipp/invite-too-short
	sipp_check invite-too-short
	{
		{
			echo 'INVITE sip:1001@[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE 'To: <sip:1001@[remote_ip]>'
			printf 'Require: telepathy\n'
			sipp_body "$(sdp_audio 1)"
		} | sipp_send 'retrans="500"'
		sipp_recv 'response="420"'
		ack 420
	} | scenario sipp/invite-require-unknown
	sipp_check invite-require-unknown
}
