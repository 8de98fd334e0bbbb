/* SPDX-License-Identifier: GPL-2.0-only */
#include <math.h>
#include <stdint.h>

#include "mend_v17.h"

#if !SPANDSP_3

#define ACQUISITION_SYMBOLS 100 /* after which the receiver takes the first angle */
#define HALF_TURN	    0x80000000u

/* The phase from what was taken for A to what is A: the symbols are turned by it, those in the equaliser too. */
static void turn(v17_rx_state_t *s, uint32_t phase)
{
	float a = (float)(int32_t)phase * (float)M_PI / 2147483648.0f, re = cosf(a), im = -sinf(a);
	complexf_t z;
	int i;

	for (i = 0; i < V17_EQUALIZER_LEN; i++) {
		z = s->eq_buf[i];
		s->eq_buf[i].re = z.re * re - z.im * im;
		s->eq_buf[i].im = z.re * im + z.im * re;
	}
	s->carrier_phase += phase;
}

/* B is a quarter turn ahead of A (V.17 5.2). The receiver has written down where it expects A and B: at 288 and 198
 * degrees if it took the first symbol for A, else the other way round. */
static void decide_again(v17_rx_state_t *s, const complexf_t *symbol)
{
	uint32_t first = (uint32_t)s->start_angles[0], second = (uint32_t)arctan2(symbol->im, symbol->re);
	bool first_is_a = second - first<HALF_TURN, first_taken = s->angles[0]> s->angles[1];
	int32_t swap = s->angles[0];

	if (first_is_a == first_taken)
		return;
	s->angles[0] = s->angles[1];
	s->angles[1] = swap;
	turn(s, first_is_a ? first - second : second - first);
}

static void on_symbol(void *arg, const complexf_t *symbol, const complexf_t *target, int n)
{
	struct mend_v17 *m = arg;
	v17_rx_state_t *s = m->rx;

	if (m->deciding)
		decide_again(s, symbol);
	/* True but once in a short training, at the symbol whose angle is taken. */
	m->deciding = !m->deciding && s->short_train && s->training_count == ACQUISITION_SYMBOLS && target->re == 0 &&
		      target->im == 0 && s->angles[0] == s->start_angles[0];
}

void mend_v17_init(struct mend_v17 *m, v17_rx_state_t *rx)
{
	m->rx = rx;
	m->deciding = false;
	v17_rx_set_qam_report_handler(rx, on_symbol, m);
}

#else

void mend_v17_init(struct mend_v17 *m, v17_rx_state_t *rx)
{
	m->rx = rx;
	m->deciding = false;
}

#endif
