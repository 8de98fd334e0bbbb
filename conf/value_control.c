/* SPDX-License-Identifier: GPL-2.0-only */
/* What the control socket is made of: its path, and the group that may use it. Other files are named by such paths
 * too. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "value.h"

static int store(const struct table_key *key, const char *text, void *base)
{
	if (strlen(text) >= key->size)
		return EINVAL;
	memset(value_field(key, base), 0, key->size);
	memcpy(value_field(key, base), text, strlen(text));
	return 0;
}

static int absolute_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	if (!strcmp(text, "none"))
		text = "";
	else if (text[0] != '/')
		return EINVAL;
	return store(key, text, base);
}

static void absolute_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "an absolute path of at most %zu characters, or none", key->size - 1);
}

const struct value_type value_absolute = {absolute_parse, absolute_allowed};

static int group_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	if (!strcmp(text, "none"))
		text = "";
	for (const char *p = text; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == ':' || *p == '/')
			return EINVAL;
	return store(key, text, base);
}

static void group_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "the name of a group, or none");
}

const struct value_type value_group = {group_parse, group_allowed};
