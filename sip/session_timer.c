/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Session timers (RFC 4028): a call whose other end is gone without a word ends by itself.
 *
 * What is agreed comes from the last INVITE or re-INVITE and its 2xx. Who refreshes sends an UPDATE at half of the
 * interval, or offers what is agreed once more, where the peer has no UPDATE; the T.38 re-INVITE is a refresh as well.
 * When no refresh has passed shortly before the interval's end, whosever turn it was, the call is cleared (section 10).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_own.h"

#define EXPIRES_MAX_S 86400
#define MIN_SE_S      90	    /* RFC 4028 5: the least there may be */
#define MARGIN_S      32	    /* section 10: so long before its end the session is given up */
#define AGAIN_US      (20 * SEC_US) /* a refresh that did not succeed is tried again */

static const struct sip_peer_params *timer_peer(const struct sip_session *s)
{
	return &s->stack->peers.list[s->peer];
}

static unsigned min_se(const struct sip_session *s)
{
	unsigned ours = timer_peer(s)->min_se_s;

	if (ours < MIN_SE_S)
		ours = MIN_SE_S;
	return s->timer.min_s > ours ? s->timer.min_s : ours;
}

/* The seconds a header begins with; 0: there is none, or it is nonsense. */
static unsigned read_seconds(const char *v)
{
	unsigned long n;
	char *end;

	if (!v || *v < '0' || *v > '9')
		return 0;
	n = strtoul(v, &end, 10);
	if (*end && !strchr("; \t", *end))
		return 0;
	return n > EXPIRES_MAX_S ? EXPIRES_MAX_S : (unsigned)n;
}

static const char *expires_header(const osip_message_t *m)
{
	const char *v = message_header(m, "Session-Expires", 0);

	return v ? v : message_header(m, "x", 0);
}

enum refresher { REFRESHER_UNSAID, REFRESHER_UAC, REFRESHER_UAS };

static enum refresher read_refresher(const char *v)
{
	const char *p = v ? strcasestr(v, "refresher") : NULL;

	if (p)
		p += strcspn(p, "=;");
	if (!p || *p != '=')
		return REFRESHER_UNSAID;
	p += 1 + strspn(p + 1, " \t");
	return !strncasecmp(p, "uas", 3) ? REFRESHER_UAS : !strncasecmp(p, "uac", 3) ? REFRESHER_UAC : REFRESHER_UNSAID;
}

void session_timer_ask(struct sip_session *s, struct message_text *t)
{
	unsigned expires = s->timer.terms.expires_s ? s->timer.terms.expires_s : timer_peer(s)->session_expires_s;

	if (!expires)
		return;
	if (expires < min_se(s))
		expires = min_se(s);
	message_add(t, "Session-Expires: %u%s\r\n", expires,
		    !s->timer.terms.expires_s ? ""
		    : s->timer.terms.ours     ? ";refresher=uac"
					      : ";refresher=uas");
	if (min_se(s) > MIN_SE_S)
		message_add(t, "Min-SE: %u\r\n", min_se(s));
}

bool session_timer_raise(struct sip_session *s, const osip_message_t *response)
{
	unsigned wanted = read_seconds(message_header(response, "Min-SE", 0));

	/* it must have gone up, or we would ask for ever */
	if (wanted <= min_se(s))
		return false;
	s->timer.min_s = wanted;
	return true;
}

/* RFC 3261 20.5: without Allow nothing is said, and all is as it was. */
static void note_updates(struct sip_session *s, const osip_message_t *m)
{
	if (message_allows(m, NULL))
		s->peer_updates = message_allows(m, "UPDATE");
}

unsigned session_timer_take(struct sip_session *s, const osip_message_t *request)
{
	const char *v = expires_header(request);
	unsigned expires = read_seconds(v), theirs = read_seconds(message_header(request, "Min-SE", 0));
	enum refresher who = read_refresher(v);

	note_updates(s, request);
	if (message_is_for(request, "UPDATE"))
		s->peer_updates = true;
	s->timer.offered.knows =
		message_has_option(request, "Supported", "timer") || message_has_option(request, "Require", "timer");
	if (expires && expires < min_se(s)) {
		if (s->timer.offered.knows)
			return 422;
		expires = min_se(s);
	}
	if (!expires)
		expires = timer_peer(s)->session_expires_s;
	if (expires && expires < theirs)
		expires = theirs;
	s->timer.offered.expires_s = expires;
	s->timer.offered.ours = !s->timer.offered.knows || who == REFRESHER_UAS;
	return 0;
}

int session_timer_answer(struct sip_session *s, osip_message_t *m)
{
	int err;

	if (!s->timer.offered.expires_s)
		return 0;
	err = message_set_header(m, "Session-Expires", "%u;refresher=%s", s->timer.offered.expires_s,
				 s->timer.offered.ours ? "uas" : "uac");
	if (!err && s->timer.offered.knows)
		err = message_set_header(m, "Require", "timer");
	return err;
}

int session_timer_refuse(struct sip_session *s, osip_message_t *m)
{
	return message_set_header(m, "Min-SE", "%u", min_se(s));
}

void session_timer_stop(struct sip_session *s)
{
	struct timers *q = loop_timers(s->stack->loop);

	timer_stop(q, &s->timer.refresh);
	timer_stop(q, &s->timer.expiry);
}

static void timer_arm(struct sip_session *s, struct timer *t, int64_t after_us)
{
	if (timer_start(loop_timers(s->stack->loop), t, after_us))
		log_error(s->prefix, "no memory for the session timer");
}

static void timer_run(struct sip_session *s)
{
	unsigned n = s->timer.terms.expires_s;

	session_timer_stop(s);
	if (!n)
		return;
	if (s->timer.terms.ours)
		timer_arm(s, &s->timer.refresh, (int64_t)n * SEC_US / 2);
	timer_arm(s, &s->timer.expiry, (n - (n / 3 < MARGIN_S ? n / 3 : MARGIN_S)) * SEC_US);
}

void session_timer_agree(struct sip_session *s)
{
	s->timer.terms = s->timer.offered;
	timer_run(s);
}

void session_timer_result(struct sip_session *s, const osip_message_t *response)
{
	const char *v = expires_header(response);

	note_updates(s, response);
	s->timer.terms.expires_s = read_seconds(v);
	if (s->timer.terms.expires_s && s->timer.terms.expires_s < MIN_SE_S)
		s->timer.terms.expires_s = MIN_SE_S;
	/* who does not say (it must) leaves it to us */
	s->timer.terms.ours = read_refresher(v) != REFRESHER_UAS;
	timer_run(s);
}

/* If an offer of ours or theirs is under way, that refreshes as well. */
static void refresh_due(void *arg)
{
	struct sip_session *s = arg;

	if (s->fsm.state != CALL_UP)
		return;
	if (s->re.state == RE_IDLE && !s->wanted && s->peer_updates)
		session_update_send(s);
	else if (s->re.state == RE_IDLE && !s->wanted)
		session_re_restore(s);
	timer_arm(s, &s->timer.refresh, AGAIN_US);
}

static void expiry_due(void *arg)
{
	struct sip_session *s = arg;

	if (s->fsm.state != CALL_UP)
		return;
	log_warning(s->prefix, "session timer: no refresh came through in %u s: the call is cleared",
		    s->timer.terms.expires_s);
	session_end_with(s, 408, Q850_TIMER_EXPIRED, !s->timer.terms.ours, "the session timer expired");
	s->close_cause = Q850_TIMER_EXPIRED;
	session_step(s, CALL_EV_HANG_UP);
}

void session_timer_init(struct sip_session *s)
{
	timer_init(&s->timer.refresh, refresh_due, s);
	timer_init(&s->timer.expiry, expiry_due, s);
}
