/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/ladder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ladder_add(struct ladder *l, int64_t ms, enum ladder_column c, bool to_gateway, const char *text)
{
	struct ladder_row *r, *last = NULL;

	for (unsigned i = l->count; i-- && !last;)
		if (l->rows[i].column == c)
			last = &l->rows[i];
	if (last && last->to_gateway == to_gateway && !strcmp(last->text, text)) {
		last->times++;
		return;
	}
	if (l->count == LADDER_MAX)
		return;
	r = &l->rows[l->count];
	*r = (struct ladder_row){.ms = ms, .order = l->count, .column = c, .to_gateway = to_gateway, .times = 1};
	snprintf(r->text, sizeof(r->text), "%s", text);
	l->count++;
}

void ladder_add_log(struct ladder *l, const char *path, const char *call_id)
{
	char line[1200], mark[40];
	FILE *f = fopen(path, "r");

	snprintf(mark, sizeof(mark), "call %s: t=", call_id);
	while (f && fgets(line, sizeof(line), f)) {
		char *at = strstr(line, mark), *text;
		double s;

		if (!at)
			continue;
		s = strtod(at + strlen(mark), &text);
		text += strspn(text, "s ");
		text[strcspn(text, "\n")] = '\0';
		ladder_add(l, (int64_t)(s * 1000), LADDER_GATEWAY, false, text);
	}
	if (f)
		fclose(f);
}

static int by_time(const void *a, const void *b)
{
	const struct ladder_row *x = a, *y = b;

	if (x->ms != y->ms)
		return x->ms < y->ms ? -1 : 1;
	return (int)x->order - (int)y->order;
}

void ladder_print(struct ladder *l)
{
	qsort(l->rows, l->count, sizeof(l->rows[0]), by_time);
	printf("  %8s  %-26s    | %-46s |    %s\n", "time", "machine on the line", "gateway", "machine on T.38");
	for (unsigned i = 0; i < l->count; i++) {
		const struct ladder_row *r = &l->rows[i];
		char text[LADDER_TEXT + 16], left[LADDER_TEXT + 24] = "", middle[LADDER_TEXT + 16] = "",
								right[LADDER_TEXT + 24] = "";

		if (r->times > 1)
			snprintf(text, sizeof(text), "%s (%u x)", r->text, r->times);
		else
			snprintf(text, sizeof(text), "%s", r->text);
		if (r->column == LADDER_LINE)
			snprintf(left, sizeof(left), "%-26.26s %s", text, r->to_gateway ? "-->" : "<--");
		else if (r->column == LADDER_PEER)
			snprintf(right, sizeof(right), "%s %s", r->to_gateway ? "<--" : "-->", text);
		else
			snprintf(middle, sizeof(middle), "%s", text);
		printf("  %7.2fs  %-30s| %-46.46s |%s\n", (double)r->ms / 1000, left, middle, right);
	}
}
