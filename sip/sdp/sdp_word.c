/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sdp_word: see sdp_word.h.
 */
#include <string.h>
#include <strings.h>

#include "sdp_word.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct word word_trim(struct word w)
{
	while (w.len && is_blank(w.p[0])) {
		w.p++;
		w.len--;
	}
	while (w.len && is_blank(w.p[w.len - 1]))
		w.len--;
	return w;
}

struct word word_until(struct word *w, char sep)
{
	const char *end = w->len ? memchr(w->p, sep, w->len) : NULL;
	struct word head = {w->p, end ? (size_t)(end - w->p) : w->len};
	size_t taken = head.len + (end ? 1 : 0);

	w->p += taken;
	w->len -= taken;
	return head;
}

struct word word_next(struct word *w)
{
	struct word token;

	*w = word_trim(*w);
	token = (struct word){w->p, 0};
	while (token.len < w->len && !is_blank(w->p[token.len]))
		token.len++;
	w->p += token.len;
	w->len -= token.len;
	return token;
}

bool word_is(struct word w, const char *text)
{
	return w.len == strlen(text) && !strncasecmp(w.p, text, w.len);
}

bool word_begins(struct word w, const char *text)
{
	return w.len >= strlen(text) && !strncasecmp(w.p, text, strlen(text));
}

bool word_printable(struct word w)
{
	for (size_t i = 0; i < w.len; i++)
		if (w.p[i] <= ' ' || w.p[i] > '~')
			return false;
	return w.len > 0;
}

bool word_number(struct word w, unsigned max, unsigned *np)
{
	unsigned long long n = 0;

	if (!w.len)
		return false;
	for (size_t i = 0; i < w.len; i++) {
		if (w.p[i] < '0' || w.p[i] > '9')
			return false;
		if (n <= max)
			n = n * 10 + (unsigned)(w.p[i] - '0');
	}
	*np = n > max ? max : (unsigned)n;
	return true;
}

void word_copy(struct word w, char *text, size_t room)
{
	size_t n = w.len < room ? w.len : room - 1;

	memcpy(text, w.p, n);
	text[n] = '\0';
}
