# SPDX-License-Identifier: GPL-2.0-only
# The pieces of a scenario for sipp. Each writes its element; a scenario is their sequence. Sourced by sipp.bash.
#
# An answer can be checked: EXPECT is a regular expression that its body must match (over all lines: sipp's are extended POSIX).

# The ACK of a refusal belongs to the INVITE's transaction and has its branch, that of a 200 has another (RFC 3261 17.1.1.3, 13.2.2.4).
# [caller] is given to sipp with -key.
sipp_headers() { # METHOD TO-HEADER [BRANCH-SUFFIX] [CSEQ]
	cat <<-E
		Via: SIP/2.0/UDP [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-[cseq]$3
		Max-Forwards: 70
		From: <sip:[caller]@[local_ip]>;tag=[call_number]
		$2
		Contact: <sip:5550100@[local_ip]:[local_port]>
		Call-ID: [call_id]
		CSeq: ${4:-[cseq]} $1
	E
}

sdp_head() { # VERSION [ADDRESS]
	printf 'v=0\no=- 1 %s IN IP4 [local_ip]\ns=-\nc=IN IP4 %s\nt=0 0\n' "$1" "${2:-[local_ip]}"
}

sdp_audio() { # VERSION [PORT]
	sdp_head "$1"
	printf 'm=audio %s RTP/AVP 8\na=rtpmap:8 PCMA/8000\n' "${2:-30000}"
}

sipp_body() { # BODY
	printf 'Content-Type: application/sdp\nContent-Length: [len]\n\n%s\n' "$1"
}

sipp_send() { # [RETRANS-ATTRIBUTE], the message on stdin
	printf '<send%s><![CDATA[\n' "${1:+ $1}"
	cat
	printf '\n]]></send>\n'
}

sipp_recv() { # WHAT [EXPECT]
	if [ -z "$2" ]; then
		echo "<recv $1/>"
		return
	fi
	cat <<-E
		<recv $1><action>
		<ereg regexp="$2" search_in="body" check_it="true" assign_to="body"/><log message="[\$body]"/>
		</action></recv>
	E
}

scenario() { # FOLDER/NAME, the elements on stdin; into $work/FOLDER/NAME.xml
	{
		printf '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="%s">\n' "$1"
		cat
		printf '</scenario>\n'
	} >"$work/$1.xml"
}

ack() { # STATUS
	local suffix=-ack
	[ "$1" = 200 ] || suffix=
	{
		echo "ACK sip:[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers ACK '[last_To:]' $suffix
		printf 'Content-Length: 0\n\n'
	} | sipp_send
}

# An INVITE with HEADERS and BODY; "-": without one.
invite() { # NUMBER [HEADERS] [BODY]
	{
		echo "INVITE sip:$1@[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers INVITE "To: <sip:$1@[remote_ip]>"
		[ -z "$2" ] || printf '%b\n' "$2"
		if [ "$3" = - ]; then printf 'Content-Length: 0\n\n'; else sipp_body "${3:-$(sdp_audio 1)}"; fi
	} | sipp_send 'retrans="500"'
}

provisional() {
	local code
	for code in "$@"; do sipp_recv "response=\"$code\" optional=\"true\""; done
}

# A call in G.711 to NUMBER, answered.
call() { # NUMBER [HEADERS]
	invite "$1" "$2"
	provisional 100 180 183
	sipp_recv 'response="200" rrs="true"' 'm=audio [1-9]'
	ack 200
}

# A re-INVITE with BODY; its final answer has to be STATUS and to match EXPECT.
reinvite() { # BODY STATUS [EXPECT]
	{
		echo "INVITE sip:[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers INVITE '[last_To:]'
		sipp_body "$1"
	} | sipp_send 'retrans="500"'
	sipp_recv 'response="100" optional="true"'
	sipp_recv "response=\"$2\"" "$3"
	ack "$2"
}

# Their re-INVITE, which must match EXPECT, answered with STATUS and, if there is one, BODY.
reinvited() { # EXPECT "STATUS REASON" [BODY] [LATE_MS]
	sipp_recv 'request="INVITE" timeout="20000"' "$1"
	reply '100 Trying'
	[ -z "$4" ] || echo "<pause milliseconds=\"$4\"/>"
	reply "$2" "$3" 'retrans="500"'
	sipp_recv 'request="ACK"'
}

reply() { # "STATUS REASON" [BODY] [RETRANS]
	{
		printf 'SIP/2.0 %s\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n' "$1"
		echo 'Contact: <sip:5550100@[local_ip]:[local_port]>'
		if [ -n "$2" ]; then sipp_body "$2"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send "$3"
}

pause() { echo "<pause milliseconds=\"$1\"/>"; }

# We hang up. After requests of theirs [last_To:] would be the wrong one.
bye() { # NUMBER
	{
		echo "BYE sip:[remote_ip]:[remote_port] SIP/2.0"
		sipp_headers BYE "To: <sip:$1@[remote_ip]>[peer_tag_param]"
		printf 'Content-Length: 0\n\n'
	} | sipp_send 'retrans="500"'
	sipp_recv 'response="200"'
}
