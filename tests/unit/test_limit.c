/* SPDX-License-Identifier: GPL-2.0-only */
/* What limit does to the frames that pass: octet by octet as V.21 comes, in lumps, and in fields that should be
 * empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/base/fax.h"
#include "t38/relay/limit.h"

static uint8_t reverse(uint8_t b)
{
	unsigned i, r = 0;

	for (i = 0; i < 8; i++)
		r |= (b >> i & 1u) << (7 - i);
	return (uint8_t)r;
}

/* One IFP packet of version 0 with one field. */
static size_t make(uint8_t *p, unsigned data, unsigned field, const uint8_t *octets, size_t n)
{
	size_t i;

	p[0] = (uint8_t)(0xc0 | data << 1);
	p[1] = 1;
	p[2] = (uint8_t)((n ? 0x80 : 0) | field << 4);
	if (n == 0)
		return 3;
	p[3] = (uint8_t)((n - 1) >> 8);
	p[4] = (uint8_t)(n - 1);
	for (i = 0; i < n; i++)
		p[5 + i] = data == IFP_DATA_V21 ? reverse(octets[i]) : octets[i];
	return 5 + n;
}

static void pass(struct limit *l, enum limit_direction d, unsigned data, unsigned field, uint8_t *octets, size_t n)
{
	uint8_t p[300];
	struct ifp i;
	size_t k, len = make(p, data, field, octets, n);

	assert_null(ifp_read(p, len, 0, &i));
	assert_int_equal(i.octets, len);
	limit_packet(l, d, p, &i);
	for (k = 0; k < n; k++)
		octets[k] = data == IFP_DATA_V21 ? reverse(p[5 + k]) : p[5 + k];
}

/* A frame passes in lumps of LUMP octets, the last ones perhaps with the FCS. */
static void pass_frame(struct limit *l, enum limit_direction d, uint8_t *frame, size_t n, size_t lump, bool in_fcs)
{
	size_t k;

	for (; n > lump; frame += k, n -= k) {
		k = lump;
		pass(l, d, IFP_DATA_V21, IFP_HDLC_DATA, frame, k);
	}
	pass(l, d, IFP_DATA_V21, in_fcs ? IFP_HDLC_FCS_OK : IFP_HDLC_DATA, frame, n);
	if (!in_fcs)
		pass(l, d, IFP_DATA_V21, IFP_HDLC_FCS_OK_SIG_END, NULL, 0);
}

/* A DIS that can everything: V.8 (bit 6), all modems (11, 12, 14), ECM (27), T.6 (31), T.43 (36), JPEG (68, 69), JBIG
 * (78, 79). */
static const uint8_t full[] = {0xff, 0x13, 0x80, 0x20, 0x2e, 0xff, 0xc4, 0x88, 0x80, 0x80, 0x80, 0x98, 0x60};
#define FULL sizeof(full)

static const struct {
	bool ecm;
	unsigned max_rate, modems;
	uint8_t rates, ecm_octet;
} cases[] = {
	{true, 14400, FAX_MODEM_ALL, 0x2c, 0xc4},  {true, 0, FAX_MODEM_ALL, 0x2c, 0xc4},
	{true, 12000, FAX_MODEM_ALL, 0x2c, 0xc4},  {true, 9600, FAX_MODEM_ALL, 0x0c, 0xc4},
	{true, 7200, FAX_MODEM_ALL, 0x0c, 0xc4},   {true, 4800, FAX_MODEM_ALL, 0x08, 0xc4},
	{true, 2400, FAX_MODEM_ALL, 0x00, 0xc4},   {true, 14400, FAX_MODEM_V27TER, 0x08, 0xc4},
	{true, 14400, FAX_MODEM_V29, 0x04, 0xc4},  {true, 14400, FAX_MODEM_V29 | FAX_MODEM_V27TER, 0x0c, 0xc4},
	{true, 14400, FAX_MODEM_V17, 0x2c, 0xc4},  {true, 14400, 0, 0x08, 0xc4},
	{false, 14400, FAX_MODEM_ALL, 0x2c, 0x80},
};

static void test_capabilities(void **state)
{
	static const size_t lumps[] = {1, 2, 7, 64};
	unsigned c, n, d, fcf;
	uint8_t frame[FULL];
	struct limit l;

	for (c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		for (n = 0; n < 4 * 2 * 2; n++) {
			d = n & 1;
			fcf = n & 2 ? 0x81 : 0x80; /* DTC, DIS */
			limit_init(&l, cases[c].ecm, cases[c].max_rate, cases[c].modems);
			memcpy(frame, full, FULL);
			frame[2] = (uint8_t)fcf;
			pass_frame(&l, d, frame, FULL, lumps[n / 4], n & 2);
			assert_int_equal(frame[2], fcf);
			assert_int_equal(frame[3], 0);
			assert_int_equal(frame[4], cases[c].rates | 0x02);
			assert_int_equal(frame[5], 0xff);
			assert_int_equal(frame[6], cases[c].ecm_octet);
			assert_int_equal(frame[7], cases[c].ecm ? 0x88 : 0x80);
			assert_int_equal(frame[11], cases[c].ecm ? 0x98 : 0x80);
			assert_int_equal(frame[12], cases[c].ecm ? 0x60 : 0);
		}
	}
}

/* Nothing else is touched, and each frame is read from its own beginning. */
static void test_other_frames(void **state)
{
	static const uint8_t fcfs[] = {0x82, 0x83, 0x40, 0x20, 0x84, 0x44, 0x12, 0xbe};
	uint8_t frame[FULL], before[FULL], dis[FULL];
	struct limit l;
	size_t i;

	limit_init(&l, false, 2400, FAX_MODEM_V27TER);
	l.nonstandard = true;
	for (i = 0; i < sizeof(fcfs); i++) {
		memcpy(frame, full, FULL);
		frame[2] = fcfs[i];
		memcpy(before, frame, FULL);
		pass_frame(&l, LIMIT_TO_PEER, frame, FULL, 1, false);
		assert_memory_equal(frame, before, FULL);
		memcpy(dis, full, FULL);
		pass_frame(&l, LIMIT_TO_PEER, dis, FULL, 1, false);
		assert_int_equal(dis[4], 0x02);
	}
	/* A frame cut off by the end of its signal. */
	memcpy(dis, full, FULL);
	pass(&l, LIMIT_TO_LINE, IFP_DATA_V21, IFP_HDLC_DATA, dis, 2);
	pass(&l, LIMIT_TO_LINE, IFP_DATA_V21, IFP_HDLC_SIG_END, NULL, 0);
	memcpy(dis, full, FULL);
	pass_frame(&l, LIMIT_TO_LINE, dis, FULL, 3, true);
	assert_int_equal(dis[4], 0x02);
}

static bool spoils(struct limit *l, enum limit_direction d, unsigned data, unsigned field)
{
	uint8_t zeros[40] = {0};
	size_t i, ones = 0;

	pass(l, d, data, field, zeros, sizeof(zeros));
	for (i = 0; i < sizeof(zeros); i++)
		ones += zeros[i] != 0;
	assert_true(ones == 0 || ones == sizeof(zeros));
	return ones > 0;
}

static void command(struct limit *l, enum limit_direction d, uint8_t fcf)
{
	uint8_t frame[] = {0xff, 0x13, fcf, 0, 0, 0};

	pass_frame(l, d, frame, sizeof(frame), 1, false);
}

static void test_tcf(void **state)
{
	struct ifp indicator = {.indicator = true};
	struct limit l;
	unsigned d;

	for (d = 0; d < 2; d++) {
		limit_init(&l, true, 12000, FAX_MODEM_ALL);
		assert_false(spoils(&l, d, IFP_DATA_V17_14400, IFP_NON_ECM_DATA)); /* no DCS: nothing is known of it */
		command(&l, d, 0x83);						   /* DCS */
		assert_true(spoils(&l, d, IFP_DATA_V17_14400, IFP_NON_ECM_DATA));
		assert_true(spoils(&l, d, IFP_DATA_V17_14400, IFP_NON_ECM_SIG_END));
		assert_int_equal(l.spoilt, 1);
		limit_packet(&l, d, NULL, &indicator);
		assert_false(spoils(&l, d, IFP_DATA_V17_12000, IFP_NON_ECM_DATA));
		assert_false(spoils(&l, d, IFP_DATA_V29_9600, IFP_NON_ECM_DATA));
		assert_true(spoils(&l, d, IFP_DATA_V17_14400, IFP_NON_ECM_DATA));
		assert_int_equal(l.spoilt, 2);
		command(&l, !d, 0x84); /* CFR: what follows is a page */
		assert_false(spoils(&l, d, IFP_DATA_V17_14400, IFP_NON_ECM_DATA));
	}
}

/* A frame whose FCS is bad says nothing. */
static void test_bad_fcs(void **state)
{
	uint8_t dcs[] = {0xff, 0x13, 0x83, 0, 0x20};
	struct limit l;

	limit_init(&l, true, 4800, FAX_MODEM_ALL);
	pass(&l, LIMIT_TO_PEER, IFP_DATA_V21, IFP_HDLC_DATA, dcs, sizeof(dcs));
	pass(&l, LIMIT_TO_PEER, IFP_DATA_V21, IFP_HDLC_FCS_BAD, NULL, 0);
	assert_false(spoils(&l, LIMIT_TO_PEER, IFP_DATA_V17_14400, IFP_NON_ECM_DATA));
}

/* NSF, NSC and NSS, the last with its X bit too, keep their length and lose what they say. */
static void test_nonstandard(void **state)
{
	static const uint8_t fcfs[] = {0x20, 0x21, 0x22, 0x23}, nothing[FULL];
	uint8_t frame[FULL];
	struct limit l;

	limit_init(&l, true, 14400, FAX_MODEM_ALL);
	for (size_t i = 0; i < 4 * sizeof(fcfs); i++) {
		memcpy(frame, full, FULL);
		frame[2] = fcfs[i / 4];
		pass_frame(&l, i & 1, frame, FULL, i & 2 ? 1 : FULL, false);
		assert_int_equal(frame[2], fcfs[i / 4]);
		assert_memory_equal(frame + 3, nothing, FULL - 3);
	}
}

static const struct breach {
	unsigned max_rate, modems;
	bool ecm;
	uint8_t dis, dcs, dcs_ecm; /* the octets of the FIF with bits 11 to 14, and with bit 27 */
	enum limit_breach breach;
} breaches[] = {
	{14400, FAX_MODEM_ALL, true, 0x2e, 0x20, 0x04, LIMIT_KEPT},
	{12000, FAX_MODEM_ALL, true, 0x2e, 0x20, 0x04, LIMIT_TOO_FAST},
	{12000, FAX_MODEM_ALL, true, 0x2e, 0x28, 0x04, LIMIT_KEPT},
	{9600, FAX_MODEM_ALL, true, 0x2e, 0x20, 0x04, LIMIT_NOT_OFFERED}, /* V.17 was taken out */
	{9600, FAX_MODEM_ALL, true, 0x2e, 0x04, 0x04, LIMIT_KEPT},
	{7200, FAX_MODEM_V29 | FAX_MODEM_V27TER, true, 0x2e, 0x04, 0x04, LIMIT_TOO_FAST},
	{14400, FAX_MODEM_V29 | FAX_MODEM_V27TER, true, 0x2e, 0x24, 0x04, LIMIT_NOT_OFFERED}, /* V.17 at 9600 */
	{4800, FAX_MODEM_V27TER, true, 0x2e, 0x0c, 0x04, LIMIT_NOT_OFFERED},
	{2400, FAX_MODEM_V27TER, true, 0x2e, 0x08, 0x04, LIMIT_NOT_OFFERED},
	{2400, FAX_MODEM_V27TER, true, 0x2e, 0x00, 0x04, LIMIT_KEPT},
	{14400, FAX_MODEM_V29, true, 0x2e, 0x08, 0x04, LIMIT_KEPT}, /* it may have nothing but V.27ter */
	{14400, FAX_MODEM_V29, true, 0x2e, 0x00, 0x04, LIMIT_KEPT},
	{14400, FAX_MODEM_V29, true, 0x2e, 0x20, 0x04, LIMIT_NOT_OFFERED},
	{14400, FAX_MODEM_ALL, true, 0x0e, 0x20, 0x04, LIMIT_KEPT}, /* it is the receiver that says it */
	{14400, FAX_MODEM_ALL, false, 0x2e, 0x20, 0x04, LIMIT_ECM},
	{14400, FAX_MODEM_ALL, false, 0x2e, 0x20, 0x00, LIMIT_KEPT},
};

/* What a DCS asks for against the DIS, and the CFR that is refused for it: from the receiver alone, with its X bit. */
static void test_breaches(void **state)
{
	for (size_t i = 0; i < 2 * sizeof(breaches) / sizeof(breaches[0]); i++) {
		const struct breach *b = &breaches[i / 2];
		uint8_t dis[] = {0xff, 0x13, 0x80, 0, b->dis, 0x80, 0x04},
			dcs[] = {0xff, 0x13, 0x83, 0, b->dcs, 0x80, b->dcs_ecm};
		uint8_t back[] = {0xff, 0x13, 0x84}, with_x[] = {0xff, 0x13, 0x85}, forth[] = {0xff, 0x13, 0x84};
		bool refused = b->breach == LIMIT_TOO_FAST || b->breach == LIMIT_NOT_OFFERED;
		enum limit_direction d = i & 1;
		struct limit l;

		limit_init(&l, b->ecm, b->max_rate, b->modems);
		pass_frame(&l, !d, dis, sizeof(dis), 1, false);
		pass_frame(&l, d, dcs, sizeof(dcs), 1, false);
		assert_int_equal(l.breach, b->breach);
		assert_int_equal(l.sender, d);
		pass_frame(&l, d, forth, sizeof(forth), 1, false);
		assert_int_equal(forth[2], 0x84);
		pass_frame(&l, !d, back, sizeof(back), 1, false);
		assert_int_equal(back[2], refused ? 0x44 : 0x84);
		pass_frame(&l, !d, with_x, sizeof(with_x), 1, false);
		assert_int_equal(with_x[2], refused ? 0x45 : 0x85);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capabilities), cmocka_unit_test(test_other_frames),
		cmocka_unit_test(test_tcf),	     cmocka_unit_test(test_bad_fcs),
		cmocka_unit_test(test_nonstandard),  cmocka_unit_test(test_breaches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
