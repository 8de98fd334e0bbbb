/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange_audio.c: what is heard and said on a B channel.
 */
#include <math.h>
#include <stdlib.h>
#include "t38/spandsp_version.h"

#include "exchange_priv.h"

#define TONE_HZ	  1000
#define TONE_PEAK 8192.0 /* -9 dBm0 or so */

void xcall_audio_fini(struct xcall *c)
{
	damaged_line_free(c->line);
	c->line = NULL;
}

/* The line of this call, NULL if it is a good one. */
static struct damaged_line *line_of(struct xcall *c)
{
	if (c->x->damaged && !c->line && damaged_line_alloc(&c->line, &c->x->damage, c->r.timeslot))
		abort(); /* a test on a good line would say nothing */
	return c->line;
}

static void to_linear(const uint8_t *octets, int16_t *samples)
{
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		samples[i] = alaw_to_linear(octets[i]);
}

static void to_alaw(const int16_t *samples, uint8_t *octets)
{
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		octets[i] = linear_to_alaw(samples[i]);
}

static void tone(struct xcall *c, int16_t *samples)
{
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++) {
		samples[i] = (int16_t)lrint(TONE_PEAK * sin(2.0 * M_PI * c->tone_phase / XLINE_RATE));
		c->tone_phase = (c->tone_phase + TONE_HZ) % XLINE_RATE;
	}
}

static void handler_audio(struct xcall *c, const uint8_t *heard, uint8_t *say)
{
	const struct xcall_source *s = &c->b.source;
	struct damaged_line *line = line_of(c);
	int16_t linear[EXCHANGE_BLOCK];
	uint8_t bad[EXCHANGE_BLOCK];

	if (!line) {
		s->octets(heard, say, EXCHANGE_BLOCK, s->arg);
		return;
	}
	to_linear(heard, linear);
	damaged_line_to_machine(line, linear, EXCHANGE_BLOCK);
	to_alaw(linear, bad);
	s->octets(bad, say, EXCHANGE_BLOCK, s->arg);
	to_linear(say, linear);
	damaged_line_from_machine(line, linear, EXCHANGE_BLOCK);
	to_alaw(linear, say);
}

static void audio(struct xcall *c, const uint8_t *heard, uint8_t *say)
{
	const struct xcall_source *s = &c->b.source;
	struct damaged_line *line = line_of(c);
	int16_t in[EXCHANGE_BLOCK], out[EXCHANGE_BLOCK] = {0};

	c->r.samples += EXCHANGE_BLOCK;
	if (s->kind == XAUDIO_HANDLER && s->octets) {
		handler_audio(c, heard, say);
		return;
	}
	to_linear(heard, in);
	if (line)
		damaged_line_to_machine(line, in, EXCHANGE_BLOCK);
	if (s->kind == XAUDIO_MACHINE && s->machine && c->r.state == XCALL_CONNECTED) {
		machine_rx(s->machine, in, EXCHANGE_BLOCK);
		machine_tx(s->machine, out, EXCHANGE_BLOCK);
	} else if (s->kind == XAUDIO_TONE) {
		tone(c, out);
	}
	if (line)
		damaged_line_from_machine(line, out, EXCHANGE_BLOCK);
	to_alaw(out, say);
}

void xcall_audio(struct xcall *c, const uint8_t *heard, uint8_t *say)
{
	uint8_t alaw[EXCHANGE_BLOCK];

	if (!c->x->p.ulaw) {
		audio(c, heard, say);
		return;
	}
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		alaw[i] = ulaw_to_alaw(heard[i]);
	audio(c, alaw, say);
	for (size_t i = 0; i < EXCHANGE_BLOCK; i++)
		say[i] = alaw_to_ulaw(say[i]);
}
