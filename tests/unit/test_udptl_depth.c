/* SPDX-License-Identifier: GPL-2.0-only */
/* How deep the redundancy becomes by what the network does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "t38/udptl/udptl_depth.h"

/* N packets from *SEQ on, of which each is lost with PERMILLE. */
static void hear(struct udptl_depth *d, uint16_t *seqp, unsigned n, unsigned permille)
{
	for (unsigned i = 0; i < n; i++, ++*seqp)
		if ((unsigned)rand() % 1000 >= permille)
			udptl_depth_heard(d, *seqp);
}

static void test_clean(void **state)
{
	struct udptl_depth d = {.began = false};
	uint16_t seq = 65500; /* it wraps */

	assert_int_equal(udptl_depth_at_least(&d), 0);
	hear(&d, &seq, 3000, 0);
	assert_int_equal(udptl_depth_at_least(&d), 0);
	assert_int_equal(udptl_depth_more(&d), 0);
	assert_int_equal(udptl_depth_percent(&d), 0);
}

static void test_loss(void **state)
{
	static const struct {
		unsigned permille, least, most;
	} cases[] = {{10, 2, 3}, {30, 3, 4}, {100, 5, 7}, {200, 7, 10}, {300, 10, 13}, {600, 14, 14}};

	srand(1);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct udptl_depth d = {.began = false};
		uint16_t seq = 0;

		hear(&d, &seq, 500, cases[i].permille);
		assert_in_range(udptl_depth_at_least(&d), cases[i].least, cases[i].most);
	}
}

/* As many as a fax has before its first page. */
static void test_loss_soon(void **state)
{
	srand(2);
	for (unsigned i = 0; i < 100; i++) {
		struct udptl_depth d = {.began = false};
		uint16_t seq = 0;

		hear(&d, &seq, 80, 200);
		assert_in_range(udptl_depth_at_least(&d), 5, 12);
	}
}

static void test_over(void **state)
{
	struct udptl_depth d = {.began = false};
	uint16_t seq = 0;

	srand(3);
	hear(&d, &seq, 500, 300);
	hear(&d, &seq, 1024, 0);
	assert_in_range(udptl_depth_at_least(&d), 3, 9);
	hear(&d, &seq, 8192, 0);
	assert_int_equal(udptl_depth_at_least(&d), 0);
}

static void test_gap(void **state)
{
	struct udptl_depth d = {.began = false};

	for (unsigned seq = 0; seq < 400; seq++)
		udptl_depth_heard(&d, (uint16_t)seq);
	udptl_depth_heard(&d, 400 + 9);
	assert_int_equal(udptl_depth_at_least(&d), 9);
	/* more than redundancy can bring back is another sequence, and so is what is far behind */
	udptl_depth_heard(&d, 2000);
	udptl_depth_heard(&d, 2001);
	udptl_depth_heard(&d, 40000);
	udptl_depth_heard(&d, 40001);
	assert_int_equal(udptl_depth_at_least(&d), 9);
	assert_int_equal(d.missing, 9);
}

static void test_late(void **state)
{
	struct udptl_depth d = {.began = false};

	/* two by two in the wrong order, as of an instant: it is nothing; nor is the same one twice */
	udptl_depth_heard(&d, 99);
	for (unsigned seq = 100; seq < 400; seq += 2) {
		udptl_depth_heard(&d, (uint16_t)(seq + 1));
		udptl_depth_heard(&d, (uint16_t)seq);
		udptl_depth_heard(&d, (uint16_t)(seq + 1));
	}
	assert_int_equal(udptl_depth_at_least(&d), 0);
	/* what is lost is not made good by another one that comes twice */
	udptl_depth_heard(&d, 402);
	for (unsigned i = 0; i < 5; i++)
		udptl_depth_heard(&d, 399);
	assert_int_equal(d.missing, 2);
	udptl_depth_heard(&d, 400);
	udptl_depth_heard(&d, 400);
	assert_int_equal(d.missing, 1);
	/* six by six: a peer that waits for none has lost most of them */
	for (unsigned seq = 500; seq < 800; seq += 6)
		for (unsigned i = 6; i-- > 0;)
			udptl_depth_heard(&d, (uint16_t)(seq + i));
	assert_in_range(udptl_depth_at_least(&d), 6, 14);
}

static void test_asked_again(void **state)
{
	struct udptl_depth d = {.began = false};

	/* as it goes */
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_DIS);
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_DIS);
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_DCS);
	udptl_depth_frame(&d, T30_FROM_PEER, FCF_CFR);
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_PPS);
	udptl_depth_frame(&d, T30_FROM_PEER, FCF_MCF);
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_PPS);
	udptl_depth_frame(&d, T30_FROM_PEER, FCF_MCF);
	assert_int_equal(udptl_depth_more(&d), 0);
	/* a second DIS: the caller may just listen late, and it is forgotten with the first page */
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_DIS);
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_DIS);
	assert_int_equal(udptl_depth_more(&d), 1);
	udptl_depth_frame(&d, T30_FROM_PEER, FCF_DCS);
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_DCS);
	udptl_depth_frame(&d, T30_FROM_PEER, FCF_MCF);
	assert_int_equal(udptl_depth_more(&d), 0);
	/* no answer */
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_PPS);
	udptl_depth_frame(&d, T30_FROM_LINE, FCF_PPS);
	assert_int_equal(udptl_depth_more(&d), 3);
	udptl_depth_frame(&d, T30_FROM_PEER, FCF_PPR);
	assert_int_equal(udptl_depth_more(&d), 4);
	udptl_depth_frame(&d, T30_FROM_PEER, FCF_MCF);
	assert_int_equal(udptl_depth_more(&d), 3);
	for (unsigned i = 0; i < 9; i++)
		udptl_depth_frame(&d, T30_FROM_PEER, FCF_RTN);
	assert_int_equal(udptl_depth_more(&d), 14);
	for (unsigned i = 0; i < 20; i++)
		udptl_depth_frame(&d, T30_FROM_PEER, FCF_MCF);
	assert_int_equal(udptl_depth_more(&d), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),	    cmocka_unit_test(test_loss), cmocka_unit_test(test_loss_soon),
		cmocka_unit_test(test_over),	    cmocka_unit_test(test_gap),	 cmocka_unit_test(test_late),
		cmocka_unit_test(test_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
