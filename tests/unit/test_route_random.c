/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules at random against a plain reading of what they say: which one takes a call, whether a number may go on, and
 * which patterns leave nothing to others. Numbers are of 0 to 2, so that all short ones can be tried.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf/numbers.h"
#include "gateway/route/parties.h"
#include "gateway/route/route.h"

#define ROUNDS	   300
#define ROUTES	   6
#define DIGITS_MAX 4 /* of a number that is tried */
#define NUMBERS	   (1 + 3 + 9 + 27 + 81)

static uint64_t seed;

static unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static char numbers[2 * NUMBERS][DIGITS_MAX + 2]; /* every one, with '+' and without */
static unsigned nnumbers;

static void add_numbers(const char *begin)
{
	strcpy(numbers[nnumbers++], begin);
	for (char d = '0'; d <= '2' && strlen(begin) < DIGITS_MAX + (*begin == '+'); d++) {
		char longer[DIGITS_MAX + 3];

		snprintf(longer, sizeof(longer), "%s%c", begin, d);
		add_numbers(longer);
	}
}

/* ---- patterns, read plainly ---- */

static bool plain_takes_digits(const char *pattern, const char *digits)
{
	const char *dash = strchr(pattern, '-');

	if (dash) {
		long first = atol(pattern), last = atol(dash + 1), n = atol(digits);

		return strlen(digits) == strlen(dash + 1) && n >= first && n <= last;
	}
	for (; *pattern && *pattern != '.'; pattern++, digits++)
		if (!*digits || (*pattern != 'X' && *pattern != *digits))
			return false;
	return *pattern == '.' || !*digits;
}

static bool plain_takes(const char *pattern, const char *number)
{
	if (*pattern == '+')
		return *number == '+' && plain_takes_digits(pattern + 1, number + 1);
	return plain_takes_digits(pattern, number + (*number == '+'));
}

static bool plain_any(const struct config_numbers *n, const char *number)
{
	for (unsigned i = 0; i < n->count; i++)
		if (plain_takes(n->pattern[i], number))
			return true;
	return !n->count && !*number;
}

/* ---- at random ---- */

static void random_pattern(struct config_numbers *n)
{
	char text[CONFIG_PATTERN_OCTETS] = "", *p = text;
	unsigned digits = pick(DIGITS_MAX + 1);

	if (!pick(4))
		*p++ = '+';
	if (digits && !pick(3)) {
		char first[8] = "", last[8] = "";

		for (unsigned i = 0; i < digits; i++) {
			first[i] = (char)('0' + pick(3));
			last[i] = (char)('0' + pick(3));
		}
		sprintf(p, "%s-%s", strcmp(first, last) < 0 ? first : last, strcmp(first, last) < 0 ? last : first);
	} else {
		for (unsigned i = 0; i < digits; i++)
			*p++ = pick(4) ? (char)('0' + pick(3)) : 'X';
		if (!digits || !pick(3))
			*p++ = '.';
	}
	assert_null(numbers_fault(text));
	numbers_add(n, text);
}

static void random_numbers(struct config_numbers *n, unsigned most)
{
	memset(n, 0, sizeof(*n));
	for (unsigned i = pick(most + 1); i; i--)
		random_pattern(n);
}

static struct config *random_config(void)
{
	struct config *c = calloc(1, sizeof(*c));

	assert_non_null(c);
	c->nspans = c->npeers = 2;
	c->nroutes = pick(ROUTES + 1);
	for (unsigned i = 0; i < 2; i++) {
		c->spans[i].number = i + 1;
		c->spans[i].enabled = pick(8);
		random_numbers(&c->spans[i].accept, 2);
		random_numbers(&c->spans[i].dial, 2);
		c->spans[i].to.count = 1;
	}
	for (unsigned i = 0; i < c->nroutes; i++) {
		struct config_route *r = &c->routes[i];

		snprintf(r->name, sizeof(r->name), "%u", i);
		random_numbers(&r->called, 3);
		if (pick(2))
			random_numbers(&r->calling, 2);
		else
			numbers_add(&r->calling, ".");
		r->types = pick(2) ? 0 : pick(1u << TYPE_COUNT) & ~1u;
		r->reject = pick(3) ? 0 : 21;
		r->from_spans = pick(4);
		r->from_peers[0] = pick(4);
		if (!r->reject && pick(2))
			r->from_peers[0] = 0;
		else if (!r->reject)
			r->from_spans = 0;
		r->peers.count = !r->reject && r->from_spans;
		r->spans.count = !r->reject && !r->peers.count;
		r->spans.list[0] = pick(2);
	}
	config_make_rules(c);
	return c;
}

/* ---- rules, read plainly: the index of the one that takes the call, c->nroutes for accept or dial, -1 ---- */

static unsigned type_bit(const char *number)
{
	return 1u << (number[0] == '+' && number[1] ? TYPE_INTERNATIONAL : TYPE_UNKNOWN);
}

static int plain_route(const struct config *c, bool from_line, unsigned from, const char *called, const char *calling)
{
	for (unsigned i = 0; i < c->nroutes; i++) {
		const struct config_route *r = &c->routes[i];

		if ((from_line ? r->from_spans : r->from_peers[0]) & 1u << from && plain_any(&r->called, called) &&
		    plain_any(&r->calling, calling) && (!r->types || r->types & type_bit(called)))
			return (int)i;
	}
	for (unsigned i = 0; i < 2; i++) {
		const struct config_span *s = &c->spans[i];

		if (from_line && i == from && s->accept.count && plain_any(&s->accept, called))
			return (int)c->nroutes;
		if (!from_line && s->enabled && s->dial.count && plain_any(&s->dial, called))
			return (int)c->nroutes;
	}
	return -1;
}

static void compare(const struct config *c, bool from_line, unsigned from, const char *called, const char *calling)
{
	struct isdn_parties p = {0};
	const struct route_query q = {.from_line = from_line, .from = from, .parties = &p, .said = called};
	const int expected = plain_route(c, from_line, from, called, calling);
	struct route_result r;
	int found;

	parties_number_from_sip(called, false, &p.called);
	parties_number_from_sip(calling, false, &p.calling);
	route_find(c, &q, &r);
	found = r.rule == ROUTE_NONE ? -1 : r.rule < c->nroutes ? (int)r.rule : (int)c->nroutes;
	if (found != expected)
		fail_msg("from %s %u: %s calls %s: rule %d, not %d", from_line ? "span" : "peer", from, calling, called,
			 found, expected);
	assert_int_equal(!r.cause, expected >= 0 && (expected == (int)c->nroutes || !c->routes[expected].reject) &&
					   (from_line || r.nspans));
}

/* A lone '+' is no number. */
static bool is_number(const char *text)
{
	return strcmp(text, "+");
}

static void test_first_that_takes(void **state)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct config *c = random_config();

		for (unsigned i = 0; i < nnumbers; i++) {
			const char *calling = numbers[pick(nnumbers)];

			if (!is_number(numbers[i]) || !is_number(calling))
				continue;
			compare(c, true, pick(2), numbers[i], calling);
			if (numbers[i][0]) /* from SIP nobody calls without a number */
				compare(c, false, pick(2), numbers[i], calling);
		}
		free(c);
	}
}

/* A number may go on if and only if some longer one would be taken. */
static void test_may_go_on(void **state)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct config_numbers n;

		random_numbers(&n, 3);
		for (unsigned i = 0; i < nnumbers; i++) {
			const unsigned fit = config_numbers_fit(&n, numbers[i]);
			bool taken = false, more = false;
			size_t len = strlen(numbers[i]);

			for (unsigned k = 0; k < n.count; k++) {
				bool plus = n.pattern[k][0] == '+', same = (numbers[i][0] == '+') == plus;

				taken |= plain_takes(n.pattern[k], numbers[i]) && (same || !strcmp(n.pattern[k], "."));
				for (unsigned j = 0; j < nnumbers; j++) {
					bool begins = !strncmp(numbers[j], numbers[i], len) && strlen(numbers[j]) > len;

					more |= begins && (numbers[j][0] == '+') == plus &&
						plain_takes(n.pattern[k], numbers[j]);
				}
				/* all that go on at the longest are those with a '.' */
				more |= strchr(n.pattern[k], '.') && plain_takes(n.pattern[k], numbers[i]) &&
					(same || !strcmp(n.pattern[k], "."));
			}
			if (fit != (taken ? CONFIG_NUMBERS_TAKEN : 0u) + (more ? CONFIG_NUMBERS_MORE : 0u))
				fail_msg("%s of %s %s %s: fits %u", numbers[i], n.pattern[0], n.pattern[1],
					 n.pattern[2], fit);
		}
	}
}

/* What is said to be covered leaves nothing over. */
static void test_cover(void **state)
{
	unsigned covered = 0;

	for (unsigned round = 0; round < 20 * ROUNDS; round++) {
		struct config_numbers a, b;
		bool all = true;

		random_numbers(&a, 2);
		random_numbers(&b, 2);
		for (unsigned i = 0; i < nnumbers; i++)
			if (is_number(numbers[i]))
				all &= !plain_any(&b, numbers[i]) || plain_any(&a, numbers[i]);
		if (numbers_cover(&a, &b) && !all)
			fail_msg("%s %s do not cover %s %s", a.pattern[0], a.pattern[1], b.pattern[0], b.pattern[1]);
		covered += numbers_cover(&a, &b);
	}
	assert_true(covered > ROUNDS);
}

static int setup(void **state)
{
	seed = 20;
	nnumbers = 0;
	add_numbers("");
	add_numbers("+");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_first_that_takes, setup),
		cmocka_unit_test_setup(test_may_go_on, setup),
		cmocka_unit_test_setup(test_cover, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
