/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_seen: frames that a t30_watch sees, one after the other. */
#ifndef UNIT_T30_SEEN_H
#define UNIT_T30_SEEN_H

#include "t38/t30/t30.h"

#define LINE T30_FROM_LINE
#define PEER T30_FROM_PEER

static struct t30_watch w;
static char text[120];

static inline void see(enum t30_direction d, uint8_t fcf)
{
	const uint8_t frame[] = {0xFF, 0x13, fcf};

	t30_watch_frame(&w, d, frame, sizeof(frame));
}

static inline void see_pps(enum t30_direction d, uint8_t fcf, uint8_t fcf2, uint8_t page, uint8_t block)
{
	const uint8_t frame[] = {0xFF, 0x13, fcf, fcf2, page, block, 0xFF};

	t30_watch_frame(&w, d, frame, sizeof(frame));
}

static inline void see_dcs(enum t30_direction d, uint8_t rate, bool ecm)
{
	const uint8_t frame[] = {0xFF, 0x13, FCF_DCS, 0, rate, 0x80, ecm ? 0x04 : 0};

	t30_watch_frame(&w, d, frame, sizeof(frame));
}

/* Up to the page: the peer answers, the line sends. */
static inline void see_start(uint8_t rate, bool ecm)
{
	memset(&w, 0, sizeof(w));
	see(PEER, FCF_DIS);
	see_dcs(LINE, rate, ecm);
	see(PEER, FCF_CFR);
}

static inline const char *reason(void)
{
	return t30_watch_reason(&w, text, sizeof(text));
}

#endif
