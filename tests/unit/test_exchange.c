/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exchange of the simulation itself: two of them, network and user side, with a clean line of 31 timeslots between.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/clock.h"
#include "t38/rtp/g711.h"
#include "tests/sim/clock_sim.h"
#include "tests/sim/exchange.h"
#include "tests/sim/page.h"
#include "tests/unit/fault.h"

#define FRAMES 64

struct frame {
	size_t octets;
	uint8_t p[300];
};

struct side {
	struct exchange *x;
	struct side *other;
	struct frame in[FRAMES];
	unsigned count;
	struct xcall_behaviour b;
	bool b_set;
	unsigned states[XCALL_STATE_COUNT];
	uint8_t heard[EXCHANGE_BLOCK];
	unsigned blocks_heard;
};

static struct side nt, te;
static uint8_t say_nt[TIMESLOT_COUNT][EXCHANGE_BLOCK], say_te[TIMESLOT_COUNT][EXCHANGE_BLOCK];

static int on_send(const uint8_t *p, size_t n, void *arg)
{
	struct side *o = ((struct side *)arg)->other;

	assert_true(o->count < FRAMES && n <= sizeof(o->in[0].p));
	o->in[o->count].octets = n;
	memcpy(o->in[o->count++].p, p, n);
	return 0;
}

static void on_call(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
		    void *arg)
{
	struct side *s = arg;

	/* What the behaviour is if nobody says otherwise. */
	assert_int_equal(b->answer_ms, 100);
	assert_int_equal(b->hangup_ms, -1);
	if (s->b_set)
		*b = s->b;
}

static void on_state(struct exchange *x, struct xcall *c, enum xcall_state state, void *arg)
{
	((struct side *)arg)->states[state]++;
}

static void on_octets(const uint8_t *heard, uint8_t *say, size_t n, void *arg)
{
	struct side *s = arg;

	memcpy(s->heard, heard, n);
	memset(say, (int)(s->blocks_heard++ & 0x7F), n);
}

static void deliver(struct side *s)
{
	const unsigned n = s->count;

	for (unsigned i = 0; i < n; i++) {
		const struct frame f = s->in[i];

		exchange_dframe(s->x, f.p, f.octets);
	}
	memmove(s->in, s->in + n, (s->count - n) * sizeof(s->in[0]));
	s->count -= n;
}

static void run_ms(unsigned ms)
{
	for (unsigned t = 0; t < ms; t += 20) {
		clock_sim_advance_us(20 * MS_US);
		exchange_block(nt.x, say_nt, say_te);
		exchange_block(te.x, say_te, say_nt);
		while (nt.count || te.count) {
			deliver(&nt);
			deliver(&te);
		}
	}
}

static void open_side(struct side *s, struct side *other, enum isdn_side side)
{
	const struct exchange_params p = {
		.side = side, .send = on_send, .on_call = on_call, .on_state = on_state, .arg = s};

	memset(s, 0, sizeof(*s));
	s->other = other;
	s->b = (struct xcall_behaviour){.alert_ms = -1, .progress_ms = -1, .answer_ms = -1, .hangup_ms = -1};
	assert_int_equal(exchange_alloc(&s->x, &p), 0);
}

static void open_line(void)
{
	clock_sim_use();
	exchange_setup();
	memset(say_nt, 0xD5, sizeof(say_nt));
	memset(say_te, 0xD5, sizeof(say_te));
	open_side(&nt, &te, ISDN_NT);
	open_side(&te, &nt, ISDN_TE);
	run_ms(1500);
	assert_true(exchange_is_up(nt.x) && exchange_is_up(te.x));
}

static void close_line(void)
{
	exchange_free(nt.x);
	exchange_free(te.x);
	assert_int_equal(fault_alive(), 0);
}

static const struct isdn_parties parties = {.called.digits = "123", .calling.digits = "456"};

static struct xcall *call(struct exchange_call c)
{
	struct xcall *xc = NULL;

	c.parties = parties;
	assert_int_equal(exchange_call(nt.x, &c, &xc), 0);
	return xc;
}

/* The power of A-law octets in dBm0; a sine of full scale has 3.14. */
static float level(const uint8_t *octets)
{
	int16_t samples[EXCHANGE_BLOCK];
	double sum = 0.0;

	g711_decode(CODEC_PCMA, samples, octets, EXCHANGE_BLOCK);
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		sum += (double)samples[i] * samples[i];
	return (float)(10.0 * log10(sum / EXCHANGE_BLOCK / 32768.0 / 32768.0 + 1e-12) + 6.16);
}

static void test_times(void **state)
{
	const struct xcall_result *r, *in;
	struct xcall *c;

	open_line();
	te.b_set = true;
	te.b = (struct xcall_behaviour){
		.progress_ms = 100, .alert_ms = 200, .answer_ms = 400, .hangup_ms = 1000, .hangup_cause = 31};
	c = call((struct exchange_call){.timeslot = 0});
	r = xcall_result(c);
	assert_int_equal(r->timeslot, 1);
	run_ms(3000);
	in = xcall_result(exchange_nth_call(te.x, 0));
	assert_in_range(in->progress_ms - in->setup_ms, 100, 120);
	assert_in_range(in->alerting_ms - in->setup_ms, 200, 220);
	assert_in_range(in->connect_ms - in->setup_ms, 400, 420);
	assert_in_range(in->clear_ms - in->connect_ms, 1000, 1020);
	assert_in_range(r->connect_ms - r->setup_ms, 400, 440);
	assert_true(r->proceeding_ms >= 0 && r->alerting_ms > 0 && r->progress_ms > 0);
	assert_int_equal(r->state, XCALL_GONE);
	assert_int_equal(in->state, XCALL_GONE);
	assert_int_equal(r->cause, 31);
	assert_false(r->cleared_by_us);
	assert_true(in->cleared_by_us);
	assert_string_equal(in->parties.called.digits, "123");
	assert_int_equal(nt.states[XCALL_GONE], 1);
	assert_int_equal(nt.states[XCALL_CONNECTED], 1);
	assert_int_equal(nt.states[XCALL_ALERTING], 1);
	assert_null(exchange_nth_call(te.x, 1));
	xcall_free(c);
	assert_null(exchange_nth_call(nt.x, 0));
	close_line();
}

static void test_caller_hangs_up(void **state)
{
	struct xcall *c;

	open_line();
	c = call((struct exchange_call){.timeslot = 31, .exclusive = true, .hangup_ms = 500, .hangup_cause = 16});
	run_ms(400);
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	run_ms(400);
	assert_int_equal(xcall_result(c)->state, XCALL_GONE);
	assert_true(xcall_result(c)->cleared_by_us);
	close_line();
}

static void test_busy_slots(void **state)
{
	struct xcall *c;

	open_line();
	call((struct exchange_call){.timeslot = 4});
	assert_int_equal(exchange_call(nt.x, &(struct exchange_call){.parties = parties, .timeslot = 4}, &c), EBUSY);
	assert_int_equal(exchange_call(nt.x, &(struct exchange_call){.parties = parties, .timeslot = 16}, &c), EBUSY);
	close_line();
}

static void test_idle_and_octets(void **state)
{
	struct xcall *c;

	open_line();
	for (unsigned i = 1; i < TIMESLOT_COUNT; i++)
		assert_int_equal(say_nt[i][7], 0xD5);
	c = call((struct exchange_call){.timeslot = 9,
					.source = {.kind = XAUDIO_HANDLER, .octets = on_octets, .arg = &nt}});
	te.b_set = true;
	te.b.answer_ms = 0;
	te.b.source = (struct xcall_source){.kind = XAUDIO_HANDLER, .octets = on_octets, .arg = &te};
	run_ms(400);
	assert_int_equal(xcall_result(c)->state, XCALL_CONNECTED);
	assert_true(nt.blocks_heard > 10);
	/* What one said in its last block, the other heard. */
	assert_int_equal(te.heard[3], (nt.blocks_heard - 1) & 0x7F);
	assert_true(xcall_result(c)->samples >= 10 * EXCHANGE_BLOCK);
	exchange_hangup(c, 16);
	run_ms(100);
	assert_int_equal(say_nt[9][7], 0xD5);
	close_line();
}

static void test_tone_and_damage(void **state)
{
	const struct xcall_source tone = {.kind = XAUDIO_TONE}, silence = {.kind = XAUDIO_SILENCE};
	uint8_t once[EXCHANGE_BLOCK];
	struct xcall *c;

	open_line();
	c = call((struct exchange_call){.timeslot = 9, .source = tone});
	run_ms(400);
	assert_float_equal(level(say_nt[9]), -8.9f, 0.3f);
	exchange_damage(nt.x, &(struct line_damage){.seed = 1, .gain_db = -10.0f});
	run_ms(20);
	assert_float_equal(level(say_nt[9]), -18.9f, 0.3f);
	xcall_set_source(c, &silence);
	run_ms(20);
	assert_true(level(say_nt[9]) < -60.0f);
	exchange_damage(nt.x, &(struct line_damage){.seed = 1, .noise_dbm0 = -30.0f});
	run_ms(20);
	assert_float_equal(level(say_nt[9]), -30.0f, 1.5f);
	memcpy(once, say_nt[9], sizeof(once));
	run_ms(20);
	assert_memory_not_equal(once, say_nt[9], sizeof(once));
	exchange_damage(nt.x, &(struct line_damage){.seed = 1, .noise_dbm0 = -30.0f});
	run_ms(20);
	assert_memory_equal(once, say_nt[9], sizeof(once));
	exchange_damage(nt.x, &(struct line_damage){.seed = 2, .noise_dbm0 = -30.0f});
	run_ms(20);
	assert_memory_not_equal(once, say_nt[9], sizeof(once));
	close_line();
}

static void test_fax(void **state)
{
	static const char *const sent = "/tmp/test_exchange_sent.tif", *const received =
									       "/tmp/test_exchange_received.tif";
	struct machine *caller, *called;
	struct page_report report;
	struct xcall *c;

	assert_int_equal(page_make(sent, 1, 100, PAGE_TEXT, 1), 0);
	assert_int_equal(
		machine_alloc(&caller, &(struct machine_params){.caller = true, .send_file = sent, .ident = "1"}), 0);
	assert_int_equal(machine_alloc(&called, &(struct machine_params){.receive_file = received, .ident = "2"}), 0);
	open_line();
	te.b_set = true;
	te.b.answer_ms = 200;
	te.b.source = (struct xcall_source){.kind = XAUDIO_MACHINE, .machine = called};
	c = call((struct exchange_call){.timeslot = 20, .source = {.kind = XAUDIO_MACHINE, .machine = caller}});
	run_ms(60000);
	exchange_hangup(c, 16);
	run_ms(100);
	exchange_free(nt.x);
	exchange_free(te.x);
	machine_free(caller);
	machine_free(called);
	assert_true(page_compare(sent, received, &report));
	unlink(sent);
	unlink(received);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),		cmocka_unit_test(test_caller_hangs_up),
		cmocka_unit_test(test_busy_slots),	cmocka_unit_test(test_idle_and_octets),
		cmocka_unit_test(test_tone_and_damage), cmocka_unit_test(test_fax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
