/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/sip_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *compact, *name;
} compacts[] = {
	{"v", "Via"},	       {"f", "From"},		{"t", "To"},	  {"i", "Call-ID"}, {"m", "Contact"},
	{"c", "Content-Type"}, {"l", "Content-Length"}, {"s", "Subject"},
};

bool sip_text_is(const char *name, const char *long_name)
{
	if (!strcasecmp(name, long_name))
		return true;
	for (size_t i = 0; i < sizeof(compacts) / sizeof(compacts[0]); i++) {
		if (!strcasecmp(name, compacts[i].compact))
			return !strcasecmp(long_name, compacts[i].name);
	}
	return false;
}

static char *trim(char *s)
{
	char *end;

	while (*s == ' ' || *s == '\t')
		s++;
	end = s + strlen(s);
	while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return s;
}

/* Cuts the line at *P off and moves *P behind it; lines folded onto it are made one with it. */
static char *next_line(char **p)
{
	char *line = *p, *end = strchr(line, '\n');

	while (end && end[1] && (end[1] == ' ' || end[1] == '\t') && end > line && end[-1] != '\n') {
		if (end == line + 1 && end[-1] == '\r')
			break;
		if (end[-1] == '\r')
			end[-1] = ' ';
		*end = ' ';
		end = strchr(end, '\n');
	}
	if (!end) {
		*p = line + strlen(line);
		return line;
	}
	*p = end + 1;
	if (end > line && end[-1] == '\r')
		end--;
	*end = '\0';
	return line;
}

static bool read_start(struct sip_text *t, char *line)
{
	char *space = strchr(line, ' '), *second;

	if (!space)
		return false;
	if (!strncasecmp(line, "SIP/2.0 ", 8)) {
		t->request = false;
		t->status = (unsigned)strtoul(space + 1, NULL, 10);
		second = strchr(space + 1, ' ');
		t->reason = second ? second + 1 : "";
		t->method = t->uri = "";
		return t->status >= 100 && t->status <= 699;
	}
	second = strchr(space + 1, ' ');
	if (!second || strcasecmp(second + 1, "SIP/2.0"))
		return false;
	*space = *second = '\0';
	t->request = true;
	t->method = line;
	t->uri = space + 1;
	t->reason = "";
	t->status = 0;
	return true;
}

bool sip_text_read(struct sip_text *t, const void *p, size_t len)
{
	char *at = t->buf, *line, *colon;

	if (!len || len > SIP_TEXT_MAX_OCTETS || memchr(p, '\0', len))
		return false;
	memcpy(t->buf, p, len);
	t->buf[len] = '\0';
	t->nheaders = 0;
	if (!read_start(t, next_line(&at)))
		return false;
	for (line = next_line(&at); *line; line = next_line(&at)) {
		colon = strchr(line, ':');
		if (!colon || t->nheaders == SIP_TEXT_MAX_HEADERS)
			return false;
		*colon = '\0';
		t->headers[t->nheaders].name = trim(line);
		t->headers[t->nheaders++].value = trim(colon + 1);
	}
	t->body = at;
	return true;
}

const char *sip_text_header(const struct sip_text *t, const char *name)
{
	for (unsigned i = 0; i < t->nheaders; i++) {
		if (sip_text_is(t->headers[i].name, name))
			return t->headers[i].value;
	}
	return "";
}

unsigned sip_text_cseq(const struct sip_text *t, char *method)
{
	unsigned number = 0;

	method[0] = '\0';
	if (sscanf(sip_text_header(t, "CSeq"), "%u %31s", &number, method) < 1)
		return 0;
	return number;
}

bool sip_text_param(const char *value, const char *name, char *out, size_t room)
{
	const char *s = strchr(value, '>');
	size_t n = strlen(name);

	for (s = strchr(s ? s : value, ';'); s; s = strchr(s, ';')) {
		s += 1 + strspn(s + 1, " \t");
		if (strncasecmp(s, name, n) || (s[n] && !strchr("=;, \t", s[n])))
			continue;
		s += n;
		s += *s == '=';
		snprintf(out, room, "%.*s", (int)strcspn(s, ";, \t>"), s);
		return true;
	}
	return false;
}

void sip_text_uri(const char *value, char *out, size_t room)
{
	const char *open = strchr(value, '<');

	if (open)
		snprintf(out, room, "%.*s", (int)strcspn(open + 1, ">"), open + 1);
	else
		snprintf(out, room, "%.*s", (int)strcspn(value, "; \t"), value);
}

void sip_text_user(const char *uri, char *out, size_t room)
{
	const char *colon = strchr(uri, ':'), *at = strchr(uri, '@');

	if (!colon || !at || at < colon)
		snprintf(out, room, "%s", "");
	else
		snprintf(out, room, "%.*s", (int)(at - colon - 1), colon + 1);
}
