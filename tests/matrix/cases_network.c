/* SPDX-License-Identifier: GPL-2.0-only */
/* What the network does to T.38. Redundancy 7 is more than the usual 3: a peer's datagram of 400 octets has room for
 * it. */
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
#define FEC_JITTER(ms)                                                                                                 \
	CASE("jitter, FEC 3/3", "0 to " #ms " ms", ms, FEC, 3, .damage = {.jitter_us = ms * 1000}, INSTALLED)
#define BURST(group, ms, ...)                                                                                          \
	CASE(group, "mean " #ms " ms", ms, REDUNDANCY, 3,                                                              \
	     .damage = {.burst_begin = 0.01, .burst_end = 20.0 / ms, .burst_loss = 1.0}, __VA_ARGS__)
#define BURSTS(group, ...)                                                                                             \
	BURST(group, 40, __VA_ARGS__), BURST(group, 100, __VA_ARGS__), BURST(group, 200, __VA_ARGS__),                 \
		BURST(group, 300, __VA_ARGS__)
/* By time, not by packets: in the mean every 3 s nothing passes for a while. */
#define GAPS(group, ms, ...)                                                                                           \
	CASE(group, "mean " #ms " ms", ms, REDUNDANCY, 3,                                                              \
	     .damage = {.good_mean_us = 3000000, .bad_mean_us = ms * 1000, .burst_loss = 1.0}, INSTALLED, __VA_ARGS__)
#define ALL_GAPS(group, ...)                                                                                           \
	GAPS(group, 40, __VA_ARGS__), GAPS(group, 100, __VA_ARGS__), GAPS(group, 150, __VA_ARGS__),                    \
		GAPS(group, 200, __VA_ARGS__), GAPS(group, 250, __VA_ARGS__), GAPS(group, 300, __VA_ARGS__)
/*
 * ITU-T G.1050 (11/2007): its severities A to H, with the core between continents (delay, jitter, loss, failures and
 * changes of the way), and both access links as one with two states: percent occupied as there, seen every
 * millisecond: 0.0002 x percent begin to lose 0.05 % x percent, 0.2 / (1 + percent) end it.
 */
#define SEVERE(delay_ms, jitter_ms, loss_percent, fail_s, fail_ms, flap_s, flap_ms, percent)                           \
	{                                                                                                              \
		.delay_us = delay_ms * 1000, .jitter_us = jitter_ms * 1000, .loss = loss_percent / 100.0,              \
		.outage_every_us = fail_s * 1000000LL, .outage_us = fail_ms * 1000,                                    \
		.flap_every_us = flap_s * 1000000LL, .flap_us = flap_ms * 1000,                                        \
		.good_mean_us = 1000 / (2 * 0.0002 * (percent)), .bad_mean_us = 1000 * (1 + percent) / 0.2,            \
		.burst_loss = loss_percent / 100.0 + 0.0005 * (percent)                                                \
	}
#define SEVERITY(group, letter, x, ...)                                                                                \
	CASE(group, "severity " #letter, x, REDUNDANCY, 3, .damage = SEVERITY_##letter, .sip = SEVERITY_##letter,      \
	     INSTALLED, __VA_ARGS__)
#define SEVERITY_A                                                                                                     \
	{                                                                                                              \
		.delay_us = 16000, .jitter_us = 5000                                                                   \
	}
#define SEVERITY_B SEVERE(32, 10, 0.01, 3600, 64, 3600, 2, 1)
#define SEVERITY_C SEVERE(64, 16, 0.02, 1800, 128, 1800, 4, 2)
#define SEVERITY_D SEVERE(128, 40, 0.04, 900, 256, 900, 8, 4)
#define SEVERITY_E SEVERE(196, 70, 0.1, 480, 400, 480, 16, 8)
#define SEVERITY_F SEVERE(256, 100, 0.2, 240, 800, 240, 32, 15)
#define SEVERITY_G SEVERE(512, 150, 0.5, 120, 1600, 120, 64, 30)
#define SEVERITY_H SEVERE(768, 500, 1, 60, 3000, 60, 128, 50)
#define SEVERITIES(group, ...)                                                                                         \
	SEVERITY(group, A, 1, __VA_ARGS__), SEVERITY(group, B, 2, __VA_ARGS__), SEVERITY(group, C, 3, __VA_ARGS__),    \
		SEVERITY(group, D, 4, __VA_ARGS__), SEVERITY(group, E, 5, __VA_ARGS__),                                \
		SEVERITY(group, F, 6, __VA_ARGS__), SEVERITY(group, G, 7, __VA_ARGS__),                                \
		SEVERITY(group, H, 8, __VA_ARGS__)
#define DELAY(ms) CASE("delay each way", #ms " ms", ms, REDUNDANCY, 3, .damage = {.delay_us = ms * 1000})
#define MEANS(group, kind, depth, ...)                                                                                 \
	HEAVY(group, kind, depth, .peer = MATRIX_TWIN, __VA_ARGS__),                                                   \
		CASE(group, "jitter to 300 ms", 40, kind, depth, .damage = {.jitter_us = 300000}, .peer = MATRIX_TWIN, \
		     __VA_ARGS__)
#define NO_TAIL	  "tail_repeats = 0\n"
#define NO_WINDOW "rx_window = 0 ms\n"
#define CAREFUL	  .peer = MATRIX_CAREFUL
#define TWIN	  .peer = MATRIX_TWIN

/* What is promised of three pages, with the gateway as it is installed. */
#define INSTALLED		 .as_installed = true
#define BAR(group, name, x, ...) CASE(group, name, x, REDUNDANCY, 3, .pages = 3, __VA_ARGS__)

static const struct matrix_case cases[] = {
	BAR("bar: all", "10 % loss, careful peer", 1, .damage = {.loss = 0.1}, CAREFUL, INSTALLED),
	BAR("bar: all", "10 % loss, two gateways", 2, .damage = {.loss = 0.1}, TWIN, INSTALLED),
	BAR("bar: all", "20 % loss, careful peer", 3, .damage = {.loss = 0.2}, CAREFUL, INSTALLED),
	BAR("bar: all", "20 % loss, two gateways", 4, .damage = {.loss = 0.2}, TWIN, INSTALLED),
	BAR("bar: all", "jitter 300, careful peer", 5, .damage = {.jitter_us = 300000}, CAREFUL, INSTALLED),
	BAR("bar: all", "jitter 300, two gateways", 6, .damage = {.jitter_us = 300000}, TWIN, INSTALLED),
	BAR("bar: 98 %", "30 % loss, careful peer", 1, .damage = {.loss = 0.3}, CAREFUL, INSTALLED),
	BAR("bar: 98 %", "30 % loss, two gateways", 2, .damage = {.loss = 0.3}, TWIN, INSTALLED),
	BAR("bar: 95 %", "20 % loss, plain peer", 1, .damage = {.loss = 0.2}, INSTALLED),
	BAR("bar: no ECM", "10 % loss, plain peer", 1, .damage = {.loss = 0.1}, INSTALLED, .no_ecm = true),
	BAR("bar: no ECM", "10 % loss, careful peer", 2, .damage = {.loss = 0.1}, CAREFUL, INSTALLED, .no_ecm = true),
	BAR("bar: no ECM", "10 % loss, two gateways", 3, .damage = {.loss = 0.1}, TWIN, INSTALLED, .no_ecm = true),
	LOSSES("no redundancy", NONE, 0),
	LOSSES("redundancy 1", REDUNDANCY, 1),
	LOSSES("redundancy 2", REDUNDANCY, 2),
	LOSSES("redundancy 3", REDUNDANCY, 3),
	LOSSES("redundancy 7", REDUNDANCY, 7),
	LOSSES("FEC 3/3", FEC, 3),
	LOSSES("as installed", REDUNDANCY, 3, INSTALLED),
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
	JITTERS("jitter, as installed", INSTALLED),
	JITTERS("jitter, careful peer", CAREFUL),
	JITTERS("jitter, two gateways", TWIN),
	FEC_JITTER(20),
	FEC_JITTER(30),
	FEC_JITTER(50),
	FEC_JITTER(100),
	FEC_JITTER(300),
	BURSTS("bursts, 1 % of packets begin"),
	BURSTS("bursts, as installed", INSTALLED),
	BURSTS("bursts, careful peer", CAREFUL),
	BURSTS("bursts, two gateways", TWIN),
	DELAY(100),
	DELAY(300),
	DELAY(500),
	ALL_GAPS("gaps, one in 3 s"),
	ALL_GAPS("gaps, careful peer", CAREFUL),
	ALL_GAPS("gaps, two gateways", TWIN),
	SEVERITIES("G.1050"),
	SEVERITIES("G.1050, two gateways", TWIN),
	CASE("odd losses", "20 % one way", 1, REDUNDANCY, 3, .damage = {.loss = 0.2}, .one_way = true),
	CASE("odd losses", "the first 3 packets", 2, REDUNDANCY, 3, .drop_first = 3),
	CASE("odd losses", "the first 10 packets", 3, REDUNDANCY, 3, .drop_first = 10),
	CASE("odd losses", "the first 30 packets", 4, REDUNDANCY, 3, .drop_first = 30),
	CASE("odd losses", "20 % of SIP", 5, REDUNDANCY, 3, .sip = {.loss = 0.2}),
	CASE("odd losses", "a third doubled", 6, REDUNDANCY, 3, .damage = {.duplicate = 0.33, .jitter_us = 40000}),
};

const struct matrix_cases matrix_network_cases = {cases, sizeof(cases) / sizeof(cases[0])};
