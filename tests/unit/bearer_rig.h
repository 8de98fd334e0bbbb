/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bearer_rig: a bearer alone, on a simulated network, with the peer's two sockets, a stranger's, and what the bearer
 * reported to its owner. One rig_step() is a block of 20 ms.
 */
#ifndef UNIT_BEARER_RIG_H
#define UNIT_BEARER_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "conf/config.h"
#include "dahdi/line.h"
#include "gateway/base/log.h"
#include "gateway/bearer/bearer_own.h"
#include "t38/rtp/rtp.h"
#include "t38/udptl/udptl.h"
#include "tests/sim/net_sim.h"

struct rig {
	struct net_sim *net;
	struct timers timers;
	struct media_ports ports;
	struct fax_params fax;
	struct media_policy media; /* set before rig_open() */
	uint32_t timeouts_ms[TIMEOUT_COUNT];
	struct bearer bearer;
	struct udp *rtp, *udptl; /* the peer's, where its SDP says */
	struct udp *elsewhere;	 /* a socket of another address */
	struct rtp_tx tx;	 /* the peer's numbering */
	uint8_t to_line[LINE_BLOCK];
	unsigned asks, cancels, heard, overs;
	unsigned lines; /* logged, at info and above */
};

static inline void rig_asks(void *arg)
{
	((struct rig *)arg)->asks++;
}

static inline void rig_cancels(void *arg)
{
	((struct rig *)arg)->cancels++;
}

static inline void rig_heard(void *arg)
{
	((struct rig *)arg)->heard++;
}

static inline void rig_over(const char *why, void *arg)
{
	assert_non_null(why);
	((struct rig *)arg)->overs++;
}

static inline void rig_log(enum log_level level, const char *line, void *arg)
{
	((struct rig *)arg)->lines++;
}

static inline struct addr rig_addr(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 0), 0);
	return a;
}

static inline struct udp *rig_socket(struct rig *r, const char *text)
{
	struct addr a = rig_addr(text);
	struct udp *u;

	assert_int_equal(udp_open(net_sim_net(r->net), &a, &u), 0);
	return u;
}

/* LINE_ANSWERS: the call came from SIP. Returns 0 or ENOMEM; R may be closed then. */
static inline int rig_open(struct rig *r, bool line_answers)
{
	const struct bearer_handlers h = {rig_asks, rig_cancels, rig_heard, rig_over, r};
	struct bearer_params p = {.fax = &r->fax,
				  .media = &r->media,
				  .jitter_min_ms = 20,
				  .jitter_max_ms = 100,
				  .jitter_fax_ms = 100,
				  .timeouts_ms = r->timeouts_ms,
				  .timers = &r->timers,
				  .ports = &r->ports,
				  .prefix = "rig",
				  .line_answers = line_answers,
				  .t38_allowed = true};
	const struct addr local[ADDR_FAMILIES] = {rig_addr("192.0.2.1")};

	r->timers.now_us = SEC_US;
	r->timeouts_ms[TIMEOUT_T38_SWITCH] = 5000;
	r->timeouts_ms[TIMEOUT_FAX_IDLE] = 40000;
	r->timeouts_ms[TIMEOUT_AFTER_DCN] = 2000;
	r->fax = (struct fax_params){.t38 = true,
				     .t38_start = T38_START_ANSWERING_SIDE,
				     .t38_grace_ms = 1000,
				     .ecm = true,
				     .max_rate = 14400,
				     .modems = FAX_MODEM_ALL,
				     .error_correction = T38_EC_REDUNDANCY,
				     .redundancy_control = 3,
				     .redundancy_image = 3,
				     .fec_span = 3,
				     .fec_entries = 3,
				     .no_signals = 3,
				     .tail_repeats = 3,
				     .tail_interval_ms = 40,
				     .rx_window_ms = 200};
	log_set_sink(rig_log, r);
	if (net_sim_alloc(&r->net, 1))
		return ENOMEM;
	media_ports_init(&r->ports, net_sim_net(r->net), local, 4000, 4999, 0, 1);
	rtp_tx_init(&r->tx, 7);
	return bearer_open(&r->bearer, &p, &h);
}

static inline void rig_close(struct rig *r)
{
	bearer_fini(&r->bearer);
	assert_int_equal(r->timers.count, 0); /* no timer outlives it */
	media_ports_fini(&r->ports);
	timers_fini(&r->timers);
	net_sim_free(r->net);
	log_set_sink(NULL, NULL);
}

static inline void rig_sockets(struct rig *r)
{
	r->rtp = rig_socket(r, "192.0.2.9:7000");
	r->udptl = rig_socket(r, "192.0.2.9:7002");
	r->elsewhere = rig_socket(r, "192.0.2.66:6666");
}

static inline void rig_step(struct rig *r)
{
	uint8_t rx[LINE_BLOCK];

	memset(rx, LINE_IDLE, sizeof(rx));
	timers_run(&r->timers, r->timers.now_us + 20 * MS_US);
	net_sim_run(r->net, r->timers.now_us);
	bearer_block(&r->bearer, rx, r->to_line, sizeof(rx));
	net_sim_run(r->net, r->timers.now_us);
}

static inline void rig_run(struct rig *r, unsigned ms)
{
	for (; ms >= 20; ms -= 20)
		rig_step(r);
}

static inline void rig_audio(struct rig *r)
{
	struct media_desc m = {.has_audio = true};

	m.audio = (struct media_audio){
		.addr = rig_addr("192.0.2.9:7000"), .ncodecs = 1, .codecs = {CODEC_PCMA}, .telephone_event_pt = -1};
	bearer_agreed(&r->bearer, &m);
}

static inline void rig_image(struct rig *r)
{
	struct media_desc m = {.has_image = true};

	m.image = (struct media_t38){.addr = rig_addr("192.0.2.9:7002"),
				     .max_bit_rate = 14400,
				     .max_datagram_octets = 400,
				     .error_correction = T38_EC_REDUNDANCY};
	bearer_agreed(&r->bearer, &m);
}

/* A call that is up, in AUDIO, with a peer that needs M of the media. */
static inline void rig_up_media(struct rig *r, bool line_answers, const struct media_policy *m)
{
	*r = (struct rig){.media = *m};
	assert_int_equal(rig_open(r, line_answers), 0);
	rig_sockets(r);
	rig_audio(r);
	bearer_answered(&r->bearer);
}

static inline void rig_up(struct rig *r, bool line_answers)
{
	rig_up_media(r, line_answers, &(struct media_policy){.nat = MEDIA_NAT_NO});
}

/* A frame of T.30 with FCF, as if it had been heard, or relayed. */
static inline void rig_frame(struct rig *r, enum t30_direction d, uint8_t fcf)
{
	const uint8_t frame[] = {0xFF, 0x13, fcf, 0, 0, 0};

	bearer_t30_frame(&r->bearer, d, frame, sizeof(frame));
}

/* A packet of RTP from U, a tone of no meaning. */
static inline void rig_rtp(struct rig *r, struct udp *u, uint8_t octet)
{
	uint8_t payload[LINE_BLOCK], packet[RTP_MAX_OCTETS];
	size_t n;

	memset(payload, octet, sizeof(payload));
	n = rtp_tx_build(&r->tx, 8, payload, sizeof(payload), packet, sizeof(packet));
	assert_int_equal(udp_send(u, media_socket_local(&r->bearer.rtp, ADDR_IPV4), packet, n), 0);
}

/* The datagrams that wait at U; the RTP timestamp of the last, if any, in *TIMESTAMPP. */
static inline unsigned rig_received(struct udp *u, uint32_t *timestampp)
{
	uint8_t buf[RTP_MAX_OCTETS];
	struct rtp_packet k;
	struct addr from;
	unsigned count = 0;
	ssize_t n;

	while ((n = udp_recv(u, buf, sizeof(buf), &from)) >= 0) {
		count++;
		if (timestampp && !rtp_read(buf, (size_t)n, &k))
			*timestampp = k.timestamp;
	}
	return count;
}

static inline void rig_expect(const struct rig *r, enum bearer_state s)
{
	if (bearer_state(&r->bearer) != s)
		fail_msg("in state %s, not %s", fsm_state_name(&r->bearer.fsm), bearer_fsm.states[s].name);
}

#endif
