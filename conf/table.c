/* SPDX-License-Identifier: GPL-2.0-only */
#include "table.h"

#include <string.h>

#include "table_keys.h"

#define KEYS(list) .keys = list, .count = sizeof(list) / sizeof(list[0])

const struct table_section table_sections[SECTION_COUNT] = {
	[SECTION_GATEWAY] = {"gateway", TABLE_MAIN, TITLE_PLAIN, false, KEYS(table_gateway_keys), "The daemon."},
	[SECTION_CONTROL] = {"control", TABLE_MAIN, TITLE_PLAIN, false, KEYS(table_control_keys),
			     "The operator's hand on the running daemon."},
	[SECTION_LOG] = {"log", TABLE_MAIN, TITLE_PLAIN, false, KEYS(table_log_keys), "What goes to syslog."},
	[SECTION_SIP] = {"sip", TABLE_MAIN, TITLE_PLAIN, true, KEYS(table_sip_keys), "Our side of SIP."},
	[SECTION_MEDIA] = {"media", TABLE_MAIN, TITLE_PLAIN, false, KEYS(table_media_keys), "RTP and UDPTL."},
	[SECTION_PEER] = {"peer", TABLE_MAIN, TITLE_NAME, true, KEYS(table_peer_keys), "A SIP peer.",
			  TABLE_OF_PEER},
	[SECTION_ENDPOINT] = {"endpoint", TABLE_MAIN, TITLE_NAME, false, KEYS(table_peer_keys),
			      "A device that registers with us.", TABLE_OF_ENDPOINT},
	[SECTION_NUMBERING] = {"numbering", TABLE_MAIN, TITLE_PLAIN, false, KEYS(table_numbering_keys),
			       "How numbers are dialled where we are."},
	[SECTION_GROUP] = {"group", TABLE_MAIN, TITLE_NAME, false, KEYS(table_group_keys),
			   "Spans that stand together."},
	[SECTION_ROUTE] = {"route", TABLE_MAIN, TITLE_NAME, false, KEYS(table_route_keys), "Which way a call goes."},
	[SECTION_SPAN] = {"span", TABLE_SPAN, TITLE_NUMBER, true, KEYS(table_span_keys),
			  "A span: its line and D channel."},
	[SECTION_DAHDI] = {"dahdi", TABLE_SPAN, TITLE_PLAIN, false, KEYS(table_dahdi_keys),
			   "With line = dahdi: the span on its card."},
	[SECTION_FAX] = {"fax", TABLE_SPAN, TITLE_PLAIN, false, KEYS(table_fax_keys),
			 "How the span's faxes are treated."},
	[SECTION_JITTER] = {"jitter", TABLE_SPAN, TITLE_PLAIN, false, KEYS(table_jitter_keys), "The jitter buffer."},
	[SECTION_TIMEOUTS] = {"timeouts", TABLE_SPAN, TITLE_PLAIN, false, KEYS(table_timeout_keys),
			      "No call gets stuck."},
};

const struct table_section *table_find_section(const char *name)
{
	for (unsigned i = 0; i < SECTION_COUNT; i++) {
		if (!strcmp(table_sections[i].name, name))
			return &table_sections[i];
	}
	return NULL;
}

bool table_has_key(const struct table_section *s, const struct table_key *k)
{
	return !k->only || k->only == s->owner;
}

int table_find_key(const struct table_section *s, const char *name)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (table_has_key(s, &s->keys[i]) && !strcmp(s->keys[i].name, name))
			return (int)i;
	}
	return -1;
}

void table_set_defaults(const struct table_section *s, void *base)
{
	char why[VALUE_WHY_OCTETS];

	for (unsigned i = 0; i < s->count; i++) {
		if (s->keys[i].fallback && *s->keys[i].fallback)
			s->keys[i].type->parse(&s->keys[i], s->keys[i].fallback, base, why);
	}
}
