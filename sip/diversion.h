/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diversion: by whom a call was sent on: Diversion (RFC 5806), both ways, and History-Info (RFC 7044), read.
 */
#ifndef SIP_DIVERSION_H
#define SIP_DIVERSION_H

#include "sip/message/message.h"
#include "session.h"

/* Reads Diversion, or History-Info where there is no Diversion. COUNT is 0 when neither says that the call was sent
 * on. */
void diversion_read(const osip_message_t *m, struct session_diversion *dp);

/* Adds the Diversion header D stands for, as two lines where the original number is known too. A restricted number is
 * named only to a TRUSTED peer. */
void diversion_write(const struct session_diversion *d, const struct message_ua *ua, bool trusted,
		     struct message_text *t);

#endif
