/* SPDX-License-Identifier: GPL-2.0-only */
/* relay_line: a relay between packets that a test says, as the peer, and the line, which is heard. */
#ifndef UNIT_RELAY_LINE_H
#define UNIT_RELAY_LINE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "t38/spandsp_version.h"

#include "gateway/base/log.h"
#include "t38/relay/relay.h"
#include "t38/udptl/ifp.h"

#define BLOCK	      160
#define BLOCKS_A_S    50
#define SILENT_DBM0   (-60.0f)
#define MAX_FRAMES    16
#define IND(n)	      ((uint8_t)((n) << 1))
#define DATA(kind)    ((uint8_t)(0xc0 | (kind) << 1))
#define FIELD(type)   ((uint8_t)((type) << 4))
#define WITH(type, n) ((uint8_t)(0x80 | (type) << 4)), 0, ((uint8_t)((n)-1))

/* What is heard on the line. */
struct ear {
	fsk_rx_state_t *v21;
	hdlc_rx_state_t *hdlc;
	power_meter_t power;
	unsigned good, bad;
	uint8_t last[300];
	int last_len;
	int32_t level;
};

struct rig {
	struct relay *relay;
	struct ear ear;
	uint16_t seq;
};

static inline void on_hdlc(void *arg, const uint8_t *frame, int len, int ok)
{
	struct ear *e = arg;

	if (len < 0)
		return;
	if (!ok) {
		e->bad++;
		return;
	}
	e->good++;
	e->last_len = len;
	memcpy(e->last, frame, (size_t)len);
}

static inline void drop_ifp(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
}

static inline void rig_init_with(struct rig *g, unsigned max_rate)
{
	struct fax_params fax = {.t38 = true, .ecm = true, .max_rate = max_rate, .modems = FAX_MODEM_ALL};
	struct media_t38 peer = {.max_bit_rate = 14400};
	struct relay_handlers h = {drop_ifp, NULL, NULL};

	memset(g, 0, sizeof(*g));
	assert_int_equal(relay_alloc(&g->relay, &fax, &peer, "test", &h), 0);
	g->ear.hdlc = hdlc_rx_init(NULL, FALSE, TRUE, 5, on_hdlc, &g->ear);
	g->ear.v21 = fsk_rx_init(NULL, &preset_fsk_specs[FSK_V21CH2], FSK_FRAME_MODE_SYNC,
				 (put_bit_func_t)hdlc_rx_put_bit, g->ear.hdlc);
	power_meter_init(&g->ear.power, 7);
}

static inline void rig_init(struct rig *g, bool ecm)
{
	rig_init_with(g, 14400);
}

static inline void rig_fini(struct rig *g)
{
	relay_free(g->relay);
	fsk_rx_free(g->ear.v21);
	hdlc_rx_free(g->ear.hdlc);
}

/* Time passes; true if the line is silent at its end. */
static inline bool listen_to(struct rig *g, double seconds)
{
	int16_t block[BLOCK] = {0};
	unsigned n;

	for (n = 0; n < seconds * BLOCKS_A_S; n++) {
		memset(block, 0, sizeof(block));
		relay_rx(g->relay, block, BLOCK);
		relay_tx(g->relay, block, BLOCK);
		fsk_rx(g->ear.v21, block, BLOCK);
		for (unsigned i = 0; i < BLOCK; i++)
			g->ear.level = power_meter_update(&g->ear.power, block[i]);
	}
	return g->ear.level < power_meter_level_dbm0(SILENT_DBM0);
}

static inline void say(struct rig *g, const uint8_t *ifp, size_t len)
{
	relay_ifp(g->relay, ifp, len, g->seq++);
	assert_int_equal(relay_stats(g->relay).ifp_bad, 0);
}
#define SAY(g, ...) say(g, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static inline void say_dcs(struct rig *g, bool ecm)
{
	SAY(g, IND(3));
	SAY(g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 7), 0xff, 0xc8, 0x41, 0x00, 0x84, 0x08, ecm ? 0x20 : 0x00);
	SAY(g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
	SAY(g, IND(0));
}

/* A frame of the peer's is heard on the line, whole. */
static inline void assert_heard(struct rig *g)
{
	static const uint8_t dcn[] = {0xff, 0x13, 0xfa};
	SAY(g, IND(3));
	SAY(g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x5f);
	SAY(g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
	SAY(g, IND(0));
	assert_true(listen_to(g, 5));
	assert_int_equal(g->ear.last_len, sizeof(dcn));
	assert_memory_equal(g->ear.last, dcn, sizeof(dcn));
}

#endif
