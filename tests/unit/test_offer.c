/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/sdp/offer.h"

#define DATA "tests/data/sdp/"
#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

/* What we can: PCMA and PCMU, telephone-event 101, T.38 version 0, 14400, 1400 octets, redundancy. */
static struct media_desc ours(bool audio, bool image)
{
	struct media_desc m = {.has_audio = audio, .has_image = image};

	m.audio = (struct media_audio){
		.ncodecs = 2, .codecs = {CODEC_PCMA, CODEC_PCMU}, .telephone_event_pt = 101, .ptime_ms = 20};
	m.image = (struct media_t38){.max_bit_rate = 14400,
				     .max_buffer_octets = 1800,
				     .max_datagram_octets = 1400,
				     .error_correction = T38_EC_REDUNDANCY};
	addr_parse(&m.audio.addr, "203.0.113.9", 40000);
	addr_parse(&m.image.addr, "203.0.113.9", 40002);
	return m;
}

static struct sdp parse(const char *text)
{
	struct sdp s;
	char why[120];
	const char *bad = sdp_read(text, strlen(text), &s, why, sizeof(why));

	if (bad)
		fail_msg("%s in %s", bad, text);
	return s;
}

static struct sdp lines(const char *streams)
{
	char text[2000];

	snprintf(text, sizeof(text), HEAD "%s", streams);
	return parse(text);
}

static struct sdp file(const char *name)
{
	char path[200], text[4000];
	FILE *f;

	snprintf(path, sizeof(path), DATA "%s.sdp", name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s: run the tests from the top folder", path);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return parse(text);
}

/* The streams as we would write them, without what stands above the first: what the peer gets to see. */
static const char *text_of(const struct sdp *s)
{
	static char text[SDP_TEXT_OCTETS];
	char *m;

	assert_true(sdp_write(s, text, sizeof(text)) > 0);
	m = strstr(text, "m=");
	return m ? m : "";
}

static const char *media_lines(const struct sdp *s)
{
	static char lines[SDP_TEXT_OCTETS];
	char text[SDP_TEXT_OCTETS], *save = NULL;

	snprintf(text, sizeof(text), "%s", text_of(s));
	lines[0] = '\0';
	for (char *l = strtok_r(text, "\r\n", &save); l; l = strtok_r(NULL, "\r\n", &save)) {
		if (strncmp(l, "m=", 2))
			continue;
		if (lines[0])
			strcat(lines, " | ");
		strcat(lines, l + 2);
	}
	return lines;
}

static const char *where(const struct addr *a)
{
	static char text[ADDR_TEXT_OCTETS];

	return addr_print(a, text);
}

#define OUR_IMAGE                                                                                                      \
	"m=image 40002 udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:14400\r\n"                                    \
	"a=T38FaxRateManagement:transferredTCF\r\na=T38FaxMaxBuffer:1800\r\na=T38FaxMaxDatagram:1400\r\n"              \
	"a=T38FaxUdpEC:t38UDPRedundancy\r\n"

/* Offers. */

static void test_make_first(void **state)
{
	struct media_desc audio = ours(true, false), image = ours(false, true), both = ours(true, true);
	struct sdp s;

	offer_make(&audio, NULL, &s);
	assert_string_equal(text_of(&s),
			    "m=audio 40000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
			    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"
			    "a=sendrecv\r\n");
	offer_make(&image, NULL, &s);
	assert_string_equal(text_of(&s), OUR_IMAGE);
	offer_make(&both, NULL, &s);
	assert_string_equal(media_lines(&s), "audio 40000 RTP/AVP 8 0 101 | image 40002 udptl t38");
}

/* Audio, then a fax, then audio again: one slot throughout. */
static void test_make_switch_and_back(void **state)
{
	struct media_desc audio = ours(true, false), image = ours(false, true);
	struct sdp first, second, third;

	offer_make(&audio, NULL, &first);
	offer_make(&image, &first, &second);
	assert_string_equal(media_lines(&second), "image 40002 udptl t38");
	offer_make(&audio, &second, &third);
	assert_string_equal(media_lines(&third), "audio 40000 RTP/AVP 8 0 101");
	assert_true(offer_same(&first, &third));
}

/* The slots of the peer's offer stay, in number and order. */
static void test_make_keeps_slots(void **state)
{
	struct media_desc audio = ours(true, false), image = ours(false, true), both = ours(true, true), agreed;
	struct sdp offer = file("sonus-both"), answer, s;

	assert_int_equal(offer_answer(&offer, &audio, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 8 0 101 | image 0 udptl t38");
	offer_make(&image, &answer, &s);
	assert_string_equal(media_lines(&s), "image 40002 udptl t38 | image 0 udptl t38");
	offer_make(&both, &answer, &s);
	assert_string_equal(media_lines(&s), "audio 40000 RTP/AVP 8 0 101 | image 40002 udptl t38");
	/* Audio was the fourth thing the peer wanted, and the only one he got. */
	offer = lines("m=video 7000 RTP/AVP 31\r\nm=audio 7002 RTP/SAVP 8\r\nm=application 7004 UDP/BFCP *\r\n"
		      "m=audio 7006 RTP/AVP 8\r\n");
	assert_int_equal(offer_answer(&offer, &audio, &answer, &agreed), 0);
	offer_make(&image, &answer, &s);
	assert_string_equal(media_lines(&s), "video 0 RTP/AVP 31 | audio 0 RTP/SAVP 8 | application 0 UDP/BFCP * | "
					     "image 40002 udptl t38");
	offer_make(&both, &answer, &s);
	assert_int_equal(s.nstreams, 5);
	assert_false(s.streams[3].declined || s.streams[4].declined);
}

/* A refresh: what is agreed, offered again, is the same streams in the same places, whoever offered first. */
static void test_make_refresh(void **state)
{
	static const char *const offers[] = {"ipv6-both-image-first", "sonus-both", "savp-video-audio", "asterisk-t38"};

	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		for (unsigned what = 1; what < 4; what++) {
			struct media_desc local = ours(what & 1, what & 2), agreed;
			struct sdp offer = file(offers[i]), answer, again;

			if (offer_answer(&offer, &local, &answer, &agreed))
				continue;
			offer_read(&answer, &local);
			offer_make(&local, &answer, &again);
			assert_true(offer_same(&answer, &again));
		}
	}
}

static void test_make_no_room(void **state)
{
	struct media_desc both = ours(true, true), image = ours(false, true);
	struct sdp s, previous = {.nstreams = SDP_MAX_STREAMS};

	for (unsigned i = 0; i < SDP_MAX_STREAMS; i++)
		previous.streams[i] = (struct sdp_stream){.kind = SDP_AUDIO, .declined = i != SDP_MAX_STREAMS - 1};
	offer_make(&both, &previous, &s);
	assert_int_equal(s.nstreams, SDP_MAX_STREAMS);
	assert_int_equal(s.streams[SDP_MAX_STREAMS - 2].kind, SDP_IMAGE);
	assert_int_equal(s.streams[SDP_MAX_STREAMS - 1].kind, SDP_AUDIO);
	assert_false(s.streams[SDP_MAX_STREAMS - 2].declined || s.streams[SDP_MAX_STREAMS - 1].declined);
	offer_make(&image, &previous, &s);
	assert_int_equal(s.nstreams, SDP_MAX_STREAMS);
	assert_int_equal(s.streams[SDP_MAX_STREAMS - 1].kind, SDP_IMAGE);
}

/* Reading. */

static void test_read(void **state)
{
	struct media_desc m;
	struct sdp s = file("ipv6-both-image-first");

	offer_read(&s, &m);
	assert_true(m.has_audio && m.has_image);
	assert_string_equal(where(&m.audio.addr), "[2001:db8::17]:49172");
	assert_string_equal(where(&m.image.addr), "[2001:db8::18]:49170");
	s = file("savp-video-audio");
	offer_read(&s, &m);
	assert_true(m.has_audio && !m.has_image);
	assert_string_equal(where(&m.audio.addr), "192.0.2.51:51376");
	assert_int_equal(m.audio.direction, MEDIA_SENDONLY);
	s = lines("m=audio 7000 RTP/AVP 18\r\nm=audio 0 RTP/AVP 8\r\nm=image 0 udptl t38\r\nm=image 7002 tcp t38\r\n");
	offer_read(&s, &m);
	assert_false(m.has_audio || m.has_image);
	assert_int_equal(m.audio.telephone_event_pt, -1);
	/* The first of each. */
	s = lines("m=audio 7000 RTP/AVP 18\r\nm=audio 7002 RTP/AVP 0\r\nm=audio 7004 RTP/AVP 8\r\nm=image 7006 udptl "
		  "t38\r\n"
		  "m=image 7008 udptl t38\r\n");
	offer_read(&s, &m);
	assert_int_equal(addr_port(&m.audio.addr), 7002);
	assert_int_equal(addr_port(&m.image.addr), 7006);
}

static void test_same(void **state)
{
	static const char *const one = "m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\n";
	static const char *const others[] = {
		"m=image 7002 udptl t38\r\na=T38FaxMaxDatagram:200\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:201\r\n",
		"m=image 7000 udptl t38\r\nc=IN IP4 192.0.2.2\r\na=T38FaxMaxDatagram:200\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38MaxBitRate:9600\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38FaxVersion:1\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38FaxUdpEC:t38UDPFEC\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38FaxMaxBuffer:1\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38FaxRateManagement:localTCF\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38FaxFillBitRemoval\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38FaxTranscodingMMR\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\na=T38FaxTranscodingJBIG\r\n",
		"m=image 0 udptl t38\r\n",
		"m=audio 7000 RTP/AVP 8\r\n",
		"m=image 7000 udptl t38\r\na=T38FaxMaxDatagram:200\r\nm=audio 0 RTP/AVP 8\r\n",
		"",
	};
	struct sdp a = lines(one), b = lines(one);

	strcpy(b.session_version, "2");
	assert_true(offer_same(&a, &b));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		b = lines(others[i]);
		assert_false(offer_same(&a, &b));
		assert_true(offer_same(&b, &b));
	}
	a = lines("m=audio 7000 RTP/AVP 8 0\r\n");
	b = lines("m=audio 7000 RTP/AVP 0 8\r\n");
	assert_false(offer_same(&a, &b));
	b = lines("m=audio 7000 RTP/AVP 8 0\r\na=sendonly\r\n");
	assert_false(offer_same(&a, &b));
	b = lines("m=audio 7000 RTP/AVP 8 0\r\na=ptime:30\r\n");
	assert_false(offer_same(&a, &b));
}

/* Answers. */

static void test_answer_audio(void **state)
{
	struct media_desc local = ours(true, false), agreed;
	struct sdp offer = file("freeswitch-audio"), answer;

	/* The offer's order, not ours. */
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 0 8 101");
	assert_int_equal(agreed.audio.codecs[0], CODEC_PCMU);
	assert_string_equal(where(&agreed.audio.addr), "198.51.100.20:23604");
	assert_true(agreed.has_audio && !agreed.has_image);
	/* The offer's payload type for telephone-event, and its ptime to send by. */
	offer = lines("m=audio 7000 RTP/AVP 18 8 96\r\na=rtpmap:96 telephone-event/8000\r\na=ptime:30\r\n");
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 8 96");
	assert_int_equal(agreed.audio.telephone_event_pt, 96);
	assert_int_equal(agreed.audio.ptime_ms, 30);
	assert_int_equal(answer.streams[0].audio.ptime_ms, 20);
	/* None if the offer has none, and none if we have none. */
	offer = lines("m=audio 7000 RTP/AVP 8\r\n");
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 8");
	local.audio.telephone_event_pt = -1;
	offer = file("asterisk-audio");
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 8");
	assert_int_equal(agreed.audio.telephone_event_pt, -1);
	/* Only the codecs both have. */
	local.audio.ncodecs = 1;
	offer = file("cisco-audio");
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 8");
	assert_int_equal(agreed.audio.ncodecs, 1);
}

static void test_answer_direction(void **state)
{
	static const struct {
		const char *offered;
		enum media_direction local, answered, agreed;
	} cases[] = {
		{"sendrecv", MEDIA_SENDRECV, MEDIA_SENDRECV, MEDIA_SENDRECV},
		{"sendonly", MEDIA_SENDRECV, MEDIA_RECVONLY, MEDIA_SENDONLY},
		{"recvonly", MEDIA_SENDRECV, MEDIA_SENDONLY, MEDIA_RECVONLY},
		{"inactive", MEDIA_SENDRECV, MEDIA_INACTIVE, MEDIA_INACTIVE},
		{"sendrecv", MEDIA_RECVONLY, MEDIA_RECVONLY, MEDIA_SENDONLY},
		{"sendonly", MEDIA_SENDONLY, MEDIA_INACTIVE, MEDIA_INACTIVE},
		{"recvonly", MEDIA_SENDONLY, MEDIA_SENDONLY, MEDIA_RECVONLY},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct media_desc local = ours(true, false), agreed;
		struct sdp offer, answer;
		char text[100];

		snprintf(text, sizeof(text), "m=audio 7000 RTP/AVP 8\r\na=%s\r\n", cases[i].offered);
		offer = lines(text);
		local.audio.direction = cases[i].local;
		assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
		assert_int_equal(answer.streams[0].audio.direction, cases[i].answered);
		assert_int_equal(agreed.audio.direction, cases[i].agreed);
	}
}

/* c=0.0.0.0 is a hold: we are told to be quiet, and say that we listen. */
static void test_answer_old_hold(void **state)
{
	struct media_desc local = ours(true, false), agreed;
	struct sdp offer = lines("m=audio 7000 RTP/AVP 8\r\nc=IN IP4 0.0.0.0\r\n"), answer;

	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_int_equal(answer.streams[0].audio.direction, MEDIA_RECVONLY);
	assert_int_equal(agreed.audio.direction, MEDIA_SENDONLY);
	assert_true(addr_is_any(&agreed.audio.addr));
}

static void test_answer_t38(void **state)
{
	struct media_desc local = ours(false, true), agreed;
	struct sdp offer = file("asterisk-t38-fec"), answer;

	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_string_equal(text_of(&answer), "m=image 40002 udptl t38\r\na=T38FaxVersion:0\r\na=T38MaxBitRate:9600\r\n"
					      "a=T38FaxRateManagement:transferredTCF\r\na=T38FaxMaxBuffer:1800\r\n"
					      "a=T38FaxMaxDatagram:1400\r\na=T38FaxUdpEC:t38UDPRedundancy\r\n");
	assert_true(agreed.has_image && !agreed.has_audio);
	assert_string_equal(where(&agreed.image.addr), "192.0.2.4:4571");
	assert_int_equal(agreed.image.max_bit_rate, 9600);
	assert_int_equal(agreed.image.max_datagram_octets, 849);
	assert_int_equal(agreed.image.max_buffer_octets, 0);
	assert_int_equal(agreed.image.error_correction, T38_EC_REDUNDANCY);
	assert_false(agreed.image.fill_bit_removal || agreed.image.transcoding_mmr || agreed.image.transcoding_jbig);
	/* With all of it on our side. */
	local.image.error_correction = T38_EC_FEC;
	local.image.fill_bit_removal = local.image.transcoding_mmr = local.image.transcoding_jbig = true;
	local.image.version = 3;
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_int_equal(agreed.image.error_correction, T38_EC_FEC);
	assert_int_equal(answer.streams[0].t38.error_correction, T38_EC_FEC);
	assert_true(agreed.image.fill_bit_removal && agreed.image.transcoding_mmr && agreed.image.transcoding_jbig);
	assert_int_equal(answer.streams[0].t38.version, 0);
	/* What the peer does not say he has not. */
	offer = file("sonus-t38");
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_int_equal(agreed.image.error_correction, T38_EC_REDUNDANCY);
	assert_int_equal(agreed.image.max_datagram_octets, 72);
	assert_false(answer.streams[0].t38.transcoding_mmr);
	/* His newer version, our rate. */
	local.image.version = 0;
	offer = file("dialogic-t38");
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_int_equal(agreed.image.version, 0);
	assert_int_equal(agreed.image.max_bit_rate, 14400);
	assert_string_equal(media_lines(&answer), "image 40002 UDPTL T38");
}

static void test_answer_local_tcf(void **state)
{
	struct media_desc local = ours(false, true), agreed;
	struct sdp offer = lines("m=image 7000 udptl t38\r\na=T38FaxRateManagement:localTCF\r\n"), answer;

	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_int_equal(answer.streams[0].t38.rate_management, T38_TRANSFERRED_TCF);
	local.image.rate_management = T38_LOCAL_TCF;
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_int_equal(answer.streams[0].t38.rate_management, T38_LOCAL_TCF);
	assert_int_equal(agreed.image.rate_management, T38_LOCAL_TCF);
	offer = lines("m=image 7000 udptl t38\r\n");
	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_int_equal(answer.streams[0].t38.rate_management, T38_TRANSFERRED_TCF);
}

/* It is never offered, but taken. */
static void test_taken_local_tcf(void **state)
{
	struct sdp local_tcf = lines("m=image 7000 udptl t38\r\na=T38FaxRateManagement:localTCF\r\n"), sdp;
	struct media_desc local = ours(false, true), agreed;

	for (unsigned takes = 0; takes < 2; takes++) {
		enum t38_rate_management expected = takes ? T38_LOCAL_TCF : T38_TRANSFERRED_TCF;

		local.image.takes_local_tcf = takes;
		assert_int_equal(offer_answer(&local_tcf, &local, &sdp, &agreed), 0);
		assert_int_equal(sdp.streams[0].t38.rate_management, expected);
		assert_int_equal(agreed.image.rate_management, expected);
		assert_true(agreed.image.said_local_tcf);
		offer_make(&local, NULL, &sdp);
		assert_int_equal(sdp.streams[0].t38.rate_management, T38_TRANSFERRED_TCF);
		assert_null(offer_result(&sdp, &local_tcf, &agreed));
		assert_int_equal(agreed.image.rate_management, expected);
		assert_true(agreed.image.said_local_tcf);
		assert_null(offer_result(&sdp, &sdp, &agreed));
		assert_int_equal(agreed.image.rate_management, T38_TRANSFERRED_TCF);
		assert_false(agreed.image.said_local_tcf);
	}
}

/* Audio and image in one offer, in either order. */
static void test_answer_both(void **state)
{
	struct media_desc audio = ours(true, false), image = ours(false, true), both = ours(true, true), agreed;
	struct sdp offer = file("sonus-both"), answer;

	assert_int_equal(offer_answer(&offer, &audio, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 8 0 101 | image 0 udptl t38");
	assert_int_equal(offer_answer(&offer, &image, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 0 RTP/AVP 8 0 101 | image 40002 udptl t38");
	assert_true(agreed.has_image && !agreed.has_audio);
	assert_int_equal(offer_answer(&offer, &both, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "audio 40000 RTP/AVP 8 0 101 | image 40002 udptl t38");
	assert_true(agreed.has_image && agreed.has_audio);
	offer = file("ipv6-both-image-first");
	assert_int_equal(offer_answer(&offer, &audio, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "image 0 udptl t38 | audio 40000 RTP/AVP 8");
	assert_int_equal(offer_answer(&offer, &image, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "image 40002 udptl t38 | audio 0 RTP/AVP 8");
	/* One of each is taken; one can be taken though the other was hoped for too. */
	offer = lines("m=image 7000 udptl t38\r\nm=image 7002 udptl t38\r\nm=audio 7004 RTP/AVP 18\r\nm=audio 7006 "
		      "RTP/AVP 0\r\n"
		      "m=audio 7008 RTP/AVP 8\r\n");
	assert_int_equal(offer_answer(&offer, &both, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer), "image 40002 udptl t38 | image 0 udptl t38 | audio 0 RTP/AVP 18 | "
						  "audio 40000 RTP/AVP 0 | audio 0 RTP/AVP 8");
}

static void test_answer_unknown_streams(void **state)
{
	struct media_desc local = ours(true, true), agreed;
	struct sdp offer = file("savp-video-audio"), answer;

	assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), 0);
	assert_string_equal(media_lines(&answer),
			    "video 0 RTP/AVP 31 | audio 0 RTP/SAVP 8 | audio 40000 RTP/AVP 8 96 | "
			    "application 0 UDP/BFCP *");
	assert_int_equal(answer.streams[2].audio.direction, MEDIA_RECVONLY);
}

static void test_answer_nothing_fits(void **state)
{
	static const char *const offers[] = {"",
					     "m=audio 7000 RTP/SAVP 8\r\n",
					     "m=audio 7000 RTP/AVP 18\r\n",
					     "m=audio 0 RTP/AVP 8\r\n",
					     "m=image 7000 udptl t38\r\n",
					     "m=video 7000 RTP/AVP 31\r\n"};
	struct media_desc local = ours(true, false), agreed = {.has_image = true};
	struct sdp answer = {.nstreams = 77};

	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		struct sdp offer = lines(offers[i]);

		assert_int_equal(offer_answer(&offer, &local, &answer, &agreed), ENOTSUP);
		assert_int_equal(answer.nstreams, 77);
		assert_true(agreed.has_image);
	}
}

/* A second T.38 re-INVITE with other parameters: the answer follows it, and so does what is agreed. */
static void test_answer_second_offer(void **state)
{
	struct media_desc local = ours(false, true), first, second;
	struct sdp offer = file("freeswitch-t38"), again = file("freeswitch-t38"), answer, changed;

	assert_int_equal(offer_answer(&offer, &local, &answer, &first), 0);
	assert_true(offer_same(&offer, &again));
	changed = lines("m=image 9000 udptl t38\r\na=T38MaxBitRate:7200\r\na=T38FaxMaxDatagram:176\r\n");
	assert_false(offer_same(&offer, &changed));
	assert_int_equal(offer_answer(&changed, &local, &answer, &second), 0);
	assert_int_equal(first.image.max_datagram_octets, 400);
	assert_int_equal(second.image.max_datagram_octets, 176);
	assert_int_equal(second.image.max_bit_rate, 7200);
	assert_int_equal(answer.streams[0].t38.max_bit_rate, 7200);
	assert_string_equal(where(&second.image.addr), "192.0.2.1:9000");
}

/* Results. */

static const char *result(bool audio, bool image, const char *answer, struct media_desc *agreedp)
{
	struct media_desc local = ours(audio, image);
	struct sdp offer, a = lines(answer);

	offer_make(&local, NULL, &offer);
	return offer_result(&offer, &a, agreedp);
}

static void test_result_accepted(void **state)
{
	struct media_desc m;

	assert_null(result(true, false,
			   "m=audio 7000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:10\r\n", &m));
	assert_true(m.has_audio && !m.has_image);
	assert_int_equal(m.audio.ncodecs, 2);
	assert_int_equal(m.audio.codecs[0], CODEC_PCMU);
	assert_int_equal(m.audio.telephone_event_pt, 101);
	assert_int_equal(m.audio.ptime_ms, 10);
	assert_null(result(false, true,
			   "m=image 7002 udptl t38\r\na=T38MaxBitRate:9600\r\na=T38FaxMaxDatagram:72\r\n"
			   "a=T38FaxUdpEC:t38UDPFEC\r\na=T38FaxTranscodingJBIG\r\na=T38FaxVersion:3\r\n",
			   &m));
	assert_true(m.has_image && !m.has_audio);
	assert_string_equal(where(&m.image.addr), "192.0.2.1:7002");
	assert_int_equal(m.image.max_bit_rate, 9600);
	assert_int_equal(m.image.max_datagram_octets, 72);
	assert_int_equal(m.image.error_correction, T38_EC_REDUNDANCY);
	assert_int_equal(m.image.version, 0);
	assert_false(m.image.transcoding_jbig);
	assert_null(result(true, true, "m=audio 7000 RTP/AVP 8\r\nm=image 7002 udptl t38\r\n", &m));
	assert_true(m.has_image && m.has_audio);
	assert_int_equal(m.audio.telephone_event_pt, -1);
}

static void test_result_declined(void **state)
{
	struct media_desc m;

	assert_null(result(false, true, "m=image 0 udptl t38\r\n", &m));
	assert_false(m.has_image || m.has_audio);
	assert_null(result(false, true, "m=image 0\r\n", &m));
	assert_false(m.has_image || m.has_audio);
	/* Declined as something else: still declined. */
	assert_null(result(false, true, "m=audio 0 RTP/AVP 8\r\n", &m));
	assert_false(m.has_image || m.has_audio);
	assert_null(result(true, true, "m=audio 0 RTP/AVP 19\r\nm=image 7002 udptl t38\r\n", &m));
	assert_true(m.has_image && !m.has_audio);
	assert_null(result(true, true, "m=audio 7000 RTP/AVP 8\r\nm=image 0 udptl t38\r\n", &m));
	assert_true(!m.has_image && m.has_audio);
}

static void test_result_number_of_streams(void **state)
{
	struct media_desc m = {.has_audio = true};

	/* The image left out is the image declined. */
	assert_null(result(true, true, "m=audio 7000 RTP/AVP 8\r\n", &m));
	assert_true(m.has_audio && !m.has_image);
	assert_null(result(false, true, "m=image 7000 udptl t38\r\nm=audio 0 RTP/AVP 8\r\n", &m));
	assert_true(m.has_image && !m.has_audio);
	assert_string_equal(result(false, true, "m=image 7000 udptl t38\r\nm=audio 7002 RTP/AVP 8\r\n", &m),
			    "the answer has more streams than the offer");
	/* The audio of before, declined, and the image behind it. */
	m = (struct media_desc){0};
	assert_null(result(false, true, "m=audio 0 RTP/AVP 8\r\nm=image 7000 udptl t38\r\n", &m));
	assert_true(m.has_image && !m.has_audio);
	assert_int_equal(addr_port(&m.image.addr), 7000);
	/* not where the image is declined, nor for what was not asked */
	assert_string_equal(result(false, true, "m=image 0 udptl t38\r\nm=image 7000 udptl t38\r\n", &m),
			    "the answer has more streams than the offer");
	assert_string_equal(result(false, true, "m=audio 0 RTP/AVP 8\r\nm=audio 7000 RTP/AVP 8\r\n", &m),
			    "the answer has more streams than the offer");
	assert_string_equal(result(true, false, "", &m), "the answer has no streams");
	assert_true(m.has_image && !m.has_audio);
}

static void test_result_bad(void **state)
{
	struct media_desc m = {.has_audio = true}, local = ours(false, true);
	struct sdp previous = lines("m=audio 7000 RTP/AVP 8\r\nm=video 0 RTP/AVP 31\r\n"), offer, answer;

	assert_string_equal(result(false, true, "m=audio 7000 RTP/AVP 8\r\n", &m),
			    "the answer changes a stream's kind");
	assert_string_equal(result(true, false, "m=image 7000 udptl t38\r\n", &m),
			    "the answer changes a stream's kind");
	assert_string_equal(result(false, true, "m=image 7000 udptl t38\r\nc=IN IP4 fax.example\r\n", &m),
			    "the answer's address is a host name");
	assert_string_equal(result(true, false, "m=audio 7000 RTP/SAVP 8\r\n", &m),
			    "the answer changes a stream's kind");
	assert_string_equal(result(true, false, "m=audio 7000 RTP/AVP 18\r\n", &m),
			    "the answer has no codec that was offered");
	offer_make(&local, &previous, &offer);
	answer = lines("m=image 7000 udptl t38\r\nm=video 7002 RTP/AVP 31\r\n");
	assert_string_equal(offer_result(&offer, &answer, &m), "the answer takes a stream that was not offered");
	assert_true(m.has_audio);
}

static void test_result_codecs(void **state)
{
	struct media_desc local = ours(true, false), m;
	struct sdp offer, answer = lines("m=audio 7000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n");

	/* We offered PCMA alone and no events: so that is all we may send. */
	local.audio.ncodecs = 1;
	local.audio.telephone_event_pt = -1;
	offer_make(&local, NULL, &offer);
	assert_null(offer_result(&offer, &answer, &m));
	assert_int_equal(m.audio.ncodecs, 1);
	assert_int_equal(m.audio.codecs[0], CODEC_PCMA);
	assert_int_equal(m.audio.telephone_event_pt, -1);
}

static void test_result_direction(void **state)
{
	struct media_desc m;

	assert_null(result(true, false, "m=audio 7000 RTP/AVP 8\r\na=recvonly\r\n", &m));
	assert_int_equal(m.audio.direction, MEDIA_RECVONLY);
	assert_null(result(true, false, "m=audio 7000 RTP/AVP 8\r\nc=IN IP4 0.0.0.0\r\n", &m));
	assert_int_equal(m.audio.direction, MEDIA_SENDONLY);
}

/* Both ends are ours: each agrees to what the other says. */
static void test_both_ends(void **state)
{
	struct media_desc a = ours(true, true), b = ours(true, true), at_a, at_b;
	struct sdp offer, answer;
	char text[SDP_TEXT_OCTETS];

	a.image.error_correction = T38_EC_FEC;
	b.image.max_bit_rate = 7200;
	b.image.max_datagram_octets = 300;
	addr_parse(&b.image.addr, "2001:db8::5", 5000);
	offer_make(&a, NULL, &offer);
	assert_true(sdp_write(&offer, text, sizeof(text)) > 0);
	offer = parse(text);
	assert_int_equal(offer_answer(&offer, &b, &answer, &at_b), 0);
	assert_true(sdp_write(&answer, text, sizeof(text)) > 0);
	answer = parse(text);
	assert_null(offer_result(&offer, &answer, &at_a));
	assert_int_equal(at_a.image.max_bit_rate, 7200);
	assert_int_equal(at_b.image.max_bit_rate, 7200);
	assert_int_equal(at_a.image.error_correction, at_b.image.error_correction);
	assert_int_equal(at_a.image.max_datagram_octets, 300);
	assert_int_equal(at_b.image.max_datagram_octets, 1400);
	assert_string_equal(where(&at_a.image.addr), "[2001:db8::5]:5000");
	assert_string_equal(where(&at_b.image.addr), "203.0.113.9:40002");
	assert_int_equal(at_a.audio.codecs[0], at_b.audio.codecs[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make_first),
		cmocka_unit_test(test_make_switch_and_back),
		cmocka_unit_test(test_make_keeps_slots),
		cmocka_unit_test(test_make_refresh),
		cmocka_unit_test(test_make_no_room),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_answer_audio),
		cmocka_unit_test(test_answer_direction),
		cmocka_unit_test(test_answer_old_hold),
		cmocka_unit_test(test_answer_t38),
		cmocka_unit_test(test_answer_local_tcf),
		cmocka_unit_test(test_taken_local_tcf),
		cmocka_unit_test(test_answer_both),
		cmocka_unit_test(test_answer_unknown_streams),
		cmocka_unit_test(test_answer_nothing_fits),
		cmocka_unit_test(test_answer_second_offer),
		cmocka_unit_test(test_result_accepted),
		cmocka_unit_test(test_result_declined),
		cmocka_unit_test(test_result_number_of_streams),
		cmocka_unit_test(test_result_bad),
		cmocka_unit_test(test_result_codecs),
		cmocka_unit_test(test_result_direction),
		cmocka_unit_test(test_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
