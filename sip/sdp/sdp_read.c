/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp_read: SDP text to struct sdp.
 *
 * What stands before the first m= line goes into a stream of its own, and each m= line starts as a copy of it: so
 * session level attributes are inherited. Nothing is copied from the text but short tokens of printable characters.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "sdp_reader.h"

#define QUOTE_OCTETS	  40 /* of the peer's text in an error message */
#define HOST_NAME_OCTETS  256
#define HOST_NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Says what is wrong in LINE, with the words of the peer it is about (made harmless for a log). */
static const char *wrong(struct sdp_reader *r, unsigned line, const char *what, struct word quote)
{
	char text[QUOTE_OCTETS + 1];

	word_copy(quote, text, sizeof(text));
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (!r->room)
		return "bad SDP";
	snprintf(r->why, r->room, quote.len ? "line %u: %s: \"%s\"" : "line %u: %s", line, what, text);
	return r->why;
}

static const struct word no_quote = {"", 0};

/* c=: RFC 4566 5.7. The text has host names too; who resolved them would block. */
static bool read_unicast(struct word family, const char *text, struct addr *ap)
{
	struct addr a = {0};
	bool ok = false;

	if (word_is(family, "IP4")) {
		a.v4.sin_family = AF_INET;
		ok = inet_pton(AF_INET, text, &a.v4.sin_addr) == 1 && !IN_MULTICAST(ntohl(a.v4.sin_addr.s_addr));
	} else if (word_is(family, "IP6")) {
		a.v6.sin6_family = AF_INET6;
		ok = inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1 && !IN6_IS_ADDR_MULTICAST(&a.v6.sin6_addr);
	}
	if (ok)
		*ap = a;
	return ok;
}

/* RFC 1123 2.1: letters, digits, dots and hyphens, and what is right of the last dot has a letter. */
static bool is_host_name(const char *text)
{
	const char *top = strrchr(text, '.');

	return strspn(text, HOST_NAME_LETTERS "0123456789-.") == strlen(text) &&
	       strpbrk(top ? top : text, HOST_NAME_LETTERS);
}

static const char *read_connection(struct sdp_reader *r, struct word value)
{
	struct word rest = value, net = word_next(&rest), family = word_next(&rest), host = word_next(&rest);
	char text[HOST_NAME_OCTETS];
	struct addr a = {0};
	bool named = false;

	host = word_until(&host, '/');
	if (!word_is(net, "IN") || host.len >= sizeof(text) || !host.len)
		return wrong(r, r->line, "c= is not \"IN IP4 address\" or \"IN IP6 address\"", value);
	word_copy(host, text, sizeof(text));
	if (!read_unicast(family, text, &a)) {
		named = (word_is(family, "IP4") || word_is(family, "IP6")) && is_host_name(text);
		if (!named)
			return wrong(r, r->line, "c= has no unicast address in numbers", value);
	}
	/* Several c= lines of one stream are for layered multicast: the first one counts. */
	if (r->own_addr)
		return NULL;
	r->addr = a;
	r->named = named;
	if (r->at == &r->session) {
		r->session_addr = a;
		r->session_named = named;
	} else {
		r->own_addr = true;
	}
	return NULL;
}

/* o=: RFC 4566 5.2. A user name should have no blanks; some have, so the fields are counted from the end. */
static void read_origin(struct sdp_reader *r, struct word value)
{
	struct word last[5] = {0}, rest = value, w;
	unsigned n = 0, ignored;

	for (w = word_next(&rest); w.len; w = word_next(&rest), n++) {
		memmove(last, last + 1, sizeof(last) - sizeof(last[0]));
		last[4] = w;
	}
	if (n < 6)
		return;
	if (word_number(last[0], 0, &ignored))
		word_copy(last[0], r->sdp.session_id, sizeof(r->sdp.session_id));
	if (word_number(last[1], 0, &ignored))
		word_copy(last[1], r->sdp.session_version, sizeof(r->sdp.session_version));
}

/* Keeps the formats with single blanks between them, and only whole ones where there is not room for all. */
static void copy_formats(struct sdp_stream *s, struct word formats)
{
	size_t len = 0;

	for (struct word w = word_next(&formats); w.len; w = word_next(&formats)) {
		size_t need = w.len + (len ? 1 : 0);

		if (len + need >= sizeof(s->formats)) {
			if (!len)
				word_copy(w, s->formats, sizeof(s->formats));
			return;
		}
		if (len)
			s->formats[len++] = ' ';
		memcpy(s->formats + len, w.p, w.len);
		len += w.len;
		s->formats[len] = '\0';
	}
}

static enum sdp_kind kind_of(struct word media, struct word transport, struct word formats)
{
	if (word_is(media, "audio") && word_is(transport, "RTP/AVP"))
		return SDP_AUDIO;
	if (word_is(media, "image") && word_is(transport, "udptl"))
		for (struct word w = word_next(&formats); w.len; w = word_next(&formats))
			if (word_is(w, "t38"))
				return SDP_IMAGE;
	return SDP_OTHER;
}

/* The end of a stream's lines: what can be said of it only now. */
static const char *end_stream(struct sdp_reader *r)
{
	struct sdp_stream *s = r->at;
	struct media_audio *a = &s->audio;

	if (s == &r->session)
		return NULL;
	if (s->declined || s->kind == SDP_OTHER)
		return NULL;
	if (r->named) {
		s->kind = SDP_OTHER;
		s->named = true;
		return NULL;
	}
	if (!r->addr.sa.sa_family)
		return wrong(r, r->stream_line, "neither this stream nor the session has a c= line", no_quote);
	addr_set_port(&r->addr, (uint16_t)r->port);
	if (s->kind == SDP_IMAGE) {
		s->t38.addr = r->addr;
		return NULL;
	}
	a->addr = r->addr;
	if (r->rtcp_port && !addr_is_set(&a->rtcp))
		a->rtcp = r->addr;
	if (r->rtcp_port)
		addr_set_port(&a->rtcp, (uint16_t)r->rtcp_port);
	sdp_codec_end(r);
	if (r->maxptime_ms && (a->ptime_ms ? a->ptime_ms : 20) > r->maxptime_ms)
		a->ptime_ms = r->maxptime_ms;
	/* Hold as it was before RFC 3264 (its 8.4): an address nobody can send to. */
	if (addr_is_any(&a->addr)) {
		if (a->direction == MEDIA_SENDRECV)
			a->direction = MEDIA_SENDONLY;
		else if (a->direction == MEDIA_RECVONLY)
			a->direction = MEDIA_INACTIVE;
	}
	return NULL;
}

/* A declined stream's line may stop after the port: "m=image 0" has been seen. */
static void complete_declined(struct word media, struct word *transport, struct word *formats)
{
	bool image = word_is(media, "image");

	if (!transport->len)
		*transport = image ? (struct word){"udptl", 5} : (struct word){"RTP/AVP", 7};
	if (!word_trim(*formats).len)
		*formats = image ? (struct word){"t38", 3} : (struct word){"0", 1};
}

static const char *check_media(struct sdp_reader *r, struct word value, struct word media, struct word transport,
			       struct word formats)
{
	if (!word_printable(media) || !word_printable(transport) || !word_trim(formats).len)
		return wrong(r, r->line, "m= is not \"media port transport formats\"", value);
	for (struct word w = word_next(&formats); w.len; w = word_next(&formats))
		if (!word_printable(w))
			return wrong(r, r->line, "m= has a format of unprintable characters", value);
	return NULL;
}

/* m=: RFC 4566 5.14. */
static const char *read_media(struct sdp_reader *r, struct word value)
{
	struct word rest = value, media = word_next(&rest), port = word_next(&rest), transport = word_next(&rest);
	const char *why = end_stream(r);
	struct sdp_stream *s;

	if (why)
		return why;
	if (r->sdp.nstreams == SDP_MAX_STREAMS)
		return wrong(r, r->line, "too many streams", no_quote);
	if (!word_number(word_until(&port, '/'), 65536, &r->port) || r->port > 65535)
		return wrong(r, r->line, "m= has no port from 0 to 65535", value);
	if (!r->port)
		complete_declined(media, &transport, &rest);
	why = check_media(r, value, media, transport, rest);
	if (why)
		return why;
	s = &r->sdp.streams[r->sdp.nstreams++];
	*s = r->session;
	s->declined = !r->port;
	word_copy(media, s->media, sizeof(s->media));
	word_copy(transport, s->transport, sizeof(s->transport));
	copy_formats(s, rest);
	/* By what was kept: an answer repeats no more. */
	s->kind = kind_of(media, transport, (struct word){s->formats, strlen(s->formats)});
	r->at = s;
	r->formats = rest;
	r->addr = r->session_addr;
	r->named = r->session_named;
	r->own_addr = false;
	r->rtcp_port = 0;
	r->maxptime_ms = r->session_maxptime_ms;
	sdp_codec_begin(r);
	r->stream_line = r->line;
	return NULL;
}

static const char *read_line(struct sdp_reader *r, struct word line)
{
	struct word value;

	if (line.len < 2 || line.p[1] != '=' || line.p[0] < 'a' || line.p[0] > 'z')
		return wrong(r, r->line, "not an SDP line", line);
	value = word_trim((struct word){line.p + 2, line.len - 2});
	if (r->line == 1 && !(line.p[0] == 'v' && word_is(value, "0")))
		return wrong(r, r->line, "not v=0", line);
	switch (line.p[0]) {
	case 'o':
		if (r->at == &r->session)
			read_origin(r, value);
		return NULL;
	case 'c':
		return read_connection(r, value);
	case 'm':
		return read_media(r, value);
	case 'a':
		sdp_attr_read(r, value);
		return NULL;
	default:
		return NULL; /* s= t= b= and the like say nothing to us */
	}
}

const char *sdp_read(const char *text, size_t len, struct sdp *sp, char *why, size_t room)
{
	struct sdp_reader r = {.why = why, .room = room};
	struct word rest = {text, len};
	const char *bad = NULL;

	r.at = &r.session;
	r.formats = no_quote;
	sdp_attr_defaults(&r.session);
	while (rest.len && !bad) {
		struct word line = word_until(&rest, '\n');

		r.line++;
		while (line.len && line.p[line.len - 1] == '\r')
			line.len--;
		if (line.len || r.line == 1)
			bad = read_line(&r, line);
	}
	if (!bad && !r.line)
		bad = wrong(&r, 1, "empty", no_quote);
	if (!bad)
		bad = end_stream(&r);
	if (!bad)
		*sp = r.sdp;
	return bad;
}
