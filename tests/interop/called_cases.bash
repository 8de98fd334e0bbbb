# SPDX-License-Identifier: GPL-2.0-only
# Scenarios of calls from the line: sipp is the peer that is called. Sourced by sipp.bash; the pieces are in sipp_messages.bash and
# setup_cases.bash, what the line does is in answer.h.

# called NAME "NUMBER AFTER_MS CAUSE [...]" GONE [WORDS], the elements on stdin: see sipp_called
called() {
	scenario "sipp/$1"
	sipp_called "$@"
}

# Their INVITE, in which each HEADER has to match its REGEX. The HEADER "!": no line may match.
invited() { # [HEADER REGEX]...
	local n=0
	echo '<recv request="INVITE"><action>'
	echo '<ereg regexp="branch=[a-zA-Z0-9]+" search_in="hdr" header="Via:" check_it="true" assign_to="branch"/><log message="[$branch]"/>'
	echo '<ereg regexp="tag=[0-9a-f]+" search_in="hdr" header="From:" check_it="true" assign_to="tag"/><log message="[$tag]"/>'
	while [ $# -gt 1 ]; do
		n=$((n + 1))
		if [ "$1" = ! ]; then
			echo "<ereg regexp=\"$2\" search_in=\"msg\" check_it_inverse=\"true\" assign_to=\"i$n\"/><log message=\"[\$i$n]\"/>"
		else
			echo "<ereg regexp=\"$2\" search_in=\"hdr\" header=\"$1:\" check_it=\"true\" assign_to=\"i$n\"/><log message=\"[\$i$n]\"/>"
		fi
		shift 2
	done
	echo '</action></recv>'
}

# respond "STATUS REASON" [TAG] [HEADERS] [BODY] [METHOD]: to what came last; or, of another METHOD, to the INVITE behind it
respond() {
	{
		printf 'SIP/2.0 %s\n[last_Via:]\n[last_From:]\n[last_To:]%s\n[last_Call-ID:]\n' "$1" "${2:+;tag=$2}"
		if [ -n "$5" ]; then echo "CSeq: $5"; else echo '[last_CSeq:]'; fi
		echo "Contact: <sip:[caller]@[local_ip]:[local_port]>"
		[ -z "$3" ] || printf '%b\n' "$3"
		if [ -n "$4" ]; then sipp_body "$4"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send
}

# hung_up [CAUSE]: they hang up
hung_up() {
	sipp_hung_up "${1:-16}"
}

called_cases() {
	called_cases_answered
	called_cases_reinvited
	called_cases_forked
	called_cases_cancelled
	called_cases_refused
	called_cases_refused_late
	called_cases_again
	called_cases_named
	called_cases_statuses
	called_cases_late
}

called_cases_answered() {
	called called-answered '7001 600 16' 'cause 16 ours connected' 'media=g711 ' < <(
		invited Allow PRACK Contact '[+]sip.fax=.t38.' ! 'X-Faxspan|P-Asserted-Identity|Privacy'
		respond '100 Trying'
		respond '180 Ringing' a
		respond '200 OK' a '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		hung_up
	)
	called called-early-media '7001 600 16' 'cause 16 ours connected' < <(
		invited
		respond '183 Session Progress' a '' "$(sdp_audio 1)"
		pause 200
		respond '200 OK' a '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		hung_up
	)
	called called-prack '7001 800 16' 'cause 16 ours connected' < <(
		invited
		respond '183 Session Progress' a 'Require: 100rel\nRSeq: 77' "$(sdp_audio 1)"
		cat <<-X
			<recv request="PRACK"><action>
			<ereg regexp="77 1 INVITE" search_in="hdr" header="RAck:" check_it="true" assign_to="rack"/><log message="[\$rack]"/>
			</action></recv>
		X
		respond '200 OK'
		{
			printf 'SIP/2.0 200 OK\nVia: SIP/2.0/UDP [remote_ip]:[remote_port];[$branch]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n'
			printf 'CSeq: 1 INVITE\nContact: <sip:[caller]@[local_ip]:[local_port]>\nContent-Length: 0\n\n'
		} | sipp_send
		sipp_recv 'request="ACK"'
		hung_up
	)
	# The 200 comes again until the ACK does; each gets one.
	sipp_arguments=(-nr)
	called called-ack-lost '7001 900 16' 'cause 16 ours connected' < <(
		invited
		respond '200 OK' a '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		{
			printf 'SIP/2.0 200 OK\nVia: SIP/2.0/UDP [remote_ip]:[remote_port];[$branch]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n'
			printf 'CSeq: 1 INVITE\nContact: <sip:[caller]@[local_ip]:[local_port]>\n'
			sipp_body "$(sdp_audio 1)"
		} | sipp_send
		sipp_recv 'request="ACK"'
		hung_up
	)
	sipp_arguments=()
	# What cannot be used is acknowledged and ended.
	called called-without-sdp '7001 0 16' 'cause 88 theirs not' < <(
		invited
		respond '200 OK' a
		sipp_recv 'request="ACK"'
		hung_up 88
	)
	called called-declined '7001 0 16' 'cause 88 theirs not' < <(
		invited
		respond '200 OK' a '' "$(sdp_audio 1 0)"
		sipp_recv 'request="ACK"'
		hung_up 88
	)
	# They hang up, and say why.
	called called-hung-up '7001 0 16' 'cause 31 theirs connected' 'cause=31[(].*cleared-by=peer' < <(
		invited
		respond '200 OK' a '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		pause 100
		{
			printf 'BYE sip:[remote_ip]:[remote_port] SIP/2.0\nVia: SIP/2.0/UDP [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-bye\n'
			printf 'Max-Forwards: 70\nFrom: <sip:7001@[local_ip]:5070>;tag=a\nTo: <sip:[caller]@[remote_ip]>;[$tag]\n'
			printf 'Call-ID: [call_id]\nCSeq: 1 BYE\nReason: Q.850;cause=31\nContent-Length: 0\n\n'
		} | sipp_send
		sipp_recv 'response="200"'
	)
}

# theirs METHOD BRANCH-SUFFIX CSEQ [BODY]: a request of the called side within the dialog of tag a
theirs() {
	{
		printf '%s sip:[remote_ip]:[remote_port] SIP/2.0\n' $1
		printf 'Via: SIP/2.0/UDP [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-%s\n' "$2"
		printf 'Max-Forwards: 70\nFrom: <sip:7001@[local_ip]:5070>;tag=a\nTo: <sip:[caller]@[remote_ip]>;[$tag]\n'
		printf 'Contact: <sip:[caller]@[local_ip]:[local_port]>\nCall-ID: [call_id]\nCSeq: %s %s\n' "$3" $1
		if [ -n "$4" ]; then sipp_body "$4"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send
}

# The response to the INVITE that came first, whatever has come since.
respond_first() { # "STATUS REASON" [BODY]
	{
		printf 'SIP/2.0 %s\nVia: SIP/2.0/UDP [remote_ip]:[remote_port];[$branch]\n' "$1"
		printf 'From: <sip:[caller]@[remote_ip]>;[$tag]\nTo: <sip:7001@[local_ip]:5070>;tag=a\n'
		printf 'Call-ID: [call_id]\nCSeq: 1 INVITE\nContact: <sip:[caller]@[local_ip]:[local_port]>\n'
		if [ -n "$2" ]; then sipp_body "$2"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send
}

# The called side asks for T.38 too early: before its own 200, or behind it before our ACK is there.
called_cases_reinvited() {
	local image="$(sdp_t38 2 30002 "${t38_attributes[@]}")"
	called called-t38-before-the-200 '7001 1200 16' 'cause 16 ours connected' 'media=t38 ' < <(
		invited
		respond '180 Ringing' a
		theirs INVITE early 1 "$image"
		provisional 100
		sipp_recv 'response="491"'
		theirs ACK early 1
		respond_first '200 OK' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		theirs INVITE again 2 "$image"
		provisional 100
		sipp_recv 'response="200"' 'm=image [1-9]'
		theirs ACK again-ack 2
		hung_up
	)
	# Our ACK comes when it comes: sipp is not to mind it.
	sipp_arguments=(-default_behaviors all,-abortunexp)
	called called-t38-before-the-ack '7001 1200 16' 'cause 16 ours connected' 'media=t38 ' < <(
		invited
		respond '200 OK' a '' "$(sdp_audio 1)"
		theirs INVITE soon 1 "$image"
		provisional 100
		sipp_recv 'response="200"' 'm=image [1-9]'
		theirs ACK soon-ack 1
		hung_up
	)
	sipp_arguments=()
}

# Two branches: each has its early dialog, and the second takes the call.
called_cases_forked() {
	called called-forked '7001 700 16' 'cause 16 ours connected' < <(
		invited
		respond '180 Ringing' one
		respond '183 Session Progress' two '' "$(sdp_audio 1 30010)"
		respond '200 OK' two '' "$(sdp_audio 1)"
		cat <<-X
			<recv request="ACK"><action>
			<ereg regexp=";tag=two" search_in="hdr" header="To:" check_it="true" assign_to="to"/><log message="[\$to]"/>
			</action></recv>
		X
		hung_up
	)
	# Both take it: the second is acknowledged and ended (RFC 3261 13.2.2.4), the first is the call.
	called called-forked-twice '7001 900 16' 'cause 16 ours connected' < <(
		invited
		respond '200 OK' one '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		{
			printf 'SIP/2.0 200 OK\nVia: SIP/2.0/UDP [remote_ip]:[remote_port];[$branch]\n[last_From:]\nTo: <sip:7001@[local_ip]:5070>;tag=two\n'
			printf '[last_Call-ID:]\nCSeq: 1 INVITE\nContact: <sip:[caller]@[local_ip]:[local_port]>\n'
			sipp_body "$(sdp_audio 1)"
		} | sipp_send
		for method in ACK BYE; do
			cat <<-X
				<recv request="$method"><action>
				<ereg regexp=";tag=two" search_in="hdr" header="To:" check_it="true" assign_to="$method"/><log message="[\$$method]"/>
				</action></recv>
			X
		done
		reply '200 OK'
		cat <<-X
			<recv request="BYE"><action>
			<ereg regexp=";tag=one" search_in="hdr" header="To:" check_it="true" assign_to="to"/><log message="[\$to]"/>
			</action></recv>
		X
		reply '200 OK'
	)
}

# Their CANCEL with the line's cause, answered; the 487 after it.
cancelled() { # [CAUSE]
	cat <<-X
		<recv request="CANCEL"><action>
		<ereg regexp="Q.850;cause=${1:-16};" search_in="hdr" header="Reason:" check_it="true" assign_to="reason"/><log message="[\$reason]"/>
		</action></recv>
	X
	respond '200 OK' a
}

called_cases_cancelled() {
	# Not before there is a response (RFC 3261 9.1).
	called called-cancelled-before-100 '7001 100 16' 'cause 16 ours not' < <(
		invited
		pause 400
		respond '100 Trying'
		cancelled
		respond '487 Request Terminated' a '' '' '1 INVITE'
		sipp_recv 'request="ACK"'
	)
	called called-cancelled-ringing '7001 300 17' 'cause 17 ours alerted' < <(
		invited
		respond '180 Ringing' a
		cancelled 17
		respond '487 Request Terminated' a '' '' '1 INVITE'
		sipp_recv 'request="ACK"'
	)
	# The 200 has crossed the CANCEL: ACK and BYE.
	called called-cancel-crosses-the-200 '7001 300 16' 'cause 16 ours alerted' < <(
		invited
		respond '180 Ringing' a
		cancelled
		respond '200 OK' a '' "$(sdp_audio 1)" '1 INVITE'
		sipp_recv 'request="ACK"'
		hung_up
	)
	# The 487 never comes, nor anything at all: the line is free all the same.
	called called-487-lost '7001 300 16' 'cause 16 ours alerted' < <(
		invited
		respond '180 Ringing' a
		cancelled
	)
}

# A response so late that the call is long gone: it is cancelled all the same.
called_cases_late() {
	called called-silent '7001 300 16' 'cause 16 ours not' < <(
		invited
		pause 6500
		respond '180 Ringing' a
		sipp_recv 'request="CANCEL"'
		respond '200 OK' a
		respond '487 Request Terminated' a '' '' '1 INVITE'
		sipp_recv 'request="ACK"'
	)
}

called_cases_refused() {
	# We are no proxy: another target is the caller's business.
	called called-elsewhere '7001 0 16' 'cause 31 theirs not' 'sip=302 ' < <(
		invited
		respond '302 Moved Temporarily' a 'Contact: <sip:7002@192.0.2.1>'
		sipp_recv 'request="ACK"'
	)
	# The Reason says more than the status.
	called called-reason '7001 0 16' 'cause 27 theirs not' < <(
		invited
		respond '480 Temporarily Unavailable' a 'Reason: Q.850;cause=27;text="destination out of order"'
		sipp_recv 'request="ACK"'
	)
	called called-refused-after-ringing '7001 0 16' 'cause 17 theirs alerted' < <(
		invited
		respond '180 Ringing' a
		respond '486 Busy Here' a '' '' '1 INVITE'
		sipp_recv 'request="ACK"'
	)
}

# They have let the line hear something, and refuse: one branch, and two.
called_cases_refused_late() {
	called called-refused-after-early-media '7001 0 16' 'cause 21 theirs alerted' < <(
		invited
		respond '180 Ringing' a
		respond '183 Session Progress' a '' "$(sdp_audio 1)"
		pause 100
		respond '603 Decline' a '' '' '1 INVITE'
		sipp_recv 'request="ACK"'
	)
	called called-forked-refused '7001 0 16' 'cause 17 theirs alerted' < <(
		invited
		respond '180 Ringing' one
		respond '180 Ringing' two
		respond '486 Busy Here' three '' '' '1 INVITE'
		sipp_recv 'request="ACK"'
	)
}

# A refusal that says how the INVITE would be welcome.
called_cases_again() {
	called called-422 '7001 600 16' 'cause 16 ours connected' < <(
		invited Session-Expires '1800'
		respond '422 Session Interval Too Small' a 'Min-SE: 7200'
		sipp_recv 'request="ACK"'
		invited Session-Expires '7200' Min-SE '7200'
		respond '200 OK' b '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		hung_up
	)
	called called-challenged '7001 600 16' 'cause 16 ours connected' < <(
		invited
		respond '407 Proxy Authentication Required' a 'Proxy-Authenticate: Digest realm="x", nonce="1", qop="auth", algorithm=MD5'
		sipp_recv 'request="ACK"'
		invited Proxy-Authorization 'username=.fax., realm=.x., nonce=.1.'
		respond '200 OK' b '' "$(sdp_audio 1)"
		sipp_recv 'request="ACK"'
		cat <<-X
			<recv request="BYE"><action>
			<ereg regexp="nc=0000000[2-9]" search_in="hdr" header="Proxy-Authorization:" check_it="true" assign_to="nc"/><log message="[\$nc]"/>
			</action></recv>
		X
		reply '200 OK'
	)
	# RFC 8760: the stronger of two; and a nonce that is too old (RFC 7616 3.3).
	called called-challenged-sha-256 '7001 0 16' 'cause 17 theirs not' < <(
		invited
		respond '401 Unauthorized' a 'WWW-Authenticate: Digest realm="x", nonce="2", qop="auth", algorithm=SHA-256\nWWW-Authenticate: Digest realm="x", nonce="1", algorithm=MD5'
		sipp_recv 'request="ACK"'
		invited Authorization 'nonce=.2., .*response=.[0-9a-f]{64}.'
		respond '486 Busy Here' b
		sipp_recv 'request="ACK"'
	)
	called called-challenged-stale '7001 0 16' 'cause 17 theirs not' < <(
		invited
		respond '401 Unauthorized' a 'WWW-Authenticate: Digest realm="x", nonce="1", qop="auth"'
		sipp_recv 'request="ACK"'
		invited Authorization 'nonce=.1.'
		respond '401 Unauthorized' b 'WWW-Authenticate: Digest realm="x", nonce="2", qop="auth", stale=TRUE'
		sipp_recv 'request="ACK"'
		invited Authorization 'nonce=.2.'
		respond '486 Busy Here' c
		sipp_recv 'request="ACK"'
	)
	called called-challenged-in-vain '7001 0 16' 'cause 21 theirs not' 'sip=401 ' < <(
		local i
		for i in 1 2 3 4; do
			invited
			respond '401 Unauthorized' a "WWW-Authenticate: Digest realm=\"x\", nonce=\"$i\", algorithm=MD5"
			sipp_recv 'request="ACK"'
		done
	)
}

called_cases_named() {
	called called-by-restricted '7001 0 16 restricted' 'cause 17' < <(
		invited From anonymous Privacy id
		respond '486 Busy Here' a
		sipp_recv 'request="ACK"'
	)
	called called-diverted '7001 0 16 redirected 5559999' 'cause 17' < <(
		invited Diversion '5559999@.*reason=no-answer'
		respond '486 Busy Here' a
		sipp_recv 'request="ACK"'
	)
}

# RFC 3398 8.2.6.1, and what it leaves open (gateway/call/cause.h): they refuse with a status, the line hears a cause.
sipp_statuses="400:41 402:21 403:21 404:1 405:63 406:79 408:102 410:22 413:127 414:127 415:79 416:127 420:127 421:127 423:127 480:18 481:41 482:25
	483:25 484:28 485:1 486:17 487:16 488:65 500:41 501:79 502:38 503:41 504:102 505:127 513:127 600:17 603:21 604:1 606:65"

called_cases_statuses() {
	local pair
	for pair in $sipp_statuses; do
		called "called-status-${pair%:*}" '7001 0 16' "cause ${pair#*:} theirs not" < <(
			invited
			respond "${pair%:*} No" a
			sipp_recv 'request="ACK"'
		)
	done
}
