/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session's credentials (RFC 3261 22.2): a challenge is answered once; a nonce that was answered and is challenged
 * again, not as stale, means that the credentials are wrong. What was learned goes with every later request of the call.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session_own.h"

#define TRIES 3 /* stale nonces in a row; no peer needs more than one */

bool session_auth_take(struct sip_session *s, const osip_message_t *response)
{
	const struct sip_peer_params *p = &s->stack->peers.list[s->peer];
	struct auth_challenge c;
	const char *wrong = auth_challenge_read(response, &c);

	if (!p->auth_user || !p->auth_user[0])
		wrong = "no auth_user is configured for it";
	else if (!wrong && s->auth.challenge.algorithm && !c.stale && !strcmp(c.nonce, s->auth.challenge.nonce))
		wrong = "it does not take auth_user and auth_secret";
	else if (!wrong && s->auth.tries >= TRIES)
		wrong = "it asks again and again";
	if (wrong) {
		log_warning(s->prefix, "%d from %s, which cannot be answered: %s", response->status_code, p->name,
			    wrong);
		return false;
	}
	s->auth.challenge = c;
	s->auth.count = 0;
	s->auth.tries++;
	log_debug(s->prefix, "%s wants credentials for \"%s\" (%s)", p->name, c.realm,
		  auth_algorithm_name(c.algorithm));
	return true;
}

void session_auth_add(struct sip_session *s, const char *method, struct message_text *t)
{
	const struct sip_peer_params *p = &s->stack->peers.list[s->peer];
	char cnonce[17];
	struct auth_answer a = {
		.user = p->auth_user,
		.secret = p->auth_secret,
		.method = method,
		.uri = s->dialog.strict ? s->dialog.strict : s->dialog.target,
		.cnonce = cnonce,
	};

	if (s->auth.challenge.algorithm == AUTH_NONE)
		return;
	message_new_token(cnonce, sizeof(cnonce));
	a.count = ++s->auth.count;
	auth_write(&s->auth.challenge, &a, t);
}

void session_auth_accepted(struct sip_session *s)
{
	s->auth.tries = 0;
}
