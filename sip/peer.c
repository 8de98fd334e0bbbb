/* SPDX-License-Identifier: GPL-2.0-only */
#include "peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int peers_init(struct peers *ps, const struct sip_peer_params *params, unsigned count)
{
	unsigned i;

	memset(ps, 0, sizeof(*ps));
	ps->refused = (struct log_limit){.burst = 1, .interval_us = 10 * SEC_US};
	ps->wrong = (struct log_limit){.burst = 3, .interval_us = 10 * SEC_US};
	for (i = 0; i < count; i++)
		if (!addr_is_set(&params[i].addr))
			return EINVAL;
	ps->list = calloc(count ? count : 1, sizeof(*ps->list));
	if (!ps->list)
		return ENOMEM;
	if (count)
		memcpy(ps->list, params, count * sizeof(*ps->list));
	ps->count = count;
	return 0;
}

void peers_fini(struct peers *ps)
{
	free(ps->list);
	ps->list = NULL;
	ps->count = 0;
}

struct sip_hop peer_hop(const struct sip_peer_params *p)
{
	return (struct sip_hop){.addr = p->addr, .transport = p->transport};
}

/* The peer with the longest range that SOURCE lies in. */
static int find_by_range(const struct peers *ps, const struct addr *source)
{
	unsigned longest = 0;
	int found = -1;

	for (unsigned i = 0; i < ps->count; i++) {
		const struct sip_peer_params *p = &ps->list[i];

		for (unsigned j = 0; j < p->nallow; j++)
			if (addr_range_has(&p->allow[j], source) && (found < 0 || p->allow[j].bits > longest)) {
				longest = p->allow[j].bits;
				found = (int)i;
			}
	}
	return found;
}

int peers_find(const struct peers *ps, const struct addr *source)
{
	int found = -1;
	unsigned i;

	for (i = 0; i < ps->count; i++) {
		if (addr_equal(&ps->list[i].addr, source))
			return (int)i;
		if (found < 0 && addr_same_host(&ps->list[i].addr, source))
			found = (int)i;
	}
	return found < 0 ? find_by_range(ps, source) : found;
}

void peers_refuse(struct peers *ps, const struct addr *source, const char *what, int64_t now_us)
{
	char text[ADDR_TEXT_OCTETS];
	unsigned held = 0;

	ps->refusals++;
	if (!log_limit_pass(&ps->refused, now_us, &held))
		return;
	if (held)
		log_warning("sip", "%s from %s refused: not a peer (%u more refused since the last such line)", what,
			    addr_print(source, text), held);
	else
		log_warning("sip", "%s from %s refused: not a peer", what, addr_print(source, text));
}

void peers_wrong_credentials(struct peers *ps, const struct addr *source, const char *what, const char *user,
			     int64_t now_us)
{
	char text[ADDR_TEXT_OCTETS];
	unsigned held = 0;

	ps->wrong_credentials++;
	if (!log_limit_pass(&ps->wrong, now_us, &held))
		return;
	if (held)
		log_warning("sip",
			    "%s from %s: wrong user or password, user \"%.64s\" (%u more since the last such line)",
			    what, addr_print(source, text), user, held);
	else
		log_warning("sip", "%s from %s: wrong user or password, user \"%.64s\"", what, addr_print(source, text),
			    user);
}
