/* SPDX-License-Identifier: GPL-2.0-only */
/* line_tdmoe: alarms, bad frames, the socket, memory. */
#include "tests/unit/line_tdmoe_fixture.h"
#include "tests/unit/fault.h"

static void los_at_the_start(void **state)
{
	step(99 * MS_US);
	assert_int_equal(event_calls, 0);
	step(MS_US);
	assert_int_equal(events[LINE_LOS], 1);
	for (unsigned k = 1; k <= 10; k++) {
		/* One now, then one each 100 ms. */
		assert_int_equal(tdm_port_drain(port), 1);
		assert_true(tdm_port_is_yellow(port));
		step(50 * MS_US);
		assert_int_equal(tdm_port_drain(port), 0);
		step(50 * MS_US);
	}
	assert_int_equal(events[LINE_LOS], 1);
	assert_int_equal(event_calls, 1);
	assert_int_equal(begins, 0);
	exchange(LINE_BLOCK);
	assert_false(tdm_port_is_yellow(port));
	assert_int_equal(events[LINE_CLEAR], 1);
	assert_int_equal(begins, 1);
	assert_int_equal(event_calls, 2);
	assert_int_equal(tdm_port_stats(port).lost, 0);
}

static void los_later(void **state)
{
	uint8_t frame[10] = {0};

	assert_int_equal(line_open(l, 9), 0);
	for (unsigned k = 0; k < 100; k++)
		exchange(8);
	assert_int_equal(event_calls, 0);
	step(99 * MS_US);
	assert_int_equal(event_calls, 0);
	assert_int_equal(line_send_dframe(l, frame, 10), 0);
	step(MS_US);
	assert_int_equal(last_event, LINE_LOS);
	/* What waited is dropped, what comes now is lost. */
	assert_int_equal(line_send_dframe(l, frame, 10), 0);
	assert_int_equal(stat_of(&l->stats.dframes_dropped), 2);
	assert_int_equal(tdm_port_drain(port), 1);
	/* The time of the alarm is not made up for: the span counted it with its own clock. */
	begins = ends = 0;
	tdm_port_skip(port, 100);
	for (unsigned k = 0; k < 100; k++)
		exchange(8);
	assert_int_equal(begins, 5);
	assert_int_equal(event_calls, 2);
	assert_int_equal(last_event, LINE_CLEAR);
	assert_int_equal(from_line.n, 0);
	assert_int_equal(stat_of(&l->stats.events[LINE_LOS]), 1);
	step(200 * MS_US);
	assert_int_equal(events[LINE_LOS], 2);
}

static void held_up_is_not_los(void **state)
{
	exchange(LINE_BLOCK);
	send_samples(LINE_BLOCK);
	step(5 * SEC_US);
	expect_answer(LINE_BLOCK);
	assert_int_equal(event_calls, 0);
}

static void yellow_comes_and_goes(void **state)
{
	exchange(LINE_BLOCK);
	tdm_port_set_yellow(port, true);
	for (unsigned k = 0; k < 3; k++)
		exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_YELLOW], 1);
	tdm_port_set_yellow(port, false);
	for (unsigned k = 0; k < 3; k++)
		exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_CLEAR], 1);
	assert_int_equal(event_calls, 2);
	/* Out of LOS into yellow, and out of yellow into LOS. */
	step(100 * MS_US);
	assert_int_equal(events[LINE_LOS], 1);
	tdm_port_set_yellow(port, true);
	exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_YELLOW], 2);
	assert_int_equal(events[LINE_CLEAR], 1);
	step(100 * MS_US);
	assert_int_equal(events[LINE_LOS], 2);
	tdm_port_set_yellow(port, false);
	exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_CLEAR], 2);
	assert_int_equal(event_calls, 6);
}

static void first_frame_may_be_yellow(void **state)
{
	tdm_port_set_yellow(port, true);
	exchange(LINE_BLOCK);
	assert_int_equal(events[LINE_YELLOW], 1);
	assert_int_equal(event_calls, 1);
}

static void sends_yellow_when_told(void **state)
{
	exchange(LINE_BLOCK);
	assert_false(tdm_port_is_yellow(port));
	line_yellow(l, true);
	exchange(LINE_BLOCK);
	assert_true(tdm_port_is_yellow(port));
	line_yellow(l, false);
	exchange(LINE_BLOCK);
	assert_false(tdm_port_is_yellow(port));
}

static void signalling_words_are_passed_over(void **state)
{
	open_all();
	tdm_port_set_signalling(port, true);
	for (unsigned k = 0; k < 40; k++)
		exchange(8);
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		assert_rx(ts, 0, rx_len[ts], 0);
	assert_int_equal(begins, 2);
	assert_int_equal(stat_of(&l->stats.frames_bad), 0);
}

static void bad_frames_do_nothing(void **state)
{
	static const struct {
		uint8_t octets[16];
		size_t len;
		const char *why;
	} bad[] = {
		{{0}, 0, "shorter than its header"},
		{{160, 0, 0}, 3, "shorter than its header"},
		{{160, 0, 0, 1, 0, 31}, 6, "shorter than its header says"},
		{{0, 0, 0, 1, 0, 31}, 6, "no samples"},
		{{1, 0, 0, 1, 1, 31}, 6, "more than 31 channels"},
		{{2, 0, 0, 1, 0, 2, 1, 2, 3, 4}, 10, "has 2 channels, not 31"},
	};
	static uint8_t big[9000];
	char text[ADDR_TEXT_OCTETS];
	unsigned n = 0;

	exchange(LINE_BLOCK);
	for (unsigned k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
		now_us += 11 * SEC_US;
		assert_int_equal(tdm_port_send_raw(port, bad[k].octets, bad[k].len), 0);
		step(0);
		n++;
		assert_int_equal(stat_of(&l->stats.frames_bad), n);
		assert_non_null(strstr(last_log, bad[k].why));
		assert_non_null(strstr(last_log, "span 1"));
		assert_non_null(strstr(last_log, addr_print(tdm_port_local(port), text)));
	}
	assert_int_equal(log_lines, n);
	/* A flood of them: counted, not logged. */
	memcpy(big, "\xFF\x02\x00\x01\x00\x1F", 6);
	for (unsigned k = 0; k < 40; k++) {
		assert_int_equal(tdm_port_send_raw(port, big, k % 2 ? sizeof(big) : 7928), 0);
		step(0);
	}
	assert_int_equal(stat_of(&l->stats.frames_bad), n + 40);
	assert_int_equal(log_lines, n);
	assert_int_equal(begins, 1);
	assert_int_equal(stat_of(&l->stats.frames_rx), 1);
}

static void strangers_do_nothing(void **state)
{
	struct tdm_port_params pp = {
		.local = loopback(), .peer = *line_tdmoe_local(l), .timeslots = 31, .dchannel = 16};
	struct tdm_port *stranger, *mine = port;
	char text[ADDR_TEXT_OCTETS];

	assert_int_equal(tdm_port_alloc(&stranger, &pp), 0);
	exchange(LINE_BLOCK);
	port = stranger;
	for (unsigned k = 0; k < 5; k++) {
		send_samples(LINE_BLOCK);
		step(0);
		expect_no_answer();
	}
	port = mine;
	assert_int_equal(tdm_port_drain(port), 0);
	assert_int_equal(stat_of(&l->stats.frames_bad), 5);
	assert_int_equal(log_lines, 1);
	assert_non_null(strstr(last_log, "not the peer"));
	assert_non_null(strstr(last_log, addr_print(tdm_port_local(stranger), text)));
	/* They do not keep the line alive either. */
	now_us += 90 * MS_US;
	port = stranger;
	send_samples(LINE_BLOCK);
	port = mine;
	step(20 * MS_US);
	assert_int_equal(events[LINE_LOS], 1);
	tdm_port_free(stranger);
}

static void a_full_socket_is_emptied(void **state)
{
	unsigned k;

	assert_int_equal(line_open(l, 9), 0);
	/* More than one round takes. */
	for (k = 0; k < 150; k++)
		send_samples(8);
	for (k = 0; k < 4; k++)
		step(1);
	for (k = 0; k < 150; k++)
		expect_answer(8);
	assert_int_equal(begins, 7);
	assert_rx(9, 0, 7 * LINE_BLOCK, 0);
	assert_int_equal(event_calls, 0);
	step(99 * MS_US);
	assert_int_equal(event_calls, 0);
	step(MS_US);
	assert_int_equal(events[LINE_LOS], 1);
}

/* A network that calls once and no more, as net.h allows it, and whose queue can be full. */
static void (*edge_handler)(void *arg);
static void *edge_arg;
static int edge_send_err;
static struct net_ops edge_ops;
static struct net edge_net = {&edge_ops};

static int edge_watch(struct udp *u, struct loop *lo, void (*handler)(void *arg), void *arg)
{
	edge_handler = handler;
	edge_arg = arg;
	return 0;
}

static int edge_send(struct udp *u, const struct addr *to, const void *p, size_t len)
{
	return edge_send_err ? edge_send_err : net_kernel.ops->send(u, to, p, len);
}

/* The line of setup() anew, on that network. */
static void setup_edge(void)
{
	struct line_tdmoe_params lp = {.local = loopback(), .timeslots = 31, .dchannel = 16, .prefix = "span 1"};

	edge_ops = *net_kernel.ops;
	edge_ops.watch = edge_watch;
	edge_ops.send = edge_send;
	edge_send_err = 0;
	line_free(l);
	lp.peer = *tdm_port_local(port);
	assert_int_equal(line_tdmoe_alloc(&l, &lp, &edge_net), 0);
	tdm_port_set_peer(port, line_tdmoe_local(l));
	assert_int_equal(line_start(l, loop, &handlers), 0);
}

static void called_once_takes_all(void **state)
{
	setup_edge();
	for (unsigned k = 0; k < 150; k++)
		send_samples(8);
	edge_handler(edge_arg);
	for (unsigned k = 0; k < 3; k++)
		step(1);
	assert_int_equal(begins, 7);
	assert_int_equal(event_calls, 0);
	/* Not called at all, because this thread was held up: the timeout looks for itself. */
	send_samples(8);
	step(5 * SEC_US);
	assert_int_equal(stat_of(&l->stats.frames_rx), 151);
	assert_int_equal(event_calls, 0);
}

static void a_flood_draws_no_keepalives(void **state)
{
	setup_edge();
	step(100 * MS_US);
	assert_int_equal(events[LINE_LOS], 1);
	assert_int_equal(tdm_port_drain(port), 1);
	for (unsigned k = 0; k < 200; k++)
		assert_int_equal(tdm_port_send_raw(port, "x", 1), 0);
	edge_handler(edge_arg);
	for (unsigned k = 0; k < 5; k++)
		step(1);
	assert_int_equal(stat_of(&l->stats.frames_bad), 200);
	assert_int_equal(tdm_port_drain(port), 0);
	step(100 * MS_US);
	assert_int_equal(tdm_port_drain(port), 1);
}

static void what_cannot_be_sent_is_counted(void **state)
{
	setup_edge();
	edge_send_err = EAGAIN;
	for (unsigned k = 0; k < 3; k++) {
		send_samples(LINE_BLOCK);
		edge_handler(edge_arg);
	}
	assert_int_equal(events[LINE_UNDERRUN], 3);
	assert_int_equal(stat_of(&l->stats.frames_tx), 0);
	assert_int_equal(log_lines, 1);
	assert_non_null(strstr(last_log, "not sent"));
	expect_no_answer();
	/* The far end sees from the counter that there was something. */
	edge_send_err = 0;
	send_samples(LINE_BLOCK);
	edge_handler(edge_arg);
	expect_answer(LINE_BLOCK);
	edge_send_err = EAGAIN;
	send_samples(LINE_BLOCK);
	edge_handler(edge_arg);
	edge_send_err = 0;
	send_samples(LINE_BLOCK);
	edge_handler(edge_arg);
	expect_answer(LINE_BLOCK);
	assert_int_equal(tdm_port_stats(port).lost, 1);
}

static void nothing_allocated_while_running(void **state)
{
	size_t alive = fault_alive();
	uint8_t frame[10] = {0};

	open_all();
	for (unsigned k = 0; k < 20; k++) {
		line_send_dframe(l, frame, 10);
		exchange(100);
	}
	step(100 * MS_US);
	assert_int_equal(fault_alive(), alive);
}

static void two_loop_timed_ends_see_their_alarms(void **state)
{
	/* The far end says no more than we do: both send their alarm, nobody is silent. */
	uint8_t frame[6 + 31 * 8] = {8, 1, 0, 0, 0, 31};

	step(100 * MS_US);
	assert_int_equal(events[LINE_LOS], 1);
	assert_int_equal(tdm_port_drain(port), 1);
	assert_int_equal(tdm_port_send_raw(port, frame, sizeof(frame)), 0);
	step(0);
	assert_int_equal(events[LINE_YELLOW], 1);
	assert_int_equal(tdm_port_drain(port), 1);
	assert_false(tdm_port_is_yellow(port));
	step(100 * MS_US);
	assert_int_equal(events[LINE_LOS], 2);
}

static void refuses_bad_parameters(void **state)
{
	struct addr peer = loopback(), local = loopback();
	struct line_tdmoe_params good = {.local = local, .peer = peer, .timeslots = 31, .dchannel = 16}, p;
	struct line *other = NULL;

	addr_set_port(&good.peer, 9);
	p = good;
	p.timeslots = 0;
	assert_int_equal(line_tdmoe_alloc(&other, &p, &net_kernel), EINVAL);
	p.timeslots = 32;
	assert_int_equal(line_tdmoe_alloc(&other, &p, &net_kernel), EINVAL);
	p = good;
	p.dchannel = 0;
	assert_int_equal(line_tdmoe_alloc(&other, &p, &net_kernel), EINVAL);
	p.timeslots = 15;
	p.dchannel = 16;
	assert_int_equal(line_tdmoe_alloc(&other, &p, &net_kernel), EINVAL);
	p = good;
	p.peer = peer;
	assert_int_equal(line_tdmoe_alloc(&other, &p, &net_kernel), EINVAL);
	memset(&p.peer, 0, sizeof(p.peer));
	assert_int_equal(line_tdmoe_alloc(&other, &p, &net_kernel), EINVAL);
	p = good;
	p.local = *tdm_port_local(port);
	assert_int_equal(line_tdmoe_alloc(&other, &p, &net_kernel), EADDRINUSE);
	assert_null(other);
	line_free(other);
	assert_int_equal(line_start(l, loop, &handlers), EALREADY);
}

static int whole_life(void *arg)
{
	struct line_tdmoe_params p = {.local = loopback(), .peer = loopback(), .timeslots = 31, .dchannel = 16};
	struct line *line = NULL;
	struct loop *lo = NULL;
	int err = loop_alloc(&lo, &test_clock);

	addr_set_port(&p.peer, 9);
	if (!err)
		err = line_tdmoe_alloc(&line, &p, &net_kernel);
	if (!err)
		err = line_start(line, lo, &handlers);
	line_free(line);
	loop_free(lo);
	return err;
}

static void survives_failing_allocations(void **state)
{
	assert_true(fault_run(whole_life, NULL, 0) >= 3);
}

static void names_its_events(void **state)
{
	for (unsigned e = 0; e < LINE_EVENT_COUNT; e++) {
		assert_non_null(line_event_name(e));
		assert_true(strlen(line_event_name(e)) > 2);
	}
	assert_string_equal(line_event_name(LINE_LOS), "LOS");
	assert_string_equal(line_event_name(LINE_EVENT_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(los_at_the_start),
		TEST(los_later),
		TEST(held_up_is_not_los),
		TEST(yellow_comes_and_goes),
		TEST(first_frame_may_be_yellow),
		TEST(sends_yellow_when_told),
		TEST(signalling_words_are_passed_over),
		TEST(bad_frames_do_nothing),
		TEST(strangers_do_nothing),
		TEST(a_full_socket_is_emptied),
		TEST(called_once_takes_all),
		TEST(a_flood_draws_no_keepalives),
		TEST(what_cannot_be_sent_is_counted),
		TEST(nothing_allocated_while_running),
		TEST(two_loop_timed_ends_see_their_alarms),
		TEST(refuses_bad_parameters),
		cmocka_unit_test(survives_failing_allocations),
		cmocka_unit_test(names_its_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
