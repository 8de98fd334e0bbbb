# SPDX-License-Identifier: GPL-2.0-only
# One scenario for each point of T.38's negotiation: what a peer may offer and answer, and what the gateway has to make of it. Sourced by sipp.bash.
# Names of attributes are compared without regard to case (T.38 annex D); what is absent has the default of T.38 table D.1.

t38_attributes=(T38FaxVersion:0 T38MaxBitRate:14400 T38FaxFillBitRemoval:0 T38FaxTranscodingMMR:0 T38FaxTranscodingJBIG:0
	T38FaxRateManagement:transferredTCF T38FaxMaxBuffer:2000 T38FaxMaxDatagram:400 T38FaxUdpEC:t38UDPRedundancy)

sdp_t38() { # VERSION PORT ATTRIBUTE...
	sdp_head "$1"
	printf 'm=image %s udptl t38\n' "$2"
	shift 2
	[ $# = 0 ] || printf 'a=%s\n' "$@"
}

# The attributes, with that of the name NAME replaced by the lines WITH (none: it is absent).
t38_with() { # NAME [WITH...]
	local a name=$1
	shift
	for a in "${t38_attributes[@]}"; do
		[ "${a%%:*}" = "$name" ] || echo "$a"
	done
	[ $# = 0 ] || printf '%s\n' "$@"
}

# offered NAME STATUS EXPECT MEDIA BODY: the peer asks for T.38
offered() {
	{
		call 1001
		reinvite "$5" "$2" "$3"
		pause 200
		bye 1001
	} | scenario "sipp/$1"
	sipp_check "$1" "$4"
}

# offered_attributes NAME STATUS EXPECT MEDIA ATTRIBUTE...
offered_attributes() {
	local name=$1 status=$2 expect=$3 media=$4
	shift 4
	offered "$name" "$status" "$expect" "$media" "$(sdp_t38 2 30002 "$@")"
}

# answered NAME STATUS MEDIA [BODY] [LATE_MS]: we ask, and the peer answers so
answered() {
	{
		call 2001
		reinvited 'm=image [1-9]' "$2" "$4" "$5"
		pause 300
		bye 2001
	} | scenario "sipp/$1"
	sipp_check "$1" "$3"
}

answered_attributes() { # NAME ATTRIBUTE...
	local name=$1
	shift
	answered "$name" "200 OK" t38 "$(sdp_t38 2 30002 "$@")"
}

t38_cases() {
	t38_cases_attributes
	t38_cases_offers
	t38_cases_answers
}

t38_cases_attributes() {
	local version a name image='m=image [1-9][0-9]* udptl t38' lines
	for version in 0 1 2 3; do
		mapfile -t lines < <(t38_with T38FaxVersion T38FaxVersion:$version)
		offered_attributes "offer-version-$version" 200 'T38FaxVersion:0' t38 "${lines[@]}"
		answered_attributes "answer-version-$version" "${lines[@]}"
	done
	offered_attributes offer-no-attributes 200 "$image" t38
	answered_attributes answer-no-attributes
	for a in "${t38_attributes[@]}"; do
		name=${a%%:*}
		t38_variant "absent-$name" "$name"
		t38_variant "lower-case-$name" "$name" "${a,,}"
		t38_variant "upper-case-$name" "$name" "${a^^}"
		t38_variant "bare-$name" "$name" "$name"
		t38_variant "one-$name" "$name" "$name:1"
		t38_variant "empty-$name" "$name" "$name:"
		t38_variant "negative-$name" "$name" "$name:-1"
		t38_variant "huge-$name" "$name" "$name:99999999999999999999"
		t38_variant "word-$name" "$name" "$name:absurd"
		t38_variant "long-$name" "$name" "$name:$(printf '%020000d' 1)"
	done
}

# The same from both sides. A fax goes on under every one of these: what cannot be read counts as absent.
t38_variant() { # NAME ATTRIBUTE [LINE]
	local lines
	mapfile -t lines < <(t38_with "${@:2}")
	offered_attributes "offer-$1" 200 'm=image [1-9]' t38 "${lines[@]}"
	[[ $1 = long-* ]] || answered_attributes "answer-$1" "${lines[@]}"
}

t38_cases_offers() {
	local image='m=image [1-9][0-9]* udptl t38' audio ec lines all=("${t38_attributes[@]}")
	for ec in t38UDPFEC t38UDPRedundancy; do
		mapfile -t lines < <(t38_with T38FaxUdpEC T38FaxUdpEC:$ec)
		offered_attributes offer-$ec 200 "$image.*T38FaxUdpEC:t38UDPRedundancy" t38 "${lines[@]}"
	done
	mapfile -t lines < <(t38_with T38FaxRateManagement T38FaxRateManagement:localTCF)
	offered_attributes offer-localTCF 200 "$image.*T38FaxRateManagement:localTCF" t38 "${lines[@]}"
	mapfile -t lines < <(t38_with T38FaxUdpEC T38FaxUdpEC:t38UDPNoEC)
	offered_attributes offer-t38UDPNoEC 200 "$image.*T38FaxUdpEC:t38UDPNoEC" t38 "${lines[@]}"
	mapfile -t lines < <(t38_with T38FaxMaxDatagram T38FaxMaxDatagram:72)
	offered_attributes offer-datagram-72 200 "$image" t38 "${lines[@]}"
	audio=$(printf 'm=audio 30000 RTP/AVP 8\n')
	offered offer-image-and-audio 200 "m=image [1-9].*m=audio 0" t38 "$(sdp_t38 2 30002 "${all[@]}"; echo "$audio")"
	offered offer-audio-and-image 200 "m=audio 0.*m=image [1-9]" t38 "$(sdp_audio 2; sdp_t38 2 30002 "${all[@]}" | sed -n '/^[ma]=/p')"
	offered offer-audio-declined-and-image 200 "m=audio 0.*m=image [1-9]" t38 \
		"$(sdp_audio 2 0; sdp_t38 2 30002 "${all[@]}" | sed -n '/^[ma]=/p')"
	offered offer-image-port-0 488 "" g711 "$(sdp_t38 2 0 "${all[@]}")"
	offered offer-image-over-tcp 488 "" g711 "$(sdp_t38 2 30002 "${all[@]}" | sed 's/udptl/tcp/')"
	t38_case_twice
}

# Two re-INVITEs and more in one call.
t38_case_twice() {
	local lines all=("${t38_attributes[@]}")
	mapfile -t lines < <(t38_with T38FaxUdpEC T38FaxUdpEC:t38UDPFEC | sed 's/14400/9600/; s/Datagram:400/Datagram:200/')
	{
		call 1001
		reinvite "$(sdp_t38 2 30002 "${all[@]}")" 200 'm=image [1-9]'
		pause 200
		reinvite "$(sdp_t38 3 30002 "${lines[@]}")" 200 'm=image [1-9]'
		bye 1001
	} | scenario sipp/offer-twice-other-parameters
	sipp_check offer-twice-other-parameters t38
	{
		call 1001
		reinvite "$(sdp_t38 2 30002 "${all[@]}")" 200 'm=image [1-9]'
		reinvite "$(sdp_t38 3 30008 "${all[@]}" | sed 's/^c=.*/c=IN IP4 127.0.0.4/')" 200 'm=image [1-9]'
		bye 1001
	} | scenario sipp/offer-twice-other-address
	sipp_check offer-twice-other-address t38
	{
		call 1001
		reinvite "$(sdp_t38 2 30002 "${all[@]}")" 200 'm=image [1-9]'
		reinvite "$(sdp_audio 3)" 200 'm=audio [1-9]'
		pause 200
		reinvite "$(sdp_t38 4 30002 "${all[@]}")" 200 'm=image [1-9]'
		bye 1001
	} | scenario sipp/offer-back-to-audio-and-again
	sipp_check offer-back-to-audio-and-again t38
}

# A 200 that declines the image leaves the session without media: the gateway has to ask for its audio again.
t38_case_declined() { # NAME BODY [EXPECT]
	{
		call 2001
		reinvited 'm=image [1-9]' "200 OK" "$2"
		reinvited "m=audio [1-9]$3" "200 OK" "$(sdp_audio 3)"
		pause 300
		bye 2001
	} | scenario "sipp/$1"
	sipp_check "$1" g711-fax
}

t38_cases_answers() {
	local all=("${t38_attributes[@]}") status lines image
	image=$(sdp_t38 2 30002 "${all[@]}")
	answered answer-success "200 OK" t38 "$image"
	for status in "488 Not Acceptable Here" "415 Unsupported Media Type" "606 Not Acceptable" "501 Not Implemented" "500 Server Error"; do
		answered "answer-${status%% *}" "$status" g711-fax
	done
	t38_case_declined answer-port-0 "$(sdp_t38 2 0 "${all[@]}")" '.*a=gpmd:8 vbd=yes'
	t38_case_declined answer-audio "$(sdp_audio 2)"
	answered answer-other-address "200 OK" t38 "$(sed 's/^c=.*/c=IN IP4 127.0.0.4/' <<<"$image")"
	mapfile -t lines < <(t38_with T38FaxMaxDatagram T38FaxMaxDatagram:72)
	answered_attributes answer-datagram-72 "${lines[@]}"
	mapfile -t lines < <(t38_with T38FaxUdpEC T38FaxUdpEC:t38UDPFEC)
	answered_attributes answer-t38UDPFEC "${lines[@]}"
	mapfile -t lines < <(t38_with T38FaxUdpEC T38FaxUdpEC:t38UDPNoEC)
	answered_attributes answer-t38UDPNoEC "${lines[@]}"
	mapfile -t lines < <(t38_with T38FaxRateManagement T38FaxRateManagement:localTCF)
	answered_attributes answer-localTCF "${lines[@]}"
	answered answer-late "200 OK" t38 "$image" 3000
}
