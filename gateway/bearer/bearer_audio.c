/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * G.711 over RTP: what a bearer does with a block of its line in AUDIO, SWITCHING and PASSTHROUGH. No allocation, no
 * waiting.
 */
#include <string.h>

#include "dahdi/line.h"
#include "gateway/bearer/bearer_own.h"
#include "t38/rtp/g711.h"

#define OLD_DATAGRAMS 512 /* more than a socket holds */

static const char *take_datagram(struct bearer *b, const uint8_t *p, size_t octets, bool *oursp)
{
	struct rtp_packet k;

	if (rtp_read(p, octets, &k))
		return "not an RTP packet";
	*oursp = bearer_payload_take(b, &k);
	if (*oursp)
		b->report.rtp_rx++;
	return NULL;
}

/* By its description; on hold it does not (RFC 3264 8.4). */
bool bearer_peer_listens(const struct bearer *b)
{
	enum media_direction d = b->agreed.audio.direction;

	return d == MEDIA_SENDRECV || d == MEDIA_RECVONLY;
}

static void rtp_send(struct bearer *b, int payload_type, const uint8_t *octets, size_t n)
{
	uint8_t buf[RTP_HEADER_OCTETS + LINE_BLOCK];
	size_t len;

	if (!bearer_peer_listens(b)) {
		rtp_tx_skip(&b->rtp_tx, n);
		return;
	}
	len = rtp_tx_build(&b->rtp_tx, payload_type, octets, n, buf, sizeof(buf));
	b->report.rtp_tx++;
	media_socket_send(&b->rtp, buf, len);
}

void bearer_rtp_pass(struct bearer *b, size_t n)
{
	rtp_tx_skip(&b->rtp_tx, n);
}

void bearer_rtp_silence(struct bearer *b, size_t n)
{
	uint8_t silence[LINE_BLOCK];
	enum media_codec c;
	int payload_type = bearer_payload_out(b, &c);

	memset(silence, g711_silence(c), n);
	rtp_send(b, payload_type, silence, n);
}

/* The line's octets go to the peer, or silence when they must not cross. */
void bearer_sound_to_peer(struct bearer *b, const uint8_t *rx, size_t n)
{
	uint8_t octets[LINE_BLOCK];
	enum media_codec c;
	int payload_type = bearer_payload_out(b, &c);

	if (b->mute[HEARD_LINE])
		memset(octets, g711_silence(c), n);
	else
		g711_convert(LINE_CODEC, c, octets, rx, n);
	rtp_send(b, payload_type, octets, n);
}

static void audio_to_line(struct bearer *b, uint8_t *tx, size_t n)
{
	uint8_t octets[LINE_BLOCK];
	int16_t linear[LINE_BLOCK];

	bearer_receive(b, &b->rtp, "RTP", take_datagram);
	b->rtcp_block(b);
	jitter_get(&b->jitter, octets, n);
	if (dtmf_play(b->dtmf, linear, n))
		g711_encode(LINE_CODEC, tx, linear, n);
	else
		g711_convert(b->codec, LINE_CODEC, tx, octets, n);
}

/* TONES: listen for a fax as well, and for its frames only when there is one. */
static void listen_to(struct bearer *b, enum heard_from from, const uint8_t *octets, size_t n, bool tones)
{
	int16_t linear[LINE_BLOCK];

	g711_decode(LINE_CODEC, linear, octets, n);
	if (tones)
		tone_rx_samples(b->tones[from], linear, n);
	if (tones && heard_invited(&b->heard, from))
		v8_listen_samples(b->v8[from], linear, n);
	if (!tones || heard_fax(&b->heard))
		v21_listen_samples(b->v21[from], linear, n);
}

void bearer_block_audio(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	audio_to_line(b, tx, n);
	listen_to(b, HEARD_LINE, rx, n, true);
	listen_to(b, HEARD_PEER, tx, n, true);
	b->to_peer(b, rx, n);
	if (b->mute[HEARD_PEER])
		memset(tx, LINE_IDLE, n);
}

void bearer_block_switching(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	if (!heard_switch_mutes(b->par.fax->t38_start, &b->heard)) {
		bearer_block_audio(b, rx, tx, n);
		return;
	}
	audio_to_line(b, tx, n); /* read all the same: what waits would be old when it is heard again */
	memset(tx, LINE_IDLE, n);
	bearer_rtp_silence(b, n);
}

/* T.38 was refused, perhaps before T.30 has begun: until it has, V.8 may still come. */
void bearer_block_passthrough(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	audio_to_line(b, tx, n);
	listen_to(b, HEARD_LINE, rx, n, !heard_t30(&b->heard, HEARD_LINE));
	listen_to(b, HEARD_PEER, tx, n, !heard_t30(&b->heard, HEARD_PEER));
	b->to_peer(b, rx, n);
	if (b->mute[HEARD_PEER])
		memset(tx, LINE_IDLE, n);
}

/* What gathered in the sockets while T.38 was on is old, and none of it counts as lost. */
static void resume(struct bearer *b)
{
	struct media_socket *const sockets[] = {&b->rtp, &b->rtcp};
	uint8_t old[RTP_MAX_OCTETS];
	struct addr from;
	bool new;

	for (unsigned s = 0; s < sizeof(sockets) / sizeof(sockets[0]); s++)
		for (unsigned i = 0; i < OLD_DATAGRAMS; i++)
			if (media_socket_recv(sockets[s], bearer_now_us(b), old, sizeof(old), &from, &new) < 0)
				break;
	b->rtp_stale = false;
	rtp_rx_restart(&b->rtp_rx);
	rtcp_session_resume(&b->reports, bearer_now_us(b));
}

void bearer_audio_start(struct bearer *b, bool fixed)
{
	const struct media_audio *a = &b->agreed.audio;
	bool first = !b->rtp_tx.ssrc;

	if (b->rtp_stale)
		resume(b);
	if (!addr_equal(&a->addr, &b->rtp.described))
		rtp_rx_restart(&b->rtp_rx);
	media_socket_set_remote(&b->rtp, &a->addr);
	if (first || b->codec != a->codecs[0]) {
		b->codec = a->codecs[0];
		jitter_init(&b->jitter, g711_silence(b->codec), b->par.jitter_min_ms, b->par.jitter_max_ms);
	}
	if (first)
		rtp_tx_init(&b->rtp_tx, (uint64_t)clock_wall_us() ^ (uintptr_t)b);
	bearer_digits_start(b);
	bearer_rtcp_start(b);
	if (fixed)
		jitter_fix(&b->jitter, b->par.jitter_fax_ms);
}
