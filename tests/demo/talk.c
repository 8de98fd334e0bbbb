/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/talk.h"

#include <stdio.h>
#include <string.h>

#include "t38/spandsp_version.h"
#include "tests/demo/load.h"
#include "tests/demo/usage.h"

#define UP_LIMIT_US	    (60 * SEC_US) /* of line time, after the last call began */
#define LEAST_S		    20
#define STEPS_BETWEEN_CALLS 5
#define RATE		    8000
#define SYLLABLE_SAMPLES    (RATE / 4) /* then as long a pause */
#define NOISE_SAMPLES	    (2 * RATE)
#define NOISE_PEAK	    6000

static struct {
	struct sip_peer_call_params call;
	struct xcall *calls[LOAD_MAX];
	size_t line_at[LOAD_MAX], peer_at; /* in the noise */
	uint8_t noise[NOISE_SAMPLES];	   /* A-law */
} talk;

static void make_noise(void)
{
	uint32_t random = 1;

	for (size_t i = 0; i < NOISE_SAMPLES; i++) {
		int sample;

		random = random * 1664525 + 1013904223;
		sample = (int)(random >> 16) % (2 * NOISE_PEAK) - NOISE_PEAK;
		talk.noise[i] = linear_to_alaw(i / SYLLABLE_SAMPLES % 2 ? 0 : sample);
	}
}

static void say(uint8_t *octets, size_t n, size_t *atp)
{
	for (size_t i = 0; i < n; i++) {
		octets[i] = talk.noise[*atp];
		*atp = (*atp + 1) % NOISE_SAMPLES;
	}
}

static void line_says(const uint8_t *heard, uint8_t *octets, size_t n, void *arg)
{
	say(octets, n, arg);
}

/* All calls of the peer's share one place in the noise: each has its own part of it. */
static void peer_says(uint8_t *octets, size_t n, void *arg)
{
	say(octets, n, &talk.peer_at);
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called, void *arg)
{
	return &talk.call;
}

void talk_prepare(struct bank_params *p)
{
	p->on_peer_call = peer_is_called;
	p->held_speed = 4;
}

static bool start_call(struct bank *b, unsigned i)
{
	struct exchange_call call = {.source = {.kind = XAUDIO_HANDLER, .octets = line_says, .arg = &talk.line_at[i]}};

	strcpy(call.parties.called.digits, "6212345");
	talk.line_at[i] = i * NOISE_SAMPLES / LOAD_MAX;
	return !exchange_call(b->spans[i % b->par.nspans].x, &call, &talk.calls[i]);
}

static bool start_calls(struct bank *b, unsigned calls)
{
	bool ok = true;

	for (unsigned i = 0; ok && i < calls; i++) {
		ok = start_call(b, i);
		for (int k = 0; ok && k < STEPS_BETWEEN_CALLS; k++)
			ok = !bank_step(b);
	}
	return ok;
}

/* Those in G.711. */
static unsigned count_up(const struct bank *b)
{
	unsigned n = 0;

	for (unsigned id = 0; id < sip_peer_calls(b->peer); id++) {
		struct sip_peer_result r;

		sip_peer_result(b->peer, id, &r);
		n += r.state == PEER_ANSWERED && !r.t38;
	}
	return n;
}

static bool wait_up(struct bank *b, unsigned calls)
{
	int64_t until_us = b->line_us + UP_LIMIT_US;
	bool ok = true;

	while (ok && count_up(b) < calls && b->line_us < until_us)
		ok = !bank_step(b);
	return ok && count_up(b) == calls;
}

bool talk_run(struct bank *b, unsigned calls, long pid)
{
	struct usage idle, first, last;
	int64_t begin_us;
	double s;
	bool ok = calls && calls <= LOAD_MAX && usage_read(pid, &idle);

	memset(&talk, 0, sizeof(talk));
	talk.call = (struct sip_peer_call_params){.one_codec = true, .say = peer_says};
	make_noise();
	ok = ok && start_calls(b, calls) && wait_up(b, calls) && usage_read(pid, &first);
	begin_us = b->line_us;
	while (ok && b->line_us - begin_us < LEAST_S * SEC_US)
		ok = !bank_step(b);
	ok = ok && usage_read(pid, &last) && count_up(b) == calls;
	if (!ok) {
		fprintf(stderr, "talk: %u of %u calls are up in G.711\n", count_up(b), calls);
		return false;
	}
	s = (double)(b->line_us - begin_us) / 1e6;
	printf("calls=%u measured_s=%.1f cpu_percent=%.4f wakeups_per_s=%.1f resident_kb=%ld kb_per_call=%.0f\n", calls,
	       s, 100 * (last.cpu_s - first.cpu_s) / s / calls, (double)(last.wakeups - first.wakeups) / s,
	       last.resident_kb, (double)(last.resident_kb - idle.resident_kb) / calls);
	return true;
}
