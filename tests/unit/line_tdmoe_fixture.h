/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_tdmoe_fixture: a line_tdmoe and a tests/sim/tdm_port at its far end, over real sockets of the loopback
 * interface; the line's clock is the test's. What passes is written down in the variables below. One test executable
 * includes it once.
 */
#ifndef UNIT_LINE_TDMOE_FIXTURE_H
#define UNIT_LINE_TDMOE_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dahdi/line_tdmoe.h"
#include "gateway/base/counter.h"
#include "gateway/base/log.h"
#include "tests/sim/tdm_port.h"

#define STREAM	40000 /* samples a timeslot at most in a test */
#define DFRAMES 64
#define WAIT_MS 1000

struct heard {
	unsigned n;
	struct {
		size_t len;
		uint8_t octets[300];
	} frame[DFRAMES];
};

static struct loop *loop;
static struct line *l;
static struct tdm_port *port;
static int64_t now_us;

static struct heard from_port, from_line;
static unsigned begins, ends, events[LINE_EVENT_COUNT], event_calls, log_lines;
static enum line_event last_event;
static char last_log[LOG_LINE_OCTETS + 1];
static uint8_t rx[TIMESLOT_COUNT][STREAM], answered[TIMESLOT_COUNT][STREAM];
static unsigned rx_len[TIMESLOT_COUNT], tx_len[TIMESLOT_COUNT], sent_len, answered_len;
static unsigned close_in_handler, open_in_begin, silent;

/* What the far end says in sample I of a timeslot, and what the gateway says. */
static inline uint8_t far_octet(unsigned ts, unsigned i)
{
	return (uint8_t)(ts * 7 + i * 13 + (i >> 8));
}

static inline uint8_t near_octet(unsigned ts, unsigned i)
{
	return (uint8_t)(ts * 31 + i * 5 + (i >> 8) + 1);
}

static inline int64_t test_now(void *arg)
{
	return now_us;
}

static const struct clock test_clock = {test_now, NULL};

static inline void on_begin(unsigned samples, void *arg)
{
	assert_int_equal(samples, LINE_BLOCK);
	assert_int_equal(begins, ends);
	begins++;
	if (open_in_begin)
		assert_int_equal(line_open(l, open_in_begin), 0);
	open_in_begin = 0;
}

static inline void on_timeslot(unsigned ts, const uint8_t *octets, uint8_t *tx, size_t n, void *arg)
{
	assert_int_equal(begins, ends + 1);
	assert_int_equal(n, LINE_BLOCK);
	assert_true(rx_len[ts] + n <= STREAM);
	memcpy(rx[ts] + rx_len[ts], octets, n);
	rx_len[ts] += (unsigned)n;
	for (size_t i = 0; i < n && ts != silent; i++)
		tx[i] = near_octet(ts, tx_len[ts]++);
	if (close_in_handler == ts) {
		line_close(l, ts);
		line_close(l, ts + 1);
	}
}

static inline void on_end(void *arg)
{
	ends++;
}

static inline void keep(struct heard *h, const uint8_t *frame, size_t octets)
{
	assert_true(h->n < DFRAMES && octets <= sizeof(h->frame[0].octets));
	h->frame[h->n].len = octets;
	memcpy(h->frame[h->n++].octets, frame, octets);
}

static inline void on_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	assert_int_equal(begins, ends);
	keep(&from_port, frame, octets);
}

static inline void on_port_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	keep(&from_line, frame, octets);
}

static inline void on_event(enum line_event e, unsigned count, void *arg)
{
	assert_true(count > 0);
	events[e] += count;
	event_calls++;
	last_event = e;
}

static const struct line_handlers handlers = {
	.begin = on_begin,
	.timeslot = on_timeslot,
	.end = on_end,
	.dframe = on_dframe,
	.event = on_event,
};

static inline void on_log(enum log_level level, const char *text, void *arg)
{
	log_lines++;
	snprintf(last_log, sizeof(last_log), "%s", text);
}

static inline struct addr loopback(void)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, "127.0.0.1", 0), 0);
	return a;
}

static inline int setup(void **state)
{
	struct tdm_port_params pp = {.local = loopback(), .timeslots = 31, .dchannel = 16};
	struct line_tdmoe_params lp = {.local = loopback(), .timeslots = 31, .dchannel = 16, .prefix = "span 1"};

	memset(&from_port, 0, sizeof(from_port));
	memset(&from_line, 0, sizeof(from_line));
	memset(events, 0, sizeof(events));
	memset(rx_len, 0, sizeof(rx_len));
	memset(tx_len, 0, sizeof(tx_len));
	begins = ends = event_calls = log_lines = sent_len = answered_len = 0;
	close_in_handler = open_in_begin = silent = 0;
	now_us = 1000 * SEC_US;
	log_set_sink(on_log, NULL);
	assert_int_equal(loop_alloc(&loop, &test_clock), 0);
	assert_int_equal(tdm_port_alloc(&port, &pp), 0);
	tdm_port_on_dframe(port, on_port_dframe, NULL);
	lp.peer = *tdm_port_local(port);
	assert_int_equal(line_tdmoe_alloc(&l, &lp, &net_kernel), 0);
	tdm_port_set_peer(port, line_tdmoe_local(l));
	assert_int_equal(line_start(l, loop, &handlers), 0);
	return 0;
}

static inline int teardown(void **state)
{
	line_free(l);
	tdm_port_free(port);
	loop_free(loop);
	log_set_sink(NULL, NULL);
	return 0;
}

static inline void open_all(void)
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		if (ts != 16)
			assert_int_equal(line_open(l, ts), 0);
	}
}

static inline void step(int64_t us)
{
	now_us += us;
	assert_true(loop_step(loop, 0) >= 0);
}

static inline void send_samples(unsigned n)
{
	uint8_t tx[TIMESLOT_COUNT * TDM_PORT_MAX_SAMPLES];

	for (unsigned ts = 0; ts < TIMESLOT_COUNT; ts++) {
		for (unsigned i = 0; i < n; i++)
			tx[ts * n + i] = far_octet(ts, sent_len + i);
	}
	assert_int_equal(tdm_port_send(port, tx, n), 0);
	sent_len += n;
}

/* The frame sent last is answered, at once. */
static inline void expect_answer(unsigned n)
{
	uint8_t got[TIMESLOT_COUNT * TDM_PORT_MAX_SAMPLES];

	assert_int_equal(tdm_port_wait(port, WAIT_MS, got), 0);
	assert_true(answered_len + n <= STREAM);
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		memcpy(answered[ts] + answered_len, got + ts * n, n);
	answered_len += n;
}

static inline void expect_no_answer(void)
{
	assert_int_equal(tdm_port_wait(port, 0, NULL), ETIMEDOUT);
}

static inline void exchange(unsigned n)
{
	send_samples(n);
	step(n * 125);
	expect_answer(n);
}

static inline void assert_rx(unsigned ts, unsigned from, unsigned to, unsigned skew)
{
	for (unsigned i = from; i < to; i++)
		assert_int_equal(rx[ts][i], far_octet(ts, i - skew));
}

static inline void assert_idle(const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(p[i], LINE_IDLE);
}

/* Answers FROM to TO are what the gateway said, DELAY samples later. */
static inline void assert_answered(unsigned ts, unsigned from, unsigned to, unsigned delay)
{
	for (unsigned i = from; i < to; i++)
		assert_int_equal(answered[ts][i], near_octet(ts, i - delay));
}

static inline uint64_t stat_of(const _Atomic uint64_t *c)
{
	return counter_get(c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
