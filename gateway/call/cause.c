/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cause: see cause.h.
 */
#include "gateway/call/cause.h"

#include <stddef.h>

#include "gateway/base/isdn.h"

enum { TO_SIP = 1, FROM_SIP = 2, BOTH = TO_SIP | FROM_SIP };

/* RFC 3398: TO_SIP from 7.2.4.1, FROM_SIP from 8.2.6.1. Each cause stands once with TO_SIP, each status once with
 * FROM_SIP. */
static const struct {
	unsigned cause, status, way;
} map[] = {
	{1, 404, BOTH},				 /* unallocated number */
	{1, 485, FROM_SIP},			 /* ambiguous */
	{1, 604, FROM_SIP},			 /* does not exist anywhere */
	{2, 404, TO_SIP},			 /* no route to network */
	{3, 404, TO_SIP},			 /* no route to destination */
	{16, 480, TO_SIP},			 /* see cause.h */
	{16, 487, FROM_SIP},			 /* see cause.h */
	{17, 486, BOTH},			 /* user busy */
	{17, 600, FROM_SIP},  {18, 408, TO_SIP}, /* no user responding; 408 itself is a timer: 102 */
	{18, 480, FROM_SIP},  {19, 480, TO_SIP}, /* no answer */
	{20, 480, TO_SIP},			 /* subscriber absent */
	{21, 403, BOTH},			 /* call rejected */
	{21, 401, FROM_SIP},  {21, 402, FROM_SIP},  {21, 407, FROM_SIP},
	{21, 603, FROM_SIP},  {22, 410, BOTH}, /* number changed; without a diagnostic there is no Contact for a 301 */
	{23, 410, TO_SIP},		       /* redirection to new destination */
	{25, 482, FROM_SIP},		       /* exchange routing error: loop detected */
	{25, 483, FROM_SIP},		       /* too many hops */
	{26, 404, TO_SIP},		       /* non-selected user clearing */
	{27, 502, TO_SIP},		       /* destination out of order */
	{28, 484, BOTH},		       /* address incomplete */
	{29, 501, TO_SIP},		       /* facility rejected */
	{31, 480, TO_SIP},		       /* normal unspecified */
	{34, 503, TO_SIP},		       /* no circuit available */
	{38, 503, TO_SIP},		       /* network out of order */
	{38, 502, FROM_SIP},  {41, 503, BOTH}, /* temporary failure */
	{41, 400, FROM_SIP},  {41, 481, FROM_SIP},  {41, 500, FROM_SIP},
	{42, 503, TO_SIP},			 /* switching equipment congestion */
	{47, 503, TO_SIP},			 /* resource unavailable */
	{55, 403, TO_SIP},			 /* incoming calls barred within CUG */
	{57, 403, TO_SIP},			 /* bearer capability not authorized */
	{58, 503, TO_SIP},			 /* bearer capability not presently available */
	{63, 500, TO_SIP},			 /* service or option not available: not in 7.2.4.1 */
	{63, 405, FROM_SIP},  {65, 488, BOTH},	 /* bearer capability not implemented; from SIP see cause.h */
	{65, 606, FROM_SIP},  {70, 488, TO_SIP}, /* only restricted digital */
	{79, 501, BOTH},			 /* service or option not implemented */
	{79, 406, FROM_SIP},  {79, 415, FROM_SIP},  {87, 403, TO_SIP}, /* user not member of CUG */
	{88, 503, TO_SIP},					       /* incompatible destination */
	{95, 500, TO_SIP},					       /* invalid message: not in 7.2.4.1 */
	{102, 504, BOTH},					       /* recovery on timer expiry */
	{102, 408, FROM_SIP}, {111, 500, TO_SIP},		       /* protocol error */
	{127, 500, TO_SIP},					       /* interworking */
	{127, 413, FROM_SIP}, {127, 414, FROM_SIP}, {127, 416, FROM_SIP},
	{127, 420, FROM_SIP}, {127, 421, FROM_SIP}, {127, 423, FROM_SIP},
	{127, 505, FROM_SIP}, {127, 513, FROM_SIP},
};

#define MAP_COUNT (sizeof(map) / sizeof(map[0]))

static unsigned status_of(unsigned q850)
{
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (map[i].cause == q850 && (map[i].way & TO_SIP))
			return map[i].status;
	return 0;
}

/* Q.850: the class is bits 7 to 5; classes 0 and 1 are both normal events. */
static unsigned unspecified_of_class(unsigned q850)
{
	return q850 < 32 || q850 > 127 ? Q850_NORMAL_UNSPECIFIED : q850 | 0x0f;
}

unsigned cause_to_sip(unsigned q850)
{
	unsigned status = status_of(q850);

	return status ? status : status_of(unspecified_of_class(q850));
}

unsigned cause_from_sip(unsigned status)
{
	if (!status)
		return Q850_NORMAL;
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (map[i].status == status && (map[i].way & FROM_SIP))
			return map[i].cause;
	return Q850_NORMAL_UNSPECIFIED;
}

bool cause_is_of_span(unsigned q850)
{
	return q850 == Q850_NO_CHANNEL || q850 == Q850_NETWORK_OUT_OF_ORDER || q850 == Q850_CHANNEL_UNAVAILABLE;
}
