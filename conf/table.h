/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table: every section and key of the configuration: type, bounds, default, meaning, place in the struct. Reading,
 * defaults and the test of manual page and samples come from it; a new key is a line in one of
 * table_main.c, table_peer.c, table_route.c, table_span.c.
 */
#ifndef CONF_TABLE_H
#define CONF_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "value.h"

#define TABLE_MAX_KEYS 64

/* Sections that share a list of keys: whose a key is alone. */
enum table_owner { TABLE_OF_ALL, TABLE_OF_PEER, TABLE_OF_ENDPOINT };

struct table_key {
	const char *name;
	enum table_owner only;
	const struct value_type *type;
	size_t offset, size;		   /* of the field in the section's struct */
	unsigned min, max;		   /* bounds; durations in milliseconds */
	const char *(*choice)(unsigned i); /* names of a choice's values 0 to COUNT - 1 */
	unsigned count;
	const char *fallback; /* the default, as it would be written; NULL: the key is required */
	bool repeats;	      /* may stand more than once: the values add up */
	const char *help;
};

enum table_file { TABLE_MAIN, TABLE_SPAN };
enum table_title { TITLE_PLAIN, TITLE_NAME, TITLE_NUMBER }; /* [sip], [peer NAME], [span N] */

enum table_id {
	SECTION_GATEWAY,
	SECTION_CONTROL,
	SECTION_LOG,
	SECTION_SIP,
	SECTION_MEDIA,
	SECTION_PEER,
	SECTION_ENDPOINT,
	SECTION_NUMBERING,
	SECTION_GROUP,
	SECTION_ROUTE,
	SECTION_SPAN,
	SECTION_DAHDI,
	SECTION_FAX,
	SECTION_JITTER,
	SECTION_TIMEOUTS,
	SECTION_COUNT
};

/* Its keys' offsets count from struct config (main file), struct config_peer ([peer NAME], [endpoint NAME]), struct
 * config_group, struct config_route, or struct config_span (span files). */
struct table_section {
	const char *name;
	enum table_file file;
	enum table_title title;
	bool required; /* the section must be in its file */
	const struct table_key *keys;
	unsigned count;
	const char *help;
	enum table_owner owner; /* TABLE_OF_ALL: its keys are shared with no other */
};

/* Whether K may stand in S. */
bool table_has_key(const struct table_section *s, const struct table_key *k);

extern const struct table_section table_sections[SECTION_COUNT];

/* The section NAME, or NULL. */
const struct table_section *table_find_section(const char *name);
/* The index of key NAME in S, or -1. */
int table_find_key(const struct table_section *s, const char *name);

/* Writes the defaults of S's keys into the struct at BASE. They are in the table and so always right. */
void table_set_defaults(const struct table_section *s, void *base);

#endif
