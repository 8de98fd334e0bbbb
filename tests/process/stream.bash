# SPDX-License-Identifier: GPL-2.0-only
# A peer at the end of a connection, message by message: TCP by bash itself, TLS by gnutls-cli. Sourced behind common.bash.
#
# $call is the Call-ID, $transport TCP or TLS.
transport=TCP
sdp=$'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\n'

# ask FD METHOD CSEQ TO [BODY]: a request of the call $call by a connection of ours, to the user in TO
ask() {
	local tail="Content-Length: 0"$'\r\n\r\n' user=${4#*sip:}
	[ -z "$5" ] || tail="Content-Type: application/sdp"$'\r\n'"Content-Length: ${#5}"$'\r\n\r\n'$5
	printf '%s\r\n' "$2 sip:${user%%@*}@127.0.0.1;transport=${transport,,} SIP/2.0" \
		"Via: SIP/2.0/$transport 127.0.0.1:5099;branch=z9hG4bK$call$3$2" \
		"Max-Forwards: 70" "From: <sip:bash@127.0.0.1>;tag=b" "$4" "Call-ID: $call" "CSeq: $3 $2" \
		"Contact: <sip:bash@127.0.0.1:5099;transport=${transport,,}>" "$tail" >&$1
}

# hear FD: the next response there that is not provisional; its status in $heard, its To in $to. False: none came.
hear() {
	local line length body
	heard=
	until [[ $heard = [2-6]* ]]; do
		heard= length=0
		while IFS= read -r -t $limit -u $1 line; do
			line=${line%$'\r'}
			case $line in
			SIP/2.0*) heard=${line#* } ;;
			To:*) to=$line ;;
			Content-Length:*) length=${line#*: } ;;
			'') [ -z "$heard" ] || break ;;
			esac
		done
		[ -n "$heard" ] || return 1
		[ "$length" = 0 ] || IFS= read -r -t $limit -N "$length" -u $1 body || return 1
	done
	heard=${heard%% *}
}
