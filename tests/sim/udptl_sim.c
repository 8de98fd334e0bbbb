/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/udptl_sim.h"

#include <string.h>

#define FORM_FEC    0x80 /* the choice of error-recovery, as PER aligned has it */
#define LONG_LENGTH 0x80
#define RESTART	    1000 /* a jump this far is a new sequence */

void udptl_sim_init(struct udptl_sim *u, udptl_sim_ifp_h *handler, void *arg)
{
	memset(u, 0, sizeof(*u));
	u->kind = UDPTL_SIM_REDUNDANCY;
	u->depth = 3;
	u->fec_entries = 3;
	u->max_octets = UDPTL_SIM_OCTETS;
	u->handler = handler;
	u->arg = arg;
}

/* Sending */

static size_t put_field(uint8_t *out, size_t at, const uint8_t *p, size_t len)
{
	if (len < LONG_LENGTH) {
		out[at++] = (uint8_t)len;
	} else {
		out[at++] = (uint8_t)(LONG_LENGTH | len >> 8);
		out[at++] = (uint8_t)len;
	}
	memcpy(out + at, p, len);
	return at + len;
}

static size_t field_octets(size_t len)
{
	return len + (len < LONG_LENGTH ? 1 : 2);
}

static const struct udptl_sim_packet *sent(const struct udptl_sim *u, unsigned back)
{
	return &u->tx[(uint16_t)(u->tx_seq - back) % UDPTL_SIM_MEMORY];
}

static size_t put_redundancy(const struct udptl_sim *u, uint8_t *out, size_t at)
{
	unsigned entries = u->kind != UDPTL_SIM_NONE ? u->depth : 0, n;
	size_t octets = at + 2;

	if (entries > u->tx_count)
		entries = u->tx_count;
	for (n = 0; n < entries; n++) {
		octets += field_octets(sent(u, n + 1)->len);
		if (octets > u->max_octets)
			break;
	}
	out[at++] = 0;
	out[at++] = (uint8_t)n;
	for (unsigned i = 1; i <= n; i++)
		at = put_field(out, at, sent(u, i)->ifp, sent(u, i)->len);
	return at;
}

static size_t put_fec(const struct udptl_sim *u, uint8_t *out, size_t at)
{
	unsigned span = u->depth, entries = u->fec_entries;
	size_t most = 0;

	for (unsigned i = 1; i <= span * entries && i <= u->tx_count; i++)
		most = sent(u, i)->len > most ? sent(u, i)->len : most;
	/* Not before there is as much as it covers; a receiver takes none as no error recovery. */
	if (span * entries > u->tx_count || at + 4 + entries * field_octets(most) > u->max_octets)
		span = entries = 0;
	out[at++] = FORM_FEC;
	out[at++] = 1;
	out[at++] = (uint8_t)span;
	out[at++] = (uint8_t)entries;
	for (unsigned i = 0; i < entries; i++) {
		uint8_t x[UDPTL_SIM_IFP_OCTETS] = {0};
		size_t longest = 0;

		for (unsigned j = 1; j <= span; j++) {
			const struct udptl_sim_packet *k = sent(u, j * entries - i);

			for (size_t o = 0; o < k->len; o++)
				x[o] ^= k->ifp[o];
			if (k->len > longest)
				longest = k->len;
		}
		at = put_field(out, at, x, longest);
	}
	return at;
}

static bool is_fec(const struct udptl_sim *u)
{
	return u->kind != UDPTL_SIM_NONE && (u->kind == UDPTL_SIM_FEC) != (u->mixed && (u->tx_seq & 1));
}

size_t udptl_sim_send(struct udptl_sim *u, const uint8_t *ifp, size_t len, uint8_t *out)
{
	struct udptl_sim_packet *k = &u->tx[u->tx_seq % UDPTL_SIM_MEMORY];
	size_t at = 0;

	if (len > UDPTL_SIM_IFP_OCTETS)
		return 0;
	out[at++] = (uint8_t)(u->tx_seq >> 8);
	out[at++] = (uint8_t)u->tx_seq;
	at = put_field(out, at, ifp, len);
	at = is_fec(u) ? put_fec(u, out, at) : put_redundancy(u, out, at);
	k->len = len;
	memcpy(k->ifp, ifp, len);
	u->tx_seq++;
	if (u->tx_count < UDPTL_SIM_MEMORY - 1)
		u->tx_count++;
	u->stats.sent++;
	u->repeats = u->tail;
	if (u->tail) {
		memcpy(u->last, out, at);
		u->last_octets = at;
		u->last_us = u->now_us;
	}
	return at;
}

size_t udptl_sim_tail(struct udptl_sim *u, uint8_t *out)
{
	if (!u->repeats || u->now_us - u->last_us < u->tail_us)
		return 0;
	u->repeats--;
	u->last_us = u->now_us;
	memcpy(out, u->last, u->last_octets);
	return u->last_octets;
}

/* Receiving */

struct field {
	const uint8_t *p;
	size_t len;
};

static bool get_field(const uint8_t **p, const uint8_t *end, struct field *f)
{
	size_t len;

	if (*p >= end)
		return false;
	len = *(*p)++;
	if (len & LONG_LENGTH) {
		if (len & 0x40 || *p >= end)
			return false; /* fragments */
		len = (len & 0x3f) << 8 | *(*p)++;
	}
	if (len > UDPTL_SIM_IFP_OCTETS || (size_t)(end - *p) < len)
		return false;
	f->p = *p;
	f->len = len;
	*p += len;
	return true;
}

static void keep(struct udptl_sim *u, uint16_t seq, const uint8_t *ifp, size_t len)
{
	struct udptl_sim_packet *k = &u->rx[seq % UDPTL_SIM_MEMORY];

	k->present = true;
	k->seq = seq;
	k->len = len;
	memcpy(k->ifp, ifp, len);
}

static const struct udptl_sim_packet *kept(const struct udptl_sim *u, uint16_t seq)
{
	const struct udptl_sim_packet *k = &u->rx[seq % UDPTL_SIM_MEMORY];

	return k->present && k->seq == seq ? k : NULL;
}

static bool wanted(const struct udptl_sim *u, uint16_t seq)
{
	return (int16_t)(seq - u->rx_next) >= 0 && !kept(u, seq);
}

static bool take_redundancy(struct udptl_sim *u, uint16_t seq, const uint8_t *p, const uint8_t *end)
{
	unsigned n, i;
	struct field f;

	if (p >= end)
		return false;
	n = *p++;
	for (i = 1; i <= n; i++) {
		if (!get_field(&p, end, &f))
			return false;
		if (!f.len || i >= UDPTL_SIM_MEMORY || !wanted(u, (uint16_t)(seq - i)))
			continue;
		keep(u, (uint16_t)(seq - i), f.p, f.len);
		u->stats.recovered++;
	}
	return true;
}

/* One FEC entry mends one packet, if all others under it are there. */
static void mend(struct udptl_sim *u, uint16_t seq, unsigned entry, unsigned entries, unsigned span, struct field f)
{
	uint8_t x[UDPTL_SIM_IFP_OCTETS] = {0};
	uint16_t missing = 0;
	unsigned nmissing = 0;
	size_t len = f.len;

	memcpy(x, f.p, f.len);
	for (unsigned j = 1; j <= span; j++) {
		uint16_t member = (uint16_t)(seq - j * entries + entry);
		const struct udptl_sim_packet *k = kept(u, member);

		if (!k) {
			missing = member;
			nmissing++;
			continue;
		}
		for (size_t o = 0; o < k->len; o++)
			x[o] ^= k->ifp[o];
	}
	if (nmissing != 1 || !wanted(u, missing) || !len)
		return;
	keep(u, missing, x, len); /* T.38 decoders pass over the zeros at its end */
	u->stats.recovered++;
}

static bool take_fec(struct udptl_sim *u, uint16_t seq, const uint8_t *p, const uint8_t *end)
{
	unsigned span, entries;
	struct field f;

	if (end - p < 3 || p[0] != 1)
		return false;
	span = p[1];
	entries = p[2];
	p += 3;
	if (span > UDPTL_SIM_MAX_DEPTH || entries > UDPTL_SIM_MAX_DEPTH)
		return false;
	for (unsigned i = 0; i < entries; i++) {
		if (!get_field(&p, end, &f))
			return false;
		mend(u, seq, i, entries, span, f);
	}
	return true;
}

/* In order; a gap is waited for. */
static void hand_on(struct udptl_sim *u)
{
	for (; (int16_t)(u->rx_last - u->rx_next) >= 0; u->rx_next++) {
		const struct udptl_sim_packet *k = kept(u, u->rx_next);

		if (k) {
			u->gap_since_us = 0;
			if (u->handler)
				u->handler(k->ifp, k->len, k->seq, u->arg);
			continue;
		}
		if (u->window_us && !u->gap_since_us)
			u->gap_since_us = u->now_us;
		if (u->window_us && u->now_us - u->gap_since_us < u->window_us)
			return;
		u->stats.lost++;
	}
	u->gap_since_us = 0;
}

void udptl_sim_tick(struct udptl_sim *u, int64_t now_us)
{
	u->now_us = now_us;
	if (u->started)
		hand_on(u);
}

bool udptl_sim_receive(struct udptl_sim *u, const uint8_t *p, size_t len)
{
	const uint8_t *at = p + 2, *end = p + len;
	struct field primary;
	uint16_t seq;
	bool good;

	u->stats.received++;
	if (len < 3 || !get_field(&at, end, &primary) || at >= end) {
		u->stats.bad++;
		return false;
	}
	seq = (uint16_t)(p[0] << 8 | p[1]);
	if (!u->started || (int16_t)(seq - u->rx_next) > RESTART || (int16_t)(u->rx_next - seq) > RESTART) {
		u->started = true;
		u->rx_next = u->rx_last = seq;
		memset(u->rx, 0, sizeof(u->rx));
	}
	if ((int16_t)(seq - u->rx_next) < 0) {
		u->stats.late++;
		return true;
	}
	good = *at & FORM_FEC ? take_fec(u, seq, at + 1, end) : take_redundancy(u, seq, at + 1, end);
	if (!good)
		u->stats.bad++;
	keep(u, seq, primary.p, primary.len);
	if ((int16_t)(seq - u->rx_last) > 0)
		u->rx_last = seq;
	hand_on(u);
	return good;
}
