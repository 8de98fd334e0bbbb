/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The peer as a gateway with T.38's data rate management method 1 (localTCF) in front of its machine: the machine's
 * own TCF goes no further, and one for it is made here as long as the other side's training lasts.
 */
#include "sip_peer_priv.h"

#define DATA_V17_14400 8
#define NON_ECM_DATA   6
#define NON_ECM_END    7
#define CHUNK_OCTETS   300
#define CHUNKS	       9 /* 1.5 s at 14400 bit/s; at a lower rate it is longer, which does no harm */

void speer_tcf_frame(struct peer_call *c, const uint8_t *frame, size_t octets)
{
	uint8_t fcf = octets > 2 ? frame[2] & 0xfe : 0;

	if (fcf == 0x82) /* DCS */
		c->tcf = c->local_tcf;
	else if (fcf == 0x84) /* CFR */
		c->tcf = false;
}

static bool is_fast_data(const uint8_t *ifp)
{
	return (ifp[0] & 0x40) && (ifp[0] >> 1 & 0x1f) > 0;
}

bool speer_tcf_stays(const struct peer_call *c, const uint8_t *ifp, size_t len)
{
	return c->tcf && len && is_fast_data(ifp);
}

/* What is added moves the numbers of all that follows; gaps stay gaps, or the machine would take what is left for
 * whole. */
static void add(struct peer_call *c, const uint8_t *ifp, size_t len, uint16_t seq)
{
	machine_t38_ifp(c->machine, ifp, len, (uint16_t)(seq + c->added++));
}

/* T.38 annex A: from version 1 on the type of a field has a bit for its extension before it. */
static uint8_t field_type(const struct peer_call *c, unsigned type)
{
	return (uint8_t)(c->t38_version ? type << 3 : type << 4);
}

static void give_zeros(struct peer_call *c, uint16_t seq)
{
	uint8_t packet[5 + CHUNK_OCTETS] = {0xc0 | DATA_V17_14400 << 1, 1, 0x80 | field_type(c, NON_ECM_DATA),
					    (CHUNK_OCTETS - 1) >> 8, (CHUNK_OCTETS - 1) & 255};

	for (unsigned i = 0; i < CHUNKS; i++)
		add(c, packet, sizeof(packet), seq);
}

void speer_tcf_ifp(struct peer_call *c, const uint8_t *ifp, size_t len, uint16_t seq)
{
	const uint8_t end[] = {0xc0 | DATA_V17_14400 << 1, 1, field_type(c, NON_ECM_END)};
	unsigned indicator = ifp[0] >> 1;

	c->result.tcf_received += speer_tcf_stays(c, ifp, len);
	if (c->making_tcf && !(ifp[0] & 0x40) && indicator == 0) {
		add(c, end, sizeof(end), seq);
		c->making_tcf = false;
	}
	machine_t38_ifp(c->machine, ifp, len, (uint16_t)(seq + c->added));
	if (c->tcf && !c->making_tcf && !(ifp[0] & 0x40) && indicator >= 4) {
		give_zeros(c, (uint16_t)(seq + 1));
		c->making_tcf = true;
	}
}
