/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/log.h"
#include "tests/unit/fault.h"

#define THREADS 3
#define EACH	100

static struct {
	char line[LOG_LINE_OCTETS + 10];
	enum log_level level;
	unsigned lines, notices, lost_reports;
	unsigned long lost;
	pthread_t thread;
	sem_t *gate; /* the sink waits here for each line */
} sink;

static void sink_keep(enum log_level level, const char *line, void *arg)
{
	assert_ptr_equal(arg, &sink);
	if (sink.gate)
		sem_wait(sink.gate);
	sink.level = level;
	sink.thread = pthread_self();
	snprintf(sink.line, sizeof(sink.line), "%s", line);
	if (sscanf(line, "log: %lu lines lost", &sink.lost) == 1)
		sink.lost_reports++;
	else
		sink.lines++;
	sink.notices += level == LOGL_NOTICE;
}

static int set_up(void **state)
{
	memset(&sink, 0, sizeof(sink));
	log_set_level(LOGL_INFO);
	log_set_sink(sink_keep, &sink);
	return 0;
}

static void test_direct(void **state)
{
	log_notice("span 1 ch 7", "heard %s", "CNG");
	assert_string_equal(sink.line, "span 1 ch 7: heard CNG");
	assert_int_equal(sink.level, LOGL_NOTICE);
	log_error(NULL, "100%% bad");
	assert_string_equal(sink.line, "100% bad");
	log_debug("x", "not written");
	assert_int_equal(sink.lines, 2);
	assert_false(log_enabled(LOGL_DEBUG));
	log_set_level(LOGL_DEBUG);
	log_debug("x", "written");
	assert_string_equal(sink.line, "x: written");
	log_set_level(LOGL_ERROR);
	log_warning(NULL, "not written");
	assert_int_equal(sink.lines, 3);
	log_set_level(LOGL_INFO);
	log_info("evil\n", "a\tb\rc\033[2J\x7f");
	assert_string_equal(sink.line, "evil?: a b?c?[2J?");
}

static void test_long_lines_are_cut(void **state)
{
	char text[2000];

	memset(text, 'a', sizeof(text));
	text[LOG_LINE_OCTETS - 3] = '\0';
	log_info("p", "%s", text); /* "p: " and this: just full */
	assert_int_equal(strlen(sink.line), LOG_LINE_OCTETS);
	assert_string_equal(sink.line + LOG_LINE_OCTETS - 4, "aaaa");
	text[LOG_LINE_OCTETS - 3] = 'a';
	text[LOG_LINE_OCTETS - 2] = '\0';
	log_info("p", "%s", text);
	assert_int_equal(strlen(sink.line), LOG_LINE_OCTETS);
	assert_string_equal(sink.line + LOG_LINE_OCTETS - 4, "a...");
	text[LOG_LINE_OCTETS - 2] = 'a';
	text[sizeof(text) - 1] = '\0';
	log_info(text, "%s", text);
	assert_int_equal(strlen(sink.line), LOG_LINE_OCTETS);
}

static void *logging_main(void *arg)
{
	for (int i = 0; i < EACH; i++)
		log_info("thread", "line %d", i);
	return NULL;
}

static void test_writer_thread(void **state)
{
	pthread_t threads[THREADS];
	int i;

	assert_int_equal(log_start(), 0);
	assert_int_equal(log_start(), EALREADY);
	for (i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, logging_main, NULL), 0);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	log_stop();
	assert_int_equal(sink.lines, THREADS * EACH);
	assert_false(pthread_equal(sink.thread, pthread_self()));
	log_stop();
	log_info(NULL, "straight again");
	assert_string_equal(sink.line, "straight again");
	assert_true(pthread_equal(sink.thread, pthread_self()));
	assert_int_equal(sink.lost_reports, 0);
}

/* The writer hangs (a full disk, a dead syslog): nobody waits for it, and what was lost is counted. */
static void test_lost_lines_are_counted(void **state)
{
	const unsigned many = 2000;
	sem_t gate;
	unsigned i;

	sem_init(&gate, 0, 0);
	sink.gate = &gate;
	assert_int_equal(log_start(), 0);
	for (i = 0; i < many; i++)
		log_info(NULL, "line %u", i);
	for (i = 0; i < many + 10; i++)
		sem_post(&gate);
	log_stop();
	assert_in_range(sink.lines, 500, 600);
	assert_int_equal(sink.lost_reports, 1);
	assert_int_equal(sink.lines + sink.lost, many);
	assert_int_equal(sink.level, LOGL_WARNING);
	sem_destroy(&gate);
}

/* Calls end while the writer hangs and somebody tells all there is to tell: their records are not lost with that. */
static void test_notices_have_room(void **state)
{
	const unsigned many = 2000, notices = 400;
	sem_t gate;

	sem_init(&gate, 0, 0);
	sink.gate = &gate;
	log_set_level(LOGL_DEBUG);
	assert_int_equal(log_start(), 0);
	for (unsigned i = 0; i < many; i++) {
		if (i % 5 == 4)
			log_notice("call", "END");
		else
			log_line(i % 2 ? LOGL_INFO : LOGL_DEBUG, NULL, "line %u", i);
	}
	for (unsigned i = 0; i < many + 10; i++)
		sem_post(&gate);
	log_stop();
	assert_int_equal(sink.notices, notices);
	assert_int_equal(sink.lines + sink.lost, many);
	sem_destroy(&gate);
}

static void test_stderr_sink(void **state)
{
	char text[300] = "";
	int pipe_fd[2], saved = dup(STDERR_FILENO);
	unsigned ms, year;

	assert_int_equal(pipe(pipe_fd), 0);
	dup2(pipe_fd[1], STDERR_FILENO);
	log_set_sink(NULL, NULL);
	log_warning("span 2", "yellow alarm");
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(pipe_fd[1]);
	assert_true(read(pipe_fd[0], text, sizeof(text) - 1) > 0);
	close(pipe_fd[0]);
	assert_int_equal(sscanf(text, "%4u-%*2u-%*2u %*2u:%*2u:%*2u.%3u warning: ", &year, &ms), 2);
	assert_non_null(strstr(text, " warning: span 2: yellow alarm\n"));
}

static void test_names(void **state)
{
	enum log_level l = LOGL_INFO;

	assert_string_equal(log_level_name(LOGL_ERROR), "error");
	assert_string_equal(log_level_name((enum log_level)9), "?");
	assert_true(log_level_parse("debug", &l));
	assert_int_equal(l, LOGL_DEBUG);
	assert_false(log_level_parse("loud", &l));
	assert_int_equal(l, LOGL_DEBUG);
	assert_int_equal(log_use_syslog("test", "local8"), EINVAL);
	assert_int_equal(log_use_syslog("test", "local77"), EINVAL);
	assert_int_equal(log_use_syslog("test", "mail"), EINVAL);
	assert_int_equal(log_use_syslog("test", "local0"), 0);
	assert_int_equal(log_use_syslog("test", "daemon"), 0);
}

static void test_limit(void **state)
{
	struct log_limit l = {.burst = 2, .interval_us = 1000};
	unsigned held = 77;

	assert_true(log_limit_pass(&l, 5000, &held));
	assert_int_equal(held, 0);
	assert_true(log_limit_pass(&l, 5001, &held));
	held = 77;
	assert_false(log_limit_pass(&l, 5002, &held));
	assert_false(log_limit_pass(&l, 5999, &held));
	assert_int_equal(held, 77);
	assert_true(log_limit_pass(&l, 6000, &held));
	assert_int_equal(held, 2);
	assert_true(log_limit_pass(&l, 6001, &held));
	assert_int_equal(held, 0);
	assert_false(log_limit_pass(&l, 6002, &held));
}

static int start_and_stop(void *arg)
{
	int err = log_start();

	log_stop();
	return err;
}

static void test_no_memory(void **state)
{
	assert_int_equal(fault_run(start_and_stop, NULL, 0), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_direct, set_up),
		cmocka_unit_test_setup(test_long_lines_are_cut, set_up),
		cmocka_unit_test_setup(test_writer_thread, set_up),
		cmocka_unit_test_setup(test_notices_have_room, set_up),
		cmocka_unit_test_setup(test_lost_lines_are_counted, set_up),
		cmocka_unit_test_setup(test_stderr_sink, set_up),
		cmocka_unit_test_setup(test_names, set_up),
		cmocka_unit_test_setup(test_limit, set_up),
		cmocka_unit_test_setup(test_no_memory, set_up),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
