/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_wire: our stack on one side, the test's own SIP text on the other, on simulated time and network. The test
 * says word by word what the peer sends and looks at what comes back; nothing of sip/ is on the peer's side.
 *
 * In what the test sends, "{via}" and the like are filled in from the last INVITE, request or response that came
 * (see wire_send).
 */
#ifndef SIM_SIP_WIRE_H
#define SIM_SIP_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "gateway/base/loop.h"
#include "sip/session.h"
#include "tests/sim/clock_sim.h"
#include "tests/sim/net_sim.h"

#define WIRE_EVENTS   32
#define WIRE_MESSAGES 64
#define WIRE_OCTETS   4096

struct wire {
	struct loop *loop;
	struct net_sim *net;
	struct udp *peer, *stranger;
	struct sip_stack *stack;
	struct sip_session *session; /* the last one made; NULL once closed */
	struct session_event events[WIRE_EVENTS];
	unsigned nevents, seen;
	char queue[WIRE_MESSAGES][WIRE_OCTETS];
	unsigned nqueued;
	char last[WIRE_OCTETS];	  /* the message wire_expect() found */
	char invite[WIRE_OCTETS]; /* the last INVITE of ours that was found */
	/* What the test's handler does. */
	void (*on_event)(struct wire *w, struct sip_session *s, const struct session_event *e);
};

int wire_open(struct wire *w); /* 0 or errno: for allocation tests */
/* The same with more of the peer; its name is set here, and its address, unless it is an endpoint. */
int wire_open_with(struct wire *w, const struct sip_peer_params *params);
/* Afterwards: nothing of the stack is left. */
void wire_close(struct wire *w);

void wire_run(struct wire *w, unsigned ms);
/* Sends TEXT from the peer (10.0.0.2:5060). Lines may end in "\n". {H} stands for header H of the last message
 * found by wire_expect (as "Via", "From", "To", ...), {len} for the length of the body. */
void wire_send(struct wire *w, const char *text);
void wire_send_from(struct wire *w, struct udp *from, const char *text);
/* The next message that begins with START arrives within MS; others are skipped. Fails the test if it does not. */
const char *wire_expect(struct wire *w, const char *start, unsigned ms);
bool wire_comes(struct wire *w, const char *start, unsigned ms);
void wire_expect_nothing(struct wire *w, unsigned ms);
bool wire_has(const struct wire *w, const char *text); /* the last message found has TEXT in it */
const char *wire_header(const struct wire *w, const char *name, char *buf, size_t room);
/* The next event told is of TYPE, within MS. */
const struct session_event *wire_event(struct wire *w, enum session_event_type type, unsigned ms);
void wire_no_event(struct wire *w, unsigned ms);

struct media_desc wire_audio(unsigned port);
struct media_desc wire_image(unsigned port);

#endif
