/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wire_rig: a struct wire (tests/sim/sip_wire.h) as a cmocka test's state, opened before and closed after it; what it
 * leaves allocated fails the test. And the words that a peer in such a test says again and again. One test executable
 * includes it once.
 */
#ifndef UNIT_WIRE_RIG_H
#define UNIT_WIRE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "tests/sim/sip_wire.h"

#define RIG_SDP_HEAD(version) "v=0\no=- 1 " version " IN IP4 10.0.0.2\ns=-\nc=IN IP4 10.0.0.2\nt=0 0\n"
#define RIG_AUDIO(version)    RIG_SDP_HEAD(version) "m=audio 7000 RTP/AVP 8\na=rtpmap:8 PCMA/8000\n"
#define RIG_IMAGE(version)    RIG_SDP_HEAD(version) "m=image 7002 udptl t38\na=T38FaxVersion:0\na=T38FaxMaxDatagram:200\n"
#define RIG_WITH(sdp)	      "Content-Type: application/sdp\nContent-Length: {len}\n\n" sdp
#define RIG_NO_SDP	      "Content-Length: 0\n\n"
/* Of a response to our last INVITE. */
#define RIG_HEAD "Via: {INVITE Via}\nFrom: {INVITE From}\nCall-ID: {INVITE Call-ID}\nCSeq: {INVITE CSeq}\n"

static size_t rig_alive;

static inline int rig_open(void **state, const struct sip_peer_params *peer)
{
	struct wire *w;

	rig_alive = fault_alive();
	w = malloc(sizeof(*w));
	assert_non_null(w);
	assert_int_equal(wire_open_with(w, peer), 0);
	*state = w;
	return 0;
}

static inline int rig_close(void **state)
{
	struct wire *w = *state;

	wire_close(w);
	free(w);
	assert_int_equal(fault_alive(), rig_alive);
	return 0;
}

/* Our INVITE to the peer goes out, with audio. */
static inline void rig_call(struct wire *w)
{
	struct media_desc audio = wire_audio(6000);
	struct session_invite_params p = {.called = "030", .calling = "040", .offer = &audio, .call_ref = "1-42"};

	assert_int_equal(session_invite(w->stack, &p, NULL, &w->session), 0);
	wire_expect(w, "INVITE ", 10);
}

#endif
