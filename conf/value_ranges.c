/* SPDX-License-Identifier: GPL-2.0-only */
/* The ranges of addresses that a peer may call from. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "value.h"

#define SEPARATORS " \t,"

static int ranges_add(struct config_ranges *to, const char *word, char *why)
{
	struct addr_range r;
	const char *wrong;

	if (addr_range_parse(&r, word, &wrong)) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is not a range of addresses: %s", word, wrong);
		return EINVAL;
	}
	for (unsigned i = 0; i < to->count; i++)
		if (addr_range_equal(&to->list[i], &r)) {
			snprintf(why, VALUE_WHY_OCTETS, "%s is there twice", word);
			return EINVAL;
		}
	if (to->count == CONFIG_MAX_RANGES) {
		snprintf(why, VALUE_WHY_OCTETS, "%s is one too many: there is room for %d ranges", word,
			 CONFIG_MAX_RANGES);
		return EINVAL;
	}
	to->list[to->count++] = r;
	return 0;
}

static int ranges_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	struct config_ranges *to = value_field(key, base);
	unsigned words = 0;
	char word[80];
	size_t n;

	if (!strcmp(text, "none"))
		return 0;
	for (text += strspn(text, SEPARATORS); *text; text += strspn(text, SEPARATORS), words++) {
		n = strcspn(text, SEPARATORS);
		snprintf(word, sizeof(word), "%.*s", (int)(n < sizeof(word) ? n : sizeof(word) - 1), text);
		text += n;
		if (ranges_add(to, word, why))
			return EINVAL;
	}
	return words ? 0 : EINVAL;
}

static void ranges_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS,
		 "a list of addresses and ranges of them such as 192.0.2.0/24 or 2001:db8::/32, or none");
}

const struct value_type value_ranges = {ranges_parse, ranges_allowed};
