/* SPDX-License-Identifier: GPL-2.0-only */
/* Samples and manual page against the table, and the table itself. Runs in the top folder. */
#include "config_text.h"
#include "conf/table.h"

#define SAMPLES "conf/samples/"
#define MANUAL	"conf/man/faxspan.conf.5"

static void test_samples(void **state)
{
	tear_down(NULL);
	if (config_load(SAMPLES "faxspan.conf", &config, &errors))
		fail_msg("%s", errors.count ? errors.list[0].text : "?");
	assert_int_equal(config->nspans, 2);
	assert_int_equal(config->npeers, 1);
	assert_true(config->spans[0].enabled);
	assert_false(config->spans[1].enabled);
	assert_true(config_numbers_match(&config->spans[1].accept, "110"));
}

/* Calls HANDLER for each "key = value" or "#key = value" of a sample. */
static void sample_keys(const char *path,
			void (*handler)(const struct table_section *s, const char *key, const char *value, bool active))
{
	char line[300], key[64], value[200], title[64];
	bool example = false; /* of a section that is commented out: the values are not the defaults */
	const struct table_section *s = NULL;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line + (line[0] == '#'), "[%60[a-z]", title) == 1) {
			s = table_find_section(title);
			assert_non_null(s);
			example = line[0] == '#';
		}
		value[0] = '\0';
		if (s && sscanf(line + (line[0] == '#'), "%60[a-z0-9_] = %190[^\n]", key, value) == 2)
			handler(s, key, value, example || line[0] != '#');
	}
	fclose(f);
}

/* The sample with the sections that are commented out: they are right too. */
static void test_samples_examples(void **state)
{
	static char text[65536];
	struct load_text m = {"m.conf", text, 0};
	const char *span = "[span 1]\nlocal=192.0.2.1:1\nremote=192.0.2.2:1\npeer=asterisk\n";
	struct load_text spans[2] = {{"1.conf", span, strlen(span)}, {"2.conf", NULL, 0}};
	char line[300], other[200];
	bool example = false;
	FILE *f = fopen(SAMPLES "faxspan.conf", "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		if (line[0] == '[' || !strncmp(line, "#[", 2))
			example = line[0] == '#';
		strcat(text, line + (example && line[0] == '#' && line[1] != ' '));
	}
	fclose(f);
	snprintf(other, sizeof(other), "%s", span);
	other[strlen("[span ")] = '2';
	other[strcspn(other, ":") + 1] = '2';
	spans[1].text = other;
	spans[1].octets = strlen(other);
	m.octets = strlen(text);
	tear_down(NULL);
	if (load_texts(&m, spans, 2, &config, &errors))
		fail_msg("%s", errors.count ? errors.list[0].text : "?");
	assert_int_equal(errors.warnings, 0);
	assert_int_equal(config->nroutes, 3);
	assert_string_equal(config->numbering.area_code, "30");
	assert_int_equal(config->routes[1].called_rewrite.form, FORM_E164);
}

/* Where K is shown and explained: what sections share, in the first of them. */
static bool has_place(const struct table_section *s, const struct table_key *k)
{
	return k->only ? k->only == s->owner : s->owner != TABLE_OF_ENDPOINT;
}

static bool sampled[SECTION_COUNT][TABLE_MAX_KEYS];

static void sample_key(const struct table_section *s, const char *key, const char *value, bool active)
{
	int i = table_find_key(s, key);

	if (i < 0)
		fail_msg("sample: [%s] has no key %s", s->name, key);
	/* a section that is commented out shows what is required by an example */
	if (!active && s->keys[i].fallback ? strcmp(value, s->keys[i].fallback) : !active && s->required)
		fail_msg("sample: [%s] %s shows %s as the default", s->name, key, value);
	sampled[s - table_sections][i] = true;
}

static void test_samples_complete(void **state)
{
	memset(sampled, 0, sizeof(sampled));
	sample_keys(SAMPLES "faxspan.conf", sample_key);
	sample_keys(SAMPLES "spans.d/span1.conf", sample_key);
	for (unsigned s = 0; s < SECTION_COUNT; s++) {
		for (unsigned k = 0; k < table_sections[s].count; k++) {
			if (has_place(&table_sections[s], &table_sections[s].keys[k]) && !sampled[s][k])
				fail_msg("no sample shows [%s] %s", table_sections[s].name,
					 table_sections[s].keys[k].name);
		}
	}
}

static char *manual_read(void)
{
	static char text[65536];
	FILE *f = fopen(MANUAL, "r");
	size_t n = 0;
	int c;

	assert_non_null(f);
	while ((c = fgetc(f)) != EOF && n < sizeof(text) - 1) {
		if (c == '\\') { /* "\-" is a minus, "\&" nothing */
			c = fgetc(f);
			if (c == '&')
				continue;
		}
		text[n++] = c == '\n' ? ' ' : (char)c;
	}
	text[n] = '\0';
	fclose(f);
	return text;
}

/* TEXT stands between FROM and the next entry. */
static void expect_in_entry(const struct table_section *s, const struct table_key *k, const char *from,
			    const char *text)
{
	const char *end = strstr(from, " .It "), *over = strstr(from, " .El "), *at = strstr(from, text);

	if (!end || (over && over < end))
		end = over;
	if (!at || !end || at > end)
		fail_msg("%s: [%s] %s does not say \"%s\"", MANUAL, s->name, k->name, text);
}

/* The entry of section [endpoint] names each key that it does not share with [peer]. */
static void test_manual_shared(void **state)
{
	const struct table_section *s = &table_sections[SECTION_ENDPOINT];
	const char *from = strstr(manual_read(), " .Ss [endpoint NAME]"), *end, *at;
	char name[80];

	assert_non_null(from);
	end = strstr(from, " .Bl ");
	assert_non_null(end);
	for (unsigned k = 0; k < s->count; k++) {
		if (s->keys[k].only != TABLE_OF_PEER)
			continue;
		snprintf(name, sizeof(name), " .Cm %s ", s->keys[k].name);
		at = strstr(from, name);
		if (!at || at > end)
			fail_msg("%s: [endpoint NAME] does not say that it has no %s", MANUAL, s->keys[k].name);
	}
}

static void test_manual(void **state)
{
	const char *text = manual_read();

	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		const struct table_section *s = &table_sections[i];
		char item[400], allowed[VALUE_ALLOWED_OCTETS];
		const char *from;

		snprintf(item, sizeof(item), " .Ss [%s%s]", s->name,
			 s->title == TITLE_NAME	    ? " NAME"
			 : s->title == TITLE_NUMBER ? " N"
						    : "");
		from = strstr(text, item);
		if (!from)
			fail_msg("%s has no %s", MANUAL, item);
		for (unsigned k = 0; k < s->count; k++) {
			if (!has_place(s, &s->keys[k]))
				continue;
			snprintf(item, sizeof(item), " .It Cm %s ", s->keys[k].name);
			from = strstr(from, item);
			if (!from)
				fail_msg("%s: [%s] has no %s, or not in its place", MANUAL, s->name, s->keys[k].name);
			from += strlen(item);
			expect_in_entry(s, &s->keys[k], from, s->keys[k].help);
			s->keys[k].type->allowed(&s->keys[k], allowed);
			snprintf(item, sizeof(item), "It is %s.", allowed);
			expect_in_entry(s, &s->keys[k], from, item);
			if (!s->keys[k].fallback)
				snprintf(item, sizeof(item), "Required.");
			else if (*s->keys[k].fallback)
				snprintf(item, sizeof(item), "Default: %s = %s ", s->keys[k].name, s->keys[k].fallback);
			else
				snprintf(item, sizeof(item), "No default.");
			expect_in_entry(s, &s->keys[k], from, item);
		}
	}
}

/* The table itself: defaults that their own keys take, and room for all marks. */
static void test_table(void **state)
{
	static struct config c;
	static struct config_span span;
	static struct config_peer peer;
	static struct config_group group;
	static struct config_route route;

	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		const struct table_section *s = &table_sections[i];
		bool of_peer = i == SECTION_PEER || i == SECTION_ENDPOINT;
		void *base = s->file == TABLE_SPAN ? (void *)&span
			     : of_peer		   ? (void *)&peer
			     : i == SECTION_GROUP  ? (void *)&group
			     : i == SECTION_ROUTE  ? (void *)&route
						   : (void *)&c;

		assert_true(s->count <= TABLE_MAX_KEYS);
		for (unsigned k = 0; k < s->count; k++) {
			char why[VALUE_WHY_OCTETS] = "";

			assert_non_null(s->keys[k].name);
			assert_int_equal(table_find_key(s, s->keys[k].name),
					 table_has_key(s, &s->keys[k]) ? (int)k : -1);
			assert_true(s->keys[k].help && *s->keys[k].help);
			if (s->keys[k].fallback && *s->keys[k].fallback)
				assert_int_equal(s->keys[k].type->parse(&s->keys[k], s->keys[k].fallback, base, why),
						 0);
		}
	}
	assert_string_equal(config_stop_name(STOP_DRAIN), "drain");
	assert_string_equal(config_line_name(LINE_DAHDI), "dahdi");
	assert_string_equal(config_timeout_name(TIMEOUT_CALL), "call");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_samples, tear_down),
		cmocka_unit_test_teardown(test_samples_examples, tear_down),
		cmocka_unit_test(test_samples_complete),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_manual_shared),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
