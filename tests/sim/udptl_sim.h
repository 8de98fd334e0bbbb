/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udptl_sim: UDPTL (ITU-T T.38 9.1) as a peer of ours has it, for tests: it shares nothing with t38/udptl/, so that
 * a mistake there is not answered by the same mistake here. It is of the common sort: fixed redundancy or FEC, no
 * waiting for packets that are late, no repetition; or, if told so, of the careful sort, with both.
 */
#ifndef SIM_UDPTL_SIM_H
#define SIM_UDPTL_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UDPTL_SIM_MEMORY 64	 /* packets remembered, each way */
#define UDPTL_SIM_IFP_OCTETS 512 /* longest IFP packet */
#define UDPTL_SIM_OCTETS 1472	 /* longest datagram */
#define UDPTL_SIM_MAX_DEPTH 16	 /* redundancy entries, FEC span and FEC entries */

enum udptl_sim_kind { UDPTL_SIM_NONE, UDPTL_SIM_REDUNDANCY, UDPTL_SIM_FEC };

struct udptl_sim_stats {
	uint64_t sent, received; /* datagrams */
	uint64_t bad;		 /* not UDPTL */
	uint64_t recovered;	 /* IFP packets had from redundancy or FEC */
	uint64_t lost;		 /* not had at all */
	uint64_t late;		 /* came when their place was passed, or twice */
};

struct udptl_sim_packet {
	uint16_t seq;
	bool present;
	size_t len;
	uint8_t ifp[UDPTL_SIM_IFP_OCTETS];
};

typedef void (udptl_sim_ifp_h)(const uint8_t *ifp, size_t len, uint16_t seq, void *arg);

struct udptl_sim {
	/* How to send. */
	enum udptl_sim_kind kind;
	unsigned depth;		      /* redundancy: entries; FEC: span */
	unsigned fec_entries;	      /* FEC: entries, each over DEPTH packets so many apart */
	size_t max_octets;	      /* of a datagram: entries that do not fit are left out */
	bool mixed;		  /* every second datagram is of the other kind, FEC or redundancy */
	int64_t window_us;	      /* a gap is waited for so long; 0: not */
	unsigned tail;		      /* times the last datagram is sent again while nothing new follows... */
	int64_t tail_us;	      /* ...so far apart */
	udptl_sim_ifp_h *handler; /* takes what is received, in order */
	void *arg;

	uint16_t tx_seq;
	unsigned tx_count; /* packets sent so far, up to UDPTL_SIM_MEMORY */
	struct udptl_sim_packet tx[UDPTL_SIM_MEMORY];
	bool started;
	uint16_t rx_next;
	struct udptl_sim_packet rx[UDPTL_SIM_MEMORY];
	int64_t now_us, gap_since_us; /* udptl_sim_tick()'s; a gap was seen, 0: there is none */
	uint16_t rx_last;	      /* the furthest received */
	uint8_t last[UDPTL_SIM_OCTETS];
	size_t last_octets;
	int64_t last_us;
	unsigned repeats; /* of it still to come */
	struct udptl_sim_stats stats;
};

/* Redundancy of depth 3, datagrams up to UDPTL_SIM_OCTETS; the caller may change the first members before sending. */
void udptl_sim_init(struct udptl_sim *u, udptl_sim_ifp_h *handler, void *arg);

/* Builds the datagram of the next IFP packet in OUT (UDPTL_SIM_OCTETS). Returns its length; 0 when IFP is too long. */
size_t udptl_sim_send(struct udptl_sim *u, const uint8_t *ifp, size_t len, uint8_t *out);

/* It is NOW_US: what has waited long enough is handed on. */
void udptl_sim_tick(struct udptl_sim *u, int64_t now_us);
/* The datagram to be sent again now, in OUT (UDPTL_SIM_OCTETS): its length, or 0. */
size_t udptl_sim_tail(struct udptl_sim *u, uint8_t *out);

/* Takes a datagram; the handler is called for each IFP packet that is new. False if it is not UDPTL. */
bool udptl_sim_receive(struct udptl_sim *u, const uint8_t *p, size_t len);

#endif
