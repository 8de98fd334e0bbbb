/* SPDX-License-Identifier: GPL-2.0-only */
#include "credentials.h"

#include <string.h>

#define TRIES 3 /* stale nonces in a row; no peer needs more than one */

const char *credentials_take(struct credentials *c, const char *user, const osip_message_t *response)
{
	struct auth_challenge new;
	const char *wrong = auth_challenge_read(response, &new);

	if (!user || !user[0])
		wrong = "no auth_user is configured for it";
	else if (!wrong && c->challenge.algorithm && !new.stale && !strcmp(new.nonce, c->challenge.nonce))
		wrong = "it does not take auth_user and auth_secret";
	else if (!wrong && c->tries >= TRIES)
		wrong = "it asks again and again";
	if (wrong)
		return wrong;
	c->challenge = new;
	c->count = 0;
	c->tries++;
	return NULL;
}

void credentials_add(struct credentials *c, const char *user, const char *secret, const char *method, const char *uri,
		     struct message_text *t)
{
	char cnonce[17];
	struct auth_answer a = {.user = user, .secret = secret, .method = method, .uri = uri, .cnonce = cnonce};

	if (c->challenge.algorithm == AUTH_NONE)
		return;
	message_new_token(cnonce, sizeof(cnonce));
	a.count = ++c->count;
	auth_write(&c->challenge, &a, t);
}

void credentials_accepted(struct credentials *c)
{
	c->tries = 0;
}
