/* SPDX-License-Identifier: GPL-2.0-only */
#include "machine_v8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/spandsp_machine.h"

#define BLOCK_SAMPLES 160

struct machine_v8 {
	v8_state_t *v8;
	bool caller;
	enum machine_v8_state state;
};

static void on_result(void *arg, v8_parms_t *result)
{
	struct machine_v8 *v = arg;

	switch (result->status) {
	case V8_STATUS_V8_CALL:
		v->state = MACHINE_V8_V34;
		break;
	case V8_STATUS_NON_V8_CALL:
	case V8_STATUS_FAILED:
		v->state = MACHINE_V8_FELL_BACK;
		break;
	default:
		break;
	}
}

int machine_v8_alloc(struct machine_v8 **vp, bool caller, bool data)
{
	struct machine_v8 *v = calloc(1, sizeof(*v));
	v8_parms_t p = {.modem_connect_tone = MODEM_CONNECT_TONES_ANSAM_PR};

	if (!v)
		return ENOMEM;
	SPANDSP_V8(p).call_function = data ? V8_CALL_V_SERIES : V8_CALL_T30_TX;
	SPANDSP_V8(p).modulations = V8_MOD_V17 | V8_MOD_V21 | V8_MOD_V27TER | V8_MOD_V29 |
				    (data ? V8_MOD_V22 | V8_MOD_V32 | V8_MOD_V34 : V8_MOD_V34HDX);
	SPANDSP_V8_PROTOCOL(p) = data ? V8_PROTOCOL_LAPM_V42 : V8_PROTOCOL_NONE;
	SPANDSP_V8(p).nsf = SPANDSP_V8(p).t66 = -1;
	v->caller = caller;
	v->state = caller ? MACHINE_V8_WAITS : MACHINE_V8_TALKS;
	v->v8 = v8_init(NULL, caller, &p, on_result, v);
	if (!v->v8) {
		free(v);
		return ENOMEM;
	}
#if SPANDSP_3
	/* The CNG of a Super-G3 that calls would end V.8. */
	v->v8->cng_tone_rx.tone_type = MODEM_CONNECT_TONES_NONE;
#endif
	*vp = v;
	return 0;
}

void machine_v8_free(struct machine_v8 *v)
{
	if (!v)
		return;
	v8_free(v->v8); /* releases it too */
	free(v);
}

void machine_v8_rx(struct machine_v8 *v, const int16_t *samples, size_t n)
{
	int16_t block[BLOCK_SAMPLES];

	while (n > 0 && v->state < MACHINE_V8_FELL_BACK) {
		size_t k = n < BLOCK_SAMPLES ? n : BLOCK_SAMPLES;

		memcpy(block, samples, k * sizeof(*samples));
		v8_rx(v->v8, block, (int)k);
		samples += k;
		n -= k;
	}
}

static bool is_silent(const int16_t *samples, size_t n)
{
	while (n && !samples[n - 1])
		n--;
	return !n;
}

bool machine_v8_tx(struct machine_v8 *v, int16_t *samples, size_t n)
{
	int16_t own[BLOCK_SAMPLES] = {0};

	if (v->state >= MACHINE_V8_FELL_BACK || n > BLOCK_SAMPLES)
		return false;
	v8_tx(v->v8, own, (int)n);
	if (v->state == MACHINE_V8_WAITS && is_silent(own, n))
		return false;
	if (v->state == MACHINE_V8_WAITS)
		v->state = MACHINE_V8_TALKS;
	memcpy(samples, own, n * sizeof(*own));
	return true;
}

enum machine_v8_state machine_v8_state(const struct machine_v8 *v)
{
	return v->state;
}
