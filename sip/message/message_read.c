/* SPDX-License-Identifier: GPL-2.0-only */
/* message, the reading half. osip's look-ups take no const, but change nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "message.h"

static const char *param_value(const osip_list_t *params, const char *name)
{
	osip_generic_param_t *p = NULL;

	if (osip_generic_param_get_byname((osip_list_t *)params, (char *)name, &p) || !p || !p->gvalue)
		return "";
	return p->gvalue;
}

const char *message_from_tag(const osip_message_t *m)
{
	return m->from ? param_value(&m->from->gen_params, "tag") : "";
}

const char *message_to_tag(const osip_message_t *m)
{
	return m->to ? param_value(&m->to->gen_params, "tag") : "";
}

const char *message_branch(const osip_message_t *m)
{
	const osip_via_t *via = osip_list_get(&m->vias, 0);

	return via ? param_value(&via->via_params, "branch") : "";
}

uint32_t message_cseq(const osip_message_t *m)
{
	return m->cseq && m->cseq->number ? (uint32_t)strtoul(m->cseq->number, NULL, 10) : 0;
}

bool message_call_id(const osip_message_t *m, char *buf, size_t room)
{
	int n;

	if (!m->call_id || !m->call_id->number)
		return false;
	n = snprintf(buf, room, "%s%s%s", m->call_id->number, m->call_id->host ? "@" : "",
		     m->call_id->host ? m->call_id->host : "");
	return n > 0 && (size_t)n < room;
}

bool message_is_for(const osip_message_t *m, const char *method)
{
	return m->cseq && m->cseq->method && !strcmp(m->cseq->method, method);
}

const char *message_header(const osip_message_t *m, const char *name, unsigned pos)
{
	osip_header_t *h;
	unsigned found = 0;
	int i;

	for (i = 0; i < osip_list_size(&m->headers); i++) {
		h = osip_list_get(&m->headers, i);
		if (h && h->hname && h->hvalue && !strcasecmp(h->hname, name) && found++ == pos)
			return h->hvalue;
	}
	return NULL;
}

/* Where an item ends: a comma outside quotes and angle brackets. */
static size_t item_length(const char *p)
{
	bool quoted = false, bracketed = false;
	size_t n;

	for (n = 0; p[n] && (quoted || bracketed || p[n] != ','); n++) {
		if (quoted && p[n] == '\\' && p[n + 1])
			n++;
		else if (p[n] == '"' && !bracketed)
			quoted = !quoted;
		else if (!quoted && (p[n] == '<' || p[n] == '>'))
			bracketed = p[n] == '<';
	}
	return n;
}

bool message_item(const osip_message_t *m, const char *name, unsigned pos, char *buf, size_t room)
{
	const char *p;
	size_t n;

	for (unsigned i = 0; (p = message_header(m, name, i)); i++) {
		for (p += strspn(p, ", \t"); *p; p += strspn(p, ", \t")) {
			n = item_length(p);
			if (!pos--) {
				n = n < room ? n : 0;
				memcpy(buf, p, n);
				buf[n] = '\0';
				return true;
			}
			p += n;
		}
	}
	return false;
}

/* The next item of a comma-separated list; NULL at its end. */
static const char *next_item(const char *p, size_t *lenp)
{
	p += strspn(p, ", \t");
	*lenp = strcspn(p, ", \t");
	return *lenp ? p : NULL;
}

/* Compact forms arrive under their long names or not, depending on osip's table: look for both. */
static const char *header_or_compact(const osip_message_t *m, const char *name, unsigned pos)
{
	const char *v = message_header(m, name, pos);

	if (!v && !strcasecmp(name, "Supported"))
		v = message_header(m, "k", pos);
	return v;
}

bool message_allows(const osip_message_t *m, const char *method)
{
	osip_allow_t *a = NULL;

	if (!method)
		return osip_list_size(&m->allows) > 0;
	for (int i = 0; osip_message_get_allow(m, i, &a) >= 0 && a; i++)
		if (a->value && !strcmp(a->value, method))
			return true;
	return false;
}

bool message_has_option(const osip_message_t *m, const char *name, const char *option)
{
	const char *p;
	unsigned pos;
	size_t n;

	for (pos = 0; (p = header_or_compact(m, name, pos)); pos++)
		for (; (p = next_item(p, &n)); p += n)
			if (n == strlen(option) && !strncasecmp(p, option, n))
				return true;
	return false;
}

static bool option_is_known(const char *option, size_t n, bool reliable)
{
	return (n == 5 && !strncasecmp(option, "timer", n)) ||
	       (reliable && n == 6 && !strncasecmp(option, "100rel", n));
}

bool message_unsupported(const osip_message_t *m, bool reliable, char *buf, size_t room)
{
	size_t n, len = 0;
	unsigned pos;
	const char *p;
	bool any = false;

	buf[0] = '\0';
	for (pos = 0; (p = message_header(m, "Require", pos)); pos++) {
		for (; (p = next_item(p, &n)); p += n) {
			if (option_is_known(p, n, reliable))
				continue;
			if (len + n + 3 < room)
				len += (size_t)snprintf(buf + len, room - len, "%s%.*s", any ? ", " : "", (int)n, p);
			any = true;
		}
	}
	return any;
}

unsigned message_q850(const osip_message_t *m)
{
	const char *p, *c;
	unsigned long cause;
	unsigned pos;

	for (pos = 0; (p = message_header(m, "Reason", pos)); pos++) {
		p = strcasestr(p, "Q.850");
		c = p ? strcasestr(p, "cause") : NULL;
		if (!c)
			continue;
		c += strlen("cause");
		c += strspn(c, " \t=");
		cause = strtoul(c, NULL, 10);
		if (cause >= 1 && cause <= 127)
			return (unsigned)cause;
	}
	return 0;
}

uint16_t message_via_port(const osip_via_t *via, enum sip_transport transport)
{
	unsigned long port = via->port ? strtoul(via->port, NULL, 10) : 0;

	return port >= 1 && port <= 65535 ? (uint16_t)port : (uint16_t)sip_transport_port(transport);
}

/* Gives the parameter NAME of VIA a value, whatever its sender wrote there. Without memory all stays as it is: the
 * answer finds its way without. */
static void via_mark(osip_via_t *via, const char *name, const char *value)
{
	osip_generic_param_t *p = NULL;
	char *own = osip_strdup(value), *own_name;

	if (!own)
		return;
	osip_generic_param_get_byname(&via->via_params, (char *)name, &p);
	if (p) {
		osip_free(p->gvalue);
		p->gvalue = own;
		return;
	}
	own_name = osip_strdup(name);
	if (!own_name || osip_via_param_add(via, own_name, own)) {
		osip_free(own_name);
		osip_free(own);
	}
}

struct sip_hop message_reply_to(osip_message_t *request, const struct sip_hop *source)
{
	osip_via_t *via = osip_list_get(&request->vias, 0);
	osip_generic_param_t *rport = NULL;
	char host[ADDR_TEXT_OCTETS], port[8];
	struct sip_hop to = *source;

	osip_generic_param_get_byname(&via->via_params, (char *)"rport", &rport);
	addr_print_host(&source->addr, host);
	snprintf(port, sizeof(port), "%u", addr_port(&source->addr));
	if (rport)
		via_mark(via, "rport", port);
	/* RFC 3261 18.2.1: where its sent-by says something else; RFC 3581 4: and beside rport always. */
	if (rport || !via->host || strcmp(via->host, host))
		via_mark(via, "received", host);
	/* A connection that is gone is opened anew to where its other end listens. */
	if (rport && source->transport == SIP_UDP)
		return to;
	/* RFC 3261 18.2.2: the source's host, the port of sent-by. */
	addr_set_port(&to.addr, message_via_port(via, source->transport));
	return to;
}

static bool is_sdp(const osip_content_type_t *ct)
{
	return ct && ct->type && ct->subtype && !strcasecmp(ct->type, "application") && !strcasecmp(ct->subtype, "sdp");
}

enum message_body message_find_sdp(const osip_message_t *m, const char **textp, size_t *lenp)
{
	const osip_content_type_t *ct = m->content_type;
	const osip_body_t *b;
	int i, n = osip_list_size(&m->bodies);

	if (n <= 0 || (n == 1 && !((osip_body_t *)osip_list_get(&m->bodies, 0))->length))
		return MESSAGE_NO_BODY;
	for (i = 0; i < n; i++) {
		b = osip_list_get(&m->bodies, i);
		/* Part of a multipart, or the body itself. */
		if (!b->body || !is_sdp(b->content_type ? b->content_type : ct))
			continue;
		*textp = b->body;
		*lenp = b->length;
		return MESSAGE_SDP;
	}
	return MESSAGE_OTHER_BODY;
}

unsigned message_retry_after(const osip_message_t *m)
{
	const char *text = message_header(m, "Retry-After", 0);
	unsigned s = 0;

	for (; text && *text >= '0' && *text <= '9' && s < 86400; text++)
		s = s * 10 + (unsigned)(*text - '0');
	return s < 86400 ? s : 86400;
}
