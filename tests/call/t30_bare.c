/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/call/t30_bare.h"

#include "t38/spandsp_version.h"

#define BLOCK_SAMPLES 160
#define BLOCK_MS      20
#define LIMIT_MS      (10 * 60 * 1000)
#define HANGUP_MS     400

struct bare {
	t38_gateway_state_t *gateway;
	struct t30_tester *line, *packet;
	uint16_t to_gateway, from_gateway; /* numbers of packets */
};

static int from_gateway(t38_core_state_t *core, void *arg, const uint8_t *ifp, int len, int count)
{
	struct bare *b = arg;

	t30_tester_ifp(b->packet, ifp, (size_t)len, b->from_gateway++);
	return 0;
}

static void to_gateway(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	struct bare *b = arg;

	t38_core_rx_ifp_packet(t38_gateway_get_t38_core_state(b->gateway), ifp, (int)len, b->to_gateway++);
}

static void as_alaw(int16_t *samples)
{
	for (unsigned i = 0; i < BLOCK_SAMPLES; i++)
		samples[i] = alaw_to_linear(linear_to_alaw(samples[i]));
}

static void block(struct bare *b)
{
	int16_t samples[BLOCK_SAMPLES] = {0};

	t30_tester_tx(b->line, samples, BLOCK_SAMPLES);
	as_alaw(samples);
	t38_gateway_rx(b->gateway, samples, BLOCK_SAMPLES);
	for (int i = t38_gateway_tx(b->gateway, samples, BLOCK_SAMPLES); i < BLOCK_SAMPLES; i++)
		samples[i] = 0;
	as_alaw(samples);
	t30_tester_rx(b->line, samples, BLOCK_SAMPLES);
	t30_tester_step(b->packet, BLOCK_SAMPLES);
}

/* Until one end has been done for as long as it takes to put the receiver down. */
static void run(struct bare *b, const struct t30_report *caller, const struct t30_report *called)
{
	unsigned done_ms = 0;

	for (unsigned ms = 0; ms < LIMIT_MS && done_ms < HANGUP_MS; ms += BLOCK_MS) {
		block(b);
		if (caller->done || called->done)
			done_ms += BLOCK_MS;
	}
	t30_tester_hangup(b->line);
	t30_tester_hangup(b->packet);
}

static bool begin(struct bare *b, const struct t30_turn *turns, const struct t30_packet_style *style, bool line_calls,
		  struct t30_report *caller, struct t30_report *called)
{
	b->gateway = t38_gateway_init(NULL, from_gateway, b);
	if (!b->gateway)
		return false;
	t38_gateway_set_ecm_capability(b->gateway, TRUE);
	t38_gateway_set_transmit_on_idle(b->gateway, TRUE);
	t38_gateway_set_supported_modems(b->gateway, T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17);
	return !t30_tester_line_alloc(&b->line, turns, line_calls ? T30_CALLER : T30_CALLED,
				      line_calls ? caller : called) &&
	       !t30_tester_packet_alloc(&b->packet, turns, line_calls ? T30_CALLED : T30_CALLER,
					line_calls ? called : caller, style, to_gateway, b);
}

bool t30_bare_run(const struct t30_turn *turns, const struct t30_packet_style *style, bool line_calls,
		  struct t30_report *caller, struct t30_report *called)
{
	static const struct t30_packet_style usual;
	struct bare b = {0};

	if (begin(&b, turns, style ? style : &usual, line_calls, caller, called))
		run(&b, caller, called);
	t30_tester_free(b.line);
	t30_tester_free(b.packet);
	if (b.gateway)
		t38_gateway_free(b.gateway);
	return caller->success && called->success;
}
