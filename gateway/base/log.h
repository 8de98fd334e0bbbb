/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log: lines for syslog(3) or stderr, written by a thread of their own.
 *
 * Any thread may log and none blocks: the line is formatted on the caller's stack and posted to the writer's mailbox;
 * when that is full the line is dropped and counted, and the writer says how many were lost. Half of it is for notices
 * and what is graver: a call's END line is not crowded out by what is told for information. Before log_start() (and in
 * tests) lines go to the sink at once.
 *
 * PREFIX is the "span 1 ch 7 call 1-42" of the object concerned, or NULL.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#define LOG_LINE_OCTETS 1000	/* longer lines are cut, and end in "..." */

enum log_level { LOGL_ERROR, LOGL_WARNING, LOGL_NOTICE, LOGL_INFO, LOGL_DEBUG };

const char *log_level_name(enum log_level l);			/* "error", "warning", ... */
bool log_level_parse(const char *name, enum log_level *lp);

typedef void (log_sink_h)(enum log_level level, const char *line, void *arg);

void log_set_level(enum log_level l);	/* lines above it are not formatted; default LOGL_INFO */
bool log_enabled(enum log_level l);
void log_set_sink(log_sink_h *sink, void *arg);	/* default: stderr with time and level */
int log_use_syslog(const char *ident, const char *facility);	/* "daemon", "local0".."local7"; EINVAL otherwise */

int log_start(void);	/* starts the writer thread. 0 or errno */
void log_stop(void);	/* writes what is queued, ends the thread; lines go straight to the sink again */

void log_line(enum log_level level, const char *prefix, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#define log_error(prefix, ...) log_line(LOGL_ERROR, prefix, __VA_ARGS__)
#define log_warning(prefix, ...) log_line(LOGL_WARNING, prefix, __VA_ARGS__)
#define log_notice(prefix, ...) log_line(LOGL_NOTICE, prefix, __VA_ARGS__)
#define log_info(prefix, ...) log_line(LOGL_INFO, prefix, __VA_ARGS__)
#define log_debug(prefix, ...)                                                                                         \
	do {                                                                                                           \
		if (log_enabled(LOGL_DEBUG))                                                                           \
			log_line(LOGL_DEBUG, prefix, __VA_ARGS__);                                                     \
	} while (0)

/* Lets through at most BURST lines in each INTERVAL_US, and counts what it held back. One owner. */
struct log_limit {
	unsigned burst;
	int64_t interval_us;
	int64_t since_us;
	unsigned passed;
	unsigned held;
};

/* True if a line may be written at NOW_US; *heldp then is the number held back since the last that passed. */
bool log_limit_pass(struct log_limit *l, int64_t now_us, unsigned *heldp);

#endif
