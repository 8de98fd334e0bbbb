/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a peer takes RTCP (RFC 3605), and what it does not get: RTCP on the port of RTP (RFC 5761). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sip/sdp/offer.h"

#define HEAD  "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
#define AUDIO "m=audio 7000 RTP/AVP 8\r\n"

static struct sdp sdp_of(const char *lines)
{
	char text[1000], why[200];
	struct sdp s;

	snprintf(text, sizeof(text), "%s%s", HEAD, lines);
	if (sdp_read(text, strlen(text), &s, why, sizeof(why)))
		fail_msg("%s", why);
	return s;
}

/* What is written says the same. */
static void write_and_read(const struct sdp *s)
{
	char text[SDP_TEXT_OCTETS], why[200];
	struct sdp back;

	assert_true(sdp_write(s, text, sizeof(text)) > 0);
	assert_null(sdp_read(text, strlen(text), &back, why, sizeof(why)));
	assert_true(offer_same(s, &back) || s->nstreams > 1);
}

static void test_read(void **state)
{
	static const struct {
		const char *lines, *want; /* "-": nothing was said */
	} cases[] = {
		{AUDIO, "-"},
		{AUDIO "a=rtcp:53020\r\n", "192.0.2.9:53020"},
		{AUDIO "a=RTCP: 53020 \r\n", "192.0.2.9:53020"},
		{AUDIO "a=rtcp:53020 IN IP4 126.16.64.4\r\n", "126.16.64.4:53020"},
		{AUDIO "a=rtcp:53020 IN IP6 2001:db8::7\r\n", "[2001:db8::7]:53020"},
		{AUDIO "c=IN IP4 192.0.2.77\r\na=rtcp:53020\r\n", "192.0.2.77:53020"},
		{AUDIO "a=rtcp:53020\r\nc=IN IP4 192.0.2.77\r\n", "192.0.2.77:53020"},
		{AUDIO "a=rtcp:0\r\n", "-"},
		{AUDIO "a=rtcp:65536\r\n", "-"},
		{AUDIO "a=rtcp:-5\r\n", "-"},
		{AUDIO "a=rtcp:\r\n", "-"},
		{AUDIO "a=rtcp\r\n", "-"},
		{AUDIO "a=rtcp:53020 IN IP4 media.example.net\r\n", "-"},
		{AUDIO "a=rtcp:53020 IN IP4\r\n", "192.0.2.9:53020"},
		{"a=rtcp:53020\r\n" AUDIO, "-"}, /* it is of a stream (RFC 3605 2.1) */
		{"m=audio 7100 RTP/AVP 18\r\na=rtcp:53020\r\n" AUDIO, "-"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sdp s = sdp_of(cases[i].lines);
		char text[ADDR_TEXT_OCTETS];

		write_and_read(&s);
		if (strcmp(addr_print(&s.streams[s.nstreams - 1].audio.rtcp, text), cases[i].want))
			fail_msg("%s: %s, not %s", cases[i].lines, text, cases[i].want);
	}
}

/* RFC 5761 5.1.1: rtcp-mux is declined by not repeating it; the reports go to a port of their own. */
static void test_mux_is_declined(void **state)
{
	struct sdp offer = sdp_of(AUDIO "a=rtcp:7001\r\na=rtcp-mux\r\n"), answer;
	struct media_desc local = {.has_audio = true}, agreed;
	char text[SDP_TEXT_OCTETS], where[ADDR_TEXT_OCTETS];

	local.audio = (struct media_audio){.ncodecs = 1, .codecs = {CODEC_PCMA}, .telephone_event_pt = -1};
	addr_parse(&local.audio.addr, "192.0.2.1:4000", 0);
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_true(sdp_write(&answer, text, sizeof(text)) > 0);
	assert_null(strstr(text, "rtcp"));
	assert_string_equal(addr_print(&agreed.audio.rtcp, where), "192.0.2.9:7001");
}

/* An answer says it too; and a re-INVITE that changes nothing but that is no refresh. */
static void test_answer_and_change(void **state)
{
	struct sdp answer = sdp_of(AUDIO "a=rtcp:53020\r\n"), before = sdp_of(AUDIO), offer;
	struct media_desc local = {.has_audio = true}, agreed;
	char where[ADDR_TEXT_OCTETS];

	local.audio = (struct media_audio){.ncodecs = 1, .codecs = {CODEC_PCMA}, .telephone_event_pt = -1};
	addr_parse(&local.audio.addr, "192.0.2.1:4000", 0);
	offer_make(&local, NULL, &offer);
	assert_null(offer_result(&offer, &answer, &agreed));
	assert_string_equal(addr_print(&agreed.audio.rtcp, where), "192.0.2.9:53020");
	assert_false(offer_same(&before, &answer));
	assert_true(offer_same(&answer, &answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_mux_is_declined),
		cmocka_unit_test(test_answer_and_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
