/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of random calls: how many of each verdict, and what did not arrive, by classes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/matrix/random.h"

#define SEEDS_SHOWN 4
#define TALLIES_MAX 40

/* Digits and the like of the END line's words do not make two classes. */
static void result_name(const struct random_verdict *v, char *buf, size_t room)
{
	char *to = buf;

	snprintf(buf, room, "fault=%s %s%s%s", v->fault[0] ? v->fault : "-", v->result, v->note[0] ? " " : "", v->note);
	for (const char *from = to; *from; from++)
		if (!isdigit((unsigned char)*from))
			*to++ = *from;
		else if (to == buf || to[-1] != 'n')
			*to++ = 'n';
	*to = '\0';
}

static int by_class(const void *a, const void *b)
{
	const struct random_verdict *v = *(const struct random_verdict *const *)a;
	const struct random_verdict *w = *(const struct random_verdict *const *)b;
	char x[400], y[400];
	int order;

	if (v->kind != w->kind)
		return (int)w->kind - (int)v->kind;
	order = strcmp(v->media, w->media);
	order = order ? order : strcmp(v->condition, w->condition);
	if (order)
		return order;
	result_name(v, x, sizeof(x));
	result_name(w, y, sizeof(y));
	order = strcmp(x, y);
	return order ? order : v->seed < w->seed ? -1 : 1;
}

static bool same_class(const struct random_verdict *v, const struct random_verdict *w)
{
	return v->kind == w->kind && !strcmp(v->media, w->media) && !strcmp(v->condition, w->condition);
}

static bool has_class(const struct random_verdict *v)
{
	return v->kind >= RANDOM_BAD_LINES || v->kind == RANDOM_UNCONFIRMED;
}

/* Those of one class that have the same words in the END line; returns how many. */
static unsigned print_result(const struct random_verdict *const *v, unsigned n, FILE *f)
{
	char name[400], next[400];
	unsigned k = 1;

	result_name(v[0], name, sizeof(name));
	for (; k < n; k++) {
		result_name(v[k], next, sizeof(next));
		if (strcmp(name, next))
			break;
	}
	fprintf(f, "%15s %4u  %s  seeds", "", k, name);
	for (unsigned i = 0; i < k && i < SEEDS_SHOWN; i++)
		fprintf(f, " %llu.%u", (unsigned long long)v[i]->seed, v[i]->call);
	fprintf(f, "\n");
	return k;
}

static void print_class(const struct random_verdict *const *v, unsigned n, FILE *f)
{
	unsigned known = 0, whole = 0;

	for (unsigned i = 0; i < n; i++) {
		known += v[i]->bare_known;
		whole += v[i]->bare_known && v[i]->bare_whole;
	}
	fprintf(f, "%5u  ", n);
	if (known)
		fprintf(f, "%4u/%-4u", whole, known);
	else
		fprintf(f, "%4s%5s", "-", "");
	fprintf(f, "  %s, %s [%s]\n", random_verdict_name(v[0]->kind), v[0]->media[0] ? v[0]->media : "-",
		v[0]->condition);
	for (unsigned i = 0; i < n;)
		i += print_result(v + i, n - i, f);
}

static void print_classes(const struct random_verdict **v, unsigned n, FILE *f)
{
	unsigned to;

	if (!n)
		return;
	qsort(v, n, sizeof(*v), by_class);
	fprintf(f, "\n%5s  %-9s  %s\n", "calls", "bare", "verdict, media [what was drawn that may hurt it]");
	for (unsigned from = 0; from < n; from = to) {
		for (to = from + 1; to < n && same_class(v[from], v[to]); to++)
			;
		print_class(v + from, to - from, f);
	}
}

/* ---- beside bare spandsp ---- */

struct tally {
	const struct random_verdict *of; /* one of them */
	unsigned calls, here, bare;
};

static struct tally *find_tally(struct tally *t, unsigned *np, const struct random_verdict *v)
{
	for (unsigned i = 0; i < *np; i++)
		if (!strcmp(t[i].of->media, v->media) && !strcmp(t[i].of->class, v->class) &&
		    t[i].of->from_line == v->from_line)
			return &t[i];
	if (*np == TALLIES_MAX)
		return NULL;
	t[*np] = (struct tally){.of = v};
	return &t[(*np)++];
}

static int by_media(const void *a, const void *b)
{
	const struct random_verdict *v = ((const struct tally *)a)->of, *w = ((const struct tally *)b)->of;
	int order = -strcmp(v->media, w->media);

	order = order ? order : strcmp(v->class, w->class);
	return order ? order : (int)v->from_line - (int)w->from_line;
}

/* Every call that nobody cut or refused, here and there. */
static void print_tallies(const struct random_verdict *v, unsigned n, FILE *f)
{
	struct tally t[TALLIES_MAX];
	unsigned k = 0;

	for (unsigned i = 0; i < n; i++) {
		struct tally *at = v[i].bare_known ? find_tally(t, &k, &v[i]) : NULL;

		if (!at)
			continue;
		at->calls++;
		at->here += v[i].whole;
		at->bare += v[i].bare_whole;
	}
	qsort(t, k, sizeof(*t), by_media);
	fprintf(f, "\n%6s  %6s  %6s  whole, of calls that nobody cut or refused\n", "calls", "here", "bare");
	for (unsigned i = 0; i < k; i++)
		fprintf(f, "%6u  %6u  %6u  %s, %s the line, %s\n", t[i].calls, t[i].here, t[i].bare, t[i].of->media,
			t[i].of->from_line ? "from" : "to", t[i].of->class);
}

unsigned random_report(const struct random_verdict *v, unsigned n, FILE *f)
{
	const struct random_verdict **classed = calloc(n ? n : 1, sizeof(*classed));
	unsigned count[RANDOM_VERDICTS] = {0}, k = 0, faults = 0;

	for (unsigned i = 0; i < n; i++) {
		count[v[i].kind]++;
		faults += random_verdict_is_fault(v[i].kind);
		if (has_class(&v[i]) && classed)
			classed[k++] = &v[i];
	}
	for (unsigned i = 0; i < RANDOM_VERDICTS; i++)
		fprintf(f, "%6u  %5.2f %%  %s\n", count[i], n ? 100.0 * count[i] / n : 0,
			random_verdict_name((enum random_verdict_kind)i));
	print_tallies(v, n, f);
	if (classed)
		print_classes(classed, k, f);
	free(classed);
	return faults;
}
