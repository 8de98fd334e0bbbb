/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp_write: struct sdp to SDP text.
 */
#include <stdarg.h>
#include <stdio.h>

#include "gateway/base/buf.h"
#include "sdp.h"

#define TELEPHONE_EVENTS "0-15" /* RFC 4733 3.2: DTMF */

__attribute__((format(printf, 2, 3))) static void put(struct wbuf *b, const char *fmt, ...)
{
	size_t left = b->room - b->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf((char *)b->p + b->len, left, fmt, ap);
	va_end(ap);
	if (b->bad || n < 0 || (size_t)n >= left)
		b->bad = true;
	else
		b->len += (size_t)n;
}

/* Streams that are nothing to us are written as declined: we could not say of them what the peer said. */
static bool is_written(const struct sdp_stream *s)
{
	return !s->declined && (s->kind == SDP_IMAGE || (s->kind == SDP_AUDIO && s->audio.ncodecs));
}

static const struct addr *stream_addr(const struct sdp_stream *s)
{
	return s->kind == SDP_IMAGE ? &s->t38.addr : &s->audio.addr;
}

/* The address of the first stream that has one: c= of the session, and o=. */
static struct addr session_addr(const struct sdp *s)
{
	for (unsigned i = 0; i < s->nstreams; i++)
		if (is_written(&s->streams[i]) && addr_is_set(stream_addr(&s->streams[i])))
			return *stream_addr(&s->streams[i]);
	return (struct addr){.v4 = {.sin_family = AF_INET}};
}

static void put_connection(struct wbuf *b, const char *line, const struct addr *a)
{
	char host[ADDR_TEXT_OCTETS];

	put(b, "%sIN IP%c %s\r\n", line, a->sa.sa_family == AF_INET6 ? '6' : '4', addr_print_host(a, host));
}

static const char *direction_name(enum media_direction d)
{
	static const char *const names[] = {
		[MEDIA_SENDRECV] = "sendrecv",
		[MEDIA_SENDONLY] = "sendonly",
		[MEDIA_RECVONLY] = "recvonly",
		[MEDIA_INACTIVE] = "inactive",
	};

	return names[d];
}

/* Voice-band data has a payload type of its own: it is none of the codecs'. */
static bool has_vbd_type(const struct media_audio *a)
{
	for (unsigned i = 0; i < a->ncodecs; i++)
		if (media_audio_pt(a, a->codecs[i]) == a->vbd_pt)
			return false;
	return a->vbd;
}

static void put_audio_formats(struct wbuf *b, const struct media_audio *a)
{
	for (unsigned i = 0; i < a->ncodecs; i++)
		put(b, " %d", media_audio_pt(a, a->codecs[i]));
	if (a->telephone_event_pt >= 0)
		put(b, " %d", a->telephone_event_pt);
	if (has_vbd_type(a))
		put(b, " %u", a->vbd_pt);
	put(b, "\r\n");
}

static void put_rtpmap(struct wbuf *b, int pt, enum media_codec c)
{
	put(b, "a=rtpmap:%d %s/8000\r\n", pt, media_codec_name(c));
}

static void put_audio(struct wbuf *b, const struct media_audio *a)
{
	for (unsigned i = 0; i < a->ncodecs; i++)
		put_rtpmap(b, media_audio_pt(a, a->codecs[i]), a->codecs[i]);
	if (has_vbd_type(a))
		put_rtpmap(b, a->vbd_pt, a->vbd_codec);
	if (a->telephone_event_pt >= 0)
		put(b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d " TELEPHONE_EVENTS "\r\n", a->telephone_event_pt,
		    a->telephone_event_pt);
	if (a->vbd) /* V.152 7.1 */
		put(b, "a=gpmd:%u vbd=yes\r\n", a->vbd_pt);
	if (addr_is_set(&a->rtcp)) {
		put(b, "a=rtcp:%u ", addr_port(&a->rtcp));
		put_connection(b, "", &a->rtcp);
	}
	if (a->ptime_ms)
		put(b, "a=ptime:%u\r\n", a->ptime_ms);
	put(b, "a=%s\r\n", direction_name(a->direction));
}

/* T.38 table D.1. Booleans are bare, and absent for no. */
static void put_t38(struct wbuf *b, const struct media_t38 *t)
{
	static const char *const ec[] = {
		[T38_EC_NONE] = "t38UDPNoEC",
		[T38_EC_REDUNDANCY] = "t38UDPRedundancy",
		[T38_EC_FEC] = "t38UDPFEC",
	};

	put(b, "a=T38FaxVersion:%u\r\na=T38MaxBitRate:%u\r\n", t->version, t->max_bit_rate);
	put(b, "%s%s%s", t->fill_bit_removal ? "a=T38FaxFillBitRemoval\r\n" : "",
	    t->transcoding_mmr ? "a=T38FaxTranscodingMMR\r\n" : "",
	    t->transcoding_jbig ? "a=T38FaxTranscodingJBIG\r\n" : "");
	put(b, "a=T38FaxRateManagement:%s\r\n", t->rate_management == T38_LOCAL_TCF ? "localTCF" : "transferredTCF");
	if (t->max_buffer_octets)
		put(b, "a=T38FaxMaxBuffer:%u\r\n", t->max_buffer_octets);
	if (t->max_datagram_octets)
		put(b, "a=T38FaxMaxDatagram:%u\r\n", t->max_datagram_octets);
	put(b, "a=T38FaxUdpEC:%s\r\n", ec[t->error_correction]);
}

static const char *or_default(const char *text, const char *otherwise)
{
	return text[0] ? text : otherwise;
}

static void put_stream(struct wbuf *b, const struct sdp_stream *s, const struct addr *session)
{
	bool image = s->kind == SDP_IMAGE;
	const struct addr *a = stream_addr(s);

	put(b, "m=%s %u %s", or_default(s->media, image ? "image" : "audio"), is_written(s) ? addr_port(a) : 0,
	    or_default(s->transport, image ? "udptl" : "RTP/AVP"));
	if (is_written(s) && !image)
		put_audio_formats(b, &s->audio);
	else
		put(b, " %s\r\n", or_default(s->formats, image ? "t38" : "0"));
	if (!is_written(s))
		return;
	if (addr_is_set(a) && !addr_same_host(a, session))
		put_connection(b, "c=", a);
	if (image)
		put_t38(b, &s->t38);
	else
		put_audio(b, &s->audio);
}

size_t sdp_write(const struct sdp *s, char *text, size_t room)
{
	struct wbuf b = wbuf_init(text, room);
	struct addr session = session_addr(s);

	put(&b, "v=0\r\no=faxspan %s %s ", or_default(s->session_id, "0"), or_default(s->session_version, "0"));
	put_connection(&b, "", &session);
	put(&b, "s=-\r\n");
	put_connection(&b, "c=", &session);
	put(&b, "t=0 0\r\n");
	for (unsigned i = 0; i < s->nstreams; i++)
		put_stream(&b, &s->streams[i], &session);
	return b.bad ? 0 : b.len;
}
