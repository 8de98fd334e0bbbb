/* SPDX-License-Identifier: GPL-2.0-only */
/* What README and faxspand(8) say of the fields of an END line, against the line itself. Runs in the top folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gateway/cdr/cdr.h"

#define NAMES_OCTETS 600

/* Adds the LEN octets at NAME, and a blank, to NAMES. */
static void names_add(char *names, const char *name, size_t len)
{
	size_t n = strlen(names);

	assert_true(n + len + 2 < NAMES_OCTETS);
	snprintf(names + n, NAMES_OCTETS - n, "%.*s ", (int)len, name);
}

/* Of "END a=1 b="2 c=3" d=4(x y)": "a b d ". */
static void names_of_line(const char *line, char *names)
{
	const char *word = NULL;
	bool quoted = false;

	names[0] = '\0';
	for (const char *p = line; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (*p == ' ')
			word = p + 1;
		else if (*p == '=' && word) {
			names_add(names, word, (size_t)(p - word));
			word = NULL;
		}
	}
}

/* The words of lower case and hyphens between QUOTE and QUOTE, or parted by anything where there is no QUOTE. */
static void names_of_text(const char *text, char quote, char *names)
{
	for (const char *p = text; *p;) {
		size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789-");

		if (len && (!quote || (p > text && p[-1] == quote && p[len] == quote)))
			names_add(names, p, len);
		p += len ? len : 1;
	}
}

/* Of the first cells of the first table behind HEADING. */
static void names_of_readme(const char *heading, char *names)
{
	char line[2000];
	bool inside = false, table = false;
	FILE *f = fopen("README.md", "r");

	assert_non_null(f);
	names[0] = '\0';
	while (fgets(line, sizeof(line), f)) {
		char *end = line[0] == '|' ? strchr(line + 1, '|') : NULL;

		inside = inside || !strncmp(line, heading, strlen(heading));
		if (table && !end)
			break;
		if (!inside || !end)
			continue;
		table = true;
		*end = '\0';
		names_of_text(line, '`', names);
	}
	fclose(f);
}

/* Of the .It Cm behind ".Sh LOG", up to the next section. */
static void names_of_manual(char *names)
{
	char line[400], text[400];
	bool inside = false;
	FILE *f = fopen("conf/man/faxspand.8", "r");

	assert_non_null(f);
	names[0] = '\0';
	while (fgets(line, sizeof(line), f)) {
		size_t n = 0;

		if (!strncmp(line, ".Sh ", 4))
			inside = !strcmp(line, ".Sh LOG\n");
		if (!inside || strncmp(line, ".It Cm ", 7))
			continue;
		for (const char *p = line + 7; *p; p++) { /* "\-" is a hyphen */
			if (*p != '\\')
				text[n++] = *p;
		}
		text[n] = '\0';
		names_of_text(text, '\0', names);
	}
	fclose(f);
}

static void line_names(char *names)
{
	struct cdr c = {.peer = "carrier", .route = "did"};
	char line[CDR_LINE_OCTETS];

	names_of_line(cdr_print(&c, line, sizeof(line)), names);
	assert_non_null(strstr(names, "direction "));
}

static void test_readme_has_every_field(void **state)
{
	char expected[NAMES_OCTETS], got[NAMES_OCTETS];

	line_names(expected);
	names_of_readme("## What the log says", got);
	assert_string_equal(got, expected);
}

static void test_manual_has_every_field(void **state)
{
	char expected[NAMES_OCTETS], got[NAMES_OCTETS];

	line_names(expected);
	names_of_manual(got);
	assert_string_equal(got, expected);
}

/* The example of a whole line, broken in several. */
static void test_readme_example(void **state)
{
	char expected[NAMES_OCTETS], got[NAMES_OCTETS], line[400], text[2000] = "";
	FILE *f = fopen("README.md", "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		char *from = text[0] ? line : strstr(line, "END direction=");

		if (text[0] && line[0] != ' ')
			break;
		if (!from)
			continue;
		line[strcspn(line, "\n")] = '\0';
		assert_true(strlen(text) + strlen(from) < sizeof(text));
		strcat(text, from);
	}
	fclose(f);
	line_names(expected);
	names_of_line(text, got);
	assert_string_equal(got, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readme_has_every_field),
		cmocka_unit_test(test_manual_has_every_field),
		cmocka_unit_test(test_readme_example),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
