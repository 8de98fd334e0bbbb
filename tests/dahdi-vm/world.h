/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * world: everything around a gateway on DAHDI, in real time: an exchange at the far end of its span, and a SIP peer
 * on loopback. DAHDI's clock moves both. One world at a time.
 */
#ifndef DAHDI_VM_WORLD_H
#define DAHDI_VM_WORLD_H

#include <stdbool.h>

#include "tests/dahdi-vm/dahdi_port.h"
#include "tests/dahdi-vm/gateway_process.h"
#include "tests/sim/exchange.h"
#include "tests/sim/sip_peer.h"

#define WORLD_TIMESLOTS EXCHANGE_TIMESLOTS
#define WORLD_DCHANNEL	16

struct world {
	unsigned first;	    /* DAHDI's number of the exchange's timeslot 1 */
	const char *config; /* of the gateway */
	const char *log;
	struct gateway_process gateway;
	struct addr sip_gateway;
	struct loop *loop;
	struct sip_peer *peer;
	struct dahdi_port *port; /* NULL: the exchange has no line */
	struct exchange *x;
	unsigned restarts; /* of timeslots, by the gateway */
	void (*on_call)(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b);
	const struct sip_peer_call_params *(*on_peer_call)(unsigned id, const char *called);
	uint8_t tx[TIMESLOT_COUNT][EXCHANGE_BLOCK], rx[TIMESLOT_COUNT][EXCHANGE_BLOCK];
	char why[240]; /* the test failed */
	bool excused;  /* and that says nothing of the gateway, for the world itself was too slow */
};

extern struct world world;

/* Starts the gateway, opens the exchange's line and the SIP peer. 0 or errno, with WHY. */
int world_open(const char *config, unsigned first, const char *log);
/* False: the gateway did not end well. */
bool world_close(void);

/* The exchange's line, with a new exchange. */
int world_line_open(void);
void world_line_close(void);

/* 20 ms, by DAHDI's clock or, without a line, by the machine's. */
void world_step(void);
/* Steps until DONE, at most LIMIT_MS of real time, or until the gateway has ended. What DONE said last. */
bool world_until(bool (*done)(void), unsigned limit_ms);
void world_wait(unsigned ms);
int64_t world_now_ms(void); /* real time */

bool world_is_up(void);	       /* the D channel */
bool world_is_restarted(void); /* and every channel was restarted */
bool world_is_silent(void);    /* no call on either side */

/* Notes why the test fails; always false. */
bool world_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
