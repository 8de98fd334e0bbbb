/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/matrix/wire.h"

#include <string.h>

#define SIP_PORT 5060

/* A field of UDPTL with its length (X.691 11.9). */
static size_t field_octets(const uint8_t *p, size_t room)
{
	if (room >= 2 && p[0] & 0x80)
		return 2u + ((p[0] & 0x3fu) << 8 | p[1]);
	return room ? 1u + p[0] : 0;
}

/* What the packet of D, sent for the first time, had cost. */
static uint64_t plain_octets(struct wire_way *w, const struct net_sim_datagram *d)
{
	uint16_t seq = d->len >= 3 ? (uint16_t)(d->data[0] << 8 | d->data[1]) : 0;
	uint64_t octets;

	if (d->len < 3 || (w->packets && (int16_t)(seq - w->last) <= 0))
		return 0;
	w->packets++;
	w->last = seq;
	octets = field_octets(d->data + 2, d->len - 2);
	memmove(w->before + 1, w->before, sizeof(w->before) - sizeof(w->before[0]));
	w->before[0] = octets;
	return octets;
}

bool wire_tap(struct net_sim_datagram *d, void *arg)
{
	struct wire *wire = arg;
	struct wire_way *w = &wire->ways[addr_same_host(&d->from, &wire->gateway)];
	uint64_t before = 0, octets;

	/* neither SIP nor RTP */
	if (addr_port(&d->from) == SIP_PORT || addr_port(&d->to) == SIP_PORT || !d->len || d->data[0] & 0x80)
		return true;
	for (unsigned i = 0; i < WIRE_PLAIN_DEPTH; i++)
		before += w->before[i];
	octets = plain_octets(w, d);
	wire->octets += d->len;
	if (octets)
		wire->plain_octets += 2 + octets + 2 + before; /* number; error recovery's choice and count */
	return ++w->seen > wire->drop_first;
}
