/* SPDX-License-Identifier: GPL-2.0-only */
/* What the network does to T.38. Redundancy 7 is more than the usual 3: a peer's datagram of 400 octets has room for it. */
#include "tests/matrix/matrix.h"

#define LOSS(group_, kind_, depth_, percent)                                                                           \
	{                                                                                                              \
		.group = group_, .name = #percent " % loss", .x = percent, .kind = UDPTL_SIM_##kind_, .depth = depth_, \
		.damage = {                                                                                            \
			.loss = percent / 100.0                                                                        \
		}                                                                                                      \
	}
#define LOSSES(group, kind, depth)                                                                                     \
	LOSS(group, kind, depth, 0), LOSS(group, kind, depth, 1), LOSS(group, kind, depth, 3),                         \
		LOSS(group, kind, depth, 5), LOSS(group, kind, depth, 10), LOSS(group, kind, depth, 15),               \
		LOSS(group, kind, depth, 20), LOSS(group, kind, depth, 30)
#define JITTER(ms)                                                                                                     \
	{                                                                                                              \
		.group = "jitter, reordered", .name = "0 to " #ms " ms", .x = ms, .kind = UDPTL_SIM_REDUNDANCY,        \
		.depth = 3, .damage = {                                                                                \
			.jitter_us = ms * 1000                                                                         \
		}                                                                                                      \
	}
#define BURST(ms)                                                                                                      \
	{                                                                                                              \
		.group = "bursts, 1 % of packets begin", .name = "mean " #ms " ms", .x = ms,                           \
		.kind = UDPTL_SIM_REDUNDANCY, .depth = 3, .damage = {                                                  \
			.burst_begin = 0.01,                                                                           \
			.burst_end = 20.0 / ms,                                                                        \
			.burst_loss = 1.0                                                                              \
		}                                                                                                      \
	}
#define DELAY(ms)                                                                                                      \
	{                                                                                                              \
		.group = "delay each way", .name = #ms " ms", .x = ms, .kind = UDPTL_SIM_REDUNDANCY, .depth = 3,       \
		.damage = {                                                                                            \
			.delay_us = ms * 1000                                                                          \
		}                                                                                                      \
	}

static const struct matrix_case cases[] = {
	LOSSES("no redundancy", NONE, 0),
	LOSSES("redundancy 1", REDUNDANCY, 1),
	LOSSES("redundancy 3", REDUNDANCY, 3),
	LOSSES("redundancy 7", REDUNDANCY, 7),
	LOSSES("FEC 3/3", FEC, 3),
	{.group = "redundancy 3, no ECM",
	 .name = "10 % loss",
	 .x = 10,
	 .kind = UDPTL_SIM_REDUNDANCY,
	 .depth = 3,
	 .no_ecm = true,
	 .damage = {.loss = 0.1}},
	JITTER(50),
	JITTER(100),
	JITTER(200),
	JITTER(300),
	BURST(40),
	BURST(100),
	BURST(200),
	BURST(300),
	DELAY(100),
	DELAY(300),
	DELAY(500),
};

const struct matrix_cases matrix_network_cases = {cases, sizeof(cases) / sizeof(cases[0])};
