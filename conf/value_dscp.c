/* SPDX-License-Identifier: GPL-2.0-only */
/* A class of traffic. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gateway/base/dscp.h"
#include "table.h"
#include "value.h"

static int dscp_value_parse(const struct table_key *key, const char *text, void *base, char *why)
{
	unsigned dscp;

	if (dscp_parse(text, &dscp))
		return EINVAL;
	memcpy(value_field(key, base), &dscp, sizeof(dscp));
	return 0;
}

static void dscp_value_allowed(const struct table_key *key, char *buf)
{
	snprintf(buf, VALUE_ALLOWED_OCTETS, "one of CS0 to CS7, AF11 to AF43, EF, or a number from 0 to %u", DSCP_MAX);
}

const struct value_type value_dscp = {dscp_value_parse, dscp_value_allowed};
