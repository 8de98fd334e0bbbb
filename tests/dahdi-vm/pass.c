/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * G.711 through the gateway, octet by octet, on all channels and both ways. The octets are of a generator whose next
 * is made from the last ones, so that the hearer needs no word of where the speaker stands: four good octets and it
 * knows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/dahdi-vm/vmlab.h"
#include "tests/dahdi-vm/world.h"

#define CALLS	      30
#define ANSWER_MS     10000
#define CLEAR_MS      10000
#define SETTLE_MS     8000 /* for the jitter buffers */
#define COUNTED_MS    30000
#define COUNTED_LEAST (COUNTED_MS * 8 - 2 * 8000) /* octets a channel: jitter of the two clocks' ends apart */

/* When four octets were said, and how long after that they were heard. */
struct probe {
	bool wanted;
	uint32_t bits;
	int64_t said_us, delay_us; /* 0: not yet */
};

struct voice {
	struct probe *probe;
	uint32_t bits; /* the last 32 */
	uint8_t key;   /* of the channel and direction: octets of another one fit nowhere */
};

struct ear {
	struct voice expected;
	uint64_t good, bad;
};

static struct {
	bool counting;
	unsigned begun;
	struct xcall *line[CALLS];
	struct sip_peer_call_params peer_calls[CALLS];
	struct talk {
		struct voice line_says, peer_says;
		struct ear at_line, at_peer;
		struct probe to_peer, to_line;
	} talks[CALLS];
} pass;

/* The bits of the polynomial x^31 + x^28 + 1 (ITU-T O.150), eight at a time. */
static uint8_t voice_next(struct voice *v)
{
	uint8_t octet = (uint8_t)((v->bits >> 23) ^ (v->bits >> 20));

	v->bits = v->bits << 8 | octet;
	return octet ^ v->key;
}

static void ear_hear(struct ear *e, const uint8_t *octets, size_t n)
{
	struct probe *p = e->expected.probe;

	for (size_t i = 0; i < n; i++) {
		struct voice before = e->expected;
		bool good = voice_next(&e->expected) == octets[i];

		e->expected.bits = before.bits << 8 | (octets[i] ^ before.key);
		if (p->said_us && !p->delay_us && e->expected.bits == p->bits)
			p->delay_us = clock_now_us(&clock_monotonic) - p->said_us;
		if (pass.counting) {
			e->good += good;
			e->bad += !good;
		}
	}
}

static void voice_say(struct voice *v, uint8_t *octets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		octets[i] = voice_next(v);
	if (v->probe->wanted && !v->probe->said_us) {
		v->probe->bits = v->bits;
		v->probe->said_us = clock_now_us(&clock_monotonic);
	}
}

static void line_octets(const uint8_t *heard, uint8_t *say, size_t n, void *arg)
{
	struct talk *t = arg;

	ear_hear(&t->at_line, heard, n);
	voice_say(&t->line_says, say, n);
}

static void peer_hears(const uint8_t *octets, size_t n, void *arg)
{
	ear_hear(&((struct talk *)arg)->at_peer, octets, n);
}

static void peer_says(uint8_t *octets, size_t n, void *arg)
{
	voice_say(&((struct talk *)arg)->peer_says, octets, n);
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called)
{
	unsigned i = (unsigned)atoi(called + strlen(called) - 3);

	return i < CALLS ? &pass.peer_calls[i] : NULL;
}

static bool begin(unsigned i)
{
	struct talk *t = &pass.talks[i];
	struct exchange_call call = {.source = {.kind = XAUDIO_HANDLER, .octets = line_octets, .arg = t}};

	t->line_says = (struct voice){&t->to_peer, 0x12345678u * (i + 1), (uint8_t)(2 * i)};
	t->peer_says = (struct voice){&t->to_line, 0x9E3779B9u * (i + 1), (uint8_t)(2 * i + 1)};
	t->at_peer.expected = (struct voice){&t->to_peer, 0, t->line_says.key};
	t->at_line.expected = (struct voice){&t->to_line, 0, t->peer_says.key};
	pass.peer_calls[i] =
		(struct sip_peer_call_params){.one_codec = true, .hear = peer_hears, .say = peer_says, .audio_arg = t};
	snprintf(call.parties.called.digits, sizeof(call.parties.called.digits), "6200%03u", i);
	return !exchange_call(world.x, &call, &pass.line[i]);
}

static bool are_all_connected(void)
{
	for (unsigned i = 0; i < pass.begun; i++) {
		if (xcall_result(pass.line[i])->state != XCALL_CONNECTED)
			return false;
	}
	return true;
}

static bool look(const struct ear *e, const char *where, unsigned i)
{
	if (e->bad)
		return world_fail("timeslot %u, %s: %lu octets of %lu are wrong", xcall_result(pass.line[i])->timeslot,
				  where, e->bad, e->good + e->bad);
	if (e->good < COUNTED_LEAST)
		return world_fail("timeslot %u, %s: only %lu octets came in %d s", xcall_result(pass.line[i])->timeslot,
				  where, e->good, COUNTED_MS / 1000);
	return true;
}

/* The last octets of a block are said when it is given away, and heard when a block or packet comes: within 20 ms. */
static void print_delay(const char *way, bool to_peer)
{
	int64_t least = INT64_MAX, most = 0, sum = 0;
	unsigned heard = 0;

	for (unsigned i = 0; i < CALLS; i++) {
		int64_t d = to_peer ? pass.talks[i].to_peer.delay_us : pass.talks[i].to_line.delay_us;

		if (!d)
			continue;
		heard++;
		sum += d;
		least = d < least ? d : least;
		most = d > most ? d : most;
	}
	if (heard)
		printf("  delay, %s: %lld ms (%lld to %lld), of which up to %d ms in the exchange's buffers\n", way,
		       sum / heard / MS_US, least / MS_US, most / MS_US, to_peer ? DAHDI_PORT_DELAY_MS : 0);
}

static void measure(void)
{
	uint64_t underruns = dahdi_port_stats(world.port).underruns;
	struct process_usage first, last;

	process_usage_read(world.gateway.pid, &first);
	pass.counting = true;
	for (unsigned i = 0; i < CALLS; i++)
		pass.talks[i].to_peer.wanted = pass.talks[i].to_line.wanted = true;
	world_wait(COUNTED_MS);
	pass.counting = false;
	/* what the exchange did not say in time cannot be heard */
	world.excused = dahdi_port_stats(world.port).underruns != underruns;
	process_usage_read(world.gateway.pid, &last);
	process_usage_print("the gateway with G.711 on every channel", &first, &last, CALLS);
	print_delay("line to SIP", true);
	print_delay("SIP to line", false);
}

bool pass_bit_exact(void)
{
	bool ok = true;

	memset(&pass, 0, sizeof(pass));
	world.on_peer_call = peer_is_called;
	if (!call_d_channel_up())
		return false;
	for (; pass.begun < CALLS; pass.begun++) {
		if (!begin(pass.begun))
			return world_fail("call %u could not be made", pass.begun + 1);
		world_wait(60);
	}
	if (!world_until(are_all_connected, ANSWER_MS))
		return world_fail("not all of %d calls were answered in %d s", CALLS, ANSWER_MS / 1000);
	world_wait(SETTLE_MS);
	measure();
	for (unsigned i = 0; i < CALLS; i++) {
		ok = look(&pass.talks[i].at_peer, "line to SIP", i) && look(&pass.talks[i].at_line, "SIP to line", i) &&
		     ok;
		exchange_hangup(pass.line[i], Q850_NORMAL);
	}
	return world_until(world_is_silent, CLEAR_MS)
		       ? ok
		       : world_fail("the calls were not cleared in %d s", CLEAR_MS / 1000);
}
