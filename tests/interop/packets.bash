# SPDX-License-Identifier: GPL-2.0-only
# Media for sipp to play: packets written out octet by octet, which text2pcap makes a capture of. Sourced by sipp.bash.
#
# Each function prints packets for packets_pcap, a line each: PORT HEX. PORT is 0 for RTP and UDPTL, 1 for RTCP.

packets_silence=$(printf 'd5%.0s' {1..160})

# rtp COUNT [FIRST] [SSRC]: A-law silence, 20 ms a packet
packets_rtp() {
	local i first=${2:-4096}
	for ((i = 0; i < $1; i++)); do
		printf '0 8008%04x%08x%08x%s\n' $((first + i)) $((i * 160)) ${3:-287454020} $packets_silence
	done
}

# packets_event EVENT FIRST AT TYPE: a telephone event (RFC 4733) of 160 ms, which ends three times (2.5.1.4)
packets_event() {
	local i duration end
	for ((i = 1; i <= 10; i++)); do
		duration=$((i < 8 ? i * 160 : 1280)) end=$((i < 8 ? 10 : 138))
		printf '0 80%02x%04x%08x%08x%02x%02x%04x\n' $(($4 | (i == 1 ? 128 : 0))) $(($2 + i)) $3 287454020 $1 $end $duration
	done
}

# packets_sr SSRC: a sender report (RFC 3550 6.4.1) of half past midnight, 1970, with a block on the stream SSRC
packets_sr() {
	local words=(81c8000c 11223344 83aa8588 80000000 00003e80 00000064 00003e80 "$1" 40000003 00001068 00000028 00000000 00000000)
	printf '1 %s\n' "$(IFS=; echo "${words[*]}")"
}

# packets_redundant SEQ IFP [EARLIER...]: a datagram of UDPTL (T.38 9.1.2), the nearest earlier packet first
packets_redundant() {
	local ifp
	printf '0 %04x%02x%s00%02x' $1 $((${#2} / 2)) $2 $(($# - 2))
	for ifp in "${@:3}"; do printf '%02x%s' $((${#ifp} / 2)) $ifp; done
	echo
}

# packets_fec SEQ IFP SPAN PARITY...: one with FEC (9.1.3)
packets_fec() {
	local ifp
	printf '0 %04x%02x%s8001%02x%02x' $1 $((${#2} / 2)) $2 $3 $(($# - 3))
	for ifp in "${@:4}"; do printf '%02x%s' $((${#ifp} / 2)) $ifp; done
	echo
}

# The packets on stdin as $work/sipp/NAME.pcap, 20 ms apart. sipp sends those of port N to the media's port and N, from its own and N.
packets_pcap() { # NAME
	local port part parts=()
	awk -v to="$work/sipp/$1" '{
		gsub(/../, "& ", $2)
		printf "%d.%06d\n0000 %s\n", int(n * 20 / 1000), n * 20 % 1000 * 1000, $2 >(to "." $1 ".hex")
		n++
	}'
	for part in "$work/sipp/$1".[01].hex; do
		port=${part%.hex} port=100${port##*.}
		text2pcap -q -t '%s.%f' -F pcap -u $port,$port "$part" "${part%.hex}.pcap" >/dev/null 2>&1
		parts+=("${part%.hex}.pcap")
	done
	mergecap -F pcap -w "$work/sipp/$1.pcap" "${parts[@]}"
}
