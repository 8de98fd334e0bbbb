/* SPDX-License-Identifier: GPL-2.0-only */
/* leg_pstn's own: what its two files share. leg_pstn.c is what comes from outside, leg_pstn_fsm.c what is done about
 * it. */
#ifndef GATEWAY_LEG_PSTN_OWN_H
#define GATEWAY_LEG_PSTN_OWN_H

#include "gateway/span/leg_pstn.h"

void leg_pstn_name_prefix(struct leg_pstn *l);
/* Whose failure the end that is noted next comes of; CDR_NOBODY: that is for the frames to tell. */
void leg_pstn_note_failed(struct leg_pstn *l, enum cdr_side failed);
/* The first end of a call is its reason; what follows is consequence. */
void leg_pstn_note_end(struct leg_pstn *l, enum cdr_side by, unsigned cause, unsigned sip_status, const char *text);

/* The call from the line goes by ROUTE. */
void leg_pstn_take_route(struct leg_pstn *l, const struct route_result *route);

struct msg leg_pstn_msg(const struct leg_pstn *l, enum msg_type type);
/* Says M to the SIP side. A mailbox that is full ends the call: half a call is worse than none. */
void leg_pstn_say(struct leg_pstn *l, const struct msg *m);
void leg_pstn_say_release(struct leg_pstn *l);
void leg_pstn_ask_done(struct leg_pstn *l);

#endif
