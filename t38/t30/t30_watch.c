/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_watch: following a fax by its frames. What is to be said of it in words: t30_reason.c. */
#include "t30.h"

#include <stdio.h>
#include <string.h>

#define FIF_AT 3

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

/* What follows a page that was confirmed, but for another document (EOM, EOS) and the end: the receiver says DIS then
 * for other reasons than that it has missed a page. */
static bool is_page_next(int fcf, const uint8_t *fif)
{
	int command = page_command(fcf, fif);

	return command == FCF_NULL || command == FCF_MPS || command == FCF_PRI_MPS;
}

static void expect_page(struct t30_watch *w, bool due)
{
	w->page_due = due;
	w->image = false;
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
	w->page_due = false;
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
		expect_page(w, is_page_next(w->post_page, w->pending));
		break;
	case FCF_RTN:
	case FCF_PIN:
		w->rejected++;
		w->confirmed = false;
		w->last_page_confirmed = false;
		break;
	case FCF_PPR:
		w->partial_resent++;
		expect_page(w, true);
		break;
	case FCF_ERR:
		w->abandoned++;
		break;
	default:
		return;
	}
	w->missed = false;
	w->post_page = 0;
}

static void watch_command(struct t30_watch *w, enum t30_direction d, const uint8_t *frame, size_t octets)
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
	w->confirmed = w->last_page_confirmed = w->image = w->page_due = false;
	w->post_page = 0;
	w->sender_known = true;
	w->sender = d;
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
		w->missed = false;
		expect_page(w, true);
	} else {
		w->retrains++;
		w->failed_trainings++;
	}
}

/* A receiver that was to hear a page, or what ends it, says its DIS again: T2 has run out, it has not heard any (T.30
 * 5.4.2). After EOM it is what was asked for. */
static void watch_invitation(struct t30_watch *w, enum t30_direction d)
{
	bool ended = w->post_page && page_command(w->post_page, w->pending) != FCF_EOM;

	if ((!w->page_due && !ended) || !w->sender_known || d == w->sender)
		return;
	w->missed = true;
	w->unsent = !w->image;
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
		watch_invitation(w, d);
		break;
	case FCF_CSI:
	case FCF_TSI:
	case FCF_CIG:
		watch_ident(w, fcf, frame, octets);
		break;
	case FCF_DCS:
	case FCF_CTC:
		watch_command(w, d, frame, octets);
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

static bool is_command(int fcf)
{
	switch (fcf) {
	case FCF_DIS:
	case FCF_DTC:
	case FCF_DCS:
	case FCF_CTC:
	case FCF_MPS:
	case FCF_EOM:
	case FCF_EOP:
	case FCF_EOS:
	case FCF_PRI_MPS:
	case FCF_PRI_EOM:
	case FCF_PRI_EOP:
	case FCF_PPS:
	case FCF_EOR:
		return true;
	default:
		return false;
	}
}

/* T.30 5.4.2: who is not answered asks three times, and gives up. */
static void watch_tries(struct t30_watch *w, enum t30_direction d, int fcf)
{
	if (d != w->asker)
		w->asked = w->tries = 0;
	w->asker = d;
	if (!is_command(fcf))
		return;
	w->tries = fcf == w->asked ? w->tries + 1 : 1;
	w->asked = fcf;
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
	/* What is no frame of T.30, a cut one perhaps, is no command that was or was not answered. */
	if (fcf != FCF_DCN && !w->dcn && (!w->before_dcn[0] || strcmp(name, "unknown"))) {
		snprintf(w->before_dcn, sizeof(w->before_dcn), "%s", name);
		w->before_dcn_side = d;
	}
	watch_tries(w, d, fcf);
	watch_by_fcf(w, d, fcf, frame, octets);
	if (w->last_page_confirmed)
		w->outcome = w->abandoned ? T30_FAILED : T30_SUCCESS;
	else
		w->outcome = w->dcn ? T30_FAILED : T30_INCOMPLETE;
}
