/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of a span's file. */
#include "table_keys.h"

static const char *const line_names[] = {"tdmoe", "dahdi"};
static const char *const timeout_names[TIMEOUT_COUNT] = {
	[TIMEOUT_SETUP] = "setup",	     [TIMEOUT_ALERTING] = "alerting",
	[TIMEOUT_OUTGOING] = "outgoing",     [TIMEOUT_CLEARING] = "clearing",
	[TIMEOUT_T38_SWITCH] = "t38_switch", [TIMEOUT_FAX_IDLE] = "fax_idle",
	[TIMEOUT_AFTER_DCN] = "after_dcn",   [TIMEOUT_CALL] = "call",
	[TIMEOUT_DIGIT] = "digit_timeout",
};
static const char *const law_names[] = {[CODEC_PCMA] = "alaw", [CODEC_PCMU] = "ulaw"};
static const char *const channel_names[] = {"exclusive", "preferred"};

const char *config_line_name(enum config_line l)
{
	return line_names[l];
}

const char *config_timeout_name(enum config_timeout t)
{
	return timeout_names[t];
}

unsigned config_span_timeslots(const struct config_span *s)
{
	return s->dchannel == CONFIG_T1_DCHANNEL ? 24 : 31;
}

static const char *choice_line(unsigned i)
{
	return line_names[i];
}

static const char *choice_side(unsigned i)
{
	return isdn_side_name((enum isdn_side)i);
}

static const char *choice_switch(unsigned i)
{
	return isdn_switch_name((enum isdn_switch)i);
}

static const char *choice_law(unsigned i)
{
	return law_names[i];
}

static const char *choice_channel(unsigned i)
{
	return channel_names[i];
}

static const char *choice_hunt(unsigned i)
{
	return isdn_hunt_name((enum isdn_hunt)i);
}

static const char *choice_t38_start(unsigned i)
{
	return t38_start_name((enum t38_start)i);
}

static const char *choice_ec(unsigned i)
{
	return t38_error_correction_name((enum t38_error_correction)i);
}

const struct table_key table_span_keys[TABLE_SPAN_KEYS] = {
	{.name = "enabled",
	 .type = &value_bool,
	 FIELD(config_span, enabled),
	 .fallback = "yes",
	 .help = "With no, the file is read and checked, but the span is not started."},
	{.name = "line",
	 .type = &value_choice,
	 FIELD(config_span, line_kind),
	 .choice = choice_line,
	 .count = 2,
	 .fallback = "tdmoe",
	 .help = "What carries the span: tdmoe is TDM over UDP or Ethernet; dahdi is a span of the kernel's DAHDI "
		 "drivers, a card, of which "
		 "section [dahdi] says more."},
	{.name = "local",
	 .type = &value_address,
	 FIELD(config_span, tdmoe_local),
	 .fallback = "",
	 .help = "With line = tdmoe over UDP, where it is required: the local address and UDP port of the TDM frames."},
	{.name = "remote",
	 .type = &value_address,
	 FIELD(config_span, tdmoe_peer),
	 .fallback = "",
	 .help = "With line = tdmoe over UDP, where it is required: the address and UDP port of the other end. Frames "
		 "from elsewhere are dropped."},
	{.name = "interface",
	 .type = &value_interface,
	 FIELD(config_span, tdmoe_interface),
	 .fallback = "none",
	 .help = "With line = tdmoe: the network interface of a line straight over Ethernet (ethertype 0xD00D), as "
		 "DAHDI's dynamic spans and E1 bridges have it, in place of local and remote. The other end is the "
		 "clock: a host of DAHDI needs one besides this span, such as a card, whose span it has to set up "
		 "first. The daemon needs CAP_NET_RAW; the systemd unit says how to give it."},
	{.name = "remote_mac",
	 .type = &value_mac,
	 FIELD(config_span, tdmoe_mac),
	 .fallback = "none",
	 .help = "With interface, where it is required: the MAC address of the other end."},
	{.name = "subaddress",
	 .type = &value_uint,
	 FIELD(config_span, tdmoe_subaddress),
	 .max = 65535,
	 .fallback = "0",
	 .help = "With interface: the sub-address, which tells several spans of one remote_mac apart."},
	{.name = "gather",
	 .type = &value_duration,
	 FIELD(config_span, tdmoe_gather_ms),
	 .max = 20,
	 .fallback = "20 ms",
	 .help = "With interface: how long frames are gathered before they are read and answered together. With 20 "
		 "ms the thousand frames that DAHDI sends in a second cost about 50 wakeups. An E1 bridge that has a "
		 "small buffer wants less; 0 ms answers each frame at once."},
	{.name = "side",
	 .type = &value_choice,
	 FIELD(config_span, side),
	 .choice = choice_side,
	 .count = ISDN_NT + 1,
	 .fallback = "te",
	 .help = "Our side of the D channel: te is the user, facing an exchange; nt is the network, "
		 "facing a PBX."},
	{.name = "switch",
	 .type = &value_choice,
	 FIELD(config_span, switch_type),
	 .choice = choice_switch,
	 .count = ISDN_4ESS + 1,
	 .fallback = "euroisdn",
	 .help = "The dialect of Q.931 that the other end speaks."},
	{.name = "timeslots",
	 .type = &value_timeslots,
	 FIELD(config_span, timeslots),
	 .fallback = "1-15,17-31",
	 .help = "The B channels that are used, without the D channel."},
	{.name = "dchannel",
	 .type = &value_uint,
	 FIELD(config_span, dchannel),
	 .min = 1,
	 .max = 31,
	 .fallback = "16",
	 .help = "The timeslot of the D channel: 16 on an E1, 24 on a T1. With 24 the span is a T1, whose timeslots "
		 "are 1-23 at most."},
	{.name = "law",
	 .type = &value_choice,
	 FIELD(config_span, law),
	 .choice = choice_law,
	 .count = CODEC_COUNT,
	 .fallback = "alaw",
	 .help = "How the B channels are coded (G.711): alaw on an E1, ulaw (mu-law) on most T1s."},
	{.name = "hunt",
	 .type = &value_choice,
	 FIELD(config_span, hunt),
	 .choice = choice_hunt,
	 .count = HUNT_ROUND_ROBIN + 1,
	 .fallback = "descending",
	 .help = "The order in which a free B channel is looked for on calls to the line. Take the opposite of what "
		 "the other end does, so that both seldom take the same one."},
	{.name = "channel",
	 .type = &value_choice,
	 FIELD(config_span, channel),
	 .choice = choice_channel,
	 .count = 2,
	 .fallback = "exclusive",
	 .help = "How the B channel of a call to the line is named: exclusive wants that one or none, and the next "
		 "is tried when the other end refuses it; preferred lets the other end choose another, and the call "
		 "goes on there."},
	{.name = "restart",
	 .type = &value_bool,
	 FIELD(config_span, restart_at_start),
	 .fallback = "yes",
	 .help = "Whether every B channel is restarted (Q.931 RESTART) when the D channel first comes up, so that "
		 "neither side remembers calls that are gone."},
	{.name = "overlap",
	 .type = &value_bool,
	 FIELD(config_span, overlap),
	 .fallback = "no",
	 .help = "Whether a called number from the line may come in pieces (overlap receiving). With yes, digits are "
		 "gathered until accept takes the number and no pattern takes a longer one, until the other end says "
		 "that it is whole, until '#', or until digit_timeout. With no, the number must be whole in the "
		 "SETUP."},
	{.name = "digit_timeout",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_DIGIT]),
	 .min = 1 * S,
	 .max = 30 * S,
	 .fallback = "5 s",
	 .help = "With overlap: how long the next digit is waited for. What has come by then is the number, or, if "
		 "accept does not take it, the call is refused with cause 28."},
	{.name = "overlap_dial",
	 .type = &value_uint,
	 FIELD(config_span, overlap_dial),
	 .max = 20,
	 .fallback = "0",
	 .help = "For a line that wants called numbers in pieces (overlap sending): so many digits are in the SETUP, "
		 "and the rest follows when the other end asks for it. With 0 the SETUP has the whole number."},
	{.name = "accept",
	 .type = &value_numbers,
	 FIELD(config_span, accept),
	 .fallback = ".",
	 .repeats = true,
	 .help = "The called numbers that are taken from the line where no [route NAME] takes the call; others are "
		 "refused with cause 1, unallocated number."},
	{.name = "dial",
	 .type = &value_numbers,
	 FIELD(config_span, dial),
	 .fallback = "none",
	 .repeats = true,
	 .help = "The numbers called from SIP that go out on this span where no [route NAME] takes the call. Where "
		 "several spans take a number, the longest pattern wins. With none, nothing goes out."},
	{.name = "peer",
	 .type = &value_targets,
	 FIELD(config_span, to),
	 .fallback = "",
	 .help = "The peer that gets the calls from the line that accept takes, or several. Required where no "
		 "[route NAME] is for calls from the span; without it accept takes none. Those without weights are "
		 "tried in this order: the next one when one does not respond, has no connection, or fails (408 or "
		 "5xx); a refusal that is the called side's word, such as busy, ends the call. With weights each is "
		 "the first to be tried for its share of the calls."},
	{.name = "pri_debug",
	 .type = &value_uint,
	 FIELD(config_span, pri_debug),
	 .min = 0,
	 .max = 2,
	 .fallback = "0",
	 .help = "What of the D channel is written to the log at level debug: 0 nothing, 1 the messages of Q.931, 2 "
		 "also the frames of Q.921."},
};

const struct table_key table_fax_keys[TABLE_FAX_KEYS] = {
	{.name = "t38",
	 .type = &value_bool,
	 FIELD(config_span, fax.t38),
	 .fallback = "yes",
	 .help = "Whether faxes of this span use T.38. With no, they pass in G.711."},
	{.name = "t38_start",
	 .type = &value_choice,
	 FIELD(config_span, fax.t38_start),
	 .choice = choice_t38_start,
	 .count = T38_START_WAIT + 1,
	 .fallback = "answering-side",
	 .help = "Who asks for T.38, and when. answering-side: we ask on hearing the answering fax machine on our "
		 "line, else the peer has the grace time to ask; and on the fourth CNG of our line since the answer, "
		 "if nothing was heard to answer it. on-cng: we also ask on hearing the calling machine's CNG. "
		 "on-ced: we also ask on any answer tone, which may be a data modem's: not for a line that carries "
		 "those. on-preamble: we ask on V.21 flags from either side. at-answer: we ask as soon as the "
		 "call is answered. wait: only the peer asks."},
	{.name = "t38_grace",
	 .type = &value_duration,
	 FIELD(config_span, fax.t38_grace_ms),
	 .min = 0,
	 .max = 30 * S,
	 .fallback = "3500 ms",
	 .help = "How long we wait for the peer to ask for T.38 before we do. Asterisk asks 3 s after answering, so a "
		 "little more than that."},
	{.name = "ecm",
	 .type = &value_bool,
	 FIELD(config_span, fax.ecm),
	 .fallback = "yes",
	 .help = "Whether the machines may use error correction mode. With no, it is taken out of what they offer "
		 "each other; one that insists on it has it all the same, and the log says so."},
	{.name = "max_rate",
	 .type = &value_rate,
	 FIELD(config_span, fax.max_rate),
	 .fallback = "14400",
	 .help = "The highest bit rate of page data. A lower one helps on bad lines. A sender that begins with a "
		 "higher one "
		 "is made to train again, which takes some 7 s a step."},
	{.name = "modems",
	 .type = &value_modems,
	 FIELD(config_span, fax.modems),
	 .fallback = "v17, v29, v27ter",
	 .help = "The modems that the machines may use for page data: v27ter (2400 and 4800 bit/s), v29 (7200 and "
		 "9600), v17 (7200 to 14400). T.30 cannot offer v17 without both others. A training in v27ter is "
		 "never refused, only not offered: who sends it may have nothing else."},
	{.name = "nonstandard",
	 .type = &value_bool,
	 FIELD(config_span, fax.nonstandard),
	 .fallback = "no",
	 .help = "Whether nonstandard facilities (NSF, NSC, NSS) pass from machine to machine. With no, they are "
		 "emptied: two machines of one maker could agree on what no gateway knows. With yes, each sees the "
		 "other's make, and what they agree on may fail."},
	{.name = "fill_bit_removal",
	 .type = &value_bool,
	 FIELD(config_span, fax.fill_bit_removal),
	 .fallback = "no",
	 .help = "Whether we offer to leave fill bits out of page data. It saves a little bandwidth, and few peers "
		 "have it."},
	{.name = "error_correction",
	 .type = &value_choice,
	 FIELD(config_span, fax.error_correction),
	 .choice = choice_ec,
	 .count = T38_EC_FEC + 1,
	 .fallback = "redundancy",
	 .help = "The error correction of UDPTL that we offer. redundancy repeats earlier packets whole, and every "
		 "peer has it; fec sends parity of them, and redundancy where more is lost than that mends "
		 "(redundancy_most)."},
	{.name = "redundancy_control",
	 .type = &value_uint,
	 FIELD(config_span, fax.redundancy_control),
	 .min = 0,
	 .max = 14,
	 .fallback = "8",
	 .help = "How many earlier packets are repeated with each packet of V.21 and of indicators. They are small, "
		 "and losing one can end the fax. With eight a gap of a quarter of a second takes none. Asterisk "
		 "refuses more than 14."},
	{.name = "redundancy_image",
	 .type = &value_uint,
	 FIELD(config_span, fax.redundancy_image),
	 .min = 0,
	 .max = 14,
	 .fallback = "3",
	 .help = "The same for packets of page data, as far as the peer's T38FaxMaxDatagram has room. With three, a "
		 "packet is gone only if four in a row are lost."},
	{.name = "redundancy_most",
	 .type = &value_uint,
	 FIELD(config_span, fax.redundancy_most),
	 .min = 0,
	 .max = 14,
	 .fallback = "14",
	 .help = "How many earlier packets are repeated at most with any packet where the network loses some. "
		 "What is missing of the peer's own packets, and what it or the line has to say again, deepens "
		 "the redundancy so far, as the peer's T38FaxMaxDatagram has room. With 0 both depths stay as "
		 "they are."},
	{.name = "fec_span",
	 .type = &value_uint,
	 FIELD(config_span, fax.fec_span),
	 .min = 1,
	 .max = 8,
	 .fallback = "3",
	 .help = "With fec: how many packets each entry of parity covers. One of them that is lost can be had back "
		 "from the others."},
	{.name = "fec_entries",
	 .type = &value_uint,
	 FIELD(config_span, fax.fec_entries),
	 .min = 1,
	 .max = 8,
	 .fallback = "3",
	 .help = "With fec: how many entries of parity go with each packet. So many packets lost in a row can be had "
		 "back. Most peers remember 16 packets: fec_span times fec_entries should not be more."},
	{.name = "tail_repeats",
	 .type = &value_uint,
	 FIELD(config_span, fax.tail_repeats),
	 .min = 0,
	 .max = 20,
	 .fallback = "8",
	 .help = "How often the last datagram of a burst is sent again while nothing follows: it has no successor "
		 "that would carry it. With eight the last comes after a second, when a gap in the network is over."},
	{.name = "tail_interval",
	 .type = &value_duration,
	 FIELD(config_span, fax.tail_interval_ms),
	 .min = 10,
	 .max = 200,
	 .fallback = "30 ms",
	 .help = "The time between these repeats: about that between packets of page data. After the fourth each "
		 "takes twice as long as the one before, up to sixteen times."},
	{.name = "no_signals",
	 .type = &value_uint,
	 FIELD(config_span, fax.no_signals),
	 .min = 0,
	 .max = 20,
	 .fallback = "3",
	 .help = "How many packets that say no-signal are sent when T.38 begins. They open the pinholes of firewalls "
		 "and tell a peer behind NAT where we are. One might be lost."},
	{.name = "rx_window",
	 .type = &value_duration,
	 FIELD(config_span, fax.rx_window_ms),
	 .min = 0,
	 .max = 1 * S,
	 .fallback = "240 ms",
	 .help = "How long a missing packet is waited for before the fax goes on without it. It covers the repeats of "
		 "redundancy and packets that overtake each other; longer ones cost the machines' patience."},
};

const struct table_key table_jitter_keys[TABLE_JITTER_KEYS] = {
	{.name = "min",
	 .type = &value_duration,
	 FIELD(config_span, jitter_min_ms),
	 .min = 10,
	 .max = 400,
	 .fallback = "20 ms",
	 .help = "The least delay of the adaptive jitter buffer: one RTP packet."},
	{.name = "max",
	 .type = &value_duration,
	 FIELD(config_span, jitter_max_ms),
	 .min = 10,
	 .max = 400,
	 .fallback = "200 ms",
	 .help = "Its greatest delay: what people on the telephone will bear."},
	{.name = "fax",
	 .type = &value_duration,
	 FIELD(config_span, jitter_fax_ms),
	 .min = 10,
	 .max = 400,
	 .fallback = "100 ms",
	 .help = "The fixed delay of a fax in G.711: a change of delay in mid-page would cost a modem its carrier, "
		 "so it should cover the network's worst jitter from the start. Where it does not, it grows in the "
		 "next pause between two signals."},
};

const struct table_key table_timeout_keys[TABLE_TIMEOUT_KEYS] = {
	{.name = "setup",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_SETUP]),
	 .min = 1 * S,
	 .max = 2 * M,
	 .fallback = "40 s",
	 .help = "A call from the line: until the peer answers the INVITE with ringing, progress or anything final. "
		 "Some that reach out to far networks say nothing for 20 s and longer."},
	{.name = "alerting",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_ALERTING]),
	 .min = 5 * S,
	 .max = 10 * M,
	 .fallback = "3 min",
	 .help = "How long a call may ring, from either side, or be under way without it (183, PROGRESS); exchanges "
		 "use 3 min."},
	{.name = "outgoing",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_OUTGOING]),
	 .min = 1 * S,
	 .max = 2 * M,
	 .fallback = "40 s",
	 .help = "A call to the line: from our SETUP until PROGRESS, ALERTING or CONNECT. ISDN waits for 30 s "
		 "at least (Q.931 T310), and calls abroad need it."},
	{.name = "clearing",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_CLEARING]),
	 .min = 1 * S,
	 .max = 1 * M,
	 .fallback = "4 s",
	 .help = "How long a half of a call that is being cleared may take, before it is dropped: as long as ISDN "
		 "waits for a RELEASE (Q.931 T308)."},
	{.name = "t38_switch",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_T38_SWITCH]),
	 .min = 1 * S,
	 .max = 32 * S,
	 .fallback = "5 s",
	 .help = "How long the peer may take to answer our T.38 re-INVITE; then the fax passes in G.711, while its "
		 "machines still wait for each other."},
	{.name = "fax_idle",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_FAX_IDLE]),
	 .min = 40 * S,
	 .max = 30 * M,
	 .fallback = "130 s",
	 .help = "T.38 without any sign of T.30, or silence on both sides of a fax that passes in G.711, before the "
		 "call is ended: longer than the longest silence that T.30 has (T5 twice, 60 s each)."},
	{.name = "after_dcn",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_AFTER_DCN]),
	 .min = 1 * S,
	 .max = 5 * M,
	 .fallback = "10 s",
	 .help = "How long a call may stay up once a machine has said DCN, the end of its fax, and nobody clears."},
	{.name = "call",
	 .type = &value_duration,
	 FIELD(config_span, timeouts_ms[TIMEOUT_CALL]),
	 .min = 1 * M,
	 .max = 24 * H,
	 .fallback = "6 h",
	 .help = "The longest call. No fax takes so long: it ends calls that somebody forgot."},
};
