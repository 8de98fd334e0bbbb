/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/detect/path.h"

#include <string.h>

#include "t38/rtp/g711.h"
#include "t38/rtp/jitter.h"

#define PACKET_MS     20
#define JITTER_MIN_MS 20 /* what the configuration has when it says nothing */
#define JITTER_MAX_MS 200
#define PACKETS_MAX   (SOUND_MAX_S * 1000 / PACKET_MS)

/* When each packet comes, in packets' times; never, if it is lost. */
static void draw_arrivals(const struct path *p, size_t n, struct dice *d, double *at)
{
	for (size_t k = 0; k < n; k++) {
		at[k] = (double)k + dice_between(d, 0, p->jitter_ms) / PACKET_MS;
		if (dice_between(d, 0, 1) < p->loss)
			at[k] = 1e9;
	}
}

/* Each packet is put in when the line next wants a block after it has come. */
static void pass_network(const struct path *p, uint8_t *octets, size_t n, struct dice *d)
{
	static struct jitter j;
	static double at[PACKETS_MAX];
	static uint8_t in[SOUND_MAX_S * SOUND_RATE];
	size_t packets = n / SOUND_BLOCK, reach = p->jitter_ms / PACKET_MS + 1;

	memcpy(in, octets, n);
	draw_arrivals(p, packets, d, at);
	jitter_init(&j, g711_silence(p->codec), JITTER_MIN_MS, JITTER_MAX_MS);
	for (size_t now = 0; now < packets; now++) {
		for (size_t k = now > reach ? now - reach : 0; k <= now; k++)
			if (at[k] <= (double)now && at[k] > (double)now - 1)
				jitter_put(&j, 1, (uint32_t)(k * SOUND_BLOCK), in + k * SOUND_BLOCK, SOUND_BLOCK);
		jitter_get(&j, octets + now * SOUND_BLOCK, SOUND_BLOCK);
	}
}

size_t path_pass(const struct path *p, struct sound *in, double dbm0, const struct sound *other, struct dice *d,
		 int16_t *out)
{
	static uint8_t octets[SOUND_MAX_S * SOUND_RATE];
	size_t n = in->n / SOUND_BLOCK * SOUND_BLOCK;

	if (p->noise_db > 0)
		sound_add_noise(in, 0, SOUND_MAX_S, dbm0 - p->noise_db, d);
	if (p->echo_db > 0 && other)
		sound_add(in, other, PATH_ECHO_S, -p->echo_db);
	sound_samples(in, 0, n, out);
	g711_encode(p->codec, octets, out, n);
	if (p->rtp)
		pass_network(p, octets, n, d);
	g711_convert(p->codec, CODEC_PCMA, octets, octets, n);
	g711_decode(CODEC_PCMA, out, octets, n);
	return n;
}
