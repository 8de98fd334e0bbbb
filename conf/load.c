/* SPDX-License-Identifier: GPL-2.0-only */
#include "load.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "error.h"
#include "load_named.h"
#include "nearest.h"
#include "reader.h"

#define MESSAGE_OCTETS 448

static const char *load_path(const struct load *l, unsigned file)
{
	return file ? l->config->spans[file - 1].file : l->config->file;
}

void load_error(struct load *l, unsigned file, unsigned line, const char *fmt, ...)
{
	char message[MESSAGE_OCTETS];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (error_add(l->errors, file, line, load_path(l, file), "%s", message))
		l->nomem = true;
}

void load_warning(struct load *l, unsigned file, unsigned line, const char *fmt, ...)
{
	char message[MESSAGE_OCTETS];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (error_warn(l->errors, file, line, load_path(l, file), "%s", message))
		l->nomem = true;
}

bool load_is_set(const struct load_seen *s, enum table_id id, const char *key)
{
	int i = table_find_key(&table_sections[id], key);

	return i >= 0 && s->key_line[i];
}

bool load_is_bad(const struct load_seen *s, enum table_id id, const char *key)
{
	int i = table_find_key(&table_sections[id], key);

	return i >= 0 && s->key_bad[i];
}

unsigned load_line(const struct load_seen *s, enum table_id id, const char *key)
{
	int i = table_find_key(&table_sections[id], key);

	return i >= 0 && s->key_line[i] ? s->key_line[i] : s->line;
}

static void load_unknown_section(struct load *l, const char *name, unsigned line)
{
	const struct table_section *near = NULL;
	unsigned best = nearest_limit(name) + 1;

	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		unsigned d = nearest_distance(name, table_sections[i].name);

		if (d < best) {
			best = d;
			near = &table_sections[i];
		}
	}
	if (near)
		load_error(l, l->file, line, "[%s]: unknown section, did you mean [%s]?", name, near->name);
	else
		load_error(l, l->file, line, "[%s]: unknown section", name);
}

static void load_plain_section(struct load *l, const struct table_section *s, const char *rest, unsigned line)
{
	unsigned id = (unsigned)(s - table_sections);
	struct load_seen *seen = l->file ? &l->spans[l->file - 1][id] : &l->main[id];
	struct config_span *span = l->file ? &l->config->spans[l->file - 1] : NULL;

	if (seen->line && s->title == TITLE_NUMBER) {
		load_error(l, l->file, line, "[span %s]: a second span in one file, the first is in line %u", rest,
			   seen->line);
		return;
	}
	if (seen->line) {
		load_error(l, l->file, line, "[%s]: duplicate section, the first is in line %u", s->name, seen->line);
		return;
	}
	seen->line = line;
	if (s->title == TITLE_NUMBER) {
		span->file_line = line;
		if (value_read_uint(rest, 1, CONFIG_SPAN_NUMBER_MAX, &span->number))
			load_error(l, l->file, line, "[span %s]: a span is numbered from 1 to %d: [span 1]", rest,
				   CONFIG_SPAN_NUMBER_MAX);
	}
	l->seen = seen;
	l->base = span ? (void *)span : (void *)l->config;
	l->section = s;
}

/* A [section] begins. If it may not, its keys are passed over: one error is enough. */
static void load_section(const char *title, unsigned line, void *arg)
{
	struct load *l = arg;
	char name[READER_LINE_OCTETS + 1];
	size_t n = strcspn(title, " \t");
	const char *rest = title + n + strspn(title + n, " \t");
	const struct table_section *s;

	memcpy(name, title, n);
	name[n] = '\0';
	l->outside = false;
	l->section = NULL;
	snprintf(l->title, sizeof(l->title), "%s", title);
	s = table_find_section(name);
	if (!s)
		load_unknown_section(l, title, line);
	else if (s->file == TABLE_SPAN && !l->file)
		load_error(l, l->file, line, "[%s]: belongs in the file of a span, in the folder spans_dir", title);
	else if (s->file == TABLE_MAIN && l->file)
		load_error(l, l->file, line, "[%s]: belongs in the main file, %s", title, l->config->file);
	else if (s->title == TITLE_PLAIN && *rest)
		load_error(l, l->file, line, "[%s]: nothing may follow %s", title, name);
	else if (s->title == TITLE_NAME)
		load_named_section(l, s, rest, line);
	else
		load_plain_section(l, s, rest, line);
}

static void load_unknown_key(struct load *l, const char *name, unsigned line)
{
	const struct table_key *near = NULL;
	unsigned best = nearest_limit(name) + 1;

	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		if (table_find_key(&table_sections[i], name) >= 0 && table_sections[i].file == l->section->file) {
			load_error(l, l->file, line, "%s: unknown key in [%s], it belongs in [%s]", name, l->title,
				   table_sections[i].name);
			return;
		}
	}
	for (unsigned i = 0; i < l->section->count; i++) {
		unsigned d = nearest_distance(name, l->section->keys[i].name);

		if (d < best && table_has_key(l->section, &l->section->keys[i])) {
			best = d;
			near = &l->section->keys[i];
		}
	}
	if (near)
		load_error(l, l->file, line, "%s: unknown key in [%s], did you mean %s?", name, l->title, near->name);
	else
		load_error(l, l->file, line, "%s: unknown key in [%s]", name, l->title);
}

/* Routing says by which line of which file it goes. */
static void note_line(struct load *l, const struct table_key *k, unsigned line)
{
	struct config_numbers *n;
	struct config_ranges *r;

	if (k->type == &value_ranges) {
		r = value_field(k, l->base);
		for (unsigned i = 0; i < r->count; i++)
			if (!r->line[i])
				r->line[i] = line;
	}
	if (k->type == &value_targets)
		((struct config_targets *)value_field(k, l->base))->line = line;
	if (k->type == &value_from || k->type == &value_to || k->type == &value_spans)
		((struct config_ends *)value_field(k, l->base))->line = line;
	if (k->type != &value_numbers)
		return;
	n = value_field(k, l->base);
	for (unsigned i = 0; i < n->count; i++)
		if (!n->line[i])
			n->line[i] = line;
}

static void load_value(struct load *l, const struct table_key *k, const char *value, unsigned line)
{
	char why[VALUE_WHY_OCTETS] = "";
	char allowed[VALUE_ALLOWED_OCTETS];

	k->type->allowed(k, allowed);
	if (*value && !k->type->parse(k, value, l->base, why)) {
		note_line(l, k, line);
		return;
	}
	l->seen->key_bad[k - l->section->keys] = true;
	if (!*value)
		load_error(l, l->file, line, "%s: has no value, it must be %s", k->name, allowed);
	else if (*why)
		load_error(l, l->file, line, "%s: %s", k->name, why);
	else
		load_error(l, l->file, line, "%s: %s is not %s", k->name, value, allowed);
}

static void load_key(const char *name, const char *value, unsigned line, void *arg)
{
	struct load *l = arg;
	const struct table_key *k;
	unsigned *seen;
	int i;

	if (l->outside)
		load_error(l, l->file, line, "%s: stands before the first [section]", name);
	if (!l->section)
		return;
	i = table_find_key(l->section, name);
	if (i < 0) {
		load_unknown_key(l, name, line);
		return;
	}
	k = &l->section->keys[i];
	seen = &l->seen->key_line[i];
	if (*seen && !k->repeats) {
		load_error(l, l->file, line, "%s: duplicate key, the first is in line %u", name, *seen);
		return;
	}
	if (!*seen && k->repeats) /* the default gives way to the first of them */
		memset(value_field(k, l->base), 0, k->size);
	if (!*seen)
		*seen = line;
	load_value(l, k, value, line);
}

static void load_line_error(unsigned line, const char *message, void *arg)
{
	struct load *l = arg;

	load_error(l, l->file, line, "%s", message);
}

static void load_file(struct load *l, const struct load_text *t)
{
	const struct reader_handlers h = {load_section, load_key, load_line_error, l};

	l->outside = true;
	l->section = NULL;
	if (reader_run(t->text, t->octets, &h))
		l->nomem = true;
}

/* What must be there: section S, which was seen at SEEN (line 0: nowhere), and its keys. NAME is its title's. */
static void load_required(struct load *l, const struct table_section *s, const struct load_seen *seen, const char *name)
{
	for (unsigned i = 0; seen->line && i < s->count; i++) {
		if (table_has_key(s, &s->keys[i]) && !s->keys[i].fallback && !seen->key_line[i])
			load_error(l, l->file, seen->line, "[%s%s%s]: %s is missing", s->name, *name ? " " : "", name,
				   s->keys[i].name);
	}
	if (!seen->line && s->required)
		load_error(l, l->file, 0, "[%s%s] is missing", s->name, s->title == TITLE_NUMBER ? " N" : "");
}

void load_main(struct load *l, const struct load_text *t)
{
	struct config *c = l->config;

	snprintf(c->file, sizeof(c->file), "%s", t->path);
	l->file = 0;
	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		if (table_sections[i].file == TABLE_MAIN && table_sections[i].title == TITLE_PLAIN)
			table_set_defaults(&table_sections[i], c);
	}
	load_file(l, t);
	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		if (table_sections[i].file == TABLE_MAIN && table_sections[i].title == TITLE_PLAIN)
			load_required(l, &table_sections[i], &l->main[i], "");
	}
	load_named_each(l, load_required);
}

/* Room for one more span file, which is then the present file; or NULL, and that is recorded. */
static struct config_span *load_next_span(struct load *l, const char *path)
{
	struct config *c = l->config;
	struct config_span *s;

	if (c->nspans == CONFIG_MAX_SPANS) {
		load_error(l, 0, 0, "%s: there is room for %d span files only", path, CONFIG_MAX_SPANS);
		return NULL;
	}
	s = &c->spans[c->nspans];
	l->file = ++c->nspans;
	snprintf(s->file, sizeof(s->file), "%s", path);
	return s;
}

void load_span(struct load *l, const struct load_text *t)
{
	struct config_span *s = load_next_span(l, t->path);
	char number[12] = "";

	if (!s)
		return;
	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		if (table_sections[i].file == TABLE_SPAN)
			table_set_defaults(&table_sections[i], s);
	}
	load_file(l, t);
	if (s->number)
		snprintf(number, sizeof(number), "%u", s->number);
	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		if (table_sections[i].file == TABLE_SPAN)
			load_required(l, &table_sections[i], &l->spans[l->file - 1][i],
				      i == SECTION_SPAN ? number : "");
	}
}

void load_unreadable(struct load *l, const char *path, const char *why)
{
	if (load_next_span(l, path))
		load_error(l, l->file, 0, "%s", why);
}

int load_alloc(struct load **lp, struct config_errors *errors)
{
	struct load *l = calloc(1, sizeof(*l));

	if (!l)
		return ENOMEM;
	l->errors = errors;
	l->config = calloc(1, sizeof(*l->config));
	if (!l->config) {
		load_free(l);
		return ENOMEM;
	}
	*lp = l;
	return 0;
}

void load_free(struct load *l)
{
	if (!l)
		return;
	config_free(l->config);
	free(l);
}

int load_finish(struct load *l, struct config **cp)
{
	check_config(l);
	error_sort(l->errors);
	if (l->nomem)
		return ENOMEM;
	if (l->errors->count > l->errors->warnings)
		return EINVAL;
	config_make_rules(l->config);
	*cp = l->config;
	l->config = NULL;
	return 0;
}

int load_texts(const struct load_text *main_text, const struct load_text *spans, unsigned nspans, struct config **cp,
	       struct config_errors *errors)
{
	struct load *l;
	int err = load_alloc(&l, errors);

	if (err)
		return err;
	load_main(l, main_text);
	for (unsigned i = 0; i < nspans; i++)
		load_span(l, &spans[i]);
	err = load_finish(l, cp);
	load_free(l);
	return err;
}

bool config_tells_secrets(const struct config *c)
{
	bool any = false;

	for (unsigned i = 0; i < c->npeers; i++)
		any |= c->peers[i].auth_secret[0] || c->peers[i].inbound_secret[0];
	return any && c->file_is_public;
}

void config_free(struct config *c)
{
	free(c);
}
