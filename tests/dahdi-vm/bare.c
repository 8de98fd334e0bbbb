/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <string.h>

#include "tests/dahdi-vm/vmlab.h"
#include "tests/dahdi-vm/world.h"

#define LOOP_MS 10000

static void drop_dframe(const uint8_t *frame, size_t octets, void *arg)
{
}

bool bare_loop(void)
{
	const struct dahdi_port_params pp = {
		.first = 1, .timeslots = WORLD_TIMESLOTS, .dchannel = WORLD_DCHANNEL, .dframe = drop_dframe};
	static uint8_t octets[TIMESLOT_COUNT][DAHDI_PORT_BLOCK];
	struct process_usage first, last;
	struct dahdi_port *p;
	int64_t until_ms = world_now_ms() + LOOP_MS;

	if (dahdi_port_alloc(&p, &pp))
		return world_fail("the channels could not be opened");
	process_usage_read(0, &first);
	while (world_now_ms() < until_ms) {
		if (!dahdi_port_wait(p, LOOP_MS, octets))
			dahdi_port_write(p, octets);
	}
	process_usage_read(0, &last);
	process_usage_print("a bare loop of reads and writes", &first, &last,
			    (unsigned)__builtin_popcount(WORLD_TIMESLOTS));
	dahdi_port_free(p);
	return true;
}
