/* SPDX-License-Identifier: GPL-2.0-only */
#include "udptl_pace.h"

#include <string.h>

void udptl_pace_init(struct udptl_pace *p)
{
	p->first = p->count = 0;
	p->sent = false;
}

bool udptl_pace_is_free(struct udptl_pace *p)
{
	if (p->sent || p->count)
		return false;
	p->sent = true;
	return true;
}

bool udptl_pace_is_full(const struct udptl_pace *p)
{
	return p->count == UDPTL_PACE_HELD;
}

void udptl_pace_hold(struct udptl_pace *p, const uint8_t *datagram, size_t octets, unsigned copies)
{
	struct udptl_pace_datagram *d = &p->held[(p->first + p->count++) % UDPTL_PACE_HELD];

	d->copies = copies;
	d->octets = octets;
	memcpy(d->p, datagram, octets);
}

unsigned udptl_pace_due(struct udptl_pace *p)
{
	p->sent = p->count > 0;
	return p->count > UDPTL_PACE_LONG ? 2 : p->count > 0;
}

const struct udptl_pace_datagram *udptl_pace_take(struct udptl_pace *p)
{
	const struct udptl_pace_datagram *d = &p->held[p->first];

	if (!p->count)
		return NULL;
	p->first = (p->first + 1) % UDPTL_PACE_HELD;
	p->count--;
	return d;
}
