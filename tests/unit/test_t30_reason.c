/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a fax failed: in words, and on which way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/t30_seen.h"

static void ecm_gives_up(void **state)
{
	see_start(0x20, true);
	see_pps(LINE, FCF_PPS, FCF_EOP, 0, 0);
	see(PEER, FCF_PPR);
	see_pps(LINE, FCF_EOR, FCF_EOP, 0, 0);
	see(PEER, FCF_ERR);
	see(LINE, FCF_DCN);
	assert_int_equal(w.pages, 0);
	assert_int_equal(w.outcome, T30_FAILED);
	assert_string_equal(reason(), "1 page given up with errors (EOR answered by ERR)");
	see_start(0x20, true);
	see_pps(LINE, FCF_PPS, FCF_EOP, 0, 0);
	see(LINE, FCF_DCN);
	assert_string_equal(reason(), "line side sent DCN after PPS-EOP: it was not answered");
	see_start(0x20, true);
	see_pps(LINE, FCF_PPS, FCF_EOP, 0, 0);
	see(PEER, FCF_DCN);
	assert_string_equal(reason(), "peer answered PPS-EOP with DCN");
}

static void training_fails(void **state)
{
	memset(&w, 0, sizeof(w));
	see(LINE, FCF_DIS);
	for (int i = 0; i < 3; i++) {
		see_dcs(PEER, 0x20, false);
		see(LINE, FCF_FTT);
	}
	assert_string_equal(reason(), "broke off after FTT: training failed 3 times");
	see(PEER, FCF_DCN);
	assert_int_equal(w.retrains, 3);
	assert_false(w.cfr);
	assert_int_equal(w.outcome, T30_FAILED);
	assert_string_equal(reason(), "DCN after FTT: training failed 3 times");
	see_start(0x20, false);
	see(PEER, FCF_FTT);
	see(PEER, FCF_CFR);
	see(LINE, FCF_DCN);
	assert_string_equal(reason(), "line side sent DCN after CFR, in page 1");
}

/* The receiver waits for a page, hears none, and says DIS again: not a question that nobody answers. */
static void page_missed(void **state)
{
	enum t30_direction side;

	see_start(0x20, false);
	t30_watch_image(&w);
	see(PEER, FCF_DIS);
	assert_string_equal(reason(), "page 1 did not reach the peer: it said DIS again");
	see(LINE, FCF_EOP);
	see(PEER, FCF_DCN);
	assert_string_equal(reason(), "page 1 did not reach the peer: it said DIS again");
	assert_true(t30_watch_spoilt(&w, &side) && side == T30_FROM_LINE);
	see_start(0x20, false);
	t30_watch_image(&w);
	see(LINE, FCF_MPS);
	see(PEER, FCF_MCF);
	see(PEER, FCF_DIS);
	assert_string_equal(reason(), "page 2 was not heard from the line side: the peer said DIS again");
	see_start(0x20, false);
	t30_watch_image(&w);
	see(LINE, FCF_EOP);
	see(PEER, FCF_DIS);
	see(LINE, FCF_EOP);
	see(PEER, FCF_DCN);
	assert_string_equal(reason(), "page 1 did not reach the peer: it said DIS again");
	see_dcs(LINE, 0x20, false); /* they begin anew, and all is well */
	see(PEER, FCF_CFR);
	assert_false(w.missed);
	assert_false(t30_watch_spoilt(&w, &side));
}

/* After EOM the receiver's DIS is what was asked for. */
static void no_page_missed(void **state)
{
	enum t30_direction side;

	see_start(0x20, false);
	t30_watch_image(&w);
	see(LINE, FCF_EOM);
	see(PEER, FCF_MCF);
	see(PEER, FCF_DIS);
	assert_false(w.missed);
	assert_string_equal(reason(), "no answer to DIS");
	assert_false(t30_watch_spoilt(&w, &side));
}

/* Which way the page went, whoever gave up. */
static void page_spoilt(void **state)
{
	static const int answers[] = {FCF_PPR, FCF_RTN, FCF_PIN};
	enum t30_direction side;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		see_start(0x20, i == 0);
		if (i == 0)
			see_pps(LINE, FCF_PPS, FCF_EOP, 0, 0);
		else
			see(LINE, FCF_EOP);
		see(PEER, answers[i]);
		see(LINE, FCF_DCN);
		assert_true(t30_watch_spoilt(&w, &side) && side == T30_FROM_LINE);
	}
	see_start(0x20, false);
	see(LINE, FCF_EOP);
	see(PEER, FCF_DCN);
	assert_false(t30_watch_spoilt(&w, &side));
}

/* A command that comes again, with nothing from the other side between. */
static void tries(void **state)
{
	memset(&w, 0, sizeof(w));
	for (unsigned i = 1; i <= 3; i++) {
		see(PEER, FCF_CSI);
		see(PEER, FCF_DIS);
		assert_int_equal(w.tries, i);
	}
	see(LINE, FCF_TSI);
	assert_int_equal(w.tries, 0);
	see_dcs(LINE, 0x20, true);
	assert_int_equal(w.tries, 1);
	see(PEER, FCF_CFR);
	assert_int_equal(w.tries, 0);
	see_pps(LINE, FCF_PPS, FCF_EOP, 0, 0);
	see_pps(LINE, FCF_PPS, FCF_EOP, 0, 0);
	assert_int_equal(w.tries, 2);
	see_pps(LINE, FCF_EOR, FCF_EOP, 0, 0);
	assert_int_equal(w.tries, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ecm_gives_up),	  cmocka_unit_test(training_fails), cmocka_unit_test(page_missed),
		cmocka_unit_test(no_page_missed), cmocka_unit_test(page_spoilt),    cmocka_unit_test(tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
