# SPDX-License-Identifier: GPL-2.0-only
# Scenarios of what real peers do that no RFC would have them do, or hardly. Sourced by sipp.bash.

odd_cases() {
	odd_cases_answers
	odd_cases_offers
	odd_cases_messages
	odd_cases_requests
}

# Our offer is an image alone.
odd_cases_answers() {
	local image
	image=$(sdp_t38 2 30002 "${t38_attributes[@]}")
	answered odd-answer-audio-declined-too '200 OK' t38 "$(sdp_audio 2 0; sed -n '/^[ma]=/p' <<<"$image")"
	answered odd-answer-image-and-audio '200 OK' t38 "$image
m=audio 0 RTP/AVP 8"
	answered odd-answer-upper-case '200 OK' t38 "$(sed 's/^m=image \([0-9]*\) udptl t38/m=image \1 UDPTL T38/' <<<"$image")"
	answered odd-answer-media-address '200 OK' t38 "$(sed '/^c=/d; s/^m=.*/&\nc=IN IP4 [local_ip]/' <<<"$image")"
	answered odd-answer-no-version-change '200 OK' t38 "$(sed 's/^o=- 1 2/o=- 1 1/' <<<"$image")"
}

odd_cases_offers() {
	local image both
	image=$(sdp_t38 2 30002 "${t38_attributes[@]}")
	offered odd-offer-upper-case 200 'm=image [1-9]' t38 "$(sed 's/^m=image \([0-9]*\) udptl t38/m=image \1 UDPTL T38/' <<<"$image")"
	offered odd-offer-same-version 200 'm=image [1-9]' t38 "$(sed 's/^o=- 1 2/o=- 1 1/' <<<"$image")"
	offered odd-offer-lf 200 'm=image [1-9]' t38 "$image"
	dialog odd-offer-name g711 < <(
		request INVITE 488 '' "$(sed 's/^c=.*/c=IN IP4 media.example.com/' <<<"$image")" Warning '301 .*host name'
		ack 488
	)
	offered odd-offer-no-address 400 '' g711 "$(sed '/^c=/d' <<<"$image")"
	both=$(sdp_audio 1; echo 'm=image 0 udptl t38')
	setup odd-invite-image-port-0 g711 < <(
		invite 1001 '' "$both"
		provisional 100 180
		expect 200 '' '' 'm=audio [1-9].*m=image 0'
		ack 200
		bye 1001
	)
	setup odd-invite-multipart g711 < <(
		{
			echo 'INVITE sip:1001@[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE 'To: <sip:1001@[remote_ip]>'
			printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed;boundary=faxes\nContent-Length: [len]\n\n'
			printf -- '--faxes\nContent-Type: application/ISUP;version=itu-t92+\nContent-Disposition: signal;handling=optional\n\nxyz\n'
			printf -- '--faxes\nContent-Type: application/SDP\n\n%s\n--faxes--\n' "$(sdp_audio 1)"
		} | sipp_send
		provisional 100 180
		expect 200 '' '' 'm=audio [1-9]'
		ack 200
		bye 1001
	)
}

odd_cases_messages() {
	local tel
	setup odd-compact g711 < <(
		{
			echo 'INVITE sip:1001@[remote_ip]:[remote_port];user=phone SIP/2.0'
			sipp_headers INVITE 'To: <sip:1001@[remote_ip]>' | sed 's/^Via/v/; s/^From/f/; s/^To/t/; s/^Contact/m/; s/^Call-ID/i/; /^Max-F/d'
			printf 'k: timer\nc: Application/SDP\nl: [len]\n\n%s\n' "$(sdp_audio 1)"
		} | sipp_send
		provisional 100 180
		expect 200 '' '' 'm=audio [1-9]'
		ack 200
		bye 1001
	)
	setup odd-number g711 < <(
		{
			echo 'INVITE sip:1-00.1;npdi;rn=5550000@[remote_ip]:[remote_port];user=phone SIP/2.0'
			sipp_headers INVITE 'To: "Fax, \"the old one\"" <sip:1001@[remote_ip]>'
			sipp_body "$(sdp_audio 1)"
		} | sipp_send
		provisional 100 180
		expect 200 '' '' 'm=audio [1-9]'
		ack 200
		bye 1001
	)
	sipp_line odd-number "called 1001 from $caller\$"
	called odd-answer-of-183-and-200 '7001 900 16' 'cause 16 ours connected' < <(
		invited
		respond '183 Session Progress' a '' "$(sdp_audio 1 30010)"
		respond '183 Session Progress' a '' "$(sdp_audio 1 30010)"
		respond '182 Queued' a
		respond '199 Early Dialog Terminated' b
		respond '200 OK' a '' "$(sdp_audio 1 30020)"
		sipp_recv 'request="ACK"'
		hung_up
	)
	sent odd-answer-of-183-and-200 20 100 'udp.dstport == 30020'
	called odd-answer-from-another-tag '7001 700 16' 'cause 16 ours connected' < <(
		invited
		respond '180 Ringing' a
		respond '200 OK' b '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		hung_up
	)
}

odd_cases_requests() {
	local image
	image=$(sdp_t38 2 30002 "${t38_attributes[@]}")
	# They hang up while our re-INVITE is out.
	setup odd-bye-before-the-answer < <(
		call 2001
		reinvite_noted
		bye 2001
		answer_noted '487 Request Terminated'
		sipp_recv 'request="ACK"'
	)
	# Their CANCEL of a re-INVITE that is answered already.
	dialog odd-cancel-of-a-reinvite t38 < <(
		to_t38
		{
			echo 'CANCEL sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers CANCEL '[last_To:]'
			printf 'Content-Length: 0\n\n'
		} | sipp_send
		sipp_recv 'response="200"'
		to_t38
	)
	# An older CSeq (RFC 3261 12.2.2).
	dialog odd-old-cseq t38 < <(
		to_t38
		{
			echo 'INVITE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE '[last_To:]' -old 1
			sipp_body "$(sdp_audio 3)"
		} | sipp_send
		sipp_recv 'response="500"'
		{
			echo 'ACK sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers ACK '[last_To:]' -old 1
			printf 'Content-Length: 0\n\n'
		} | sipp_send
		to_t38
	)
	# A 200 without an answer to our offer.
	{
		call 2001
		reinvited 'm=image [1-9]' '200 OK'
		reinvited 'm=audio [1-9]' '200 OK' "$(sdp_audio 3)"
		pause 200
		bye 2001
	} | scenario sipp/odd-answer-without-sdp
	sipp_check odd-answer-without-sdp g711-fax
	# No Contact in an answer: the target stays.
	{
		call 2001
		sipp_recv 'request="INVITE" timeout="20000"' 'm=image [1-9]'
		{
			printf 'SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n'
			sipp_body "$image"
		} | sipp_send
		sipp_recv 'request="ACK"'
		pause 200
		bye 2001
	} | scenario sipp/odd-answer-without-contact
	sipp_check odd-answer-without-contact t38
	# They want their audio back, and hang up before it is there.
	{
		call 1001
		to_t38
		{
			echo 'INVITE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE '[last_To:]'
			sipp_body "$(sdp_audio 3)"
		} | sipp_send
		{
			echo "BYE sip:[remote_ip]:[remote_port] SIP/2.0"
			sipp_headers BYE "[last_To:]"
			printf 'Content-Length: 0\n\n'
		} | sipp_send
		provisional 100
		sipp_recv 'response="200" optional="true"'
		sipp_recv 'response="200"'
	} | scenario sipp/odd-reinvite-and-bye
	sipp_arguments=(-default_behaviors all,-abortunexp)
	sipp_check odd-reinvite-and-bye t38
	sipp_arguments=()
}
