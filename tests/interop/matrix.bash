# SPDX-License-Identifier: GPL-2.0-only
# The matrix with Asterisk: what is tried. Sourced by run.sh.
#
# A group is one way to be peers, with a gateway of its own at 127.0.1.N. It has two spans: on span 1 (numbers 1...) the gateway waits for the
# peer to ask for T.38, on span 2 (numbers 2...) it asks itself.
#
# group NAME N TRANSPORT ERROR-CORRECTION T38-OF-THE-PEER [KEY = VALUE for the gateway's section of the peer]...
# fax GROUP to-sip|to-e1 STARTER ECM DOCUMENT: a fax. STARTER: peer or us, who asks for T.38; refused-by-peer or refused-by-us: the other
# asks, and the fax passes in G.711.
matrix() {
	local ec direction starter transport
	for ec in redundancy fec none; do
		group $ec $((++n)) udp $ec yes "t38_ec = $ec"
		if [ $ec = redundancy ]; then # the longest first
			for direction in to-sip to-e1; do fax $ec $direction peer yes doc10; done
		fi
		for direction in to-sip to-e1; do
			for starter in peer us; do
				fax $ec $direction $starter yes doc1
				fax $ec $direction $starter no doc1
			done
		done
	done
	for transport in tcp tls; do
		group $transport $((++n)) $transport redundancy yes
		for direction in to-sip to-e1; do
			for starter in peer us; do fax $transport $direction $starter yes doc1; done
		done
	done
	group authenticated $((++n)) udp redundancy yes "auth_user = faxspan" "auth_secret = secret"
	for direction in to-sip to-e1; do
		fax authenticated $direction us yes doc1
	done
	group registered $((++n)) udp redundancy yes "register = registered" "auth_user = faxspan" "auth_secret = secret"
	for direction in to-sip to-e1; do
		fax registered $direction us yes doc1
	done
	group endpoint $((++n)) udp redundancy yes "user = faxspan" "secret = secret"
	for direction in to-sip to-e1; do
		fax endpoint $direction us yes doc1
	done
	asterisk_registers ${fax_number[endpoint-to-sip-us-ecm-yes-doc1]} 127.0.1.$n
	group depths $((++n)) udp redundancy yes "t38_redundancy_control = 5" "t38_redundancy_image = 1"
	for direction in to-sip to-e1; do
		fax depths $direction us yes doc1
	done
	group refused-by-peer $((++n)) udp redundancy no
	group refused-by-us $((++n)) udp redundancy yes "t38 = no"
	for direction in to-sip to-e1; do
		fax refused-by-peer $direction refused-by-peer yes doc1
		fax refused-by-us $direction refused-by-us yes doc1
	done
}
