/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lab: whole calls in one process on a virtual clock: the real SIP side, spans, relays and configuration of the
 * gateway; exchanges (libpri's network side and spandsp's fax machines) at the far ends of lines in memory; a SIP peer
 * of its own making on a simulated network.
 *
 * One lab_step() is 20 ms. The same parameters give the same run.
 */
#ifndef CALL_LAB_H
#define CALL_LAB_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/config.h"
#include "gateway/sipside/sipside.h"
#include "gateway/span/span.h"
#include "tests/sim/exchange.h"
#include "tests/sim/line_mem.h"
#include "tests/sim/machine.h"
#include "tests/sim/net_sim.h"
#include "tests/sim/page.h"
#include "tests/sim/sip_peer.h"

#define LAB_MAX_SPANS	 8
#define LAB_LOG_OCTETS	 (1 << 20)
#define LAB_HEARD_OCTETS (1 << 18)

struct lab_params {
	uint64_t seed;
	unsigned nspans;		       /* 0: 1 */
	const char *main_text;		       /* added to faxspan.conf: [gateway] ... */
	const char *listen, *media;	       /* [sip] listen, [media] address; NULL: LAB_GATEWAY, none */
	const char *peer_sip, *peer_media;     /* the peer's addresses; NULL: LAB_PEER for SIP, SIP's for media */
	const char *sip_text;		       /* keys added to [sip] */
	const char *peer_text;		       /* keys added to [peer fax] */
	const char *span_peers;		       /* the spans' peer = ...; NULL: "fax" */
	const char *span_text;		       /* keys added to [span N] */
	const char *span_texts[LAB_MAX_SPANS]; /* those of one span alone */
	uint32_t exchange_timeslots;	       /* B channels the exchange has; 0: as configured */
	const char *fax_text;		       /* keys of [fax] */
	const char *timeouts_text;	       /* keys of [timeouts] */
	/* the exchange's answer to calls from the gateway; NULL: its default */
	void (*on_call)(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
			void *arg);
	/* what the peer does with a call to it; NULL: as .peer says */
	const struct sip_peer_call_params *(*on_peer_call)(unsigned id, const char *called, void *arg);
	/* sees, and may alter, each D-channel frame that an exchange sends; NULL: none does */
	void (*on_dframe)(uint8_t *frame, size_t octets, void *arg);
	void *arg;
	bool far_gateway;	  /* a second gateway at LAB_PEER, with a span and an exchange of its own, in place of
				     the peer; both dial 62... */
	const char *far_fax_text; /* its keys of [fax] */
	struct sip_peer_call_params peer; /* what the peer does with calls to it */
};

struct lab;

struct lab_span {
	struct lab *lab;
	struct span *span;
	struct line *line;
	struct exchange *x;
	bool dead, was_dead; /* see lab_kill_exchange() */
	uint8_t to_gateway[TIMESLOT_COUNT][LINE_BLOCK], from_gateway[TIMESLOT_COUNT][LINE_BLOCK];
};

struct lab_far {
	struct config *config;
	struct sipside *sip;
	struct lab_span span;
};

struct lab {
	struct lab_params par;
	struct config *config;
	struct net_sim *net;
	struct sipside *sip;
	unsigned nspans;
	struct lab_span spans[LAB_MAX_SPANS];
	struct lab_far far; /* if there is one; its calls and the near one's share the log */
	struct sip_peer *peer;
	struct addr gateway; /* its SIP address */
	uint64_t steps;
	char log[LAB_LOG_OCTETS]; /* every line logged at info and above */
	size_t log_octets;
	unsigned log_errors;	      /* lines at level error */
	unsigned errors_expected;     /* lab_close() asserts that there were so many */
	char heard[LAB_HEARD_OCTETS]; /* every SIP message that the peer received, as far as there is room */
	size_t heard_octets;
	bool peer_is_dead, peer_was_dead; /* see lab_kill_peer() */
	net_sim_tap_h *tap;		  /* the test's own, see lab_tap() */
	void *tap_arg;
};

/* Asserts (cmocka) that all of it is there. The D channels come up and restart before it returns. */
struct lab *lab_open(const struct lab_params *p);
/*
 * Asserts that no call is left, in no thread, in the exchange, nor in the peer (what was dead is not asked), and
 * that every timeslot is free.
 */
void lab_close(struct lab *l);
/* The same without the assertions. */
void lab_free(struct lab *l);

void lab_step(struct lab *l);
int64_t lab_now_ms(const struct lab *l);

/* Steps until DONE(ARG) or until LIMIT_MS have passed. True if it was done. */
bool lab_until(struct lab *l, bool (*done)(struct lab *l, void *arg), void *arg, unsigned limit_ms);
void lab_run(struct lab *l, unsigned ms);

/* True when no half-call is left in the gateway. */
bool lab_is_idle(struct lab *l, void *unused);
bool lab_log_has(const struct lab *l, const char *text);
unsigned lab_log_count(const struct lab *l, const char *text);
/* The call's END line, the Nth (first: 0); NULL. */
const char *lab_log_end(const struct lab *l, unsigned n);

/* The network between the gateway and the peer: its media, out to the peer and in from it, and SIP, both ways. */
void lab_damage_media(struct lab *l, const struct net_sim_damage *out, const struct net_sim_damage *in);
void lab_damage_sip(struct lab *l, const struct net_sim_damage *d);

/* Every datagram that is sent from now on passes through H, which may alter or drop it; NULL: none does. */
void lab_tap(struct lab *l, net_sim_tap_h *h, void *arg);
/* Sends a datagram from FROM, an address that nobody else uses ("10.0.0.66:5060"), to TO. */
void lab_inject(struct lab *l, const char *from, const struct addr *to, const void *p, size_t octets);

/* Nothing that the peer or the exchange of span I says or is told gets through any more (of an exchange: its D
 * channel), until it is called back
 * to life. */
void lab_kill_peer(struct lab *l, bool dead);
void lab_kill_exchange(struct lab *l, unsigned i, bool dead);

/*
 * What the main thread says to the threads when the daemon is to stop: first take no more calls (CLEAR: and end
 * those there are)...
 */
void lab_stop(struct lab *l, bool clear);
/* ...and when the spans have ended, to the SIP thread. */
void lab_stop_sip(struct lab *l);

/* True if the peer received TEXT in some SIP message. */
bool lab_peer_heard(const struct lab *l, const char *text);

#define LAB_GATEWAY "10.0.0.1"
#define LAB_PEER    "10.0.0.2"
#define LAB_NOBODY  "10.0.0.3" /* the peer, where the far gateway has its place */
#define LAB_NUMBER  "6212345" /* accepted from the line */
#define LAB_CALLER  "5550100"
#define LAB_OUT	    "4930123" /* dialled from SIP */

#endif
