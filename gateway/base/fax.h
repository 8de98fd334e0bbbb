/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fax: a span's fax settings as plain data, shared by configuration, the relay and the bearer.
 */
#ifndef BASE_FAX_H
#define BASE_FAX_H

#include <stdbool.h>
#include <stdint.h>

#include "media.h"

/* Who asks for T.38, and when (DESIGN: t38_start). */
enum t38_start {
	T38_START_ANSWERING_SIDE,	/* the gateway where the fax machine answers, on CED, ANSam or V.21; the other
					   waits the grace time, or for a fourth CNG in vain */
	T38_START_ON_CNG,		/* also the calling side's, as soon as CNG is heard */
	T38_START_ON_CED,		/* also the answering side's, as soon as any answer tone is heard: a data
					   modem's too */
	T38_START_ON_PREAMBLE,		/* whoever hears V.21 flags first, from either side */
	T38_START_AT_ANSWER,		/* at once when the call is answered */
	T38_START_WAIT,			/* never: the peer must ask */
};

const char *t38_start_name(enum t38_start s);	/* "answering-side", "on-cng", "on-ced", "on-preamble", ... */

#define FAX_MODEM_V27TER 1u
#define FAX_MODEM_V29 2u
#define FAX_MODEM_V17 4u
#define FAX_MODEM_ALL (FAX_MODEM_V27TER | FAX_MODEM_V29 | FAX_MODEM_V17)

struct fax_params {
	bool t38;			/* false: the span never uses T.38; faxes pass in G.711 */
	enum t38_start t38_start;
	uint32_t t38_grace_ms;		/* how long the side that need not ask waits for the other */
	bool ecm;			/* false: ECM is taken out of the DIS */
	unsigned max_rate;		/* bit/s: 2400, 4800, 7200, 9600, 12000, 14400 */
	unsigned modems;		/* FAX_MODEM_* */
	bool nonstandard;		/* NSF, NSC and NSS pass; false: they are emptied */
	bool fill_bit_removal;
	enum t38_error_correction error_correction;	/* what we offer */
	unsigned redundancy_control;	/* earlier packets repeated with each packet of V.21 and indicators */
	unsigned redundancy_image;	/* the same for page data */
	unsigned redundancy_most;	/* of either, where the network loses packets */
	unsigned fec_span, fec_entries;	/* with FEC: packets that an entry of parity covers, and entries in a packet */
	unsigned no_signals;		/* packets sent when T.38 begins, to open pinholes */
	unsigned assumed_datagram_octets; /* in place of the peer's T38FaxMaxDatagram; 0: as it says */
	unsigned tail_repeats;		/* how often the last datagram of a burst is sent again while nothing follows */
	uint32_t tail_interval_ms;
	uint32_t rx_window_ms;		/* how long the receiver waits for a gap to close */
};

#endif
