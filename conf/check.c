/* SPDX-License-Identifier: GPL-2.0-only */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "check_allow.h"
#include "check_endpoint.h"
#include "check_link.h"
#include "check_name.h"
#include "check_route.h"
#include "check_server.h"
#include "check_transport.h"
#include "load.h"

/* Where KEY of a section of the main file, or of span I, stands. */
#define MAIN_LINE(l, id, key)	 load_line(&(l)->main[id], id, key)
#define SPAN_LINE(l, i, id, key) load_line(&(l)->spans[i][id], id, key)
#define SPAN_SET(l, i, id, key)	 load_is_set(&(l)->spans[i][id], id, key)
#define SPAN_BAD(l, i, id, key)	 load_is_bad(&(l)->spans[i][id], id, key)

static bool same_family(const struct addr *a, const struct addr *b)
{
	return a->sa.sa_family == b->sa.sa_family;
}

/* Whether sockets bound to both hosts would meet, if the ports do. */
static bool hosts_meet(const struct addr *a, const struct addr *b)
{
	return addr_is_set(a) && addr_is_set(b) && same_family(a, b) &&
	       (addr_is_any(a) || addr_is_any(b) || addr_same_host(a, b));
}

static bool addresses_meet(const struct addr *a, const struct addr *b)
{
	return hosts_meet(a, b) && addr_port(a) == addr_port(b);
}

static bool in_media_range(const struct config *c, const struct addr *a)
{
	return hosts_meet(a, &c->media_address[addr_family(a)]) && addr_port(a) >= c->port_min &&
	       addr_port(a) <= c->port_max;
}

/* LOCAL and EXTERNAL are of one IP version. */
static void check_media_reachable(struct load *l, const struct addr *local, const struct addr *external)
{
	bool own = load_is_set(&l->main[SECTION_MEDIA], SECTION_MEDIA, "address");
	unsigned line = own ? MAIN_LINE(l, SECTION_MEDIA, "address") : MAIN_LINE(l, SECTION_SIP, "listen");
	bool external_bad = load_is_bad(&l->main[SECTION_MEDIA], SECTION_MEDIA, "external");
	char text[ADDR_TEXT_OCTETS];

	if (addr_is_set(external)) {
		if (addr_is_any(external))
			load_error(l, 0, MAIN_LINE(l, SECTION_MEDIA, "external"), "external: no peer can send to %s",
				   addr_print_host(external, text));
		else if (!addr_is_set(local) && !load_is_bad(&l->main[SECTION_MEDIA], SECTION_MEDIA, "address"))
			load_error(l, 0, MAIN_LINE(l, SECTION_MEDIA, "external"),
				   "external: %s is not of the IP version of a local media address",
				   addr_print_host(external, text));
	} else if (addr_is_set(local) && addr_is_any(local) && !external_bad) {
		load_error(l, 0, line, "%s: no peer can send media to %s: set [media] address or external",
			   own ? "address" : "listen", addr_print_host(local, text));
	}
}

/* What peers are told must be an address that they can reach. */
static void check_reachable(struct load *l)
{
	struct config *c = l->config;
	unsigned listen = MAIN_LINE(l, SECTION_SIP, "listen");
	bool host_bad = load_is_bad(&l->main[SECTION_SIP], SECTION_SIP, "host");
	char text[ADDR_TEXT_OCTETS];

	for (unsigned f = 0; f < ADDR_FAMILIES; f++) {
		if (addr_is_set(&c->sip_listen[f]) && addr_is_any(&c->sip_listen[f]) && !check_host_is_for(c, f) &&
		    !host_bad)
			load_error(l, 0, listen, "listen: no peer can reach us at %s: set [sip] host too",
				   addr_print_host(&c->sip_listen[f], text));
		check_media_reachable(l, &c->media_address[f], &c->media_external[f]);
	}
}

static void check_ports(struct load *l)
{
	struct config *c = l->config;
	unsigned line = MAIN_LINE(l, SECTION_MEDIA, "ports");
	unsigned calls = (unsigned)(c->port_max - c->port_min + 1) / CONFIG_PORTS_PER_CALL;
	unsigned timeslots = 0;

	if (load_is_bad(&l->main[SECTION_MEDIA], SECTION_MEDIA, "ports"))
		return;
	for (unsigned i = 0; i < c->nspans; i++) {
		if (c->spans[i].enabled)
			timeslots += (unsigned)__builtin_popcount(c->spans[i].timeslots);
	}
	if (timeslots > calls)
		load_error(l, 0, line,
			   "ports: %u-%u is enough for %u calls of %d ports, but the enabled spans have %u timeslots: "
			   "%u ports are needed",
			   c->port_min, c->port_max, calls, CONFIG_PORTS_PER_CALL, timeslots,
			   timeslots * CONFIG_PORTS_PER_CALL);
}

static void check_pair(struct load *l, unsigned i, const char *user_key, const char *user, const char *secret_key,
		       const char *secret)
{
	const char *key = user[0] ? user_key : secret_key;

	if (!user[0] != !secret[0])
		load_error(l, 0, load_line(&l->peers[i], SECTION_PEER, key), "%s: %s and %s go together", key, user_key,
			   secret_key);
}

static void check_peer_auth(struct load *l, unsigned i)
{
	const struct config_peer *p = &l->config->peers[i];

	check_pair(l, i, "auth_user", p->auth_user, "auth_secret", p->auth_secret);
	check_pair(l, i, "inbound_user", p->inbound_user, "inbound_secret", p->inbound_secret);
}

static void check_peer(struct load *l, unsigned i)
{
	const struct config *c = l->config;
	const struct config_peer *p = &c->peers[i];
	unsigned line = load_line(&l->peers[i], SECTION_PEER, "address");
	const struct addr *own = &c->sip_listen[addr_family(&p->addr)];
	char text[ADDR_TEXT_OCTETS];

	if (p->session_expires_ms && p->session_expires_ms < p->min_se_ms)
		load_error(l, 0, load_line(&l->peers[i], SECTION_PEER, "session_expires"),
			   "session_expires: shorter than min_se, %u s; 0 asks for none", p->min_se_ms / 1000);
	if (p->options_interval_ms && p->options_interval_ms < 1000)
		load_error(l, 0, load_line(&l->peers[i], SECTION_PEER, "options_interval"),
			   "options_interval: %u ms is less than 1 s; 0 asks never", p->options_interval_ms);
	if (p->endpoint) {
		check_endpoint(l, i);
		return;
	}
	check_peer_auth(l, i);
	check_allow(l, i);
	check_server(l, i);
	check_peer_transport(l, i);
	if (!addr_is_set(&p->addr))
		return;
	addr_print(&p->addr, text);
	if (addr_is_any(&p->addr))
		load_error(l, 0, line, "address: %s is not the address of a peer", text);
	else if (addr_any_is_set(c->sip_listen) && !addr_is_set(own))
		load_error(l, 0, line, "address: %s is not of the IP version of [sip] listen", text);
	else if (addr_equal(&p->addr, own))
		load_error(l, 0, line, "address: %s is our own, [sip] listen", text);
	for (unsigned j = 0; j < i; j++) {
		if (addr_equal(&p->addr, &c->peers[j].addr))
			load_error(l, 0, line, "address: %s is that of [peer %s] in line %u", text, c->peers[j].name,
				   c->peers[j].line);
	}
}

static void check_span_line(struct load *l, unsigned i)
{
	const struct config *c = l->config;
	const struct config_span *s = &c->spans[i];
	unsigned section = l->spans[i][SECTION_SPAN].line;
	unsigned remote = SPAN_LINE(l, i, SECTION_SPAN, "remote");

	if (!section || s->line_kind == LINE_DAHDI)
		return;
	if (check_link_is_meant(s)) {
		check_link(l, i);
		return;
	}
	check_link_stray(l, i);
	if (!SPAN_SET(l, i, SECTION_SPAN, "local"))
		load_error(l, i + 1, section, "[span %u]: local is missing, line = tdmoe needs it", s->number);
	if (!SPAN_SET(l, i, SECTION_SPAN, "remote"))
		load_error(l, i + 1, section, "[span %u]: remote is missing, line = tdmoe needs it", s->number);
	if (!addr_is_set(&s->tdmoe_local) || !addr_is_set(&s->tdmoe_peer))
		return;
	if (addr_is_any(&s->tdmoe_peer))
		load_error(l, i + 1, remote, "remote: is not the address of another end");
	else if (!same_family(&s->tdmoe_local, &s->tdmoe_peer))
		load_error(l, i + 1, remote, "remote: is not of the IP version of local");
	else if (addresses_meet(&s->tdmoe_local, &s->tdmoe_peer))
		load_error(l, i + 1, remote, "remote: is the same as local");
}

static void check_dahdi_buffers(struct load *l, unsigned i)
{
	const struct config_dahdi *d = &l->config->spans[i].dahdi;
	const char *key = SPAN_SET(l, i, SECTION_DAHDI, "send_delay") ? "send_delay" : "buffers";
	unsigned taps = SPAN_LINE(l, i, SECTION_DAHDI, "echo_taps");
	unsigned need = d->send_delay_ms * 8 + 320; /* and a block on its way in, and one on its way out */

	if (160 % d->buffer_size)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_DAHDI, "buffer_size"),
			   "buffer_size: %u does not divide 160: it may be 20, 32, 40, 80 or 160", d->buffer_size);
	else if (d->buffers * d->buffer_size < need)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_DAHDI, key),
			   "%s: a send_delay of %u ms needs %u buffers of %u octets, buffers is %u", key,
			   d->send_delay_ms, (need + d->buffer_size - 1) / d->buffer_size, d->buffer_size, d->buffers);
	if (d->echo_taps & (d->echo_taps - 1))
		load_error(l, i + 1, taps, "echo_taps: %u is not one of 32, 64, 128, 256, 512, 1024", d->echo_taps);
}

static void check_span_dahdi(struct load *l, unsigned i)
{
	struct config_span *s = &l->config->spans[i];
	unsigned line = SPAN_LINE(l, i, SECTION_DAHDI, "span");

	if (!s->dahdi.span)
		s->dahdi.span = s->number;
	if (s->line_kind != LINE_DAHDI)
		return;
	check_dahdi_buffers(l, i);
	for (unsigned j = 0; j < i; j++) {
		const struct config_span *o = &l->config->spans[j];

		if (s->enabled && o->enabled && o->line_kind == LINE_DAHDI && s->dahdi.span == o->dahdi.span)
			load_error(l, i + 1, line ? line : s->file_line, "span: DAHDI span %u is taken in %s:%u",
				   s->dahdi.span, o->file, o->file_line);
	}
}

static void check_span_timeslots(struct load *l, unsigned i)
{
	const struct config_span *s = &l->config->spans[i];
	bool set = SPAN_SET(l, i, SECTION_SPAN, "timeslots");

	if (SPAN_BAD(l, i, SECTION_SPAN, "timeslots") || SPAN_BAD(l, i, SECTION_SPAN, "dchannel"))
		return;
	if (s->timeslots & 1u << s->dchannel && set)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_SPAN, "timeslots"),
			   "timeslots: timeslot %u is the D channel", s->dchannel);
	else if (s->timeslots & 1u << s->dchannel)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_SPAN, "dchannel"),
			   "dchannel: timeslot %u is one of timeslots, which is 1-15,17-31 unless it is set%s",
			   s->dchannel, s->dchannel == CONFIG_T1_DCHANNEL ? "; a T1 has timeslots = 1-23" : "");
	else if (s->timeslots >> config_span_timeslots(s) >> 1)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_SPAN, "timeslots"),
			   "timeslots: with dchannel = %u the span is a T1, which has none above 23", s->dchannel);
}

/* What the dialect, and the line, have not. */
static void check_span_dialect(struct load *l, unsigned i)
{
	const struct config_span *s = &l->config->spans[i];

	if (s->overlap_dial && s->switch_type != ISDN_EUROISDN && s->switch_type != ISDN_QSIG)
		load_error(
			l, i + 1, SPAN_LINE(l, i, SECTION_SPAN, "overlap_dial"),
			"overlap_dial: numbers go whole with switch = %s; only euroisdn and qsig take them in pieces",
			isdn_switch_name(s->switch_type));
	if (s->overlap && s->switch_type != ISDN_EUROISDN && s->switch_type != ISDN_QSIG)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_SPAN, "overlap"),
			   "overlap: numbers come whole with switch = %s; only euroisdn and qsig send them in pieces",
			   isdn_switch_name(s->switch_type));
}

static void check_span_peers(struct load *l, unsigned i)
{
	struct config_span *s = &l->config->spans[i];

	for (unsigned j = 0; j < s->to.count; j++)
		check_peer_name(l, i + 1, SPAN_LINE(l, i, SECTION_SPAN, "peer"), "peer", s->to.list[j].name,
				&s->to.list[j].peer);
	s->peer = s->to.list[0].peer;
}

/* T.30 table 2, bits 11 to 14, can say V.27 ter, V.29, both, or all three. */
static void check_span_modems(struct load *l, unsigned i)
{
	const struct fax_params *f = &l->config->spans[i].fax;
	bool rate_set = SPAN_SET(l, i, SECTION_FAX, "max_rate");
	unsigned modems = SPAN_LINE(l, i, SECTION_FAX, "modems");
	const char *key = rate_set ? "max_rate" : "modems";
	unsigned line = SPAN_LINE(l, i, SECTION_FAX, key);

	if (SPAN_BAD(l, i, SECTION_FAX, "max_rate") || SPAN_BAD(l, i, SECTION_FAX, "modems"))
		return;
	if (f->modems & FAX_MODEM_V17 && f->modems != FAX_MODEM_ALL)
		load_error(l, i + 1, modems, "modems: T.30 cannot offer v17 without both v29 and v27ter");
	else if (f->modems == FAX_MODEM_V27TER && f->max_rate > 4800)
		load_error(l, i + 1, line, "%s: v27ter alone has no more than 4800 bit/s, max_rate is %u", key,
			   f->max_rate);
	else if (!(f->modems & FAX_MODEM_V17) && f->max_rate > 9600)
		load_error(l, i + 1, line, "%s: without v17 there is no more than 9600 bit/s, max_rate is %u", key,
			   f->max_rate);
	else if (f->modems == FAX_MODEM_V29 && f->max_rate < 7200)
		load_error(l, i + 1, line, "%s: v29 alone has no less than 7200 bit/s, max_rate is %u", key,
			   f->max_rate);
}

static void check_span_jitter(struct load *l, unsigned i)
{
	const struct config_span *s = &l->config->spans[i];
	bool bad = SPAN_BAD(l, i, SECTION_JITTER, "min") || SPAN_BAD(l, i, SECTION_JITTER, "max") ||
		   SPAN_BAD(l, i, SECTION_JITTER, "fax");

	if (bad)
		return;
	if (s->jitter_min_ms > s->jitter_max_ms)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_JITTER, "min"), "min: %u ms is more than max, %u ms",
			   s->jitter_min_ms, s->jitter_max_ms);
	else if (s->jitter_fax_ms < s->jitter_min_ms || s->jitter_fax_ms > s->jitter_max_ms)
		load_error(l, i + 1, SPAN_LINE(l, i, SECTION_JITTER, "fax"),
			   "fax: %u ms is not between min and max, %u ms and %u ms", s->jitter_fax_ms, s->jitter_min_ms,
			   s->jitter_max_ms);
}

/* Against the spans before it, and the sockets of the main file. */
static void check_span_unique(struct load *l, unsigned i)
{
	const struct config *c = l->config;
	const struct config_span *s = &c->spans[i], *o;
	unsigned local = SPAN_LINE(l, i, SECTION_SPAN, "local");
	bool bound =
		s->enabled && s->line_kind == LINE_TDMOE && !check_link_is_meant(s) && addr_is_set(&s->tdmoe_local);
	char text[ADDR_TEXT_OCTETS];

	addr_print(&s->tdmoe_local, text);
	for (unsigned j = 0; j < i; j++) {
		o = &c->spans[j];
		if (s->number && s->number == o->number)
			load_error(l, i + 1, s->file_line, "[span %u]: that number is taken in %s:%u", s->number,
				   o->file, o->file_line);
		if (bound && o->enabled && o->line_kind == LINE_TDMOE &&
		    addresses_meet(&s->tdmoe_local, &o->tdmoe_local))
			load_error(l, i + 1, local, "local: %s is taken in %s:%u", text, o->file,
				   SPAN_LINE(l, j, SECTION_SPAN, "local"));
	}
	if (bound && addresses_meet(&s->tdmoe_local, &c->sip_listen[addr_family(&s->tdmoe_local)]))
		load_error(l, i + 1, local, "local: %s is taken by [sip] listen", text);
	if (bound && in_media_range(c, &s->tdmoe_local))
		load_error(l, i + 1, local, "local: %s lies in [media] ports, %u-%u", text, c->port_min, c->port_max);
}

static void check_span(struct load *l, unsigned i)
{
	check_span_line(l, i);
	check_span_dahdi(l, i);
	check_span_timeslots(l, i);
	check_span_dialect(l, i);
	check_span_peers(l, i);
	check_span_modems(l, i);
	check_span_jitter(l, i);
	check_span_unique(l, i);
}

/* There must be something to do. */
static void check_any(struct load *l)
{
	const struct config *c = l->config;
	unsigned line = MAIN_LINE(l, SECTION_GATEWAY, "spans_dir");
	unsigned disabled = 0;

	for (unsigned i = 0; i < c->nspans; i++)
		disabled += !c->spans[i].enabled && SPAN_SET(l, i, SECTION_SPAN, "enabled");
	if (!c->npeers && !l->peer_tried)
		load_error(l, 0, 0, "[peer NAME] is missing: there must be at least one");
	if (!c->nspans && !l->no_folder)
		load_error(l, 0, line, "spans_dir: there is no span file, *.conf, in %s", c->spans_dir);
	else if (c->nspans && disabled == c->nspans)
		load_error(l, 0, line, "spans_dir: no span is enabled in %s", c->spans_dir);
}

void check_config(struct load *l)
{
	struct config *c = l->config;

	if (!addr_any_is_set(c->media_address) && !load_is_bad(&l->main[SECTION_MEDIA], SECTION_MEDIA, "address")) {
		memcpy(c->media_address, c->sip_listen, sizeof(c->media_address));
		for (unsigned f = 0; f < ADDR_FAMILIES; f++)
			addr_set_port(&c->media_address[f], 0);
	}
	check_any(l);
	check_reachable(l);
	check_transports(l);
	check_ports(l);
	check_lookups(l);
	for (unsigned i = 0; i < c->npeers; i++)
		check_peer(l, i);
	for (unsigned i = 0; i < c->nspans; i++)
		check_span(l, i);
	check_routes(l);
}
