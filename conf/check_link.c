/* SPDX-License-Identifier: GPL-2.0-only */
#include "check_link.h"

#include <string.h>

#include "load.h"

#define SPAN_LINE(l, i, key) load_line(&(l)->spans[i][SECTION_SPAN], SECTION_SPAN, key)
#define SPAN_SET(l, i, key)  load_is_set(&(l)->spans[i][SECTION_SPAN], SECTION_SPAN, key)
#define SPAN_BAD(l, i, key)  load_is_bad(&(l)->spans[i][SECTION_SPAN], SECTION_SPAN, key)

static bool has_mac(const struct config_span *s)
{
	static const unsigned char none[sizeof(s->tdmoe_mac)];

	return memcmp(s->tdmoe_mac, none, sizeof(none));
}

bool check_link_is_meant(const struct config_span *s)
{
	return s->line_kind == LINE_TDMOE && *s->tdmoe_interface;
}

void check_link_stray(struct load *l, unsigned i)
{
	if (has_mac(&l->config->spans[i]))
		load_error(l, i + 1, SPAN_LINE(l, i, "remote_mac"), "remote_mac: is for Ethernet, and needs interface");
}

/* Keys of UDP and of Ethernet side by side: which one is meant? */
static void check_link_keys(struct load *l, unsigned i)
{
	static const char *const udp_keys[] = {"local", "remote"};
	const struct config_span *s = &l->config->spans[i];

	for (unsigned k = 0; k < 2; k++) {
		if (SPAN_SET(l, i, udp_keys[k]))
			load_error(l, i + 1, SPAN_LINE(l, i, udp_keys[k]),
				   "%s: is for UDP, but interface is set: the line is over Ethernet", udp_keys[k]);
	}
	if (!has_mac(s) && !SPAN_BAD(l, i, "remote_mac"))
		load_error(l, i + 1, SPAN_LINE(l, i, "interface"),
			   "[span %u]: remote_mac is missing, a line over Ethernet needs it", s->number);
}

void check_link(struct load *l, unsigned i)
{
	const struct config_span *s = &l->config->spans[i];

	check_link_keys(l, i);
	for (unsigned j = 0; j < i; j++) {
		const struct config_span *o = &l->config->spans[j];

		if (s->enabled && o->enabled && check_link_is_meant(o) && has_mac(s) &&
		    !strcmp(s->tdmoe_interface, o->tdmoe_interface) &&
		    !memcmp(s->tdmoe_mac, o->tdmoe_mac, sizeof(s->tdmoe_mac)) &&
		    s->tdmoe_subaddress == o->tdmoe_subaddress)
			load_error(l, i + 1, SPAN_LINE(l, i, "subaddress"),
				   "subaddress: %u at that remote_mac is taken in %s:%u", s->tdmoe_subaddress, o->file,
				   o->file_line);
	}
}
