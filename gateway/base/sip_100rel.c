/* SPDX-License-Identifier: GPL-2.0-only */
#include "sip_100rel.h"

const char *sip_100rel_name(enum sip_100rel r)
{
	static const char *const names[SIP_100REL_COUNT] = {
		[SIP_100REL_OFF] = "off",
		[SIP_100REL_SUPPORTED] = "supported",
		[SIP_100REL_REQUIRED] = "required",
	};

	return r < SIP_100REL_COUNT ? names[r] : "?";
}
