/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * limit: keeps a fax within what a span allows (rate, modems, ECM, nonstandard frames) by editing IFP packets as they
 * pass, pure.
 *
 * The capabilities in DIS and DTC (T.30 table 2) are cut to what is allowed, in both directions; V.8 is taken out,
 * for a gateway of T.38 version 0 cannot carry it. DIS cannot say "V.17, but 12000", nor "V.29, but 7200", and there
 * are senders that do not heed it: the TCF of a sender that is too fast is spoilt, the receiver answers FTT, and the
 * sender steps down by itself; if the receiver answers CFR all the same it is made FTT. For ECM that was not offered
 * T.30 has no such answer: it passes.
 *
 * NSF, NSC and NSS (T.30 5.3.6.2.7) let two machines of one maker agree on what no other understands, a gateway
 * neither: they are emptied unless they are to pass.
 */
#ifndef T38_LIMIT_H
#define T38_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "t38/udptl/ifp.h"

enum limit_direction { LIMIT_TO_PEER, LIMIT_TO_LINE };

/* What a DCS asks for that it should not. */
enum limit_breach {
	LIMIT_KEPT,
	LIMIT_TOO_FAST,	   /* more than is allowed, which the DIS could not say */
	LIMIT_NOT_OFFERED, /* a modem, or V.27ter at 4800, that the DIS did not offer */
	LIMIT_ECM,	   /* that the DIS did not offer */
};

struct limit {
	bool ecm;
	bool nonstandard;     /* NSF, NSC and NSS pass */
	unsigned max_rate;    /* bit/s */
	unsigned modems;      /* FAX_MODEM_* */
	bool tcf;	      /* what comes in an image modem without ECM is a TCF, not a page */
	unsigned spoilt;      /* TCFs spoilt */
	bool refuse_training; /* the next CFR to the line becomes FTT: the TCF from there was no good */
	/* Of the last DCS: */
	enum limit_breach breach;
	enum limit_direction sender; /* where it went */
	unsigned dcs_rate;	     /* bit/s */
	struct {
		unsigned at; /* octets of the present V.21 frame so far */
		uint8_t fcf;
		uint8_t fif[4];	 /* its first */
		uint8_t offered; /* of the last DIS or DTC: its second, as edited */
		bool has_offered;
		bool spoiling;
	} dir[2];
};

/* MAX_RATE and MODEMS are made to agree: V.17 brings V.29 (DIS has no code without), nothing at all means V.27ter. */
void limit_init(struct limit *l, bool ecm, unsigned max_rate, unsigned modems);

/* PACKET, as read into IP by ifp_read(), passes in direction D: it is edited in place; its length does not change. */
void limit_packet(struct limit *l, enum limit_direction d, uint8_t *packet, const struct ifp *ip);

/* Of the V.21 frame that passes in direction D nothing more comes, nor its FCS: what comes next is another frame. */
void limit_frame_broken(struct limit *l, enum limit_direction d);

/* True while a CFR that passes in direction D becomes FTT. */
bool limit_refuses(const struct limit *l, enum limit_direction d);

#endif
