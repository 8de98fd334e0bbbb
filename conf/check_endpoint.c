/* SPDX-License-Identifier: GPL-2.0-only */
#include "check_endpoint.h"

#include <string.h>

#define LINE(l, i, key) load_line(&(l)->peers[i], SECTION_ENDPOINT, key)

static void check_given(struct load *l, unsigned i, const char *key, const char *value)
{
	if (!*value && load_is_set(&l->peers[i], SECTION_ENDPOINT, key) &&
	    !load_is_bad(&l->peers[i], SECTION_ENDPOINT, key))
		load_error(l, 0, LINE(l, i, key), "%s: none is not enough: who registers must be known", key);
}

void check_endpoint(struct load *l, unsigned i)
{
	const struct config *c = l->config;
	const struct config_peer *p = &c->peers[i], *o;

	check_given(l, i, "user", p->inbound_user);
	check_given(l, i, "secret", p->inbound_secret);
	if (p->min_expires_ms > p->max_expires_ms)
		load_error(l, 0, LINE(l, i, "min_expires"), "min_expires: %u s is more than max_expires, %u s",
			   p->min_expires_ms / 1000, p->max_expires_ms / 1000);
	for (unsigned j = 0; *p->inbound_user && j < i; j++) {
		o = &c->peers[j];
		if (o->endpoint && !strcmp(o->inbound_user, p->inbound_user))
			load_error(l, 0, LINE(l, i, "user"), "user: %s is that of [endpoint %s] in line %u",
				   p->inbound_user, o->name, o->line);
	}
}
