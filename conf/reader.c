/* SPDX-License-Identifier: GPL-2.0-only */
#include "reader.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define KEY_SIGNS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
#define BLANKS	  " \t"

struct reader {
	const char *text;
	size_t octets, at;
	unsigned line;
	const struct reader_handlers *h;
};

/* The octets of the UTF-8 character at P (LEN are left), or 0 when there is none: RFC 3629 4, without overlong forms,
 * surrogates and what lies beyond U+10FFFF. */
static size_t utf8_octets(const uint8_t *p, size_t len)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;

	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))
		return 0;
	if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

/* True, with the fault in MESSAGE, if there are octets that no text has. */
static bool octets_bad(const char *s, size_t len, char *message, size_t room)
{
	const uint8_t *p = (const uint8_t *)s;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_octets(p + i, len - i);

		if (!n) {
			snprintf(message, room, "octet 0x%02x in column %zu is not UTF-8", p[i], i + 1);
			return true;
		}
		if ((p[i] < 0x20 && p[i] != '\t') || p[i] == 0x7f) {
			snprintf(message, room, "control character 0x%02x in column %zu", p[i], i + 1);
			return true;
		}
		i += n;
	}
	return false;
}

/* The length of the line without its comment and the white space before that. */
static size_t line_trim(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((s[i] == '#' || s[i] == ';') && (!i || strchr(BLANKS, s[i - 1])))
			len = i;
	}
	while (len && strchr(BLANKS, s[len - 1]))
		len--;
	return len;
}

static bool line_bad(const char *s, size_t len, char *message, size_t room)
{
	size_t name = strspn(s, KEY_SIGNS);
	size_t equals = name + strspn(s + name, BLANKS);
	const char *fault = NULL;

	if (strchr(BLANKS, s[0]))
		fault = "the line is indented: a key or [section] begins in the first column";
	else if (s[0] == '[' && (s[len - 1] != ']' || strcspn(s + 1, "[]") != len - 2))
		fault = "a section is written [name], and nothing may follow it but a comment";
	else if (s[0] != '[' && !strchr(s, '='))
		fault = "'=' is missing: a line is \"key = value\", \"[section]\" or a comment";
	else if (s[0] != '[' && (!name || s[equals] != '='))
		fault = "what stands before '=' is not a key";
	if (fault)
		snprintf(message, room, "%s", fault);
	return fault != NULL;
}

static void reader_header(const struct reader *r, const char *s, size_t len)
{
	char title[READER_LINE_OCTETS + 1];
	size_t from = 1 + strspn(s + 1, BLANKS);
	size_t n = len - 1 > from ? line_trim(s + from, len - 1 - from) : 0;

	memcpy(title, s + from, n);
	title[n] = '\0';
	r->h->section(title, r->line, r->h->arg);
}

/* Puts one line of LEN octets, trimmed and good, or nothing, to STR. */
static size_t reader_take(const struct reader *r, const char *s, size_t len, char *str)
{
	char message[160];

	if (octets_bad(s, len, message, sizeof(message)))
		goto bad;
	len = line_trim(s, len);
	if (!len)
		return 0;
	if (len > READER_LINE_OCTETS) {
		snprintf(message, sizeof(message), "the line is longer than %d characters", READER_LINE_OCTETS);
		goto bad;
	}
	memcpy(str, s, len);
	str[len] = '\0';
	if (line_bad(str, len, message, sizeof(message)))
		goto bad;
	if (str[0] == '[')
		reader_header(r, str, len);
	return len;
bad:
	r->h->error(r->line, message, r->h->arg);
	return 0;
}

/* inih's reader: the next line, as fgets(3) gives it. */
static char *reader_next(char *str, int room, void *stream)
{
	struct reader *r = stream;
	const char *s = r->text + r->at, *end;
	size_t len;

	if (r->at >= r->octets || room < READER_LINE_OCTETS + 3)
		return NULL;
	end = memchr(s, '\n', r->octets - r->at);
	len = end ? (size_t)(end - s) : r->octets - r->at;
	r->at += len + 1;
	r->line++;
	if (len && s[len - 1] == '\r')
		len--;
	len = reader_take(r, s, len, str);
	str[len] = '\n';
	str[len + 1] = '\0';
	return str;
}

static int reader_key(void *user, const char *section, const char *name, const char *value)
{
	const struct reader *r = user;

	r->h->key(name, value, r->line, r->h->arg);
	return 1;
}

int reader_run(const char *text, size_t octets, const struct reader_handlers *h)
{
	struct reader r = {.text = text, .octets = octets, .h = h};

	if (octets >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		r.at = 3; /* a byte order mark */
	return ini_parse_stream(reader_next, &r, reader_key, &r) == -2 ? ENOMEM : 0;
}
