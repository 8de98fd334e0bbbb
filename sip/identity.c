/* SPDX-License-Identifier: GPL-2.0-only */
#include "identity.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define ITEM_OCTETS 512
#define SEPARATORS  "-.()" /* RFC 3966 5.1.1 */

static bool is_separated_number(const char *text)
{
	size_t n = strspn(text, "+0123456789*#" SEPARATORS);

	return (*text == '+' || isdigit((unsigned char)*text)) && !text[n] && text[strcspn(text, SEPARATORS)];
}

/* What escapes may have hidden in it is left out: it goes on to the log and to the D channel. */
static void copy_number(char *to, size_t room, const char *text)
{
	size_t n = 0;

	for (; text && *text && *text != ';' && n < room - 1; text++)
		if ((unsigned char)*text >= 0x20 && *text != 0x7f)
			to[n++] = *text;
	to[n] = '\0';
	if (!is_separated_number(to))
		return;
	n = 0;
	for (const char *p = to; *p; p++)
		if (!strchr(SEPARATORS, *p))
			to[n++] = *p;
	to[n] = '\0';
}

/* osip leaves a quoted display name as it stood. */
static void copy_display(char *to, size_t room, const char *name)
{
	size_t n = 0;
	bool quoted;

	if (!name)
		name = "";
	name += strspn(name, " \t");
	quoted = *name == '"';
	for (name += quoted; *name && !(quoted && *name == '"') && n < room - 1; name++) {
		if (quoted && *name == '\\' && name[1])
			name++;
		if ((unsigned char)*name >= 0x20 && *name != 0x7f)
			to[n++] = *name;
	}
	to[n] = '\0';
}

/* The value of parameter NAME in "number;a=b;c=d". False if it is not there, or too long. */
static bool user_param(const char *user, const char *name, char *to, size_t room)
{
	size_t name_len = strlen(name), n;

	for (const char *p = user; p && (p = strchr(p, ';'));) {
		p++;
		if (strncasecmp(p, name, name_len) || p[name_len] != '=')
			continue;
		p += name_len + 1;
		n = strcspn(p, ";");
		if (!n || n >= room)
			return false;
		memcpy(to, p, n);
		to[n] = '\0';
		return true;
	}
	return false;
}

static bool uri_param(const osip_uri_t *u, const char *user, const char *name, char *to, size_t room)
{
	osip_uri_param_t *p = NULL;

	if (user_param(user, name, to, room))
		return true;
	if (osip_uri_param_get_byname((osip_list_t *)&u->url_params, (char *)name, &p) || !p || !p->gvalue ||
	    !*p->gvalue || strlen(p->gvalue) >= room)
		return false;
	memcpy(to, p->gvalue, strlen(p->gvalue) + 1);
	return true;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *p = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return p ? (int)(p - digits) : -1;
}

static void subaddress_from_hex(const char *text, struct isdn_subaddress *s)
{
	size_t n = strlen(text);

	if (n % 2 || n / 2 > sizeof(s->octets))
		return;
	for (size_t i = 0; i < n; i += 2) {
		int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

		if (high < 0 || low < 0)
			return;
		s->octets[i / 2] = (uint8_t)(high << 4 | low);
	}
	s->noctets = (uint8_t)(n / 2);
}

static void subaddress_from_ia5(const char *text, struct isdn_subaddress *s)
{
	size_t n = strlen(text);

	if (n + 1 > sizeof(s->octets))
		return;
	for (size_t i = 0; i < n; i++) {
		if ((uint8_t)text[i] < 0x20 || (uint8_t)text[i] > 0x7e)
			return;
		s->octets[1 + i] = (uint8_t)text[i];
	}
	s->octets[0] = ISDN_AFI_IA5;
	s->noctets = (uint8_t)(n + 1);
}

/* RFC 4715 5: without an encoding it is IA5. nsap-bcd is not taken: nothing of ours sends it. */
static void read_subaddress(const osip_uri_t *u, const char *user, struct isdn_subaddress *sp)
{
	char text[64], encoding[16] = "";
	struct isdn_subaddress s = {0};

	if (uri_param(u, user, "isub", text, sizeof(text))) {
		uri_param(u, user, "isub-encoding", encoding, sizeof(encoding));
		if (!strcasecmp(encoding, "nsap"))
			subaddress_from_hex(text, &s);
		else if (!*encoding || !strcasecmp(encoding, "nsap-ia5"))
			subaddress_from_ia5(text, &s);
	}
	if (s.noctets)
		*sp = s;
}

void identity_read_uri(const osip_uri_t *u, char *to, size_t room, struct isdn_subaddress *subaddressp)
{
	/* osip takes apart SIP URIs only. */
	const bool tel = u->scheme && !strcasecmp(u->scheme, "tel");
	const char *user = tel ? u->string : u->username;

	copy_number(to, room, user);
	if (subaddressp)
		read_subaddress(u, user, subaddressp);
}

/* True if WORD is one of the values of Privacy (RFC 3323 4.2). */
static bool privacy_has(const osip_message_t *m, const char *word)
{
	const char *p;
	size_t n;

	for (unsigned pos = 0; (p = message_header(m, "Privacy", pos)); pos++)
		for (p += strspn(p, "; ,\t"); (n = strcspn(p, "; ,\t")); p += n, p += strspn(p, "; ,\t"))
			if (n == strlen(word) && !strncasecmp(p, word, n))
				return true;
	return false;
}

/* The URI of a name-addr. False: none, or none that is a number. */
static bool read_number(const char *name_addr, char *to, size_t room, struct isdn_subaddress *subaddressp)
{
	osip_from_t *a = NULL;
	bool found = false;

	if (!osip_from_init(&a) && !osip_from_parse(a, name_addr) && a->url) {
		identity_read_uri(a->url, to, room, subaddressp);
		found = isdn_digits_valid(to, true);
	}
	osip_from_free(a);
	return found;
}

static void read_called(const osip_message_t *m, enum sip_called called, struct session_event *e)
{
	char item[ITEM_OCTETS];
	bool found = false;

	if (called == SIP_CALLED_TO) {
		identity_read_uri(m->to->url, e->called, sizeof(e->called), &e->called_subaddress);
		found = isdn_digits_valid(e->called, true);
	} else if (called == SIP_CALLED_PARTY_ID && message_item(m, "P-Called-Party-ID", 0, item, sizeof(item))) {
		found = read_number(item, e->called, sizeof(e->called), &e->called_subaddress);
	}
	if (found)
		return;
	e->called_subaddress.noctets = 0;
	identity_read_uri(m->req_uri, e->called, sizeof(e->called), &e->called_subaddress);
}

/* RFC 3325 9.1: up to two of them, a SIP and a tel URI: the first that is a number. */
static bool read_asserted(const osip_message_t *m, struct session_event *e)
{
	struct isdn_subaddress subaddress = {0};
	char number[SIP_USER_OCTETS];
	char v[ITEM_OCTETS];
	bool found = false;

	for (unsigned pos = 0; !found && message_item(m, "P-Asserted-Identity", pos, v, sizeof(v)); pos++) {
		osip_from_t *a = NULL;

		if (!osip_from_init(&a) && !osip_from_parse(a, v) && a->url) {
			identity_read_uri(a->url, number, sizeof(number), &subaddress);
			found = isdn_digits_valid(number, true);
			if (found && a->displayname)
				copy_display(e->calling_name, sizeof(e->calling_name), a->displayname);
		}
		osip_from_free(a);
	}
	if (found) {
		memcpy(e->calling, number, sizeof(e->calling));
		e->calling_subaddress = subaddress;
	}
	return found;
}

void identity_read(const osip_message_t *m, enum sip_called called, bool trusted, struct session_event *e)
{
	const osip_uri_t *from = m->from->url;
	bool anonymous;

	read_called(m, called, e);
	identity_read_uri(from, e->calling, sizeof(e->calling), &e->calling_subaddress);
	copy_display(e->calling_name, sizeof(e->calling_name), m->from->displayname);
	anonymous = !e->calling[0] || !strcasecmp(e->calling, "anonymous") ||
		    (from->host && !strcasecmp(from->host, "anonymous.invalid"));
	e->calling_restricted = anonymous || privacy_has(m, "id") || privacy_has(m, "user");
	if (anonymous) {
		e->calling[0] = '\0';
		e->calling_name[0] = '\0';
		e->calling_subaddress.noctets = 0;
	}
	e->calling_asserted = trusted && read_asserted(m, e);
}

/* ---- writing ---- */

static bool subaddress_is_ia5(const struct isdn_subaddress *s)
{
	for (unsigned i = 1; i < s->noctets; i++)
		if (s->octets[i] < 0x20 || s->octets[i] > 0x7e)
			return false;
	return s->noctets > 1 && s->octets[0] == ISDN_AFI_IA5;
}

static void write_subaddress(const struct isdn_subaddress *s, struct message_text *t)
{
	if (!subaddress_is_ia5(s)) {
		message_add(t, ";isub=");
		for (unsigned i = 0; i < s->noctets; i++)
			message_add(t, "%02x", s->octets[i]);
		message_add(t, ";isub-encoding=nsap");
		return;
	}
	message_add(t, ";isub=");
	for (unsigned i = 1; i < s->noctets; i++)
		message_add(t, isalnum(s->octets[i]) ? "%c" : "%%%02X", s->octets[i]);
}

/* RFC 3261 19.1.6: the parameters of a telephone number stand in the user part, and user=phone says that it is one. */
static void write_uri(const char *number, const struct isdn_subaddress *s, const char *host, struct message_text *t)
{
	message_add(t, "<sip:");
	message_add_user(t, number);
	if (s->noctets)
		write_subaddress(s, t);
	/* an address of IPv6, not a host and its port */
	message_add(t, strchr(host, ':') != strrchr(host, ':') && host[0] != '[' ? "@[%s]%s>" : "@%s%s>", host,
		    s->noctets ? ";user=phone" : "");
}

static bool is_known(const struct session_invite_params *p)
{
	return p->calling && p->calling[0];
}

static void write_caller(const struct session_invite_params *p, const struct identity_terms *h, struct message_text *t)
{
	if (p->calling_name && p->calling_name[0]) {
		message_add_quoted(t, p->calling_name);
		message_add(t, " ");
	}
	write_uri(p->calling, &p->calling_subaddress, h->host, t);
}

static bool has_account(const struct identity_terms *h)
{
	return h->user && h->user[0];
}

void identity_write_from(const struct session_invite_params *p, const struct identity_terms *h, struct message_text *t)
{
	static const struct isdn_subaddress none;

	if (has_account(h))
		write_uri(h->user, &none, h->host, t);
	else if (!is_known(p) || p->calling_restricted)
		message_add(t, "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
	else
		write_caller(p, h, t);
}

void identity_write_to(const struct session_invite_params *p, const char *host, struct message_text *t)
{
	write_uri(p->called, &p->called_subaddress, host, t);
}

void identity_write_headers(const struct session_invite_params *p, const struct identity_terms *h,
			    struct message_text *t)
{
	const char *header = NULL;

	if (p->calling_restricted)
		message_add(t, "Privacy: id\r\n");
	if (h->trusted && p->calling_asserted)
		header = "P-Asserted-Identity";
	else if (has_account(h) && !p->calling_restricted)
		header = "P-Preferred-Identity";
	if (!header || !is_known(p))
		return;
	message_add(t, "%s: ", header);
	write_caller(p, h, t);
	message_add(t, "\r\n");
}
