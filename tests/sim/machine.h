/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine: a fax machine by spandsp, for tests and the demo: on a line (linear samples, both ways) or on T.38 (IFP
 * packets). It counts time in samples. One page or many, sent from a TIFF or received into one.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/fax.h"

struct machine;
struct t30_turn;
struct t30_report;

/* Of a page's coding (T.4, T.6). */
#define MACHINE_MH  1u
#define MACHINE_MR  2u
#define MACHINE_MMR 4u

enum machine_modem { MACHINE_ANY_MODEM, MACHINE_V17_FIRST, MACHINE_V29_FIRST };

/* What makes a machine old or odd. All zero: as they are sold today. */
struct machine_kind {
	unsigned codings; /* MACHINE_M*; 0: all */
	/* of a receiver: the least time for a line of the page (T.30 table 2, bits 21 to 23): 0, 5, 10, 20, 40 */
	unsigned min_scan_ms;
	/* of a sender: bit/s of its first training, whatever the DIS says; 0: the fastest of both */
	unsigned first_rate;
	enum machine_modem first_modem; /* for a first rate that two have */
	unsigned bad_above;  /* of a receiver: the TCF at more bit/s is no good, and FTT the answer; 0: none */
	bool takes_any_tcf;  /* a receiver that answers CFR however bad the TCF */
	bool wide;	     /* has B4 and A3, else A4 */
	bool insists_on_ecm; /* of a sender: ECM, whatever the DIS says */
	bool no_cng, no_ced;
	bool good_ears;	  /* on a line: hears what is faint, and what is in noise (machine_ears.h) */
	bool tep;	  /* on a line: a tone against echo suppressors before its V.29 and V.17 */
	bool nonstandard; /* sends NSF, NSC, NSS */
};

struct machine_params {
	bool caller; /* sends CNG and waits for DIS; else answers with CED */
	/* A caller that has nothing to send polls (T.30 DTC); one that has both sends, turns round (EOM), and polls. */
	const char *send_file;	  /* TIFF to send, or NULL */
	const char *receive_file; /* TIFF to write, or NULL */
	const char *ident;	  /* local id (TSI/CSI) */
	bool ecm;
	unsigned modems;      /* FAX_MODEM_*; 0: all */
	bool super_g3;	      /* on a line: V.8 first (T.30 annex F); it would go on in V.34 */
	unsigned t38_version; /* of one on T.38 */
	/* In place of all that: the caller's or the called's turns of this conversation (t30_tester.h). Of a machine
	 * behind SIP: in T.38 alone, before that it is silent. */
	const struct t30_turn *script;
	const struct t30_packet_style *style; /* with a script, on T.38: of its packets; NULL: as most send them */
	struct t30_report *report;	      /* with a script: what has come of it */
	struct machine_kind kind;
};

struct machine_result {
	bool done;	  /* the machine has ended its T.30 procedure */
	bool success;	  /* with T30_ERR_OK */
	int code;	  /* T30_ERR_* */
	const char *text; /* the same in words */
	int pages_sent, pages_received;
	int rate; /* bit/s */
	bool ecm;
	int document_ms;  /* from its first DCS to its last MCF; 0: none */
	bool v34;	  /* it has agreed on V.34, which is the end of it here */
	bool nonstandard; /* an NSF, NSC or NSS as another machine here sends them came whole */
};

int machine_alloc(struct machine **mp, const struct machine_params *p); /* on a line. 0, ENOMEM, or EINVAL (file) */
typedef void(machine_ifp_h)(const uint8_t *ifp, size_t len, unsigned copies, void *arg);
int machine_t38_alloc(struct machine **mp, const struct machine_params *p, machine_ifp_h *ifp, void *arg);
void machine_free(struct machine *m); /* closes its files */

/* On a line: what it hears and what it says, N samples. */
void machine_rx(struct machine *m, const int16_t *samples, size_t n);
void machine_tx(struct machine *m, int16_t *samples, size_t n);

/* On T.38: time passes; a packet came. */
void machine_t38_step(struct machine *m, size_t samples);
void machine_t38_ifp(struct machine *m, const uint8_t *ifp, size_t len, uint16_t seq);

/* The call is over: it will not hear or say more. */
void machine_hangup(struct machine *m);
void machine_result(const struct machine *m, struct machine_result *rp);

/* T.30 frames as they pass at this machine, for ladders: SENT or received. */
typedef void(machine_frame_h)(bool sent, const uint8_t *frame, size_t octets, void *arg);
void machine_on_frame(struct machine *m, machine_frame_h *h, void *arg);

#endif
