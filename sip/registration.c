/* SPDX-License-Identifier: GPL-2.0-only */
#include "registration.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "registration_own.h"
#include "session_own.h"

#define EXPIRES_MAX_S (24 * 3600) /* the longest that a 423 may make us ask for */
/* Before the peer forgets us there must be time for a REGISTER that stays unanswered, the shortest wait, and one
 * more. */
#define MARGIN_S (TXN_64T1_MS / 1000 + REGISTRATION_BACKOFF_MIN_S + 28)
/* Until a peer's name is looked at again; the resolver says in the log why it is not known. */
#define UNRESOLVED_MS 1000

const char *sip_registered_name(enum sip_registered r)
{
	static const char *const names[] = {"none", "trying", "registered", "failed", "ended"};

	return names[r];
}

uint32_t registration_backoff_ms(unsigned failures, uint32_t random)
{
	uint32_t most_ms = REGISTRATION_BACKOFF_MAX_S * 1000;

	if (failures < 6)
		most_ms = REGISTRATION_BACKOFF_MIN_S * 1000u << failures;
	if (most_ms > REGISTRATION_BACKOFF_MAX_S * 1000)
		most_ms = REGISTRATION_BACKOFF_MAX_S * 1000;
	return most_ms / 2 + random % (most_ms / 2);
}

uint32_t registration_refresh_ms(unsigned expires_s, uint32_t random)
{
	uint32_t at_ms = expires_s > 2 * MARGIN_S ? (expires_s - MARGIN_S) * 1000 : expires_s * 500;

	/* not all gateways that came up together shall come at once */
	return at_ms - random % (at_ms / 16 + 1);
}

static uint32_t random_number(void)
{
	char token[9];

	message_new_token(token, sizeof(token));
	return (uint32_t)strtoul(token, NULL, 16);
}

static const struct sip_peer_params *params_of(const struct registration *r)
{
	return &r->stack->peers.list[r->peer];
}

static int64_t now_us(const struct registration *r)
{
	return loop_now_us(r->stack->loop);
}

/* ---- the request ---- */

/* A peer of several servers is registered with at one of them: after a failure at the next. */
static int choose_hop(const struct registration *r, struct sip_hop *hp)
{
	const struct sip_targets *ts = &r->stack->peers.targets[r->peer];

	if (!ts->count)
		return EHOSTUNREACH;
	*hp = ts->list[r->failures % ts->count].hop;
	return 0;
}

static int make_dialog(struct registration *r, const struct sip_hop *hop)
{
	const struct sip_peer_params *p = params_of(r);
	char host[ADDR_TEXT_OCTETS], target[MESSAGE_HOST_OCTETS + 16];
	const char *domain = p->register_domain;
	struct message_text *aor = malloc(sizeof(*aor));
	int err;

	if (!aor)
		return ENOMEM;
	if (!domain || !domain[0])
		domain = addr_is_set(&p->addr) ? addr_print_host(&p->addr, host) : p->host;
	snprintf(target, sizeof(target), strchr(domain, ':') && domain[0] != '[' ? "sip:[%.127s]" : "sip:%.127s",
		 domain);
	*aor = (struct message_text){.len = 0};
	message_add(aor, "<sip:");
	message_add_user(aor, p->register_user);
	message_add(aor, "@%s>", target + 4);
	err = dialog_init_uac(&r->dialog, aor->s, aor->s, target, hop);
	free(aor);
	return err;
}

static void add_contact(const struct registration *r, struct message_text *t, unsigned expires_s)
{
	const struct message_ua *ua = stack_ua(r->stack, &r->dialog.next_hop);
	enum sip_transport by = r->dialog.next_hop.transport;

	message_add(t, "Contact: <sip:");
	message_add_user(t, params_of(r)->register_user);
	message_add(t, "@%s", ua->sent_by[by]);
	if (by != SIP_UDP)
		message_add(t, ";transport=%s", sip_transport_name(by));
	message_add(t, ">;expires=%u\r\nExpires: %u\r\n", expires_s, expires_s);
}

static void registration_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg);

static int send_register(struct registration *r, unsigned expires_s)
{
	const struct sip_peer_params *p = params_of(r);
	struct message_text *t = malloc(sizeof(*t));
	struct sip_hop hop;
	osip_message_t *m;
	int err = t ? choose_hop(r, &hop) : ENOMEM;

	if (!err && !r->dialog.target)
		err = make_dialog(r, &hop);
	if (err)
		goto out;
	r->dialog.next_hop = hop;
	dialog_add_request(&r->dialog, t, stack_ua(r->stack, &r->dialog.next_hop), "REGISTER", 0, false);
	add_contact(r, t, expires_s);
	credentials_add(&r->auth, p->auth_user, p->auth_secret, "REGISTER", r->dialog.target, t);
	message_add_body(t, NULL);
	err = message_finish(t, &m);
	if (!err)
		err = txn_request(r->stack->txns, m, &r->dialog.next_hop, registration_txn, r, &r->asking);
out:
	free(t);
	return err;
}

/* ---- what comes back ---- */

static bool is_our_contact(const struct registration *r, const osip_contact_t *c)
{
	const osip_uri_t *u = c->url;
	char at[MESSAGE_HOST_OCTETS + 16];
	bool v6;

	if (!u || !u->username || !u->host || strcmp(u->username, params_of(r)->register_user))
		return false;
	v6 = strchr(u->host, ':') && u->host[0] != '[';
	snprintf(at, sizeof(at), "%s%.127s%s:%.7s", v6 ? "[" : "", u->host, v6 ? "]" : "", u->port ? u->port : "5060");
	return !strcasecmp(at, stack_ua(r->stack, &r->dialog.next_hop)->sent_by[r->dialog.next_hop.transport]);
}

static bool read_seconds(const char *text, unsigned *sp)
{
	unsigned long n;

	if (!text || text[0] < '0' || text[0] > '9')
		return false;
	n = strtoul(text, NULL, 10);
	*sp = n > EXPIRES_MAX_S * 30 ? EXPIRES_MAX_S * 30 : (unsigned)n;
	return true;
}

/* RFC 3261 10.2.4: our Contact's own expires, else the header, else what we asked for. */
static unsigned granted_s(const struct registration *r, const osip_message_t *m)
{
	unsigned expires_s = r->expires_s;
	osip_contact_t *c;
	osip_generic_param_t *param;

	read_seconds(message_header(m, "Expires", 0), &expires_s);
	for (int i = 0; (c = osip_list_get(&m->contacts, i)); i++) {
		param = NULL;
		if (is_our_contact(r, c) && !osip_generic_param_get_byname(&c->gen_params, (char *)"expires", &param) &&
		    param)
			read_seconds(param->gvalue, &expires_s);
	}
	return expires_s;
}

/* RFC 3261 10.2.8; once an attempt. */
static bool raise_expires(struct registration *r, const osip_message_t *m)
{
	unsigned min_s = 0;

	if (r->raised || !read_seconds(message_header(m, "Min-Expires", 0), &min_s) || min_s <= r->expires_s ||
	    min_s > EXPIRES_MAX_S)
		return false;
	log_info(r->prefix, "it registers for %u s at least, we asked for %u s", min_s, r->expires_s);
	r->expires_s = min_s;
	r->raised = true;
	return true;
}

static void note_failure(struct registration *r, const char *why)
{
	snprintf(r->known.why, sizeof(r->known.why), "%s", why);
}

static void take_refusal(struct registration *r, const osip_message_t *m)
{
	const char *wrong = "";
	char why[REGISTRATION_WHY_OCTETS];

	r->retry_after_s = 0;
	if (m->status_code == 401 || m->status_code == 407) {
		wrong = credentials_take(&r->auth, params_of(r)->auth_user, m);
		if (!wrong) {
			fsm_event(&r->fsm, REGISTRATION_EV_AGAIN, NULL);
			return;
		}
	} else if (m->status_code == 423 && raise_expires(r, m)) {
		fsm_event(&r->fsm, REGISTRATION_EV_AGAIN, NULL);
		return;
	}
	read_seconds(message_header(m, "Retry-After", 0), &r->retry_after_s);
	snprintf(why, sizeof(why), "%d %s%s%s", m->status_code, message_phrase((unsigned)m->status_code),
		 wrong[0] ? ": " : "", wrong);
	note_failure(r, why);
	fsm_event(&r->fsm, REGISTRATION_EV_FAILED, NULL);
}

static void registration_txn(struct txn *t, enum txn_event e, const osip_message_t *m, void *arg)
{
	struct registration *r = arg;

	if (e == TXN_GONE || (e == TXN_RESPONSE && m->status_code < 200))
		return;
	r->asking = NULL;
	txn_abandon(t);
	if (e != TXN_RESPONSE) {
		r->retry_after_s = 0;
		note_failure(r, e == TXN_ERROR ? "cannot send to the peer" : "no response");
		fsm_event(&r->fsm, REGISTRATION_EV_FAILED, NULL);
	} else if (m->status_code < 300) {
		fsm_event(&r->fsm, REGISTRATION_EV_GRANTED, m);
	} else {
		take_refusal(r, m);
	}
}

/* ---- the machine ---- */

static void change(struct registration *r, enum sip_registered state)
{
	if (r->known.state != state)
		r->known.since_us = now_us(r);
	r->known.state = state;
}

static void act_ask(void *owner, const void *data)
{
	struct registration *r = owner;
	int err;

	r->known.next_us = 0;
	err = send_register(r, r->expires_s);
	if (!err)
		return;
	r->retry_after_s = 0;
	note_failure(r, err == EHOSTUNREACH ? "its name is not resolved" : strerror(err));
	fsm_event(&r->fsm, REGISTRATION_EV_FAILED, NULL);
}

/* A new attempt, not the answer to what became of the last. */
static void act_begin(void *owner, const void *data)
{
	struct registration *r = owner;

	r->raised = false;
	r->auth.tries = 0;
	if (r->known.state != SIP_REGISTERED_YES && r->known.state != SIP_REGISTERED_FAILED)
		change(r, SIP_REGISTERED_TRYING);
	act_ask(r, NULL);
}

static void act_granted(void *owner, const void *data)
{
	struct registration *r = owner;
	unsigned expires_s = granted_s(r, data);

	credentials_accepted(&r->auth);
	if (!expires_s) {
		r->retry_after_s = 0;
		note_failure(r, "200, but for 0 s");
		fsm_event(&r->fsm, REGISTRATION_EV_FAILED, NULL);
		return;
	}
	if (r->known.state != SIP_REGISTERED_YES)
		log_notice(r->prefix, "registered as %s for %u s", params_of(r)->register_user, expires_s);
	else if (r->known.why[0])
		log_notice(r->prefix, "the registration is refreshed after all, for %u s", expires_s);
	change(r, SIP_REGISTERED_YES);
	r->known.why[0] = '\0';
	r->failures = 0;
	r->timeouts_ms[REGISTRATION_T_HELD] = registration_refresh_ms(expires_s, random_number());
	r->known.until_us = now_us(r) + expires_s * SEC_US;
	r->known.next_us = now_us(r) + r->timeouts_ms[REGISTRATION_T_HELD] * MS_US;
}

static void act_failed(void *owner, const void *data)
{
	struct registration *r = owner;
	bool held = r->known.until_us > now_us(r);
	uint32_t wait_ms;

	if (!r->stack->peers.targets[r->peer].count) {
		r->timeouts_ms[REGISTRATION_T_WAITING] = UNRESOLVED_MS;
		return;
	}
	r->failures++;
	wait_ms = registration_backoff_ms(r->failures, random_number());
	if (r->retry_after_s <= REGISTRATION_BACKOFF_MAX_S && r->retry_after_s * 1000 > wait_ms)
		wait_ms = r->retry_after_s * 1000;
	r->timeouts_ms[REGISTRATION_T_WAITING] = wait_ms;
	r->known.next_us = now_us(r) + wait_ms * MS_US;
	if (r->failures == 1 && held)
		log_warning(r->prefix, "the registration as %s is not refreshed: %s: tried again in %u s",
			    params_of(r)->register_user, r->known.why, wait_ms / 1000);
	if (held)
		return;
	r->known.until_us = 0;
	if (r->known.state != SIP_REGISTERED_FAILED)
		log_warning(r->prefix, "not registered as %s: %s: tried again in %u s", params_of(r)->register_user,
			    r->known.why, wait_ms / 1000);
	change(r, SIP_REGISTERED_FAILED);
}

static void act_silence(void *owner, const void *data)
{
	struct registration *r = owner;

	txn_abandon(r->asking);
	r->asking = NULL;
	r->retry_after_s = 0;
	note_failure(r, "no response");
	act_failed(r, NULL);
}

static void act_leave(void *owner, const void *data)
{
	struct registration *r = owner;

	txn_abandon(r->asking);
	r->asking = NULL;
	r->known.next_us = 0;
	if (r->fsm.state == REGISTRATION_LEAVING || r->known.until_us > now_us(r) ||
	    r->fsm.state == REGISTRATION_ASKING) {
		if (!send_register(r, 0))
			return;
	}
	fsm_event(&r->fsm, REGISTRATION_EV_LEFT, NULL);
}

static void act_gone(void *owner, const void *data)
{
	struct registration *r = owner;

	txn_abandon(r->asking);
	r->asking = NULL;
	if (r->known.state == SIP_REGISTERED_YES)
		log_notice(r->prefix, "the registration as %s %s", params_of(r)->register_user,
			   data ? "is taken back" : "ends with us");
	r->known.until_us = 0;
	change(r, SIP_REGISTERED_ENDED);
}

static const struct fsm_state states[] = {
	[REGISTRATION_OFF] = {.name = "off"},	      [REGISTRATION_ASKING] = {.name = "asking"},
	[REGISTRATION_HELD] = {.name = "held"},	      [REGISTRATION_WAITING] = {.name = "waiting"},
	[REGISTRATION_LEAVING] = {.name = "leaving"}, [REGISTRATION_GONE] = {.name = "gone"},
};

static const char *const events[] = {
	[REGISTRATION_EV_START] = "start",   [REGISTRATION_EV_GRANTED] = "granted", [REGISTRATION_EV_AGAIN] = "again",
	[REGISTRATION_EV_FAILED] = "failed", [REGISTRATION_EV_SILENCE] = "silence", [REGISTRATION_EV_DUE] = "due",
	[REGISTRATION_EV_STOP] = "stop",     [REGISTRATION_EV_LEFT] = "left",
};

static const struct fsm_rule rules[] = {
	{REGISTRATION_OFF, REGISTRATION_EV_START, NULL, REGISTRATION_WAITING},
	{REGISTRATION_OFF, REGISTRATION_EV_STOP, NULL, REGISTRATION_GONE},
	{REGISTRATION_WAITING, REGISTRATION_EV_DUE, act_begin, REGISTRATION_ASKING},
	{REGISTRATION_WAITING, REGISTRATION_EV_STOP, act_leave, REGISTRATION_LEAVING},
	{REGISTRATION_ASKING, REGISTRATION_EV_GRANTED, act_granted, REGISTRATION_HELD},
	{REGISTRATION_ASKING, REGISTRATION_EV_AGAIN, act_ask, REGISTRATION_ASKING},
	{REGISTRATION_ASKING, REGISTRATION_EV_FAILED, act_failed, REGISTRATION_WAITING},
	{REGISTRATION_ASKING, REGISTRATION_EV_SILENCE, act_silence, REGISTRATION_WAITING},
	{REGISTRATION_ASKING, REGISTRATION_EV_STOP, act_leave, REGISTRATION_LEAVING},
	{REGISTRATION_HELD, REGISTRATION_EV_DUE, act_begin, REGISTRATION_ASKING},
	{REGISTRATION_HELD, REGISTRATION_EV_FAILED, act_failed, REGISTRATION_WAITING},
	{REGISTRATION_HELD, REGISTRATION_EV_STOP, act_leave, REGISTRATION_LEAVING},
	{REGISTRATION_LEAVING, REGISTRATION_EV_AGAIN, act_leave, FSM_STAY},
	{REGISTRATION_LEAVING, REGISTRATION_EV_GRANTED, act_gone, REGISTRATION_GONE},
	{REGISTRATION_LEAVING, REGISTRATION_EV_FAILED, act_gone, REGISTRATION_GONE},
	{REGISTRATION_LEAVING, REGISTRATION_EV_LEFT, act_gone, REGISTRATION_GONE},
	{REGISTRATION_LEAVING, REGISTRATION_EV_STOP, NULL, FSM_STAY},
	{REGISTRATION_GONE, REGISTRATION_EV_STOP, NULL, FSM_STAY},
};

static const struct fsm_timeout timeouts[] = {
	{REGISTRATION_ASKING, REGISTRATION_EV_SILENCE, REGISTRATION_T_ASKING},
	{REGISTRATION_HELD, REGISTRATION_EV_DUE, REGISTRATION_T_HELD},
	{REGISTRATION_WAITING, REGISTRATION_EV_DUE, REGISTRATION_T_WAITING},
	{REGISTRATION_LEAVING, REGISTRATION_EV_LEFT, REGISTRATION_T_LEAVING},
};

const struct fsm_def registration_fsm = FSM_DEF("registration", states, events, rules, timeouts);
