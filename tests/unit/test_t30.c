/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "t38/spandsp_version.h"

#include "t38/t30/t30.h"
#include "t38/udptl/ifp.h"
#include "t38/udptl/udptl_rx.h"
#include "tests/unit/t30_seen.h"
#include "udptl_capture.h"

static void names_as_spandsp_does(void **state)
{
	static const uint8_t all[] = {
		FCF_DIS, FCF_CSI, FCF_NSF, FCF_DTC, FCF_CIG, FCF_NSC, FCF_PWD, FCF_SEP, FCF_PSA, FCF_CIA, FCF_DCS,
		FCF_TSI, FCF_NSS, FCF_SUB, FCF_SID, FCF_CTC, FCF_TSA, FCF_IRA, FCF_CFR, FCF_FTT, FCF_CTR, FCF_CSA,
		FCF_EOM, FCF_MPS, FCF_EOP, FCF_PPS, FCF_EOR, FCF_RR,  FCF_MCF, FCF_RTP, FCF_RTN, FCF_PIP, FCF_PIN,
		FCF_PPR, FCF_RNR, FCF_ERR, FCF_FDM, FCF_DCN, FCF_CRP, FCF_FNV, FCF_TNR, FCF_TR,	 FCF_DES, FCF_PID,
	};

	for (size_t i = 0; i < sizeof(all); i++) {
		uint8_t frame[] = {0xFF, 0x13, all[i]};

		assert_string_equal(t30_frame_name(frame, 3), t30_frametype(all[i]));
		frame[1] = 0x03;
		assert_string_equal(t30_frame_name(frame, 3), t30_frametype(all[i]));
		if (all[i] & 0x0E) {
			frame[2] |= 1;
			assert_string_equal(t30_frame_name(frame, 3), t30_frametype(all[i]));
			assert_int_equal(t30_frame_fcf(frame, 3), all[i]);
		}
	}
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13\xBF\x2F\0\0\0", 7), "PPS-EOP");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13\xBE\x00\0\0\0", 7), "PPS-NULL");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13\xBE", 3), "PPS");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13\xCE\x4E", 4), "EOR-MPS");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13\xBE\x02", 4), "PPS");
}

static void refuses_what_is_no_frame(void **state)
{
	assert_string_equal(t30_frame_name(NULL, 0), "unknown");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13", 2), "unknown");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFE\x13\x80", 3), "unknown");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x14\x80", 3), "unknown");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13\x00", 3), "unknown");
	assert_string_equal(t30_frame_name((const uint8_t *)"\xFF\x13\x0F", 3), "unknown");
	memset(&w, 0, sizeof(w));
	t30_watch_frame(&w, LINE, (const uint8_t *)"\xFF", 1);
	assert_int_equal(w.frames, 0);
	assert_string_equal(t30_frame_detail(NULL, 0, text, sizeof(text)), "");
}

static void details(void **state)
{
	/* bits 10, 11, 12, 14 (V.27ter V.29 V.17), 15 fine, 16 2-D, 24 extend, 27 ECM, 31 T.6, 32 extend, 41 */
	const uint8_t dis[] = {0xFF, 0x13, FCF_DIS, 0, 0xEE, 0x80, 0xC4, 0x80, 0x01};
	const uint8_t dcs[] = {0xFF, 0x13, FCF_DCS | 1, 0, 0x60, 0x80, 0x44};
	const uint8_t plain[] = {0xFF, 0x13, FCF_DCS, 0, 0x00, 0x00, 0x44}; /* no extend bit: octet 4 is not there */
	const uint8_t cut[] = {0xFF, 0x13, FCF_DIS, 0};
	uint8_t tsi[23] = {0xFF, 0x03, FCF_TSI};

	assert_string_equal(t30_frame_detail(dis, sizeof(dis), text, sizeof(text)),
			    "V.27ter V.29 V.17, ECM, fine, superfine, 2-D, T.6");
	assert_string_equal(t30_frame_detail(dcs, sizeof(dcs), text, sizeof(text)), "14400 V.17, ECM, fine, T.6");
	assert_string_equal(t30_frame_detail(plain, sizeof(plain), text, sizeof(text)), "2400 V.27ter");
	assert_string_equal(t30_frame_detail(cut, sizeof(cut), text, sizeof(text)), "");
	memcpy(tsi + 3, "4321 76543 94+      ", 20);
	assert_string_equal(t30_frame_detail(tsi, 23, text, sizeof(text)), "+49 34567 1234");
	memset(tsi + 3, ' ', 20);
	assert_string_equal(t30_frame_detail(tsi, 23, text, sizeof(text)), "");
	tsi[22] = '1';
	tsi[21] = 0x07;
	tsi[20] = '2';
	assert_string_equal(t30_frame_detail(tsi, 23, text, sizeof(text)), "1.2");
	for (size_t room = 1; room < 60; room++) {
		char *exact = malloc(room);

		t30_frame_detail(dis, sizeof(dis), exact, room);
		assert_in_range(strlen(exact), 0, room - 1);
		free(exact);
	}
}

static void rates(void **state)
{
	/* Bits 11 to 14 are bits 2 to 5 of the second octet. */
	static const struct {
		uint8_t octet;
		unsigned rate;
		const char *modem;
	} want[] = {
		{0x00, 2400, "V.27ter"}, {0x08, 4800, "V.27ter"}, {0x0C, 7200, "V.29"},	 {0x04, 9600, "V.29"},
		{0x2C, 7200, "V.17"},	 {0x24, 9600, "V.17"},	  {0x28, 12000, "V.17"}, {0x20, 14400, "V.17"},
		{0x10, 14400, "V.33"},	 {0x18, 12000, "V.33"},
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		see_start(want[i].octet, i & 1);
		assert_int_equal(w.rate, want[i].rate);
		assert_string_equal(w.modem, want[i].modem);
		assert_int_equal(w.ecm, i & 1);
	}
	see_start(0x3C, false); /* reserved */
	assert_int_equal(w.rate, 0);
	/* CTC changes the rate alone. */
	see_start(0x20, true);
	t30_watch_frame(&w, LINE, (const uint8_t *)"\xFF\x13\x12\x00\x24", 5);
	assert_int_equal(w.rate, 9600);
	assert_true(w.ecm);
}

static void two_pages(void **state)
{
	memset(&w, 0, sizeof(w));
	assert_int_equal(w.outcome, T30_NONE);
	assert_string_equal(reason(), "no T.30 frame was seen");
	see(PEER, FCF_DIS);
	assert_int_equal(w.outcome, T30_INCOMPLETE);
	assert_string_equal(reason(), "no answer to DIS");
	see_dcs(LINE, 0x20, false);
	assert_string_equal(reason(), "no answer to DCS");
	see(PEER, FCF_CFR);
	assert_string_equal(reason(), "broke off in page 1");
	see(LINE, FCF_MPS | 1);
	assert_string_equal(reason(), "no answer to MPS");
	see(PEER, FCF_MCF | 1);
	assert_int_equal(w.pages, 1);
	assert_string_equal(reason(), "broke off in page 2");
	see(LINE, FCF_EOP | 1);
	see(PEER, FCF_MCF | 1);
	assert_int_equal(w.pages, 2);
	assert_int_equal(w.outcome, T30_SUCCESS);
	see(LINE, FCF_DCN);
	assert_int_equal(w.outcome, T30_SUCCESS);
	assert_true(w.dcn && w.cfr);
	assert_string_equal(reason(), "success");
	assert_string_equal(w.last_line, "DCN");
	assert_string_equal(w.last_peer, "MCF");
}

static void repeated_eop_counts_once(void **state)
{
	see_start(0x20, false);
	see(LINE, FCF_EOP);
	see(LINE, FCF_EOP);
	see(PEER, FCF_MCF);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 1);
	see(LINE, FCF_EOP);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 1);
	see(LINE, FCF_EOP); /* and once more, and the line gives up: the page was confirmed all the same */
	see(LINE, FCF_DCN);
	assert_int_equal(w.outcome, T30_SUCCESS);
	assert_string_equal(reason(), "success");
}

static void repeated_mps_needs_the_image(void **state)
{
	see_start(0x20, false);
	for (int i = 0; i < 3; i++) {
		see(LINE, FCF_MPS);
		see(PEER, FCF_MCF);
	}
	assert_int_equal(w.pages, 3);
	see_start(0x20, false);
	for (int i = 0; i < 3; i++) {
		t30_watch_image(&w);
		see(LINE, FCF_MPS);
		see(PEER, FCF_MCF);
		see(LINE, FCF_MPS);
		see(PEER, FCF_MCF);
	}
	assert_int_equal(w.pages, 3);
	t30_watch_image(&w);
	see(LINE, FCF_EOP);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 4);
}

static void eom_and_another_document(void **state)
{
	see_start(0x20, false);
	see(LINE, FCF_EOM);
	see(PEER, FCF_MCF);
	see(LINE, FCF_EOM);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 1);
	see(PEER, FCF_DIS);
	see_dcs(LINE, 0x24, false);
	see(PEER, FCF_CFR);
	see(LINE, FCF_EOM);
	see(PEER, FCF_RTP);
	assert_int_equal(w.pages, 2);
	see_dcs(LINE, 0x24, false);
	see(LINE, FCF_DCN);
	assert_int_equal(w.outcome, T30_FAILED);
}

static void ecm_pages(void **state)
{
	see_start(0x20, true);
	assert_true(w.ecm);
	see_pps(LINE, FCF_PPS | 1, FCF_NULL, 0, 0);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 0);
	see_pps(LINE, FCF_PPS, FCF_MPS | 1, 0, 1);
	see(PEER, FCF_PPR);
	assert_int_equal(w.partial_resent, 1);
	see_pps(LINE, FCF_PPS, FCF_MPS | 1, 0, 1);
	see(PEER, FCF_RNR);
	see(LINE, FCF_RR);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 1);
	see_pps(LINE, FCF_PPS, FCF_MPS, 0, 1); /* again: its MCF was lost */
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 1);
	see_pps(LINE, FCF_PPS, FCF_MPS, 1, 0);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 2);
	see_pps(LINE, FCF_PPS, FCF_EOP, 2, 0);
	assert_int_equal(w.outcome, T30_INCOMPLETE);
	assert_string_equal(reason(), "no answer to PPS-EOP");
	see(PEER, FCF_MCF);
	see(LINE, FCF_DCN);
	assert_int_equal(w.pages, 3);
	assert_int_equal(w.outcome, T30_SUCCESS);
}

static void rejected_pages(void **state)
{
	see_start(0x20, false);
	see(LINE, FCF_EOP);
	see(PEER, FCF_RTN);
	assert_int_equal(w.rejected, 1);
	assert_int_equal(w.pages, 0);
	see(LINE, FCF_DCN);
	assert_string_equal(reason(), "line side sent DCN after RTN: the page was rejected");
	see_start(0x20, false);
	see(LINE, FCF_EOP);
	see(PEER, FCF_RTN);
	see_dcs(LINE, 0x24, false);
	see(PEER, FCF_CFR);
	see(LINE, FCF_EOP);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 1);
	assert_string_equal(reason(), "success, after 1 rejected page");
	see_start(0x20, false);
	see(LINE, FCF_PRI_EOP);
	see(PEER, FCF_PIN);
	assert_int_equal(w.rejected, 1);
	assert_int_equal(w.outcome, T30_INCOMPLETE);
}

static void answers_must_come_from_the_other_side(void **state)
{
	see_start(0x20, false);
	see(LINE, FCF_EOP);
	see(LINE, FCF_MCF);
	assert_int_equal(w.pages, 0);
	assert_int_equal(w.outcome, T30_INCOMPLETE);
	see(PEER, FCF_MCF);
	assert_int_equal(w.pages, 1);
	/* an answer to nothing */
	see_start(0x20, false);
	see(PEER, FCF_MCF);
	see(PEER, FCF_RTN);
	assert_int_equal(w.pages + w.rejected, 0);
}

static void see_ident(enum t30_direction d, uint8_t fcf, const char *reversed)
{
	uint8_t frame[23] = {0xFF, 0x03, fcf};

	memset(frame + 3, ' ', 20);
	memcpy(frame + 3 + 20 - strlen(reversed), reversed, strlen(reversed));
	t30_watch_frame(&w, d, frame, sizeof(frame));
}

/* What is no frame of T.30 (one that is cut, with a good FCS by chance) hides no command that was left without an
 * answer. */
static void unknown_is_no_answer(void **state)
{
	enum t30_direction silent;

	memset(&w, 0, sizeof(w));
	see(PEER, FCF_DIS);
	see(PEER, 0x0F);
	assert_true(t30_watch_unanswered(&w, &silent) && silent == LINE);
	assert_string_equal(reason(), "no answer to DIS");
	memset(&w, 0, sizeof(w));
	see(PEER, 0x0F);
	assert_false(t30_watch_unanswered(&w, &silent));
	assert_string_equal(reason(), "broke off after unknown");
}

static void who_is_who(void **state)
{
	memset(&w, 0, sizeof(w));
	see_ident(PEER, FCF_CSI, "DELLAC");
	see(PEER, FCF_DIS);
	see_ident(LINE, FCF_TSI, "RELLAC");
	assert_string_equal(w.receiver_id, "CALLED");
	assert_string_equal(w.sender_id, "CALLER");
}

/* The line calls and fetches a document: the peer sends it. */
static void polling(void **state)
{
	memset(&w, 0, sizeof(w));
	see_ident(PEER, FCF_CSI, "DELLAC");
	see(PEER, FCF_DIS);
	see_ident(LINE, FCF_CIG, "RELLAC");
	see(LINE, FCF_DTC);
	assert_string_equal(reason(), "no answer to DTC");
	assert_string_equal(w.sender_id, "CALLED");
	assert_string_equal(w.receiver_id, "CALLER");
	see_ident(PEER, FCF_TSI, "RENWO");
	see_dcs(PEER, 0x20, false);
	see(LINE, FCF_CFR);
	see(PEER, FCF_EOP);
	see(LINE, FCF_MCF);
	see(PEER, FCF_DCN);
	assert_string_equal(w.sender_id, "OWNER");
	assert_int_equal(w.pages, 1);
	assert_int_equal(w.outcome, T30_SUCCESS);
	/* A document sent first, then one fetched in the same call, which fails. */
	see_start(0x20, false);
	see(LINE, FCF_EOP);
	see(PEER, FCF_MCF);
	see(LINE, FCF_DTC);
	assert_int_equal(w.outcome, T30_INCOMPLETE);
	see(PEER, FCF_DCN);
	assert_string_equal(reason(), "peer sent DCN after DTC: nothing was agreed");
}

static void outcomes_have_names(void **state)
{
	assert_string_equal(t30_outcome_name(T30_NONE), "no fax");
	assert_string_equal(t30_outcome_name(T30_INCOMPLETE), "incomplete");
	assert_string_equal(t30_outcome_name(T30_SUCCESS), "success");
	assert_string_equal(t30_outcome_name(T30_FAILED), "failed");
	assert_string_equal(t30_outcome_name((enum t30_outcome)9), "unknown");
}

/* ---- a real fax, the sender's side of it ---- */

static struct {
	uint8_t octets[64];
	size_t n;
	char names[200];
} hdlc;

static uint8_t reversed(uint8_t v)
{
	uint8_t r = 0;

	for (unsigned i = 0; i < 8; i++)
		r |= (uint8_t)((v >> i & 1) << (7 - i));
	return r;
}

static void hears(const uint8_t *p, size_t len, uint16_t seq, void *arg)
{
	struct ifp i;

	assert_null(ifp_read(p, len, 0, &i));
	if (i.indicator || i.kind != IFP_DATA_V21)
		return;
	for (unsigned n = 0; n < i.nfields; n++) {
		for (size_t o = 0; o < i.field[n].len && hdlc.n < sizeof(hdlc.octets); o++)
			hdlc.octets[hdlc.n++] = reversed(p[i.field[n].at + o]);
		if (i.field[n].type != IFP_HDLC_FCS_OK && i.field[n].type != IFP_HDLC_FCS_OK_SIG_END)
			continue;
		t30_watch_frame(&w, PEER, hdlc.octets, hdlc.n);
		strcat(hdlc.names, t30_frame_name(hdlc.octets, hdlc.n));
		strcat(hdlc.names, " ");
		if (t30_frame_fcf(hdlc.octets, hdlc.n) == FCF_DCS)
			t30_frame_detail(hdlc.octets, hdlc.n, text, sizeof(text));
		hdlc.n = 0;
	}
}

static void reads_the_capture(void **state)
{
	static struct capture c;
	static struct udptl_rx rx;

	memset(&w, 0, sizeof(w));
	memset(&hdlc, 0, sizeof(hdlc));
	capture_read(&c);
	assert_int_equal(c.n, CAPTURE_DATAGRAMS);
	udptl_rx_init(&rx, 0, hears, NULL);
	for (unsigned i = 1; i < c.n; i++)
		assert_null(udptl_rx_datagram(&rx, c.datagram[i].p, c.datagram[i].len, i));
	assert_string_equal(hdlc.names, "TSI DCS PPS-EOP DCN ");
	assert_int_equal(w.frames, 4);
	assert_int_equal(w.rate, 14400);
	assert_string_equal(w.modem, "V.17");
	assert_true(w.ecm);
	assert_int_equal(strncmp(text, "14400 V.17, ECM", 15), 0);
	assert_string_equal(reason(), "peer sent DCN after PPS-EOP: it was not answered");
}

/* Bits 17 and 18 are the paper; 42 and 43 more pixels to the millimetre, 105 and after more than is known here. */
static void widths(void **state)
{
	static const unsigned width[3][3] = {{1728, 2048, 2432}, {2592, 3072, 3648}, {3456, 4096, 4864}};
	uint8_t dcs[17] = {0xFF, 0x13, FCF_DCS | 1, 0,	  0x60, 0x80, 0x80, 0x80,
			   0x80, 0x80, 0x80,	    0x80, 0x80, 0x80, 0x80, 0x80};

	for (unsigned density = 0; density < 3; density++) {
		for (unsigned paper = 0; paper < 3; paper++) {
			dcs[5] = (uint8_t)(0x80 | paper);
			dcs[8] = (uint8_t)(0x80 | density << 1);
			assert_int_equal(t30_frame_width(dcs, sizeof(dcs)), width[density][paper]);
			assert_int_equal(t30_frame_width(dcs, 6), width[0][paper]);
		}
	}
	dcs[5] |= 3;
	assert_int_equal(t30_frame_width(dcs, sizeof(dcs)), 0);
	dcs[5] = 0x80;
	dcs[16] = 1;
	assert_int_equal(t30_frame_width(dcs, sizeof(dcs)), 0);
	dcs[16] = 0;
	dcs[2] = FCF_DIS;
	assert_int_equal(t30_frame_width(dcs, sizeof(dcs)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_as_spandsp_does),
		cmocka_unit_test(refuses_what_is_no_frame),
		cmocka_unit_test(details),
		cmocka_unit_test(rates),
		cmocka_unit_test(widths),
		cmocka_unit_test(two_pages),
		cmocka_unit_test(repeated_eop_counts_once),
		cmocka_unit_test(repeated_mps_needs_the_image),
		cmocka_unit_test(eom_and_another_document),
		cmocka_unit_test(ecm_pages),
		cmocka_unit_test(rejected_pages),
		cmocka_unit_test(answers_must_come_from_the_other_side),
		cmocka_unit_test(unknown_is_no_answer),
		cmocka_unit_test(who_is_who),
		cmocka_unit_test(polling),
		cmocka_unit_test(outcomes_have_names),
		cmocka_unit_test(reads_the_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
