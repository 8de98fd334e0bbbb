# SPDX-License-Identifier: GPL-2.0-only
# What tshark says of the captures. Sourced by run.sh.

tshark_read() {
	local name=$1
	shift
	tshark -n -r "$work/$name.pcapng" -o "tls.keylog_file:$work/$name.keys" "$@" 2>/dev/null
}

# captures_invites NAME: SOURCE CALL-ID METHOD CALLED MEDIA of each request in $work/NAME.pcapng, into $work/NAME.invites
captures_invites() {
	tshark_read "$1" -Y sip.Request-Line -T fields -e ip.src -e sip.Call-ID -e sip.Method -e sip.r-uri.user -e sdp.media >"$work/$1.invites"
}

# A datagram of UDPTL that is sent once more with the same sequence number (the last of a burst, T.38 clause 9.1.4) is read by tshark as
# the end of a fragment whose data it has already put together: that is the one false alarm, and only where the very same octets came before.
captures_repeats() {
	tshark_read "$1" -Y t38 -T fields -e frame.number -e ip.src -e udp.srcport -e udp.dstport -e udp.payload |
		awk -F '\t' '{k = $2 FS $3 FS $4 FS $5; if (k in seen) print $1; seen[k] = 1}'
}

# What sipp sends is malformed on purpose here and there; Asterisk's packets count as ours do.
captures_malformed() {
	tshark_read "$1" -Y "!(ip.src in {$sipp_peer, $sipp_terms, $sipp_strict, $sipp_nat, $sipp_symmetric}) && (_ws.malformed || _ws.expert.severity == Error || _ws.expert.group == Malformed)" \
		-T fields -e frame.number -e ip.src -e _ws.col.Protocol -e _ws.expert.message >"$work/$1.alarms"
	: >"$work/$1.malformed"
	[ -s "$work/$1.alarms" ] || return
	awk -F '\t' 'NR == FNR {repeat[$1] = 1; next}
		!($4 == "[RECEIVED END OF FRAGMENT W/OUT ANY FRAGMENT DATA]" && $1 in repeat)' \
		<(captures_repeats "$1") "$work/$1.alarms" >"$work/$1.malformed"
}

# Each capture is one test; one without a single packet of SIP is not a capture of ours.
captures_one() {
	local name=$1 counts bad
	captures_malformed "$name"
	bad=$(wc -l <"$work/$name.malformed")
	counts=$(tshark_read "$name" -T fields -e frame.protocols | awk '
		{n++} /:sip/ {sip++} /:sdp/ {sdp++} /:rtp/ {rtp++} /:rtcp/ {rtcp++} /:t38/ {t38++} !/:(sip|rtp|rtcp|t38|tcp)/ {other++}
		END {print n + 0, sip + 0, sdp + 0, rtp + 0, rtcp + 0, t38 + 0, other + 0}')
	printf '%-18s %8s %6s %6s %7s %6s %7s %6s %9s\n' "$name" $counts "$bad"
	if [ "$bad" != 0 ]; then
		not_ok "capture of $name" "$(head -n 1 "$work/$name.malformed")"
	elif [ "$(cut -d " " -f 2 <<<"$counts")" = 0 ]; then
		not_ok "capture of $name" "no SIP in it"
	else
		ok
	fi
}

captures_all() {
	local file
	printf '\n%-18s %8s %6s %6s %7s %6s %7s %6s %9s\n' capture frames SIP SDP RTP RTCP T.38 other malformed
	for file in "$work"/*.pcapng; do
		[ -e "$file" ] || { not_ok captures "there are none"; return; }
		captures_one "$(basename "$file" .pcapng)"
	done
}
