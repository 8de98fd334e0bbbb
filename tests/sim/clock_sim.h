/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock_sim: the time of a test, which goes only where the test puts it.
 *
 * A loop is given &clock_sim. Libpri takes its time from gettimeofday() and osip from osip_gettimeofday(): an
 * executable that links this file defines both, and after clock_sim_use() they tell the test's time too (as
 * wall-clock time, from 2025-01-01 00:00 UTC on). Before that, and after clock_sim_leave(), they tell the real time.
 *
 * It is not for clock_wall_us(), which stays real. clock_sim may be read from any thread and is set from one.
 */
#ifndef SIM_CLOCK_SIM_H
#define SIM_CLOCK_SIM_H

#include <stdint.h>

#include "gateway/base/clock.h"

extern const struct clock clock_sim;	/* begins at 1 s: no time is 0 */

void clock_sim_use(void);
void clock_sim_leave(void);

int64_t clock_sim_now_us(void);
void clock_sim_set_us(int64_t now_us);	/* never back, but by a test that begins anew */
void clock_sim_advance_us(int64_t by_us);

#endif
