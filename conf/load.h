/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load: the state of reading a configuration, and where in its files everything stands. Internal to conf/.
 */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include "config.h"
#include "table.h"

/* Where a section and its keys stand; 0: nowhere. */
struct load_seen {
	unsigned line;
	unsigned key_line[TABLE_MAX_KEYS];
	bool key_bad[TABLE_MAX_KEYS]; /* its value was refused: rules across keys pass it over */
};

struct load {
	struct config *config;
	struct config_errors *errors;
	bool nomem; /* an error could not be recorded, or inih had no memory */
	/* the file being read: 0 is the main one, then the spans' */
	unsigned file;
	/* the section being read */
	bool outside;			     /* there was none yet */
	const struct table_section *section; /* NULL: its keys are passed over */
	char title[CONFIG_NAME_OCTETS + 16];
	struct load_seen *seen;
	void *base;
	/* what was seen where */
	bool peer_tried; /* there was a [peer], right or not */
	bool no_folder;	 /* the spans' folder could not be read, which was said */
	struct load_seen main[SECTION_COUNT];
	struct load_seen peers[CONFIG_MAX_PEERS];
	struct load_seen groups[CONFIG_MAX_GROUPS];
	struct load_seen routes[CONFIG_MAX_ROUTES];
	struct load_seen spans[CONFIG_MAX_SPANS][SECTION_COUNT];
};

/* A file's text. PATH is what messages call it. */
struct load_text {
	const char *path;
	const char *text;
	size_t octets;
};

/* Returns 0 or ENOMEM. */
int load_alloc(struct load **lp, struct config_errors *errors);
void load_free(struct load *l);

/* Read the main file's text, then those of the spans' files in their order. What is wrong is recorded. */
void load_main(struct load *l, const struct load_text *t);
void load_span(struct load *l, const struct load_text *t);
/* In place of load_span(): the file PATH cannot be read, and WHY. */
void load_unreadable(struct load *l, const char *path, const char *why);

/* Checks the rules across keys (check.c), sorts the errors, hands over the configuration. Returns as config_load(). */
int load_finish(struct load *l, struct config **cp);

/* Records an error in FILE, LINE (0: all of it). */
void load_error(struct load *l, unsigned file, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The same, a warning: it is told, and the configuration taken. */
void load_warning(struct load *l, unsigned file, unsigned line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The line of KEY if it is set, else that of the section; 0 when there is none. */
unsigned load_line(const struct load_seen *s, enum table_id id, const char *key);
bool load_is_set(const struct load_seen *s, enum table_id id, const char *key);
bool load_is_bad(const struct load_seen *s, enum table_id id, const char *key);

/* The same as config_load(), from memory: for tests. */
int load_texts(const struct load_text *main_text, const struct load_text *spans, unsigned nspans, struct config **cp,
	       struct config_errors *errors);

#endif
