/* SPDX-License-Identifier: GPL-2.0-only */
/* What a peer's challenges are answered with: the user name, which stands in quotes in the header, and the password. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "table.h"
#include "value.h"

static int store(const struct table_key *key, const char *text, const char *forbidden, void *base)
{
	if (!strcmp(text, "none"))
		text = "";
	if (strlen(text) >= key->size || strpbrk(text, forbidden))
		return EINVAL;
	for (const char *p = text; *p; p++)
		if (*p < ' ' || *p > '~')
			return EINVAL;
	memset(value_field(key, base), 0, key->size);
	memcpy(value_field(key, base), text, strlen(text));
	return 0;
}

static int user_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	return store(key, text, "\"\\", base);
}

static void user_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS,
		 "up to %zu printable ASCII characters without quotes and backslashes, or none", key->size - 1);
}

const struct value_type value_user = {user_parse, user_allowed};

/* Without the text: nobody shall read it in a log. */
static int secret_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	int err = store(key, text, "", base);

	if (err)
		snprintf(why, VALUE_WHY_OCTETS, "the password is not up to %zu printable ASCII characters",
			 key->size - 1);
	return err;
}

static void secret_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "up to %zu printable ASCII characters, or none", key->size - 1);
}

const struct value_type value_secret = {secret_parse, secret_allowed};
