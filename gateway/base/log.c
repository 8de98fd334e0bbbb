/* SPDX-License-Identifier: GPL-2.0-only */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "mailbox.h"

#define LOG_QUEUE	 1024 /* lines that may wait for the writer */
#define LOG_SPARE	 512  /* ... of which so many must be notices or worse: a call's record is one */
#define LOG_TICK_MS	 1000 /* how soon lost lines are reported when no other follows */
#define LOG_IDENT_OCTETS 64

struct entry {
	enum log_level level;
	int64_t wall_us; /* when it was logged */
	char line[LOG_LINE_OCTETS + 1];
};

static void sink_stderr(enum log_level level, const char *line, void *arg);

static struct {
	_Atomic int level;
	log_sink_h *sink;
	void *sink_arg;
	struct mailbox *_Atomic queue; /* NULL: no writer thread */
	_Atomic unsigned posting;      /* callers between reading .queue and having posted */
	_Atomic bool stop;	       /* the writer is to end when it has written what waits */
	pthread_t thread;
	char ident[LOG_IDENT_OCTETS];
} logger = {.level = LOGL_INFO, .sink = sink_stderr};

static _Thread_local int64_t sink_wall_us; /* when the line in the sink was logged */

static const char *const level_names[] = {"error", "warning", "notice", "info", "debug"};

const char *log_level_name(enum log_level l)
{
	return (unsigned)l <= LOGL_DEBUG ? level_names[l] : "?";
}

bool log_level_parse(const char *name, enum log_level *lp)
{
	for (unsigned i = 0; i <= LOGL_DEBUG; i++) {
		if (strcmp(name, level_names[i]))
			continue;
		*lp = (enum log_level)i;
		return true;
	}
	return false;
}

void log_set_level(enum log_level l)
{
	atomic_store_explicit(&logger.level, (int)l, memory_order_relaxed);
}

bool log_enabled(enum log_level l)
{
	return (int)l <= atomic_load_explicit(&logger.level, memory_order_relaxed);
}

void log_set_sink(log_sink_h *sink, void *arg)
{
	logger.sink = sink ? sink : sink_stderr;
	logger.sink_arg = arg;
}

static void sink_stderr(enum log_level level, const char *line, void *arg)
{
	char text[LOG_LINE_OCTETS + 64];
	time_t sec = (time_t)(sink_wall_us / SEC_US);
	struct tm tm;
	size_t n;
	int len;

	localtime_r(&sec, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	len = snprintf(text + n, sizeof(text) - n, ".%03d %s: %s\n", (int)(sink_wall_us % SEC_US / MS_US),
		       log_level_name(level), line);
	/* One write for the line: several programs may share the terminal. A lost line is nobody's loss here. */
	if (write(STDERR_FILENO, text, n + (size_t)len) < 0)
		return;
}

static void sink_syslog(enum log_level level, const char *line, void *arg)
{
	static const int priorities[] = {LOG_ERR, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG};

	syslog(priorities[level], "%s", line);
}

static bool facility_parse(const char *name, int *fp)
{
	static const int locals[] = {LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3,
				     LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7};

	if (!strcmp(name, "daemon")) {
		*fp = LOG_DAEMON;
		return true;
	}
	if (strncmp(name, "local", 5) || name[5] < '0' || name[5] > '7' || name[6])
		return false;
	*fp = locals[name[5] - '0'];
	return true;
}

int log_use_syslog(const char *ident, const char *facility)
{
	int f;

	if (!facility_parse(facility, &f))
		return EINVAL;
	/* openlog(3) keeps the pointer. */
	snprintf(logger.ident, sizeof(logger.ident), "%s", ident);
	openlog(logger.ident, LOG_PID | LOG_NDELAY, f);
	log_set_sink(sink_syslog, NULL);
	return 0;
}

static void entry_write(const struct entry *e)
{
	sink_wall_us = e->wall_us;
	logger.sink(e->level, e->line, logger.sink_arg);
}

/* Text from outside must not be able to begin a line of its own or to command a terminal. */
static void line_clean(char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			*s = *s == '\t' ? ' ' : '?';
	}
}

static void entry_format(struct entry *e, enum log_level level, const char *prefix, const char *fmt, va_list ap)
{
	size_t n = 0;
	int len;

	e->level = level;
	e->wall_us = clock_wall_us();
	e->line[0] = '\0';
	if (prefix) {
		len = snprintf(e->line, sizeof(e->line), "%s: ", prefix);
		n = len < 0 ? 0 : (size_t)len;
	}
	if (n < sizeof(e->line)) {
		len = vsnprintf(e->line + n, sizeof(e->line) - n, fmt, ap);
		n += len < 0 ? 0 : (size_t)len;
	}
	if (n > LOG_LINE_OCTETS)
		memcpy(e->line + LOG_LINE_OCTETS - 3, "...", 4);
	line_clean(e->line);
}

void log_line(enum log_level level, const char *prefix, const char *fmt, ...)
{
	struct mailbox *queue;
	struct entry e;
	va_list ap;

	if (!log_enabled(level))
		return;
	va_start(ap, fmt);
	entry_format(&e, level, prefix, fmt, ap);
	va_end(ap);
	/* log_stop() takes .queue away, then waits until nobody is .posting: one of the two sees the other. */
	atomic_fetch_add(&logger.posting, 1);
	queue = atomic_load(&logger.queue);
	if (queue)
		/* a refusal is counted there, and reported by the writer */
		mailbox_post_leaving(queue, &e, level > LOGL_NOTICE ? LOG_SPARE : 0);
	else
		entry_write(&e);
	atomic_fetch_sub(&logger.posting, 1);
}

static void report_lost(const struct mailbox *queue, uint64_t *reported)
{
	uint64_t refused = mailbox_refused(queue);
	struct entry e = {.level = LOGL_WARNING};

	if (refused == *reported)
		return;
	e.wall_us = clock_wall_us();
	snprintf(e.line, sizeof(e.line), "log: %llu lines lost: the writer could not keep up",
		 (unsigned long long)(refused - *reported));
	*reported = refused;
	entry_write(&e);
}

static void *writer_main(void *arg)
{
	struct mailbox *queue = arg;
	struct pollfd p = {.fd = mailbox_fd(queue), .events = POLLIN};
	uint64_t reported = 0;
	bool stop = false;
	struct entry e;

	while (!stop) {
		poll(&p, 1, LOG_TICK_MS);
		mailbox_quiet(queue);
		stop = atomic_load(&logger.stop);
		while (mailbox_take(queue, &e))
			entry_write(&e);
		report_lost(queue, &reported);
	}
	return NULL;
}

static int writer_start(struct mailbox *queue)
{
	sigset_t all, old;
	int err;

	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&logger.thread, NULL, writer_main, queue);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!err)
		pthread_setname_np(logger.thread, "log");
	return err;
}

int log_start(void)
{
	struct mailbox *queue = NULL;
	int err;

	if (atomic_load(&logger.queue))
		return EALREADY;
	err = mailbox_alloc(&queue, LOG_QUEUE, sizeof(struct entry));
	if (err)
		return err;
	atomic_store(&logger.stop, false);
	err = writer_start(queue);
	if (err)
		mailbox_free(queue);
	else
		atomic_store(&logger.queue, queue);
	return err;
}

void log_stop(void)
{
	struct mailbox *queue = atomic_exchange(&logger.queue, NULL);

	if (!queue)
		return;
	while (atomic_load(&logger.posting))
		sched_yield();
	atomic_store(&logger.stop, true);
	eventfd_write(mailbox_fd(queue), 1);
	pthread_join(logger.thread, NULL);
	mailbox_free(queue);
}

bool log_limit_pass(struct log_limit *l, int64_t now_us, unsigned *heldp)
{
	if (!l->passed || now_us - l->since_us >= l->interval_us) {
		l->since_us = now_us;
		l->passed = 0;
	}
	if (l->passed >= l->burst) {
		l->held++;
		return false;
	}
	l->passed++;
	*heldp = l->held;
	l->held = 0;
	return true;
}
