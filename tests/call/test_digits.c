/* SPDX-License-Identifier: GPL-2.0-only */
/* The peer's telephone events (RFC 4733) are DTMF on the line, whoever called and whatever the codec. */
#include "t38/spandsp_version.h"

#include "tests/call/talk.h"

#define DIGITS "159*0#D7"

struct ear {
	dtmf_rx_state_t *rx;
	char heard[64];
};

static void hear(const uint8_t *heard, uint8_t *say, size_t n, void *arg)
{
	struct ear *e = arg;
	int16_t linear[EXCHANGE_BLOCK];

	for (size_t i = 0; i < n; i++) {
		linear[i] = alaw_to_linear(heard[i]);
		say[i] = 0xD5;
	}
	dtmf_rx(e->rx, linear, (int)n);
	dtmf_rx_get(e->rx, e->heard + strlen(e->heard), 8);
}

static const struct talk_params cases[] = {
	{.name = "digits from the called peer", .from_line = true, .peer = {.digits = DIGITS}},
	{.name = "digits from the calling peer", .peer = {.digits = DIGITS}},
	{.name = "digits, the called peer numbers them otherwise",
	 .from_line = true,
	 .peer = {.digits = DIGITS, .digits_pt = 96}},
	{.name = "digits, the calling peer numbers them otherwise", .peer = {.digits = DIGITS, .digits_pt = 96}},
	{.name = "digits, mu-law",
	 .from_line = true,
	 .peer = {.digits = DIGITS, .codec = CODEC_PCMU, .one_codec = true}},
};

static void test_digits(void **state)
{
	const struct talk_params *p = *state;
	struct ear e = {.rx = dtmf_rx_init(NULL, NULL, NULL)};
	const struct xcall_source ear = {.kind = XAUDIO_HANDLER, .octets = hear, .arg = &e};
	struct lab *l = talk_lab(NULL);
	struct talk t;

	talk_start(&t, l, p);
	talk_until(&t, PSTN_UP, BEARER_AUDIO, 5000);
	xcall_set_source(t.line, &ear);
	lab_run(l, 5000);
	assert_string_equal(e.heard, DIGITS);
	talk_hangup_line(&t, Q850_NORMAL);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
	dtmf_rx_free(e.rx);
}

int main(void)
{
	enum { N = sizeof(cases) / sizeof(cases[0]) };
	struct CMUnitTest tests[N];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){cases[i].name, test_digits, NULL, NULL, (void *)&cases[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
