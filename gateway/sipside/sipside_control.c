/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/sipside_control.h"

#include <inttypes.h>
#include <stdio.h>

#include "gateway/control/answer.h"
#include "gateway/sipside/sipside_endpoints.h"
#include "sip/peer_health.h"

static void show_status(const struct sipside *s, struct answer *a)
{
	const struct sip_stack_stats st = sip_stack_stats(s->stack);
	const struct addr *own = s->config->sip_listen;
	bool both = addr_is_set(&own[ADDR_IPV4]) && addr_is_set(&own[ADDR_IPV6]);
	char addr[ADDR_TEXT_OCTETS], other[ADDR_TEXT_OCTETS];

	answer_row(a, "SIP\ton %s%s%s, %u sessions%s",
		   addr_print(addr_is_set(&own[ADDR_IPV4]) ? &own[ADDR_IPV4] : &own[ADDR_IPV6], addr),
		   both ? " and " : "", both ? addr_print(&own[ADDR_IPV6], other) : "", sip_stack_sessions(s->stack),
		   s->stopping ? ", stopping" : "");
	answer_row(a, "SIP requests received\t%" PRIu64, st.requests_rx);
	answer_row(a, "SIP responses received\t%" PRIu64, st.responses_rx);
	answer_row(a, "SIP messages sent\t%" PRIu64, st.sent);
	answer_row(a, "SIP retransmissions\t%" PRIu64, st.retransmissions);
	answer_row(a, "SIP send errors\t%" PRIu64, st.send_errors);
	answer_row(a, "SIP bad messages\t%" PRIu64, st.bad_rx);
	answer_row(a, "SIP strangers refused\t%" PRIu64, st.forbidden_rx);
	answer_row(a, "SIP challenges sent\t%" PRIu64, st.challenges);
	answer_row(a, "SIP wrong credentials\t%" PRIu64, st.wrong_credentials);
	if (sip_stack_blacklist(s->stack))
		answer_row(a, "SIP blacklist\t%u sources", blacklist_count(sip_stack_blacklist(s->stack)));
	answer_row(a, "messages undelivered to spans\t%" PRIu64, s->undelivered);
}

/* Where peer P is: its address, or its name and how that was found. */
static const char *peer_place(const struct sipside *s, unsigned p, char *buf, size_t room)
{
	const struct config_peer *c = &s->config->peers[p];
	const struct peer_targets *t = &s->targets[p];
	const char *state = !t->looked_up	      ? ", is being looked up"
			    : t->outcome == DNS_FOUND ? ""
			    : t->targets.count	      ? ", found before, not now"
			    : t->outcome == DNS_NONE  ? ", has no address"
						      : ", no name server answers";
	char port[8] = "";

	if (c->endpoint)
		return "registers with us";
	if (!t->by_name)
		return hop_print(&t->targets.list[0].hop, buf);
	if (c->port)
		snprintf(port, sizeof(port), ":%u", c->port);
	snprintf(buf, room, "%s%s%s", c->host, port, state);
	return buf;
}

/* The servers of a peer with a name, a row for each. */
static void show_targets(const struct sipside *s, unsigned p, struct answer *a)
{
	const struct peer_targets *t = &s->targets[p];
	char hop[HOP_TEXT_OCTETS], state[48];

	for (unsigned i = 0; t->by_name && i < t->targets.count; i++) {
		int64_t left_us = t->held_until_us[i] - loop_now_us(s->loop);
		bool down = sip_stack_target_is_down(s->stack, p, &t->targets.list[i].hop);

		snprintf(state, sizeof(state), "%s", down ? "down" : "usual");
		if (left_us > 0)
			snprintf(state, sizeof(state), "failed, tried last for %lld s",
				 (long long)(left_us / SEC_US + 1));
		answer_row(a, "%s/%u\t%s\t\t%s\t\t\t\t\t", s->config->peers[p].name, i + 1,
			   hop_print(&t->targets.list[i].hop, hop), state);
	}
}

static void show_peers(const struct sipside *s, struct answer *a)
{
	char place[CONFIG_HOST_OCTETS + 64], state[PEER_USE_WHY_OCTETS], word[PEER_USE_WHY_OCTETS];

	for (unsigned p = 0; p < s->config->npeers; p++) {
		const struct peer_use *u = &s->use[p];

		answer_row(a, "%s\t%s\t%u\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64,
			   s->config->peers[p].name, peer_place(s, p, place, sizeof(place)), peer_use_calls(s, (int)p),
			   peer_use_state(s, p, state), peer_use_word(s, p, word), u->calls_from, u->calls_to,
			   u->refused, u->moved);
		show_targets(s, p, a);
	}
}

static void show_blacklist(const struct sipside *s, struct answer *a)
{
	const struct blacklist *b = sip_stack_blacklist(s->stack);
	int64_t now_us = loop_now_us(s->loop);
	const struct blacklist_entry *e;
	char text[ADDR_TEXT_OCTETS], state[48];
	unsigned at = 0;

	if (!b) {
		answer_fail(a, "there is no blacklist: [sip] blacklist_after is 0");
		return;
	}
	while ((e = blacklist_next(b, &at))) {
		snprintf(state, sizeof(state), "blocked for %lld s", (long long)((e->until_us - now_us) / SEC_US + 1));
		answer_row(a, "%s\t%s\t%u\t%" PRIu64 "\t%s", addr_range_print(&e->source, text),
			   e->until_us ? state : "counted", e->refused, e->dropped, e->what);
	}
}

static void unblock(const struct sipside *s, const struct addr *source, struct answer *a)
{
	struct blacklist *b = sip_stack_blacklist(s->stack);
	char text[ADDR_TEXT_OCTETS];

	addr_print_host(source, text);
	if (b && !blacklist_forgive(b, source))
		answer_row(a, "%s\tunblocked", text);
	else
		answer_fail(a, "%s is not on the blacklist", text);
}

void sipside_control(struct sipside *s, const struct msg *m)
{
	struct answer a = {.to = s->control, .request = m->command.request, .from = ANSWER_FROM_SIP};

	if (m->command.what.type == COMMAND_SHOW_STATUS)
		show_status(s, &a);
	else if (m->command.what.type == COMMAND_SHOW_PEERS)
		show_peers(s, &a);
	else if (m->command.what.type == COMMAND_SHOW_ENDPOINTS)
		sipside_show_endpoints(s, &a);
	else if (m->command.what.type == COMMAND_SHOW_REGISTRATIONS)
		sipside_show_registrations(s, &a);
	else if (m->command.what.type == COMMAND_SHOW_BLACKLIST)
		show_blacklist(s, &a);
	else if (m->command.what.type == COMMAND_UNBLOCK_SOURCE)
		unblock(s, &m->command.what.source, &a);
	answer_end(&a);
}
