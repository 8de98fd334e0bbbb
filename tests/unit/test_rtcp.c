/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "t38/rtp/rtcp_session.h"

#define OURS   0x11223344u
#define THEIRS 0xA1B2C3D4u

/* Written by hand from RFC 3550 6.4.1: an SR with one block about OURS, an SDES with a CNAME, and a BYE. */
static const uint8_t sample[] = {
	0x81, 200,  0,	  12,	0xA1, 0xB2, 0xC3, 0xD4, 0xE0, 0x00, 0x00, 0x01, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x12, 0x34, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x3E, 0x80, 0x11, 0x22, 0x33, 0x44, 0x40, 0xFF, 0xFF, 0xFE,
	0x00, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x10, 0x12, 0x34, 0x56, 0x78, 0x00, 0x01, 0x80, 0x00, /* SR */
	0x81, 202,  0,	  3,	0xA1, 0xB2, 0xC3, 0xD4, 1,    4,    'h',  'o',	'm',  'e',  0,	  0,	/* SDES */
	0x81, 203,  0,	  1,	0xA1, 0xB2, 0xC3, 0xD4,							/* BYE */
};

static void reads_a_sample(void **state)
{
	struct rtcp_packet k;

	assert_null(rtcp_read(sample, sizeof(sample), OURS, &k));
	assert_int_equal(k.ssrc, THEIRS);
	assert_true(k.sr && k.has_block && k.bye);
	assert_true(k.ntp == 0xE000000180000000u);
	assert_int_equal(k.timestamp, 0x1234);
	assert_int_equal(k.packets, 100);
	assert_int_equal(k.octets, 16000);
	assert_int_equal(k.block.fraction_256, 64);
	assert_int_equal(k.block.lost, -2);
	assert_int_equal(k.block.highest, 65538);
	assert_int_equal(k.block.jitter, 16);
	assert_int_equal(k.block.lsr, 0x12345678);
	assert_int_equal(k.block.dlsr, 0x18000);
	/* about somebody else's stream */
	assert_null(rtcp_read(sample, sizeof(sample), OURS + 1, &k));
	assert_false(k.has_block);
}

/* What is written reads back, octet for octet where there is a sample. */
static void writes_the_sample(void **state)
{
	struct rtcp_packet k;
	uint8_t out[200];

	assert_null(rtcp_read(sample, sizeof(sample), OURS, &k));
	strcpy(k.cname, "home");
	assert_int_equal(rtcp_write(&k, out, sizeof(out)), sizeof(sample));
	assert_memory_equal(out, sample, sizeof(sample));
	for (size_t room = 0; room < sizeof(sample); room++)
		assert_int_equal(rtcp_write(&k, out, room), 0);
	k.sr = k.has_block = k.bye = false;
	assert_int_equal(rtcp_write(&k, out, sizeof(out)), 8 + 16);
	assert_null(rtcp_read(out, 24, OURS, &k));
	assert_false(k.sr || k.has_block || k.bye);
}

/* However long the CNAME, the chunk ends in a zero and on a word. */
static void cnames(void **state)
{
	for (size_t n = 0; n < RTCP_CNAME_OCTETS; n++) {
		struct rtcp_packet k = {.ssrc = THEIRS}, back;
		uint8_t out[200];
		size_t len;

		memset(k.cname, 'x', n);
		len = rtcp_write(&k, out, sizeof(out));
		assert_true(len % 4 == 0 && out[len - 1] == 0);
		assert_int_equal(len, 8 + 4 + (out[11] * 4u));
		assert_null(rtcp_read(out, len, OURS, &back));
	}
}

/* Every cut and every change of an octet is read without harm; a cut in a packet is told. */
static void cuts(void **state)
{
	struct rtcp_packet k;

	for (size_t n = 0; n < sizeof(sample); n++) {
		uint8_t *exact = malloc(n + 1);
		bool whole = n == 52 || n == 68;

		memcpy(exact + 1, sample, n);
		if (whole != !rtcp_read(exact + 1, n, OURS, &k))
			fail_msg("cut to %zu octets", n);
		free(exact);
	}
}

static void bad_ones(void **state)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t octet;
	} cases[] = {
		{"version 1", 0, 0x41},
		{"SDES first", 1, 202},
		{"more blocks than there are", 0, 0x82},
		{"padding in the first", 0, 0xA1},
		{"a length beyond the end", 55, 200},
		{"BYE of more than there are", 68, 0x9F},
		{"padding of 0xD4", 68, 0xA1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bad[sizeof(sample)];
		struct rtcp_packet k = {.ssrc = 1};

		memcpy(bad, sample, sizeof(bad));
		bad[cases[i].at] = cases[i].octet;
		if (!rtcp_read(bad, sizeof(bad), OURS, &k))
			fail_msg("%s was taken", cases[i].what);
		assert_int_equal(k.ssrc, 1);
	}
}

/* Padding of the last packet, and packets of kinds that are not known. */
static void padding_and_others(void **state)
{
	uint8_t p[] = {0x80, 201, 0,	1,   0xA1, 0xB2, 0xC3, 0xD4, 0x80, 207, 0, 1, 1, 2,
		       3,    4,	  0xA0, 204, 0,	   2,	 0,    0,    0,	   0,	0, 0, 0, 4};
	struct rtcp_packet k;

	assert_null(rtcp_read(p, sizeof(p), OURS, &k));
	assert_int_equal(k.ssrc, THEIRS);
	p[sizeof(p) - 1] = 12;
	assert_non_null(rtcp_read(p, sizeof(p), OURS, &k));
	p[sizeof(p) - 1] = 0;
	assert_non_null(rtcp_read(p, sizeof(p), OURS, &k));
}

/* ---- sessions ---- */

struct side {
	struct rtcp_session s;
	struct rtp_tx tx;
	struct rtp_rx rx;
};

static void side_begin(struct side *d, uint64_t seed, int64_t wall_us)
{
	*d = (struct side){.tx.ssrc = 0};
	rtp_tx_init(&d->tx, seed);
	rtcp_session_init(&d->s, seed, wall_us, 1000000);
}

static void rtp(struct side *from, struct side *to, int64_t now_us, bool lost)
{
	uint8_t payload[160] = {0}, buf[200];
	struct rtp_packet k;
	size_t n = rtp_tx_build(&from->tx, 8, payload, sizeof(payload), buf, sizeof(buf));

	assert_null(rtp_read(buf, n, &k));
	if (!lost)
		assert_true(rtp_rx_take(&to->rx, &k, now_us));
}

static void rtcp(struct side *from, struct side *to, int64_t sent_us, int64_t came_us)
{
	uint8_t buf[RTCP_MAX_OCTETS];
	size_t n = rtcp_session_build(&from->s, &from->tx, &from->rx, false, sent_us, buf, sizeof(buf));

	assert_true(n > 0);
	assert_null(rtcp_session_take(&to->s, buf, n, to->tx.ssrc, &to->rx.ssrc, came_us));
}

/* 70 ms there, 50 ms back, and a while with the other side; the clocks of the two are years apart. */
static void round_trip(void **state)
{
	struct side a, b;
	int64_t t = 2000000;

	side_begin(&a, 1, 1735689600000000);
	side_begin(&b, 2, 1035689600000000);
	for (unsigned i = 0; i < 100; i++) {
		rtp(&a, &b, t, i % 10 == 3);
		rtp(&b, &a, t, false);
	}
	rtcp(&a, &b, t, t + 70000);
	assert_false(b.s.rtt_known);
	rtcp(&b, &a, t + 3070000, t + 3120000);
	assert_true(a.s.rtt_known);
	assert_in_range(a.s.rtt_us, 119900, 120100);
	assert_true(a.s.heard);
	assert_int_equal(a.s.theirs.lost, 10);
	assert_int_equal(a.s.theirs.fraction_256, 25);
	assert_int_equal(b.s.theirs.lost, 0);
}

/* Who says that our report lay with him for an hour, or that he had it before it was sent, changes nothing. */
static void absurd_delays(void **state)
{
	struct rtcp_packet k = {.ssrc = THEIRS, .has_block = true};
	struct side a;
	uint8_t buf[200];
	size_t n;

	side_begin(&a, 1, 1735689600000000);
	k.block = (struct rtcp_block){.ssrc = a.tx.ssrc, .lsr = 1, .dlsr = 0};
	n = rtcp_write(&k, buf, sizeof(buf));
	assert_null(rtcp_session_take(&a.s, buf, n, a.tx.ssrc, NULL, 5000000));
	assert_false(a.s.rtt_known && a.s.rtt_us > 60000000);
	k.block.dlsr = UINT32_MAX;
	n = rtcp_write(&k, buf, sizeof(buf));
	assert_null(rtcp_session_take(&a.s, buf, n, a.tx.ssrc, NULL, 5000000));
	assert_false(a.s.rtt_known && a.s.rtt_us > 60000000);
}

/* RFC 3550 6.2: reports lie 2 to 6.2 s apart, never the same; the first comes sooner. */
static void intervals(void **state)
{
	int64_t least = INT64_MAX, most = 0, now_us = 1000000;
	uint8_t buf[200];
	struct side a;

	side_begin(&a, 1, 0);
	assert_in_range(a.s.due_us - now_us, 1000000, 3100000);
	for (unsigned i = 0; i < 500; i++) {
		assert_true(rtcp_session_build(&a.s, &a.tx, &a.rx, false, now_us, buf, sizeof(buf)) > 0);
		least = a.s.due_us - now_us < least ? a.s.due_us - now_us : least;
		most = a.s.due_us - now_us > most ? a.s.due_us - now_us : most;
		assert_false(rtcp_session_is_due(&a.s, a.s.due_us - 1));
		now_us = a.s.due_us;
		assert_true(rtcp_session_is_due(&a.s, now_us));
	}
	assert_in_range(least, 2050000, 2200000);
	assert_in_range(most, 6000000, 6160000);
}

/* A sender is who has sent since the last report but one (6.4); there is nothing to end for who has said nothing. */
static void sender_or_receiver(void **state)
{
	struct side a, b;
	uint8_t buf[200];

	side_begin(&a, 1, 0);
	side_begin(&b, 2, 0);
	assert_false(rtcp_session_owes_bye(&a.s, &a.tx));
	rtp(&a, &b, 1000000, false);
	assert_true(rtcp_session_owes_bye(&a.s, &a.tx));
	for (unsigned i = 0; i < 4; i++) {
		assert_true(rtcp_session_build(&a.s, &a.tx, &a.rx, i == 3, 1000000, buf, sizeof(buf)) > 0);
		assert_int_equal(buf[1], i < 2 ? 200 : 201);
	}
	assert_int_equal(a.s.sent, 4);
}

static void others_are_counted(void **state)
{
	uint32_t theirs = THEIRS + 1;
	struct side a;

	side_begin(&a, 1, 0);
	assert_non_null(rtcp_session_take(&a.s, sample, sizeof(sample), OURS, &theirs, 0));
	assert_non_null(rtcp_session_take(&a.s, "noise", 5, OURS, NULL, 0));
	assert_int_equal(a.s.bad, 2);
	assert_false(a.s.heard);
	theirs = THEIRS;
	assert_null(rtcp_session_take(&a.s, sample, sizeof(sample), OURS, &theirs, 0));
	assert_true(a.s.heard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_sample),
		cmocka_unit_test(writes_the_sample),
		cmocka_unit_test(cnames),
		cmocka_unit_test(cuts),
		cmocka_unit_test(bad_ones),
		cmocka_unit_test(padding_and_others),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(absurd_delays),
		cmocka_unit_test(intervals),
		cmocka_unit_test(sender_or_receiver),
		cmocka_unit_test(others_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
