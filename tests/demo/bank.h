/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bank: everything around a running gateway, in one process on one clock: exchanges with fax machines at the far ends
 * of its tdmoe lines, and a T.38 SIP peer. It owns the lines' time: one bank_step() is 20 ms on every line and in the
 * peer's media, and goes as fast as the gateway answers. While calls are being set up or switched it is held back,
 * for SIP's messages take real time.
 */
#ifndef DEMO_BANK_H
#define DEMO_BANK_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/sim/exchange.h"
#include "tests/sim/sip_peer.h"
#include "tests/sim/tdm_port.h"

#define BANK_MAX_SPANS 8

struct bank_params {
	unsigned nspans;
	struct addr lines_local, lines_gateway;	/* of span 1; the ports of the others follow */
	struct addr sip_local, sip_gateway;	/* local not set: no peer, somebody else's is there */
	unsigned held_speed;			/* so many times real time while there is signalling; 0: 8 */
	unsigned speed;				/* the fastest; 0: no limit */
	/* handlers; their arg is ARG */
	void (*on_call)(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			void *arg);
	void (*on_message)(bool sent, const char *name, unsigned call_reference, unsigned cause, void *arg);
	const struct sip_peer_call_params *(*on_peer_call)(unsigned id, const char *called, void *arg);
	void (*on_peer_frame)(unsigned id, int64_t now_ms, bool sent, const uint8_t *frame, size_t octets, void *arg);
	void (*on_sip)(bool sent, const char *line, void *arg);
	void *arg;
};

struct bank;

struct bank_span {
	struct bank *bank;
	struct tdm_port *port;
	struct exchange *x;
	uint8_t tx[TIMESLOT_COUNT][EXCHANGE_BLOCK], rx[TIMESLOT_COUNT][EXCHANGE_BLOCK];
};

struct bank {
	struct bank_params par;
	struct loop *loop;
	struct sip_peer *peer;
	struct bank_span spans[BANK_MAX_SPANS];
	int64_t line_us;		/* line time passed */
	bool starting;
	int64_t due_us;			/* real time of the next step, when held back */
};

/* Returns 0 or errno; the reason is written to stderr. B must not move. */
int bank_open(struct bank *b, const struct bank_params *p);
void bank_close(struct bank *b);

/* Returns 0, or ETIMEDOUT when the gateway does not answer a line's frame in 10 s. */
int bank_step(struct bank *b);
/* Until every D channel is up. 0, ETIMEDOUT. */
int bank_wait_up(struct bank *b, unsigned limit_ms);

#endif
