/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/route/rewrite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DIGITS	   "0123456789"
#define TYPE(name) config_number_type_q931(TYPE_##name)

/* What TEXT has behind PREFIX, or NULL: it does not begin with it, or has no more. "" begins nothing. */
static const char *behind(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);

	return n && !strncmp(text, prefix, n) && text[n] ? text + n : NULL;
}

/* PARTS one behind the other. Returns 0 or EMSGSIZE. */
static int join(char digits[ISDN_NUMBER_OCTETS], const char *a, const char *b, const char *c)
{
	int n = snprintf(digits, ISDN_NUMBER_OCTETS, "%s%s%s", a, b, c);

	return n >= ISDN_NUMBER_OCTETS ? EMSGSIZE : 0;
}

/* Of type unknown: as it is dialled here. */
static int dialled_to_e164(const struct config_numbering *g, const char *area, const char *number,
			   char digits[ISDN_NUMBER_OCTETS])
{
	const char *rest = behind(number, g->international_prefix);

	if (rest)
		return join(digits, rest, "", "");
	rest = g->national_prefix[0] ? behind(number, g->national_prefix) : number;
	if (rest)
		return join(digits, g->country_code, rest, "");
	return area[0] ? join(digits, g->country_code, area, number) : ENOENT;
}

/* Returns 0 with the country code and all behind it; ENOENT when N does not say enough; EMSGSIZE. */
static int to_e164(const struct config_numbering *g, const char *area, const struct isdn_number *n,
		   char digits[ISDN_NUMBER_OCTETS])
{
	const char *rest;

	if (!n->digits[0] || n->digits[strspn(n->digits, DIGITS)])
		return ENOENT;
	if (n->type == TYPE(INTERNATIONAL))
		return join(digits, n->digits, "", "");
	if (n->type == TYPE(NATIONAL)) {
		/* some exchanges leave the prefix on; no area code begins with it */
		rest = behind(n->digits, g->national_prefix);
		return join(digits, g->country_code, rest ? rest : n->digits, "");
	}
	if (n->type == TYPE(SUBSCRIBER))
		return area[0] ? join(digits, g->country_code, area, n->digits) : ENOENT;
	if (n->type == TYPE(UNKNOWN))
		return dialled_to_e164(g, area, n->digits, digits);
	return ENOENT;
}

/* E164 in FORM. Returns 0 or EMSGSIZE. */
static int from_e164(const struct config_numbering *g, const char *area, enum config_form form, const char *e164,
		     struct isdn_number *n)
{
	const char *national = behind(e164, g->country_code);
	const char *local = national ? behind(national, area) : NULL;

	switch (form) {
	case FORM_LOCAL:
		if (local) {
			n->type = TYPE(SUBSCRIBER);
			return join(n->digits, local, "", "");
		}
		/* fall through */
	case FORM_NATIONAL:
		n->type = national ? TYPE(NATIONAL) : TYPE(INTERNATIONAL);
		return join(n->digits, national ? national : e164, "", "");
	case FORM_DIALLED:
		n->type = TYPE(UNKNOWN);
		return national ? join(n->digits, g->national_prefix, national, "")
				: join(n->digits, g->international_prefix, e164, "");
	default:
		n->type = TYPE(INTERNATIONAL);
		return join(n->digits, e164, "", "");
	}
}

void rewrite_form(const struct config_numbering *numbering, const char *area, enum config_form form,
		  struct isdn_number *n)
{
	char e164[ISDN_NUMBER_OCTETS];
	struct isdn_number out = *n;

	if (!area[0])
		area = numbering->area_code;
	if (form == FORM_KEEP || to_e164(numbering, area, n, e164) || from_e164(numbering, area, form, e164, &out))
		return;
	out.plan = ISDN_PLAN_E164;
	*n = out;
}

static int rewrite_number(const struct config_numbering *numbering, const struct config_route *r,
			  const struct config_rewrite *w, struct isdn_number *n)
{
	struct isdn_number out = *n;
	size_t digits;

	rewrite_form(numbering, r->area_code, w->form, &out);
	digits = strlen(out.digits);
	if (w->strip || w->prepend[0]) {
		char rest[ISDN_NUMBER_OCTETS];

		memcpy(rest, out.digits, sizeof(rest));
		if (join(out.digits, w->prepend, rest + (w->strip < digits ? w->strip : digits), ""))
			return EMSGSIZE;
		if (!out.digits[0])
			return ENODATA;
		out.type = TYPE(UNKNOWN);
	}
	if (w->type != TYPE_KEEP)
		out.type = (uint8_t)config_number_type_q931(w->type);
	if (w->plan != PLAN_KEEP)
		out.plan = (uint8_t)config_number_plan_q931(w->plan);
	*n = out;
	return 0;
}

int rewrite_parties(const struct config_numbering *numbering, const struct config_route *r, struct isdn_parties *p)
{
	const enum config_form form = r->calling_rewrite.form;
	struct isdn_number called = p->called;
	int err = rewrite_number(numbering, r, &r->called_rewrite, &called);

	if (err)
		return err;
	p->called = called;
	if (p->calling.digits[0] && rewrite_number(numbering, r, &r->calling_rewrite, &p->calling) == ENODATA) {
		p->calling.digits[0] = '\0';
		p->calling.presentation = PRESENTATION_UNAVAILABLE;
	}
	rewrite_form(numbering, r->area_code, form, &p->redirecting.number);
	rewrite_form(numbering, r->area_code, form, &p->redirecting.original);
	return 0;
}
