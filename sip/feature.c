/* SPDX-License-Identifier: GPL-2.0-only */
#include "feature.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sip/message/message.h"

#define FAX_TAG	    "+sip.fax"
#define ITEM_OCTETS 512

/* The octets of TEXT up to END, outside quotes and < >. */
static size_t span_to(const char *text, char end)
{
	bool quoted = false, angled = false;
	size_t n;

	for (n = 0; text[n]; n++) {
		if (quoted && text[n] == '\\' && text[n + 1]) {
			n++;
			continue;
		}
		if (text[n] == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (text[n] == '<' || text[n] == '>')
			angled = text[n] == '<';
		else if (!angled && text[n] == end)
			break;
	}
	return n;
}

static bool same(const char *p, size_t len, const char *text)
{
	return strlen(text) == len && !strncasecmp(p, text, len);
}

/* RFC 3840 9: a list of tokens parted by commas, mostly in quotes. "!t38" is another than "t38". */
static bool list_has(const char *list, size_t len, const char *value)
{
	static const char around[] = " \t\"";

	for (const char *end = list + len; list < end;) {
		size_t n = (size_t)(end - list), comma = strcspn(list, ",");

		n = comma < n ? comma : n;
		while (n && strchr(around, *list)) {
			list++;
			n--;
		}
		while (n && strchr(around, list[n - 1]))
			n--;
		if (same(list, n, value))
			return true;
		list += n + strspn(list + n, " \t\"") + 1;
	}
	return false;
}

bool feature_has(const char *text, const char *tag, const char *value)
{
	for (text += span_to(text, ';'); *text; text += span_to(text, ';')) {
		size_t len, name;

		text += 1 + strspn(text + 1, " \t");
		len = span_to(text, ';');
		name = strcspn(text, "= \t;");
		if (name >= len || !same(text, name, tag))
			continue;
		name += strspn(text + name, " \t");
		if (name < len && text[name] == '=' && list_has(text + name + 1, len - name - 1, value))
			return true;
	}
	return false;
}

bool feature_wants_t38(const osip_message_t *m)
{
	static const char *const names[] = {"Accept-Contact", "a"}; /* RFC 3841 9.2: the compact form */
	char item[ITEM_OCTETS];

	for (unsigned i = 0; i < 2; i++)
		for (unsigned pos = 0; message_item(m, names[i], pos, item, sizeof(item)); pos++)
			if (feature_has(item, FAX_TAG, "t38"))
				return true;
	return false;
}

static const char *fax_value(enum sip_fax fax)
{
	return fax == SIP_FAX_T38 ? "\"t38\"" : "\"passthrough\"";
}

const char *feature_contact_params(enum sip_fax fax)
{
	static const char *const params[] = {
		[SIP_FAX_UNSAID] = "",
		[SIP_FAX_T38] = ";" FAX_TAG "=\"t38\"",
		[SIP_FAX_PASSTHROUGH] = ";" FAX_TAG "=\"passthrough\"",
	};

	return params[fax];
}

int feature_set_fax(osip_message_t *m, enum sip_fax fax)
{
	osip_contact_t *c = osip_list_get(&m->contacts, 0);
	char *name, *value;

	if (!c || fax == SIP_FAX_UNSAID)
		return 0;
	name = osip_strdup(FAX_TAG);
	value = osip_strdup(fax_value(fax));
	if (name && value && !osip_contact_param_add(c, name, value)) {
		osip_message_force_update(m);
		return 0;
	}
	osip_free(name);
	osip_free(value);
	return ENOMEM;
}
