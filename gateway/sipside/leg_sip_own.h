/* SPDX-License-Identifier: GPL-2.0-only */
/* leg_sip's own: what its files share. leg_sip.c is what comes from outside, leg_sip_fsm.c what is done about
 * it. */
#ifndef GATEWAY_LEG_SIP_OWN_H
#define GATEWAY_LEG_SIP_OWN_H

#include "gateway/sipside/leg_sip.h"

#define LEG_SIP_CLOSING_MS 8000 /* for a peer and a line side that do not clear */

const struct config_span *leg_sip_span_conf(const struct leg_sip *l);
/* The first end of a call is its reason; what follows is consequence. */
void leg_sip_note_end(struct leg_sip *l, bool by_peer, unsigned cause, unsigned sip_status, const char *why);
void leg_sip_say_release(struct leg_sip *l);
void leg_sip_ask_done(struct leg_sip *l);
void leg_sip_say(struct leg_sip *l, const struct msg *m); /* to the span; when it cannot, the call is dropped */

/* leg_sip_media.c */
const struct config_peer *leg_sip_peer_conf(const struct leg_sip *l);
struct msg leg_sip_msg(const struct leg_sip *l, enum msg_type type);
void leg_sip_say_media(struct leg_sip *l, enum msg_type type, const struct media_desc *agreed, bool inband);
/* The media's address family, from here on: that of A, if it is an address and we have media there. */
void leg_sip_take_family(struct leg_sip *l, const struct addr *a);
/* The same, of what MEDIA describes. */
void leg_sip_take_media_family(struct leg_sip *l, const struct media_desc *media);
/* Our media, with our addresses, as span and peer allow. */
void leg_sip_local_media(const struct leg_sip *l, bool audio, bool image, struct media_desc *mp);
/* In an answer, or in the audio offered where T.38 was refused: it may be voice-band data (V.152), if the peer's
 * configuration has it so. */
void leg_sip_allow_vbd(const struct leg_sip *l, struct media_desc *m);
/* What we take of the peer's offer when the call begins: audio if it is there; the image when it stands alone, or would
 * be asked for at once. */
void leg_sip_answer_media(const struct leg_sip *l, struct media_desc *mp);
/* Actions: DATA is a struct session_event, or a struct msg of the span. */
void leg_sip_confirmed(void *owner, const void *data);
void leg_sip_ask_t38(void *owner, const void *data);
void leg_sip_cancel_t38(void *owner, const void *data);
void leg_sip_reanswered(void *owner, const void *data);
void leg_sip_rerefused(void *owner, const void *data);
void leg_sip_reoffer(void *owner, const void *data);

/* leg_sip_failover.c: a call from the line, and the peers of its span. */
void leg_sip_failover_init(struct leg_sip *l, unsigned first);
/* The peer has a name, and no server was found for it yet. */
void leg_sip_drop_unknown(struct leg_sip *l);
/* Whether the peer whose turn it is has room for the call, or one that follows: that is then l->peer. If none has, the
 * call is dropped. */
bool leg_sip_failover_admit(struct leg_sip *l);
void leg_sip_failover_begin(struct leg_sip *l); /* the INVITE is sent */
/* True if E ended the attempt but not the call: the next peer is being tried. */
bool leg_sip_failover(struct leg_sip *l, const struct session_event *e);
/* What is said of the end: WHY, behind the attempts before. BUF has MSG_TEXT_OCTETS. */
const char *leg_sip_failover_text(const struct leg_sip *l, const char *why, char *buf);

#endif
