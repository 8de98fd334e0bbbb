/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_party.c: who calls whom, and on whose behalf: libpri's structs and ours.
 */
#include <string.h>

#include "pri_priv.h"

#define TON_INTERNATIONAL_E164 0x11
#define SUBADDRESS_NSAP	       0 /* Q.931 4.5.9, octet 3 */

/* libpri's reasons are the values of Q.931 4.6.7, octet 3b, but for 3, its "deflection", which is 4 there. */
static const struct {
	int libpri;
	enum isdn_redirect reason;
} reasons[] = {
	{PRI_REDIR_UNKNOWN, REDIRECT_UNKNOWN},
	{PRI_REDIR_FORWARD_ON_BUSY, REDIRECT_BUSY},
	{PRI_REDIR_FORWARD_ON_NO_REPLY, REDIRECT_NO_REPLY},
	{PRI_REDIR_DEFLECTION, REDIRECT_DEFLECTION},
	{4, REDIRECT_DEFLECTION},
	{5, REDIRECT_DEFLECTION},
	{PRI_REDIR_DTE_OUT_OF_ORDER, REDIRECT_OUT_OF_ORDER},
	{PRI_REDIR_UNCONDITIONAL, REDIRECT_UNCONDITIONAL},
	{PRI_REDIR_FORWARDED_BY_DTE, REDIRECT_UNCONDITIONAL},
};

#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

static enum isdn_redirect reason_from_libpri(int libpri)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].libpri == libpri)
			return reasons[i].reason;
	return REDIRECT_UNKNOWN;
}

static int reason_to_libpri(enum isdn_redirect reason)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].reason == reason)
			return reasons[i].libpri;
	return PRI_REDIR_UNKNOWN;
}

/* ---- from the line ---- */

static enum isdn_presentation presentation_of(const struct pri_party_number *n)
{
	if (!n->valid)
		return PRESENTATION_UNAVAILABLE;
	switch (n->presentation & PRI_PRES_RESTRICTION) {
	case PRI_PRES_ALLOWED:
		return PRESENTATION_ALLOWED;
	case PRI_PRES_RESTRICTED:
		return PRESENTATION_RESTRICTED;
	}
	return PRESENTATION_UNAVAILABLE;
}

static void number_set(struct pri_link *l, struct isdn_number *to, const char *what, const char *digits, int plan)
{
	const unsigned left_out = pri_number_copy(to->digits, sizeof(to->digits), digits);

	to->type = plan > 0 ? (uint8_t)(plan >> 4 & 7) : 0;
	to->plan = plan > 0 ? (uint8_t)(plan & 15) : 0;
	if (left_out)
		log_notice(l->params.prefix, "%s number: %u characters are no digits, or too many; left with \"%s\"",
			   what, left_out, to->digits);
}

static void party_number_set(struct pri_link *l, struct isdn_number *to, const char *what,
			     const struct pri_party_number *n)
{
	number_set(l, to, what, n->valid ? n->str : "", n->plan);
	to->presentation = presentation_of(n);
	to->screening = n->valid ? (enum isdn_screening)(n->presentation & PRI_PRES_NUMBER_TYPE) : SCREENING_NONE;
}

static void subaddress_set(struct pri_link *l, struct isdn_subaddress *to, const char *what,
			   const struct pri_party_subaddress *s)
{
	if (!s->valid || s->length <= 0)
		return;
	if (s->type != SUBADDRESS_NSAP || s->length > ISDN_SUBADDRESS_OCTETS) {
		log_info(l->params.prefix, "%s subaddress of type %d, %d octets: SIP has no place for it", what,
			 s->type, s->length);
		return;
	}
	to->noctets = (uint8_t)s->length;
	memcpy(to->octets, s->data, to->noctets);
}

static void redirecting_set(struct pri_link *l, struct isdn_redirecting *to, const struct pri_party_redirecting *r)
{
	to->count = r->count > 0 ? (unsigned)r->count : 1;
	party_number_set(l, &to->number, "redirecting", &r->from.number);
	to->reason = reason_from_libpri(r->reason);
	if (to->count < 2)
		return;
	party_number_set(l, &to->original, "original called", &r->orig_called.number);
	to->original_reason = reason_from_libpri(r->orig_reason);
}

void pri_party_receive(struct pri_link *l, struct isdn_parties *to, const pri_event_ring *r)
{
	/* Some exchanges send the called number as keypad digits. */
	const char *called = r->callednum[0] ? r->callednum : r->keypad_digits;

	number_set(l, &to->called, "called", called, r->calledplan);
	party_number_set(l, &to->calling, "calling", &r->calling.number);
	subaddress_set(l, &to->called_subaddress, "called", &r->called_subaddress);
	subaddress_set(l, &to->calling_subaddress, "calling", &r->calling.subaddress);
	if (r->calling.name.valid)
		pri_name_to_utf8(to->calling_name, sizeof(to->calling_name), r->calling.name.str,
				 r->calling.name.char_set == PRI_CHAR_SET_ISO10646_UTF_8STRING);
	for (int i = 0; r->subcmds && i < r->subcmds->counter_subcmd; i++)
		if (r->subcmds->subcmd[i].cmd == PRI_SUBCMD_REDIRECTING)
			redirecting_set(l, &to->redirecting, &r->subcmds->subcmd[i].u.redirecting);
}

/* ---- to the line ---- */

/* The digits as Q.931 table 4-9 has them: a leading '+' is no digit, it is the type "international". Returns libpri's
 * plan. */
static int number_digits(const struct isdn_number *n, char *digits, size_t room)
{
	const bool plus = n->digits[0] == '+';

	pri_number_copy(digits, room, n->digits + plus);
	return plus ? TON_INTERNATIONAL_E164 : (n->type & 7) << 4 | (n->plan & 15);
}

/* EN 300 092-1 9.5.1: it is for the network to vouch for a number; a user's is "user-provided, not screened". Between
 * the PBXs of Q.SIG both sides are equal. */
static int screening_of(const struct pri_link *l, const struct isdn_number *n)
{
	if (l->params.side == ISDN_TE && l->params.switch_type != ISDN_QSIG)
		return PRI_PRES_USER_NUMBER_UNSCREENED;
	return (int)n->screening & PRI_PRES_NUMBER_TYPE;
}

static void number_send(const struct pri_link *l, struct pri_party_number *to, const struct isdn_number *n)
{
	to->plan = number_digits(n, to->str, PRI_NUMBER_MAX + 1);
	switch (n->presentation) {
	case PRESENTATION_ALLOWED:
		to->presentation = PRI_PRES_ALLOWED | screening_of(l, n);
		break;
	case PRESENTATION_RESTRICTED:
		to->presentation = PRI_PRES_RESTRICTED | screening_of(l, n);
		break;
	case PRESENTATION_UNAVAILABLE:
		to->presentation = PRES_NUMBER_NOT_AVAILABLE;
		break;
	}
	/* No number and nothing to say about it: no information element. */
	to->valid = to->str[0] || n->presentation != PRESENTATION_ALLOWED;
}

static void subaddress_send(struct pri_party_subaddress *to, const struct isdn_subaddress *s)
{
	to->valid = s->noctets > 0;
	to->type = SUBADDRESS_NSAP;
	to->length = s->noctets;
	memcpy(to->data, s->octets, s->noctets);
}

static void redirecting_send(const struct pri_link *l, struct pri_sr *sr, const struct isdn_redirecting *r)
{
	struct pri_party_redirecting to = {.count = (int)r->count};

	if (!r->count)
		return;
	number_send(l, &to.from.number, &r->number);
	/* Without it libpri leaves out that the call was sent on. */
	to.from.number.valid = 1;
	to.reason = reason_to_libpri(r->reason);
	if (r->count > 1 && r->original.digits[0]) {
		number_send(l, &to.orig_called.number, &r->original);
		to.orig_reason = reason_to_libpri(r->original_reason);
	}
	pri_sr_set_redirecting_parties(sr, &to);
}

void pri_party_send(const struct pri_link *l, const struct isdn_parties *parties, bool complete,
		    struct pri_sr *sr)
{
	struct pri_party_id caller = {.number.valid = 0};
	struct pri_party_subaddress called_subaddress = {.valid = 0};
	char called[ISDN_NUMBER_OCTETS];
	int plan = number_digits(&parties->called, called, sizeof(called));

	number_send(l, &caller.number, &parties->calling);
	if (parties->calling_name[0]) {
		caller.name.valid = 1;
		caller.name.presentation = caller.number.presentation & PRI_PRES_RESTRICTION;
		caller.name.char_set = PRI_CHAR_SET_ISO8859_1;
		pri_name_to_latin1(caller.name.str, sizeof(caller.name.str), parties->calling_name);
	}
	subaddress_send(&caller.subaddress, &parties->calling_subaddress);
	subaddress_send(&called_subaddress, &parties->called_subaddress);
	pri_sr_set_called(sr, called, plan, complete);
	pri_sr_set_called_subaddress(sr, &called_subaddress);
	pri_sr_set_caller_party(sr, &caller);
	redirecting_send(l, sr, &parties->redirecting);
}
