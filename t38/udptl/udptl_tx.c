/* SPDX-License-Identifier: GPL-2.0-only */
/* udptl_tx: the sender's memory, and how much of it goes into each datagram. */
#include "udptl.h"

#include <string.h>

#define DATAGRAM_UNSAID_OCTETS 400 /* no T38FaxMaxDatagram: what deployed peers take for granted */
#define DATAGRAM_LEAST_OCTETS  150 /* smaller values are meant as the size of one IFP packet */
#define FRAME_OCTETS	       5   /* sequence number, length, choice, count: what a datagram costs at least */
#define TOGETHER_MOST	       14  /* entries for the sake of those sent at once: more are too many for some peers */
#define FEC_HEADER_OCTETS      4   /* choice, length, span, count */

static unsigned min_unsigned(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned max_unsigned(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* The peer's word, taken sanely. */
static unsigned datagram_limit(const struct udptl_tx *tx, unsigned said)
{
	unsigned entries = max_unsigned(tx->depth_control, tx->depth_image);

	if (!said)
		return DATAGRAM_UNSAID_OCTETS;
	if (said >= DATAGRAM_LEAST_OCTETS)
		return said;
	if (tx->ec == T38_EC_FEC)
		entries = tx->fec_entries;
	else if (tx->ec == T38_EC_NONE)
		entries = 0;
	return max_unsigned(FRAME_OCTETS + (said + 2) * (entries + 1), DATAGRAM_LEAST_OCTETS);
}

void udptl_tx_init(struct udptl_tx *tx, const struct udptl_tx_params *p)
{
	memset(tx, 0, sizeof(*tx));
	udptl_tx_renew(tx, p);
}

void udptl_tx_renew(struct udptl_tx *tx, const struct udptl_tx_params *p)
{
	tx->ec = p->ec;
	tx->depth_control = min_unsigned(p->depth_control, UDPTL_TX_MEMORY - 1);
	tx->depth_image = min_unsigned(p->depth_image, UDPTL_TX_MEMORY - 1);
	tx->depth_most = min_unsigned(p->depth_most, UDPTL_TX_MEMORY - 1);
	tx->fec_span = min_unsigned(p->fec_span, UDPTL_MAX_FEC_SPAN);
	tx->fec_entries = min_unsigned(p->fec_entries, UDPTL_MAX_FEC_ENTRIES);
	tx->max_octets = min_unsigned(datagram_limit(tx, p->max_datagram), UDPTL_MAX_OCTETS);
}

/* Octets of a field with its length. */
static size_t field_octets(size_t len)
{
	return len + (len < 128 ? 1 : 2);
}

static struct udptl_field remembered(const struct udptl_tx *tx, uint16_t seq)
{
	unsigned i = seq % UDPTL_TX_MEMORY;

	return (struct udptl_field){.p = tx->memory[i].ifp, .len = tx->memory[i].len};
}

/* As many of the packets before as wished for, as there are, and as fit. */
static void add_redundancy(const struct udptl_tx *tx, struct udptl_packet *k, unsigned depth, size_t limit)
{
	size_t octets = 2 + field_octets(k->primary.len) + 2;

	unsigned most = depth ? min_unsigned(max_unsigned(depth, TOGETHER_MOST), tx->remembered) : 0;
	bool together = tx->together;

	while (k->nsecondary < most) {
		uint16_t seq = (uint16_t)(tx->seq - 1 - k->nsecondary);
		struct udptl_field f = remembered(tx, seq);

		if (!together && !depth--)
			break;
		together = tx->memory[seq % UDPTL_TX_MEMORY].together;
		octets += field_octets(f.len);
		if (octets > limit)
			break;
		k->secondary[k->nsecondary++] = f;
	}
	k->kind = k->nsecondary ? T38_EC_REDUNDANCY : T38_EC_NONE;
}

/* Exclusive or of the packets entry I covers, the short ones filled up with zeros (T.38 9.1.4.2). */
static size_t fec_entry(const struct udptl_tx *tx, unsigned span, unsigned n, unsigned i, uint8_t *out)
{
	size_t len = 0;

	memset(out, 0, UDPTL_MAX_IFP);
	for (unsigned m = 0; m < span; m++) {
		struct udptl_field f = remembered(tx, udptl_fec_member(tx->seq, n, i, m));

		for (size_t o = 0; o < f.len; o++)
			out[o] ^= f.p[o];
		if (f.len > len)
			len = f.len;
	}
	return len;
}

/* At the start there is less to cover than wished for, and the limit may leave less room: then fewer entries, each
 * complete in itself. PARITY has room for all entries. */
static void add_fec(const struct udptl_tx *tx, struct udptl_packet *k, size_t limit,
		    uint8_t parity[UDPTL_MAX_FEC_ENTRIES][UDPTL_MAX_IFP])
{
	unsigned span = min_unsigned(tx->fec_span, tx->remembered), n = tx->fec_entries;

	for (n = span ? min_unsigned(n, tx->remembered / span) : 0; n; n--) {
		size_t octets = 2 + field_octets(k->primary.len) + FEC_HEADER_OCTETS;

		for (unsigned i = 0; i < n; i++) {
			size_t len = fec_entry(tx, span, n, i, parity[i]);

			k->fec[i] = (struct udptl_field){.p = parity[i], .len = len};
			octets += field_octets(len);
		}
		if (octets <= limit)
			break;
	}
	k->fec_span = span;
	k->nfec = n;
	k->kind = n ? T38_EC_FEC : T38_EC_NONE;
}

void udptl_tx_deepen(struct udptl_tx *tx, unsigned at_least, unsigned more)
{
	tx->at_least = at_least;
	tx->more = more;
}

static unsigned deepened(const struct udptl_tx *tx, unsigned depth)
{
	unsigned wished = max_unsigned(depth + tx->more, tx->at_least);

	return depth ? max_unsigned(depth, min_unsigned(wished, tx->depth_most)) : 0;
}

/* Where FEC is agreed, redundancy takes its place when the network is worse than FEC can mend: each receiver of T.38
 * takes it, FEC is an option beside it (T.38 Annex C), and each datagram says which it has. V.21 and indicators go
 * first, for a signal is lost with each of their packets; a page when more is missing in a row, or overtaken, than the
 * FEC that follows reaches back. */
static bool is_by_redundancy(const struct udptl_tx *tx, bool control)
{
	const unsigned reach = control ? tx->fec_entries : tx->fec_span * tx->fec_entries;

	if (tx->ec != T38_EC_FEC)
		return tx->ec == T38_EC_REDUNDANCY;
	if (!(control ? tx->depth_control : tx->depth_image))
		return false;
	return tx->depth_most > reach && (tx->at_least > reach || (control && tx->more));
}

void udptl_tx_next(struct udptl_tx *tx, bool together)
{
	tx->together = together;
}

size_t udptl_tx_build(struct udptl_tx *tx, const uint8_t *ifp, size_t len, bool control, uint8_t *out, size_t room)
{
	uint8_t parity[UDPTL_MAX_FEC_ENTRIES][UDPTL_MAX_IFP];
	struct udptl_packet k = {.seq = tx->seq, .primary = {.p = ifp, .len = len}};
	size_t limit = tx->max_octets < room ? tx->max_octets : room;

	if (len > UDPTL_MAX_IFP)
		return 0;
	if (is_by_redundancy(tx, control))
		add_redundancy(tx, &k, deepened(tx, control ? tx->depth_control : tx->depth_image), limit);
	else if (tx->ec == T38_EC_FEC)
		add_fec(tx, &k, limit, parity);
	size_t octets = udptl_write(&k, out, room);

	if (!octets)
		return 0;
	unsigned i = tx->seq % UDPTL_TX_MEMORY;

	if (len)
		memcpy(tx->memory[i].ifp, ifp, len);
	tx->memory[i].len = (uint16_t)len;
	tx->memory[i].together = tx->together;
	if (tx->remembered < UDPTL_TX_MEMORY - 1)
		tx->remembered++;
	tx->seq++;
	return octets;
}
