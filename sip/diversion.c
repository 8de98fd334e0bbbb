/* SPDX-License-Identifier: GPL-2.0-only */
#include "diversion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "identity.h"

#define ENTRIES	    16 /* items looked at */
#define ITEM_OCTETS 512
#define COUNT_MAX   100 /* of diversions: more is a loop, or a lie */

/* RFC 5806 4, and RFC 4458 2 for those of History-Info. The first with a word, and with a status, is the one written
 * or meant. */
static const struct {
	const char *word;
	unsigned status;
	enum isdn_redirect reason;
} reasons[] = {
	{"unknown", 404, REDIRECT_UNKNOWN},	     {"user-busy", 486, REDIRECT_BUSY},
	{"no-answer", 408, REDIRECT_NO_REPLY},	     {"deflection", 480, REDIRECT_DEFLECTION},
	{"deflection", 487, REDIRECT_DEFLECTION},    {"out-of-service", 503, REDIRECT_OUT_OF_ORDER},
	{"unavailable", 503, REDIRECT_OUT_OF_ORDER}, {"unconditional", 302, REDIRECT_UNCONDITIONAL},
};

#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

/* One that diverted. */
struct diverter {
	char number[SIP_USER_OCTETS];
	bool restricted;
	enum isdn_redirect reason;
};

static enum isdn_redirect reason_of_word(const char *word)
{
	word += *word == '"';
	for (size_t i = 0; i < REASONS; i++)
		if (strcspn(word, "\"") == strlen(reasons[i].word) &&
		    !strncasecmp(word, reasons[i].word, strlen(reasons[i].word)))
			return reasons[i].reason;
	return REDIRECT_UNKNOWN;
}

static enum isdn_redirect reason_of_status(unsigned status)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return REDIRECT_UNKNOWN;
}

static const char *word_of(enum isdn_redirect r)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].reason == r)
			return reasons[i].word;
	return "unknown";
}

static const char *param_of(const osip_from_t *a, const char *name)
{
	osip_generic_param_t *p = NULL;

	if (osip_generic_param_get_byname((osip_list_t *)&a->gen_params, (char *)name, &p) || !p || !p->gvalue)
		return NULL;
	return p->gvalue;
}

static void number_of(const osip_uri_t *u, struct diverter *d)
{
	identity_read_uri(u, d->number, sizeof(d->number), NULL);
	if (!strcasecmp(d->number, "anonymous") || (u->host && !strcasecmp(u->host, "anonymous.invalid"))) {
		d->number[0] = '\0';
		d->restricted = true;
	}
}

/* Puts the diverter who comes BEFORE those already there; he is the original one so far. */
static void add_earlier(struct session_diversion *d, const struct diverter *before, unsigned count)
{
	if (!d->count) {
		memcpy(d->number, before->number, sizeof(d->number));
		d->restricted = before->restricted;
		d->reason = before->reason;
	}
	if (d->count) {
		memcpy(d->original, before->number, sizeof(d->original));
		d->original_restricted = before->restricted;
		d->original_reason = before->reason;
	}
	d->count = d->count + count < COUNT_MAX ? d->count + count : COUNT_MAX;
}

/* RFC 5806 5: the latest diversion stands on top. */
static void read_diversion(const osip_message_t *m, struct session_diversion *d)
{
	char v[ITEM_OCTETS];
	const char *text;

	for (unsigned pos = 0; pos < ENTRIES && message_item(m, "Diversion", pos, v, sizeof(v)); pos++) {
		osip_from_t *a = NULL;

		if (!osip_from_init(&a) && !osip_from_parse(a, v) && a->url) {
			struct diverter one = {.reason = REDIRECT_UNKNOWN};
			unsigned long count;

			number_of(a->url, &one);
			text = param_of(a, "reason");
			if (text)
				one.reason = reason_of_word(text);
			text = param_of(a, "privacy");
			if (text && strcasecmp(text, "off") && strcasecmp(text, "\"off\""))
				one.restricted = true;
			text = param_of(a, "counter");
			count = text ? strtoul(text, NULL, 10) : 1;
			add_earlier(d, &one, count < 1 ? 1 : count > COUNT_MAX ? COUNT_MAX : (unsigned)count);
		}
		osip_from_free(a);
	}
}

/* ---- History-Info ---- */

#define INDEX_OCTETS 32

struct entry {
	struct diverter who;
	char index[INDEX_OCTETS], mapped_from[INDEX_OCTETS]; /* "1.2"; "": not said */
	bool retargeted;				     /* rc or np: the same user under another URI */
	unsigned cause;					     /* why the call came here (RFC 4458); 0: not said */
	unsigned left_by;				     /* why it went on from here: its Reason; 0: not said */
};

/* "cause=302" in TEXT, escaped or not. */
static unsigned find_cause(const char *text)
{
	const char *p = text ? strcasestr(text, "cause") : NULL;
	unsigned long cause;

	if (!p)
		return 0;
	p += strlen("cause");
	p += !strncasecmp(p, "%3d", 3) ? 3 : *p == '=';
	cause = strtoul(p, NULL, 10);
	return cause >= 1 && cause <= 699 ? (unsigned)cause : 0;
}

static const char *uri_field(const osip_list_t *list, const char *name)
{
	for (int i = 0; i < osip_list_size(list); i++) {
		const osip_uri_param_t *p = osip_list_get(list, i);

		if (p && p->gname && p->gvalue && !strcasecmp(p->gname, name))
			return p->gvalue;
	}
	return NULL;
}

static void read_entry(const osip_from_t *a, struct entry *e)
{
	const char *cause = uri_field(&a->url->url_params, "cause"), *privacy;
	const char *index = param_of(a, "index"), *mp = param_of(a, "mp");

	memset(e, 0, sizeof(*e));
	number_of(a->url, &e->who);
	privacy = uri_field(&a->url->url_headers, "Privacy");
	if (privacy && strcasecmp(privacy, "none"))
		e->who.restricted = true;
	e->cause = cause ? (unsigned)strtoul(cause, NULL, 10) : 0;
	e->left_by = find_cause(uri_field(&a->url->url_headers, "Reason"));
	e->retargeted = param_of(a, "rc") || param_of(a, "np");
	snprintf(e->index, sizeof(e->index), "%s", index ? index : "");
	snprintf(e->mapped_from, sizeof(e->mapped_from), "%s", mp ? mp : "");
}

static unsigned read_entries(const osip_message_t *m, struct entry *list)
{
	char v[ITEM_OCTETS];
	unsigned n = 0;

	for (unsigned pos = 0; n < ENTRIES && message_item(m, "History-Info", pos, v, sizeof(v)); pos++) {
		osip_from_t *a = NULL;

		if (!osip_from_init(&a) && !osip_from_parse(a, v) && a->url)
			read_entry(a, &list[n++]);
		osip_from_free(a);
	}
	return n;
}

/* The entry from which the call was sent on to entry I; NULL: it was not sent on, only routed. */
static struct entry *sent_on_by(struct entry *list, unsigned i)
{
	struct entry *e = &list[i], *from = &list[i - 1];

	for (unsigned k = 0; *e->mapped_from && k < i; k++)
		if (!strcmp(list[k].index, e->mapped_from))
			from = &list[k];
	if (!e->cause && !*e->mapped_from && (e->retargeted || !from->left_by))
		return NULL;
	from->who.reason = reason_of_status(e->cause ? e->cause : from->left_by);
	return from;
}

/* RFC 7544 7.1: of the entries, oldest first, those from which the call was diverted. */
static void read_history(const osip_message_t *m, struct session_diversion *d)
{
	struct entry list[ENTRIES];
	unsigned n = read_entries(m, list);

	for (unsigned i = n; i-- > 1;) {
		const struct entry *from = sent_on_by(list, i);

		if (from)
			add_earlier(d, &from->who, 1);
	}
}

void diversion_read(const osip_message_t *m, struct session_diversion *dp)
{
	memset(dp, 0, sizeof(*dp));
	if (message_header(m, "Diversion", 0))
		read_diversion(m, dp);
	else
		read_history(m, dp);
}

/* ---- writing ---- */

static void write_one(const char *number, bool restricted, enum isdn_redirect reason, unsigned count,
		      const struct message_ua *ua, bool trusted, struct message_text *t)
{
	message_add(t, "Diversion: ");
	if (!number[0] || (restricted && !trusted)) {
		message_add(t, "<sip:anonymous@anonymous.invalid>");
	} else {
		message_add(t, "<sip:");
		message_add_user(t, number);
		message_add(t, "@%s>", ua->host);
	}
	message_add(t, ";reason=%s;counter=%u;privacy=%s\r\n", word_of(reason), count, restricted ? "full" : "off");
}

void diversion_write(const struct session_diversion *d, const struct message_ua *ua, bool trusted,
		     struct message_text *t)
{
	const bool two = d->count > 1 && (d->original[0] || d->original_restricted);

	if (!d->count)
		return;
	write_one(d->number, d->restricted, d->reason, two ? d->count - 1 : d->count, ua, trusted, t);
	if (two)
		write_one(d->original, d->original_restricted, d->original_reason, 1, ua, trusted, t);
}
