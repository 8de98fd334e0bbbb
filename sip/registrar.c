/* SPDX-License-Identifier: GPL-2.0-only */
#include "registrar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/base/clock.h"

static const struct registrar_result bad_request = {.status = 400};

static struct registrar_result refuse(unsigned status, const char *why)
{
	return (struct registrar_result){.status = status, .why = why};
}

static bool read_uint(const char *text, unsigned max, unsigned *np)
{
	unsigned long n;

	if (!text || text[0] < '0' || text[0] > '9')
		return false;
	n = strtoul(text, NULL, 10);
	*np = n > max ? max : (unsigned)n;
	return true;
}

/* "1", "0.5", "0.333" in thousandths; what is none of these counts as 1. */
static unsigned read_q(const char *text)
{
	unsigned q = 0, unit = 100;

	if (!text || (text[0] != '0' && text[0] != '1') || (text[1] && text[1] != '.'))
		return 1000;
	if (text[0] == '1' || !text[1])
		return text[0] == '1' ? 1000 : 0;
	for (const char *p = text + 2; *p >= '0' && *p <= '9' && unit; p++, unit /= 10)
		q += (unsigned)(*p - '0') * unit;
	return q;
}

static const char *param(const osip_contact_t *c, const char *name)
{
	osip_generic_param_t *p = NULL;

	osip_generic_param_get_byname((osip_list_t *)&c->gen_params, (char *)name, &p);
	return p ? p->gvalue : NULL;
}

/* RFC 3261 10.2.1.1: the contact's own, else the header's, else as long as we like. */
static unsigned wanted_s(const osip_message_t *m, const osip_contact_t *c, unsigned max_s)
{
	unsigned s = max_s;

	if (!read_uint(param(c, "expires"), max_s, &s))
		read_uint(message_header(m, "Expires", 0), max_s, &s);
	return s;
}

static bool is_star(const osip_contact_t *c)
{
	return c->displayname && !strcmp(c->displayname, "*");
}

/* What osip lets through of a host and port is not all that a request line may have. */
static bool is_place(const osip_uri_t *u)
{
	static const char digits[] = "0123456789";
	static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]";

	return u->host && u->host[0] && strspn(u->host, host) == strlen(u->host) &&
	       (!u->port || (u->port[0] && strspn(u->port, digits) == strlen(u->port)));
}

static bool uri_text(const osip_uri_t *u, char to[REGISTRAR_URI_OCTETS])
{
	char *text = NULL;
	bool good;

	if (!u || !is_place(u) || !u->scheme || (strcasecmp(u->scheme, "sip") && strcasecmp(u->scheme, "sips")) ||
	    osip_uri_to_str(u, &text))
		return false;
	good = strlen(text) < REGISTRAR_URI_OCTETS;
	for (const char *p = text; good && *p; p++)
		good = (unsigned char)*p > ' ' && *p != 0x7f && *p != '<' && *p != '>' && *p != '"';
	if (good)
		strcpy(to, text);
	osip_free(text);
	return good;
}

/* Through a NAT the way back is the way it came; so it is on a connection. Else it is where the contact says. */
static struct sip_hop contact_hop(const osip_uri_t *u, const struct sip_hop *source)
{
	struct sip_hop hop = *source;
	unsigned long port = u->port ? strtoul(u->port, NULL, 10) : sip_transport_port(source->transport);
	struct addr a;

	if (port < 1 || port > 65535 || addr_parse(&a, u->host, (uint16_t)port) || !addr_same_host(&a, &source->addr))
		return hop;
	addr_set_port(&a, (uint16_t)port);
	hop.addr = a;
	return hop;
}

static bool same_hop(const struct sip_hop *a, const struct sip_hop *b)
{
	return a->transport == b->transport && a->connection == b->connection && addr_equal(&a->addr, &b->addr);
}

static int find(const struct bindings *bs, const char *uri)
{
	for (unsigned i = 0; i < bs->count; i++)
		if (!strcasecmp(bs->list[i].uri, uri))
			return (int)i;
	return -1;
}

static void drop(struct bindings *bs, unsigned i)
{
	bs->count--;
	memmove(&bs->list[i], &bs->list[i + 1], (bs->count - i) * sizeof(bs->list[0]));
}

static void drop_oldest(struct bindings *bs)
{
	unsigned oldest = 0;

	for (unsigned i = 1; i < bs->count; i++)
		if (bs->list[i].since_us < bs->list[oldest].since_us)
			oldest = i;
	drop(bs, oldest);
}

/* Before those that are not better. */
static void insert(struct bindings *bs, const struct binding *b)
{
	unsigned at = 0;

	while (at < bs->count && bs->list[at].q > b->q)
		at++;
	memmove(&bs->list[at + 1], &bs->list[at], (bs->count - at) * sizeof(bs->list[0]));
	bs->list[at] = *b;
	bs->count++;
}

/* A request that was overtaken by a later one of the same client (10.3 step 7). */
static bool is_late(const struct binding *b, const char *call_id, uint32_t cseq)
{
	return !strcmp(b->call_id, call_id) && cseq <= b->cseq;
}

static struct registrar_result remove_all(struct bindings *bs, const osip_message_t *m, const char *call_id)
{
	struct registrar_result r = {.status = 200, .removed = bs->count};
	unsigned expires_s = 1;

	if (osip_list_size(&m->contacts) != 1 || !read_uint(message_header(m, "Expires", 0), 1, &expires_s) ||
	    expires_s)
		return refuse(400, "Contact * needs Expires: 0 and no other contact");
	for (unsigned i = 0; i < bs->count; i++)
		if (is_late(&bs->list[i], call_id, message_cseq(m)))
			return refuse(400, "CSeq out of order");
	bs->count = 0;
	return r;
}

/* One contact of REGISTER M, on the working copy BS. */
static struct registrar_result update_one(struct bindings *bs, const struct registrar_limits *limits,
					  const osip_message_t *m, const osip_contact_t *c,
					  const struct sip_hop *source, int64_t now_us)
{
	struct registrar_result r = {.status = 200};
	struct binding b = {.source = *source, .cseq = message_cseq(m), .q = read_q(param(c, "q")), .since_us = now_us};
	unsigned expires_s = wanted_s(m, c, limits->max_s);
	int old;

	if (!uri_text(c->url, b.uri))
		return refuse(400, "a Contact is no SIP URI, or too long");
	if (!message_call_id(m, b.call_id, sizeof(b.call_id)))
		return refuse(400, "the Call-ID is too long");
	if (expires_s && expires_s < limits->min_s)
		return refuse(423, NULL);
	b.hop = contact_hop(c->url, source);
	b.until_us = now_us + expires_s * SEC_US;
	old = find(bs, b.uri);
	if (old >= 0 && is_late(&bs->list[old], b.call_id, b.cseq))
		return refuse(400, "CSeq out of order");
	r.removed = old >= 0 && !expires_s;
	r.added = old < 0 && expires_s;
	r.moved = old >= 0 && expires_s && !same_hop(&bs->list[old].hop, &b.hop);
	if (old >= 0)
		drop(bs, (unsigned)old);
	if (!expires_s)
		return r;
	if (bs->count >= limits->max_contacts || bs->count >= REGISTRAR_MAX_CONTACTS) {
		drop_oldest(bs);
		r.removed++;
	}
	insert(bs, &b);
	return r;
}

struct registrar_result bindings_update(struct bindings *bs, const struct registrar_limits *limits,
					const osip_message_t *m, const struct sip_hop *source, int64_t now_us)
{
	struct registrar_result all = {.status = 200}, r;
	char call_id[REGISTRAR_ID_OCTETS];
	struct bindings *copy;
	const osip_contact_t *c;

	if (!message_call_id(m, call_id, sizeof(call_id)))
		return refuse(400, "the Call-ID is too long");
	c = osip_list_get(&m->contacts, 0);
	if (!c)
		return all;
	if (is_star(c))
		return remove_all(bs, m, call_id);
	copy = malloc(sizeof(*copy));
	if (!copy)
		return refuse(500, NULL);
	*copy = *bs;
	for (int i = 0; all.status == 200 && (c = osip_list_get(&m->contacts, i)); i++) {
		r = is_star(c) ? bad_request : update_one(copy, limits, m, c, source, now_us);
		all.added += r.added;
		all.removed += r.removed;
		all.moved |= r.moved;
		all.status = r.status;
		all.why = r.why;
	}
	if (all.status == 200)
		*bs = *copy;
	else
		all.added = all.removed = all.moved = 0;
	free(copy);
	return all;
}

unsigned bindings_expire(struct bindings *bs, int64_t now_us)
{
	unsigned n = 0;

	for (unsigned i = 0; i < bs->count;) {
		if (bs->list[i].until_us > now_us) {
			i++;
			continue;
		}
		drop(bs, i);
		n++;
	}
	return n;
}

unsigned bindings_lose(struct bindings *bs, uint32_t connection)
{
	unsigned n = 0;

	for (unsigned i = 0; i < bs->count;) {
		struct binding *b = &bs->list[i];

		if (!connection || b->hop.connection != connection) {
			i++;
			continue;
		}
		/* it can be connected to where it says it is, or it is gone until it registers again */
		b->hop.connection = 0;
		if (!addr_equal(&b->hop.addr, &b->source.addr)) {
			i++;
			continue;
		}
		drop(bs, i);
		n++;
	}
	return n;
}

int64_t bindings_next_us(const struct bindings *bs)
{
	int64_t next_us = 0;

	for (unsigned i = 0; i < bs->count; i++)
		if (!next_us || bs->list[i].until_us < next_us)
			next_us = bs->list[i].until_us;
	return next_us;
}

int bindings_write(const struct bindings *bs, osip_message_t *m, int64_t now_us)
{
	int err = 0;

	for (unsigned i = 0; !err && i < bs->count; i++)
		err = message_set_header(m, "Contact", "<%s>;expires=%lld", bs->list[i].uri,
					 (long long)((bs->list[i].until_us - now_us + SEC_US - 1) / SEC_US));
	return err;
}
