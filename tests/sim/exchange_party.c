/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange_party.c: the parties of the exchange's calls, into a SETUP and out of one.
 */
#include <string.h>

#include "exchange_priv.h"

static int plan_of(const struct isdn_number *n)
{
	return n->type << 4 | n->plan;
}

static const int presentation[] = {[PRESENTATION_ALLOWED] = PRI_PRES_ALLOWED,
				   [PRESENTATION_RESTRICTED] = PRI_PRES_RESTRICTED,
				   [PRESENTATION_UNAVAILABLE] = PRI_PRES_UNAVAILABLE};
/* Q.931 4.6.7, octet 3b. */
static const int redirect_reasons[] = {
	[REDIRECT_UNKNOWN] = 0,	   [REDIRECT_BUSY] = 1,		[REDIRECT_NO_REPLY] = 2,
	[REDIRECT_DEFLECTION] = 3, [REDIRECT_OUT_OF_ORDER] = 9, [REDIRECT_UNCONDITIONAL] = 15,
};

static void subaddresses_of(const struct isdn_parties *p, struct pri_sr *sr)
{
	struct pri_party_subaddress s = {.valid = 1};

	if (p->called_subaddress.noctets) {
		s.length = p->called_subaddress.noctets;
		memcpy(s.data, p->called_subaddress.octets, p->called_subaddress.noctets);
		pri_sr_set_called_subaddress(sr, &s);
	}
	if (p->calling_subaddress.noctets) {
		s.length = p->calling_subaddress.noctets;
		memcpy(s.data, p->calling_subaddress.octets, p->calling_subaddress.noctets);
		pri_sr_set_caller_subaddress(sr, &s);
	}
}

static void redirecting_number(struct pri_party_number *to, const struct isdn_number *n)
{
	to->valid = 1;
	to->plan = plan_of(n);
	to->presentation = presentation[n->presentation];
	memcpy(to->str, n->digits, sizeof(n->digits));
}

static void redirecting_of(const struct isdn_redirecting *r, struct pri_sr *sr)
{
	struct pri_party_redirecting to = {.count = (int)r->count};

	if (!r->count)
		return;
	redirecting_number(&to.from.number, &r->number);
	to.reason = redirect_reasons[r->reason];
	if (r->original.digits[0])
		redirecting_number(&to.orig_called.number, &r->original);
	to.orig_reason = redirect_reasons[r->original_reason];
	pri_sr_set_redirecting_parties(sr, &to);
}

static int screening_of(const struct exchange_call *call)
{
	if (call->unscreened || call->parties.calling.screening != SCREENING_NONE)
		return (int)call->parties.calling.screening;
	return PRI_PRES_USER_NUMBER_PASSED_SCREEN;
}

struct pri_sr *xcall_setup_of(const struct exchange *x, const struct exchange_call *call, unsigned slot)
{
	const struct isdn_number *calling = &call->parties.calling;
	struct pri_sr *sr = pri_sr_new();

	if (!sr)
		return NULL;
	pri_sr_set_channel(sr, slot ? (int)slot : 0xFF, slot && call->exclusive, 0);
	pri_sr_set_bearer(sr, call->data ? PRI_TRANS_CAP_DIGITAL : PRI_TRANS_CAP_SPEECH,
			  x->p.ulaw ? PRI_LAYER_1_ULAW : PRI_LAYER_1_ALAW);
	pri_sr_set_called(sr, (char *)call->parties.called.digits, plan_of(&call->parties.called), !call->overlap);
	pri_sr_set_caller(sr, (char *)calling->digits,
			  call->parties.calling_name[0] ? (char *)call->parties.calling_name : NULL, plan_of(calling),
			  presentation[calling->presentation] | screening_of(call));
	subaddresses_of(&call->parties, sr);
	redirecting_of(&call->parties.redirecting, sr);
	return sr;
}

static void copy_text(char *to, size_t room, const char *from)
{
	const size_t n = strlen(from) < room ? strlen(from) : room - 1;

	memcpy(to, from, n);
	to[n] = '\0';
}

static void subaddress_set(struct isdn_subaddress *to, const struct pri_party_subaddress *s)
{
	if (!s->valid || s->length < 0 || s->length > (int)sizeof(to->octets))
		return;
	to->noctets = (uint8_t)s->length;
	memcpy(to->octets, s->data, to->noctets);
}

static void redirecting_number_set(struct isdn_number *to, const struct pri_party_number *n)
{
	copy_text(to->digits, sizeof(to->digits), n->valid ? n->str : "");
	to->type = (uint8_t)(n->plan >> 4 & 7);
	to->plan = (uint8_t)(n->plan & 15);
	if ((n->presentation & PRI_PRES_RESTRICTION) == PRI_PRES_RESTRICTED)
		to->presentation = PRESENTATION_RESTRICTED;
}

static enum isdn_redirect redirect_reason(int libpri)
{
	for (size_t i = 0; i < sizeof(redirect_reasons) / sizeof(redirect_reasons[0]); i++)
		if (redirect_reasons[i] == libpri)
			return (enum isdn_redirect)i;
	return REDIRECT_UNKNOWN;
}

static void redirecting_set(struct isdn_redirecting *to, const struct pri_party_redirecting *r)
{
	to->count = (unsigned)r->count;
	redirecting_number_set(&to->number, &r->from.number);
	to->reason = redirect_reason(r->reason);
	redirecting_number_set(&to->original, &r->orig_called.number);
	to->original_reason = redirect_reason(r->orig_reason);
}

void xcall_parties_read(struct isdn_parties *p, const pri_event_ring *r)
{
	copy_text(p->called.digits, sizeof(p->called.digits), r->callednum);
	p->called.type = (uint8_t)(r->calledplan >> 4 & 7);
	p->called.plan = (uint8_t)(r->calledplan & 15);
	copy_text(p->calling.digits, sizeof(p->calling.digits), r->callingnum);
	p->calling.type = (uint8_t)(r->callingplan >> 4 & 7);
	p->calling.plan = (uint8_t)(r->callingplan & 15);
	if (!r->calling.number.valid)
		p->calling.presentation = PRESENTATION_UNAVAILABLE;
	else if ((r->calling.number.presentation & PRI_PRES_RESTRICTION) == PRI_PRES_RESTRICTED)
		p->calling.presentation = PRESENTATION_RESTRICTED;
	else if ((r->calling.number.presentation & PRI_PRES_RESTRICTION) == PRI_PRES_UNAVAILABLE)
		p->calling.presentation = PRESENTATION_UNAVAILABLE;
	p->calling.screening = (enum isdn_screening)(r->calling.number.presentation & PRI_PRES_NUMBER_TYPE);
	copy_text(p->calling_name, sizeof(p->calling_name), r->callingname);
	subaddress_set(&p->called_subaddress, &r->called_subaddress);
	subaddress_set(&p->calling_subaddress, &r->calling.subaddress);
	for (int i = 0; i < r->subcmds->counter_subcmd; i++)
		if (r->subcmds->subcmd[i].cmd == PRI_SUBCMD_REDIRECTING)
			redirecting_set(&p->redirecting, &r->subcmds->subcmd[i].u.redirecting);
}
