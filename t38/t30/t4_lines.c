/* SPDX-License-Identifier: GPL-2.0-only */
#include "t4_lines.h"

#include "t4_codes.h"

#define EOL_ZEROS 11
#define RTC_EOLS  4 /* of the six, with nothing between; so many are in no page, whatever is wrong with it */
/* The longest that is looked at in one: a run's code, or a mode's. */
#define LOOK T4_CODE_MOST_BITS

static unsigned peek(const struct t4_lines *t, unsigned n)
{
	return t->bits >> (t->n_bits - n) & ((1u << n) - 1);
}

static void skip(struct t4_lines *t, unsigned n)
{
	t->n_bits -= n;
}

static void count(struct t4_lines *t, bool good)
{
	t->lines++;
	t->bad += !good;
	t->has_above = good;
	t->now = good ? !t->now : t->now;
	t->begun = false;
}

static void spoil(struct t4_lines *t)
{
	count(t, false);
	t->eols = 0;
	t->zeros = 0;
	t->state = T4_SEARCH;
}

static void begin_line(struct t4_lines *t, bool refers)
{
	t->line[t->now].n = 0;
	t->at = 0;
	t->black = false;
	t->runs = 0;
	t->b1 = 0;
	t->state = refers ? T4_LINE_2D : T4_LINE_1D;
	if (refers && !t->has_above)
		spoil(t);
}

/* Behind EOL: the line that comes refers to the one before, unless its tag says otherwise (T.4 4.2.2). */
static void on_eol(struct t4_lines *t)
{
	bool refers = t->two_d && !peek(t, 1);

	if (t->two_d)
		skip(t, 1);
	t->zeros = 0;
	if (++t->eols >= RTC_EOLS)
		t->state = T4_ENDED;
	else
		begin_line(t, refers);
}

static void search(struct t4_lines *t)
{
	bool one = peek(t, 1);

	skip(t, 1);
	if (one && t->zeros >= EOL_ZEROS)
		on_eol(t);
	else
		t->zeros = one ? 0 : t->zeros + 1;
}

/* The line is as wide as it should be: nothing but zeros may come, and the one that ends them. */
static void fill(struct t4_lines *t)
{
	if (peek(t, EOL_ZEROS)) {
		spoil(t);
		return;
	}
	count(t, true);
	t->eols = 0;
	t->zeros = 0;
	t->state = T4_SEARCH;
}

/* The colour changes, RUN pixels on. */
static void change(struct t4_lines *t, unsigned run)
{
	struct t4_changes *line = &t->line[t->now];

	t->at += run;
	if (t->at > t->width || line->n >= T4_MOST_PIXELS) {
		spoil(t);
		return;
	}
	line->at[line->n++] = (uint16_t)t->at;
	t->black = !t->black;
	if (t->runs > 0)
		t->runs--;
	if (t->at == t->width && !t->runs)
		t->state = T4_FILL;
}

static void read_run(struct t4_lines *t)
{
	struct t4_code code = t4_code_of(t->black, peek(t, LOOK));

	if (!code.bits) {
		spoil(t);
		return;
	}
	skip(t, code.bits);
	t->begun = true;
	t->eols = 0;
	if (code.run < 64)
		change(t, code.run);
	else if ((t->at += code.run) > t->width)
		spoil(t);
}

/* An EOL where a line should begin is no line: RTC. Elsewhere it cuts the line short. */
static bool ends_early(struct t4_lines *t)
{
	if (peek(t, EOL_ZEROS))
		return false;
	if (t->begun) {
		spoil(t);
	} else {
		t->zeros = 0;
		t->state = T4_SEARCH;
	}
	return true;
}

/* The change of the line above that is number I; behind its last: the edge of the page. */
static unsigned above(const struct t4_lines *t, unsigned i)
{
	const struct t4_changes *line = &t->line[!t->now];

	return i < line->n ? line->at[i] : t->width;
}

/* T.4 4.2.1.3.1: the first change of the line above to the right of where we are, to the colour that comes next. The
 * line's begin is left of all. From one to the next it goes right, or by one back where the colour is the other. */
static unsigned find_b1(struct t4_lines *t)
{
	if (t->b1 % 2 != t->black)
		t->b1 += t->b1 ? -1u : 1;
	while (t->begun && above(t, t->b1) <= t->at && above(t, t->b1) < t->width)
		t->b1 += 2;
	return above(t, t->b1);
}

static void pass(struct t4_lines *t)
{
	find_b1(t);
	t->at = above(t, t->b1 + 1);
	t->begun = true;
	if (t->at >= t->width)
		spoil(t); /* there would be no change left for it to pass by */
}

static void vertical(struct t4_lines *t, int offset)
{
	int to = (int)find_b1(t) + offset;

	t->begun = true;
	if (to < (int)t->at)
		spoil(t);
	else
		change(t, (unsigned)to - t->at);
}

/* T.4 4.2.1.3.3, table 4. */
static void read_mode(struct t4_lines *t)
{
	static const struct {
		uint8_t bits, code;
		int8_t offset;
	} verticals[] = {{1, 1, 0}, {3, 3, 1}, {3, 2, -1}, {6, 3, 2}, {6, 2, -2}, {7, 3, 3}, {7, 2, -3}};

	t->eols = 0;
	for (unsigned i = 0; i < sizeof(verticals) / sizeof(verticals[0]); i++) {
		if (peek(t, verticals[i].bits) == verticals[i].code) {
			skip(t, verticals[i].bits);
			vertical(t, verticals[i].offset);
			return;
		}
	}
	if (peek(t, 4) == 1) {
		skip(t, 4);
		pass(t);
	} else if (peek(t, 3) == 1) {
		skip(t, 3);
		t->runs = 2;
	} else {
		spoil(t);
	}
}

static void step(struct t4_lines *t)
{
	switch (t->state) {
	case T4_SEARCH:
		search(t);
		break;
	case T4_FILL:
		fill(t);
		break;
	case T4_LINE_1D:
		if (!ends_early(t))
			read_run(t);
		break;
	case T4_LINE_2D:
		if (ends_early(t))
			break;
		if (t->runs)
			read_run(t);
		else
			read_mode(t);
		break;
	case T4_OFF:
	case T4_ENDED:
		t->n_bits = 0;
		break;
	}
}

void t4_lines_begin(struct t4_lines *t, unsigned width, bool two_d)
{
	t->state = width > 0 && width <= T4_MOST_PIXELS ? T4_SEARCH : T4_OFF;
	t->width = width;
	t->two_d = two_d;
	t->n_bits = 0;
	t->zeros = 0;
	t->eols = 0;
	t->begun = false;
	t->has_above = false;
}

void t4_lines_put(struct t4_lines *t, const uint8_t *octets, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		t->bits = t->bits << 8 | octets[i];
		t->n_bits += 8;
		while (t->n_bits >= LOOK)
			step(t);
	}
}

void t4_lines_end(struct t4_lines *t)
{
	static const uint8_t fill[3];

	t4_lines_put(t, fill, sizeof(fill)); /* what is not read yet is, and what is cut short is seen */
	t->state = T4_OFF;
}
