/* SPDX-License-Identifier: GPL-2.0-only */
/* What c-ares has read, as values of our own. */
#include <ares.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "resolver.h"

/* A text that has no room is none of ours: it stays "". */
static void copy(char *to, size_t room, const char *from)
{
	size_t len = from ? strlen(from) : 0;

	if (len < room)
		memcpy(to, from ? from : "", len + 1);
}

/* Names come without the final dot; the root, which stands for "not there", as "" or ".". */
static void copy_name(char *to, const char *from)
{
	copy(to, DNS_NAME_OCTETS, from && strcmp(from, ".") ? from : "");
}

static int read_naptr(const uint8_t *reply, int len, struct dns_answer *a)
{
	struct ares_naptr_reply *list = NULL;
	int status = ares_parse_naptr_reply(reply, len, &list);

	for (const struct ares_naptr_reply *r = status ? NULL : list; r && a->count < DNS_MAX_RECORDS; r = r->next) {
		struct dns_naptr *n = &a->naptr[a->count++];

		n->order = r->order;
		n->preference = r->preference;
		copy(n->flags, sizeof(n->flags), (const char *)r->flags);
		copy(n->service, sizeof(n->service), (const char *)r->service);
		/* RFC 3403 4.1: it is either this or that */
		copy_name(n->replacement, r->regexp && r->regexp[0] ? "" : r->replacement);
	}
	if (list)
		ares_free_data(list);
	return status;
}

/* Where a record of PRIORITY goes: of too many the last ones are left out, in whatever order they come. NULL: it is
 * one. */
static struct dns_srv *place_srv(struct dns_answer *a, uint16_t priority)
{
	struct dns_srv *last = &a->srv[0];

	if (a->count < DNS_MAX_RECORDS)
		return &a->srv[a->count++];
	for (unsigned i = 1; i < a->count; i++)
		if (a->srv[i].priority > last->priority)
			last = &a->srv[i];
	return last->priority > priority ? last : NULL;
}

static int read_srv(const uint8_t *reply, int len, struct dns_answer *a)
{
	struct ares_srv_reply *list = NULL;
	int status = ares_parse_srv_reply(reply, len, &list);

	for (const struct ares_srv_reply *r = status ? NULL : list; r; r = r->next) {
		struct dns_srv *s = place_srv(a, r->priority);

		if (!s)
			continue;
		memset(s, 0, sizeof(*s));
		s->priority = r->priority;
		s->weight = r->weight;
		s->port = r->port;
		copy_name(s->target, r->host);
	}
	if (list)
		ares_free_data(list);
	return status;
}

void resolver_read(enum dns_type type, const uint8_t *reply, size_t len, struct dns_answer *ap)
{
	struct dns_answer a = {.outcome = DNS_FAILED};
	int status = ARES_EBADRESP;

	if (len <= INT_MAX && !dns_reply_ttl(reply, len, &a.ttl_s))
		status = type == DNS_NAPTR ? read_naptr(reply, (int)len, &a) : read_srv(reply, (int)len, &a);
	if (!status && a.count)
		a.outcome = DNS_FOUND;
	else if (!status || status == ARES_ENODATA)
		a.outcome = DNS_NONE;
	*ap = a;
}
