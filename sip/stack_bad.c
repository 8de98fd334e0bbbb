/* SPDX-License-Identifier: GPL-2.0-only */
/* What cannot be parsed: counted, logged now and then, and answered with 400 (416) where its headers can at least be
 * repeated. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "session_own.h"

struct bad_header {
	const char *name;
	char compact;
	bool many;
};

/* RFC 3261 8.2.6.2: what a response repeats. */
static const struct bad_header repeated[] = {
	{"Via", 'v', true}, {"From", 'f', false}, {"To", 't', false}, {"Call-ID", 'i', false}, {"CSeq", '\0', false},
};

#define REPEATED (sizeof(repeated) / sizeof(repeated[0]))
enum { REPEAT_VIA, REPEAT_CSEQ = 4 };

static int header_index(const char *line, size_t len, const char **valuep)
{
	const char *colon = memchr(line, ':', len);
	size_t n, i;

	if (!colon)
		return -1;
	for (n = (size_t)(colon - line); n && (line[n - 1] == ' ' || line[n - 1] == '\t'); n--)
		;
	for (i = 0; i < REPEATED; i++) {
		if ((n == strlen(repeated[i].name) && !strncasecmp(line, repeated[i].name, n)) ||
		    (n == 1 && repeated[i].compact && (line[0] | 0x20) == repeated[i].compact)) {
			*valuep = colon + 1 + strspn(colon + 1, " \t");
			return (int)i;
		}
	}
	return -1;
}

/* Copies the headers of TEXT into T. False if nothing can be answered: the sender would not know to what. What else is
 * missing stays so (RFC 4475 3.3.1). */
static bool repeat_headers(struct message_text *t, const char *text, size_t len)
{
	const char *end = text + len, *line, *next, *value;
	unsigned seen[REPEATED] = {0};
	size_t n;
	int h;

	for (line = memchr(text, '\n', len); line && ++line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		n = (size_t)((next ? next : end) - line);
		while (n && line[n - 1] == '\r')
			n--;
		if (!n)
			break;
		h = header_index(line, n, &value);
		if (h < 0 || value >= line + n || (seen[h]++ && !repeated[h].many))
			continue;
		message_add(t, "%s: %.*s\r\n", repeated[h].name, (int)(line + n - value), value);
	}
	return seen[REPEAT_VIA] && seen[REPEAT_CSEQ] && !t->bad;
}

/* To where it came from: its Via cannot be trusted to say. */
static void answer_bad(struct sip_stack *k, const char *text, size_t len, const struct sip_hop *source, const char *why)
{
	unsigned status = message_has_foreign_scheme(text, len) ? 416 : 400;
	const struct message_ua *ua = stack_ua(k, source);
	struct message_text t;

	t.len = 0;
	t.bad = false;
	message_add(&t, "SIP/2.0 %u %s\r\n", status, message_phrase(status));
	if (!repeat_headers(&t, text, len))
		return;
	message_add(&t, "Warning: 399 %s \"%s\"\r\nServer: %s\r\nContent-Length: 0\r\n\r\n", ua->host, why,
		    ua->user_agent);
	if (!t.bad)
		txn_send_text(k->txns, t.s, t.len, source, false);
}

void stack_bad(struct sip_stack *k, const char *text, size_t len, const struct sip_hop *source, const char *why)
{
	char from[HOP_TEXT_OCTETS];
	unsigned held = 0;

	k->stats.bad_rx++;
	if (log_limit_pass(&k->bad, loop_now_us(k->loop), &held))
		log_warning("sip", "bad message from %s: %s (%u more since the last such line)",
			    hop_print(source, from), why, held);
	if (peers_find(&k->peers, &source->addr) < 0) {
		peers_suspect(&k->peers, &source->addr, why);
		return;
	}
	/* Neither responses nor ACKs are answered; nor was a stranger. */
	if (len < 12 || !strncasecmp(text, "SIP/", 4) || !strncmp(text, "ACK ", 4))
		return;
	answer_bad(k, text, len, source, why);
}
