/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * streams_rig: two ends of connections in one loop, on the kernel's loopback and its time: what either has heard and
 * lost. One test executable includes it once.
 */
#ifndef UNIT_STREAMS_RIG_H
#define UNIT_STREAMS_RIG_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "fault.h"
#include "gateway/base/clock.h"
#include "sip/transport/streams.h"

#define MESSAGE	 "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 2\r\n\r\nhi"
#define MESSAGE2 "INFO sip:a@b SIP/2.0\r\nContent-Length: 3\r\n\r\nyou"

struct end {
	struct streams *streams;
	struct stream_terms terms;
	unsigned messages, bads, losses;
	char last[TLS_WHY_OCTETS + 100]; /* message, or what was bad */
	struct sip_hop from;
	struct stream_loss loss;
	char why[TLS_WHY_OCTETS]; /* of the loss */
};

struct rig {
	struct loop *loop;
	struct end a, b; /* a listens */
	size_t alive;
};

static void end_message(const char *text, size_t len, const struct sip_hop *from, void *arg)
{
	struct end *e = arg;

	e->messages++;
	assert_int_equal(text[len], '\0');
	snprintf(e->last, sizeof(e->last), "%.100s", text);
	e->from = *from;
}

static void end_bad(const char *text, size_t len, const struct sip_hop *from, const char *why, void *arg)
{
	struct end *e = arg;

	e->bads++;
	assert_int_equal(text[len], '\0');
	snprintf(e->last, sizeof(e->last), "%s", why);
}

static void end_lost(const struct stream_loss *l, void *arg)
{
	struct end *e = arg;

	e->losses++;
	e->loss = *l;
	snprintf(e->why, sizeof(e->why), "%s", l->why);
}

static struct stream_terms end_terms(const struct addr *remote, void *arg)
{
	return ((struct end *)arg)->terms;
}

static void end_open(struct rig *r, struct end *e, const struct streams_times *times, struct tls *tls)
{
	struct streams_handlers h = {
		.message = end_message, .bad = end_bad, .lost = end_lost, .terms = end_terms, .arg = e};

	e->terms.known = true;
	assert_int_equal(streams_alloc(&e->streams, &h, times, tls, r->loop), 0);
}

/* Where A listens, as a hop. */
static struct sip_hop rig_listen(struct rig *r, enum sip_transport transport)
{
	struct sip_hop h = {.transport = transport};

	assert_int_equal(addr_parse(&h.addr, "127.0.0.1", 0), 0);
	assert_int_equal(streams_listen(r->a.streams, transport, &h.addr), 0);
	h.addr = *streams_local(r->a.streams, transport, ADDR_IPV4);
	return h;
}

static struct rig *rig_open(const struct streams_times *times, struct tls *tls_a, struct tls *tls_b)
{
	size_t alive = fault_alive();
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->alive = alive;
	assert_int_equal(loop_alloc(&r->loop, &clock_monotonic), 0);
	end_open(r, &r->a, times, tls_a);
	end_open(r, &r->b, times, tls_b);
	return r;
}

static void rig_close(struct rig *r)
{
	size_t alive = r->alive;

	streams_free(r->a.streams);
	streams_free(r->b.streams);
	loop_free(r->loop);
	free(r);
	assert_int_equal(fault_alive(), alive);
}

/* Runs until *COUNT is WANTED; a test that waits 10 s has failed. */
static void rig_until(struct rig *r, const unsigned *count, unsigned wanted)
{
	int64_t end = loop_now_us(r->loop) + 10 * SEC_US;

	while (*count != wanted && loop_now_us(r->loop) < end)
		loop_step(r->loop, 100 * MS_US);
	assert_int_equal(*count, wanted);
}

static int end_send(struct end *e, const struct sip_hop *to, const char *text)
{
	uint32_t connection;

	return streams_send(e->streams, to, text, strlen(text), &connection);
}

#endif
