/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp_attr: the a= lines of SDP (RFC 4566 6, T.38 annex D). Every value has a default that stands where the peer's is
 * missing or absurd; names come in any case of letters.
 */
#include "sdp_reader.h"

#define T38_VERSION_MAX	 7     /* beyond it the number is nonsense */
#define T38_RATE_DEFAULT 14400 /* bit/s */
#define T38_RATE_MIN	 2400
#define T38_RATE_MAX	 33600 /* V.34 */
#define T38_OCTETS_MAX	 65535
#define PTIME_MAX_MS	 200 /* RFC 3551 4.2: what a receiver should take */

struct attribute {
	const char *name;
	void (*set)(struct sdp_reader *r, struct word value);
};

void sdp_attr_defaults(struct sdp_stream *s)
{
	s->audio.telephone_event_pt = -1;
	s->t38.max_bit_rate = T38_RATE_DEFAULT;
	s->t38.error_correction = T38_EC_REDUNDANCY;
}

static void set_number(unsigned *np, struct word value, unsigned max)
{
	unsigned n;

	if (word_number(value, max, &n))
		*np = n;
}

static void set_version(struct sdp_reader *r, struct word value)
{
	unsigned n;

	if (word_number(value, T38_VERSION_MAX + 1, &n) && n <= T38_VERSION_MAX)
		r->at->t38.version = n;
}

static void set_bit_rate(struct sdp_reader *r, struct word value)
{
	unsigned n;

	if (word_number(value, T38_RATE_MAX, &n) && n >= T38_RATE_MIN)
		r->at->t38.max_bit_rate = n / T38_RATE_MIN * T38_RATE_MIN;
}

static void set_rate_management(struct sdp_reader *r, struct word value)
{
	/* "localTCF" and "transferredTCF"; the latter is also the default (T.38 D.2.3.5) and often misspelt. */
	r->at->t38.rate_management = word_begins(value, "local") ? T38_LOCAL_TCF : T38_TRANSFERRED_TCF;
}

static void set_max_buffer(struct sdp_reader *r, struct word value)
{
	set_number(&r->at->t38.max_buffer_octets, value, T38_OCTETS_MAX);
}

static void set_max_datagram(struct sdp_reader *r, struct word value)
{
	set_number(&r->at->t38.max_datagram_octets, value, T38_OCTETS_MAX);
}

static void set_error_correction(struct sdp_reader *r, struct word value)
{
	if (word_is(value, "t38UDPFEC"))
		r->at->t38.error_correction = T38_EC_FEC;
	else if (word_is(value, "t38UDPRedundancy"))
		r->at->t38.error_correction = T38_EC_REDUNDANCY;
	else if (word_is(value, "t38UDPNoEC"))
		r->at->t38.error_correction = T38_EC_NONE;
}

/* Annex D has booleans bare, and absent for no; many peers write :0 and :1. Nonsense means no. */
static bool is_true(struct word value)
{
	return !value.len || word_is(value, "1") || word_is(value, "true") || word_is(value, "yes");
}

static void set_fill_bit_removal(struct sdp_reader *r, struct word value)
{
	r->at->t38.fill_bit_removal = is_true(value);
}

static void set_transcoding_mmr(struct sdp_reader *r, struct word value)
{
	r->at->t38.transcoding_mmr = is_true(value);
}

static void set_transcoding_jbig(struct sdp_reader *r, struct word value)
{
	r->at->t38.transcoding_jbig = is_true(value);
}

static void set_ptime(struct sdp_reader *r, struct word value)
{
	unsigned n;

	/* "20.0" has been seen: the whole milliseconds count. */
	value = word_until(&value, '.');
	if (word_number(value, PTIME_MAX_MS + 1, &n) && n <= PTIME_MAX_MS)
		r->at->audio.ptime_ms = n;
}

static void set_maxptime(struct sdp_reader *r, struct word value)
{
	set_number(&r->maxptime_ms, value, PTIME_MAX_MS);
	if (r->at == &r->session)
		r->session_maxptime_ms = r->maxptime_ms;
}

/* RFC 3605 2.1: a port, and perhaps a c= line's words. Without them the stream's host holds, see sdp_read.c. */
static void set_rtcp(struct sdp_reader *r, struct word value)
{
	struct word port = word_next(&value), net = word_next(&value), type = word_next(&value);
	struct addr a = {0};
	char host[ADDR_TEXT_OCTETS];
	unsigned n;

	if (r->at == &r->session || !word_number(port, 65536, &n) || !n || n > 65535)
		return;
	value = word_trim(value);
	if (word_is(net, "IN") && type.len && value.len && value.len < sizeof(host)) {
		word_copy(value, host, sizeof(host));
		if (addr_parse(&a, host, 0))
			return; /* a name: then it is as if nothing were said */
	}
	addr_set_port(&a, (uint16_t)n);
	r->at->audio.rtcp = a;
	r->rtcp_port = n;
}

static const char *const directions[] = {
	[MEDIA_SENDRECV] = "sendrecv",
	[MEDIA_SENDONLY] = "sendonly",
	[MEDIA_RECVONLY] = "recvonly",
	[MEDIA_INACTIVE] = "inactive",
};

static const struct attribute attributes[] = {
	{"rtpmap", sdp_codec_rtpmap},
	{"gpmd", sdp_codec_gpmd},
	{"ptime", set_ptime},
	{"maxptime", set_maxptime},
	{"rtcp", set_rtcp},
	{"T38FaxVersion", set_version},
	{"T38MaxBitRate", set_bit_rate},
	{"T38FaxRateManagement", set_rate_management},
	{"T38FaxMaxBuffer", set_max_buffer},
	{"T38FaxMaxDatagram", set_max_datagram},
	{"T38FaxUdpEC", set_error_correction},
	{"T38FaxFillBitRemoval", set_fill_bit_removal},
	{"T38FaxTranscodingMMR", set_transcoding_mmr},
	{"T38FaxTranscodingJBIG", set_transcoding_jbig},
};

void sdp_attr_read(struct sdp_reader *r, struct word value)
{
	struct word name = word_trim(word_until(&value, ':'));

	value = word_trim(value);
	for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]); i++)
		if (word_is(name, directions[i]))
			r->at->audio.direction = (enum media_direction)i;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (word_is(name, attributes[i].name)) {
			attributes[i].set(r, value);
			return;
		}
	}
}
