/* SPDX-License-Identifier: GPL-2.0-only */
/* What a fax asks for beyond its limits, in the log. */
#include "relay_own.h"

void relay_note_breach(struct relay *r)
{
	const char *who = r->limit.sender == LIMIT_TO_PEER ? "the machine on the line" : "the peer's machine";
	enum limit_breach b = r->limit.breach;

	if (r->breaches_noted & 1u << b)
		return;
	r->breaches_noted |= 1u << b;
	switch (b) {
	case LIMIT_KEPT:
		break;
	case LIMIT_TOO_FAST:
		log_info(r->prefix, "%s trains at %u bit/s, %u are allowed: it is made to step down", who,
			 r->limit.dcs_rate, r->limit.max_rate);
		break;
	case LIMIT_NOT_OFFERED:
		log_warning(r->prefix,
			    "%s does not heed the DIS it had: it trains at %u bit/s with a modem that was not "
			    "offered; it is made to step down",
			    who, r->limit.dcs_rate);
		break;
	case LIMIT_ECM:
		log_warning(r->prefix, "%s does not heed the DIS it had: it uses ECM, which was not offered; it passes",
			    who);
		break;
	}
}
