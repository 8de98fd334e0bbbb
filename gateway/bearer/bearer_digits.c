/* SPDX-License-Identifier: GPL-2.0-only */
/* The digits of the line as telephone events to the peer (RFC 4733), where its policy wants them so. */
#include <string.h>

#include "dahdi/line.h"
#include "gateway/bearer/bearer_own.h"
#include "t38/rtp/g711.h"

static void send_event(struct bearer *b, const struct dtmf_send_packet *k, size_t n)
{
	uint8_t buf[RTP_HEADER_OCTETS + DTMF_EVENT_OCTETS];
	size_t len;

	if (!bearer_peer_listens(b)) {
		rtp_tx_skip(&b->rtp_tx, n);
		return;
	}
	len = rtp_tx_build_event(&b->rtp_tx, b->agreed.audio.telephone_event_pt, k->begin, k->marker, k->payload,
				 sizeof(k->payload), n, buf, sizeof(buf));
	b->report.rtp_tx++;
	media_socket_send(&b->rtp, buf, len);
}

/* From a modem's answer tone on nothing is a digit, whatever it sounds like. */
static void digits_to_peer(struct bearer *b, const uint8_t *rx, size_t n)
{
	struct dtmf_send_packet k;
	int16_t linear[LINE_BLOCK];

	if (!heard_modem(&b->heard)) {
		g711_decode(LINE_CODEC, linear, rx, n);
		if (dtmf_send_block(b->digits, linear, n, b->rtp_tx.timestamp, &k)) {
			send_event(b, &k, n);
			return;
		}
	}
	bearer_sound_to_peer(b, rx, n);
}

void bearer_digits_set_policy(struct bearer *b, enum media_dtmf dtmf)
{
	int err;

	b->to_peer = bearer_sound_to_peer;
	dtmf_send_free(b->digits);
	b->digits = NULL;
	if (dtmf != MEDIA_DTMF_EVENTS)
		return;
	err = dtmf_send_alloc(&b->digits);
	if (err)
		log_error(b->par.prefix, "the line's digits go in band: %s", strerror(err));
}

void bearer_digits_start(struct bearer *b)
{
	b->to_peer = b->digits && b->agreed.audio.telephone_event_pt > 0 ? digits_to_peer : bearer_sound_to_peer;
}
