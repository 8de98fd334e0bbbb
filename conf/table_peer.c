/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of a [peer NAME] of the main file. */
#include "table_keys.h"

static const char *choice_ec(unsigned i)
{
	return t38_error_correction_name((enum t38_error_correction)i);
}

const char *config_vbd_name(enum config_vbd v)
{
	static const char *const names[] = {[VBD_NO] = "no", [VBD_YES] = "yes", [VBD_REINVITE] = "reinvite"};

	return (unsigned)v < sizeof(names) / sizeof(names[0]) ? names[v] : "?";
}

static const char *choice_vbd(unsigned i)
{
	return config_vbd_name((enum config_vbd)i);
}

static const char *choice_start(unsigned i)
{
	return t38_start_name((enum t38_start)i);
}

static const char *choice_100rel(unsigned i)
{
	return sip_100rel_name((enum sip_100rel)i);
}

static const char *choice_called(unsigned i)
{
	return sip_called_name((enum sip_called)i);
}

static const char *choice_transport(unsigned i)
{
	return i == CONFIG_TRANSPORT_AUTO ? "auto" : sip_transport_name((enum sip_transport)i);
}

static const char *choice_dtmf(unsigned i)
{
	return media_dtmf_name((enum media_dtmf)i);
}

static const char *choice_rtp_in_t38(unsigned i)
{
	return media_rtp_in_t38_name((enum media_rtp_in_t38)i);
}

static const char *choice_nat(unsigned i)
{
	return media_nat_name((enum media_nat)i);
}

const struct table_key table_peer_keys[TABLE_PEER_KEYS] = {
	{.name = "user",
	 .only = TABLE_OF_ENDPOINT,
	 .type = &value_user,
	 FIELD(config_peer, inbound_user),
	 .help = "The user name with which the endpoint registers and calls; no other endpoint may have it."},
	{.name = "secret",
	 .only = TABLE_OF_ENDPOINT,
	 .type = &value_secret,
	 FIELD(config_peer, inbound_secret),
	 .help = "The password that goes with user. It stands here as it is: let nobody but the daemon read the file."},
	{.name = "numbers",
	 .only = TABLE_OF_ENDPOINT,
	 .type = &value_numbers,
	 FIELD(config_peer, numbers),
	 .fallback = "none",
	 .repeats = true,
	 .help = "The numbers that the endpoint has: calls from the line to one of them go to it. They come after "
		 "the rules of [route] and before the peer of the span. With none nothing comes to it but by [route]. "
		 "What it calls shows one of them: another number, or none, is replaced by the first that is written "
		 "out."},
	{.name = "max_contacts",
	 .only = TABLE_OF_ENDPOINT,
	 .type = &value_uint,
	 FIELD(config_peer, max_contacts),
	 .min = 1,
	 .max = 8,
	 .fallback = "1",
	 .help = "From how many places the endpoint may be registered at a time. One more, and the oldest is "
		 "forgotten: a "
		 "device that comes back from another port has its old one not in its way. Calls go to the best "
		 "contact (q), "
		 "of equal ones to the newest, and on to the next when it fails."},
	{.name = "min_expires",
	 .only = TABLE_OF_ENDPOINT,
	 .type = &value_duration,
	 FIELD(config_peer, min_expires_ms),
	 .min = 10 * S,
	 .max = 1 * H,
	 .fallback = "1 min",
	 .help = "The shortest registration that is taken; a shorter one is refused with 423."},
	{.name = "max_expires",
	 .only = TABLE_OF_ENDPOINT,
	 .type = &value_duration,
	 FIELD(config_peer, max_expires_ms),
	 .min = 1 * M,
	 .max = 24 * H,
	 .fallback = "1 h",
	 .help = "The longest registration that is granted."},
	{.name = "address",
	 .only = TABLE_OF_PEER,
	 .type = &value_server,
	 .min = 5060,
	 .help = "Where the peer takes SIP, and an address it may call from. The usual port for transport = tls is "
		 "5061. A name is looked up as RFC 3263 says: with a port its A and AAAA records, without one its "
		 "NAPTR and SRV records first. A call goes to the servers found by their priorities and weights, one "
		 "after the other while they fail; the peer may call from each of them. Until the name is found, the "
		 "peer is not called."},
	{.name = "allow",
	 .only = TABLE_OF_PEER,
	 .type = &value_ranges,
	 FIELD(config_peer, allow),
	 .fallback = "none",
	 .repeats = true,
	 .help = "From where else the peer may call: a carrier often sends from more addresses than it takes calls "
		 "at. A source belongs to the peer with that very address; if there is none, to the one with the "
		 "longest range that it lies in. The key may stand more than once. Name no range wider than must be: "
		 "who is in it makes calls."},
	{.name = "transport",
	 .only = TABLE_OF_PEER,
	 .type = &value_choice,
	 FIELD(config_peer, transport),
	 .choice = choice_transport,
	 .count = CONFIG_TRANSPORT_AUTO + 1,
	 .fallback = "auto",
	 .help = "How SIP goes to the peer: udp, tcp ([sip] listen_tcp must be set) or tls (listen_tls). auto is "
		 "what the DNS says of a name without a port, of those that are listened on, and udp else. From the "
		 "peer it may come by any, but from one with tls by TLS alone."},
	{.name = "tls_name",
	 .only = TABLE_OF_PEER,
	 .type = &value_host,
	 FIELD(config_peer, tls_name),
	 .fallback = "none",
	 .help = "Whom the peer's certificate must be for, when SIP goes by TLS: its host name, or its address. With "
		 "none it must be for the name in address; if that is an IP address, it may be anybody's that [sip] "
		 "tls_ca vouches for."},
	{.name = "tls_verify",
	 .only = TABLE_OF_PEER,
	 .type = &value_bool,
	 FIELD(config_peer, tls_verify),
	 .fallback = "yes",
	 .help = "Whether the peer's certificate is checked. With no, TLS hides what is said but not from an "
		 "impostor."},
	{.name = "codecs",
	 .type = &value_codecs,
	 .fallback = "alaw, ulaw",
	 .help = "The codecs of G.711 offered and taken, in the order we like them. An E1 line speaks A-law, so alaw "
		 "needs no conversion."},
	{.name = "trust",
	 .type = &value_bool,
	 FIELD(config_peer, trust),
	 .fallback = "no",
	 .help = "Whether the peer is within our trust domain (RFC 3325). With yes, it gets the calling number as "
		 "P-Asserted-Identity, a restricted one too, and the one it sends us is taken for the caller's in "
		 "place of From. With no, a restricted number is not told to it, and its P-Asserted-Identity is not "
		 "read."},
	{.name = "called_number",
	 .only = TABLE_OF_PEER,
	 .type = &value_choice,
	 FIELD(config_peer, called),
	 .choice = choice_called,
	 .count = SIP_CALLED_COUNT,
	 .fallback = "request-uri",
	 .help = "Where the peer's INVITEs have the number that is called: with to, in To, and with "
		 "p-called-party-id in that header, for a provider that writes our account into the Request-URI. What "
		 "is no number there is taken from the Request-URI."},
	{.name = "from_user",
	 .only = TABLE_OF_PEER,
	 .type = &value_user,
	 FIELD(config_peer, from_user),
	 .fallback = "none",
	 .help = "The number or name in From of every call to the peer, for a provider that takes calls of its "
		 "accounts alone. The calling number is then told as P-Preferred-Identity, or as P-Asserted-Identity "
		 "where trust is yes; a restricted one as trust says. With none From has the calling number."},
	{.name = "from_domain",
	 .only = TABLE_OF_PEER,
	 .type = &value_host,
	 FIELD(config_peer, from_domain),
	 .fallback = "none",
	 .help = "The host behind the number in From, and in the headers with the calling number. With none it is "
		 "our own address."},
	{.name = "auth_user",
	 .only = TABLE_OF_PEER,
	 .type = &value_user,
	 FIELD(config_peer, auth_user),
	 .fallback = "none",
	 .help = "The user name with which the peer's challenges (401, 407; Digest with MD5 or SHA-256) are answered."},
	{.name = "auth_secret",
	 .only = TABLE_OF_PEER,
	 .type = &value_secret,
	 FIELD(config_peer, auth_secret),
	 .fallback = "none",
	 .help = "The password that goes with auth_user. It stands here as it is: let nobody but the daemon read the "
		 "file."},
	{.name = "inbound_user",
	 .only = TABLE_OF_PEER,
	 .type = &value_user,
	 FIELD(config_peer, inbound_user),
	 .fallback = "none",
	 .help = "The user name that the peer must show, with inbound_secret, to call us: its INVITEs, and all else "
		 "that it sends outside a call but OPTIONS and CANCEL, are challenged with 401 (Digest). With none "
		 "its address is enough."},
	{.name = "inbound_secret",
	 .only = TABLE_OF_PEER,
	 .type = &value_secret,
	 FIELD(config_peer, inbound_secret),
	 .fallback = "none",
	 .help = "The password that goes with inbound_user. It stands here as it is, too."},
	{.name = "register",
	 .only = TABLE_OF_PEER,
	 .type = &value_user,
	 FIELD(config_peer, register_user),
	 .fallback = "none",
	 .help = "The number or name that we register with this peer (REGISTER), so that it knows where we are and "
		 "sends us "
		 "its calls; challenges are answered with auth_user. The registration is refreshed in time, tried "
		 "again after "
		 "30 s to 30 min when it fails, and taken back when the daemon stops or drains."},
	{.name = "register_domain",
	 .only = TABLE_OF_PEER,
	 .type = &value_host,
	 FIELD(config_peer, register_domain),
	 .fallback = "none",
	 .help = "The host of what we register: number@domain. With none it is the peer's address."},
	{.name = "register_expires",
	 .only = TABLE_OF_PEER,
	 .type = &value_duration,
	 FIELD(config_peer, register_expires_ms),
	 .min = 60 * S,
	 .max = 24 * H,
	 .fallback = "1 h",
	 .help = "How long at a time we register. The peer may grant less, or ask for more (423)."},
	{.name = "session_expires",
	 .type = &value_duration,
	 FIELD(config_peer, session_expires_ms),
	 .max = 24 * H,
	 .fallback = "30 min",
	 .help = "How long a session may last without a sign of life from the peer (Session-Expires, RFC 4028): what "
		 "we ask for. At half of it one side sends an UPDATE, or offers again what is agreed, in a fax too; "
		 "when that fails the call is cleared. With 0 we do not ask, and the peer may."},
	{.name = "min_se",
	 .type = &value_duration,
	 FIELD(config_peer, min_se_ms),
	 .min = 90 * S,
	 .max = 24 * H,
	 .fallback = "90 s",
	 .help = "The shortest session_expires that we take from the peer; a shorter one is refused with 422."},
	{.name = "100rel",
	 .type = &value_choice,
	 FIELD(config_peer, reliable),
	 .choice = choice_100rel,
	 .count = SIP_100REL_COUNT,
	 .fallback = "supported",
	 .help = "Reliable provisional responses (RFC 3262). With supported, the peer's are acknowledged (PRACK), "
		 "and ours are reliable where it requires that. With required, we demand them both ways, and refuse a "
		 "call without them with 421. With off, a call that requires them is refused with 420."},
	{.name = "failover_timeout",
	 .type = &value_duration,
	 FIELD(config_peer, failover_timeout_ms),
	 .min = 500,
	 .max = 30 * S,
	 .fallback = "4 s",
	 .help = "How long an INVITE to this peer may be without any response, not even 100, before the call goes to "
		 "the next of its span's peers. It has no effect where a span has this peer alone."},
	{.name = "progress_timeout",
	 .type = &value_duration,
	 FIELD(config_peer, progress_timeout_ms),
	 .max = 5 * M,
	 .fallback = "0 s",
	 .help = "How long an INVITE to this peer may have no other response than 100 before it is cancelled and the "
		 "call goes to the next of its span's peers; what is shorter than failover_timeout is as long as "
		 "that. With 0 it waits until setup, in [timeouts], ends the call: a peer that reaches out to far "
		 "networks may need 20 s until it rings."},
	{.name = "hold_down",
	 .type = &value_duration,
	 FIELD(config_peer, hold_down_ms),
	 .max = 1 * H,
	 .fallback = "30 s",
	 .help = "How long after a failure that sent a call to another peer this one is tried last. A 503 with "
		 "a longer Retry-After has that, up to an hour. A response to an "
		 "INVITE ends it early. With 0 every call tries it anew."},
	{.name = "max_calls",
	 .type = &value_uint,
	 FIELD(config_peer, max_calls),
	 .max = 10000,
	 .fallback = "0",
	 .help = "How many calls there may be with the peer, both ways together. One more from it is refused with "
		 "503 and Q.850 cause 42; one more to it goes to the next of the span's peers, and if there is none "
		 "the line gets cause 34. With 0, any number."},
	{.name = "max_calls_per_second",
	 .type = &value_uint,
	 FIELD(config_peer, max_calls_per_second),
	 .max = 10000,
	 .fallback = "0",
	 .help = "How many calls may begin in a second with the peer, both ways together; with more it is as with "
		 "more than max_calls. With 0, any number."},
	{.name = "options_interval",
	 .only = TABLE_OF_PEER,
	 .type = &value_duration,
	 FIELD(config_peer, options_interval_ms),
	 .max = 1 * H,
	 .fallback = "0 s",
	 .help = "How often the peer is asked with OPTIONS whether it is alive. Any final response within "
		 "failover_timeout says so, except 408 and 503. One that is down is tried last until it answers. Of a "
		 "peer with several servers each is asked so often, and tried last among them while it is down. With "
		 "0, it is not asked: some peers have not agreed to that, and hold_down spares the callers as well, "
		 "but for the first of them."},
	{.name = "options_misses",
	 .only = TABLE_OF_PEER,
	 .type = &value_uint,
	 FIELD(config_peer, options_misses),
	 .min = 1,
	 .max = 20,
	 .fallback = "2",
	 .help = "How many OPTIONS in a row without such a response make the peer down. Each is sent several times "
		 "within failover_timeout, so that one lost packet is no miss."},
	{.name = "t38",
	 .type = &value_bool,
	 FIELD(config_peer, t38),
	 .fallback = "yes",
	 .help = "Whether T.38 is offered to this peer and taken from it. With no, faxes pass in G.711."},
	{.name = "t38_max_datagram",
	 .type = &value_uint,
	 FIELD(config_peer, t38_max_datagram),
	 .min = 150,
	 .max = 1400,
	 .fallback = "1400",
	 .help = "T38FaxMaxDatagram in our SDP: the longest UDPTL datagram in octets that the peer may send us. 1400 "
		 "leaves it room for redundancy and passes an Ethernet undivided."},
	{.name = "t38_max_buffer",
	 .type = &value_uint,
	 FIELD(config_peer, t38_max_buffer),
	 .min = 200,
	 .max = 10000,
	 .fallback = "2000",
	 .help = "T38FaxMaxBuffer in our SDP, in octets. Most gateways say 1800 to 2000."},
	{.name = "t38_version",
	 .type = &value_uint,
	 FIELD(config_peer, t38_version),
	 .min = 0,
	 .max = 3,
	 .fallback = "0",
	 .help = "T38FaxVersion in our SDP. Version 0 is what every peer understands; the version agreed is the lower "
		 "of both sides'."},
	{.name = "t38_ec",
	 .type = &value_choice,
	 FIELD(config_peer, t38_error_correction),
	 .choice = choice_ec,
	 .count = T38_EC_FEC + 1,
	 .fallback = "redundancy",
	 .help = "The most error correction that is offered to this peer, whatever error_correction says in a span's "
		 "file: for a peer that stumbles over fec."},
	{.name = "t38_start",
	 .type = &value_choice_or_span,
	 FIELD(config_peer, fax.start),
	 .choice = choice_start,
	 .count = T38_START_WAIT + 1,
	 .fallback = "span",
	 .help = "Who asks for T.38, and when, in calls with this peer: in place of t38_start in a span's file, "
		 "where it is explained. With span, that holds."},
	{.name = "t38_grace",
	 .type = &value_duration_or_span,
	 FIELD(config_peer, fax.grace_ms),
	 .max = 30 * S,
	 .fallback = "span",
	 .help = "How long we wait for this peer to ask for T.38 before we do."},
	{.name = "t38_max_rate",
	 .type = &value_rate_or_span,
	 FIELD(config_peer, fax.max_rate),
	 .fallback = "span",
	 .help = "T38MaxBitRate in our SDP, and the highest bit rate of page data with this peer, where it is lower "
		 "than the span's max_rate."},
	{.name = "t38_redundancy_control",
	 .type = &value_uint_or_span,
	 FIELD(config_peer, fax.redundancy_control),
	 .max = 14,
	 .fallback = "span",
	 .help = "How many earlier packets are repeated to this peer with each packet of V.21 and of indicators."},
	{.name = "t38_redundancy_image",
	 .type = &value_uint_or_span,
	 FIELD(config_peer, fax.redundancy_image),
	 .max = 14,
	 .fallback = "span",
	 .help = "The same for packets of page data."},
	{.name = "t38_redundancy_most",
	 .type = &value_uint_or_span,
	 FIELD(config_peer, fax.redundancy_most),
	 .max = 14,
	 .fallback = "span",
	 .help = "The most that either is deepened to where the network loses packets: for a peer that cannot stand "
		 "so many."},
	{.name = "t38_fec_span",
	 .type = &value_uint_or_span,
	 FIELD(config_peer, fax.fec_span),
	 .min = 1,
	 .max = 8,
	 .fallback = "span",
	 .help = "How many packets each entry of parity to this peer covers."},
	{.name = "t38_fec_entries",
	 .type = &value_uint_or_span,
	 FIELD(config_peer, fax.fec_entries),
	 .min = 1,
	 .max = 8,
	 .fallback = "span",
	 .help = "How many entries of parity go with each packet to this peer."},
	{.name = "t38_no_signals",
	 .type = &value_uint_or_span,
	 FIELD(config_peer, fax.no_signals),
	 .max = 20,
	 .fallback = "span",
	 .help = "How many packets that say no-signal are sent to this peer when T.38 begins."},
	{.name = "t38_assume_datagram",
	 .type = &value_uint,
	 FIELD(config_peer, fax.assumed_datagram),
	 .max = 1400,
	 .fallback = "0",
	 .help = "The longest datagram in octets that we send to this peer, whatever T38FaxMaxDatagram says in its "
		 "SDP: for a peer that says less than it takes. Under 150 it is taken for the size of one packet, as "
		 "many peers mean it. With 0, what the peer says holds."},
	{.name = "t38_local_tcf",
	 .type = &value_bool,
	 FIELD(config_peer, local_tcf),
	 .fallback = "yes",
	 .help = "What is done where the peer's SDP says T38FaxRateManagement:localTCF, in its offer or its answer; "
		 "we offer transferredTCF. With yes, we answer the same, no training check is sent to the peer, and "
		 "those of our line's machines are judged and made here. With no, training checks are sent as ever: "
		 "for a peer that says localTCF and does not mean it."},
	{.name = "fax_tag",
	 .type = &value_bool,
	 FIELD(config_peer, fax_tag),
	 .fallback = "yes",
	 .help = "Whether our Contact says to the peer what we do with a fax (+sip.fax, RFC 6913), and whether a "
		 "call from it that wants a fax by T.38 (Accept-Contact: *;+sip.fax=\"t38\") is one: then we ask for "
		 "T.38 as soon as the line has answered, unless t38_start is wait."},
	{.name = "vbd",
	 .type = &value_choice,
	 FIELD(config_peer, vbd),
	 .choice = choice_vbd,
	 .count = VBD_REINVITE + 1,
	 .fallback = "yes",
	 .help = "Whether our SDP says that G.711 may be voice-band data (V.152, a=gpmd:8 vbd=yes), so that the peer "
		 "leaves the sound of a fax alone. With yes, we say so in answer to a peer that does, and in the "
		 "offer of audio that follows when it declines the image in its answer. With reinvite, we also say so "
		 "in a re-INVITE after it has refused T.38."},
	{.name = "nat",
	 .type = &value_choice,
	 FIELD(config_peer, media.nat),
	 .choice = choice_nat,
	 .count = MEDIA_NAT_COUNT,
	 .fallback = "no",
	 .help = "Whose media packets (RTP, RTCP, UDPTL) are taken for this peer's, and where ours go. no: those of "
		 "the host that its SDP names; ours go where its SDP says. symmetric: those of the host that its SDP "
		 "names; ours go to the port they come from. latch: those of whoever sends the first valid packet, "
		 "for a peer behind a NAT whose SDP names an address that is not seen from here; ours go there. In "
		 "all three, from the first valid packet on others are dropped, counted (foreign in the END line) and "
		 "told in the log; only the very address of its SDP may still take over."},
	{.name = "nat_relatch",
	 .type = &value_duration,
	 FIELD(config_peer, media.nat_relatch_ms),
	 .max = 1 * H,
	 .fallback = "5 s",
	 .help = "A source that was silent for so long may be another from then on, for a NAT may have forgotten it: "
		 "another port of the same host, or, as long as hardly anything came from it, whoever nat allows. "
		 "With 0 only a new address in the peer's SDP makes it another."},
	{.name = "rtp_in_t38",
	 .type = &value_choice,
	 FIELD(config_peer, media.rtp_in_t38),
	 .choice = choice_rtp_in_t38,
	 .count = MEDIA_RTP_COUNT,
	 .fallback = "stop",
	 .help = "What becomes of our RTP while the media is T.38. stop: nothing is sent. keep: silence goes on to "
		 "the port of the audio, for a peer that otherwise takes the call for dead."},
	{.name = "dtmf",
	 .type = &value_choice,
	 FIELD(config_peer, media.dtmf),
	 .choice = choice_dtmf,
	 .count = MEDIA_DTMF_COUNT,
	 .fallback = "inband",
	 .help = "How the digits that the line dials in a call go to this peer. inband: as the sound that they are, "
		 "with all else untouched. events: as telephone events (RFC 4733) in place of the sound, if the peer "
		 "takes them, and until a modem is heard. The peer's events are played to the line in either case."},
	{.name = "rtcp",
	 .type = &value_bool,
	 FIELD(config_peer, media.rtcp),
	 .fallback = "yes",
	 .help = "Whether RTCP reports go with the audio (RFC 3550), from the odd port beside that of RTP, about "
		 "every 5 s, and none while the media is T.38. The END line tells what they say. With no, the port "
		 "stays closed."},
	{.name = "x_headers",
	 .type = &value_bool,
	 FIELD(config_peer, x_headers),
	 .fallback = "no",
	 .help = "Whether our INVITE tells the peer which call of ours it is, to find it in both logs: X-Faxspan-Call "
		 "(the call in our log, 1-42), X-Faxspan-Span, X-Faxspan-Timeslot and X-Faxspan-Route. A carrier need "
		 "not know. X- headers that come from a peer are not passed on, whatever this says."},
};
