/* SPDX-License-Identifier: GPL-2.0-only */
#include "error.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void error_add_more(struct config_errors *e)
{
	struct config_error *last = &e->list[e->room - 1];

	e->count = e->room;
	e->more++;
	last->file = last->line = UINT_MAX;
	snprintf(last->text, sizeof(last->text), "... and %u more error%s", e->more, e->more == 1 ? "" : "s");
}

int error_add(struct config_errors *e, unsigned file, unsigned line, const char *path, const char *fmt, ...)
{
	struct config_error *x;
	va_list ap;
	int n;

	if (!e->list) {
		if (!e->room)
			e->room = CONFIG_ERRORS_ROOM;
		e->list = calloc(e->room, sizeof(*e->list));
		if (!e->list)
			return ENOMEM;
	}
	if (e->count + 1 >= e->room) {
		error_add_more(e);
		return 0;
	}
	x = &e->list[e->count++];
	x->file = file;
	x->line = line;
	if (line)
		n = snprintf(x->text, sizeof(x->text), "%s:%u: ", path, line);
	else
		n = snprintf(x->text, sizeof(x->text), "%s: ", path);
	if (n >= 0 && (size_t)n < sizeof(x->text)) {
		va_start(ap, fmt);
		vsnprintf(x->text + n, sizeof(x->text) - (size_t)n, fmt, ap);
		va_end(ap);
	}
	return 0;
}

/* An insertion sort: stable, few entries, nearly in order already. */
void error_sort(struct config_errors *e)
{
	struct config_error x;

	for (unsigned i = 1; i < e->count; i++) {
		unsigned to = i;

		while (to && (e->list[to - 1].file > e->list[i].file ||
			      (e->list[to - 1].file == e->list[i].file && e->list[to - 1].line > e->list[i].line)))
			to--;
		if (to == i)
			continue;
		x = e->list[i];
		memmove(&e->list[to + 1], &e->list[to], (i - to) * sizeof(x));
		e->list[to] = x;
	}
}

void config_errors_fini(struct config_errors *e)
{
	free(e->list);
	memset(e, 0, sizeof(*e));
}
