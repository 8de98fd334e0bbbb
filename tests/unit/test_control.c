/* SPDX-License-Identifier: GPL-2.0-only */
/* The control thread on a real socket, with the threads it asks played by their mailboxes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "gateway/call/msg.h"
#include "gateway/control/control.h"
#include "gateway/control/control_socket.h"
#include "tests/sim/clock_sim.h"
#include "tests/unit/fault.h"

struct rig {
	struct config config;
	struct control *k;
	struct mailbox *spans[2], *sip;
	char dir[40];
};

static void quiet(enum log_level level, const char *line, void *arg)
{
}

static int rig_open(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	log_set_sink(quiet, NULL);
	snprintf(r->dir, sizeof(r->dir), "/tmp/faxspan-control-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	snprintf(r->config.control_socket, sizeof(r->config.control_socket), "%s/sock", r->dir);
	snprintf(r->config.file, sizeof(r->config.file), "x.conf");
	r->config.nspans = 2;
	r->config.spans[0].number = 1;
	r->config.spans[1].number = 7;
	assert_int_equal(control_alloc(&r->k, &r->config, &clock_sim), 0);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(mailbox_alloc(&r->spans[i], 8, sizeof(struct msg)), 0);
		control_connect(r->k, i, r->spans[i]);
	}
	assert_int_equal(mailbox_alloc(&r->sip, 8, sizeof(struct msg)), 0);
	control_connect(r->k, ANSWER_FROM_SIP, r->sip);
	*state = r;
	return 0;
}

static int rig_close(void **state)
{
	struct rig *r = *state;
	struct stat st;

	control_free(r->k);
	assert_int_equal(stat(r->config.control_socket, &st), -1);
	assert_int_equal(rmdir(r->dir), 0);
	mailbox_free(r->spans[0]);
	mailbox_free(r->spans[1]);
	mailbox_free(r->sip);
	free(r);
	return 0;
}

static void rig_run(struct rig *r)
{
	for (int i = 0; i < 8; i++)
		loop_step(control_loop(r->k), 0);
}

static int client(struct rig *r)
{
	int fd;

	assert_int_equal(control_socket_connect(r->config.control_socket, &fd), 0);
	rig_run(r);
	return fd;
}

static void say(struct rig *r, int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	rig_run(r);
}

/* All that has come is TEXT. */
static void expect(int fd, const char *text)
{
	static char got[65536];
	ssize_t n = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);

	got[n > 0 ? n : 0] = '\0';
	assert_string_equal(got, text);
}

static void expect_closed(int fd)
{
	char c;

	assert_int_equal(recv(fd, &c, 1, MSG_DONTWAIT), 0);
	close(fd);
}

/* The request that thread M was sent. */
static struct answer asked(struct rig *r, struct mailbox *m, unsigned from, enum command_type type)
{
	struct msg q;

	assert_true(mailbox_take(m, &q));
	assert_int_equal(q.type, MSG_COMMAND);
	assert_int_equal(q.command.what.type, type);
	assert_false(mailbox_take(m, &q));
	return (struct answer){.to = control_inbox(r->k), .request = q.command.request, .from = from};
}

static void answers_of_many_are_one(void **state)
{
	struct rig *r = *state;
	struct answer first, second;
	int fd = client(r);

	say(r, fd, "show channels\n");
	first = asked(r, r->spans[0], 0, COMMAND_SHOW_CHANNELS);
	second = asked(r, r->spans[1], 1, COMMAND_SHOW_CHANNELS);
	answer_row(&second, "7\t1\tfree");
	answer_end(&second);
	rig_run(r);
	answer_row(&first, "1\t1\tbusy");
	answer_row(&first, "1\t2\tfree");
	rig_run(r);
	answer_end(&first);
	rig_run(r);
	expect(fd, "=span\ttimeslot\tstate\tblocked by\tcall\n+7\t1\tfree\n+1\t1\tbusy\n+1\t2\tfree\n.\n");
	/* what comes late is for nobody */
	first.to = control_inbox(r->k);
	answer_row(&first, "late");
	answer_end(&first);
	rig_run(r);
	expect(fd, "");
	close(fd);
}

static void silence_is_told(void **state)
{
	struct rig *r = *state;
	struct answer a;
	int fd = client(r);

	say(r, fd, "show spans\n");
	a = asked(r, r->spans[0], 0, COMMAND_SHOW_SPANS);
	answer_row(&a, "1");
	answer_end(&a);
	rig_run(r);
	clock_sim_advance_us(1900 * MS_US);
	rig_run(r);
	expect(fd, "=span\tline\talarm\tD channel\tin calls\tfree\trestarting\tblocked\tcalls from line\n+1\n");
	clock_sim_advance_us(200 * MS_US);
	rig_run(r);
	expect(fd, "!no answer from span 7\n");
	/* and the next command works */
	say(r, fd, "show peers\n");
	a = asked(r, r->sip, ANSWER_FROM_SIP, COMMAND_SHOW_PEERS);
	answer_end(&a);
	rig_run(r);
	expect(fd, "=peer\taddress\tcalls\tstate\tlast word\tfrom it\tto it\trefused\tmoved\n.\n");
	close(fd);
}

static void lost_rows_are_told(void **state)
{
	struct rig *r = *state;
	struct answer a;
	int fd = client(r);

	say(r, fd, "show span 7\n");
	a = asked(r, r->spans[1], 1, COMMAND_SHOW_SPAN);
	a.rows = 1; /* one that did not fit */
	answer_row(&a, "x\t1");
	answer_end(&a);
	rig_run(r);
	expect(fd, "=what\tvalue\n+x\t1\n!rows were lost: too much was asked at once\n");
	close(fd);
}

static void a_full_mailbox_is_told(void **state)
{
	const struct msg m = {.type = MSG_STOP};
	struct rig *r = *state;
	int fd = client(r);

	while (!mailbox_post(r->spans[1], &m))
		;
	say(r, fd, "show span 7\n");
	expect(fd, "=what\tvalue\n!span 7 is overloaded\n");
	close(fd);
}

static void what_is_not_there(void **state)
{
	struct rig *r = *state;
	struct answer a;
	int fd = client(r);

	say(r, fd, "block span 2\n");
	expect(fd, "=span\ttimeslot\tstate\tblocked by\n!there is no span 2\n");
	control_connect(r->k, 1, NULL);
	say(r, fd, "block span 7\n");
	expect(fd, "=span\ttimeslot\tstate\tblocked by\n!span 7 is not enabled\n");
	say(r, fd, "clear call 1-9\n");
	a = asked(r, r->spans[0], 0, COMMAND_CLEAR);
	answer_end(&a);
	rig_run(r);
	expect(fd, "=call\twhat\n!there is no such call\n");
	say(r, fd, "block span 1 timeslots 16\n");
	a = asked(r, r->spans[0], 0, COMMAND_BLOCK);
	answer_fail(&a, "span %u has no B channel %u", 1u, 16u);
	rig_run(r);
	expect(fd, "=span\ttimeslot\tstate\tblocked by\n!span 1 has no B channel 16\n");
	close(fd);
}

static void lines_in_pieces_and_together(void **state)
{
	struct rig *r = *state;
	int fd = client(r);

	say(r, fd, "no");
	expect(fd, "");
	say(r, fd, "pe\nno\nlog level info\n");
	rig_run(r);
	expect(fd, "!unknown word \"nope\": expected show, block, unblock, restart, clear, log or help\n"
		   "!unknown word \"no\": expected show, block, unblock, restart, clear, log or help\n"
		   "=what\tvalue\n+log level\tinfo\n.\n");
	close(fd);
}

static void nonsense_is_refused(void **state)
{
	struct rig *r = *state;
	char flood[4000];
	int fd = client(r), other = client(r);

	memset(flood, 'x', sizeof(flood));
	assert_int_equal(send(fd, flood, sizeof(flood), MSG_NOSIGNAL), sizeof(flood));
	rig_run(r);
	expect(fd, "!the line is too long\n");
	close(fd);
	assert_int_equal(send(other, "he\0lp\n", 6, MSG_NOSIGNAL), 6);
	rig_run(r);
	expect(other, "!a NUL in the line\n");
	say(r, other, "log level info\n");
	expect(other, "=what\tvalue\n+log level\tinfo\n.\n");
	close(other);
}

static void half_closed_is_answered_then_closed(void **state)
{
	struct rig *r = *state;
	int fd = client(r);

	assert_int_equal(send(fd, "log level info\n", 15, MSG_NOSIGNAL), 15);
	shutdown(fd, SHUT_WR);
	rig_run(r);
	expect(fd, "=what\tvalue\n+log level\tinfo\n.\n");
	expect_closed(fd);
}

static void a_client_that_leaves_hurts_nobody(void **state)
{
	struct rig *r = *state;
	struct answer a;
	int fd = client(r), other;

	say(r, fd, "show peers\n");
	a = asked(r, r->sip, ANSWER_FROM_SIP, COMMAND_SHOW_PEERS);
	close(fd);
	rig_run(r);
	other = client(r);
	answer_row(&a, "x");
	answer_end(&a);
	rig_run(r);
	expect(other, "");
	close(other);
}

static void clients_are_bounded(void **state)
{
	struct rig *r = *state;
	int fds[17];

	for (int i = 0; i < 17; i++)
		fds[i] = client(r);
	expect(fds[16], "!too many clients\n");
	expect_closed(fds[16]);
	close(fds[0]);
	rig_run(r);
	fds[0] = client(r);
	say(r, fds[0], "log level info\n");
	expect(fds[0], "=what\tvalue\n+log level\tinfo\n.\n");
	for (int i = 0; i < 16; i++)
		close(fds[i]);
	rig_run(r);
}

static void who_does_not_listen_is_cut_off(void **state)
{
	struct rig *r = *state;
	struct answer a;
	int fd = client(r), other;

	say(r, fd, "show span 7\n");
	a = asked(r, r->spans[1], 1, COMMAND_SHOW_SPAN);
	for (int i = 0; i < 8000; i++) {
		answer_row(&a, "%0400d", i);
		if (i % 1000 == 999)
			rig_run(r);
	}
	rig_run(r);
	other = client(r);
	say(r, other, "log level info\n");
	expect(other, "=what\tvalue\n+log level\tinfo\n.\n");
	close(other);
	close(fd);
}

static void the_socket_of_the_dead_is_taken_over(void **state)
{
	struct rig *r = *state;
	struct control *second;
	struct stat st;
	char path[64];
	FILE *f;
	int fd;

	/* the living is left alone */
	assert_int_equal(control_alloc(&second, &r->config, &clock_sim), EADDRINUSE);
	assert_int_equal(stat(r->config.control_socket, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	/* a socket that nobody listens on */
	snprintf(path, sizeof(path), "%s/dead", r->dir);
	assert_int_equal(control_socket_open(path, "", &fd), 0);
	close(fd);
	assert_int_equal(control_socket_open(path, "", &fd), 0);
	control_socket_close(path, fd);
	/* a file that is none is not ours to remove */
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(control_socket_open(path, "", &fd), EADDRINUSE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(control_socket_open(path, "no such group", &fd), ENOENT);
	assert_int_equal(stat(path, &st), -1);
	assert_int_equal(control_socket_open("/nowhere/at/all", "", &fd), ENOENT);
}

static int control_once(void *arg)
{
	struct rig *r = arg;
	struct config c = r->config;
	struct control *k;
	int err;

	snprintf(c.control_socket, sizeof(c.control_socket), "%s/once", r->dir);
	err = control_alloc(&k, &c, &clock_sim);
	if (!err)
		control_free(k);
	return err;
}

static void out_of_memory(void **state)
{
	assert_true(fault_run(control_once, *state, 0) > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers_of_many_are_one, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(silence_is_told, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(lost_rows_are_told, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(a_full_mailbox_is_told, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(what_is_not_there, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(lines_in_pieces_and_together, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(nonsense_is_refused, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(half_closed_is_answered_then_closed, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(a_client_that_leaves_hurts_nobody, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(clients_are_bounded, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(who_does_not_listen_is_cut_off, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(out_of_memory, rig_open, rig_close),
		cmocka_unit_test_setup_teardown(the_socket_of_the_dead_is_taken_over, rig_open, rig_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
