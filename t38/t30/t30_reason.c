/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_watch in words, for an operator, and which side is to be asked. */
#include "t30.h"

#include <stdio.h>
#include <string.h>

static const char *side_name(enum t30_direction d)
{
	return d == T30_FROM_LINE ? "line side" : "peer";
}

static const char *pending_name(const struct t30_watch *w)
{
	const uint8_t frame[] = {0xFF, 0x13, (uint8_t)w->post_page, w->pending[0]};

	return t30_frame_name(frame, sizeof(frame));
}

static const char *times(unsigned n)
{
	return n == 1 ? "time" : "times";
}

static bool before_dcn_is(const struct t30_watch *w, const char *name)
{
	return !strcmp(w->before_dcn, name);
}

/* A command that wants an answer was the last word; those after a page are told apart. */
static bool asked_before_dcn(const struct t30_watch *w)
{
	static const char *const commands[] = {"DIS", "DTC", "DCS", "CTC"};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (before_dcn_is(w, commands[i]))
			return true;
	return false;
}

static enum t30_direction other(enum t30_direction d)
{
	return d == T30_FROM_LINE ? T30_FROM_PEER : T30_FROM_LINE;
}

static bool has_failed(const struct t30_watch *w)
{
	return w->outcome == T30_FAILED || w->outcome == T30_INCOMPLETE;
}

bool t30_watch_unanswered(const struct t30_watch *w, enum t30_direction *sidep)
{
	enum t30_direction asked;

	if (!has_failed(w))
		return false;
	if (w->post_page)
		asked = w->post_page_side;
	else if (asked_before_dcn(w))
		asked = w->before_dcn_side;
	else
		return false;
	if (w->dcn && w->dcn_side != asked)
		return false; /* DCN was the answer */
	*sidep = other(asked);
	return true;
}

bool t30_watch_spoilt(const struct t30_watch *w, enum t30_direction *fromp)
{
	if (!has_failed(w) || !w->sender_known)
		return false;
	if (!w->missed && !w->abandoned && !w->failed_trainings && !before_dcn_is(w, "RTN") &&
	    !before_dcn_is(w, "PIN") && !before_dcn_is(w, "PPR"))
		return false;
	*fromp = w->sender;
	return true;
}

static void reason_missed(const struct t30_watch *w, char *buf, size_t room)
{
	const char *from = side_name(w->sender), *to = side_name(other(w->sender));

	if (w->unsent)
		snprintf(buf, room, "page %u was not heard from the %s: the %s said DIS again", w->pages + 1, from, to);
	else
		snprintf(buf, room, "page %u did not reach the %s: it said DIS again", w->pages + 1, to);
}

static void reason_failed(const struct t30_watch *w, char *buf, size_t room)
{
	const char *who = side_name(w->dcn_side);
	enum t30_direction silent;

	if (w->missed)
		reason_missed(w, buf, room);
	else if (w->abandoned)
		snprintf(buf, room, "%u page%s given up with errors (EOR answered by ERR)", w->abandoned,
			 w->abandoned == 1 ? "" : "s");
	else if (w->failed_trainings)
		snprintf(buf, room, "DCN after FTT: training failed %u %s", w->failed_trainings,
			 times(w->failed_trainings));
	else if (t30_watch_unanswered(w, &silent))
		snprintf(buf, room, "%s sent DCN after %s: it was not answered", who,
			 w->post_page ? pending_name(w) : w->before_dcn);
	else if (w->post_page)
		snprintf(buf, room, "%s answered %s with DCN", who, pending_name(w));
	else if (before_dcn_is(w, "RTN") || before_dcn_is(w, "PIN"))
		snprintf(buf, room, "%s sent DCN after %s: the page was rejected", who, w->before_dcn);
	else if (before_dcn_is(w, "PPR"))
		snprintf(buf, room, "%s sent DCN after PPR: the page could not be corrected", who);
	else if (asked_before_dcn(w))
		snprintf(buf, room, "%s sent DCN after %s: nothing was agreed", who, w->before_dcn);
	else if (before_dcn_is(w, "CFR"))
		snprintf(buf, room, "%s sent DCN after CFR, in page %u", who, w->pages + 1);
	else if (w->before_dcn[0])
		snprintf(buf, room, "%s sent DCN after %s", who, w->before_dcn);
	else
		snprintf(buf, room, "%s sent DCN and nothing else", who);
}

static void reason_incomplete(const struct t30_watch *w, char *buf, size_t room)
{
	if (w->missed)
		reason_missed(w, buf, room);
	else if (w->failed_trainings)
		snprintf(buf, room, "broke off after FTT: training failed %u %s", w->failed_trainings,
			 times(w->failed_trainings));
	else if (w->post_page)
		snprintf(buf, room, "no answer to %s", pending_name(w));
	else if (asked_before_dcn(w))
		snprintf(buf, room, "no answer to %s", w->before_dcn);
	else if (before_dcn_is(w, "CFR") || w->confirmed)
		snprintf(buf, room, "broke off in page %u", w->pages + 1);
	else
		snprintf(buf, room, "broke off after %s", w->before_dcn);
}

const char *t30_watch_reason(const struct t30_watch *w, char *buf, size_t room)
{
	switch (w->outcome) {
	case T30_NONE:
		return "no T.30 frame was seen";
	case T30_SUCCESS:
		if (!w->rejected)
			return "success";
		snprintf(buf, room, "success, after %u rejected page%s", w->rejected, w->rejected == 1 ? "" : "s");
		break;
	case T30_FAILED:
		reason_failed(w, buf, room);
		break;
	case T30_INCOMPLETE:
		reason_incomplete(w, buf, room);
		break;
	}
	return buf;
}
