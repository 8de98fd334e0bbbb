# SPDX-License-Identifier: GPL-2.0-only
# Scenarios of how a call from the peer comes about, or does not. Sourced by sipp.bash; the pieces are in sipp_messages.bash and dialog_cases.bash,
# what the line does with a number is in answer.h.

# setup NAME [MEDIA], the elements on stdin
setup() {
	scenario "sipp/$1"
	sipp_check "$1" "$2"
}

# expect STATUS [HEADER REGEX] [BODY-REGEX]: a response
expect() {
	echo "<recv response=\"$1\" rrs=\"true\"><action>"
	[ -z "$2" ] || echo "<ereg regexp=\"$3\" search_in=\"hdr\" header=\"$2:\" check_it=\"true\" assign_to=\"h$1\"/><log message=\"[\$h$1]\"/>"
	[ -z "$4" ] || echo "<ereg regexp=\"$4\" search_in=\"body\" check_it=\"true\" assign_to=\"b$1\"/><log message=\"[\$b$1]\"/>"
	echo '</action></recv>'
}

# The ACK of the 200 to the INVITE, whatever requests came in between.
ack_first() {
	{
		echo 'ACK sip:[remote_ip]:[remote_port] SIP/2.0'
		sipp_headers ACK "To: <sip:$1@[remote_ip]>[peer_tag_param]" -ack 1
		if [ -n "$2" ]; then sipp_body "$2"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send
}

cancel() { # NUMBER [HEADERS]
	{
		echo "CANCEL sip:$1@[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers CANCEL "To: <sip:$1@[remote_ip]>"
		[ -z "$2" ] || printf '%b\n' "$2"
		printf 'Content-Length: 0\n\n'
	} | sipp_send
}

setup_cases() {
	setup_cases_early
	setup_cases_prack
	setup_cases_cancel
	setup_cases_offers
	setup_cases_routes
	setup_cases_refused
	setup_cases_causes
}

setup_cases_early() {
	setup early-media g711 < <(
		invite 1002
		provisional 100
		expect 183 Contact sip: 'm=audio [1-9]'
		expect 200 Allow PRACK 'm=audio [1-9]'
		ack 200
		bye 1002
	)
	setup ringing g711 < <(
		invite 1004
		provisional 100
		expect 180
		expect 200 '' '' 'm=audio [1-9]'
		ack 200
		bye 1004
	)
	# We hang up: with the line's own cause.
	setup line-hangs-up g711 < <(
		call 1005
		sipp_hung_up 16
	)
}

# Their BYE with Reason CAUSE, answered.
sipp_hung_up() { # CAUSE
	cat <<-X
		<recv request="BYE"><action>
		<ereg regexp="Q.850;cause=$1;" search_in="hdr" header="Reason:" check_it="true" assign_to="reason"/><log message="[\$reason]"/>
		</action></recv>
	X
	reply '200 OK'
}

# The PRACK of the response that has just come.
prack() { # NUMBER [BODY] [STATUS]
	{
		echo 'PRACK sip:[remote_ip]:[remote_port] SIP/2.0'
		sipp_headers PRACK "To: <sip:$1@[remote_ip]>[peer_tag_param]" -prack
		echo 'RAck: [$rseq] 1 INVITE'
		if [ -n "$2" ]; then sipp_body "$2"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send 'retrans="500"'
	sipp_recv "response=\"${3:-200}\""
}

reliable() { # STATUS [BODY-REGEX]
	cat <<-X
		<recv response="$1" rrs="true"><action>
		<ereg regexp="100rel" search_in="hdr" header="Require:" check_it="true" assign_to="require"/><log message="[\$require]"/>
		<ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="true" assign_to="rseq"/>
		<ereg regexp="${2:-.*}" search_in="body" check_it="true" assign_to="sdp"/><log message="[\$sdp]"/>
		</action></recv>
	X
}

setup_cases_prack() {
	setup prack g711 < <(
		invite 1002 'Require: 100rel'
		provisional 100
		reliable 183 'm=audio [1-9]'
		prack 1002
		sipp_recv 'response="200"'
		ack_first 1002
		bye 1002
	)
	setup prack-of-the-ringing g711 < <(
		invite 1004 'Require: 100rel'
		provisional 100
		reliable 180
		prack 1004
		sipp_recv 'response="200"' 'm=audio [1-9]'
		ack_first 1004
		bye 1004
	)
	setup prack-with-the-answer g711 < <(
		invite 1002 'Require: 100rel' -
		provisional 100
		reliable 183 'm=audio [1-9]'
		prack 1002 "$(sdp_audio 1)"
		sipp_recv 'response="200"'
		ack_first 1002
		bye 1002
	)
	setup prack-with-an-offer g711 < <(
		invite 1002 'Require: 100rel'
		provisional 100
		reliable 183 'm=audio [1-9]'
		prack 1002 "$(sdp_audio 2 30004)"
		sipp_recv 'response="200"'
		ack_first 1002
		bye 1002
	)
	setup prack-and-update-with-an-offer g711 < <(
		invite 1002 'Require: 100rel'
		provisional 100
		reliable 183 'm=audio [1-9]'
		prack 1002
		{
			echo 'UPDATE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers UPDATE "To: <sip:1002@[remote_ip]>[peer_tag_param]"
			sipp_body "$(sdp_audio 2 30004)"
		} | sipp_send
		sipp_recv 'response="200"' 'm=audio [1-9]'
		sipp_recv 'response="200"'
		ack_first 1002
		bye 1002
	)
	setup prack-of-nothing g711 < <(
		invite 1002
		provisional 100
		expect 183
		echo '<nop><action><assignstr assign_to="rseq" value="1"/></action></nop>'
		prack 1002 '' 481
		sipp_recv 'response="200"' 'm=audio [1-9]'
		ack_first 1002
		bye 1002
	)
}

setup_cases_cancel() {
	setup cancel-at-once < <(
		invite 1003
		sipp_recv 'response="100"'
		cancel 1003
		provisional 180
		sipp_recv 'response="200"'
		sipp_recv 'response="487"'
		ack 487
	)
	sipp_record cancel-at-once 'cleared-by=peer sip=487 '
	setup cancel-of-the-ringing < <(
		invite 1003
		provisional 100
		sipp_recv 'response="180"'
		cancel 1003 'Reason: Q.850;cause=31;text="enough"'
		sipp_recv 'response="200"'
		sipp_recv 'response="487"'
		ack 487
	)
	sipp_record cancel-of-the-ringing 'cause=31[(].*cleared-by=peer'
	# Nobody acknowledges the 487: it comes again. (-nr: sipp is to count it each time.)
	sipp_arguments=(-nr)
	setup cancel-487-lost < <(
		invite 1003
		provisional 100
		sipp_recv 'response="180"'
		cancel 1003
		sipp_recv 'response="200"'
		sipp_recv 'response="487"'
		sipp_recv 'response="487"'
		sipp_recv 'response="487"'
		ack 487
	)
	sipp_arguments=()
	# It crosses the 200: the call is up, and ends with BYE (RFC 3261 9.2).
	setup cancel-crosses-the-200 g711 < <(
		call 1001
		cancel 1001
		sipp_recv 'response="200"'
		pause 100
		bye 1001
	)
	setup cancel-of-nothing < <(
		cancel 1001
		sipp_recv 'response="481"'
	)
	# RFC 3261 15: the caller may hang up an early dialog with BYE too.
	setup bye-of-the-ringing < <(
		invite 1003
		provisional 100
		expect 180
		{
			echo 'BYE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers BYE "To: <sip:1003@[remote_ip]>[peer_tag_param]" -bye
			printf 'Content-Length: 0\n\n'
		} | sipp_send
		sipp_recv 'response="200"'
		sipp_recv 'response="487"'
		ack_first 1003 | sed 's/-[[]cseq]-ack/-1/'
	)
}

setup_cases_offers() {
	local image="$(sdp_t38 1 30002 "${t38_attributes[@]}")" both
	setup invite-offerless g711 < <(
		invite 1001 '' -
		provisional 100 180
		expect 200 '' '' 'm=audio [1-9]'
		ack_first 1001 "$(sdp_audio 1)"
		pause 100
		bye 1001
	)
	# The answer in the ACK is missing: there is no call.
	setup invite-offerless-unanswered < <(
		invite 1001 '' -
		provisional 100 180
		expect 200 '' '' 'm=audio [1-9]'
		ack_first 1001
		sipp_hung_up 88
	)
	setup invite-image t38 < <(
		invite 1001 '' "$image"
		provisional 100 180
		expect 200 '' '' 'm=image [1-9]'
		ack 200
		pause 100
		bye 1001
	)
	both=$(sdp_audio 1; sed -n '/^[ma]=/p' <<<"$image")
	setup invite-audio-and-image g711 < <(
		invite 1001 '' "$both"
		provisional 100 180
		expect 200 '' '' 'm=audio [1-9].*m=image 0'
		ack 200
		bye 1001
	)
	both=$(echo "$image"; sdp_audio 1 | sed -n '/^[ma]=/p')
	setup invite-image-and-audio g711 < <(
		invite 1001 '' "$both"
		provisional 100 180
		expect 200 '' '' 'm=image 0.*m=audio [1-9]'
		ack 200
		bye 1001
	)
	# Before our 200 is acknowledged, and before it is sent at all.
	setup reinvite-before-the-ack g711 < <(
		invite 1001
		provisional 100 180
		expect 200
		reinvite "$(sdp_audio 2)" 491
		ack_first 1001
		bye 1001
	)
	setup reinvite-before-the-200 g711 < <(
		invite 1004
		provisional 100
		expect 180
		{
			echo 'INVITE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE "To: <sip:1004@[remote_ip]>[peer_tag_param]"
			sipp_body "$(sdp_audio 2)"
		} | sipp_send
		expect 500 Retry-After '[0-9]'
		ack 500
		sipp_recv 'response="200"' 'm=audio [1-9]'
		ack_first 1004
		bye 1004
	)
	setup update-before-the-200 g711 < <(
		invite 1004
		provisional 100
		expect 180
		{
			echo 'UPDATE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers UPDATE "To: <sip:1004@[remote_ip]>[peer_tag_param]"
			printf 'Content-Length: 0\n\n'
		} | sipp_send
		sipp_recv 'response="200"'
		sipp_recv 'response="200"' 'm=audio [1-9]'
		ack_first 1004
		bye 1004
	)
}

# What we send goes by the Record-Route of theirs: our BYE, by way of sipp.
hung_up_by_way() { # ROUTE URI
	cat <<-X
		<recv request="BYE"><action>
		<ereg regexp="Route: $1" search_in="msg" check_it="true" assign_to="route"/><log message="[\$route]"/>
		<ereg regexp="BYE $2 " search_in="msg" check_it="true" assign_to="uri"/><log message="[\$uri]"/>
		</action></recv>
	X
	reply '200 OK'
}

setup_cases_routes() {
	setup route-loose g711 < <(
		call 1005 'Record-Route: <sip:[local_ip]:[local_port];lr>\nRecord-Route: <sip:192.0.2.1;lr>'
		hung_up_by_way '&lt;sip:127[.]0[.]0[.]3:5070;lr>.*Route: &lt;sip:192[.]0[.]2[.]1;lr>' 'sip:[0-9]+@127[.]0[.]0[.]3:5070'
	)
	setup route-strict g711 < <(
		call 1005 'Record-Route: <sip:[local_ip]:[local_port]>\nRecord-Route: <sip:192.0.2.1;lr>'
		hung_up_by_way '&lt;sip:192[.]0[.]2[.]1;lr>.*Route: &lt;sip:[0-9]+@127[.]0[.]0[.]3:5070>' 'sip:127[.]0[.]0[.]3:5070'
	)
	# We are where the call ends: nothing is forwarded (RFC 3261 16.3 is a proxy's).
	setup max-forwards-0 g711 < <(
		{
			echo 'INVITE sip:1001@[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE 'To: <sip:1001@[remote_ip]>' | sed 's/^Max-Forwards: .*/Max-Forwards: 0/'
			sipp_body "$(sdp_audio 1)"
		} | sipp_send
		provisional 100 180 183
		expect 200
		ack 200
		bye 1001
	)
	setup calling-restricted < <(call 1001 'Privacy: id'; bye 1001)
	setup diverted < <(call 1001 'Diversion: <sip:5559999@[local_ip]>;reason=no-answer;counter=1'; bye 1001)
	setup history < <(
		call 1001 'History-Info: <sip:5558888@[local_ip]>;index=1,<sip:1001@[remote_ip];cause=408>;index=1.1'
		bye 1001
	)
	sipp_line calling-restricted 'called 1001 from [0-9-]* restricted'
	sipp_line diverted 'called 1001 from [0-9]* redirected 5559999 reason 2'
	sipp_line history 'called 1001 from [0-9]* redirected 5558888 reason 2'
}

# sipp_line NAME REGEX: the line was told so
sipp_line() {
	if wait_for "$work/sipp/line.out" "^$2" 5; then ok; else sipp_not_ok "$1" "the line was not told $2"; fi
}

# refused NAME STATUS HEADER REGEX, the INVITE on stdin
refused() {
	setup "$1" < <(
		cat
		provisional 100
		expect "$2" "$3" "$4"
		ack "$2"
	)
}

setup_cases_refused() {
	refused accept-nothing-of-ours 406 Accept application/sdp < <(invite 1001 'Accept: text/nobody')
	refused body-of-another-kind 415 Accept application/sdp < <(invite 1001 | sed 's/application.sdp/text\/plain/')
	refused body-broken 400 Warning SDP < <(invite 1001 '' nonsense)
	refused media-of-another-kind 488 '' '' < <(invite 1001 '' "$(sdp_head 1; echo 'm=video 30000 RTP/AVP 34')")
	refused nobody-has-this-number 404 Reason 'Q.850;cause=' < <(invite 7001)
	refused version-7 505 '' '' < <(invite 1001 | sed '/^INVITE/s/SIP.2.0/SIP\/7.0/')
	refused scheme-of-another-kind 416 '' '' < <(invite 1001 | sed 's/^INVITE sip:/INVITE h323:/')
	local method
	for method in REFER INFO MESSAGE SUBSCRIBE NOTIFY PUBLISH; do
		outside "outside-a-call-${method,,}" $method 405
	done
	outside outside-a-call-unknown DANCE 501
}

outside() { # NAME METHOD STATUS
	setup "$1" < <(
		{
			echo "$2 sip:1001@[remote_ip]:[remote_port] SIP/2.0"
			sipp_headers $2 'To: <sip:1001@[remote_ip]>'
			printf 'Content-Length: 0\n\n'
		} | sipp_send
		expect "$3" Allow INVITE
	)
}

# RFC 3398 7.2.4.1, and what it leaves open (gateway/call/cause.h): the line refuses with a cause, the peer hears a status and the cause.
sipp_causes="1:404 2:404 3:404 17:486 18:408 19:480 20:480 21:403 22:410 23:410 26:404 27:502 28:484 29:501 31:480 34:503 38:503 41:503 42:503
	47:503 55:403 57:403 58:503 65:488 70:488 79:501 87:403 88:503 102:504 111:500 127:500"

setup_cases_causes() {
	local pair
	for pair in $sipp_causes; do
		refused "cause-${pair%:*}" ${pair#*:} Reason "Q.850;cause=${pair%:*};" < <(invite "1$(printf '9%03d' ${pair%:*})")
	done
}
