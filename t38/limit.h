/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * limit: keeps a fax within what a span allows (rate, modems, ECM) by editing IFP packets as they pass, pure.
 *
 * The capabilities in DIS and DTC (T.30 table 2) are cut to what is allowed, in both directions; V.8 is taken out,
 * for a gateway of T.38 version 0 cannot carry it. DIS cannot say "V.17, but 12000", nor "V.29, but 7200": there the
 * TCF of a sender that is too fast is spoilt, the receiver answers FTT, and the sender steps down by itself.
 */
#ifndef T38_LIMIT_H
#define T38_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "ifp.h"

enum limit_direction { LIMIT_TO_PEER, LIMIT_TO_LINE };

struct limit {
	bool ecm;
	unsigned max_rate; /* bit/s */
	unsigned modems;   /* FAX_MODEM_* */
	bool tcf;	   /* what comes in an image modem without ECM is a TCF, not a page */
	unsigned spoilt;   /* TCFs spoilt */
	bool refuse_training; /* the next CFR to the line becomes FTT: the TCF from there was no good */
	struct {
		unsigned at; /* octets of the present V.21 frame so far */
		uint8_t fcf;
		bool spoiling;
	} dir[2];
};

/* MAX_RATE and MODEMS are made to agree: V.17 brings V.29 (DIS has no code without), nothing at all means V.27ter. */
void limit_init(struct limit *l, bool ecm, unsigned max_rate, unsigned modems);

/* PACKET, as read into IP by ifp_read(), passes in direction D: it is edited in place; its length does not change. */
void limit_packet(struct limit *l, enum limit_direction d, uint8_t *packet, const struct ifp *ip);

#endif
