/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader: the lines of a configuration text, split by inih. The only file that knows inih.
 *
 * inih gives its handler no line numbers, joins an indented line to the key before it, cuts lines at 200 and section
 * names at 49 characters, hides empty sections and tells the first error only. So the text is fed to it line by line: a
 * line that it would misread is reported here and reaches it as an empty one, and headers are read here.
 */
#ifndef CONF_READER_H
#define CONF_READER_H

#include <stddef.h>

#define READER_LINE_OCTETS 197 /* the longest line, comments not counted: inih's 200 less "\r\n" and NUL */

struct reader_handlers {
	void (*section)(const char *title, unsigned line, void *arg); /* what stands between '[' and ']', trimmed */
	void (*key)(const char *name, const char *value, unsigned line, void *arg); /* VALUE may be "" */
	void (*error)(unsigned line, const char *message, void *arg);
	void *arg;
};

/* Reads TEXT and calls the handlers in the order of its lines. Returns 0 or ENOMEM. */
int reader_run(const char *text, size_t octets, const struct reader_handlers *h);

#endif
