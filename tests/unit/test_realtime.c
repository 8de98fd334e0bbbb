/* SPDX-License-Identifier: GPL-2.0-only */
/* What is refused is said, with what would allow it; what is granted is there. */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/log.h"
#include "gateway/realtime.h"

#define NOBODY 65534

static char last_log[LOG_LINE_OCTETS + 1];

static void log_sink(enum log_level level, const char *line, void *arg)
{
	snprintf(last_log, sizeof(last_log), "%s", line);
}

/* Runs TEST in a process of its own, without privileges if there are any. True if it returned true. */
static bool unprivileged(bool (*test)(void))
{
	const struct rlimit small = {65536, 65536}, none = {0, 0};
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		_exit(setrlimit(RLIMIT_MEMLOCK, &small) || setrlimit(RLIMIT_RTPRIO, &none) ||
		      (!geteuid() && setuid(NOBODY)) || !test());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static bool lock_is_refused(void)
{
	return realtime_lock_memory() == EPERM &&
	       strstr(last_log, "realtime: the memory is not locked: Operation not permitted (systemd: "
				"LimitMEMLOCK=infinity)");
}

static bool raise_is_refused(void)
{
	return realtime_raise(pthread_self(), "span 1") == EPERM &&
	       strstr(last_log, "realtime: thread span 1 has ordinary priority: Operation not permitted (systemd: "
				"LimitRTPRIO=20)");
}

static void test_refused(void **state)
{
	log_set_sink(log_sink, NULL);
	assert_true(unprivileged(lock_is_refused));
	assert_true(unprivileged(raise_is_refused));
	log_set_sink(NULL, NULL);
}

static void test_granted(void **state)
{
	const struct sched_param before = {0};
	struct sched_param p;
	int policy, err;

	log_set_sink(log_sink, NULL);
	err = realtime_raise(pthread_self(), "span 1");
	log_set_sink(NULL, NULL);
	if (err == EPERM)
		skip(); /* nobody gives us that here */
	assert_int_equal(err, 0);
	assert_int_equal(pthread_getschedparam(pthread_self(), &policy, &p), 0);
	assert_int_equal(policy, SCHED_FIFO);
	assert_int_equal(p.sched_priority, REALTIME_PRIORITY);
	assert_non_null(strstr(last_log, "realtime: thread span 1 has priority 20 of SCHED_FIFO"));
	pthread_setschedparam(pthread_self(), SCHED_OTHER, &before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused), cmocka_unit_test(test_granted)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
