/* SPDX-License-Identifier: GPL-2.0-only */
/* message: what is asked of one before anything looks into it. The torture messages of RFC 4475 are its test. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "message.h"

#define COOKIE "z9hG4bK"

/* RFC 3261 8.1.1.5: a CSeq number is below 2**31. */
static bool cseq_valid(const char *number)
{
	size_t n = strspn(number, "0123456789");

	return n && n <= 10 && !number[n] && strtoull(number, NULL, 10) < 0x80000000ULL;
}

/* osip takes "-999" for nothing. */
static bool content_length_valid(const osip_content_length_t *l)
{
	return !l || !l->value || (l->value[0] && !l->value[strspn(l->value, "0123456789")]);
}

static const char *check_request(const osip_message_t *m)
{
	if (!m->sip_method || !m->req_uri)
		return "no usable Request-URI";
	/* RFC 3261 19.1.1: neither are allowed there. */
	if (osip_list_size(&m->req_uri->url_headers))
		return "headers in the Request-URI";
	if (strcmp(m->sip_method, m->cseq->method))
		return "CSeq is for another method";
	/* RFC 3261 12.1.1: those of RFC 2543 have none. */
	if (!message_from_tag(m)[0] && !message_is_old(m))
		return "no From tag";
	return NULL;
}

const char *message_check(const osip_message_t *m)
{
	const osip_via_t *via = osip_list_get(&m->vias, 0);

	if (!via || !via->host || !via->protocol)
		return "no usable Via";
	if (!m->from || !m->from->url)
		return "no usable From";
	if (!m->to || !m->to->url)
		return "no usable To";
	if (!m->call_id || !m->call_id->number || !m->call_id->number[0])
		return "no Call-ID";
	if (!m->cseq || !m->cseq->number || !m->cseq->method)
		return "no CSeq";
	if (!cseq_valid(m->cseq->number))
		return "CSeq number out of range";
	if (!content_length_valid(m->content_length))
		return "Content-Length is no number";
	if (MSG_IS_RESPONSE(m))
		return m->status_code < 100 || m->status_code > 699 ? "status out of range" : NULL;
	return check_request(m);
}

bool message_is_old(const osip_message_t *m)
{
	return strncmp(message_branch(m), COOKIE, strlen(COOKIE)) != 0;
}

bool message_accepts_sdp(const osip_message_t *m)
{
	int i, n = osip_list_size(&m->accepts);
	const osip_accept_t *a;

	for (i = 0; i < n; i++) {
		a = osip_list_get(&m->accepts, i);
		if (!a->type || !a->subtype || !strcmp(a->type, "*"))
			return true;
		if (!strcasecmp(a->type, "application") && (!strcmp(a->subtype, "*") || !strcasecmp(a->subtype, "sdp")))
			return true;
	}
	return !n;
}

char *message_without_nuls(const char *text, size_t len)
{
	const char *body = memmem(text, len, "\r\n\r\n", 4);
	size_t i, head = body ? (size_t)(body - text) : len;
	char *own = malloc(len + 1);

	if (!own)
		return NULL;
	memcpy(own, text, len);
	own[len] = '\0';
	for (i = 0; i < head && (own[i] || (i && own[i - 1] == '\\')); i++)
		if (!own[i])
			own[i] = '0';
	if (i == head)
		return own;
	free(own);
	return NULL;
}

/* Lines up to an empty one: a header, that of a part of the body, or SDP. */
struct block {
	unsigned types; /* of Content-Type */
	unsigned items; /* what osip would make an item of a list of, at most */
};

/* Returns what comes after the block at P. */
static const char *block_read(const char *p, const char *end, struct block *b)
{
	static const char type[] = "content-type";
	bool empty = true;

	*b = (struct block){0};
	for (; p < end; p++) {
		b->items += *p == ',' || *p == ';' || *p == '&' || *p == '\r' || *p == '\n';
		if (*p == '\r' || *p == '\n') {
			p += *p == '\r' && p + 1 < end && p[1] == '\n';
			if (empty)
				break;
			empty = true;
			continue;
		}
		empty = false;
		if ((size_t)(end - p) >= sizeof(type) - 1 && !strncasecmp(p, type, sizeof(type) - 1))
			b->types++;
	}
	return p < end ? p + 1 : end;
}

const char *message_check_text(const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	struct block b;

	for (unsigned blocks = 0; p < end; blocks++) {
		p = block_read(p, end, &b);
		if (blocks > MESSAGE_ITEMS || b.items > MESSAGE_ITEMS)
			return "too many lines and items in it";
		/* The header of the message itself is osip's: it refuses a second there. */
		if (blocks && b.types > 1)
			return "two Content-Types in a part of its body";
	}
	return NULL;
}

bool message_has_foreign_scheme(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len), *uri = memchr(text, ' ', len), *colon;
	size_t n;

	if (!end || !uri || uri > end)
		return false;
	uri++;
	colon = memchr(uri, ':', (size_t)(end - uri));
	n = colon ? (size_t)(colon - uri) : 0;
	/* RFC 3986 3.1 */
	if (!n || strspn(uri, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.") < n)
		return false;
	return strncasecmp(uri, "sip:", n + 1) && strncasecmp(uri, "sips:", n + 1) && strncasecmp(uri, "tel:", n + 1);
}
