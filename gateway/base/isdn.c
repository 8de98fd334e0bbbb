/* SPDX-License-Identifier: GPL-2.0-only */
#include "isdn.h"

#include <stddef.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *isdn_side_name(enum isdn_side s)
{
	static const char *const names[] = {[ISDN_TE] = "te", [ISDN_NT] = "nt"};

	return (size_t)s < COUNT(names) ? names[s] : "?";
}

const char *isdn_switch_name(enum isdn_switch s)
{
	static const char *const names[] = {
		[ISDN_EUROISDN] = "euroisdn", [ISDN_QSIG] = "qsig", [ISDN_NI2] = "ni2",
		[ISDN_DMS100] = "dms100",     [ISDN_5ESS] = "5ess", [ISDN_4ESS] = "4ess",
	};

	return (size_t)s < COUNT(names) ? names[s] : "?";
}

const char *isdn_hunt_name(enum isdn_hunt h)
{
	static const char *const names[] = {
		[HUNT_ASCENDING] = "ascending",
		[HUNT_DESCENDING] = "descending",
		[HUNT_ROUND_ROBIN] = "round-robin",
	};

	return (size_t)h < COUNT(names) ? names[h] : "?";
}

bool isdn_digits_valid(const char *text, bool plus)
{
	size_t n = strspn(text, "0123456789*#");

	if (plus && text[0] == '+') {
		size_t digits = strspn(text + 1, "0123456789*#");

		return digits && !text[1 + digits] && 1 + digits < ISDN_NUMBER_OCTETS;
	}
	return n && !text[n] && n < ISDN_NUMBER_OCTETS;
}

/* Q.850 table 1. */
static const char *const causes[128] = {
	[1] = "unallocated (unassigned) number",
	[2] = "no route to specified transit network",
	[3] = "no route to destination",
	[4] = "send special information tone",
	[5] = "misdialled trunk prefix",
	[6] = "channel unacceptable",
	[7] = "call awarded and being delivered in an established channel",
	[8] = "preemption",
	[9] = "preemption - circuit reserved for reuse",
	[14] = "qor: ported number",
	[16] = "normal call clearing",
	[17] = "user busy",
	[18] = "no user responding",
	[19] = "no answer from user (user alerted)",
	[20] = "subscriber absent",
	[21] = "call rejected",
	[22] = "number changed",
	[23] = "redirection to new destination",
	[24] = "call rejected due to feature at the destination",
	[25] = "exchange routing error",
	[26] = "non-selected user clearing",
	[27] = "destination out of order",
	[28] = "invalid number format (address incomplete)",
	[29] = "facility rejected",
	[30] = "response to status enquiry",
	[31] = "normal, unspecified",
	[34] = "no circuit/channel available",
	[38] = "network out of order",
	[39] = "permanent frame mode connection out of service",
	[40] = "permanent frame mode connection operational",
	[41] = "temporary failure",
	[42] = "switching equipment congestion",
	[43] = "access information discarded",
	[44] = "requested circuit/channel not available",
	[46] = "precedence call blocked",
	[47] = "resource unavailable, unspecified",
	[49] = "quality of service not available",
	[50] = "requested facility not subscribed",
	[53] = "outgoing calls barred within cug",
	[55] = "incoming calls barred within cug",
	[57] = "bearer capability not authorized",
	[58] = "bearer capability not presently available",
	[62] = "inconsistency in designated outgoing access information and subscriber class",
	[63] = "service or option not available, unspecified",
	[65] = "bearer capability not implemented",
	[66] = "channel type not implemented",
	[69] = "requested facility not implemented",
	[70] = "only restricted digital information bearer capability is available",
	[79] = "service or option not implemented, unspecified",
	[81] = "invalid call reference value",
	[82] = "identified channel does not exist",
	[83] = "a suspended call exists, but this call identity does not",
	[84] = "call identity in use",
	[85] = "no call suspended",
	[86] = "call having the requested call identity has been cleared",
	[87] = "user not member of cug",
	[88] = "incompatible destination",
	[90] = "non-existent cug",
	[91] = "invalid transit network selection",
	[95] = "invalid message, unspecified",
	[96] = "mandatory information element is missing",
	[97] = "message type non-existent or not implemented",
	[98] = "message not compatible with call state or message type non-existent or not implemented",
	[99] = "information element/parameter non-existent or not implemented",
	[100] = "invalid information element contents",
	[101] = "message not compatible with call state",
	[102] = "recovery on timer expiry",
	[103] = "parameter non-existent or not implemented, passed on",
	[110] = "message with unrecognized parameter, discarded",
	[111] = "protocol error, unspecified",
	[127] = "interworking, unspecified",
};

const char *q850_name(unsigned cause)
{
	return cause < COUNT(causes) && causes[cause] ? causes[cause] : "unassigned cause";
}
