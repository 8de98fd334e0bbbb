/* SPDX-License-Identifier: GPL-2.0-only */
/* Whole calls and faxes on a T1: 23 B channels, mu-law, the dialects of its exchanges and PBXs. */
#include "tests/call/fax.h"
#include "tests/call/talk.h"

#define T1 "timeslots = 1-23\ndchannel = 24\nlaw = ulaw\n"

static const struct fax_case faxes[] = {
	{.name = "T1 to SIP, NI2",
	 .from_line = true,
	 .lab = {.span_text = T1 "switch = ni2\n", .fax_text = "t38_start = on-preamble\n"}},
	{.name = "SIP to T1, 5ESS", .lab = {.span_text = T1 "switch = 5ess\n", .peer = {.hangup_done_ms = 300}}},
	{.name = "SIP to T1, in G.711, mu-law all the way",
	 .lab = {.span_text = T1 "switch = 4ess\nside = nt\n",
		 .fax_text = "t38 = no\n",
		 .peer = {.hangup_done_ms = 300, .codec = CODEC_PCMU, .one_codec = true}}},
	{.name = "T1 to SIP, in G.711, A-law there",
	 .from_line = true,
	 .lab = {.span_text = T1 "switch = dms100\n", .fax_text = "t38 = no\n"}},
};

static void test_fax(void **state)
{
	const struct fax_case *c = *state;
	struct fax_outcome o;

	fax_run(c, NULL, &o);
	fax_expect_whole(c, &o);
}

/* Each of the 23 channels, and no more: the 24th call hears that there is none. */
static void test_full(void **state)
{
	static const struct talk_params p = {.name = "one of 23"}, last = {.name = "one too many"};
	struct lab *l = talk_lab(&(struct lab_params){.span_text = T1 "switch = ni2\n"});
	struct talk t[23], more;

	for (unsigned i = 0; i < 23; i++) {
		talk_start(&t[i], l, &p);
		talk_until(&t[i], PSTN_UP, BEARER_AUDIO, 5000);
		assert_int_equal(xcall_result(t[i].line)->timeslot, 23 - i);
		assert_int_equal(xcall_result(t[i].line)->layer_1, 0x22);
	}
	talk_start(&more, l, &last);
	lab_run(l, 500);
	talk_expect(&more, &(struct talk_end){0, 503, "Q.850;cause=34", "cause=34(", NULL});
	for (unsigned i = 0; i < 23; i++)
		talk_hangup_peer(&t[i]);
	talk_until_idle(&t[0], TALK_CLEARED_MS);
	lab_close(l);
}

int main(void)
{
	enum { N = sizeof(faxes) / sizeof(faxes[0]) };
	struct CMUnitTest tests[N + 1] = {cmocka_unit_test(test_full)};

	for (size_t i = 0; i < N; i++)
		tests[1 + i] = (struct CMUnitTest){faxes[i].name, test_fax, NULL, NULL, (void *)&faxes[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
