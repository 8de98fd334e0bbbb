/* SPDX-License-Identifier: GPL-2.0-only */
#include "frame.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The header's length with its empty line, or 0: it has not ended yet. */
static size_t header_end(struct frame *f, const char *text, size_t len)
{
	/* The line ends may have come apart. */
	size_t from = f->seen > 3 ? f->seen - 3 : 0;
	const char *end = memmem(text + from, len - from, "\r\n\r\n", 4);

	f->seen = len;
	return end ? (size_t)(end - text) + 4 : 0;
}

/* The value of the header line LINE if it is Content-Length's, else NULL. */
static const char *content_length(const char *line, const char *end)
{
	static const char *const names[] = {"Content-Length", "l"}; /* RFC 3261 7.3.3 */
	size_t i, n;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		n = strlen(names[i]);
		if ((size_t)(end - line) < n || strncasecmp(line, names[i], n))
			continue;
		for (line += n; line < end && (*line == ' ' || *line == '\t'); line++)
			;
		return line < end && *line == ':' ? line + 1 : NULL;
	}
	return NULL;
}

/* NULL, or what is wrong with it. */
static const char *read_length(const char *p, const char *end, size_t *np)
{
	size_t n = 0;

	while (p < end && isspace((unsigned char)*p)) /* lines may be folded */
		p++;
	if (p == end || !isdigit((unsigned char)*p))
		return "Content-Length is no number";
	for (; p < end && isdigit((unsigned char)*p); p++) {
		n = n * 10 + (size_t)(*p - '0');
		if (n > FRAME_OCTETS)
			return "Content-Length is too great";
	}
	while (p < end && isspace((unsigned char)*p))
		p++;
	if (p < end)
		return "Content-Length is no number";
	*np = n;
	return NULL;
}

/* The end of the line at P with those that continue it; its line end excluded. */
static const char *line_end(const char *p, const char *end)
{
	for (; p + 2 < end; p++)
		if (p[0] == '\r' && p[1] == '\n' && p[2] != ' ' && p[2] != '\t')
			return p;
	return end;
}

static const char *read_header(const char *text, size_t len, size_t *contentp)
{
	const char *end = text + len - 2, *line, *next, *value, *wrong;
	bool found = false;
	size_t n;

	for (line = text; line < end; line = next + 2) {
		next = line_end(line, end);
		value = content_length(line, next);
		if (!value)
			continue;
		wrong = read_length(value, next, &n);
		if (wrong)
			return wrong;
		if (found && n != *contentp)
			return "two Content-Length headers that differ";
		found = true;
		*contentp = n;
	}
	return found ? NULL : "no Content-Length in a stream";
}

/* However the octets come: a ping is found wherever one begins, behind whatever other line ends. */
static enum frame_kind line_ends(const char *text, size_t len, size_t *lenp)
{
	size_t n = len < 4 ? len : 4;

	if (!memcmp(text, "\r\n\r\n", n)) {
		*lenp = n;
		return n == 4 ? FRAME_PING : FRAME_MORE;
	}
	for (n = 1; n < len && text[n] == '\n'; n++)
		;
	*lenp = n;
	return FRAME_NOTHING;
}

enum frame_kind frame_find(struct frame *f, const char *text, size_t len, size_t *lenp, const char **whyp)
{
	enum frame_kind kind = FRAME_BAD;

	if (!len)
		return FRAME_MORE;
	if (text[0] == '\r' || text[0] == '\n')
		return line_ends(text, len, lenp);
	if (!f->header) {
		f->header = header_end(f, text, len);
		*whyp = "the header is too long";
		if (f->header > FRAME_HEADER_OCTETS || (!f->header && len >= FRAME_HEADER_OCTETS))
			goto out;
		if (!f->header)
			return FRAME_MORE;
		*whyp = read_header(text, f->header, &f->content);
		if (*whyp)
			goto out;
		*whyp = "the message is too long";
		if (f->header + f->content > FRAME_OCTETS)
			goto out;
	}
	if (len < f->header + f->content)
		return FRAME_MORE;
	*lenp = f->header + f->content;
	kind = FRAME_MESSAGE;
out:
	*f = (struct frame){0};
	return kind;
}
