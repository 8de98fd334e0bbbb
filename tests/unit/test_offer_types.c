/* SPDX-License-Identifier: GPL-2.0-only */
/* Payload types in offer and answer, as text: G.711 on other types than the static ones, telephone events numbered
 * differently on both sides, voice-band data (V.152). And why an offer has nothing for us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/sdp/offer.h"

#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

static struct media_desc ours(bool vbd)
{
	struct media_desc m = {.has_audio = true};

	m.audio = (struct media_audio){.ncodecs = 2,
				       .codecs = {CODEC_PCMA, CODEC_PCMU},
				       .telephone_event_pt = 101,
				       .ptime_ms = 20,
				       .vbd = vbd,
				       .vbd_codec = CODEC_PCMA,
				       .vbd_pt = 8};
	addr_parse(&m.audio.addr, "203.0.113.9", 40000);
	return m;
}

static struct sdp lines(const char *streams)
{
	char text[2000], why[120];
	const char *bad;
	struct sdp s;

	snprintf(text, sizeof(text), HEAD "%s", streams);
	bad = sdp_read(text, strlen(text), &s, why, sizeof(why));
	if (bad)
		fail_msg("%s in %s", bad, text);
	return s;
}

/* What S says from its m= line on. */
static const char *written(const struct sdp *s)
{
	static char text[SDP_TEXT_OCTETS];

	assert_true(sdp_write(s, text, sizeof(text)) > 0);
	return strstr(text, "m=");
}

static void expect_answer(const char *offered, bool vbd, const char *expected, struct media_desc *agreedp)
{
	struct media_desc local = ours(vbd);
	struct sdp offer = lines(offered), answer;

	assert_int_equal(offer_answer(&offer, &local, &answer, agreedp), 0);
	assert_string_equal(written(&answer), expected);
}

#define END "a=ptime:20\r\na=sendrecv\r\n"

static void test_answer_dynamic(void **state)
{
	struct media_desc agreed;

	expect_answer("m=audio 7000 RTP/AVP 96 97\r\na=rtpmap:96 PCMU/8000\r\na=rtpmap:97 telephone-event/8000\r\n",
		      false,
		      "m=audio 40000 RTP/AVP 96 97\r\na=rtpmap:96 PCMU/8000\r\na=rtpmap:97 telephone-event/8000\r\n"
		      "a=fmtp:97 0-15\r\n" END,
		      &agreed);
	assert_int_equal(media_audio_pt(&agreed.audio, CODEC_PCMU), 96);
	assert_int_equal(agreed.audio.telephone_event_pt, 97);
	assert_int_equal(agreed.audio.our_telephone_event_pt, 0);
}

static void test_answer_vbd(void **state)
{
	static const char beside[] = "m=audio 7000 RTP/AVP 18 8 98\r\na=rtpmap:98 PCMA/8000\r\na=gpmd:98 vbd=yes\r\n";
	struct media_desc agreed;

	expect_answer("m=audio 7000 RTP/AVP 8\r\na=gpmd:8 vbd=yes\r\n", true,
		      "m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=gpmd:8 vbd=yes\r\n" END, &agreed);
	assert_true(agreed.audio.vbd);
	assert_int_equal(agreed.audio.vbd_pt, 8);
	expect_answer(beside, true,
		      "m=audio 40000 RTP/AVP 8 98\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:98 PCMA/8000\r\n"
		      "a=gpmd:98 vbd=yes\r\n" END,
		      &agreed);
	assert_true(agreed.audio.vbd);
	assert_int_equal(agreed.audio.vbd_pt, 98);
	assert_int_equal(media_audio_pt(&agreed.audio, CODEC_PCMA), 8);
	/* not where we do not want it, nor where it was not offered */
	expect_answer(beside, false, "m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" END, &agreed);
	assert_false(agreed.audio.vbd);
	expect_answer("m=audio 7000 RTP/AVP 8\r\n", true, "m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n" END,
		      &agreed);
	assert_false(agreed.audio.vbd);
}

static void expect_result(bool vbd, const char *answered, struct media_desc *agreedp)
{
	struct media_desc local = ours(vbd);
	struct sdp offer, answer = lines(answered);

	offer_make(&local, NULL, &offer);
	if (vbd)
		assert_non_null(strstr(written(&offer), "a=gpmd:8 vbd=yes\r\n"));
	else
		assert_null(strstr(written(&offer), "gpmd"));
	assert_null(offer_result(&offer, &answer, agreedp));
}

static void test_result(void **state)
{
	struct media_desc m;

	/* the peer wants its events as 97, and will send us ours, 101 */
	expect_result(false, "m=audio 7000 RTP/AVP 8 97\r\na=rtpmap:97 telephone-event/8000\r\n", &m);
	assert_int_equal(m.audio.telephone_event_pt, 97);
	assert_int_equal(m.audio.our_telephone_event_pt, 101);
	expect_result(false, "m=audio 7000 RTP/AVP 96\r\na=rtpmap:96 PCMA/8000\r\n", &m);
	assert_int_equal(m.audio.codecs[0], CODEC_PCMA);
	assert_int_equal(media_audio_pt(&m.audio, CODEC_PCMA), 96);
	/* voice-band data is agreed where both have said it */
	expect_result(true, "m=audio 7000 RTP/AVP 8\r\na=gpmd:8 vbd=yes\r\n", &m);
	assert_true(m.audio.vbd);
	expect_result(true, "m=audio 7000 RTP/AVP 8\r\n", &m);
	assert_false(m.audio.vbd);
	expect_result(false, "m=audio 7000 RTP/AVP 8\r\na=gpmd:8 vbd=yes\r\n", &m);
	assert_false(m.audio.vbd);
	/* of a law that was not agreed */
	expect_result(true, "m=audio 7000 RTP/AVP 8 18\r\na=gpmd:18 vbd=yes\r\n", &m);
	assert_false(m.audio.vbd);
}

static void test_same(void **state)
{
	struct sdp a = lines("m=audio 7000 RTP/AVP 8\r\n"),
		   b = lines("m=audio 7000 RTP/AVP 96\r\na=rtpmap:96 PCMA/8000\r\n"),
		   c = lines("m=audio 7000 RTP/AVP 8\r\na=gpmd:8 vbd=yes\r\n");

	assert_true(offer_same(&a, &a) && offer_same(&b, &b) && offer_same(&c, &c));
	assert_false(offer_same(&a, &b));
	assert_false(offer_same(&a, &c));
}

static void test_faults(void **state)
{
	static const struct {
		const char *lines;
		unsigned code;
		const char *word;
	} cases[] = {
		{"m=audio 7000 RTP/AVP 18 4\r\n", 305, "G.711"},
		{"m=audio 7000 RTP/SAVP 8\r\n", 302, "SRTP"},
		{"m=audio 7000 rtp/savpf 8\r\n", 302, "SRTP"},
		{"m=audio 7000 UDP/TLS/RTP/SAVPF 8\r\n", 302, "SRTP"},
		{"m=audio 7000 RTP/AVPF 8\r\n", 302, "AVPF"},
		{"m=audio 7000 TCP/RTP/AVP 8\r\n", 302, "audio"},
		{"m=image 7000 TCP t38\r\n", 302, "T.38 over UDPTL"},
		{"m=image 7000 udptl t37\r\n", 302, "T.38 over UDPTL"},
		{"m=video 7000 RTP/AVP 34\r\n", 304, "audio and T.38"},
		{"m=audio 0 RTP/AVP 8\r\n", 304, "audio and T.38"},
		{"m=audio 7000 RTP/AVP 8\r\nc=IN IP4 fax.example\r\n", 301, "host name"},
		{"", 304, "audio and T.38"},
		/* what is nearest is told */
		{"m=video 7000 RTP/AVP 34\r\nm=audio 7002 RTP/SAVP 8\r\nm=image 0 udptl t38\r\n", 302, "SRTP"},
		{"m=audio 7002 RTP/SAVP 8\r\nm=audio 7004 RTP/AVP 18\r\n", 305, "G.711"},
	};
	static const char *const good[] = {
		"m=audio 7000 RTP/SAVP 8\r\nm=audio 7002 RTP/AVP 8\r\n",
		"m=audio 7000 RTP/AVP 18\r\nm=image 7002 udptl t38\r\n",
		"m=video 7000 RTP/AVP 34\r\nm=audio 7002 RTP/AVP 0\r\n",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sdp s = lines(cases[i].lines);
		const char *text = offer_fault(&s);

		if (!text || offer_fault_code(text) != cases[i].code || !strstr(text, cases[i].word))
			fail_msg("%s: %u %s", cases[i].lines, text ? offer_fault_code(text) : 0, text ? text : "good");
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct sdp s = lines(good[i]);

		assert_null(offer_fault(&s));
	}
	assert_int_equal(offer_fault_code("no common media"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_dynamic), cmocka_unit_test(test_answer_vbd), cmocka_unit_test(test_result),
		cmocka_unit_test(test_same),	       cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
