# SPDX-License-Identifier: GPL-2.0-only
# Scenarios that take a minute, for a session timer is no shorter (RFC 4028 5), or wait for RTCP: they run beside the others, from ports of their own and on a span
# of their own. Sourced by sipp.bash.

slow_names=() slow_callers=() slow_words=()

# slow NAME WORDS, the elements on stdin
slow() {
	scenario "sipp/$1"
	sipp_next_caller
	# Its status goes to a file: the shell forgets a child's when another process gets its number, of which there are not many.
	{ sipp_port=$((5081 + ${#slow_names[@]})) sipp_call "$1"; echo "status $?" >"$work/sipp/$1.status"; } &
	slow_names+=("$1")
	slow_callers+=($caller)
	slow_words+=("$2")
}

# They refresh, in a request that matches REGEX; we agree.
refreshed() { # METHOD REGEX [BODY]
	cat <<-X
		<recv request="$1" timeout="70000"><action>
		<ereg regexp="Session-Expires: *90;refresher=uac" search_in="msg" check_it="true" assign_to="terms"/><log message="[\$terms]"/>
		<ereg regexp="$2" search_in="msg" check_it="true" assign_to="what"/><log message="[\$what]"/>
		</action></recv>
	X
	{
		printf 'SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n'
		printf 'Contact: <sip:[caller]@[local_ip]:[local_port]>\nRequire: timer\nSession-Expires: 90;refresher=uac\n'
		if [ -n "$3" ]; then sipp_body "$3"; else printf 'Content-Length: 0\n\n'; fi
	} | sipp_send
}

slow_begin() {
	local image="$(sdp_t38 2 30002 "${t38_attributes[@]}")"
	slow refresh-by-update media=g711 < <(
		call 3001 'Supported: timer\nSession-Expires: 90;refresher=uas\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE'
		refreshed UPDATE 'Content-Length: *0'
		pause 200
		bye 3001
	)
	# In mid-fax: the image again, and the same version of it.
	slow refresh-in-mid-fax-by-us media=t38 < <(
		call 3001 'Supported: timer\nSession-Expires: 90;refresher=uas\nAllow: INVITE, ACK, BYE, CANCEL'
		{
			echo 'INVITE sip:[remote_ip]:[remote_port] SIP/2.0'
			sipp_headers INVITE '[last_To:]'
			printf 'Supported: timer\nSession-Expires: 90;refresher=uas\n'
			sipp_body "$image"
		} | sipp_send 'retrans="500"'
		provisional 100
		sipp_recv 'response="200"' 'o=[^ ]* [0-9]+ 2 .*m=image [1-9]'
		ack 200
		refreshed INVITE 'o=[^ ]* [0-9]+ 2 .*m=image [1-9]' "$image"
		sipp_recv 'request="ACK"'
		pause 200
		bye 3001
	)
	# Nobody refreshes: the call is cleared before its time is up (section 10).
	slow refresh-missing 'cause=102[(]' < <(
		call 3001 'Supported: timer\nSession-Expires: 90;refresher=uac'
		sipp_recv 'request="BYE" timeout="70000"'
		reply '200 OK'
	)
	# A PRACK that never comes.
	slow prack-missing 'sip=504 ' < <(
		invite 3003 'Require: 100rel'
		provisional 100
		sipp_recv 'response="180"'
		sipp_recv 'response="504" timeout="40000"'
		ack 504
	)
	packet_cases_rtcp
}

slow_went_well() { wait_for "$work/sipp/$1.status" status 100 && grep -qx 'status 0' "$work/sipp/$1.status"; }

slow_end() {
	local i
	for i in "${!slow_names[@]}"; do
		caller=${slow_callers[i]}
		sipp_result "${slow_names[i]}" slow_went_well "${slow_names[i]}" && sipp_record "${slow_names[i]}" "${slow_words[i]}"
	done
}
