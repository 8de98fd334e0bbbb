/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/cdr/cdr.h"

#include <stdio.h>
#include <string.h>

#define NETWORK_IS_BAD	0.005	      /* of the packets: what redundancy does not notice */
#define TRIES		3	      /* of a command, T.30 5.4.2 */
#define NOTHING_CAME_US (10 * SEC_US) /* some peers take 6 s from the agreement to their first datagram */
/* T1, 35 s less 15 % (T.30 5.4.2), after which a machine may hang up without DCN */
#define PATIENCE_US (29 * SEC_US)

const char *cdr_side_name(enum cdr_side s)
{
	static const char *const names[] = {"-", "line", "peer", "gateway"};

	return (unsigned)s < sizeof(names) / sizeof(names[0]) ? names[s] : "-";
}

static bool is_fax(const struct cdr *c)
{
	return c->fax.frames || c->media.t38_used || c->media.t30_heard;
}

/* T.38 was agreed and nothing ever came: a firewall or a NAT stands between, more often than a peer that has nothing
 * to say. */
static bool nothing_came(const struct cdr *c)
{
	return c->media.t38_us > NOTHING_CAME_US && !c->media.udptl_rx;
}

/* For good, of the kind the fax passed in. */
static unsigned long long packets_lost(const struct cdr *c)
{
	return c->media.t38_used ? c->media.ifp_lost : is_fax(c) ? c->media.rtp_lost : 0;
}

/* It never came to page data, or no more. */
static bool is_untrained(const struct t30_watch *f)
{
	return f->rate && (!f->cfr || f->failed_trainings);
}

/* What may explain it. */
static const char *aside(const struct cdr *c)
{
	if (c->media.ifp_overrun)
		return " (the peer sent faster than the line)";
	return c->media.said_local_tcf && is_untrained(&c->fax) ? " (the peer said localTCF)" : "";
}

/* A sender may go on behind a page that was rejected, and call it a success: whether it has sent that one again nothing
 * in the frames tells for certain. */
static void fax_ok(const struct cdr *c, char *buf, size_t room)
{
	const struct relay_parts *sent = &c->media.parts[c->fax.sender];
	const char *from = c->fax.sender == T30_FROM_LINE ? "line side" : packets_lost(c) ? "network" : "peer";

	if (c->fax.rejected)
		snprintf(buf, room, "fax ok, but %u page%s rejected", c->fax.rejected,
			 c->fax.rejected == 1 ? " was" : "s were");
	else if (sent->bad && !c->fax.ecm)
		snprintf(buf, room, "fax ok, but %u of %u scan lines came damaged from the %s", sent->bad, sent->all,
			 from);
	else
		snprintf(buf, room, "fax ok");
}

const char *cdr_result(const struct cdr *c, char *buf, size_t room)
{
	char why[100];

	if (!c->answer_us)
		snprintf(buf, room, "not answered: %s", c->text[0] ? c->text : q850_name(c->cause));
	else if (c->fax.outcome == T30_SUCCESS)
		fax_ok(c, buf, room);
	else if (nothing_came(c))
		snprintf(buf, room, "fax failed: no T.38 packet came from the peer");
	else if (is_fax(c))
		snprintf(buf, room, "fax failed: %s%s", t30_watch_reason(&c->fax, why, sizeof(why)), aside(c));
	else if (c->media.passthrough)
		snprintf(buf, room, "fax in G.711");
	else
		snprintf(buf, room, "no fax");
	return buf;
}

/* Somebody hung up in the middle of it: a machine that gives up waits for its answer first, and says DCN. Not so one
 * whose patience came to its end with the other's last try. */
static bool is_broken_off(const struct cdr *c)
{
	if (nothing_came(c) && c->media.t38_us >= PATIENCE_US)
		return false;
	return c->media.t30_live && c->fax.tries < TRIES && !c->fax.dcn &&
	       (c->cleared_by == CDR_LINE || c->cleared_by == CDR_PEER);
}

static double share(unsigned long long part, unsigned long long whole)
{
	return part && whole ? (double)part / (double)whole : part ? 1 : 0;
}

/* 0 to 1. Of T.38 nobody tells what was lost on the way to the peer, but the way back is most often as bad; of RTP its
 * reports do. */
static double network_loss(const struct cdr *c)
{
	unsigned long long missing = packets_lost(c) + c->media.recovered;
	double back = c->media.t38_used ? share(missing, missing + c->media.udptl_rx)
					: share(c->media.rtp_missing, c->media.rtp_expected);
	double there = share(c->media.peer_lost, c->media.rtp_tx);

	return there > back ? there : back;
}

/* Of the pages and training checks from the line, as we heard them ourselves. 0 to 1. */
static double line_damage(const struct cdr *c)
{
	if (!c->media.t38_used)
		return 0;
	if (c->media.line_tcfs_bad || c->media.line_pages_lost)
		return 1;
	/* nothing was heard of the page, or its post-page message came so spoilt that nothing could be passed on */
	if (c->fax.missed && (c->fax.unsent || c->media.line_commands_lost))
		return 1;
	return share(c->media.parts[T30_FROM_LINE].bad, c->media.parts[T30_FROM_LINE].all);
}

/* A page or a training check of FROM did not arrive, or not well. Who received it may have given up, or who sent it:
 * neither is to blame for that. */
static const char *fault_on_way(const struct cdr *c, enum t30_direction from)
{
	double network = network_loss(c), line = line_damage(c);

	if (from == T30_FROM_PEER && packets_lost(c))
		return "network";
	if (from == T30_FROM_PEER)
		return cdr_side_name(c->media.parts[from].bad || (c->fax.missed && c->fax.unsent) ? CDR_PEER
												  : CDR_LINE);
	if (line > network)
		return cdr_side_name(CDR_LINE);
	return network > NETWORK_IS_BAD ? "network" : cdr_side_name(CDR_PEER);
}

static const char *fault_of_silent(const struct cdr *c, enum t30_direction silent)
{
	if (silent == T30_FROM_LINE)
		return cdr_side_name(CDR_LINE);
	return network_loss(c) > NETWORK_IS_BAD ? "network" : cdr_side_name(CDR_PEER);
}

/* Where the gateway has cleared, it may have done so because of somebody else. */
static const char *fault_of_end(const struct cdr *c)
{
	return cdr_side_name(c->failed != CDR_NOBODY ? c->failed : c->cleared_by);
}

/*
 * A line that is gone and a gateway that stops are beyond doubt; of a peer that is silent the frames may tell more.
 * Who hangs up before an answer can be there is to be asked himself. Else it is told where a page or a training check
 * was spoilt. Else, when packets were lost for good, the network between us and the peer is to blame; or the machine
 * that left a command without an answer; or the side that ended the fax before it was done, by DCN or by clearing.
 */
const char *cdr_fault(const struct cdr *c)
{
	enum t30_direction side;

	if (!c->answer_us)
		return c->cause != Q850_NORMAL ? fault_of_end(c) : "-";
	if (!is_fax(c) || c->fax.outcome == T30_SUCCESS)
		return "-";
	if (c->failed == CDR_LINE || c->failed == CDR_GATEWAY)
		return cdr_side_name(c->failed);
	if (is_broken_off(c))
		return cdr_side_name(c->cleared_by);
	if (nothing_came(c))
		return "network";
	if (c->media.ifp_overrun)
		return cdr_side_name(CDR_PEER);
	if (t30_watch_spoilt(&c->fax, &side))
		return fault_on_way(c, side);
	if (packets_lost(c))
		return "network";
	if (t30_watch_unanswered(&c->fax, &side))
		return fault_of_silent(c, side);
	if (c->fax.dcn)
		return cdr_side_name(c->fax.dcn_side == T30_FROM_LINE ? CDR_LINE : CDR_PEER);
	return fault_of_end(c);
}

static double seconds(int64_t from_us, int64_t to_us)
{
	return from_us && to_us > from_us ? (double)(to_us - from_us) / SEC_US : 0.0;
}

static const char *media_name(const struct cdr *c)
{
	if (c->media.t38_used)
		return "t38";
	if (c->media.passthrough || is_fax(c))
		return "g711-fax";
	return c->answer_us ? "g711" : "none";
}

/* A peer's words may hold quotation marks, which would end the field. */
static const char *unquote(char *text)
{
	for (char *p = text; (p = strchr(p, '"'));)
		*p = '\'';
	return text;
}

/* The audio as either side had it, by the numbers of RTP and what RTCP said (RFC 3550 6.4). */
static const char *audio_print(const struct bearer_report *m, char *buf, size_t room)
{
	int n = snprintf(buf, room, "rtp-lost=%llu/%llu rtp-jitter=%ums", (unsigned long long)m->rtp_missing,
			 (unsigned long long)m->rtp_expected, m->rtp_jitter_ms);

	if (m->rtcp_heard)
		n += snprintf(buf + n, room - (size_t)n, " peer-lost=%u peer-jitter=%ums", m->peer_lost,
			      m->peer_jitter_ms);
	else
		n += snprintf(buf + n, room - (size_t)n, " peer-lost=- peer-jitter=-");
	snprintf(buf + n, room - (size_t)n, m->rtt_known ? " rtt=%ums" : " rtt=-", m->rtt_ms);
	return buf;
}

/* Behind LEN octets of BUF: the last field, of which so much is left out as does not fit. */
static void why_print(const struct cdr *c, char *buf, size_t len, size_t room)
{
	static const char frame[] = " why=\"\"";
	char why[sizeof(c->text)];

	if (len + sizeof(frame) > room)
		return;
	memcpy(why, c->text[0] ? c->text : "-", c->text[0] ? sizeof(why) : 2);
	snprintf(buf + len, room - len, " why=\"%.*s\"", (int)(room - len - sizeof(frame)), unquote(why));
}

const char *cdr_print(const struct cdr *c, char *buf, size_t room)
{
	const struct t30_watch *f = &c->fax;
	char result[200], who[200], fax[200], audio[160];
	int len;

	snprintf(who, sizeof(who), "direction=%s calling=%s called=%s peer=%s route=%s",
		 c->from_line ? "e1-to-sip" : "sip-to-e1", c->calling[0] ? c->calling : "-",
		 c->called[0] ? c->called : "-", c->peer ? c->peer : "-", c->route ? c->route : "-");
	snprintf(fax, sizeof(fax), "t30=\"%s\" pages=%u rate=%u modem=%s ecm=%s retrains=%u resent=%u",
		 t30_outcome_name(f->outcome), f->pages, f->rate, f->modem ? f->modem : "-",
		 f->rate ? (f->ecm ? "yes" : "no") : "-", f->retrains, f->partial_resent);
	cdr_result(c, result, sizeof(result));
	len = snprintf(buf, room,
		       "END %s duration=%.1fs answered=%.1fs result=\"%s\" fault=%s media=%s %s lost=%llu recovered=%u "
		       "line-bad=%u/%u peer-bad=%u/%u foreign=%llu %s cause=%u(%s) cleared-by=%s sip=%u",
		       who, seconds(c->begin_us, c->end_us), seconds(c->answer_us, c->end_us), unquote(result),
		       cdr_fault(c), media_name(c), fax, packets_lost(c), c->media.recovered,
		       c->media.parts[T30_FROM_LINE].bad, c->media.parts[T30_FROM_LINE].all,
		       c->media.parts[T30_FROM_PEER].bad, c->media.parts[T30_FROM_PEER].all,
		       (unsigned long long)c->media.foreign, audio_print(&c->media, audio, sizeof(audio)), c->cause,
		       q850_name(c->cause), cdr_side_name(c->cleared_by), c->sip_status);
	why_print(c, buf, len > 0 ? (size_t)len : 0, room);
	return buf;
}
