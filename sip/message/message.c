/* SPDX-License-Identifier: GPL-2.0-only */
#include "message.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <strings.h>
#include <sys/random.h>
#include <unistd.h>

#include "gateway/base/log.h"

int message_ua_init(struct message_ua *ua, const char *host, const struct addr *local, const char *user_agent)
{
	char text[ADDR_TEXT_OCTETS];
	const char *own = host ? host : addr_print_host(local, text);
	bool v6 = strchr(own, ':') && own[0] != '[';
	int n;

	memset(ua, 0, sizeof(*ua));
	if (!own[0] ||
	    strspn(own, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") != strlen(own))
		return EINVAL;
	n = snprintf(ua->host, sizeof(ua->host), "%s%s%s", v6 ? "[" : "", own, v6 ? "]" : "");
	if (n < 0 || (size_t)n >= sizeof(ua->host))
		return EINVAL;
	message_ua_add(ua, SIP_UDP, local);
	snprintf(ua->user_agent, sizeof(ua->user_agent), "%s", user_agent && user_agent[0] ? user_agent : "Faxspan");
	return 0;
}

void message_ua_add(struct message_ua *ua, enum sip_transport transport, const struct addr *local)
{
	char param[32] = "", by[MESSAGE_HOST_OCTETS + 8];

	if (transport != SIP_UDP)
		snprintf(param, sizeof(param), ";transport=%s", sip_transport_name(transport));
	snprintf(by, sizeof(by), "%.*s:%u", MESSAGE_HOST_OCTETS, ua->host, addr_port(local));
	snprintf(ua->contact[transport], sizeof(ua->contact[0]), "<sip:faxspan@%s%s>", by, param);
	memcpy(ua->sent_by[transport], by, sizeof(by));
	if (transport == SIP_TLS)
		snprintf(ua->secure, sizeof(ua->secure), "<sips:faxspan@%s>", by);
}

const char *message_contact(const struct message_ua *ua, enum sip_transport transport, bool secure)
{
	return secure && ua->secure[0] ? ua->secure : ua->contact[transport];
}

enum sip_transport message_transport(const osip_message_t *request)
{
	const osip_via_t *via = osip_list_get(&request->vias, 0);
	enum sip_transport t = SIP_UDP;

	return via && sip_transport_find(via->protocol, &t) ? t : SIP_UDP;
}

void message_add(struct message_text *t, const char *fmt, ...)
{
	size_t left = sizeof(t->s) - t->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->s + t->len, left, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= left) {
		t->s[t->len] = '\0';
		t->bad = true;
		return;
	}
	t->len += (size_t)n;
}

void message_add_user(struct message_text *t, const char *user)
{
	for (; *user; user++) {
		unsigned char c = (unsigned char)*user;

		/* unreserved and user-unreserved; '#' is not among them. */
		if (isalnum(c) || strchr("-_.!~*'()&=+$,;?/", c))
			message_add(t, "%c", c);
		else
			message_add(t, "%%%02X", c);
	}
}

void message_add_quoted(struct message_text *t, const char *text)
{
	message_add(t, "\"");
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			message_add(t, "\\%c", c);
		else if (c >= 0x20 && c != 0x7f)
			message_add(t, "%c", c);
	}
	message_add(t, "\"");
}

void message_add_reason(struct message_text *t, unsigned cause)
{
	if (cause)
		message_add(t, "Reason: Q.850;cause=%u;text=\"%s\"\r\n", cause, q850_name(cause));
}

void message_add_body(struct message_text *t, const struct sdp *sdp)
{
	char text[SDP_TEXT_OCTETS];
	size_t n;

	if (!sdp) {
		message_add(t, "Content-Length: 0\r\n\r\n");
		return;
	}
	n = sdp_write(sdp, text, sizeof(text));
	if (!n)
		t->bad = true;
	message_add(t, "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%.*s", n, (int)n, text);
}

/* osip writes "Max-forwards" and takes a list apart: legal, but not every peer has read RFC 3261 7.3.1 to its end. */
static int tidy_headers(osip_message_t *m)
{
	static const char *const own_ways[] = {"RAck", "Min-SE"};
	size_t n;
	osip_header_t *h;
	char *p;
	int i;

	for (i = 0; i < osip_list_size(&m->headers); i++) {
		h = osip_list_get(&m->headers, i);
		for (p = h->hname; p && (p = strchr(p, '-')); p++)
			p[1] = (char)toupper((unsigned char)p[1]);
		for (n = 0; h->hname && n < sizeof(own_ways) / sizeof(own_ways[0]); n++)
			if (!strcasecmp(h->hname, own_ways[n]))
				memcpy(h->hname, own_ways[n], strlen(own_ways[n]));
	}
	return MSG_IS_INVITE(m) ? message_set_header(m, "Allow", MESSAGE_ALLOW) : 0;
}

int message_finish(const struct message_text *t, osip_message_t **mp)
{
	osip_message_t *m;
	int rc, err;

	if (t->bad)
		return EMSGSIZE;
	if (osip_message_init(&m))
		return ENOMEM;
	rc = osip_message_parse(m, t->s, t->len);
	err = rc == OSIP_NOMEM ? ENOMEM : rc ? EINVAL : tidy_headers(m);
	if (err)
		osip_message_free(m);
	else
		*mp = m;
	return err;
}

void message_new_token(char *buf, size_t octets)
{
	static const char digit[] = "0123456789abcdef";
	unsigned char r[MESSAGE_TOKEN_OCTETS] = {0};
	size_t i, n = octets - 1 < sizeof(r) ? octets - 1 : sizeof(r);

	/* 256 octets and less never fail once the pool is filled, which it is long before we start. */
	if (getrandom(r, sizeof(r), 0) != (ssize_t)sizeof(r))
		log_error("sip", "getrandom: %s", strerror(errno));
	for (i = 0; i < n; i++)
		buf[i] = digit[r[i] & 15];
	buf[n] = '\0';
}

int message_set_header(osip_message_t *m, const char *name, const char *fmt, ...)
{
	char value[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	if (n < 0)
		return EINVAL;
	return osip_message_set_header(m, name, value) ? ENOMEM : 0;
}

int message_set_reason(osip_message_t *m, unsigned cause)
{
	if (!cause)
		return 0;
	return message_set_header(m, "Reason", "Q.850;cause=%u;text=\"%s\"", cause, q850_name(cause));
}

int message_set_warning(osip_message_t *m, const struct message_ua *ua, unsigned code, const char *text)
{
	char clean[200];
	size_t n = 0;

	for (; *text && n < sizeof(clean) - 1; text++)
		if ((unsigned char)*text >= 0x20 && (unsigned char)*text < 0x7f && *text != '"' && *text != '\\')
			clean[n++] = *text;
	clean[n] = '\0';
	return message_set_header(m, "Warning", "%u %s \"%s\"", code, ua->host, clean);
}

int message_set_sdp(osip_message_t *m, const struct sdp *sdp)
{
	char text[SDP_TEXT_OCTETS];
	size_t n = sdp_write(sdp, text, sizeof(text));

	if (!n)
		return EMSGSIZE;
	if (osip_message_set_content_type(m, "application/sdp") || osip_message_set_body(m, text, n))
		return ENOMEM;
	return 0;
}

static int copy_vias(const osip_message_t *from, osip_message_t *to, int most)
{
	osip_via_t *via;
	int i;

	for (i = 0; i < osip_list_size(&from->vias) && i < most; i++) {
		if (osip_via_clone(osip_list_get(&from->vias, i), &via))
			return ENOMEM;
		if (osip_list_add(&to->vias, via, -1) < 0) {
			osip_via_free(via);
			return ENOMEM;
		}
	}
	return 0;
}

/* Record-Route or Route: both are osip_from_t inside. */
static int copy_routes(const osip_list_t *from, osip_list_t *to)
{
	osip_from_t *r;
	int i;

	for (i = 0; i < osip_list_size(from); i++) {
		if (osip_from_clone(osip_list_get(from, i), &r))
			return ENOMEM;
		if (osip_list_add(to, r, -1) < 0) {
			osip_from_free(r);
			return ENOMEM;
		}
	}
	return 0;
}

/* What a response has in common with its request, and a CANCEL with its INVITE. */
static int copy_identity(const osip_message_t *from, osip_message_t *to)
{
	if (osip_from_clone(from->from, &to->from) || osip_to_clone(from->to, &to->to) ||
	    osip_call_id_clone(from->call_id, &to->call_id) || osip_cseq_clone(from->cseq, &to->cseq))
		return ENOMEM;
	osip_message_set_version(to, osip_strdup("SIP/2.0"));
	return to->sip_version ? 0 : ENOMEM;
}

static bool is_secure(const osip_message_t *request)
{
	return request->req_uri && request->req_uri->scheme && !strcasecmp(request->req_uri->scheme, "sips");
}

static int add_response_headers(const struct message_ua *ua, const osip_message_t *request, osip_message_t *m)
{
	bool invite = MSG_IS_INVITE(request);
	bool targets = invite || !strcmp(request->sip_method, "UPDATE"); /* RFC 3311 5.2 */
	int status = m->status_code, err = 0;

	if (invite && status > 100 && status < 300)
		err = copy_routes(&request->record_routes, &m->record_routes);
	if (!err && targets && status > 100 && status < 300 &&
	    osip_message_set_contact(m, message_contact(ua, message_transport(request), is_secure(request))))
		err = ENOMEM;
	if (!err && ((status >= 200 && status < 300 && !MSG_IS_BYE(request) && !MSG_IS_CANCEL(request)) ||
		     status == 405 || status == 501))
		err = message_set_header(m, "Allow", MESSAGE_ALLOW);
	if (!err)
		err = message_set_header(m, "Server", "%s", ua->user_agent);
	return err;
}

int message_response(const struct message_ua *ua, const osip_message_t *request, unsigned status, const char *to_tag,
		     osip_message_t **mp)
{
	osip_message_t *m;
	char *tag;
	int err;

	if (osip_message_init(&m))
		return ENOMEM;
	osip_message_set_status_code(m, (int)status);
	osip_message_set_reason_phrase(m, osip_strdup(message_phrase(status)));
	err = copy_identity(request, m);
	if (!err)
		err = copy_vias(request, m, osip_list_size(&request->vias));
	if (!err && to_tag && !message_to_tag(m)[0]) {
		tag = osip_strdup(to_tag);
		if (!tag || osip_to_set_tag(m->to, tag))
			err = ENOMEM;
	}
	if (!err)
		err = add_response_headers(ua, request, m);
	if (err)
		osip_message_free(m);
	else
		*mp = m;
	return err;
}

int message_cancel(const struct message_ua *ua, const osip_message_t *invite, unsigned cause, osip_message_t **mp)
{
	osip_message_t *m;
	int err;

	if (osip_message_init(&m))
		return ENOMEM;
	err = copy_identity(invite, m);
	if (!err)
		err = copy_vias(invite, m, 1);
	if (!err)
		err = copy_routes(&invite->routes, &m->routes);
	if (err)
		goto out;
	osip_free(m->cseq->method);
	m->cseq->method = osip_strdup("CANCEL");
	osip_message_set_method(m, osip_strdup("CANCEL"));
	if (!m->cseq->method || !m->sip_method || osip_uri_clone(invite->req_uri, &m->req_uri)) {
		err = ENOMEM;
		goto out;
	}
	err = message_set_header(m, "Max-Forwards", "70");
	if (!err)
		err = message_set_reason(m, cause);
	if (!err)
		err = message_set_header(m, "User-Agent", "%s", ua->user_agent);
out:
	if (err)
		osip_message_free(m);
	else
		*mp = m;
	return err;
}

int message_to_text(osip_message_t *m, char **textp, size_t *lenp)
{
	char *text = NULL;
	size_t len = 0;

	if (osip_message_to_str(m, &text, &len) || !text)
		return ENOMEM;
	*textp = text;
	*lenp = len;
	return 0;
}

void message_log(const char *direction, const osip_message_t *m, const struct sip_hop *h)
{
	char text[HOP_TEXT_OCTETS], id[128];

	if (!log_enabled(LOGL_DEBUG))
		return;
	if (!m->cseq || !m->cseq->number || !message_call_id(m, id, sizeof(id)))
		snprintf(id, sizeof(id), "?");
	if (MSG_IS_REQUEST(m))
		log_debug("sip", "%s %s %s cseq %s call-id %s", direction, hop_print(h, text), m->sip_method,
			  m->cseq && m->cseq->number ? m->cseq->number : "?", id);
	else
		log_debug("sip", "%s %s %d cseq %s %s call-id %s", direction, hop_print(h, text), m->status_code,
			  m->cseq && m->cseq->number ? m->cseq->number : "?",
			  m->cseq && m->cseq->method ? m->cseq->method : "?", id);
}
