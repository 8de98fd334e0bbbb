/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/cdr.h"

#include <stdio.h>
#include <string.h>

const char *cdr_side_name(enum cdr_side s)
{
	static const char *const names[] = {"-", "line", "peer", "gateway"};

	return (unsigned)s < sizeof(names) / sizeof(names[0]) ? names[s] : "-";
}

const char *cdr_result(const struct cdr *c, char *buf, size_t room)
{
	char why[100];

	if (!c->answer_us)
		snprintf(buf, room, "not answered: %s", c->text[0] ? c->text : q850_name(c->cause));
	else if (c->fax.outcome == T30_SUCCESS)
		snprintf(buf, room, "fax ok");
	else if (c->fax.frames || c->media.t38_used)
		snprintf(buf, room, "fax failed: %s", t30_watch_reason(&c->fax, why, sizeof(why)));
	else if (c->media.passthrough)
		snprintf(buf, room, "fax in G.711");
	else
		snprintf(buf, room, "no fax");
	return buf;
}

/* The side that ended a fax before it was done, by DCN or by clearing, is the one to ask. When packets were lost for good on the way, the network
 * between us and the peer is. */
const char *cdr_fault(const struct cdr *c)
{
	bool failed = c->answer_us ? (c->fax.frames || c->media.t38_used) && c->fax.outcome != T30_SUCCESS : c->cause != Q850_NORMAL;

	if (!failed)
		return "-";
	if (c->answer_us && c->media.ifp_lost)
		return "network";
	if (c->fax.dcn)
		return !strcmp(c->fax.last_line, "DCN") ? "line" : "peer";
	return cdr_side_name(c->cleared_by);
}

static double seconds(int64_t from_us, int64_t to_us)
{
	return from_us && to_us > from_us ? (double)(to_us - from_us) / SEC_US : 0.0;
}

static const char *media_name(const struct cdr *c)
{
	if (c->media.t38_used)
		return "t38";
	if (c->media.passthrough || c->fax.frames)
		return "g711-fax";
	return c->answer_us ? "g711" : "none";
}

const char *cdr_print(const struct cdr *c, char *buf, size_t room)
{
	char result[200];

	snprintf(buf, room,
		 "END direction=%s calling=%s called=%s peer=%s duration=%.1fs answered=%.1fs result=\"%s\" fault=%s media=%s t30=\"%s\" "
		 "pages=%u rate=%u modem=%s ecm=%s retrains=%u resent=%u lost=%u recovered=%u foreign=%llu cause=%u(%s) cleared-by=%s sip=%u",
		 c->from_line ? "e1-to-sip" : "sip-to-e1", c->calling[0] ? c->calling : "-", c->called[0] ? c->called : "-", c->peer ? c->peer : "-",
		 seconds(c->begin_us, c->end_us), seconds(c->answer_us, c->end_us), cdr_result(c, result, sizeof(result)), cdr_fault(c),
		 media_name(c), t30_outcome_name(c->fax.outcome), c->fax.pages, c->fax.rate, c->fax.modem ? c->fax.modem : "-",
		 c->fax.rate ? (c->fax.ecm ? "yes" : "no") : "-", c->fax.retrains, c->fax.partial_resent, c->media.ifp_lost, c->media.recovered,
		 (unsigned long long)c->media.foreign, c->cause, q850_name(c->cause), cdr_side_name(c->cleared_by), c->sip_status);
	return buf;
}
