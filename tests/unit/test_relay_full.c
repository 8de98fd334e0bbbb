/* SPDX-License-Identifier: GPL-2.0-only */
/* A peer that is far ahead of the line: nothing is written over, the loss is counted, and what comes after it is
 * heard. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "t38/spandsp_version.h"

#include "t38/relay/relay.h"
#include "t38/udptl/ifp.h"

#define BLOCK	       160
#define BLOCKS_A_S     50
#define FRAMES	       1000
#define QUEUE	       256
#define PACKETS	       200
#define PACKET_OCTETS  250
#define NON_ECM_OCTETS 16384
#define IND(n)	       ((uint8_t)((n) << 1))
#define DATA(kind)     ((uint8_t)(0xc0 | (kind) << 1))
#define FIELD(type)    ((uint8_t)((type) << 4))
#define WITH(type, n)  ((uint8_t)(0x80 | (type) << 4)), 0, ((uint8_t)((n)-1))
#define MCF	       0x8c
#define DCN	       0xfa

struct rig {
	struct relay *relay;
	fsk_rx_state_t *v21;
	hdlc_rx_state_t *hdlc;
	uint16_t seq;
	unsigned heard[256];	     /* frames by their FCF... */
	unsigned next, out_of_order; /* ...and those that are numbered */
};

static void on_hdlc(void *arg, const uint8_t *frame, int len, int ok)
{
	struct rig *g = arg;
	unsigned number;

	if (len < 3 || !ok)
		return;
	g->heard[frame[2]]++;
	if (frame[2] != MCF || len < 5)
		return;
	number = frame[3] << 8 | frame[4];
	g->out_of_order += number < g->next;
	g->next = number + 1;
}

static void drop_ifp(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
}

static void rig_init(struct rig *g)
{
	static const struct fax_params fax = {.t38 = true, .ecm = true, .max_rate = 14400, .modems = FAX_MODEM_ALL};
	struct media_t38 peer = {.max_bit_rate = 14400};
	struct relay_handlers h = {drop_ifp, NULL, NULL};

	memset(g, 0, sizeof(*g));
	assert_int_equal(relay_alloc(&g->relay, &fax, &peer, "test", &h), 0);
	g->hdlc = hdlc_rx_init(NULL, FALSE, TRUE, 2, on_hdlc, g);
	g->v21 = fsk_rx_init(NULL, &preset_fsk_specs[FSK_V21CH2], FSK_FRAME_MODE_SYNC, (put_bit_func_t)hdlc_rx_put_bit,
			     g->hdlc);
}

static void rig_fini(struct rig *g)
{
	relay_free(g->relay);
	fsk_rx_free(g->v21);
	hdlc_rx_free(g->hdlc);
}

static void listen_to(struct rig *g, unsigned seconds)
{
	int16_t block[BLOCK];

	for (unsigned n = 0; n < seconds * BLOCKS_A_S; n++) {
		memset(block, 0, sizeof(block));
		relay_rx(g->relay, block, BLOCK);
		relay_tx(g->relay, block, BLOCK);
		fsk_rx(g->v21, block, BLOCK);
	}
}

static void say(struct rig *g, const uint8_t *ifp, size_t len)
{
	relay_ifp(g->relay, ifp, len, g->seq++);
}
#define SAY(g, ...) say(g, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void say_number(struct rig *g, unsigned i, bool apart)
{
	/* the octets of a frame are sent as the line has them, the lowest bit first */
	static const uint8_t to_line[16] = {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15};
	uint8_t hi = (uint8_t)(to_line[i >> 8 & 15] << 4 | to_line[i >> 12]),
		lo = (uint8_t)(to_line[i & 15] << 4 | to_line[i >> 4 & 15]);

	if (!apart) {
		SAY(g, DATA(IFP_DATA_V21), 2, WITH(IFP_HDLC_DATA, 5), 0xff, 0xc8, 0x31, hi, lo, FIELD(IFP_HDLC_FCS_OK));
		return;
	}
	SAY(g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x31);
	SAY(g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 2), hi, lo);
	SAY(g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK));
}

static void assert_dcn_heard(struct rig *g)
{
	unsigned was = g->heard[DCN];

	SAY(g, IND(3));
	SAY(g, DATA(IFP_DATA_V21), 1, WITH(IFP_HDLC_DATA, 3), 0xff, 0xc8, 0x5f);
	SAY(g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_FCS_OK_SIG_END));
	SAY(g, IND(0));
	listen_to(g, 4);
	assert_int_equal(g->heard[DCN], was + 1);
}

/* A thousand frames at once: those there is room for are heard, whole and in their order, and then the next signal. */
static void test_frames(void **state)
{
	for (unsigned apart = 0; apart < 2; apart++) {
		struct rig g;

		rig_init(&g);
		SAY(&g, IND(3));
		for (unsigned i = 0; i < FRAMES; i++)
			say_number(&g, i, apart);
		SAY(&g, DATA(IFP_DATA_V21), 1, FIELD(IFP_HDLC_SIG_END));
		SAY(&g, IND(0));
		assert_true(relay_stats(g.relay).ifp_overrun > FRAMES - QUEUE);
		listen_to(&g, 70);
		assert_in_range(g.heard[MCF], QUEUE - 24, QUEUE);
		assert_int_equal(g.out_of_order, 0);
		assert_dcn_heard(&g);
		rig_fini(&g);
	}
}

/* Signals without end, none of which the line has time for. */
static void test_indicators(void **state)
{
	struct rig g;

	rig_init(&g);
	for (unsigned i = 0; i < FRAMES; i++)
		SAY(&g, IND(i & 1 ? 3 : 0));
	assert_true(relay_stats(g.relay).ifp_overrun > 0);
	listen_to(&g, 20);
	rig_fini(&g);
}

/* A page without ECM, sent at once: counted, and its end is not lost. */
static void test_page(void **state)
{
	uint8_t packet[PACKET_OCTETS + 5] = {DATA(IFP_DATA_V29_9600), 1, WITH(IFP_NON_ECM_DATA, PACKET_OCTETS)};
	struct rig g;

	for (unsigned i = 0; i < PACKET_OCTETS; i += 2) /* EOLs */
		packet[5 + i] = 0x01;
	rig_init(&g);
	SAY(&g, IND(7));
	for (unsigned i = 0; i < PACKETS; i++)
		say(&g, packet, sizeof(packet));
	assert_in_range(relay_stats(g.relay).ifp_overrun, PACKETS - NON_ECM_OCTETS / PACKET_OCTETS,
			PACKETS - NON_ECM_OCTETS / PACKET_OCTETS + 10);
	SAY(&g, DATA(IFP_DATA_V29_9600), 1, FIELD(IFP_NON_ECM_SIG_END));
	SAY(&g, IND(0));
	listen_to(&g, 20);
	assert_dcn_heard(&g);
	rig_fini(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_indicators),
		cmocka_unit_test(test_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
