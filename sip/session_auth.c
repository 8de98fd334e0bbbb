/* SPDX-License-Identifier: GPL-2.0-only */
/* A session's credentials: what was learned from a challenge goes with every later request of the call. */
#include "session_own.h"

bool session_auth_take(struct sip_session *s, const osip_message_t *response)
{
	const struct sip_peer_params *p = &s->stack->peers.list[s->peer];
	const char *wrong = credentials_take(&s->auth, p->auth_user, response);

	if (wrong) {
		log_warning(s->prefix, "%d from %s, which cannot be answered: %s", response->status_code, p->name,
			    wrong);
		return false;
	}
	log_debug(s->prefix, "%s wants credentials for \"%s\" (%s)", p->name, s->auth.challenge.realm,
		  auth_algorithm_name(s->auth.challenge.algorithm));
	return true;
}

void session_auth_add(struct sip_session *s, const char *method, struct message_text *t)
{
	const struct sip_peer_params *p = &s->stack->peers.list[s->peer];

	credentials_add(&s->auth, p->auth_user, p->auth_secret, method,
			s->dialog.strict ? s->dialog.strict : s->dialog.target, t);
}

void session_auth_accepted(struct sip_session *s)
{
	credentials_accepted(&s->auth);
}
