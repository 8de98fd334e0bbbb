/* SPDX-License-Identifier: GPL-2.0-only */
/* noise: octets by chance, the same with every run. */
#ifndef CALL_NOISE_H
#define CALL_NOISE_H

#include <stddef.h>
#include <stdint.h>

static uint32_t random_state; /* not 0 */

/* G. Marsaglia's xorshift32. */
static inline uint32_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

static inline void random_octets(uint8_t *p, size_t n)
{
	while (n--)
		*p++ = (uint8_t)random_next();
}

#endif
