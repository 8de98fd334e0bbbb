/* SPDX-License-Identifier: GPL-2.0-only */
/* Values that are lists or ranges. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "numbers.h"
#include "table.h"
#include "value.h"
#include "words.h"

static int ports_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config *c = base;
	unsigned from, to;

	if (!strchr(text, '-') || words_range(text, 65535, &from, &to))
		return EINVAL;
	if (from < key->min || to > key->max || from > to)
		return EINVAL;
	if (from % 2) {
		snprintf(why, VALUE_WHY_OCTETS, "%s begins with an odd port: RTP takes an even one (RFC 3550 11)",
			 text);
		return EINVAL;
	}
	c->port_min = (uint16_t)from;
	c->port_max = (uint16_t)to;
	return 0;
}

static void ports_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a range FIRST-LAST within %u-%u that begins with an even port", key->min,
		 key->max);
}

const struct value_type value_ports = {ports_parse, ports_allowed};

static int codecs_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_peer *p = base;
	enum media_codec codecs[CODEC_COUNT];
	unsigned n = 0;
	char word[WORD_OCTETS];

	while (words_next(&text, word)) {
		enum media_codec c;

		if (strcmp(word, "alaw") && strcmp(word, "ulaw")) {
			snprintf(why, VALUE_WHY_OCTETS, "%s is neither alaw nor ulaw", word);
			return EINVAL;
		}
		c = !strcmp(word, "alaw") ? CODEC_PCMA : CODEC_PCMU;
		for (unsigned i = 0; i < n; i++) {
			if (codecs[i] == c) {
				snprintf(why, VALUE_WHY_OCTETS, "%s stands there twice", word);
				return EINVAL;
			}
		}
		codecs[n++] = c;
	}
	if (!n)
		return EINVAL;
	memcpy(p->codecs, codecs, n * sizeof(codecs[0]));
	p->ncodecs = n;
	return 0;
}

static void codecs_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "alaw, ulaw, or both with the better one first");
}

const struct value_type value_codecs = {codecs_parse, codecs_allowed};

static int modems_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	static const struct {
		const char *name;
		unsigned bit;
	} modems[] = {{"v27ter", FAX_MODEM_V27TER}, {"v29", FAX_MODEM_V29}, {"v17", FAX_MODEM_V17}};
	unsigned set = 0;
	char word[WORD_OCTETS];

	while (words_next(&text, word)) {
		unsigned bit = 0;

		for (size_t i = 0; i < sizeof(modems) / sizeof(modems[0]); i++)
			bit |= strcmp(word, modems[i].name) ? 0 : modems[i].bit;
		if (!bit) {
			snprintf(why, VALUE_WHY_OCTETS, "%s is not one of v17, v29, v27ter", word);
			return EINVAL;
		}
		set |= bit;
	}
	if (!set)
		return EINVAL;
	memcpy(value_field(key, base), &set, sizeof(set));
	return 0;
}

static void modems_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a list of v17, v29, v27ter");
}

const struct value_type value_modems = {modems_parse, modems_allowed};

static int timeslots_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	uint32_t mask = 0;
	char word[WORD_OCTETS];

	while (words_next(&text, word)) {
		unsigned from, to;

		if (words_range(word, 9999, &from, &to) || from > to) {
			snprintf(why, VALUE_WHY_OCTETS, "%s is neither a timeslot nor a range such as 1-15", word);
			return EINVAL;
		}
		if (!from || to >= TIMESLOT_COUNT) {
			snprintf(why, VALUE_WHY_OCTETS, "%s: there are timeslots 1 to 31 (0 carries the framing)",
				 word);
			return EINVAL;
		}
		for (unsigned ts = from; ts <= to; ts++) {
			if (mask & 1u << ts) {
				snprintf(why, VALUE_WHY_OCTETS, "timeslot %u stands there twice", ts);
				return EINVAL;
			}
			mask |= 1u << ts;
		}
	}
	if (!mask)
		return EINVAL;
	memcpy(value_field(key, base), &mask, sizeof(mask));
	return 0;
}

static void timeslots_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "a list of timeslots and ranges of them, 1 to 31");
}

const struct value_type value_timeslots = {timeslots_parse, timeslots_allowed};

static int numbers_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_numbers *n = value_field(key, base);
	char word[WORD_OCTETS];
	unsigned words = 0;

	if (!strcmp(text, "none"))
		return 0;
	for (; words_next(&text, word); words++) {
		const char *fault = numbers_fault(word);
		int err = fault ? EINVAL : numbers_add(n, word);

		if (fault)
			snprintf(why, VALUE_WHY_OCTETS, "%s is not a pattern: %s", word, fault);
		else if (err == EEXIST)
			snprintf(why, VALUE_WHY_OCTETS, "%s stands there twice", word);
		else if (err)
			snprintf(why, VALUE_WHY_OCTETS, "%s is one too many: there is room for %d patterns", word,
				 CONFIG_MAX_NUMBERS);
		if (err)
			return EINVAL;
	}
	return words ? 0 : EINVAL;
}

static void numbers_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS,
		 "a list of number patterns such as 0123X or 0123. or 012300-012349, or none");
}

const struct value_type value_numbers = {numbers_parse, numbers_allowed};

/* "carrier" or "carrier:70". Returns 0, or EINVAL with WHY. */
static int target_read(char *word, struct config_target *tp, char *why)
{
	struct config_target t = {.weight = 0};
	char *colon = strchr(word, ':');
	const char *fault;

	if (colon) {
		*colon = '\0';
		if (value_read_uint(colon + 1, 1, 1000, &t.weight)) {
			snprintf(why, VALUE_WHY_OCTETS, "%s: %s is not a weight from 1 to 1000", word, colon + 1);
			return EINVAL;
		}
	}
	fault = value_name_fault(word);
	if (fault) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is not the name of a peer: %s", word, fault);
		return EINVAL;
	}
	memcpy(t.name, word, strlen(word) + 1); /* value_name_fault() has seen to its length */
	*tp = t;
	return 0;
}

static int targets_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_targets to = {0};
	struct config_target t;
	char word[WORD_OCTETS];

	while (words_next(&text, word)) {
		if (to.count == CONFIG_MAX_TARGETS) {
			snprintf(why, VALUE_WHY_OCTETS, "there are more than %d peers", CONFIG_MAX_TARGETS);
			return EINVAL;
		}
		if (target_read(word, &t, why))
			return EINVAL;
		for (unsigned i = 0; i < to.count; i++)
			if (!strcmp(to.list[i].name, t.name)) {
				snprintf(why, VALUE_WHY_OCTETS, "%s is there twice", t.name);
				return EINVAL;
			}
		if (to.count && !to.list[0].weight != !t.weight) {
			snprintf(why, VALUE_WHY_OCTETS, "either all peers have a weight or none has: %s", t.name);
			return EINVAL;
		}
		to.list[to.count++] = t;
	}
	if (!to.count)
		return EINVAL;
	*(struct config_targets *)value_field(key, base) = to;
	return 0;
}

static void targets_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS,
		 "the NAME of a [peer NAME], or up to %d of them: NAME, NAME in order or NAME:WEIGHT, NAME:WEIGHT",
		 CONFIG_MAX_TARGETS);
}

const struct value_type value_targets = {targets_parse, targets_allowed};
