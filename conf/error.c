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

static int error_room(struct config_errors *e)
{
	if (e->list)
		return 0;
	if (!e->room)
		e->room = CONFIG_ERRORS_ROOM;
	e->list = calloc(e->room, sizeof(*e->list));
	return e->list ? 0 : ENOMEM;
}

/* There is room. */
static void error_put(struct config_errors *e, const struct config_error *place, const char *path, const char *fmt,
		      va_list ap)
{
	struct config_error *x = &e->list[e->count++];
	const char *kind = place->warning ? "warning: " : "";
	int n;

	*x = *place;
	e->warnings += x->warning;
	if (x->line)
		n = snprintf(x->text, sizeof(x->text), "%s:%u: %s", path, x->line, kind);
	else
		n = snprintf(x->text, sizeof(x->text), "%s: %s", path, kind);
	if (n >= 0 && (size_t)n < sizeof(x->text))
		vsnprintf(x->text + n, sizeof(x->text) - (size_t)n, fmt, ap);
}

int error_add(struct config_errors *e, unsigned file, unsigned line, const char *path, const char *fmt, ...)
{
	const struct config_error place = {.file = file, .line = line};
	va_list ap;

	if (error_room(e))
		return ENOMEM;
	if (e->count + 1 >= e->room) {
		error_add_more(e);
		return 0;
	}
	va_start(ap, fmt);
	error_put(e, &place, path, fmt, ap);
	va_end(ap);
	return 0;
}

int error_warn(struct config_errors *e, unsigned file, unsigned line, const char *path, const char *fmt, ...)
{
	const struct config_error place = {.warning = true, .file = file, .line = line};
	va_list ap;

	if (error_room(e))
		return ENOMEM;
	if (e->count + 1 >= e->room)
		return 0;
	va_start(ap, fmt);
	error_put(e, &place, path, fmt, ap);
	va_end(ap);
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
