/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_watch: following a fax by its frames. */
#include "t30.h"

#include <stdio.h>
#include <string.h>

#define FIF_AT 3

static const char *side_name(enum t30_direction d)
{
	return d == T30_FROM_LINE ? "line side" : "peer";
}

/* The command a post-page message ends its page with: its own, or the one inside PPS and EOR. */
static int page_command(int fcf, const uint8_t *fif)
{
	return fcf == FCF_PPS || fcf == FCF_EOR ? fif[0] : fcf;
}

static bool is_last_page(int fcf, const uint8_t *fif)
{
	int command = page_command(fcf, fif);

	return command == FCF_EOP || command == FCF_PRI_EOP;
}

/* True if the message now confirmed is the one whose page was counted last, sent again because its MCF was lost
 * (T.30 5.4.2: a command is sent up to three times). */
static bool is_repetition(const struct t30_watch *w)
{
	if (!w->confirmed || w->post_page != w->counted_fcf)
		return false;
	if (w->post_page == FCF_PPS)
		return !memcmp(w->pending, w->counted, sizeof(w->counted));
	/* After a confirmed EOP or EOM nothing but DCN or a new DIS/DCS may come; after MPS another page may have. */
	if (w->post_page == FCF_MPS || w->post_page == FCF_PRI_MPS)
		return w->image_known && !w->image;
	return true;
}

static void watch_confirmed(struct t30_watch *w)
{
	if (w->post_page == FCF_EOR || page_command(w->post_page, w->pending) == FCF_NULL)
		return;
	if (!is_repetition(w))
		w->pages++;
	w->confirmed = true;
	w->image = false;
	w->counted_fcf = w->post_page;
	memcpy(w->counted, w->pending, sizeof(w->counted));
	if (is_last_page(w->post_page, w->pending))
		w->last_page_confirmed = true;
}

static void watch_post_page(struct t30_watch *w, enum t30_direction d, int fcf, const uint8_t *frame, size_t octets)
{
	memset(w->pending, 0, sizeof(w->pending));
	if (fcf == FCF_PPS || fcf == FCF_EOR) {
		size_t n = octets - FIF_AT;

		memcpy(w->pending, frame + FIF_AT, n < sizeof(w->pending) ? n : sizeof(w->pending));
		w->pending[0] = t30_frame_fcf2(frame, octets);
	}
	w->post_page = fcf;
	w->post_page_side = d;
}

/* An answer to a post-page message. One nobody waits for is a repetition, or an echo, and counts for nothing. */
static void watch_answer(struct t30_watch *w, enum t30_direction d, int fcf)
{
	if (!w->post_page || d == w->post_page_side)
		return;
	switch (fcf) {
	case FCF_MCF:
	case FCF_RTP:
	case FCF_PIP:
		watch_confirmed(w);
		break;
	case FCF_RTN:
	case FCF_PIN:
		w->rejected++;
		w->confirmed = false;
		w->last_page_confirmed = false;
		break;
	case FCF_PPR:
		w->partial_resent++;
		break;
	case FCF_ERR:
		w->abandoned++;
		break;
	default:
		return;
	}
	w->post_page = 0;
}

static void watch_command(struct t30_watch *w, const uint8_t *frame, size_t octets)
{
	struct t30_modem m;
	uint8_t fcf = t30_frame_fcf(frame, octets);

	if (t30_frame_modem(frame, octets, &m)) {
		w->rate = m.rate;
		w->modem = m.name;
	}
	if (fcf != FCF_DCS)
		return;
	w->ecm = t30_frame_bit(frame, octets, 27);
	/* A new page, or a new document, begins. */
	w->confirmed = w->last_page_confirmed = w->image = false;
	w->post_page = 0;
}

/* In a polled fax the called side, which sent CSI, is the sender, and the caller, who sends CIG, the receiver. */
static void watch_ident(struct t30_watch *w, int fcf, const uint8_t *frame, size_t octets)
{
	if (fcf == FCF_TSI) {
		t30_frame_text(frame, octets, w->sender_id);
	} else if (fcf == FCF_CIG) {
		if (!w->polling && !w->sender_id[0])
			memcpy(w->sender_id, w->receiver_id, sizeof(w->sender_id));
		w->polling = true;
		t30_frame_text(frame, octets, w->receiver_id);
	} else if (!w->polling) {
		t30_frame_text(frame, octets, w->receiver_id);
	}
}

static void watch_training(struct t30_watch *w, int fcf)
{
	if (fcf == FCF_CFR) {
		w->cfr = true;
		w->failed_trainings = 0;
	} else {
		w->retrains++;
		w->failed_trainings++;
	}
}

static void watch_disconnect(struct t30_watch *w, enum t30_direction d)
{
	if (!w->dcn)
		w->dcn_side = d;
	w->dcn = true;
}

static void watch_by_fcf(struct t30_watch *w, enum t30_direction d, int fcf, const uint8_t *frame, size_t octets)
{
	switch (fcf) {
	case FCF_DTC:
		w->polling = true;
		w->last_page_confirmed = w->confirmed = false;
		break;
	case FCF_DIS:
		break;
	case FCF_CSI:
	case FCF_TSI:
	case FCF_CIG:
		watch_ident(w, fcf, frame, octets);
		break;
	case FCF_DCS:
	case FCF_CTC:
		watch_command(w, frame, octets);
		break;
	case FCF_CFR:
	case FCF_FTT:
		watch_training(w, fcf);
		break;
	case FCF_MPS:
	case FCF_EOM:
	case FCF_EOP:
	case FCF_EOS:
	case FCF_PRI_MPS:
	case FCF_PRI_EOM:
	case FCF_PRI_EOP:
	case FCF_PPS:
	case FCF_EOR:
		watch_post_page(w, d, fcf, frame, octets);
		break;
	case FCF_DCN:
		watch_disconnect(w, d);
		break;
	default:
		watch_answer(w, d, fcf);
		break;
	}
}

void t30_watch_image(struct t30_watch *w)
{
	w->image = w->image_known = true;
}

void t30_watch_frame(struct t30_watch *w, enum t30_direction d, const uint8_t *frame, size_t octets)
{
	uint8_t fcf = t30_frame_fcf(frame, octets);
	const char *name = t30_frame_name(frame, octets);

	if (!fcf)
		return;
	w->frames++;
	snprintf(d == T30_FROM_LINE ? w->last_line : w->last_peer, sizeof(w->last_line), "%s", name);
	if (fcf != FCF_DCN && !w->dcn) {
		snprintf(w->before_dcn, sizeof(w->before_dcn), "%s", name);
		w->before_dcn_side = d;
	}
	watch_by_fcf(w, d, fcf, frame, octets);
	if (w->last_page_confirmed)
		w->outcome = w->abandoned ? T30_FAILED : T30_SUCCESS;
	else
		w->outcome = w->dcn ? T30_FAILED : T30_INCOMPLETE;
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

bool t30_watch_unanswered(const struct t30_watch *w, enum t30_direction *sidep)
{
	enum t30_direction asked;

	if (w->outcome != T30_FAILED && w->outcome != T30_INCOMPLETE)
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

static void reason_failed(const struct t30_watch *w, char *buf, size_t room)
{
	const char *who = side_name(w->dcn_side);
	enum t30_direction silent;

	if (w->abandoned)
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
	if (w->failed_trainings)
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
