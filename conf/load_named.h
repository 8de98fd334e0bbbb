/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load_named: the sections that have a name, of which there may be many: [peer NAME], [group NAME], [route NAME].
 */
#ifndef CONF_LOAD_NAMED_H
#define CONF_LOAD_NAMED_H

#include "load.h"

/* A section [S NAME] begins in LINE. If it may not, that is recorded, and its keys are passed over. */
void load_named_section(struct load *l, const struct table_section *s, const char *name, unsigned line);

/* Calls HANDLER for each of those that there are. */
void load_named_each(struct load *l, void (*handler)(struct load *l, const struct table_section *s,
						     const struct load_seen *seen, const char *name));

#endif
