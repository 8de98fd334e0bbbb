/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * digits: what is at the line's end of a call that is there for DTMF: it prints each digit that it hears, and dials
 * some itself.
 */
#ifndef INTEROP_DIGITS_H
#define INTEROP_DIGITS_H

#include "tests/sim/exchange.h"

/*
 * For a call from the number FROM: prints "heard D from FROM" for each digit D. Dials DIALS ("": nothing) a second
 * after the call has its channel. There is room for a few calls at a time, and an older one goes silent.
 */
struct xcall_source digits_source(const char *from, const char *dials);

#endif
