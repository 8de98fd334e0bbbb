# SPDX-License-Identifier: GPL-2.0-only
# What a peer may do, point by point, and which scenarios of sipp's show it: where it is taken, and where it is refused or goes wrong. Sourced
# by sipp.bash.

# POINT: SCENARIO... / SCENARIO...   each a pattern; "-" where there is nothing to refuse
points() {
	cat <<-'E'
		PRACK, 100rel: prack prack-of-the* prack-with-* prack-and-* called-prack strict-with-100rel / prack-of-nothing prack-missing strict-without-100rel terms-100rel-forbidden strict-called-420
		UPDATE: update-refresh update-to-t38 update-before-the-200 refresh-in-fax-by-update / update-too-short update-broken glare-update
		early media: early-media called-early-media / called-refused-after-early-media
		CANCEL and its races: cancel-at-once cancel-of-the-ringing cancel-crosses-the-200 called-cancel* called-silent / cancel-of-nothing cancel-487-lost called-487-lost
		forked 1xx and 2xx: called-forked called-forked-twice / called-forked-refused
		glare, both ways: glare-theirs glare-ours glare-both answer-491 / glare-update
		session timers, both roles: update-refresh refresh-by-update called-422 / invite-too-short reinvite-too-short update-too-short strict-too-short refresh-missing
		refresh in mid-fax: refresh-in-fax refresh-in-fax-by-update refresh-in-mid-fax-by-us / refused-in-fax
		INVITE and re-INVITE without SDP: invite-offerless offerless offerless-in-fax / invite-offerless-unanswered offerless-unanswered
		hold: hold-* / nothing-we-have
		a second T.38 re-INVITE, other parameters: offer-twice-* t38-with-other-parameters / refused-in-fax
		re-INVITE before our ACK: called-t38-before-the-ack t38-before-the-ack / reinvite-before-the-ack
		re-INVITE before their 200: called-t38-before-the-200 update-before-the-200 / reinvite-before-the-200
		port 0: answer-port-0 offer-audio-declined-and-image / offer-image-port-0 invite-audio-port-0 called-declined
		another address: offer-twice-other-address answer-other-address hold-by-address / offer-image-over-tcp
		audio and image in one offer: offer-image-and-audio offer-audio-and-image invite-audio-and-image invite-image-and-audio / strict-audio-and-image
		V.152: vbd-* terms-vbd-200 answer-port-0 / terms-vbd-488 vbd-of-g726
		back to audio after the fax: offer-back-to-audio-and-again audio-after-fax-and-fax-again / audio-after-fax-refused
		REFER: - / within-a-call-refer outside-a-call-refer
		Reason with Q.850, both ways: line-hangs-up called-hung-up cancel-of-the-ringing / called-reason invite-offerless-unanswered
		RFC 3398, both ways: - / cause-* called-status-*
		redirection (3xx): - / called-elsewhere
		Diversion, History-Info: diverted history called-diverted / -
		P-Asserted-Identity, Privacy: terms-called terms-called-by-restricted terms-asserted* calling-restricted called-by-restricted strict-called strict-called-by-restricted / asserted-by-whom-we-do-not-trust
		X-headers: terms-called / called-answered
		digest authentication: called-challenged called-challenged-sha-256 called-challenged-stale / called-challenged-in-vain
		T38FaxVersion 0 to 3: offer-version-* answer-version-* terms-version-* / offer-negative-T38FaxVersion offer-huge-T38FaxVersion
		T.38 attributes, in any case of letters: offer-lower-* offer-upper-* answer-lower-* answer-upper-* / -
		T.38 attributes, absent or bare, :0 and :1: offer-absent-* answer-absent-* *-no-attributes offer-bare-* answer-bare-* offer-one-* answer-one-* / -
		T.38 attributes, absurd: - / offer-empty-* offer-negative-* offer-huge-* offer-word-* offer-long-* answer-empty-* answer-negative-* answer-huge-* answer-word-*
		transferredTCF and localTCF: offer-localTCF answer-localTCF / terms-localTCF
		redundancy and FEC: offer-t38UDP* answer-t38UDP* packets-redundancy-and-fec / terms-fec
		T38FaxMaxDatagram 72: offer-datagram-72 answer-datagram-72 / offer-negative-T38FaxMaxDatagram
		terms of one peer: terms-ours terms-version-* / strict-image strict-too-short
		sip.fax: contact-fax-tag called-answered / terms-called
		RTP in T.38, stopped or kept: packets-latch-in-t38 / packets-redundancy-and-fec
		media behind a NAT, and strangers: packets-symmetric packets-latch packets-latch-in-t38 / packets-rtp
		RTCP: packets-rtcp / packets-rtcp-stopped
		telephone events (RFC 4733): packets-events packets-dialled audio-events-96 / audio-events-at-16000
		against the rules, or hardly by them: odd-answer-* odd-offer-upper-case odd-offer-same-version odd-offer-lf odd-invite-* odd-compact odd-number odd-cancel-of-a-reinvite / odd-offer-name odd-offer-no-address odd-old-cseq odd-bye-before-the-answer odd-reinvite-and-bye
		T.38 late, refused, given up: answer-late refuses-then-offers answer-crosses-cancel / answer-488 answer-415 answer-606 answer-501 answer-too-late
	E
}

# points_count PATTERN...: how many scenarios that were run match, in $count; those of them that went wrong are added to $wrong, and each
# pattern that nothing matches, unless only some scenarios were wanted
points_count() {
	local pattern name before
	count=0
	for pattern in "$@"; do
		[ "$pattern" != - ] || continue
		before=$count
		for name in "${sipp_done[@]}"; do [[ $name != $pattern ]] || count=$((count + 1)); done
		for name in "${sipp_wrong[@]}"; do [[ $name != $pattern ]] || wrong+=("$name"); done
		[ $count != $before ] || [ -n "$SIPP_CASES" ] || wrong+=("there is no $pattern")
	done
}

# points_row POINT TAKEN REFUSED
points_row() {
	local -a wrong=()
	local count taken
	points_count $2
	taken=$count
	points_count $3
	[ $((taken + count)) != 0 ] || [ ${#wrong[@]} != 0 ] || return
	printf '%-6s %-45s %5s %7s  %s\n' sipp "$1" $taken $count "${wrong[*]:-as written}"
	[ ${#wrong[@]} = 0 ] && ok || failed=$((failed + 1))
}

points_table() {
	local point scenarios
	set -f
	printf '\n%-6s %-45s %5s %7s  %s\n' peer point taken refused verdict
	while IFS= read -r scenarios; do
		point=${scenarios%%: *} scenarios=${scenarios#*: }
		points_row "$point" "${scenarios% / *}" "${scenarios#* / }"
	done < <(points)
	set +f
}
