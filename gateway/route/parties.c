/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/route/parties.h"

#include <stdio.h>
#include <string.h>

void parties_number_to_sip(const struct isdn_number *n, char *user, size_t room)
{
	snprintf(user, room, "%s%s", n->type == ISDN_TYPE_INTERNATIONAL && n->digits[0] ? "+" : "", n->digits);
}

void parties_number_from_sip(const char *user, bool restricted, struct isdn_number *np)
{
	struct isdn_number n = {.plan = ISDN_PLAN_E164};

	if (user[0] == '+') {
		n.type = ISDN_TYPE_INTERNATIONAL;
		user++;
	}
	if (isdn_digits_valid(user, false))
		snprintf(n.digits, sizeof(n.digits), "%s", user);
	if (restricted)
		n.presentation = PRESENTATION_RESTRICTED;
	*np = n;
}

/* ITU-T Q.1912.5 6.1.3: what a user has said of himself and nobody has verified is in From only. On a span where we are
 * the network, the users are our own: what they say is what there is. */
static bool may_assert(const struct isdn_number *n, const struct config_span *span)
{
	switch (n->screening) {
	case SCREENING_PASSED:
	case SCREENING_NETWORK:
		return true;
	case SCREENING_NONE:
		return span->side == ISDN_NT;
	case SCREENING_FAILED:
		break;
	}
	return false;
}

static void diversion_to_sip(const struct isdn_redirecting *r, struct session_diversion *d)
{
	d->count = r->count;
	parties_number_to_sip(&r->number, d->number, sizeof(d->number));
	d->restricted = r->number.presentation == PRESENTATION_RESTRICTED;
	d->reason = r->reason;
	parties_number_to_sip(&r->original, d->original, sizeof(d->original));
	d->original_restricted = r->original.presentation == PRESENTATION_RESTRICTED;
	d->original_reason = r->original_reason;
}

void parties_to_sip(const struct isdn_parties *p, const struct config_span *span, struct parties_text *numbers,
		    struct session_invite_params *ip)
{
	parties_number_to_sip(&p->called, numbers->called, sizeof(numbers->called));
	parties_number_to_sip(&p->calling, numbers->calling, sizeof(numbers->calling));
	ip->called = numbers->called;
	ip->calling = numbers->calling;
	ip->calling_name = p->calling_name[0] ? p->calling_name : NULL;
	ip->calling_restricted = p->calling.presentation == PRESENTATION_RESTRICTED;
	ip->calling_asserted = may_assert(&p->calling, span);
	ip->called_subaddress = p->called_subaddress;
	ip->calling_subaddress = p->calling_subaddress;
	diversion_to_sip(&p->redirecting, &ip->diversion);
}

static void diversion_from_sip(const struct session_diversion *d, struct isdn_redirecting *r)
{
	r->count = d->count;
	if (!d->count)
		return;
	parties_number_from_sip(d->number, d->restricted, &r->number);
	if (!r->number.digits[0] && !d->restricted)
		r->number.presentation = PRESENTATION_UNAVAILABLE;
	r->reason = d->reason;
	parties_number_from_sip(d->original, d->original_restricted, &r->original);
	r->original_reason = d->original_reason;
}

void parties_from_sip(const struct session_event *e, struct isdn_parties *pp)
{
	struct isdn_parties p = {.called_subaddress = e->called_subaddress,
				 .calling_subaddress = e->calling_subaddress};

	parties_number_from_sip(e->called, false, &p.called);
	parties_number_from_sip(e->calling, e->calling_restricted, &p.calling);
	p.calling.screening = e->calling_asserted ? SCREENING_NETWORK : SCREENING_NONE;
	snprintf(p.calling_name, sizeof(p.calling_name), "%s", e->calling_name);
	diversion_from_sip(&e->diversion, &p.redirecting);
	*pp = p;
}

static bool is_own(const struct config_numbers *own, const char *number)
{
	return config_numbers_match(own, number) || (number[0] == '+' && config_numbers_match(own, number + 1));
}

void parties_keep_own(const struct config_numbers *own, struct isdn_number *calling)
{
	bool restricted = calling->presentation == PRESENTATION_RESTRICTED;
	char number[SIP_USER_OCTETS];

	parties_number_to_sip(calling, number, sizeof(number));
	if (!own->count || (number[0] && is_own(own, number)))
		return;
	number[0] = '\0';
	for (unsigned i = 0; i < own->count && !number[0]; i++)
		if (isdn_digits_valid(own->pattern[i], true))
			snprintf(number, sizeof(number), "%s", own->pattern[i]);
	parties_number_from_sip(number, restricted, calling);
}
