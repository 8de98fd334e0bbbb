/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/cdr/cdr.h"

static struct cdr answered(void)
{
	struct cdr c = {.from_line = true,
			.peer = "carrier",
			.route = "did",
			.begin_us = SEC_US,
			.answer_us = 3 * SEC_US,
			.end_us = 63 * SEC_US,
			.cleared_by = CDR_LINE,
			.cause = Q850_NORMAL};

	strcpy(c.called, "6212345");
	strcpy(c.calling, "5550100");
	return c;
}

static void expect_result(const struct cdr *c, const char *result, const char *fault)
{
	char buf[160];

	assert_string_equal(cdr_result(c, buf, sizeof(buf)), result);
	assert_string_equal(cdr_fault(c), fault);
}

static void test_good_fax(void **state)
{
	struct cdr c = answered();
	char line[CDR_LINE_OCTETS];

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.media.parts[T30_FROM_LINE].all = 512;
	c.media.parts[T30_FROM_LINE].bad = 2;
	c.fax = (struct t30_watch){.frames = 9,
				   .pages = 3,
				   .rate = 14400,
				   .modem = "V.17",
				   .ecm = true,
				   .outcome = T30_SUCCESS,
				   .dcn = true};
	expect_result(&c, "fax ok", "-");
	assert_string_equal(
		cdr_print(&c, line, sizeof(line)),
		"END direction=e1-to-sip calling=5550100 called=6212345 peer=carrier route=did duration=62.0s "
		"answered=60.0s "
		"result=\"fax ok\" fault=- media=t38 t30=\"success\" pages=3 rate=14400 modem=V.17 ecm=yes retrains=0 "
		"resent=0 "
		"lost=0 recovered=0 line-bad=2/512 peer-bad=0/0 foreign=0 rtp-lost=0/0 rtp-jitter=0ms peer-lost=- peer-jitter=- "
		"rtt=- "
		"cause=16(normal call clearing) cleared-by=line sip=0 why=\"-\"");
}

/* The machines call it a success; who reads the log is to know. */
static void test_rejected(void **state)
{
	struct cdr c = answered();

	c.fax = (struct t30_watch){.frames = 9, .pages = 3, .outcome = T30_SUCCESS, .dcn = true, .rejected = 1};
	expect_result(&c, "fax ok, but 1 page was rejected", "-");
	c.fax.rejected = 2;
	expect_result(&c, "fax ok, but 2 pages were rejected", "-");
}

/* T.30 is followed in G.711 too, whether T.38 was refused or never asked for. */
static void test_fax_in_g711(void **state)
{
	struct cdr c = answered();
	char line[CDR_LINE_OCTETS];

	c.fax = (struct t30_watch){
		.frames = 9, .pages = 3, .rate = 9600, .modem = "V.29", .outcome = T30_SUCCESS, .dcn = true};
	expect_result(&c, "fax ok", "-");
	assert_non_null(strstr(cdr_print(&c, line, sizeof(line)),
			       "fault=- media=g711-fax t30=\"success\" pages=3 rate=9600 modem=V.29 ecm=no"));
	c.media.passthrough = true;
	c.fax = (struct t30_watch){.frames = 2, .outcome = T30_INCOMPLETE};
	strcpy(c.fax.before_dcn, "DIS");
	c.fax.before_dcn_side = T30_FROM_PEER;
	expect_result(&c, "fax failed: no answer to DIS", "line");
	assert_non_null(strstr(cdr_print(&c, line, sizeof(line)), "media=g711-fax t30=\"incomplete\""));
	assert_non_null(strstr(line, " lost=0 "));
	c.media.rtp_lost = 7;
	expect_result(&c, "fax failed: no answer to DIS", "network");
	assert_non_null(strstr(cdr_print(&c, line, sizeof(line)), " lost=7 "));
}

static void test_not_answered(void **state)
{
	struct cdr c = answered();

	c.answer_us = 0;
	c.cleared_by = CDR_PEER;
	c.cause = Q850_BUSY;
	c.sip_status = 486;
	expect_result(&c, "not answered: user busy", "peer");
	strcpy(c.text, "Busy Here");
	expect_result(&c, "not answered: Busy Here", "peer");
}

static void test_whose_fault(void **state)
{
	struct cdr c = answered();

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.fax = (struct t30_watch){.frames = 5, .outcome = T30_FAILED, .dcn = true, .dcn_side = T30_FROM_PEER};
	assert_string_equal(cdr_fault(&c), "peer");
	c.fax.dcn_side = T30_FROM_LINE;
	assert_string_equal(cdr_fault(&c), "line");
	c.fax.dcn = false;
	c.cleared_by = CDR_GATEWAY;
	assert_string_equal(cdr_fault(&c), "gateway");
	c.media.ifp_lost = 40;
	assert_string_equal(cdr_fault(&c), "network");
	c.media.ifp_overrun = 7;
	assert_string_equal(cdr_fault(&c), "peer");
	assert_non_null(strstr(cdr_result(&c, (char[200]){0}, 200), " (the peer sent faster than the line)"));
	c.media.ifp_overrun = 0;
	c.media.ifp_lost = 0;
	c.media.udptl_rx = 0;
	c.media.t38_us = 20 * SEC_US;
	expect_result(&c, "fax failed: no T.38 packet came from the peer", "network");
	c.media.t38_us = 2 * SEC_US; /* too early to tell */
	assert_string_equal(cdr_fault(&c), "gateway");
	c.media.t38_us = 20 * SEC_US;
	c.media.t30_live = true;
	c.cleared_by = CDR_LINE; /* too early for it */
	expect_result(&c, "fax failed: no T.38 packet came from the peer", "line");
	c.media.t38_us = 30 * SEC_US; /* its T1 */
	expect_result(&c, "fax failed: no T.38 packet came from the peer", "network");
}

/* The gateway clears for somebody: beyond doubt for the line or itself; of a peer the frames know better. */
static void test_fault_of_who_failed(void **state)
{
	struct cdr c = answered();

	c.cleared_by = CDR_GATEWAY;
	c.cause = Q850_TIMER_EXPIRED;
	c.failed = CDR_PEER;
	c.fax = (struct t30_watch){.frames = 5, .outcome = T30_INCOMPLETE};
	assert_string_equal(cdr_fault(&c), "peer");
	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.media.ifp_lost = 40;
	assert_string_equal(cdr_fault(&c), "network");
	c.failed = CDR_LINE;
	assert_string_equal(cdr_fault(&c), "line");
	c.failed = CDR_GATEWAY;
	assert_string_equal(cdr_fault(&c), "gateway");
	c.fax.outcome = T30_SUCCESS; /* it was over before */
	assert_string_equal(cdr_fault(&c), "-");
	c.fax = (struct t30_watch){0};
	c.answer_us = 0;
	c.failed = CDR_PEER;
	expect_result(&c, "not answered: recovery on timer expiry", "peer");
	c.failed = CDR_NOBODY;
	expect_result(&c, "not answered: recovery on timer expiry", "gateway");
}

/* Who hangs up before an answer can be there is to be asked himself, whatever was lost before. */
static void test_fault_of_who_breaks_off(void **state)
{
	struct cdr c = answered();

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.fax = (struct t30_watch){.frames = 2, .outcome = T30_INCOMPLETE, .before_dcn_side = T30_FROM_PEER};
	strcpy(c.fax.before_dcn, "DIS");
	c.cleared_by = CDR_PEER;
	expect_result(&c, "fax failed: no answer to DIS", "line");
	c.media.t30_live = true;
	assert_string_equal(cdr_fault(&c), "peer");
	c.media.ifp_lost = 3;
	assert_string_equal(cdr_fault(&c), "peer");
	c.cleared_by = CDR_LINE;
	assert_string_equal(cdr_fault(&c), "line");
	c.cleared_by = CDR_GATEWAY;
	assert_string_equal(cdr_fault(&c), "network");
	c.cleared_by = CDR_LINE;
	c.fax.tries = 2;
	assert_string_equal(cdr_fault(&c), "line");
	c.fax.tries = 3; /* and none was answered */
	assert_string_equal(cdr_fault(&c), "network");
	c.fax.tries = 0;
	c.fax.dcn = true;
	assert_string_equal(cdr_fault(&c), "network");
}

/* Who is not answered gives up, with DCN or by clearing: it is the silent one that is to be asked. */
static void test_fault_of_the_silent(void **state)
{
	struct cdr c = answered();

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.cleared_by = CDR_LINE;
	c.fax = (struct t30_watch){.frames = 5, .outcome = T30_INCOMPLETE, .before_dcn_side = T30_FROM_LINE};
	strcpy(c.fax.before_dcn, "DIS");
	expect_result(&c, "fax failed: no answer to DIS", "peer");
	strcpy(c.fax.before_dcn, "CTC");
	c.cleared_by = CDR_GATEWAY; /* after its fax_idle */
	expect_result(&c, "fax failed: no answer to CTC", "peer");
	strcpy(c.fax.before_dcn, "DIS");
	c.fax.outcome = T30_FAILED;
	c.fax.dcn = true;
	c.fax.dcn_side = T30_FROM_LINE;
	expect_result(&c, "fax failed: line side sent DCN after DIS: it was not answered", "peer");
	c.fax.dcn_side = T30_FROM_PEER;
	expect_result(&c, "fax failed: peer sent DCN after DIS: nothing was agreed", "peer");
	c.fax.failed_trainings = 3;
	expect_result(&c, "fax failed: DCN after FTT: training failed 3 times", "peer");
	c.media.said_local_tcf = true;
	expect_result(&c, "fax failed: DCN after FTT: training failed 3 times", "peer"); /* no DCS was seen */
	c.fax.rate = 14400;
	expect_result(&c, "fax failed: DCN after FTT: training failed 3 times (the peer said localTCF)", "peer");
	c.fax.cfr = true;
	c.fax.failed_trainings = 0;
	c.fax.post_page = FCF_EOP;
	c.fax.post_page_side = T30_FROM_PEER;
	expect_result(&c, "fax failed: peer sent DCN after EOP: it was not answered", "line");
}

/* A page that does not arrive is not the fault of who says DCN in the end. */
static void test_fault_of_the_way(void **state)
{
	static const char given_up[] = "fax failed: 1 page given up with errors (EOR answered by ERR)";
	struct cdr c = answered();

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.fax = (struct t30_watch){.frames = 30,
				   .outcome = T30_FAILED,
				   .abandoned = 1,
				   .sender_known = true,
				   .sender = T30_FROM_LINE,
				   .dcn = true,
				   .dcn_side = T30_FROM_LINE};
	strcpy(c.fax.before_dcn, "ERR");
	expect_result(&c, given_up, "peer"); /* it got nothing good of what we had whole */
	c.media.recovered = 3;
	expect_result(&c, given_up, "peer"); /* hardly */
	c.media.recovered = 30;
	expect_result(&c, given_up, "network"); /* what is lost on the way back is lost on the way there */
	c.media.parts[T30_FROM_LINE].all = 500;
	c.media.parts[T30_FROM_LINE].bad = 10;
	expect_result(&c, given_up, "network");
	c.media.parts[T30_FROM_LINE].bad = 100;
	expect_result(&c, given_up, "line");
	c.media.ifp_lost = 1;
	expect_result(&c, given_up, "line");
	c.fax.sender = T30_FROM_PEER;
	expect_result(&c, given_up, "network");
	c.media.ifp_lost = 0;
	expect_result(&c, given_up, "line"); /* all of it was sent there */
	c.media.parts[T30_FROM_PEER].all = 500;
	c.media.parts[T30_FROM_PEER].bad = 10;
	expect_result(&c, given_up, "peer"); /* and was bad when it came */
}

static void test_fault_of_training(void **state)
{
	static const char result[] = "fax failed: DCN after FTT: training failed 3 times";
	struct cdr c = answered();

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.fax = (struct t30_watch){.frames = 30,
				   .outcome = T30_FAILED,
				   .failed_trainings = 3,
				   .rate = 2400,
				   .sender_known = true,
				   .sender = T30_FROM_LINE,
				   .dcn = true,
				   .dcn_side = T30_FROM_LINE};
	strcpy(c.fax.before_dcn, "FTT");
	expect_result(&c, result, "peer");
	c.media.line_tcfs_bad = 1;
	expect_result(&c, result, "line");
	c.media.t38_used = false; /* in G.711 */
	expect_result(&c, result, "peer");
	c.media.rtp_tx = 2000;
	c.media.peer_lost = 40;
	expect_result(&c, result, "network");
}

/* A page of which nothing was heard, for its training was not understood, and that the peer rejects. */
static void test_fault_of_lost_page(void **state)
{
	static const char result[] = "fax failed: line side sent DCN after RTN: the page was rejected";
	struct cdr c = answered();

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.fax = (struct t30_watch){.frames = 30,
				   .outcome = T30_FAILED,
				   .rejected = 1,
				   .sender_known = true,
				   .sender = T30_FROM_LINE,
				   .dcn = true,
				   .dcn_side = T30_FROM_LINE};
	strcpy(c.fax.before_dcn, "RTN");
	expect_result(&c, result, "peer");
	c.media.line_pages_lost = 1;
	expect_result(&c, result, "line");
	c.media.recovered = 30; /* and not the network, which had nothing of it to lose */
	expect_result(&c, result, "line");
}

static void test_fault_of_missed_page(void **state)
{
	struct cdr c = answered();

	c.media.t38_used = true;
	c.media.udptl_rx = 900;
	c.fax = (struct t30_watch){.frames = 30,
				   .outcome = T30_FAILED,
				   .pages = 1,
				   .sender_known = true,
				   .sender = T30_FROM_LINE,
				   .missed = true,
				   .post_page = FCF_EOP,
				   .post_page_side = T30_FROM_LINE,
				   .dcn = true,
				   .dcn_side = T30_FROM_PEER};
	expect_result(&c, "fax failed: page 2 did not reach the peer: it said DIS again", "peer");
	c.media.line_commands_lost = 1; /* of the post-page message */
	c.media.recovered = 30;
	expect_result(&c, "fax failed: page 2 did not reach the peer: it said DIS again", "line");
	c.media.line_commands_lost = 0;
	expect_result(&c, "fax failed: page 2 did not reach the peer: it said DIS again", "network");
	c.media.recovered = 0;
	c.fax.unsent = true;
	expect_result(&c, "fax failed: page 2 was not heard from the line side: the peer said DIS again", "line");
	c.fax.sender = T30_FROM_PEER;
	expect_result(&c, "fax failed: page 2 was not heard from the peer: the line side said DIS again", "peer");
	c.fax.unsent = false;
	c.fax.outcome = T30_INCOMPLETE;
	expect_result(&c, "fax failed: page 2 did not reach the line side: it said DIS again", "line");
}

/* Without ECM nobody asks for a line again. */
static void test_damaged_lines(void **state)
{
	struct cdr c = answered();

	c.media.t38_used = true;
	c.fax = (struct t30_watch){.frames = 30, .outcome = T30_SUCCESS, .sender_known = true, .sender = T30_FROM_PEER};
	c.media.parts[T30_FROM_LINE].bad = 9; /* who does not send */
	expect_result(&c, "fax ok", "-");
	c.media.parts[T30_FROM_PEER].all = 400;
	c.media.parts[T30_FROM_PEER].bad = 7;
	expect_result(&c, "fax ok, but 7 of 400 scan lines came damaged from the peer", "-");
	c.media.ifp_lost = 2;
	expect_result(&c, "fax ok, but 7 of 400 scan lines came damaged from the network", "-");
	c.fax.rejected = 1;
	expect_result(&c, "fax ok, but 1 page was rejected", "-");
	c.fax.rejected = 0;
	c.fax.ecm = true; /* frames, and sent again */
	expect_result(&c, "fax ok", "-");
}

static void test_no_fax(void **state)
{
	struct cdr c = answered();

	expect_result(&c, "no fax", "-");
	c.media.passthrough = true;
	expect_result(&c, "fax in G.711", "-");
	c.media.t30_heard = true; /* its preamble, but no frame that was whole */
	expect_result(&c, "fax failed: no T.30 frame was seen", "line");
	c.media.rtp_lost = 50;
	expect_result(&c, "fax failed: no T.30 frame was seen", "network");
}

/* A peer's reason phrase with quotation marks does not end the field. */
static void test_quotes(void **state)
{
	struct cdr c = answered();
	char line[CDR_LINE_OCTETS];

	c.answer_us = 0;
	strcpy(c.text, "\"busy\" fault=line");
	cdr_print(&c, line, sizeof(line));
	assert_non_null(strstr(line, "result=\"not answered: 'busy' fault=line\" fault="));
	assert_non_null(strstr(line, "why=\"'busy' fault=line\""));
}

/* The longest values there can be: only the reason is cut, and its field ends all the same; nothing is written beyond.
 */
static void test_longest_line(void **state)
{
	struct cdr c = answered();
	char line[CDR_LINE_OCTETS + 1];

	memset(c.text, 'x', sizeof(c.text) - 1);
	memset(c.called, '9', sizeof(c.called) - 1);
	memset(c.calling, '9', sizeof(c.calling) - 1);
	c.peer = c.route = "a-name-of-one-and-thirty-signs-";
	c.answer_us = 0;
	c.cause = 98;
	c.cleared_by = CDR_GATEWAY;
	c.sip_status = 503;
	c.media.rtp_lost = c.media.rtp_missing = c.media.rtp_expected = c.media.foreign = UINT32_MAX;
	c.media.peer_lost = c.media.peer_jitter_ms = c.media.rtt_ms = c.media.rtp_jitter_ms = UINT32_MAX;
	c.media.rtcp_heard = c.media.rtt_known = c.media.t30_heard = true;
	c.media.recovered = UINT32_MAX;
	for (unsigned d = 0; d < 2; d++)
		c.media.parts[d].all = c.media.parts[d].bad = UINT32_MAX;
	c.fax.pages = c.fax.rate = c.fax.retrains = c.fax.partial_resent = UINT32_MAX;
	line[CDR_LINE_OCTETS] = 'Z';
	cdr_print(&c, line, CDR_LINE_OCTETS);
	assert_true(strlen(line) < CDR_LINE_OCTETS);
	assert_int_equal(line[CDR_LINE_OCTETS], 'Z');
	assert_non_null(strstr(line, " cleared-by=gateway sip=503 why=\"xxxxx"));
	assert_string_equal(line + strlen(line) - 2, "x\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_fax),
		cmocka_unit_test(test_fax_in_g711),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_not_answered),
		cmocka_unit_test(test_whose_fault),
		cmocka_unit_test(test_fault_of_who_failed),
		cmocka_unit_test(test_damaged_lines),
		cmocka_unit_test(test_no_fax),
		cmocka_unit_test(test_fault_of_the_silent),
		cmocka_unit_test(test_fault_of_who_breaks_off),
		cmocka_unit_test(test_fault_of_the_way),
		cmocka_unit_test(test_fault_of_training),
		cmocka_unit_test(test_fault_of_lost_page),
		cmocka_unit_test(test_fault_of_missed_page),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_longest_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
