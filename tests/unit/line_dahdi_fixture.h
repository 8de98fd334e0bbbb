/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_dahdi_fixture: a line_dahdi on tests/sim/dahdi_fake, on the test's time. Every octet that passes is compared:
 * both ends send a stream of their own on each timeslot. One test executable includes it once.
 */
#ifndef UNIT_LINE_DAHDI_FIXTURE_H
#define UNIT_LINE_DAHDI_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dahdi/line_dahdi.h"
#include "dahdi/line_dahdi_abi.h"
#include "gateway/base/counter.h"
#include "gateway/base/log.h"
#include "tests/sim/dahdi_fake.h"

#define ALL_B	0xfffefffeu
#define STEP	8
#define DFRAMES 64

/* A stream received: where it stands, and what was wrong in it. */
struct stream {
	bool begun;
	uint64_t next;	/* the sample expected */
	uint64_t good;	/* as expected */
	uint64_t jumps; /* where it went on elsewhere */
	uint64_t lost;	/* samples jumped over */
	uint64_t idle;	/* idle octets after it had begun */
};

static struct dahdi_fake *fake;
static struct loop *loop;
static struct line *l;
static int64_t now_us;
static char why[LINE_DAHDI_WHY_OCTETS];

static struct stream heard[TIMESLOT_COUNT], sent[TIMESLOT_COUNT];
static uint64_t said[TIMESLOT_COUNT];
static unsigned passed, begins, ends, timeslot_calls, events[LINE_EVENT_COUNT], dframes_in, dframes_out;
static enum line_event last_event;
static uint8_t last_dframe[1024];
static size_t last_dframe_len;
static char last_log[LOG_LINE_OCTETS + 1], all_log[16384];
static unsigned log_lines;
static bool raw; /* octets are not compared (gains) */
static uint8_t raw_tx, raw_rx;

static inline int64_t test_now(void *arg)
{
	return now_us;
}

static const struct clock test_clock = {test_now, NULL};

static inline uint8_t octet_of(uint32_t seed, uint64_t i)
{
	uint32_t x = (uint32_t)i * 2654435761u ^ seed * 0x9E3779B9u;
	uint8_t o;

	x ^= x >> 15;
	x *= 0x85ebca6bu;
	x ^= x >> 13;
	o = (uint8_t)x;
	return o == LINE_IDLE ? 0x55 : o; /* so that idle is never part of a stream */
}

/* Takes OCTETS of a stream; where they are not what is expected, looks for the place within a second. */
static inline void stream_take(struct stream *s, uint32_t seed, const uint8_t *p, size_t octets)
{
	for (size_t i = 0; i < octets; i++) {
		uint64_t at = s->next;

		if (p[i] == LINE_IDLE) {
			s->idle += s->begun;
			continue;
		}
		if (s->begun && p[i] == octet_of(seed, s->next)) {
			s->next++;
			s->good++;
			continue;
		}
		for (; at < s->next + LINE_RATE; at++) {
			size_t n = octets - i < 16 ? octets - i : 16, k = 0;

			while (k < n && p[i + k] == octet_of(seed, at + k))
				k++;
			if (k == n)
				break;
		}
		s->jumps += s->begun;
		s->lost += s->begun ? at - s->next : 0;
		s->begun = true;
		s->next = at + 1;
	}
}

static inline uint8_t far_tx(unsigned span, unsigned ts, uint64_t i, void *arg)
{
	return raw ? raw_tx : octet_of(span * 100 + ts, i);
}

/* Octets come one by one: gathered, so that a place can be found. */
static inline void far_rx(unsigned span, unsigned ts, uint64_t i, uint8_t octet, void *arg)
{
	static uint8_t gathered[TIMESLOT_COUNT][STEP];
	static unsigned n[TIMESLOT_COUNT];

	if (span != 1)
		return;
	gathered[ts][n[ts]++] = octet;
	if (n[ts] < STEP)
		return;
	n[ts] = 0;
	stream_take(&sent[ts], 1000 + ts, gathered[ts], STEP);
}

static inline void far_dframe(unsigned span, const uint8_t *frame, size_t octets, void *arg)
{
	dframes_out++;
	memcpy(last_dframe, frame, octets);
	last_dframe_len = octets;
}

static inline void h_begin(unsigned samples, void *arg)
{
	assert_true(samples >= LINE_BLOCK && samples % LINE_BLOCK == 0);
	passed += samples;
	begins++;
}

static inline void h_timeslot(unsigned ts, const uint8_t *rx, uint8_t *tx, size_t octets, void *arg)
{
	assert_int_equal(octets, LINE_BLOCK);
	timeslot_calls++;
	if (raw)
		raw_rx = rx[0];
	else
		stream_take(&heard[ts], 100 + ts, rx, octets);
	for (size_t i = 0; i < octets; i++)
		tx[i] = octet_of(1000 + ts, said[ts]++);
}

static inline void h_end(void *arg)
{
	ends++;
}

static inline void h_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	dframes_in++;
	memcpy(last_dframe, frame, octets);
	last_dframe_len = octets;
}

static inline void h_event(enum line_event e, unsigned count, void *arg)
{
	events[e] += count;
	last_event = e;
}

static const struct line_handlers handlers = {h_begin, h_timeslot, h_end, h_dframe, h_event, NULL};

static inline void log_sink(enum log_level level, const char *line, void *arg)
{
	size_t len = strlen(all_log);

	snprintf(last_log, sizeof(last_log), "%s", line);
	snprintf(all_log + len, sizeof(all_log) - len, "%s\n", line);
	log_lines++;
}

static inline struct line_dahdi_params std_params(void)
{
	return (struct line_dahdi_params){
		.span = 1,
		.timeslots = ALL_B,
		.dchannel = 16,
		.buffers = 16,
		.buffer_size = 160,
		.send_delay_ms = 40,
		.late_ms = 10,
		.echo = true,
		.echo_taps = 128,
		.prefix = "span 1",
	};
}

static inline int set_up(void **state)
{
	static const struct dahdi_fake_far far = {far_tx, far_rx, far_dframe, NULL};

	memset(heard, 0, sizeof(heard));
	memset(sent, 0, sizeof(sent));
	memset(said, 0, sizeof(said));
	memset(events, 0, sizeof(events));
	passed = begins = ends = timeslot_calls = dframes_in = dframes_out = log_lines = 0;
	last_log[0] = all_log[0] = '\0';
	raw = false;
	now_us = SEC_US;
	log_set_sink(log_sink, NULL);
	return dahdi_fake_alloc(&fake, &far) || loop_alloc(&loop, &test_clock);
}

static inline int tear_down(void **state)
{
	line_free(l);
	l = NULL;
	loop_free(loop);
	assert_int_equal(dahdi_fake_opened(fake), 0);
	dahdi_fake_free(fake);
	log_set_sink(NULL, NULL);
	return 0;
}

static inline void start_with(const struct line_dahdi_params *p)
{
	assert_int_equal(line_dahdi_alloc(&l, p, dahdi_fake_dev(fake), why), 0);
	assert_int_equal(line_start(l, loop, &handlers), 0);
}

static inline void start(void)
{
	const struct line_dahdi_params p = std_params();

	start_with(&p);
}

static inline void pass(unsigned ms, bool held)
{
	for (unsigned i = 0; i < ms; i++) {
		now_us += MS_US;
		dahdi_fake_run(fake, STEP, held);
		if (!held)
			loop_step(loop, 0);
	}
}

static inline void run_ms(unsigned ms)
{
	pass(ms, false);
}

static inline void open_all(void)
{
	for (unsigned ts = 1; ts <= 31; ts++) {
		if (ts != 16)
			assert_int_equal(line_open(l, ts), 0);
	}
}

static inline uint64_t counted(enum line_event e)
{
	return counter_get(&l->stats.events[e]);
}

#endif
