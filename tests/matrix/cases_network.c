/* SPDX-License-Identifier: GPL-2.0-only */
/* What the network does to T.38. Redundancy 7 is more than the usual 3: a peer's datagram of 400 octets has room for it. */
#include "tests/matrix/matrix.h"

/* A datagram's way to be lost, late, doubled: the last members of each. */
#define CASE(group_, name_, x_, kind_, depth_, ...)                                                                    \
	{                                                                                                              \
		.group = group_, .name = name_, .x = x_, .kind = UDPTL_SIM_##kind_, .depth = depth_, __VA_ARGS__       \
	}
#define LOSS(group, kind, depth, percent, ...)                                                                         \
	CASE(group, #percent " % loss", percent, kind, depth, .damage = {.loss = percent / 100.0}, __VA_ARGS__)
#define LOSSES(group, kind, depth, ...)                                                                                \
	LOSS(group, kind, depth, 0, __VA_ARGS__), LOSS(group, kind, depth, 1, __VA_ARGS__),                            \
		LOSS(group, kind, depth, 3, __VA_ARGS__), LOSS(group, kind, depth, 5, __VA_ARGS__),                    \
		LOSS(group, kind, depth, 10, __VA_ARGS__), LOSS(group, kind, depth, 15, __VA_ARGS__),                  \
		LOSS(group, kind, depth, 20, __VA_ARGS__), LOSS(group, kind, depth, 30, __VA_ARGS__)
#define HEAVY(group, kind, depth, ...)                                                                                 \
	LOSS(group, kind, depth, 10, __VA_ARGS__), LOSS(group, kind, depth, 20, __VA_ARGS__),                          \
		LOSS(group, kind, depth, 30, __VA_ARGS__)
#define JITTER(group, ms, ...)                                                                                         \
	CASE(group, "0 to " #ms " ms", ms, REDUNDANCY, 3, .damage = {.jitter_us = ms * 1000}, __VA_ARGS__)
#define JITTERS(group, ...)                                                                                            \
	JITTER(group, 50, __VA_ARGS__), JITTER(group, 100, __VA_ARGS__), JITTER(group, 200, __VA_ARGS__),              \
		JITTER(group, 300, __VA_ARGS__)
#define BURST(group, ms, ...)                                                                                          \
	CASE(group, "mean " #ms " ms", ms, REDUNDANCY, 3,                                                              \
	     .damage = {.burst_begin = 0.01, .burst_end = 20.0 / ms, .burst_loss = 1.0}, __VA_ARGS__)
#define BURSTS(group, ...)                                                                                             \
	BURST(group, 40, __VA_ARGS__), BURST(group, 100, __VA_ARGS__), BURST(group, 200, __VA_ARGS__),                 \
		BURST(group, 300, __VA_ARGS__)
#define DELAY(ms) CASE("delay each way", #ms " ms", ms, REDUNDANCY, 3, .damage = {.delay_us = ms * 1000})
#define MEANS(group, kind, depth, ...)                                                                                 \
	HEAVY(group, kind, depth, .peer = MATRIX_TWIN, __VA_ARGS__),                                                   \
		CASE(group, "jitter to 300 ms", 40, kind, depth, .damage = {.jitter_us = 300000}, .peer = MATRIX_TWIN, \
		     __VA_ARGS__)
#define NO_TAIL	  "tail_repeats = 0\n"
#define NO_WINDOW "rx_window = 0 ms\n"
#define CAREFUL	  .peer = MATRIX_CAREFUL
#define TWIN	  .peer = MATRIX_TWIN

static const struct matrix_case cases[] = {
	LOSSES("no redundancy", NONE, 0),
	LOSSES("redundancy 1", REDUNDANCY, 1),
	LOSSES("redundancy 3", REDUNDANCY, 3),
	LOSSES("redundancy 7", REDUNDANCY, 7),
	LOSSES("FEC 3/3", FEC, 3),
	LOSS("redundancy 3, no ECM", REDUNDANCY, 3, 10, .no_ecm = true),
	HEAVY("redundancy 3, careful peer", REDUNDANCY, 3, CAREFUL),
	HEAVY("redundancy 7, careful peer", REDUNDANCY, 7, CAREFUL),
	HEAVY("redundancy 3, two gateways", REDUNDANCY, 3, TWIN),
	HEAVY("redundancy 7, two gateways", REDUNDANCY, 7, TWIN),
	MEANS("means: none", NONE, 0, .fax_text = NO_TAIL NO_WINDOW),
	MEANS("means: tail", NONE, 0, .fax_text = NO_WINDOW),
	MEANS("means: window", NONE, 0, .fax_text = NO_TAIL),
	MEANS("means: redundancy 3", REDUNDANCY, 3, .fax_text = NO_TAIL NO_WINDOW),
	MEANS("means: redundancy 3, tail", REDUNDANCY, 3, .fax_text = NO_WINDOW),
	MEANS("means: redundancy 3, window", REDUNDANCY, 3, .fax_text = NO_TAIL),
	MEANS("means: redundancy 3, tail, window", REDUNDANCY, 3, .fax_text = NULL),
	MEANS("means: redundancy 7, window", REDUNDANCY, 7, .fax_text = NO_TAIL),
	MEANS("means: redundancy 7, tail, window", REDUNDANCY, 7, .fax_text = NULL),
	MEANS("means: FEC 3/3, tail, window", FEC, 3, .fax_text = NULL),
	JITTERS("jitter, reordered"),
	JITTERS("jitter, careful peer", CAREFUL),
	JITTERS("jitter, two gateways", TWIN),
	BURSTS("bursts, 1 % of packets begin"),
	BURSTS("bursts, careful peer", CAREFUL),
	BURSTS("bursts, two gateways", TWIN),
	DELAY(100),
	DELAY(300),
	DELAY(500),
};

const struct matrix_cases matrix_network_cases = {cases, sizeof(cases) / sizeof(cases[0])};
