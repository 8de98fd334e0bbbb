/* SPDX-License-Identifier: GPL-2.0-only */
#include "udptl_rx.h"

#include <string.h>

#include "ifp.h"

#define START_SMALL    32  /* below it, a first packet's redundancy is taken for the beginning of the sequence */
#define NEAR	       16  /* packets whose numbers differ by no more belong together */
#define BEHIND_NEAR    64  /* no more behind: a late packet, whatever comes */
#define BEHIND_FAR     512 /* no more behind: rather a late packet than a new sequence */
#define STRANGE_ENOUGH 3   /* so many strange datagrams in a row are a new sequence */
#define STRANGE_LATE   8   /* the same where they may be late ones */

/* How far A is ahead of B; negative: behind. */
static int ahead(uint16_t a, uint16_t b)
{
	return (int16_t)(uint16_t)(a - b);
}

static bool had(const struct udptl_rx *rx, uint16_t seq)
{
	unsigned i = seq % UDPTL_RX_WINDOW;

	return rx->slot[i].present && rx->slot[i].seq == seq;
}

static bool same_as_had(const struct udptl_rx *rx, uint16_t seq, const struct udptl_field *f)
{
	unsigned i = seq % UDPTL_RX_WINDOW;

	return rx->slot[i].len == f->len && !memcmp(rx->slot[i].ifp, f->p, f->len);
}

void udptl_rx_init(struct udptl_rx *rx, int64_t wait_us, udptl_rx_ifp_h *ifp, void *arg)
{
	memset(rx, 0, sizeof(*rx));
	rx->wait_us = wait_us;
	rx->ifp = ifp;
	rx->arg = arg;
}

/* Takes a packet into the window, if it is in the window and not there. */
static bool store(struct udptl_rx *rx, uint16_t seq, const uint8_t *p, size_t len, int64_t now_us)
{
	int d = ahead(seq, rx->next);
	unsigned i = seq % UDPTL_RX_WINDOW;

	if (d < 0 || d >= UDPTL_RX_AHEAD || had(rx, seq))
		return false;
	rx->slot[i].present = true;
	rx->slot[i].seq = seq;
	rx->slot[i].len = (uint16_t)len;
	rx->slot[i].arrived_us = now_us;
	if (len)
		memcpy(rx->slot[i].ifp, p, len);
	rx->waiting++;
	return true;
}

/* Passes the packet that is due on, or passes over it. */
static void step(struct udptl_rx *rx)
{
	unsigned i = rx->next % UDPTL_RX_WINDOW;
	uint16_t seq = rx->next++;

	if (!rx->slot[i].present || rx->slot[i].seq != seq) {
		rx->slot[i].present = false;
		rx->stats.lost++;
		return;
	}
	rx->waiting--;
	if (rx->slot[i].len)
		rx->ifp(rx->slot[i].ifp, rx->slot[i].len, seq, rx->arg);
}

/* The number of missing packets before the next one that waits behind them, or 0 if none waits. *SINCEP: when the first
 * of those behind came, and so the gap was seen. */
static unsigned find_gap(const struct udptl_rx *rx, int64_t *sincep)
{
	unsigned missing = 0;

	/* Mostly nothing waits; the slots lie far apart in memory, and are looked at for each call once a block. */
	if (!rx->waiting)
		return 0;
	for (unsigned n = 1; n < UDPTL_RX_AHEAD; n++) {
		uint16_t seq = (uint16_t)(rx->next + n);

		if (!had(rx, seq))
			continue;
		int64_t arrived_us = rx->slot[seq % UDPTL_RX_WINDOW].arrived_us;

		if (!missing || arrived_us < *sincep)
			*sincep = arrived_us;
		if (!missing)
			missing = n;
	}
	return missing;
}

/* Passes on what is in order, and over gaps that have waited long enough. */
static void advance(struct udptl_rx *rx, int64_t now_us)
{
	for (;;) {
		while (had(rx, rx->next))
			step(rx);
		int64_t since_us = now_us;
		unsigned missing = find_gap(rx, &since_us);

		rx->gap = missing != 0;
		rx->gap_since_us = since_us;
		if (!missing || now_us - since_us < rx->wait_us)
			return;
		while (missing--)
			step(rx);
	}
}

/* Passes everything on that waits, however many gaps are between. */
static void flush(struct udptl_rx *rx)
{
	int64_t since_us = 0;

	for (;;) {
		while (had(rx, rx->next))
			step(rx);
		unsigned missing = find_gap(rx, &since_us);

		if (!missing)
			return;
		while (missing--)
			step(rx);
	}
}

/* The member of a parity's set that is missing, if it is but one; *NP: how many are. */
static uint16_t parity_missing(const struct udptl_rx *rx, const struct udptl_rx_parity *y, unsigned *np)
{
	uint16_t missing = 0;

	*np = 0;
	for (unsigned m = 0; m < y->span; m++) {
		uint16_t seq = udptl_fec_member(y->seq, y->nfec, y->entry, m);

		if (had(rx, seq))
			continue;
		missing = seq;
		++*np;
		/* What is behind the window stays missing: it was passed over, or never sent. Two are too many for this
		 * parity. */
		if (ahead(seq, rx->next) < 0)
			*np += y->span;
	}
	return missing;
}

static void parity_drop(struct udptl_rx *rx, struct udptl_rx_parity *y)
{
	y->used = false;
	rx->nparity--;
}

static void parity_repair(struct udptl_rx *rx, struct udptl_rx_parity *y, uint16_t missing, int64_t now_us)
{
	for (unsigned m = 0; m < y->span; m++) {
		uint16_t seq = udptl_fec_member(y->seq, y->nfec, y->entry, m);
		unsigned i = seq % UDPTL_RX_WINDOW;

		if (seq == missing)
			continue;
		/* A parity is as long as the longest of its set: this one is of another making. */
		if (rx->slot[i].len > y->len)
			return;
		for (unsigned o = 0; o < rx->slot[i].len; o++)
			y->data[o] ^= rx->slot[i].ifp[o];
	}
	/* The fill behind a packet shorter than the parity is not part of it; and what is no packet was not repaired.
	 */
	size_t len = ifp_trim(y->data, y->len);

	if (len && store(rx, missing, y->data, len, now_us))
		rx->stats.recovered_fec++;
}

/* One repair may make the next one possible. */
static void repair(struct udptl_rx *rx, int64_t now_us)
{
	for (bool again = true; again && rx->nparity;) {
		again = false;
		for (unsigned i = 0; i < UDPTL_RX_PARITIES; i++) {
			struct udptl_rx_parity *y = &rx->parity[i];
			unsigned n;

			if (!y->used)
				continue;
			uint16_t missing = parity_missing(rx, y, &n);

			if (n == 1) {
				parity_repair(rx, y, missing, now_us);
				again = true;
			}
			if (n < 2 || n > y->span)
				parity_drop(rx, y);
		}
	}
}

static void take_parities(struct udptl_rx *rx, const struct udptl_packet *k)
{
	for (unsigned i = 0; i < k->nfec; i++) {
		struct udptl_rx_parity *y = &rx->parity[rx->next_parity];
		struct udptl_rx_parity fresh = {.span = (uint8_t)k->fec_span, .nfec = (uint8_t)k->nfec};
		unsigned n;

		fresh.entry = (uint8_t)i;
		fresh.seq = k->seq;
		parity_missing(rx, &fresh, &n);
		if (!n || n > fresh.span)
			continue;
		if (!y->used)
			rx->nparity++;
		y->used = true;
		y->span = fresh.span;
		y->nfec = fresh.nfec;
		y->entry = fresh.entry;
		y->seq = fresh.seq;
		y->len = (uint16_t)k->fec[i].len;
		if (y->len)
			memcpy(y->data, k->fec[i].p, y->len);
		rx->next_parity = (rx->next_parity + 1) % UDPTL_RX_PARITIES;
	}
}

/* Where a sequence starts that shows itself with K: with K, or with what its redundancy brings from the very beginning.
 */
static uint16_t start_of(const struct udptl_packet *k)
{
	unsigned n = 0;

	if (k->seq < START_SMALL)
		while (n < k->nsecondary && n < k->seq && k->secondary[n].len)
			n++;
	return (uint16_t)(k->seq - n);
}

/* A packet further ahead than the window reaches, but close behind the last ones that came: the window is full. */
static bool continues(const struct udptl_rx *rx, uint16_t seq)
{
	for (unsigned n = 1; n <= NEAR; n++) {
		uint16_t before = (uint16_t)(seq - n);

		if (had(rx, before) && ahead(before, rx->next) >= 0)
			return true;
	}
	return false;
}

/* How many datagrams in a row like K make a new sequence; 0: K belongs to the present one. */
static unsigned strangeness(const struct udptl_rx *rx, const struct udptl_packet *k)
{
	int d = ahead(k->seq, rx->next);

	if (had(rx, k->seq))
		return same_as_had(rx, k->seq, &k->primary) ? 0 : STRANGE_ENOUGH;
	if (d >= UDPTL_RX_AHEAD)
		return continues(rx, k->seq) ? 0 : STRANGE_ENOUGH;
	if (d >= -BEHIND_NEAR)
		return 0;
	return d >= -BEHIND_FAR ? STRANGE_LATE : STRANGE_ENOUGH;
}

static void hold(struct udptl_rx *rx, const struct udptl_packet *k)
{
	if (rx->nstrange && (ahead(k->seq, rx->strange_seq) > NEAR || ahead(k->seq, rx->strange_seq) < -NEAR))
		rx->nstrange = rx->nheld = 0;
	rx->nstrange++;
	rx->strange_seq = k->seq;
	for (unsigned i = 0; i < rx->nheld; i++)
		if (rx->held[i].seq == k->seq)
			return;
	if (rx->nheld == UDPTL_RX_HELD)
		return;
	rx->held[rx->nheld].seq = k->seq;
	rx->held[rx->nheld].len = (uint16_t)k->primary.len;
	if (k->primary.len)
		memcpy(rx->held[rx->nheld].ifp, k->primary.p, k->primary.len);
	rx->nheld++;
}

/* Leaves the old sequence, whose last packets are passed on, for the one K and those held belong to. */
static void follow(struct udptl_rx *rx, const struct udptl_packet *k, int64_t now_us)
{
	flush(rx);
	for (unsigned i = 0; i < UDPTL_RX_WINDOW; i++)
		rx->slot[i].present = false;
	rx->waiting = 0;
	for (unsigned i = 0; i < UDPTL_RX_PARITIES; i++)
		rx->parity[i].used = false;
	rx->nparity = 0;
	rx->next = start_of(k);
	for (unsigned i = 0; i < rx->nheld; i++)
		if (ahead(rx->held[i].seq, rx->next) < 0)
			rx->next = rx->held[i].seq;
	for (unsigned i = 0; i < rx->nheld; i++)
		if (rx->held[i].seq != k->seq)
			store(rx, rx->held[i].seq, rx->held[i].ifp, rx->held[i].len, now_us);
	rx->stats.jumps++;
}

/* K belongs to the sequence: its packet, and what else it brings. */
static void take(struct udptl_rx *rx, const struct udptl_packet *k, int64_t now_us)
{
	/* The window is full: what is due cannot be waited for any longer. */
	while (ahead(k->seq, rx->next) >= UDPTL_RX_AHEAD)
		step(rx);
	if (had(rx, k->seq))
		rx->stats.duplicate++;
	else if (!store(rx, k->seq, k->primary.p, k->primary.len, now_us))
		rx->stats.late++;
	for (unsigned i = 0; i < k->nsecondary; i++) {
		const struct udptl_field *f = &k->secondary[i];

		/* An empty one says nothing: some senders fill up with them before they have anything to repeat. */
		if (f->len && store(rx, (uint16_t)(k->seq - 1 - i), f->p, f->len, now_us))
			rx->stats.recovered_redundancy++;
	}
	take_parities(rx, k);
	repair(rx, now_us);
	advance(rx, now_us);
}

const char *udptl_rx_datagram(struct udptl_rx *rx, const void *p, size_t len, int64_t now_us)
{
	struct udptl_packet k;
	const char *wrong = udptl_read(p, len, &k);

	if (wrong) {
		rx->stats.bad++;
		return wrong;
	}
	rx->stats.packets++;
	if (!rx->started) {
		rx->started = true;
		rx->next = start_of(&k);
	} else {
		unsigned enough = strangeness(rx, &k);

		if (enough) {
			hold(rx, &k);
			if (rx->nstrange < enough)
				return NULL;
			follow(rx, &k, now_us);
		}
		rx->nstrange = rx->nheld = 0;
	}
	take(rx, &k, now_us);
	return NULL;
}

void udptl_rx_tick(struct udptl_rx *rx, int64_t now_us)
{
	if (rx->started)
		advance(rx, now_us);
}
