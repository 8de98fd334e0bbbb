/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_name: what a value names must be there.
 */
#ifndef CONF_CHECK_NAME_H
#define CONF_CHECK_NAME_H

#include "load.h"

/* The index of [peer NAME]. False: there is none, which is recorded of KEY in FILE, LINE. */
bool check_peer_name(struct load *l, unsigned file, unsigned line, const char *key, const char *name, unsigned *indexp);
/* The same of [group NAME]. */
bool check_group_name(struct load *l, unsigned file, unsigned line, const char *key, const char *name,
		      unsigned *indexp);

#endif
