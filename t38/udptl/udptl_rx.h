/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udptl_rx: the receiving window: puts packets in order, recovers lost ones from redundancy and FEC, waits a while for
 * a gap to close, then goes on. Pure: time is given. The window never goes back: what was passed over is late.
 */
#ifndef T38_UDPTL_RX_H
#define T38_UDPTL_RX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "udptl.h"

#define UDPTL_RX_WINDOW 64 /* packets remembered */
#define UDPTL_RX_AHEAD                                                                                                 \
	48 /* of them at most so many still to come; the others are behind, for FEC and to know repetitions */
#define UDPTL_RX_HELD	  8  /* packets of what may be a new sequence */
#define UDPTL_RX_PARITIES 32 /* FEC entries kept while they may still be of use */

typedef void(udptl_rx_ifp_h)(const uint8_t *ifp, size_t len, uint16_t seq, void *arg);

struct udptl_rx_stats {
	uint64_t packets, bad; /* datagrams read; refused as malformed */
	uint64_t lost;	       /* IFP packets never had, the window went on without them */
	uint64_t recovered_redundancy, recovered_fec;
	uint64_t late, duplicate; /* came after their place was passed; came again */
	uint64_t jumps;		  /* the sender began a new sequence (far ahead or behind for several packets) */
};

struct udptl_rx {
	int64_t wait_us;
	udptl_rx_ifp_h *ifp;
	void *arg;
	struct udptl_rx_stats stats;
	bool started;
	uint16_t next;	      /* the sequence number due */
	int64_t gap_since_us; /* when NEXT was found missing; valid while gap */
	bool gap;
	unsigned waiting;     /* packets in the window that are due or ahead of it */
	struct {
		bool present;
		uint16_t seq, len;
		int64_t arrived_us;
		uint8_t ifp[UDPTL_MAX_IFP];
	} slot[UDPTL_RX_WINDOW];  /* by seq % UDPTL_RX_WINDOW, delivered ones kept for FEC */
	unsigned nstrange, nheld; /* datagrams in a row that do not belong to the sequence; their packets */
	uint16_t strange_seq;	  /* of the last of them */
	struct {
		uint16_t seq, len;
		uint8_t ifp[UDPTL_MAX_IFP];
	} held[UDPTL_RX_HELD];
	unsigned next_parity, nparity;
	struct udptl_rx_parity {
		bool used;
		uint8_t span, nfec, entry;
		uint16_t seq, len; /* of the packet that brought it; of the data */
		uint8_t data[UDPTL_MAX_IFP];
	} parity[UDPTL_RX_PARITIES];
};

/* Packets are passed to IFP in order, each once; empty ones (some senders keep NATs open with them) take their number
 * and are not passed. IFP must not call back into RX. The sequence starts with the first packet seen, or with the
 * earlier ones its redundancy brings when the numbers are low. A sender known to begin anew (another address, a new
 * agreement) is best given a new udptl_rx_init(): else its first packets may be taken for repetitions. WAIT_US: how
 * long a gap is waited for (0: not at all). */
void udptl_rx_init(struct udptl_rx *rx, int64_t wait_us, udptl_rx_ifp_h *ifp, void *arg);

/* A datagram came at NOW_US. Returns NULL, or what is wrong with it (static text): then it is counted, and nothing else
 * changes. */
const char *udptl_rx_datagram(struct udptl_rx *rx, const void *p, size_t len, int64_t now_us);

/* Time passes: gives up on a gap that has waited long enough. Call it every 20 ms or so. */
void udptl_rx_tick(struct udptl_rx *rx, int64_t now_us);

#endif
