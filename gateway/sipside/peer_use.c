/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/peer_use.h"

#include <stdio.h>
#include <string.h>

#include "gateway/sipside/sipside.h"
#include "sip/peer_health.h"

#define RETRY_AFTER_MAX_S 3600

/* But for L, which asks. One that is being cleared is none any more. */
static unsigned calls_beside(const struct sipside *s, const struct leg_sip *l, int peer)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->nlegs; i++) {
		const struct leg_sip *o = s->legs[i];

		n += o != l && o->fsm.state < SIP_CLOSING && (peer < 0 || o->peer == (unsigned)peer);
	}
	return n;
}

unsigned peer_use_calls(const struct sipside *s, int peer)
{
	return calls_beside(s, NULL, peer);
}

static void say_full(struct log_limit *lines, const struct leg_sip *l, int64_t now_us, const char *who, const char *why)
{
	unsigned held = 0;

	if (log_limit_pass(lines, now_us, &held))
		log_warning("sip", "%s%s: a call %s is refused (%u more since the last such line)", who, why,
			    l->from_line ? "to it" : "from it", held);
}

const char *peer_use_admit_any(struct sipside *s, const struct leg_sip *l, char *buf)
{
	const struct config *c = s->config;
	const int64_t now_us = loop_now_us(s->loop);
	unsigned n = c->max_calls ? calls_beside(s, l, -1) : 0;

	if (c->max_calls && n >= c->max_calls) {
		snprintf(buf, PEER_USE_WHY_OCTETS, "[sip] max_calls = %u is reached", n);
	} else if (!call_rate_has_room(&s->rate, c->max_calls_per_second, now_us)) {
		snprintf(buf, PEER_USE_WHY_OCTETS, "[sip] max_calls_per_second = %u is reached",
			 c->max_calls_per_second);
	} else {
		call_rate_count(&s->rate, c->max_calls_per_second, now_us);
		return NULL;
	}
	say_full(&s->full, l, now_us, "", buf);
	return buf;
}

const char *peer_use_admit(struct sipside *s, const struct leg_sip *l, char *buf)
{
	const struct config_peer *p = &s->config->peers[l->peer];
	const int64_t now_us = loop_now_us(s->loop);
	struct peer_use *u = &s->use[l->peer];
	unsigned n = p->max_calls ? calls_beside(s, l, (int)l->peer) : 0;
	char who[CONFIG_NAME_OCTETS + 8];

	if (p->max_calls && n >= p->max_calls) {
		snprintf(buf, PEER_USE_WHY_OCTETS, "its max_calls = %u is reached", n);
	} else if (!call_rate_has_room(&u->rate, p->max_calls_per_second, now_us)) {
		snprintf(buf, PEER_USE_WHY_OCTETS, "its max_calls_per_second = %u is reached",
			 p->max_calls_per_second);
	} else {
		call_rate_count(&u->rate, p->max_calls_per_second, now_us);
		u->calls_to += l->from_line;
		u->calls_from += !l->from_line;
		return NULL;
	}
	u->refused++;
	snprintf(who, sizeof(who), "peer %s: ", p->name);
	say_full(&u->lines, l, now_us, who, buf);
	return buf;
}

uint32_t peer_use_hold_ms(const struct sipside *s, unsigned peer, unsigned retry_after_s)
{
	uint32_t hold_ms = s->config->peers[peer].hold_down_ms;

	if (!hold_ms)
		return 0;
	if (retry_after_s > RETRY_AFTER_MAX_S)
		retry_after_s = RETRY_AFTER_MAX_S;
	return retry_after_s * 1000 > hold_ms ? retry_after_s * 1000 : hold_ms;
}

void peer_use_hold(struct sipside *s, unsigned peer, uint32_t hold_ms, const char *why)
{
	struct peer_use *u = &s->use[peer];
	int64_t now_us = loop_now_us(s->loop);

	snprintf(u->failed, sizeof(u->failed), "%s", why);
	if (!hold_ms)
		return;
	if (u->held_until_us <= now_us)
		log_warning("sip", "peer %s: %s: it is tried last for %u s", s->config->peers[peer].name, why,
			    hold_ms / 1000);
	u->held_until_us = now_us + hold_ms * MS_US;
}

void peer_use_release(struct sipside *s, unsigned peer)
{
	struct peer_use *u = &s->use[peer];

	if (u->held_until_us > loop_now_us(s->loop))
		log_notice("sip", "peer %s: it responds again", s->config->peers[peer].name);
	u->held_until_us = 0;
}

bool peer_use_is_last(const struct sipside *s, unsigned peer)
{
	return s->use[peer].held_until_us > loop_now_us(s->loop) ||
	       sip_stack_peer_health(s->stack, peer).state == SIP_HEALTH_DOWN;
}

const char *peer_use_state(const struct sipside *s, unsigned peer, char *buf)
{
	const struct sip_peer_health h = sip_stack_peer_health(s->stack, peer);
	int64_t now_us = loop_now_us(s->loop), left_us = s->use[peer].held_until_us - now_us;

	if (h.state != SIP_HEALTH_DOWN && left_us > 0)
		snprintf(buf, PEER_USE_WHY_OCTETS, "failed, tried last for %lld s", (long long)(left_us / SEC_US + 1));
	else if (h.state == SIP_HEALTH_UP || h.state == SIP_HEALTH_DOWN)
		snprintf(buf, PEER_USE_WHY_OCTETS, "%s for %lld s", sip_health_name(h.state),
			 (long long)((now_us - h.since_us) / SEC_US));
	else
		snprintf(buf, PEER_USE_WHY_OCTETS, "%s", sip_health_name(h.state));
	return buf;
}

const char *peer_use_word(const struct sipside *s, unsigned peer, char *buf)
{
	const struct sip_peer_health h = sip_stack_peer_health(s->stack, peer);
	const char *failed = s->use[peer].failed;

	/* a failure that is over matters less than an OPTIONS of now */
	if (h.why[0] && !(failed[0] && s->use[peer].held_until_us > loop_now_us(s->loop)))
		snprintf(buf, PEER_USE_WHY_OCTETS, "OPTIONS: %.60s", h.why);
	else
		snprintf(buf, PEER_USE_WHY_OCTETS, "%s", failed[0] ? failed : "-");
	/* the peer's own words: a tab in them would part two fields of an answer */
	for (char *tab = buf; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	return buf;
}
