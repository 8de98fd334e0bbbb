/* SPDX-License-Identifier: GPL-2.0-only */
/* A line that gathers its frames, on a port of the test's own and the test's clock. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dahdi/line_tdmoe.h"
#include "dahdi/tdmoe_frame.h"
#include "gateway/base/counter.h"
#include "tests/unit/fault.h"

#define FRAME_SAMPLES 8
#define FRAME_US      1000

struct fake_port {
	struct tdmoe_port port;
	unsigned waiting;	/* frames that have come */
	uint16_t first;		/* the counter of the first of them */
	unsigned sent, flushed; /* frames given to send(), calls of flush() with some to send */
	unsigned queued;
	int send_err, flush_err;
	bool watched, closed;
	uint8_t frame[TDMOE_MAX_OCTETS], last[TDMOE_MAX_OCTETS];
};

static struct fake_port fake;
static struct loop *loop;
static struct line *l;
static int64_t now_us;
static unsigned blocks, events[LINE_EVENT_COUNT];

static int64_t test_now(void *arg)
{
	return now_us;
}

static const struct clock test_clock = {test_now, NULL};

static void fake_close(struct tdmoe_port *p)
{
	((struct fake_port *)p)->closed = true;
}

static ssize_t fake_recv(struct tdmoe_port *p, const uint8_t **framep, const char **whyp)
{
	struct fake_port *f = (struct fake_port *)p;
	const struct tdmoe_frame t = {.samples = FRAME_SAMPLES, .channels = 31, .counter = f->first};
	size_t len;

	if (!f->waiting)
		return -EAGAIN;
	f->waiting--;
	f->first++;
	len = tdmoe_frame_write_header(f->frame, &t);
	memset(f->frame + len, LINE_IDLE, FRAME_SAMPLES * 31);
	*framep = f->frame;
	*whyp = NULL;
	return (ssize_t)len + FRAME_SAMPLES * 31;
}

static int fake_send(struct tdmoe_port *p, const uint8_t *frame, size_t octets)
{
	struct fake_port *f = (struct fake_port *)p;

	memcpy(f->last, frame, octets);
	f->sent++;
	f->queued++;
	return f->send_err;
}

static int fake_flush(struct tdmoe_port *p)
{
	struct fake_port *f = (struct fake_port *)p;

	f->flushed += f->queued > 0;
	f->queued = 0;
	return f->flush_err;
}

static int fake_watch(struct tdmoe_port *p, struct loop *on, void (*handler)(void *arg), void *arg)
{
	((struct fake_port *)p)->watched = true;
	return 0;
}

static const char *fake_from(const struct tdmoe_port *p, char *buf)
{
	return "the test";
}

static const struct tdmoe_port_ops fake_ops = {
	.close = fake_close,
	.recv = fake_recv,
	.send = fake_send,
	.flush = fake_flush,
	.watch = fake_watch,
	.from = fake_from,
};

static void on_begin(unsigned samples, void *arg)
{
	blocks++;
}

static void on_timeslot(unsigned ts, const uint8_t *rx, uint8_t *tx, size_t n, void *arg)
{
}

static void on_end(void *arg)
{
}

static void on_dframe(const uint8_t *frame, size_t octets, void *arg)
{
}

static void on_event(enum line_event e, unsigned count, void *arg)
{
	events[e] += count;
}

static const struct line_handlers handlers = {
	.begin = on_begin, .timeslot = on_timeslot, .end = on_end, .dframe = on_dframe, .event = on_event};

static void start(int64_t gather_us)
{
	const struct line_tdmoe_params p = {.timeslots = 31, .dchannel = 16, .prefix = "span 1"};

	fake = (struct fake_port){.port = {.ops = &fake_ops, .gather_us = gather_us}};
	memset(events, 0, sizeof(events));
	blocks = 0;
	now_us = 1000 * SEC_US;
	assert_int_equal(loop_alloc(&loop, &test_clock), 0);
	assert_int_equal(line_tdmoe_alloc_port(&l, &p, &fake.port), 0);
	assert_int_equal(line_start(l, loop, &handlers), 0);
	assert_int_equal(line_open(l, 1), 0);
}

static int stop(void **state)
{
	line_free(l);
	assert_true(fake.closed);
	loop_free(loop);
	return 0;
}

/* Lets so much time pass, in which the far end sends a frame each millisecond, or PER_BURST of them together; the
 * loop wakes up only when its timer is due. Returns how often it did. */
static unsigned run(int64_t us, unsigned per_burst)
{
	int64_t until_us = now_us + us, burst_us = now_us + per_burst * FRAME_US;
	unsigned wakeups = 0;

	while (now_us < until_us) {
		int64_t next = timers_next_us(loop_timers(loop));

		assert_true(next >= 0);
		if (per_burst && burst_us <= now_us + next) {
			now_us = burst_us;
			fake.waiting += per_burst;
			burst_us += per_burst * FRAME_US;
			continue;
		}
		now_us += next;
		assert_true(loop_step(loop, 0) >= 0);
		wakeups++;
		assert_true(wakeups < 100000);
	}
	return wakeups;
}

static void few_wakeups(void **state)
{
	unsigned n;

	start(20 * MS_US);
	run(200 * MS_US, 1);
	blocks = fake.sent = fake.flushed = 0;
	n = run(10 * SEC_US, 1);
	assert_in_range(n, 490, 530);
	assert_in_range(blocks, 499, 501);
	assert_in_range(fake.sent, 9980, 10020);
	assert_in_range(fake.flushed, 490, 530);
	assert_false(fake.watched);
	for (unsigned e = 0; e < LINE_EVENT_COUNT; e++) {
		if (e != LINE_LOS && e != LINE_CLEAR)
			assert_int_equal(events[e], 0);
	}
	stop(NULL);
}

static void few_wakeups_when_frames_come_in_bursts(void **state)
{
	unsigned n;

	start(20 * MS_US);
	run(200 * MS_US, 4);
	blocks = 0;
	n = run(10 * SEC_US, 4);
	assert_in_range(n, 490, 620);
	assert_in_range(blocks, 499, 501);
	stop(NULL);
}

static void shorter_gathering(void **state)
{
	unsigned n;

	start(5 * MS_US);
	run(200 * MS_US, 1);
	n = run(10 * SEC_US, 1);
	assert_in_range(n, 2000, 2600);
	stop(NULL);
}

static void silence_is_an_alarm(void **state)
{
	start(20 * MS_US);
	run(100 * MS_US, 1);
	assert_int_equal(events[LINE_LOS], 0);
	run(300 * MS_US, 0);
	assert_int_equal(events[LINE_LOS], 1);
	/* Keepalives are sent at once, not put by. */
	fake.sent = fake.flushed = 0;
	assert_in_range(run(SEC_US, 0), 50, 70);
	assert_in_range(fake.sent, 9, 11);
	assert_int_equal(fake.flushed, fake.sent);
	assert_int_equal(fake.last[1] & 1, 1);
	run(100 * MS_US, 1);
	assert_int_equal(events[LINE_CLEAR], 1);
	stop(NULL);
}

static void held_up(void **state)
{
	start(20 * MS_US);
	run(200 * MS_US, 1);
	blocks = fake.sent = 0;
	fake.waiting += 500;
	run(100 * MS_US, 1);
	assert_in_range(blocks, 28, 31);
	assert_int_equal(fake.waiting < 25, true);
	stop(NULL);
}

static void lost_answers_are_counted(void **state)
{
	start(20 * MS_US);
	run(200 * MS_US, 1);
	fake.flush_err = ENETDOWN;
	run(100 * MS_US, 1);
	assert_in_range(events[LINE_UNDERRUN], 4, 7);
	stop(NULL);
}

static void without_gathering_the_port_is_watched(void **state)
{
	start(0);
	assert_true(fake.watched);
	stop(NULL);
}

static int make_a_line(void *arg)
{
	const struct line_tdmoe_params p = {.timeslots = 31, .dchannel = 16, .prefix = "span 1"};
	struct line *made = NULL;
	int err;

	fake = (struct fake_port){.port.ops = &fake_ops};
	err = line_tdmoe_alloc_port(&made, &p, &fake.port);
	if (err)
		assert_true(fake.closed && !made);
	else
		line_free(made);
	return err;
}

static void survives_failing_allocation(void **state)
{
	assert_int_equal(fault_run(make_a_line, NULL, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_wakeups),
		cmocka_unit_test(few_wakeups_when_frames_come_in_bursts),
		cmocka_unit_test(shorter_gathering),
		cmocka_unit_test(silence_is_an_alarm),
		cmocka_unit_test(held_up),
		cmocka_unit_test(lost_answers_are_counted),
		cmocka_unit_test(without_gathering_the_port_is_watched),
		cmocka_unit_test(survives_failing_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
