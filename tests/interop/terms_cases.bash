# SPDX-License-Identifier: GPL-2.0-only
# Scenarios with peers that have terms of their own in the configuration (sipp_other_peers): what [peer NAME] says instead of a span's file,
# who is told a caller's number, 100rel demanded and forbidden. Sourced by sipp.bash; the pieces are in sipp_messages.bash, setup_cases.bash and
# called_cases.bash.

terms_cases() {
	local sipp_peer=$sipp_terms
	terms_cases_t38
	terms_cases_vbd
	terms_cases_named
	sipp_peer=$sipp_strict
	terms_cases_strict
}

terms_cases_t38() {
	local version lines ours='T38MaxBitRate:9600.*a=T38FaxMaxBuffer:1000.*a=T38FaxMaxDatagram:300.*a=T38FaxUdpEC:t38UDPNoEC'
	# Down to the lower version (T.38 table D.1: 0 where the peer says none).
	for version in 0 1 2 3; do
		mapfile -t lines < <(t38_with T38FaxVersion T38FaxVersion:$version)
		terms_offered terms-version-$version "T38FaxVersion:$version.*$ours" "${lines[@]}"
	done
	mapfile -t lines < <(t38_with T38FaxVersion)
	terms_offered terms-version-absent "T38FaxVersion:0.*$ours" "${lines[@]}"
	mapfile -t lines < <(t38_with T38FaxUdpEC T38FaxUdpEC:t38UDPFEC)
	terms_offered terms-fec "$ours" "${lines[@]}"
	mapfile -t lines < <(t38_with T38FaxRateManagement T38FaxRateManagement:localTCF)
	terms_offered terms-localTCF 'm=image [1-9]' "${lines[@]}"
	# We ask as soon as there is an answer, whatever the span's file says.
	setup terms-ours t38 < <(
		call 1001
		reinvited "T38FaxVersion:3.*$ours" '200 OK' "$(sdp_t38 2 30002 "${t38_attributes[@]}")"
		pause 200
		bye 1001
	)
}

terms_offered() { # NAME EXPECT ATTRIBUTE...
	setup "$1" t38 < <(
		invite 1001 '' "$(sdp_t38 1 30002 "${@:3}")"
		provisional 100 180
		expect 200 '' '' "$2"
		ack 200
		pause 100
		bye 1001
	)
}

# V.152, once T.38 is refused.
terms_cases_vbd() {
	local status
	for status in '200 OK' '488 Not Acceptable Here'; do
		setup "terms-vbd-${status%% *}" g711-fax < <(
			call 1001
			reinvited 'm=image [1-9]' '488 Not Acceptable Here'
			reinvited 'm=audio [1-9].*a=gpmd:8 vbd=yes' "$status" "$([ "$status" != '200 OK' ] || sdp_audio 2; echo a=gpmd:8 vbd=yes)"
			pause 200
			bye 1001
		)
	done
}

# Who is in our trust domain (RFC 3325), and who wants to know which call it is.
terms_cases_named() {
	called terms-called '8001 0 16' 'cause 17' < <(
		invited P-Asserted-Identity 'sip:[0-9]+@' X-Faxspan-Call '1-[0-9]+' X-Faxspan-Span 1 X-Faxspan-Timeslot '[0-9]+' \
			X-Faxspan-Route terms ! 'sip[.]fax|Privacy:|100rel'
		respond '486 Busy Here' a
		sipp_recv 'request="ACK"'
	)
	called terms-called-by-restricted '8001 0 16 restricted' 'cause 17' < <(
		invited From anonymous Privacy id P-Asserted-Identity 'sip:[0-9]+@'
		respond '486 Busy Here' a
		sipp_recv 'request="ACK"'
	)
	refused terms-asserted 486 Reason 'Q.850;cause=17;' < <(
		invite 19017 'P-Asserted-Identity: "Office" <sip:5557777@[local_ip]>, <tel:+495557777>'
	)
	sipp_line terms-asserted 'called 19017 from 5557777$'
	refused terms-asserted-restricted 486 Reason 'Q.850;cause=17;' < <(
		invite 19017 'P-Asserted-Identity: <sip:5556666@[local_ip]>\nPrivacy: id'
	)
	sipp_line terms-asserted-restricted 'called 19017 from 5556666 restricted$'
	local sipp_peer=127.0.0.3
	setup asserted-by-whom-we-do-not-trust < <(
		call 1001 'P-Asserted-Identity: <sip:5555555@[local_ip]>'
		bye 1001
	)
	sipp_line asserted-by-whom-we-do-not-trust "called 1001 from $caller\$"
}

terms_cases_strict() {
	refused strict-without-100rel 421 Require 100rel < <(invite 1002)
	refused strict-image 488 '' '' < <(invite 1002 'Supported: 100rel' "$(sdp_t38 1 30002 "${t38_attributes[@]}")")
	refused strict-too-short 422 Min-SE 200 < <(invite 1002 'Supported: 100rel, timer\nSession-Expires: 150')
	setup strict-audio-and-image g711 < <(
		invite 1002 'Supported: 100rel' "$(sdp_audio 1; sdp_t38 1 30002 "${t38_attributes[@]}" | sed -n '/^[ma]=/p')"
		provisional 100
		reliable 183 'm=audio [1-9].*m=image 0'
		prack 1002
		sipp_recv 'response="200"'
		ack_first 1002
		bye 1002
	)
	setup strict-with-100rel g711 < <(
		invite 1002 'Supported: 100rel'
		provisional 100
		reliable 183 'm=audio [1-9]'
		prack 1002
		sipp_recv 'response="200"'
		ack_first 1002
		bye 1002
	)
	called strict-called '9001 0 16' 'cause 17' < <(
		invited Require 100rel From 'sip:account@provider.example>' P-Preferred-Identity 'sip:[0-9]+@provider.example>'
		respond '486 Busy Here' a
		sipp_recv 'request="ACK"'
	)
	called strict-called-by-restricted '9001 0 16 restricted' 'cause 17' < <(
		invited From 'sip:account@provider.example>' Privacy id ! 'P-Preferred-Identity|P-Asserted-Identity'
		respond '486 Busy Here' a
		sipp_recv 'request="ACK"'
	)
	called strict-called-420 '9001 0 16' 'cause 127' < <(
		invited Require 100rel
		respond '420 Bad Extension' a 'Unsupported: 100rel'
		sipp_recv 'request="ACK"'
	)
	local sipp_peer=$sipp_terms
	refused terms-100rel-forbidden 420 Unsupported 100rel < <(invite 1002 'Require: 100rel')
}
