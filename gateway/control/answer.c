/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/control/answer.h"

#include <stdarg.h>
#include <stdio.h>

/* What others said is in it, and goes to a terminal. */
static void row_clean(char *s)
{
	for (; *s; s++)
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
			*s = '?';
}

static void answer_post(struct answer *a, struct answer_row *r, const char *fmt, va_list ap)
{
	r->request = a->request;
	r->from = a->from;
	r->rows = a->rows;
	vsnprintf(r->text, sizeof(r->text), fmt, ap);
	row_clean(r->text);
	/* one that is refused is missed by its number */
	if (a->to)
		mailbox_post(a->to, r);
}

void answer_row(struct answer *a, const char *fmt, ...)
{
	struct answer_row r = {.last = false};
	va_list ap;

	va_start(ap, fmt);
	answer_post(a, &r, fmt, ap);
	va_end(ap);
	a->rows++;
}

void answer_end(struct answer *a)
{
	struct answer_row r = {.request = a->request, .from = a->from, .rows = a->rows, .last = true};

	if (a->to)
		mailbox_post(a->to, &r);
	a->to = NULL;
}

void answer_fail(struct answer *a, const char *fmt, ...)
{
	struct answer_row r = {.last = true, .failed = true};
	va_list ap;

	va_start(ap, fmt);
	answer_post(a, &r, fmt, ap);
	va_end(ap);
	a->to = NULL;
}
