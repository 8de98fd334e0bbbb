/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "sip/sdp/sdp.h"

#define DATA	  "tests/data/sdp/"
#define TOP	  "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
#define HEAD	  TOP "c=IN IP4 192.0.2.1\r\n"
#define AUDIO	  "m=audio 6000 RTP/AVP 8 101\r\n"
#define IMAGE	  "m=image 6002 udptl t38\r\n"
#define HUGE_TEXT 65536

static char why[120];

static const char *read_text(const char *text, struct sdp *sp)
{
	char *copy = malloc(strlen(text));
	const char *bad;

	/* Without the NUL and on the heap, so that AddressSanitizer sees a read too far. */
	memcpy(copy, text, strlen(text));
	bad = sdp_read(copy, strlen(text), sp, why, sizeof(why));
	free(copy);
	return bad;
}

static struct sdp good(const char *text)
{
	struct sdp s = {0};
	const char *bad = read_text(text, &s);

	if (bad)
		fail_msg("%s in %s", bad, text);
	return s;
}

static void assert_bad(const char *text, const char *expected)
{
	struct sdp s = {.nstreams = 77};
	const char *bad = read_text(text, &s);

	assert_non_null(bad);
	assert_string_equal(bad, expected);
	assert_int_equal(s.nstreams, 77);
}

/* One image stream with LINES under it. */
static struct media_t38 image_with(const char *lines)
{
	char text[1024];
	struct sdp s;

	snprintf(text, sizeof(text), HEAD IMAGE "%s", lines);
	s = good(text);
	assert_int_equal(s.nstreams, 1);
	assert_int_equal(s.streams[0].kind, SDP_IMAGE);
	return s.streams[0].t38;
}

static struct media_audio audio_with(const char *lines)
{
	char text[1024];
	struct sdp s;

	snprintf(text, sizeof(text), HEAD "%s", lines);
	s = good(text);
	assert_int_equal(s.streams[0].kind, SDP_AUDIO);
	return s.streams[0].audio;
}

static const char *addr_text(const struct addr *a)
{
	static char text[ADDR_TEXT_OCTETS];

	return addr_print(a, text);
}

static size_t load(const char *name, char *text, size_t room)
{
	char path[200];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), DATA "%s", name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s: run the tests from the top folder", path);
	len = fread(text, 1, room - 1, f);
	fclose(f);
	text[len] = '\0';
	return len;
}

/* Real devices. */

struct vendor {
	const char *file, *id, *version;
	const char *kinds; /* of the streams: a i o, in capitals: declined */
	const char *audio; /* address, codecs, telephone-event, ptime of the first audio stream */
	const char *image; /* address, version, rate, buffer, datagram, correction, booleans of the first image */
};

static const struct vendor vendors[] = {
	{"asterisk-audio", "1480081247", "1480081247", "a", "192.0.2.4:17166 PCMA 101 20", NULL},
	{"asterisk-t38", "1480081247", "1480081250", "i", NULL, "192.0.2.4:4292 v0 14400 0 1400 redundancy ---"},
	{"asterisk-t38-fec", "1821441466", "1821441467", "i", NULL, "192.0.2.4:4571 v0 9600 0 849 fec fmj"},
	{"freeswitch-audio", "1387543122", "1387543123", "a", "198.51.100.20:23604 PCMU PCMA 101 20", NULL},
	{"freeswitch-t38", "1387543122", "1387543125", "i", NULL,
	 "198.51.100.20:23604 v0 14400 2000 400 redundancy fmj"},
	{"freeswitch-answer-both", "1387543122", "1387543124", "Ai", NULL,
	 "198.51.100.20:23608 v0 14400 2000 400 redundancy ---"},
	{"cisco-audio", "4821", "1267", "a", "203.0.113.7:18770 PCMA PCMU 101 20", NULL},
	{"cisco-t38", "4821", "1268", "i", NULL, "203.0.113.7:18770 v0 14400 200 320 redundancy ---"},
	{"cisco-t38-capability", "4821", "1267", "a", "203.0.113.7:18770 PCMA 101 20", NULL},
	{"audiocodes-audio", "1732405198", "1732405019", "a", "10.33.6.101:6010 PCMA 96 20", NULL},
	{"audiocodes-t38", "1732405198", "1732405020", "i", NULL, "10.33.6.101:6012 v0 14400 1024 122 redundancy ---"},
	{"sonus-t38", "15612", "20987", "i", NULL, "172.16.30.12:7136 v0 14400 1800 72 redundancy ---"},
	{"sonus-both", "15612", "20986", "ai", "172.16.30.12:7134 PCMA PCMU 101 0",
	 "172.16.30.12:7136 v0 14400 0 0 redundancy ---"},
	{"zoiper-audio", "0", "0", "a", "192.168.1.33:8000 PCMU PCMA 101 0", NULL},
	{"zoiper-t38", "0", "1", "i", NULL, "192.168.1.33:8002 v0 9600 1024 238 fec ---"},
	{"mediatrix-t38", "0", "2", "i", NULL, "192.0.2.77:4884 v0 14400 262 176 redundancy f--"},
	{"patton-t38", "21", "3", "i", NULL, "192.0.2.78:5078 v0 14400 0 0 redundancy f--"},
	{"dialogic-t38", "1", "2", "i", NULL, "198.51.100.61:57344 v3 33600 400 400 redundancy ---"},
	{"ipv6-both-image-first", "20518", "0", "ia", "[2001:db8::17]:49172 PCMA -1 0",
	 "[2001:db8::18]:49170 v0 14400 0 0 redundancy ---"},
	{"imss-t38-bare", "191", "1228500780", "i", NULL, "198.51.100.101:15580 v0 14400 0 0 redundancy ---"},
	{"arcor-audio", "754582487", "2", "a", "192.0.2.219:5002 PCMA -1 20", NULL},
	{"savp-video-audio", "2890844526", "2890844526", "ooao", "192.0.2.51:51376 PCMA 96 0", NULL},
};

static void describe_audio(const struct media_audio *a, char *text, size_t room)
{
	size_t n = (size_t)snprintf(text, room, "%s", addr_text(&a->addr));

	for (unsigned i = 0; i < a->ncodecs; i++)
		n += (size_t)snprintf(text + n, room - n, " %s", media_codec_name(a->codecs[i]));
	snprintf(text + n, room - n, " %d %u", a->telephone_event_pt, a->ptime_ms);
}

static void describe_image(const struct media_t38 *t, char *text, size_t room)
{
	snprintf(text, room, "%s v%u %u %u %u %s %c%c%c", addr_text(&t->addr), t->version, t->max_bit_rate,
		 t->max_buffer_octets, t->max_datagram_octets, t38_error_correction_name(t->error_correction),
		 t->fill_bit_removal ? 'f' : '-', t->transcoding_mmr ? 'm' : '-', t->transcoding_jbig ? 'j' : '-');
}

static const struct sdp_stream *stream_of(const struct sdp *s, enum sdp_kind kind)
{
	for (unsigned i = 0; i < s->nstreams; i++)
		if (s->streams[i].kind == kind && !s->streams[i].declined)
			return &s->streams[i];
	fail_msg("no such stream");
	return NULL;
}

static void check_vendor(const struct vendor *v, const struct sdp *s)
{
	char text[200], kinds[SDP_MAX_STREAMS + 1] = "";

	assert_string_equal(s->session_id, v->id);
	assert_string_equal(s->session_version, v->version);
	for (unsigned i = 0; i < s->nstreams; i++)
		kinds[i] = "aioAIO"[s->streams[i].kind + (s->streams[i].declined ? 3 : 0)];
	assert_string_equal(kinds, v->kinds);
	if (v->audio) {
		describe_audio(&stream_of(s, SDP_AUDIO)->audio, text, sizeof(text));
		assert_string_equal(text, v->audio);
	}
	if (v->image) {
		describe_image(&stream_of(s, SDP_IMAGE)->t38, text, sizeof(text));
		assert_string_equal(text, v->image);
		assert_int_equal(stream_of(s, SDP_IMAGE)->t38.rate_management, T38_TRANSFERRED_TCF);
	}
}

static void test_vendors(void **state)
{
	char name[80], text[2000];

	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
		struct sdp s;

		print_message("%s\n", vendors[i].file);
		snprintf(name, sizeof(name), "%s.sdp", vendors[i].file);
		load(name, text, sizeof(text));
		s = good(text);
		check_vendor(&vendors[i], &s);
	}
}

/* What we write of a vendor's SDP says the same again, and is stable; with LF alone it reads the same. */
static void test_vendors_round_trip(void **state)
{
	char name[80], text[2000], once[SDP_TEXT_OCTETS], twice[SDP_TEXT_OCTETS];
	char *to;

	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
		struct vendor v = vendors[i];
		struct sdp s;
		size_t len;

		snprintf(name, sizeof(name), "%s.sdp", v.file);
		load(name, text, sizeof(text));
		to = text;
		for (char *c = text; *c; c++)
			if (*c != '\r')
				*to++ = *c;
		*to = '\0';
		s = good(text);
		check_vendor(&v, &s);
		len = sdp_write(&s, once, sizeof(once));
		assert_true(len > 0);
		assert_int_equal(len, strlen(once));
		s = good(once);
		if (!strcmp(v.kinds, "ooao"))
			v.kinds = "OOaO";
		check_vendor(&v, &s);
		assert_true(sdp_write(&s, twice, sizeof(twice)) > 0);
		assert_string_equal(once, twice);
	}
}

/* The parser tests of oSIP: what we refuse, and why; and where the address is a name. */
static void test_osip(void **state)
{
	static const char *const expected[16] = {
		[0] = "line 6: c= has no unicast address in numbers: \"IN IP4 224.2.0.1/127\"",
		[4] = "line 5: m= has no port from 0 to 65535: \"audio 492170 RTP/AVP 0 12\"",
		[5] = "line 6: m= has no port from 0 to 65535: \"audio 492170 RTP/AVP 0 12\"",
		[7] = "line 6: m= has no port from 0 to 65535: \"audio 492170 RTP/AVP 0 12\"",
	};
	static const bool named[16] = {[1] = true, [2] = true, [6] = true, [12] = true, [15] = true};
	static const unsigned streams[16] = {[1] = 1, [2] = 2,	[6] = 1,  [12] = 1, [15] = 1, [3] = 2,
					     [9] = 1, [10] = 1, [11] = 1, [13] = 1, [14] = 4};
	char name[80], text[2000];

	for (unsigned i = 0; i < 16; i++) {
		struct sdp s = {0};
		const char *bad;

		snprintf(name, sizeof(name), "osip/sdp%u", i);
		load(name, text, sizeof(text));
		bad = read_text(text, &s);
		if (expected[i]) {
			assert_non_null(bad);
			assert_string_equal(bad, expected[i]);
			continue;
		}
		if (bad)
			fail_msg("%s: %s", name, bad);
		assert_int_equal(s.nstreams, streams[i]);
		assert_int_equal(s.nstreams && s.streams[0].named, named[i]);
	}
}

/* T.38 attributes, one by one. */

static void test_t38_defaults(void **state)
{
	struct media_t38 t = image_with("");
	char text[200];

	describe_image(&t, text, sizeof(text));
	assert_string_equal(text, "192.0.2.1:6002 v0 14400 0 0 redundancy ---");
	assert_int_equal(t.rate_management, T38_TRANSFERRED_TCF);
}

static void test_t38_version(void **state)
{
	assert_int_equal(image_with("a=T38FaxVersion:3\r\n").version, 3);
	assert_int_equal(image_with("a=t38faxversion:2\r\n").version, 2);
	assert_int_equal(image_with("a=T38FaxVersion: 1 \r\n").version, 1);
	assert_int_equal(image_with("a=T38FaxVersion:7\r\n").version, 7);
	assert_int_equal(image_with("a=T38FaxVersion:8\r\n").version, 0);
	assert_int_equal(image_with("a=T38FaxVersion:-1\r\n").version, 0);
	assert_int_equal(image_with("a=T38FaxVersion:\r\n").version, 0);
	assert_int_equal(image_with("a=T38FaxVersion\r\n").version, 0);
	assert_int_equal(image_with("a=T38FaxVersion:x\r\n").version, 0);
	assert_int_equal(image_with("a=T38FaxVersion:4294967297\r\n").version, 0);
	assert_int_equal(image_with("a=T38FaxVersion:18446744073709551617\r\n").version, 0);
}

static void test_t38_bit_rate(void **state)
{
	assert_int_equal(image_with("a=T38MaxBitRate:9600\r\n").max_bit_rate, 9600);
	assert_int_equal(image_with("a=T38maxBitRate:2400\r\n").max_bit_rate, 2400);
	assert_int_equal(image_with("a=T38MaxBitRate:33600\r\n").max_bit_rate, 33600);
	assert_int_equal(image_with("a=T38MaxBitRate:64000\r\n").max_bit_rate, 33600);
	assert_int_equal(image_with("a=T38MaxBitRate:14399\r\n").max_bit_rate, 12000);
	assert_int_equal(image_with("a=T38MaxBitRate:0\r\n").max_bit_rate, 14400);
	assert_int_equal(image_with("a=T38MaxBitRate:144\r\n").max_bit_rate, 14400);
	assert_int_equal(image_with("a=T38MaxBitRate:-9600\r\n").max_bit_rate, 14400);
	assert_int_equal(image_with("a=T38MaxBitRate:abc\r\n").max_bit_rate, 14400);
	assert_int_equal(image_with("a=T38MaxBitRate:\r\n").max_bit_rate, 14400);
	assert_int_equal(image_with("a=T38MaxBitRate:99999999999999999999999\r\n").max_bit_rate, 33600);
}

static void test_t38_rate_management(void **state)
{
	assert_int_equal(image_with("a=T38FaxRateManagement:localTCF\r\n").rate_management, T38_LOCAL_TCF);
	assert_int_equal(image_with("a=t38faxratemanagement:LOCALTCF\r\n").rate_management, T38_LOCAL_TCF);
	assert_int_equal(image_with("a=T38FaxRateManagement:transferredTCF\r\n").rate_management, T38_TRANSFERRED_TCF);
	assert_int_equal(image_with("a=T38FaxRateManagement:transferedTCF\r\n").rate_management, T38_TRANSFERRED_TCF);
	assert_int_equal(image_with("a=T38FaxRateManagement:\r\n").rate_management, T38_TRANSFERRED_TCF);
	assert_int_equal(image_with("a=T38FaxRateManagement:loc\r\n").rate_management, T38_TRANSFERRED_TCF);
}

static void test_t38_sizes(void **state)
{
	assert_int_equal(image_with("a=T38FaxMaxBuffer:72\r\n").max_buffer_octets, 72);
	assert_int_equal(image_with("a=T38FaxMaxBuffer:-5\r\n").max_buffer_octets, 0);
	assert_int_equal(image_with("a=T38FaxMaxBuffer:\r\n").max_buffer_octets, 0);
	assert_int_equal(image_with("a=T38FaxMaxBuffer:70000\r\n").max_buffer_octets, 65535);
	assert_int_equal(image_with("a=T38FaxMaxDatagram:72\r\n").max_datagram_octets, 72);
	assert_int_equal(image_with("a=t38faxMAXdatagram:1400\r\n").max_datagram_octets, 1400);
	assert_int_equal(image_with("a=T38FaxMaxDatagram:0\r\n").max_datagram_octets, 0);
	assert_int_equal(image_with("a=T38FaxMaxDatagram:-1\r\n").max_datagram_octets, 0);
	assert_int_equal(image_with("a=T38FaxMaxDatagram:4294967295999\r\n").max_datagram_octets, 65535);
	assert_int_equal(image_with("a=T38FaxMaxDatagram:1e3\r\n").max_datagram_octets, 0);
}

static void test_t38_error_correction(void **state)
{
	assert_int_equal(image_with("a=T38FaxUdpEC:t38UDPFEC\r\n").error_correction, T38_EC_FEC);
	assert_int_equal(image_with("a=T38FaxUDPEC:t38udpfec\r\n").error_correction, T38_EC_FEC);
	assert_int_equal(image_with("a=T38FaxUdpEC:t38UDPRedundancy\r\n").error_correction, T38_EC_REDUNDANCY);
	assert_int_equal(image_with("a=T38FaxUdpEC:t38UDPNoEC\r\n").error_correction, T38_EC_NONE);
	assert_int_equal(image_with("a=T38FaxUdpEC:\r\n").error_correction, T38_EC_REDUNDANCY);
	assert_int_equal(image_with("a=T38FaxUdpEC:t38UDPFECx\r\n").error_correction, T38_EC_REDUNDANCY);
}

static void test_t38_booleans(void **state)
{
	assert_true(image_with("a=T38FaxFillBitRemoval\r\n").fill_bit_removal);
	assert_true(image_with("a=T38FaxFillBitRemoval:1\r\n").fill_bit_removal);
	assert_true(image_with("a=T38FaxFillBitRemoval:\r\n").fill_bit_removal);
	assert_true(image_with("a=t38faxfillbitremoval:TRUE\r\n").fill_bit_removal);
	assert_false(image_with("a=T38FaxFillBitRemoval:0\r\n").fill_bit_removal);
	assert_false(image_with("a=T38FaxFillBitRemoval:-1\r\n").fill_bit_removal);
	assert_false(image_with("a=T38FaxFillBitRemoval:maybe\r\n").fill_bit_removal);
	assert_false(image_with("").fill_bit_removal);
	assert_true(image_with("a=T38FaxTranscodingMMR\r\n").transcoding_mmr);
	assert_false(image_with("a=T38FaxTranscodingMMR:0\r\n").transcoding_mmr);
	assert_true(image_with("a=T38FaxTranscodingJBIG:1\r\n").transcoding_jbig);
	assert_false(image_with("a=T38FaxTranscodingJBIG:0\r\n").transcoding_jbig);
	assert_false(image_with("a=T38FaxTranscodingMMR\r\n").transcoding_jbig);
}

/* As many formats as there is room for cost no more time than as many octets of anything else. */
static void test_many_formats(void **state)
{
	char *text = malloc(HUGE_TEXT + 500), *at = text;
	clock_t begin;
	struct sdp s;

	at += sprintf(at, HEAD "m=audio 7000 RTP/AVP 8");
	while (at < text + HUGE_TEXT)
		at = stpcpy(at, " 98");
	stpcpy(at, "\r\na=rtpmap:98 PCMA/8000\r\na=gpmd:98 vbd=yes\r\n");
	begin = clock();
	s = good(text);
	assert_true(clock() - begin < CLOCKS_PER_SEC / 2);
	assert_true(s.streams[0].audio.vbd && s.streams[0].audio.vbd_pt == 98 && s.streams[0].audio.ncodecs == 1);
	free(text);
}

/* A value of 64 KB under each attribute: nothing breaks, the default stands. */
static void test_t38_huge_values(void **state)
{
	static const char *const names[] = {"T38FaxVersion",
					    "T38MaxBitRate",
					    "T38FaxRateManagement",
					    "T38FaxMaxBuffer",
					    "T38FaxMaxDatagram",
					    "T38FaxUdpEC",
					    "T38FaxFillBitRemoval",
					    "T38FaxTranscodingMMR",
					    "T38FaxTranscodingJBIG",
					    "rtpmap",
					    "ptime",
					    "T38FaxUnheardOf"};
	char *text = malloc(HUGE_TEXT + 500);
	char described[200];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int n = sprintf(text, HEAD IMAGE "a=%s:", names[i]);
		struct sdp s;

		memset(text + n, 'x', HUGE_TEXT);
		strcpy(text + n + HUGE_TEXT, "\r\na=T38FaxMaxDatagram:200\r\n");
		s = good(text);
		describe_image(&s.streams[0].t38, described, sizeof(described));
		assert_string_equal(described, "192.0.2.1:6002 v0 14400 0 200 redundancy ---");
		memset(text + n, '9', HUGE_TEXT);
		s = good(text);
		assert_true(s.streams[0].t38.version == 0 && s.streams[0].t38.max_bit_rate <= 33600);
	}
	free(text);
}

/* The m= line. */

static void test_media_line(void **state)
{
	struct sdp s = good(HEAD "m=image 6002 UDPTL T38\r\n");

	assert_int_equal(s.streams[0].kind, SDP_IMAGE);
	assert_string_equal(s.streams[0].transport, "UDPTL");
	assert_string_equal(s.streams[0].formats, "T38");
	s = good(HEAD "m=image 0\r\n");
	assert_int_equal(s.streams[0].kind, SDP_IMAGE);
	assert_true(s.streams[0].declined);
	assert_string_equal(s.streams[0].formats, "t38");
	s = good(TOP "m=image 0 udptl t38\r\nm=audio 0\r\nm=video 0 RTP/AVP 31\r\n");
	assert_int_equal(s.nstreams, 3);
	assert_true(s.streams[0].declined && s.streams[1].declined && s.streams[2].declined);
	s = good(HEAD
		 "m=image 6002 tcp t38\r\nm=image 6004 RTP/AVP 98\r\na=rtpmap:98 t38/8000\r\nm=image 6006 udptl x\r\n");
	assert_int_equal(s.streams[0].kind, SDP_OTHER);
	assert_int_equal(s.streams[1].kind, SDP_OTHER);
	assert_int_equal(s.streams[2].kind, SDP_OTHER);
	s = good(HEAD "m=audio  6000/2   rtp/avp   0  8 \r\n");
	assert_int_equal(addr_port(&s.streams[0].audio.addr), 6000);
	assert_int_equal(s.streams[0].audio.ncodecs, 2);
	assert_string_equal(s.streams[0].formats, "0 8");
	s = good(HEAD "m=audio 65535 RTP/AVP 8\r\n");
	assert_int_equal(addr_port(&s.streams[0].audio.addr), 65535);
}

static void test_media_line_bad(void **state)
{
	assert_bad(HEAD "m=image 99999 udptl t38\r\n",
		   "line 6: m= has no port from 0 to 65535: \"image 99999 udptl t38\"");
	assert_bad(HEAD "m=image -1 udptl t38\r\n", "line 6: m= has no port from 0 to 65535: \"image -1 udptl t38\"");
	assert_bad(HEAD "m=image $ udptl t38\r\n", "line 6: m= has no port from 0 to 65535: \"image $ udptl t38\"");
	assert_bad(HEAD "m=image\r\n", "line 6: m= has no port from 0 to 65535: \"image\"");
	assert_bad(HEAD "m=\r\n", "line 6: m= has no port from 0 to 65535");
	assert_bad(HEAD "m=image 6002\r\n", "line 6: m= is not \"media port transport formats\": \"image 6002\"");
	assert_bad(HEAD "m=image 6002 udptl\r\n",
		   "line 6: m= is not \"media port transport formats\": \"image 6002 udptl\"");
	assert_bad(HEAD "m=im\x01ge 6002 udptl t38\r\n",
		   "line 6: m= is not \"media port transport formats\": \"im?ge 6002 udptl t38\"");
	assert_bad(HEAD "m=audio 6002 RTP/AVP 8 \xff\r\n",
		   "line 6: m= has a format of unprintable characters: \"audio 6002 RTP/AVP 8 ?\"");
}

static void test_media_line_long(void **state)
{
	char *text = malloc(HUGE_TEXT * 4);
	struct sdp s;
	int n;

	/* Formats are cut between two of them; codecs behind the cut are still seen. */
	n = sprintf(text, HEAD "m=audio 6000 RTP/AVP");
	for (int i = 0; i < 100; i++)
		n += sprintf(text + n, " %d", 1000 + i);
	sprintf(text + n, " 8 101\r\na=rtpmap:101 telephone-event/8000\r\n");
	s = good(text);
	assert_int_equal(strlen(s.streams[0].formats), 124);
	assert_string_equal(s.streams[0].formats + 115, "1023 1024");
	assert_int_equal(s.streams[0].audio.ncodecs, 1);
	assert_int_equal(s.streams[0].audio.telephone_event_pt, 101);
	/* One that is too long by itself is cut. */
	n = sprintf(text, HEAD "m=audio 6000 RTP/AVP ");
	memset(text + n, '7', HUGE_TEXT);
	strcpy(text + n + HUGE_TEXT, "\r\n");
	s = good(text);
	assert_int_equal(strlen(s.streams[0].formats), 127);
	assert_int_equal(s.streams[0].audio.ncodecs, 0);
	n = sprintf(text, HEAD "m=");
	memset(text + n, 'a', HUGE_TEXT);
	n += HUGE_TEXT;
	n += sprintf(text + n, " 6000 ");
	memset(text + n, 'b', HUGE_TEXT);
	strcpy(text + n + HUGE_TEXT, " 8\r\n");
	s = good(text);
	assert_int_equal(s.streams[0].kind, SDP_OTHER);
	assert_int_equal(strlen(s.streams[0].media), 15);
	assert_int_equal(strlen(s.streams[0].transport), 23);
	free(text);
}

static void test_many_streams(void **state)
{
	char text[4000];
	int n = sprintf(text, HEAD);
	struct sdp s;

	for (int i = 0; i < SDP_MAX_STREAMS; i++)
		n += sprintf(text + n, "m=video %d RTP/AVP 31\r\n", 7000 + i);
	s = good(text);
	assert_int_equal(s.nstreams, SDP_MAX_STREAMS);
	sprintf(text + n, AUDIO);
	assert_bad(text, "line 14: too many streams");
}

/* c= and o=. */

static void test_connection(void **state)
{
	struct sdp s = good(TOP AUDIO "c=IN IP4 192.0.2.9/127\r\n" IMAGE "c=in ip6 2001:DB8::1\r\n");

	assert_string_equal(addr_text(&s.streams[0].audio.addr), "192.0.2.9:6000");
	assert_string_equal(addr_text(&s.streams[1].t38.addr), "[2001:db8::1]:6002");
	/* The session's is not touched by a stream's own. */
	s = good(HEAD AUDIO "c=IN IP4 192.0.2.9\r\n" IMAGE);
	assert_string_equal(addr_text(&s.streams[1].t38.addr), "192.0.2.1:6002");
	s = good(HEAD AUDIO "c=IN IP4 192.0.2.9\r\nc=IN IP4 192.0.2.10\r\n");
	assert_string_equal(addr_text(&s.streams[0].audio.addr), "192.0.2.9:6000");
	/* Only who needs it must have one. */
	s = good(TOP "m=video 7000 RTP/AVP 31\r\n" IMAGE "c=IN IP4 192.0.2.9\r\n");
	assert_string_equal(addr_text(&s.streams[1].t38.addr), "192.0.2.9:6002");
}

/* A host's name is well-formed (RFC 4566 5.7): the stream is declined in its place, and the others are not. */
static void test_connection_named(void **state)
{
	struct sdp s = good(TOP "c=IN IP4 fax.example.com\r\n" AUDIO IMAGE "c=IN IP4 192.0.2.9\r\n");

	assert_int_equal(s.nstreams, 2);
	assert_int_equal(s.streams[0].kind, SDP_OTHER);
	assert_true(s.streams[0].named);
	assert_false(s.streams[0].declined);
	assert_string_equal(s.streams[0].media, "audio");
	assert_int_equal(s.streams[1].kind, SDP_IMAGE);
	assert_false(s.streams[1].named);
	assert_string_equal(addr_text(&s.streams[1].t38.addr), "192.0.2.9:6002");
	s = good(HEAD AUDIO "c=IN IP6 localhost\r\n" IMAGE);
	assert_true(s.streams[0].named);
	assert_false(s.streams[1].named);
	assert_string_equal(addr_text(&s.streams[1].t38.addr), "192.0.2.1:6002");
	/* nobody needs it */
	s = good(TOP "c=IN IP4 fax.example.com\r\nm=audio 0 RTP/AVP 8\r\n");
	assert_false(s.streams[0].named);
}

static void test_connection_bad(void **state)
{
	assert_bad(TOP AUDIO, "line 5: neither this stream nor the session has a c= line");
	assert_bad(TOP AUDIO IMAGE "c=IN IP4 192.0.2.9\r\n",
		   "line 5: neither this stream nor the session has a c= line");
	assert_bad(TOP "c=IN IP4 fax.example.999\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP4 fax.example.999\"");
	assert_bad(TOP "c=IN IP4 fax_example.com\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP4 fax_example.com\"");
	assert_bad(TOP "c=IN IP5 fax.example.com\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP5 fax.example.com\"");
	assert_bad(TOP "c=IN IP4 2001:db8::1\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP4 2001:db8::1\"");
	assert_bad(TOP "c=IN IP6 192.0.2.1\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP6 192.0.2.1\"");
	assert_bad(TOP "c=IN IP5 192.0.2.1\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP5 192.0.2.1\"");
	assert_bad(TOP "c=IN IP6 ff02::1\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP6 ff02::1\"");
	assert_bad(TOP "c=IN IP4 192.0.2.1:5060\r\n" AUDIO,
		   "line 5: c= has no unicast address in numbers: \"IN IP4 192.0.2.1:5060\"");
	assert_bad(TOP "c=IN IP4\r\n" AUDIO, "line 5: c= is not \"IN IP4 address\" or \"IN IP6 address\": \"IN IP4\"");
	assert_bad(TOP "c=ATM NSAP 47.0091\r\n" AUDIO,
		   "line 5: c= is not \"IN IP4 address\" or \"IN IP6 address\": \"ATM NSAP 47.0091\"");
}

static void test_origin(void **state)
{
	struct sdp s = good("v=0\no=John Doe 12345678901234567890123456 7 IN IP4 10.0.0.1\nc=IN IP4 10.0.0.1\n" AUDIO);

	assert_string_equal(s.session_id, "12345678901234567890123");
	assert_string_equal(s.session_version, "7");
	/* Not numbers: nothing to repeat. */
	s = good("v=0\no=- a%sb 7 IN IP4 10.0.0.1\n");
	assert_string_equal(s.session_id, "");
	assert_string_equal(s.session_version, "7");
	s = good("v=0\no=-\n");
	assert_string_equal(s.session_version, "");
	s = good("v=0\n");
	assert_int_equal(s.nstreams, 0);
}

static void test_lines_bad(void **state)
{
	struct sdp s;

	assert_bad("", "line 1: empty");
	assert_bad("hello world\r\n", "line 1: not an SDP line: \"hello world\"");
	assert_bad("v=1\r\n", "line 1: not v=0: \"v=1\"");
	assert_bad("\r\nv=0\r\n", "line 1: not an SDP line");
	assert_bad("o=- 1 1 IN IP4 10.0.0.1\r\nv=0\r\n", "line 1: not v=0: \"o=- 1 1 IN IP4 10.0.0.1\"");
	assert_bad(HEAD AUDIO "rubbish\x01\x80\r\n", "line 7: not an SDP line: \"rubbish??\"");
	assert_bad(HEAD AUDIO "=\r\n", "line 7: not an SDP line: \"=\"");
	assert_bad(HEAD AUDIO "A=sendonly\r\n", "line 7: not an SDP line: \"A=sendonly\"");
	/* An empty line is no harm. */
	good(HEAD "\r\n" AUDIO "\r\n\r\n");
	assert_string_equal(sdp_read("x", 1, &s, why, 0), "bad SDP");
	sdp_read("hello", 5, &s, why, 8);
	assert_string_equal(why, "line 1:");
}

/* Audio. */

static void test_codecs(void **state)
{
	struct media_audio a = audio_with("m=audio 6000 RTP/AVP 0 8\r\n");

	assert_int_equal(a.ncodecs, 2);
	assert_int_equal(a.codecs[0], CODEC_PCMU);
	assert_int_equal(a.codecs[1], CODEC_PCMA);
	a = audio_with("m=audio 6000 RTP/AVP 8 8 0 8 0\r\n");
	assert_int_equal(a.ncodecs, 2);
	assert_int_equal(a.codecs[0], CODEC_PCMA);
	assert_int_equal(audio_with("m=audio 6000 RTP/AVP 18 4\r\n").ncodecs, 0);
	a = audio_with("m=audio 6000 RTP/AVP 8\r\na=rtpmap:8 pcma/8000/1\r\n");
	assert_int_equal(a.ncodecs, 1);
	/* Static payload types given to something else, or at another rate. */
	a = audio_with("m=audio 6000 RTP/AVP 8 0\r\na=rtpmap:8 opus/48000/2\r\n");
	assert_int_equal(a.ncodecs, 1);
	assert_int_equal(a.codecs[0], CODEC_PCMU);
	assert_int_equal(audio_with("m=audio 6000 RTP/AVP 8\r\na=rtpmap:8 PCMA/16000\r\n").ncodecs, 0);
	assert_int_equal(
		audio_with("m=audio 6000 RTP/AVP 8\r\na=rtpmap:\r\na=rtpmap:8\r\na=rtpmap:999 X/1\r\n").ncodecs, 1);
}

static void test_telephone_event(void **state)
{
	assert_int_equal(audio_with(AUDIO "a=rtpmap:101 telephone-event/8000\r\n").telephone_event_pt, 101);
	assert_int_equal(audio_with(AUDIO "a=RTPMAP:101 Telephone-Event/8000/1\r\n").telephone_event_pt, 101);
	assert_int_equal(
		audio_with("m=audio 6000 RTP/AVP 8 127\r\na=rtpmap:127 telephone-event/8000\r\n").telephone_event_pt,
		127);
	/* Not in the m= line; another clock; a static type; out of range. */
	assert_int_equal(audio_with(AUDIO "a=rtpmap:100 telephone-event/8000\r\n").telephone_event_pt, -1);
	assert_int_equal(audio_with(AUDIO "a=rtpmap:101 telephone-event/48000\r\n").telephone_event_pt, -1);
	assert_int_equal(audio_with(AUDIO "a=rtpmap:101 telephone-event\r\n").telephone_event_pt, -1);
	assert_int_equal(
		audio_with("m=audio 6000 RTP/AVP 8 0\r\na=rtpmap:0 telephone-event/8000\r\n").telephone_event_pt, -1);
	assert_int_equal(
		audio_with("m=audio 6000 RTP/AVP 8 300\r\na=rtpmap:300 telephone-event/8000\r\n").telephone_event_pt,
		-1);
	/* Of two the one at 8 kHz, then the first. */
	assert_int_equal(audio_with("m=audio 6000 RTP/AVP 8 110 101 102\r\na=rtpmap:110 telephone-event/48000\r\n"
				    "a=rtpmap:101 telephone-event/8000\r\na=rtpmap:102 telephone-event/8000\r\n")
				 .telephone_event_pt,
			 101);
	/* Nothing to go with it. */
	assert_int_equal(
		audio_with("m=audio 6000 RTP/AVP 18 101\r\na=rtpmap:101 telephone-event/8000\r\n").telephone_event_pt,
		-1);
}

static void expect_types(const char *lines, const char *expected)
{
	struct media_audio a = audio_with(lines);
	char text[100] = "";
	size_t n = 0;

	for (unsigned i = 0; i < a.ncodecs; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s=%d ", media_codec_name(a.codecs[i]),
				      media_audio_pt(&a, a.codecs[i]));
	if (a.vbd)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "vbd %s=%u ", media_codec_name(a.vbd_codec),
				      a.vbd_pt);
	snprintf(text + n, sizeof(text) - n, "events=%d", a.telephone_event_pt);
	if (strcmp(text, expected) != 0)
		fail_msg("%s is read as %s, not %s", lines, text, expected);
}

/* G.711 with payload types of its own: RFC 3551 6 allows it, and so do some gateways. */
static void test_dynamic_types(void **state)
{
	static const char *const cases[][2] = {
		{"m=audio 6000 RTP/AVP 96\r\na=rtpmap:96 PCMA/8000\r\n", "PCMA=96 events=-1"},
		{"m=audio 6000 RTP/AVP 97 96 101\r\na=rtpmap:96 pcma/8000/1\r\na=rtpmap:97 PCMU/8000\r\n"
		 "a=rtpmap:101 telephone-event/8000\r\n",
		 "PCMU=97 PCMA=96 events=101"},
		/* the first of a law counts */
		{"m=audio 6000 RTP/AVP 96 8\r\na=rtpmap:96 PCMA/8000\r\n", "PCMA=96 events=-1"},
		{"m=audio 6000 RTP/AVP 8 96\r\na=rtpmap:96 PCMA/8000\r\n", "PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 18 8 0\r\na=rtpmap:18 PCMA/8000\r\na=rtpmap:8 G729/8000\r\n",
		 "PCMA=18 PCMU=0 events=-1"},
		/* not G.711, or not among the formats */
		{"m=audio 6000 RTP/AVP 96\r\na=rtpmap:96 PCMA/16000\r\n", "events=-1"},
		{"m=audio 6000 RTP/AVP 96 0\r\na=rtpmap:97 PCMA/8000\r\n", "PCMU=0 events=-1"},
		{"m=audio 6000 RTP/AVP 96\r\na=rtpmap:96 PCMA-WB/8000\r\n", "events=-1"},
		/* each other's numbers: nobody could tell what is meant */
		{"m=audio 6000 RTP/AVP 0 8\r\na=rtpmap:0 PCMA/8000\r\na=rtpmap:8 PCMU/8000\r\n", "events=-1"},
		{"m=audio 6000 RTP/AVP 8 200\r\na=rtpmap:200 PCMU/8000\r\n", "PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 8 128\r\na=rtpmap:128 PCMU/8000\r\n", "PCMA=8 events=-1"},
		/* of another stream */
		{"m=audio 6000 RTP/AVP 8\r\na=rtpmap:96 PCMU/8000\r\nm=audio 6002 RTP/AVP 96\r\n", "PCMA=8 events=-1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_types(cases[i][0], cases[i][1]);
}

/* V.152 7.1, as gateways write it. */
static void test_voice_band_data(void **state)
{
	static const char *const cases[][2] = {
		{"m=audio 6000 RTP/AVP 8\r\na=gpmd:8 vbd=yes\r\n", "PCMA=8 vbd PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 8\r\na=GPMD:8 VBD = Yes;ecan=on\r\n", "PCMA=8 vbd PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 8\r\na=gpmd:8 ecan=off; vbd=yes ;x\r\n", "PCMA=8 vbd PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 8\r\na=gpmd:8 vbd=no\r\n", "PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 8\r\na=gpmd:8 vbd=yes\r\na=gpmd:8 vbd=no\r\n", "PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 8\r\na=gpmd:0 vbd=yes\r\na=gpmd:\r\na=gpmd:8\r\na=gpmd:999 vbd=yes\r\n",
		 "PCMA=8 events=-1"},
		/* the order stays */
		{"m=audio 6000 RTP/AVP 8 0\r\na=gpmd:8 vbd=yes\r\n", "PCMA=8 PCMU=0 vbd PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 8 0\r\na=gpmd:0 vbd=yes\r\n", "PCMA=8 PCMU=0 vbd PCMU=0 events=-1"},
		/* a payload type of its own, beside that for speech; before it */
		{"m=audio 6000 RTP/AVP 18 0 98 101\r\na=rtpmap:98 PCMU/8000\r\na=gpmd:98 vbd=yes\r\n"
		 "a=rtpmap:101 telephone-event/8000\r\n",
		 "PCMU=0 vbd PCMU=98 events=101"},
		{"m=audio 6000 RTP/AVP 98 8\r\na=rtpmap:98 PCMA/8000\r\na=gpmd:98 vbd=yes\r\n",
		 "PCMA=8 vbd PCMA=98 events=-1"},
		/* the only G.711 there is */
		{"m=audio 6000 RTP/AVP 18 98\r\na=rtpmap:98 PCMA/8000\r\na=gpmd:98 vbd=yes\r\n",
		 "PCMA=98 vbd PCMA=98 events=-1"},
		/* the other law; not G.711 */
		{"m=audio 6000 RTP/AVP 8 98\r\na=rtpmap:98 PCMU/8000\r\na=gpmd:98 vbd=yes\r\n",
		 "PCMA=8 PCMU=98 vbd PCMU=98 events=-1"},
		{"m=audio 6000 RTP/AVP 8 99\r\na=rtpmap:99 G726-32/8000\r\na=gpmd:99 vbd=yes\r\n", "PCMA=8 events=-1"},
		{"m=audio 6000 RTP/AVP 0 98 99\r\na=rtpmap:99 PCMA/8000\r\na=rtpmap:98 PCMU/8000\r\n"
		 "a=gpmd:99 vbd=yes\r\na=gpmd:98 vbd=yes\r\n",
		 "PCMU=0 PCMA=99 vbd PCMU=98 events=-1"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_types(cases[i][0], cases[i][1]);
}

static void test_ptime(void **state)
{
	assert_int_equal(audio_with(AUDIO).ptime_ms, 0);
	assert_int_equal(audio_with(AUDIO "a=ptime:30\r\n").ptime_ms, 30);
	assert_int_equal(audio_with("a=ptime:10\r\n" AUDIO).ptime_ms, 10);
	assert_int_equal(audio_with(AUDIO "a=ptime:20.0\r\n").ptime_ms, 20);
	assert_int_equal(audio_with(AUDIO "a=ptime:-20\r\n").ptime_ms, 0);
	assert_int_equal(audio_with(AUDIO "a=ptime:201\r\n").ptime_ms, 0);
	assert_int_equal(audio_with(AUDIO "a=ptime:\r\n").ptime_ms, 0);
	assert_int_equal(audio_with(AUDIO "a=maxptime:140\r\n").ptime_ms, 0);
	assert_int_equal(audio_with(AUDIO "a=maxptime:10\r\n").ptime_ms, 10);
	assert_int_equal(audio_with(AUDIO "a=ptime:40\r\na=maxptime:30\r\n").ptime_ms, 30);
	assert_int_equal(audio_with("a=maxptime:10\r\n" AUDIO).ptime_ms, 10);
}

static void test_direction(void **state)
{
	assert_int_equal(audio_with(AUDIO).direction, MEDIA_SENDRECV);
	assert_int_equal(audio_with(AUDIO "a=sendonly\r\n").direction, MEDIA_SENDONLY);
	assert_int_equal(audio_with(AUDIO "a=RecvOnly\r\n").direction, MEDIA_RECVONLY);
	assert_int_equal(audio_with(AUDIO "a=inactive\r\n").direction, MEDIA_INACTIVE);
	assert_int_equal(audio_with("a=sendonly\r\n" AUDIO).direction, MEDIA_SENDONLY);
	assert_int_equal(audio_with("a=sendonly\r\n" AUDIO "a=sendrecv\r\n").direction, MEDIA_SENDRECV);
	/* Another stream's is not ours. */
	assert_int_equal(audio_with(AUDIO "m=video 7000 RTP/AVP 31\r\na=inactive\r\n").direction, MEDIA_SENDRECV);
	/* Hold in the old way. */
	assert_int_equal(audio_with(AUDIO "c=IN IP4 0.0.0.0\r\n").direction, MEDIA_SENDONLY);
	assert_int_equal(audio_with(AUDIO "c=IN IP6 ::\r\n").direction, MEDIA_SENDONLY);
	assert_int_equal(audio_with(AUDIO "c=IN IP4 0.0.0.0\r\na=recvonly\r\n").direction, MEDIA_INACTIVE);
	assert_int_equal(audio_with(AUDIO "c=IN IP4 0.0.0.0\r\na=inactive\r\n").direction, MEDIA_INACTIVE);
}

static void test_ignored(void **state)
{
	struct media_audio a =
		audio_with("b=AS:80\r\n" AUDIO "a=rtcp:53020 IN IP4 126.16.64.4\r\na=rtcp-mux\r\n"
			   "a=fmtp:101 0-16\r\na=silenceSupp:off - - - -\r\na=ice-ufrag:F7gI\r\n"
			   "a=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ host\r\nk=prompt\r\na=\r\na=:\r\n");
	char text[200];

	describe_audio(&a, text, sizeof(text));
	assert_string_equal(text, "192.0.2.1:6000 PCMA -1 0");
}

/* Writing. */

static void test_write_text(void **state)
{
	struct sdp s =
		good(HEAD "m=audio 6000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n" IMAGE
			  "c=IN IP4 192.0.2.2\r\na=T38FaxMaxDatagram:400\r\na=T38FaxTranscodingMMR:1\r\n"
			  "a=T38FaxUdpEC:t38UDPFEC\r\nm=video 7000 RTP/AVP 31 32\r\n");
	char text[SDP_TEXT_OCTETS];

	assert_true(sdp_write(&s, text, sizeof(text)) > 0);
	assert_string_equal(text, "v=0\r\no=faxspan 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
				  "m=audio 6000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
				  "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
				  "m=image 6002 udptl t38\r\nc=IN IP4 192.0.2.2\r\na=T38FaxVersion:0\r\n"
				  "a=T38MaxBitRate:14400\r\na=T38FaxTranscodingMMR\r\n"
				  "a=T38FaxRateManagement:transferredTCF\r\na=T38FaxMaxDatagram:400\r\n"
				  "a=T38FaxUdpEC:t38UDPFEC\r\nm=video 0 RTP/AVP 31 32\r\n");
}

static void test_write_empty(void **state)
{
	struct sdp s = {.nstreams = 2, .streams = {{.declined = true}, {.kind = SDP_IMAGE, .declined = true}}};
	char text[SDP_TEXT_OCTETS];

	assert_true(sdp_write(&s, text, sizeof(text)) > 0);
	assert_string_equal(text, "v=0\r\no=faxspan 0 0 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
				  "m=audio 0 RTP/AVP 0\r\nm=image 0 udptl t38\r\n");
}

/* Formats that are nothing to us, or whose names we do not have any more, are not repeated as if they were. */
static void test_write_unusable(void **state)
{
	struct sdp s = good(HEAD "m=audio 6000 RTP/AVP 18 8\r\na=rtpmap:8 X/8000\r\nm=video 7000 RTP/AVP 31\r\n");
	char text[SDP_TEXT_OCTETS];

	assert_int_equal(s.streams[0].audio.ncodecs, 0);
	assert_true(sdp_write(&s, text, sizeof(text)) > 0);
	assert_string_equal(strstr(text, "m="), "m=audio 0 RTP/AVP 18 8\r\nm=video 0 RTP/AVP 31\r\n");
}

static void test_write_room(void **state)
{
	struct sdp s = good(HEAD AUDIO IMAGE);
	char text[SDP_TEXT_OCTETS];
	size_t len = sdp_write(&s, text, sizeof(text));

	for (size_t room = 0; room <= len; room++) {
		char *small = malloc(room ? room : 1);

		assert_int_equal(sdp_write(&s, small, room), 0);
		free(small);
	}
	assert_int_equal(sdp_write(&s, text, len + 1), len);
}

/* The longest there can be fits SDP_TEXT_OCTETS. */
static void test_write_longest(void **state)
{
	struct sdp s = {.nstreams = SDP_MAX_STREAMS};
	char text[SDP_TEXT_OCTETS];

	memset(s.session_id, '9', sizeof(s.session_id) - 1);
	memset(s.session_version, '9', sizeof(s.session_version) - 1);
	for (unsigned i = 0; i < SDP_MAX_STREAMS; i++) {
		struct sdp_stream *t = &s.streams[i];

		t->kind = SDP_IMAGE;
		memset(t->media, 'm', sizeof(t->media) - 1);
		memset(t->transport, 't', sizeof(t->transport) - 1);
		memset(t->formats, 'f', sizeof(t->formats) - 1);
		t->t38 = (struct media_t38){.version = 7,
					    .max_bit_rate = 33600,
					    .max_buffer_octets = 65535,
					    .max_datagram_octets = 65535,
					    .error_correction = T38_EC_REDUNDANCY,
					    .fill_bit_removal = true,
					    .transcoding_mmr = true,
					    .transcoding_jbig = true};
		assert_int_equal(addr_parse(&t->t38.addr, "2001:db8:1111:2222:3333:4444:5555:6666", 65535), 0);
		t->t38.addr.v6.sin6_addr.s6_addr[15] = (uint8_t)(t->t38.addr.v6.sin6_addr.s6_addr[15] + i);
	}
	assert_in_range(sdp_write(&s, text, sizeof(text)), 3000, SDP_TEXT_OCTETS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vendors),
		cmocka_unit_test(test_vendors_round_trip),
		cmocka_unit_test(test_osip),
		cmocka_unit_test(test_t38_defaults),
		cmocka_unit_test(test_t38_version),
		cmocka_unit_test(test_t38_bit_rate),
		cmocka_unit_test(test_t38_rate_management),
		cmocka_unit_test(test_t38_sizes),
		cmocka_unit_test(test_t38_error_correction),
		cmocka_unit_test(test_t38_booleans),
		cmocka_unit_test(test_t38_huge_values),
		cmocka_unit_test(test_many_formats),
		cmocka_unit_test(test_media_line),
		cmocka_unit_test(test_media_line_bad),
		cmocka_unit_test(test_media_line_long),
		cmocka_unit_test(test_many_streams),
		cmocka_unit_test(test_connection),
		cmocka_unit_test(test_connection_named),
		cmocka_unit_test(test_connection_bad),
		cmocka_unit_test(test_origin),
		cmocka_unit_test(test_lines_bad),
		cmocka_unit_test(test_codecs),
		cmocka_unit_test(test_telephone_event),
		cmocka_unit_test(test_dynamic_types),
		cmocka_unit_test(test_voice_band_data),
		cmocka_unit_test(test_ptime),
		cmocka_unit_test(test_direction),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_write_text),
		cmocka_unit_test(test_write_empty),
		cmocka_unit_test(test_write_unusable),
		cmocka_unit_test(test_write_room),
		cmocka_unit_test(test_write_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
