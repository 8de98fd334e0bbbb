/* SPDX-License-Identifier: GPL-2.0-only */
#include "dialog.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Our own copy of what osip writes: ours to free, and counted with ours. */
static char *take_osip_text(char *text)
{
	char *own = text ? strdup(text) : NULL;

	osip_free(text);
	return own;
}

static char *name_addr_text(const osip_from_t *a)
{
	char *text = NULL;

	return a && !osip_from_to_str(a, &text) ? take_osip_text(text) : NULL;
}

static char *uri_text(const osip_uri_t *u)
{
	char *text = NULL;

	return u && !osip_uri_to_str(u, &text) ? take_osip_text(text) : NULL;
}

static int replace(char **sp, char *text)
{
	if (!text)
		return ENOMEM;
	free(*sp);
	*sp = text;
	return 0;
}

static bool is_sip_uri(const osip_uri_t *u)
{
	return u && u->host && u->scheme && (!strcasecmp(u->scheme, "sip") || !strcasecmp(u->scheme, "sips"));
}

/* The hop that URI names in numbers; one that names no transport goes by USUAL. */
static bool uri_hop(const osip_uri_t *uri, enum sip_transport usual, struct sip_hop *hp)
{
	struct sip_hop h = {.transport = !strcasecmp(uri->scheme, "sips") ? SIP_TLS : usual};
	osip_uri_param_t *p = NULL;
	unsigned long port;

	osip_uri_param_get_byname((osip_list_t *)&uri->url_params, (char *)"transport", &p);
	if (p && !sip_transport_find(p->gvalue, &h.transport))
		return false;
	port = uri->port ? strtoul(uri->port, NULL, 10) : sip_transport_port(h.transport);
	if (port < 1 || port > 65535 || addr_parse(&h.addr, uri->host, (uint16_t)port) || addr_is_any(&h.addr))
		return false;
	addr_set_port(&h.addr, (uint16_t)port);
	*hp = h;
	return true;
}

/* RFC 3261 8.1.2 without DNS: peers are numeric; for a name the peer itself stands in. */
static void dialog_find_next_hop(struct dialog *d)
{
	const char *text = d->nroutes ? d->routes[0] : d->target;
	osip_from_t *route = NULL;
	osip_uri_t *uri = NULL;
	const osip_uri_t *hop = NULL;
	struct sip_hop h;

	d->next_hop = d->peer;
	if (d->nroutes) {
		if (osip_from_init(&route) || osip_from_parse(route, text))
			goto out;
		hop = route->url;
	} else {
		if (osip_uri_init(&uri) || osip_uri_parse(uri, text))
			goto out;
		hop = uri;
	}
	if (!is_sip_uri(hop) || !uri_hop(hop, d->peer.transport, &h))
		goto out;
	if (d->nat && !d->nroutes && !addr_same_host(&h.addr, &d->peer.addr))
		goto out;
	/* A connection reaches whoever opened it, whatever address it gives (RFC 5626). */
	if (h.transport == d->peer.transport)
		h.connection = d->peer.connection;
	d->next_hop = h;
out:
	osip_from_free(route);
	osip_uri_free(uri);
}

static void drop_routes(struct dialog *d)
{
	while (d->nroutes)
		free(d->routes[--d->nroutes]);
	free(d->strict);
	d->strict = NULL;
}

/* Record-Route as it stands for the callee, backwards for the caller (RFC 3261 12.1.1, 12.1.2). */
static int dialog_set_routes(struct dialog *d, const osip_message_t *m, bool backwards)
{
	int i, n = osip_list_size(&m->record_routes);
	osip_uri_param_t *lr = NULL;
	const osip_from_t *r;

	drop_routes(d);
	if (n > DIALOG_ROUTES)
		return EINVAL;
	for (i = 0; i < n; i++) {
		r = osip_list_get(&m->record_routes, backwards ? n - 1 - i : i);
		if (!r || !is_sip_uri(r->url))
			return EINVAL;
		d->routes[d->nroutes] = name_addr_text(r);
		if (!d->routes[d->nroutes])
			return ENOMEM;
		d->nroutes++;
		if (i)
			continue;
		osip_uri_param_get_byname(&r->url->url_params, (char *)"lr", &lr);
		if (lr)
			continue;
		d->strict = uri_text(r->url);
		if (!d->strict)
			return ENOMEM;
	}
	return 0;
}

int dialog_refresh(struct dialog *d, const osip_message_t *m)
{
	const osip_contact_t *c = osip_list_get(&m->contacts, 0);
	int err;

	if (!c || !is_sip_uri(c->url))
		return 0;
	err = replace(&d->target, uri_text(c->url));
	if (!err)
		dialog_find_next_hop(d);
	return err;
}

int dialog_init_uac(struct dialog *d, const char *local, const char *remote, const char *target,
		    const struct sip_hop *peer)
{
	memset(d, 0, sizeof(*d));
	message_new_token(d->call_id, MESSAGE_TOKEN_OCTETS);
	message_new_token(d->local_tag, 17);
	d->peer = *peer;
	d->next_hop = *peer;
	d->remote_tag = strdup("");
	d->remote = strdup(remote);
	d->target = strdup(target);
	if (asprintf(&d->local, "%s;tag=%s", local, d->local_tag) < 0)
		d->local = NULL;
	if (d->remote_tag && d->remote && d->target && d->local)
		return 0;
	dialog_fini(d);
	return ENOMEM;
}

/* Name-addr A with its tag, or with TAG if it has none. */
static char *tagged_text(const osip_from_t *a, const char *tag)
{
	char *text = name_addr_text(a), *both = NULL;

	if (!text || !tag[0])
		return text;
	if (asprintf(&both, "%s;tag=%s", text, tag) < 0)
		both = NULL;
	free(text);
	return both;
}

int dialog_init_uas(struct dialog *d, const osip_message_t *invite, const struct sip_hop *source)
{
	const osip_contact_t *c = osip_list_get(&invite->contacts, 0);
	/* RFC 2543 could do without a Contact. */
	const osip_uri_t *target = c ? c->url : message_is_old(invite) ? invite->from->url : NULL;
	int err;

	memset(d, 0, sizeof(*d));
	if (!is_sip_uri(target) || !message_call_id(invite, d->call_id, sizeof(d->call_id)))
		return EINVAL;
	message_new_token(d->local_tag, 17);
	d->peer = *source;
	d->remote_cseq = message_cseq(invite);
	d->remote_seen = true;
	d->remote_tag = strdup(message_from_tag(invite));
	d->remote = name_addr_text(invite->from);
	d->local = tagged_text(invite->to, message_to_tag(invite)[0] ? "" : d->local_tag);
	d->target = uri_text(target);
	err = d->remote_tag && d->remote && d->local && d->target ? dialog_set_routes(d, invite, false) : ENOMEM;
	if (!err)
		dialog_find_next_hop(d);
	if (err)
		dialog_fini(d);
	return err;
}

/* What dialog_restart() goes back to. */
static int keep_first(struct dialog *d)
{
	if (d->first_remote || !d->remote)
		return 0;
	d->first_remote = strdup(d->remote);
	if (!d->first_target)
		d->first_target = strdup(d->target);
	return d->first_remote && d->first_target ? 0 : ENOMEM;
}

void dialog_restart(struct dialog *d)
{
	if (!d->first_remote || !d->first_target)
		return;
	free(d->remote);
	d->remote = d->first_remote;
	free(d->target);
	d->target = d->first_target;
	d->first_remote = d->first_target = NULL;
	d->remote_tag[0] = '\0';
	drop_routes(d);
	d->next_hop = d->peer;
}

int dialog_establish(struct dialog *d, const osip_message_t *response)
{
	int err;

	if (!message_to_tag(response)[0])
		return 0;
	err = keep_first(d);
	if (!err)
		err = replace(&d->remote_tag, strdup(message_to_tag(response)));
	if (!err)
		err = replace(&d->remote, name_addr_text(response->to));
	if (!err)
		err = dialog_set_routes(d, response, true);
	if (!err)
		err = dialog_refresh(d, response);
	if (!err)
		dialog_find_next_hop(d);
	return err;
}

int dialog_init_stray(struct dialog *d, const osip_message_t *response, const struct sip_hop *peer)
{
	int err = EINVAL;

	memset(d, 0, sizeof(*d));
	if (!message_call_id(response, d->call_id, sizeof(d->call_id)) || !message_to_tag(response)[0])
		return EINVAL;
	d->peer = *peer;
	d->local_cseq = message_cseq(response);
	d->local = name_addr_text(response->from);
	d->target = strdup("sip:invalid");
	err = d->local && d->target ? dialog_establish(d, response) : ENOMEM;
	/* Without a Contact there is nowhere to send to. */
	if (!err && !strcmp(d->target, "sip:invalid"))
		err = EINVAL;
	if (err)
		dialog_fini(d);
	return err;
}

void dialog_fini(struct dialog *d)
{
	drop_routes(d);
	free(d->remote_tag);
	free(d->local);
	free(d->remote);
	free(d->target);
	free(d->first_remote);
	free(d->first_target);
	memset(d, 0, sizeof(*d));
}

static bool same_call(const struct dialog *d, const osip_message_t *m)
{
	char id[DIALOG_CALL_ID_OCTETS];

	return message_call_id(m, id, sizeof(id)) && !strcmp(id, d->call_id);
}

bool dialog_has_request(const struct dialog *d, const osip_message_t *request)
{
	return same_call(d, request) && !strcmp(message_to_tag(request), d->local_tag) &&
	       !strcmp(message_from_tag(request), d->remote_tag);
}

bool dialog_is_awaited_by(const struct dialog *d, const osip_message_t *request)
{
	return same_call(d, request) && !strcmp(message_to_tag(request), d->local_tag);
}

bool dialog_has_response(const struct dialog *d, const osip_message_t *response)
{
	return same_call(d, response) && !strcmp(message_from_tag(response), d->local_tag);
}

bool dialog_take_cseq(struct dialog *d, const osip_message_t *request)
{
	uint32_t cseq = message_cseq(request);

	if (d->remote_seen && cseq <= d->remote_cseq)
		return false;
	d->remote_cseq = cseq;
	d->remote_seen = true;
	return true;
}

void dialog_add_request(struct dialog *d, struct message_text *t, const struct message_ua *ua, const char *method,
			uint32_t cseq, bool contact)
{
	enum sip_transport by = d->next_hop.transport;
	char branch[MESSAGE_TOKEN_OCTETS];
	unsigned i;

	t->len = 0;
	t->bad = false;
	message_new_token(branch, sizeof(branch));
	if (!cseq)
		cseq = ++d->local_cseq;
	message_add(t, "%s %s SIP/2.0\r\n", method, d->strict ? d->strict : d->target);
	/* By the same connection others may send to us (RFC 5923). */
	message_add(t, "Via: SIP/2.0/%s %s;rport;branch=z9hG4bK%s%s\r\n", sip_transport_via(by), ua->sent_by[by],
		    branch, by == SIP_UDP ? "" : ";alias");
	message_add(t, "Max-Forwards: 70\r\n");
	/* RFC 3261 12.2.1.1: a strict router finds itself in the Request-URI and the target last. */
	for (i = d->strict ? 1 : 0; i < d->nroutes; i++)
		message_add(t, "Route: %s\r\n", d->routes[i]);
	if (d->strict)
		message_add(t, "Route: <%s>\r\n", d->target);
	message_add(t, "From: %s\r\nTo: %s\r\n", d->local, d->remote);
	message_add(t, "Call-ID: %s\r\nCSeq: %u %s\r\n", d->call_id, cseq, method);
	if (contact)
		message_add(t, "Contact: %s%s\r\n", message_contact(ua, by, !strncasecmp(d->target, "sips:", 5)),
			    d->contact_params ? d->contact_params : "");
	message_add(t, "User-Agent: %s\r\n", ua->user_agent);
}
