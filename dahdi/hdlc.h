/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hdlc: the D channel's HDLC (ITU-T Q.921 2, ISO/IEC 13239) in a 64 kbit/s timeslot, pure: flags, zero-bit insertion,
 * FCS-16, abort.
 *
 * Bit order, as DAHDI's and every E1 card's: an HDLC octet goes on the line least significant bit first (Q.921
 * 2.8.2); a timeslot's octet, as the drivers hand it over, has the bit that is first on the line as its most
 * significant one (G.711: bit 1, the sign, is sent first). So Q.921's 0x02 that begins on an octet's border is seen
 * as 0x40.
 *
 * The functions are dhdlc_*, not hdlc_*: libspandsp exports hdlc_rx_init(), hdlc_tx_init() and hdlc_tx_frame(), and
 * calls of its own would end up in ours.
 */
#ifndef DAHDI_HDLC_H
#define DAHDI_HDLC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HDLC_FRAME_OCTETS     300 /* longest frame without FCS: Q.921 N201 is 260 plus address and control */
#define HDLC_FRAME_MIN_OCTETS 3	  /* shortest: two of address, one of control (Q.921 2.9: invalid if shorter) */
#define HDLC_FCS_OCTETS	      2
#define HDLC_TX_QUEUE	      32 /* frames that may wait to be sent */

enum hdlc_error {
	HDLC_ABORT,	/* seven ones within a frame */
	HDLC_BAD_FCS,	/* the frame check sequence does not fit */
	HDLC_BAD_LENGTH /* too short, too long, or no whole number of octets */
};

const char *hdlc_error_name(enum hdlc_error e); /* "abort", "bad FCS", "bad length" */

struct dhdlc_rx {
	void (*frame)(const uint8_t *frame, size_t octets, void *arg);
	void (*error)(enum hdlc_error e, void *arg);
	void *arg;
	/* private */
	unsigned ones; /* in a row, up to now; 7: seven or more */
	unsigned bits; /* of the octet begun */
	uint8_t octet; /* the octet begun */
	bool in_frame; /* a flag was seen and no abort since */
	bool steady;   /* the last octet changed nothing: as long as the same comes, nothing can */
	uint8_t last;  /* the last octet of the line */
	size_t len;
	uint8_t buf[HDLC_FRAME_OCTETS + HDLC_FCS_OCTETS];
};

struct dhdlc_tx {
	/* private */
	struct {
		uint16_t len;
		uint8_t octets[HDLC_FRAME_OCTETS + HDLC_FCS_OCTETS];
	} queue[HDLC_TX_QUEUE];
	unsigned head, count;
	size_t pos;	/* of the next octet of the frame being sent */
	bool in_frame;	/* the frame at the head is being sent */
	uint32_t acc;	/* bits not yet sent, the first one uppermost */
	unsigned nbits; /* of them, at most 7 between calls */
	unsigned ones;	/* in a row, at the end of them, within a frame */
	unsigned flags; /* in a row, at the end of them; does not count beyond 2 */
};

/* FRAME is given each good frame without its FCS, ERROR (may be NULL) every other; both with ARG, from within
 * dhdlc_rx_octets(). */
void dhdlc_rx_init(struct dhdlc_rx *rx, void (*frame)(const uint8_t *frame, size_t octets, void *arg),
		   void (*error)(enum hdlc_error e, void *arg), void *arg);
/* Takes the next OCTETS octets of the line. Runs of flags (or of anything else that repeats) cost next to nothing. */
void dhdlc_rx_octets(struct dhdlc_rx *rx, const uint8_t *line, size_t octets);
/* The line broke: drops what was begun and waits for a flag. */
void dhdlc_rx_reset(struct dhdlc_rx *rx);

/* Empties the queue; the line idles with flags. */
void dhdlc_tx_init(struct dhdlc_tx *tx);
/* Queues a frame without FCS, copied. Returns 0, EMSGSIZE if it is shorter or longer than HDLC_FRAME_(MIN_)OCTETS, or
 * ENOBUFS when HDLC_TX_QUEUE frames wait. */
int dhdlc_tx_frame(struct dhdlc_tx *tx, const uint8_t *frame, size_t octets);
/* Fills the next OCTETS octets of the line: queued frames, and flags between them and when there are none. */
void dhdlc_tx_octets(struct dhdlc_tx *tx, uint8_t *line, size_t octets);
/* The number of frames that wait or are being sent. */
unsigned dhdlc_tx_waiting(const struct dhdlc_tx *tx);

/* The frame check sequence of Q.921 2.7 over LEN octets; it is sent low octet first. */
uint16_t dhdlc_fcs(const uint8_t *p, size_t len);

#endif
