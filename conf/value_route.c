/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of [route NAME], [group NAME] and [numbering]. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "value.h"
#include "words.h"

#define WEIGHT_MAX 1000

static bool is_kind(const char *word, enum config_end_kind *kindp)
{
	static const struct {
		const char *one, *many;
		enum config_end_kind kind;
	} kinds[] = {{"span", "spans", END_SPAN},
		     {"peer", "peers", END_PEER},
		     {"endpoint", "endpoints", END_PEER},
		     {"group", "groups", END_GROUP}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!strcmp(word, kinds[i].one) || !strcmp(word, kinds[i].many)) {
			*kindp = kinds[i].kind;
			return true;
		}
	}
	return false;
}

static int read_span(const char *word, struct config_end *e, char *why)
{
	if (!words_range(word, CONFIG_SPAN_NUMBER_MAX, &e->first, &e->last) && e->first && e->first <= e->last)
		return 0;
	snprintf(why, VALUE_WHY_OCTETS, "%s is neither the number of a span, 1 to %d, nor a range such as 1-4", word,
		 CONFIG_SPAN_NUMBER_MAX);
	return EINVAL;
}

static int read_name(char *word, struct config_end *e, char *why)
{
	char *colon = strchr(word, ':');
	const char *fault;

	if (colon) {
		*colon = '\0';
		if (e->kind != END_PEER || value_read_uint(colon + 1, 1, WEIGHT_MAX, &e->weight)) {
			snprintf(why, VALUE_WHY_OCTETS, "%s: %s is not the weight of a peer, from 1 to %d", word,
				 colon + 1, WEIGHT_MAX);
			return EINVAL;
		}
	}
	fault = value_name_fault(word);
	if (fault) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is not a name: %s", word, fault);
		return EINVAL;
	}
	memcpy(e->name, word, strlen(word) + 1); /* value_name_fault() has seen to its length */
	return 0;
}

static int add_end(struct config_ends *ends, const struct config_end *e, const char *word, char *why)
{
	for (unsigned i = 0; i < ends->count; i++) {
		const struct config_end *o = &ends->list[i];

		if (o->kind != e->kind || strcmp(o->name, e->name) || o->last < e->first || e->last < o->first)
			continue;
		snprintf(why, VALUE_WHY_OCTETS, "%s stands there twice", word);
		return EINVAL;
	}
	if (ends->count == CONFIG_MAX_ENDS) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is one too many: there is room for %d", word, CONFIG_MAX_ENDS);
		return EINVAL;
	}
	ends->list[ends->count++] = *e;
	return 0;
}

/* TEXT is a list of ends. Directly behind the word "span", "peer" or "group" stands a name, whatever it is; KIND is
 * what the list begins with, if BARE. */
static int read_ends(const char *text, bool bare, enum config_end_kind kind, struct config_ends *endsp, char *why)
{
	struct config_ends ends = {0};
	bool known = bare, name_due = false;
	char word[WORD_OCTETS];

	while (words_next(&text, word)) {
		struct config_end e = {.kind = kind};
		int err;

		if (!name_due && !bare && is_kind(word, &kind)) {
			known = name_due = true;
			continue;
		}
		if (!known) {
			snprintf(why, VALUE_WHY_OCTETS, "%.64s: is it span %.64s, peer %.64s or group %.64s?", word,
				 word, word, word);
			return EINVAL;
		}
		name_due = false;
		err = kind == END_SPAN ? read_span(word, &e, why) : read_name(word, &e, why);
		if (!err)
			err = add_end(&ends, &e, word, why);
		if (err)
			return err;
	}
	if (!ends.count || name_due)
		return EINVAL;
	*endsp = ends;
	return 0;
}

static int from_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_ends ends = {0};
	int err = strcmp(text, "any") ? read_ends(text, false, END_SPAN, &ends, why) : 0;

	for (unsigned i = 0; !err && i < ends.count; i++) {
		if (!ends.list[i].weight)
			continue;
		snprintf(why, VALUE_WHY_OCTETS, "%s: a weight has no meaning here", ends.list[i].name);
		err = EINVAL;
	}
	if (!err)
		memcpy(value_field(key, base), &ends, sizeof(ends));
	return err;
}

static void from_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a list of span N or N-N, peer NAME, group NAME, or any");
}

const struct value_type value_from = {from_parse, from_allowed};

static int to_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_ends ends = {0};
	int err = strcmp(text, "none") ? read_ends(text, false, END_SPAN, &ends, why) : 0;

	for (unsigned i = 1; !err && i < ends.count; i++) {
		const struct config_end *first = &ends.list[0], *e = &ends.list[i];

		if (e->kind != first->kind)
			snprintf(why, VALUE_WHY_OCTETS, "a call goes to spans, or to peers, or to a group");
		else if (e->kind == END_GROUP)
			snprintf(why, VALUE_WHY_OCTETS, "%s: there may be one group", e->name);
		else if (!e->weight != !first->weight)
			snprintf(why, VALUE_WHY_OCTETS, "either all peers have a weight or none has: %s", e->name);
		else if (e->kind == END_PEER && i >= CONFIG_MAX_TARGETS)
			snprintf(why, VALUE_WHY_OCTETS, "there are more than %d peers", CONFIG_MAX_TARGETS);
		else
			continue;
		err = EINVAL;
	}
	if (!err)
		memcpy(value_field(key, base), &ends, sizeof(ends));
	return err;
}

static void to_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS,
		 "peer NAME, NAME in order, peer NAME:WEIGHT, NAME:WEIGHT, span N, N-N, or group NAME; or none");
}

const struct value_type value_to = {to_parse, to_allowed};

static int spans_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_ends ends = {0};
	int err = strcmp(text, "none") ? read_ends(text, true, END_SPAN, &ends, why) : 0;

	if (!err)
		memcpy(value_field(key, base), &ends, sizeof(ends));
	return err;
}

static void spans_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a list of numbers of spans and ranges of them, or none");
}

const struct value_type value_spans = {spans_parse, spans_allowed};

static int digits_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	if (!strcmp(text, "none"))
		text = "";
	else if (!*text || text[strspn(text, "0123456789*#")] || strlen(text) >= key->size)
		return EINVAL;
	memset(value_field(key, base), 0, key->size);
	memcpy(value_field(key, base), text, strlen(text));
	return 0;
}

static void digits_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "up to %zu digits, or none", key->size - 1);
}

const struct value_type value_digits = {digits_parse, digits_allowed};

static int cause_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned cause = 0;

	if (strcmp(text, "no") && value_read_uint(text, 1, 127, &cause))
		return EINVAL;
	memcpy(value_field(key, base), &cause, sizeof(cause));
	return 0;
}

static void cause_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a cause of Q.850, 1 to 127, or no");
}

const struct value_type value_cause = {cause_parse, cause_allowed};

static int types_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned types = 0;
	char word[WORD_OCTETS];

	while (strcmp(text, "any") && words_next(&text, word)) {
		unsigned type = TYPE_COUNT;

		for (unsigned i = TYPE_KEEP + 1; i < TYPE_COUNT; i++)
			if (!strcmp(word, config_number_type_name((enum config_number_type)i)))
				type = i;
		if (type == TYPE_COUNT) {
			snprintf(why, VALUE_WHY_OCTETS, "%s is not one of unknown, international, national, subscriber",
				 word);
			return EINVAL;
		}
		types |= 1u << type;
	}
	if (!types && strcmp(text, "any"))
		return EINVAL;
	memcpy(value_field(key, base), &types, sizeof(types));
	return 0;
}

static void types_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a list of unknown, international, national, subscriber, or any");
}

const struct value_type value_types = {types_parse, types_allowed};
