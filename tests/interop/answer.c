/* SPDX-License-Identifier: GPL-2.0-only */
#include "answer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "digits.h"

#define LATER_MS 600

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

static void say_called(const struct isdn_parties *p)
{
	printf("called %s from %s", p->called.digits, p->calling.digits[0] ? p->calling.digits : "-");
	if (p->calling.presentation != PRESENTATION_ALLOWED)
		printf(" restricted");
	if (p->redirecting.count)
		printf(" redirected %s reason %d", p->redirecting.number.digits, (int)p->redirecting.reason);
	printf("\n");
}

void answer_on_call(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
		    void *arg)
{
	const struct answer *a = arg;
	const char *number = p->called.digits;
	size_t n = strlen(number);

	if (a->fifo >= 0)
		say_called(p);
	b->answer_ms = 0;
	if (n > 4 && number[n - 4] == '9') {
		b->refuse_cause = (unsigned)atoi(number + n - 3);
	} else if (ends_with(number, "002") || ends_with(number, "004")) {
		b->inband = ends_with(number, "002");
		b->answer_ms = LATER_MS;
	} else if (ends_with(number, "003")) {
		b->answer_ms = -1;
	} else if (ends_with(number, "005")) {
		b->hangup_ms = LATER_MS;
		b->hangup_cause = Q850_NORMAL;
	} else if (ends_with(number, "006") || ends_with(number, "007")) {
		b->source = digits_source(p->calling.digits, ends_with(number, "007") ? "159*#" : "");
	}
}

static void call_begin(struct answer *a, const char *text)
{
	struct answer_call *c = &a->calls[a->ncalls];
	struct exchange_call call = {.hangup_ms = -1};
	struct isdn_parties *p = &call.parties;
	const char *redirected = strstr(text, " redirected ");
	unsigned span, after_ms;
	int err = EINVAL;

	if (a->ncalls < ANSWER_CALLS && sscanf(text, "%63s %u %31s %31s %u %u", c->name, &span, p->called.digits,
					       p->calling.digits, &after_ms, &c->cause) == 6) {
		if (strstr(text, " restricted"))
			p->calling.presentation = PRESENTATION_RESTRICTED;
		if (redirected && sscanf(redirected, " redirected %31s", p->redirecting.number.digits) == 1) {
			p->redirecting.count = 1;
			p->redirecting.reason = REDIRECT_NO_REPLY;
		}
		err = exchange_call(a->bank->spans[span - 1].x, &call, &c->call);
	}
	if (err) {
		printf("cannot call %s: %s\n", text, strerror(err));
		return;
	}
	c->hangup_us = after_ms ? a->bank->line_us + after_ms * MS_US : 0;
	a->ncalls++;
}

static void commands_read(struct answer *a)
{
	ssize_t n = read(a->fifo, a->input + a->len, sizeof(a->input) - 1 - a->len);
	char *end;

	if (n <= 0)
		return;
	a->len += (size_t)n;
	a->input[a->len] = '\0';
	while ((end = strchr(a->input, '\n'))) {
		*end++ = '\0';
		call_begin(a, a->input);
		a->len -= (size_t)(end - a->input);
		memmove(a->input, end, a->len + 1);
	}
}

/* True when it is over. */
static bool call_step(struct answer *a, struct answer_call *c)
{
	const struct xcall_result *r = xcall_result(c->call);

	if (c->hangup_us && a->bank->line_us >= c->hangup_us) {
		c->hangup_us = 0;
		exchange_hangup(c->call, c->cause);
	}
	if (r->state != XCALL_GONE)
		return false;
	printf("gone %s cause %u %s %s\n", c->name, r->cause, r->cleared_by_us ? "ours" : "theirs",
	       r->connect_ms >= 0    ? "connected"
	       : r->alerting_ms >= 0 ? "alerted"
				     : "not");
	return true;
}

/* Calls that are gone are forgotten as they go: a minute of load has thousands. */
static unsigned forget_gone(struct answer *a, struct exchange *x)
{
	unsigned left = 0;
	struct xcall *c;

	while ((c = exchange_nth_call(x, left))) {
		if (xcall_result(c)->state == XCALL_GONE) {
			xcall_free(c);
			a->gone++;
		} else {
			left++;
		}
	}
	return left;
}

unsigned answer_step(struct answer *a)
{
	unsigned left = 0;

	if (a->fifo >= 0)
		commands_read(a);
	for (unsigned i = 0; i < a->ncalls;) {
		if (call_step(a, &a->calls[i]))
			a->calls[i] = a->calls[--a->ncalls];
		else
			i++;
	}
	for (unsigned i = 0; i < a->bank->par.nspans; i++)
		left += forget_gone(a, a->bank->spans[i].x);
	return left;
}

bool answer_open(struct answer *a, struct bank *b, const char *fifo)
{
	memset(a, 0, sizeof(*a));
	a->bank = b;
	/* Also for writing, or its end would come with each writer's. */
	a->fifo = fifo ? open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC) : -1;
	if (fifo && a->fifo < 0)
		fprintf(stderr, "faxline: %s: %s\n", fifo, strerror(errno));
	return !fifo || a->fifo >= 0;
}

void answer_close(struct answer *a)
{
	if (a->fifo >= 0)
		close(a->fifo);
}
