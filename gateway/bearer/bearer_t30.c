/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a call's T.30: the frames that the relay saw, or that were heard in G.711, told in the log and to
 * the watch of which the call's END line speaks.
 */
#include <string.h>

#include "gateway/bearer/bearer_own.h"

static const char *way(enum t30_direction d)
{
	return d == T30_FROM_LINE ? "line->peer" : "peer->line";
}

/* The peer may send frames without end. */
static bool may_log(struct bearer *b)
{
	unsigned held;

	if (!log_limit_pass(&b->t30_lines, bearer_now_us(b), &held))
		return false;
	if (held)
		log_warning(b->par.prefix, "%u lines on T.30 were left out: no fax has so many", held);
	return true;
}

void bearer_t30_frame(struct bearer *b, enum t30_direction d, const uint8_t *frame, size_t octets)
{
	char detail[120];
	uint8_t fcf = t30_frame_fcf(frame, octets);

	t30_watch_frame(&b->watch, d, frame, octets);
	bearer_sign(b, fcf == FCF_DCN);
	if (fcf == FCF_DCS) {
		b->pages_known = true;
		b->pages_from = d;
	}
	if (!may_log(b))
		return;
	t30_frame_detail(frame, octets, detail, sizeof(detail));
	log_info(b->par.prefix, "t=%.2fs T.30 %s %s%s%s", bearer_seconds(b), way(d), t30_frame_name(frame, octets),
		 detail[0] ? " " : "", detail);
}

void bearer_t30_image(struct bearer *b, enum t30_direction d, const char *modem)
{
	bool from_line = d == T30_FROM_LINE;
	const char *sender = from_line ? b->watch.last_line : b->watch.last_peer;
	const char *answer = from_line ? b->watch.last_peer : b->watch.last_line;
	bool tcf = !strcmp(sender, "DCS") && strcmp(answer, "CFR");

	if (!may_log(b))
		return;
	log_info(b->par.prefix, "t=%.2fs T.30 %s %s%s%s", bearer_seconds(b), way(d), tcf ? "TCF" : "page data",
		 modem ? ", " : "", modem ? modem : "");
}

/* ---- heard in G.711 ---- */

static void heard_frame(struct bearer *b, enum t30_direction d, const uint8_t *frame, size_t octets)
{
	if (t30_echo_is(&b->echo, d, frame, octets, bearer_now_us(b)))
		return;
	bearer_tell_fax(b);
	bearer_t30_frame(b, d, frame, octets);
}

/* What is no V.21 is an image only from the side that has sent a DCS; its echo is none. */
static void heard_signal(struct bearer *b, enum t30_direction d)
{
	if (!b->pages_known || b->watch.dcn || d != b->pages_from)
		return;
	bearer_t30_image(b, d, b->watch.modem);
	t30_watch_image(&b->watch);
	bearer_sign(b, false);
}

static void line_frame(const uint8_t *frame, size_t octets, void *arg)
{
	heard_frame(arg, T30_FROM_LINE, frame, octets);
}

static void peer_frame(const uint8_t *frame, size_t octets, void *arg)
{
	heard_frame(arg, T30_FROM_PEER, frame, octets);
}

static void line_signal(void *arg)
{
	heard_signal(arg, T30_FROM_LINE);
}

static void peer_signal(void *arg)
{
	heard_signal(arg, T30_FROM_PEER);
}

int bearer_t30_open(struct bearer *b)
{
	const struct v21_listen_handlers line = {line_frame, line_signal, b}, peer = {peer_frame, peer_signal, b};
	int err = v21_listen_alloc(&b->v21[HEARD_LINE], &line);

	return err ? err : v21_listen_alloc(&b->v21[HEARD_PEER], &peer);
}

void bearer_t30_close(struct bearer *b)
{
	for (unsigned i = 0; i < 2; i++) {
		v21_listen_free(b->v21[i]);
		b->v21[i] = NULL;
	}
}
