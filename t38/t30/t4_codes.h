/* SPDX-License-Identifier: GPL-2.0-only */
/* t4_codes: the run lengths of ITU-T T.4 4.1.1, tables 2 and 3. */
#ifndef T38_T4_CODES_H
#define T38_T4_CODES_H

#include <stdbool.h>
#include <stdint.h>

#define T4_CODE_MOST_BITS 13

struct t4_code {
	uint16_t bits : 4, /* how long it is; 0: there is no such code */
		run : 12;  /* pixels; 64 and more: a make-up code, another one follows */
};

/* The code that the next T4_CODE_MOST_BITS bits, right-justified, begin with. */
struct t4_code t4_code_of(bool black, unsigned bits);

#endif
