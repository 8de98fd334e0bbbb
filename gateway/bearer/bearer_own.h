/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bearer's own: what its files share. bearer.c has the states, bearer_audio.c G.711 over RTP, bearer_t38.c the relay
 * and UDPTL, bearer_t30.c what is known of the fax, bearer_media.c what RTP and UDPTL have in common.
 */
#ifndef GATEWAY_BEARER_OWN_H
#define GATEWAY_BEARER_OWN_H

#include "gateway/bearer/bearer.h"

#define LINE_CODEC CODEC_PCMA

enum bearer_event { BEARER_E_AUDIO, BEARER_E_IMAGE, BEARER_E_ASK, BEARER_E_REFUSED, BEARER_E_TIMEOUT, BEARER_E_CLOSE };

/* bearer.c */
int64_t bearer_now_us(const struct bearer *b);
void bearer_heard(struct bearer *b, enum heard_from from, enum tone t);
void bearer_tell_fax(struct bearer *b); /* the owner hears of the fax, once */
/* A sign of T.30 was seen: the time until the call is given up begins anew. DCN: it was one. */
void bearer_sign(struct bearer *b, bool dcn);

/* bearer_media.c: a block of the line, by state; N is at most LINE_BLOCK. */
typedef void(bearer_block_h)(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n);
extern bearer_block_h *const bearer_blocks[];
/* Returns NULL, or why the datagram is of no use (static text). *OURSP, true before, is set to false if it is in order
 * but proves nothing about its source. */
typedef const char *(bearer_take_h)(struct bearer *b, const uint8_t *p, size_t octets, bool *oursp);
/* Passes to TAKE what waits in S, of which KIND is the name in the log; not more than a block's share of it. */
void bearer_receive(struct bearer *b, struct media_socket *s, const char *kind, bearer_take_h *take);

/* bearer_audio.c */
void bearer_audio_start(struct bearer *b, bool fixed); /* FIXED: the delay does not change from now on */
bearer_block_h bearer_block_audio, bearer_block_switching, bearer_block_passthrough;

/* bearer_payload.c */
/* False: K is of no type that was agreed. */
bool bearer_payload_take(struct bearer *b, const struct rtp_packet *k);
/* The payload type of what is sent now; *CP is its law. */
int bearer_payload_out(const struct bearer *b, enum media_codec *cp);

void bearer_rtp_pass(struct bearer *b, size_t n);    /* N samples pass without a packet */
void bearer_rtp_silence(struct bearer *b, size_t n); /* N samples of silence go to the peer */

bool bearer_peer_listens(const struct bearer *b);
void bearer_sound_to_peer(struct bearer *b, const uint8_t *rx, size_t n); /* as it is, unless it must not cross */

/* bearer_digits.c */
void bearer_digits_set_policy(struct bearer *b, enum media_dtmf dtmf);
void bearer_digits_start(struct bearer *b); /* audio was agreed: how the line's digits go */

/* bearer_rtcp.c */
void bearer_rtcp_set_policy(struct bearer *b, bool rtcp);
void bearer_rtcp_start(struct bearer *b); /* audio was agreed: where the reports go */
void bearer_rtcp_bye(struct bearer *b);	  /* no more RTP follows */
void bearer_rtcp_add_report(const struct bearer *b, struct bearer_report *rp);

/* bearer_t38.c */
int bearer_t38_start(struct bearer *b);	    /* 0 or ENOMEM: then there is no relay, and blocks are silent */
void bearer_t38_stop(struct bearer *b);	    /* tolerates a start that failed */
void bearer_t38_renew(struct bearer *b);    /* another offer in mid-fax: with other terms, or another address */
void bearer_t38_add_report(const struct bearer *b, struct bearer_report *rp);
bearer_block_h bearer_block_t38;

/* bearer_t30.c */
int bearer_t30_open(struct bearer *b); /* 0 or ENOMEM */
void bearer_t30_close(struct bearer *b);
/* FRAME passes, or was heard: address, control, FCF, FIF. */
void bearer_t30_frame(struct bearer *b, enum t30_direction d, const uint8_t *frame, size_t octets);
/* A TCF or a page begins; MODEM may be NULL. */
void bearer_t30_image(struct bearer *b, enum t30_direction d, const char *modem);

#endif
