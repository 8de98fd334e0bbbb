/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * offer: offer and answer (RFC 3264) between SDP and the plain media description. Pure.
 */
#ifndef SIP_OFFER_H
#define SIP_OFFER_H

#include "sdp.h"

/*
 * In all of these the session_id and session_version of a struct sdp are the caller's to set: they come out empty.
 */

/*
 * Makes an offer of LOCAL (audio, image, or both in that order). PREVIOUS is what we last said in this dialog, offer or
 * answer, that was agreed (NULL at first). A kind that is in use there keeps its place, so that a session refresh comes
 * out as it was. Otherwise it takes the place of the first stream in use (an image replaces the audio there; RFC 3264
 * 8.3.3), or the one beside it if both are offered. The rest are declined. Never fewer streams than PREVIOUS (RFC 3264
 * 8).
 */
void offer_make(const struct media_desc *local, const struct sdp *previous, struct sdp *offerp);

/* What an offer (or answer) holds for us: its first usable audio stream (one with a common codec) and its first usable
 * T.38 stream, not declined. */
void offer_read(const struct sdp *s, struct media_desc *remotep);

/* NULL if OFFER holds something for us, or why it does not (static text; answer 488)... */
const char *offer_fault(const struct sdp *offer);
/* ...and the code that goes with the text in a Warning header; 0: TEXT is none of them. */
unsigned offer_fault_code(const char *text);

/* True if A and B describe the same streams with the same addresses and parameters, whatever their o= versions say:
 * a session refresh (RFC 4028 7.4) and no change. */
bool offer_same(const struct sdp *a, const struct sdp *b);

/*
 * Answers OFFER with LOCAL, which says what is taken (has_audio, has_image; both only if both were offered). Each
 * stream of the offer is answered in its place, those not taken with port 0. Audio: codecs in the offer's order that
 * both have, the offer's telephone-event payload type (if LOCAL has one), direction mirrored. T.38: version the lower;
 * rate the lower; error correction the lesser; fill bit removal and transcoding where both have them; localTCF only
 * where LOCAL has it, or takes it, and it is offered; max buffer and max datagram are LOCAL's own. *AGREEDP is what we
 * send by: the peer's addresses and limits, first codec first; its direction is the peer's side of what was answered.
 * Returns 0, or ENOTSUP when nothing of LOCAL fits the offer (answer 488).
 */
int offer_answer(const struct sdp *offer, const struct media_desc *local, struct sdp *answerp,
		 struct media_desc *agreedp);

/*
 * Reads the ANSWER to our OFFER. *AGREEDP is what we send by (has_audio and has_image false: all was declined). A
 * declined stream may be of any kind; streams missing at the end of the answer, and declined ones too many, count as
 * declined. Returns NULL, or what is wrong with the answer (static text): more streams than offered, none at all, a
 * stream's kind changed, a stream taken that was not offered, a codec we did not offer.
 */
const char *offer_result(const struct sdp *offer, const struct sdp *answer, struct media_desc *agreedp);

#endif
