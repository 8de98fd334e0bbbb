/* SPDX-License-Identifier: GPL-2.0-only */
#include "sip_called.h"

const char *sip_called_name(enum sip_called c)
{
	static const char *const names[SIP_CALLED_COUNT] = {
		[SIP_CALLED_REQUEST_URI] = "request-uri",
		[SIP_CALLED_TO] = "to",
		[SIP_CALLED_PARTY_ID] = "p-called-party-id",
	};

	return c < SIP_CALLED_COUNT ? names[c] : "?";
}
