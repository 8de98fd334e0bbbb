/* SPDX-License-Identifier: GPL-2.0-only */
/* What the machines are: Super-G3, old, odd, and those that send long documents. */
#include "gateway/base/fax.h"
#include "tests/matrix/matrix.h"

#define PLAIN .kind = UDPTL_SIM_REDUNDANCY, .depth = 3

#define SG3(caller, called, text)                                                                                      \
	{                                                                                                              \
		.group = "Super-G3", .name = text, .x = caller + 2 * called, PLAIN, .super_g3_caller = caller,         \
		.super_g3_called = called                                                                              \
	}

#define V27TER FAX_MODEM_V27TER
#define V29    FAX_MODEM_V29
#define V17    FAX_MODEM_V17

#define MODEMS(text, ...)                                                                                              \
	{                                                                                                              \
		.group = "modems", .name = text, PLAIN, .rows = 200, __VA_ARGS__                                       \
	}
#define FIRST(text, rate_, modem_)                                                                                     \
	{                                                                                                              \
		.group = "first rate", .name = text, PLAIN, .rows = 200, .sender = {                                   \
			.first_rate = rate_,                                                                           \
			.first_modem = modem_                                                                          \
		}                                                                                                      \
	}
#define BAD(rate_)                                                                                                     \
	{                                                                                                              \
		.group = "bad TCF above", .name = #rate_ " bit/s", .x = rate_, PLAIN, .rows = 200, .receiver = {       \
			.bad_above = rate_                                                                             \
		}                                                                                                      \
	}
#define LIMIT(text, conf)                                                                                              \
	{                                                                                                              \
		.group = "by configuration", .name = text, PLAIN, .rows = 200, .fax_text = conf                        \
	}
#define CODING(text, ...)                                                                                              \
	{                                                                                                              \
		.group = "coding", .name = text, PLAIN, .rows = 200, __VA_ARGS__                                       \
	}
#define PAGES(text, pages_, ...)                                                                                       \
	{                                                                                                              \
		.group = "pages", .name = text, PLAIN, .pages = pages_, .sender = {.wide = true},                      \
		.receiver = {.wide = true}, __VA_ARGS__                                                                \
	}
#define FORMATS(f) .formats = f, .nformats = sizeof(f) / sizeof(f[0])
#define LONG(text, ...)                                                                                                \
	{                                                                                                              \
		.group = "long", .name = text, PLAIN, __VA_ARGS__                                                      \
	}
#define ODD(text, ...)                                                                                                 \
	{                                                                                                              \
		.group = "odd", .name = text, PLAIN, __VA_ARGS__                                                       \
	}

static const struct page_format standard[] = {{.resolution = PAGE_STANDARD, .rows = 200}};
static const struct page_format superfine[] = {{.resolution = PAGE_SUPERFINE, .rows = 800}};
static const struct page_format b4[] = {{.width = PAGE_B4_PIXELS}};
static const struct page_format a3[] = {{.width = PAGE_A3_PIXELS}};
static const struct page_format sizes[] = {
	{.width = PAGE_A4_PIXELS}, {.width = PAGE_A3_PIXELS}, {.width = PAGE_B4_PIXELS}, {.width = PAGE_A4_PIXELS}};
static const struct page_format resolutions[] = {{.resolution = PAGE_STANDARD, .rows = 200},
						 {.resolution = PAGE_FINE},
						 {.resolution = PAGE_SUPERFINE, .rows = 800}};
static const struct page_format roll[] = {{.rows = 15000}}; /* 2 m */
static const struct page_format dither[] = {{.rows = 2200, .kind = PAGE_DITHER}};
static const struct page_format noise[] = {{.rows = 2200, .kind = PAGE_NOISE}};

/* The same over a network that loses a tenth and mixes up the rest, and over one that is merely slow. */
#define TROUBLE(g, d)                                                                                                  \
	{.group = g, .name = "V.27ter", PLAIN, d, .rows = 200, .receiver_modems = V27TER},                             \
		{.group = g, .name = "V.29, no ECM", PLAIN, d, .modems = V29 | V27TER, .no_ecm = true},                \
		{.group = g, .name = "FTT down to 4800", PLAIN, d, .rows = 200, .receiver = {.bad_above = 4800}},      \
		{.group = g, .name = "limited to 12000", PLAIN, d, .fax_text = "max_rate = 12000\n"},                  \
		{.group = g,                                                                                           \
		 .name = "MH, no ECM, 20 ms",                                                                          \
		 PLAIN,                                                                                                \
		 d,                                                                                                    \
		 .no_ecm = true,                                                                                       \
		 .receiver = {.min_scan_ms = 20},                                                                      \
		 .sender = {.codings = MACHINE_MH}},                                                                   \
		{.group = g,                                                                                           \
		 .name = "mixed sizes",                                                                                \
		 PLAIN,                                                                                                \
		 d,                                                                                                    \
		 .pages = 4,                                                                                           \
		 FORMATS(sizes),                                                                                       \
		 .sender = {.wide = true},                                                                             \
		 .receiver = {.wide = true}},                                                                          \
		{.group = g, .name = "polled", PLAIN, d, .polled = true, .pages = 2},                                  \
		{.group = g, .name = "turned round", PLAIN, d, .turned = true},                                        \
		{.group = g, .name = "TEP", PLAIN, d, .sender = {.tep = true}, .receiver = {.tep = true}},             \
		{.group = g,                                                                                           \
		 .name = "no CNG, no CED",                                                                             \
		 PLAIN,                                                                                                \
		 d,                                                                                                    \
		 .sender = {.no_cng = true},                                                                           \
		 .receiver = {.no_ced = true}},                                                                        \
	{                                                                                                              \
		.group = g, .name = "NSF, NSS", PLAIN, d, .sender = {.nonstandard = true}, .receiver = {               \
			.nonstandard = true                                                                            \
		}                                                                                                      \
	}
#define LOSSY .damage = {.loss = 0.1, .jitter_us = 100 * 1000}
#define SLOW  .damage = {.delay_us = 400 * 1000}

static const struct matrix_case cases[] = {
	SG3(1, 0, "calls"),
	SG3(0, 1, "is called"),
	SG3(1, 1, "on both sides"),
	MODEMS("sends V.27ter", .modems = V27TER),
	MODEMS("takes V.27ter", .receiver_modems = V27TER),
	MODEMS("sends V.29", .modems = V29 | V27TER),
	MODEMS("takes V.29", .receiver_modems = V29 | V27TER),
	MODEMS("takes V.29 alone", .receiver_modems = V29),
	MODEMS("V.27ter, no ECM", .receiver_modems = V27TER, .no_ecm = true),
	MODEMS("V.29, no ECM", .receiver_modems = V29 | V27TER, .no_ecm = true),
	FIRST("12000", 12000, MACHINE_V17_FIRST),
	FIRST("9600 V.17", 9600, MACHINE_V17_FIRST),
	FIRST("9600 V.29", 9600, MACHINE_V29_FIRST),
	FIRST("7200 V.17", 7200, MACHINE_V17_FIRST),
	FIRST("7200 V.29", 7200, MACHINE_V29_FIRST),
	FIRST("4800", 4800, MACHINE_ANY_MODEM),
	FIRST("2400", 2400, MACHINE_ANY_MODEM),
	BAD(12000),
	BAD(9600),
	BAD(7200),
	BAD(4800),
	BAD(2400),
	LIMIT("12000", "max_rate = 12000\n"),
	LIMIT("9600", "max_rate = 9600\n"),
	LIMIT("7200", "max_rate = 7200\nmodems = v29, v27ter\n"),
	LIMIT("4800", "max_rate = 4800\nmodems = v27ter\n"),
	LIMIT("2400", "max_rate = 2400\nmodems = v27ter\n"),
	LIMIT("no ECM", "ecm = no\n"),
	CODING("MH", .sender = {.codings = MACHINE_MH}),
	CODING("MR", .sender = {.codings = MACHINE_MH | MACHINE_MR}),
	CODING("MMR", .sender = {.codings = MACHINE_MMR}),
	CODING("MH, no ECM", .sender = {.codings = MACHINE_MH}, .no_ecm = true),
	CODING("MR, no ECM", .sender = {.codings = MACHINE_MH | MACHINE_MR}, .no_ecm = true),
	CODING("MH, no ECM, 20 ms", .sender = {.codings = MACHINE_MH}, .no_ecm = true, .receiver = {.min_scan_ms = 20}),
	CODING("MR, no ECM, 40 ms", .sender = {.codings = MACHINE_MH | MACHINE_MR}, .no_ecm = true,
	       .receiver = {.min_scan_ms = 40}),
	CODING("takes MH", .receiver = {.codings = MACHINE_MH}, .receiver_no_ecm = true),
	PAGES("standard", 2, FORMATS(standard)),
	PAGES("superfine", 2, FORMATS(superfine)),
	PAGES("B4", 2, FORMATS(b4)),
	PAGES("A3", 2, FORMATS(a3)),
	PAGES("mixed sizes", 4, FORMATS(sizes)),
	PAGES("mixed sizes, no ECM", 4, FORMATS(sizes), .no_ecm = true),
	PAGES("mixed resolutions", 3, FORMATS(resolutions)),
	LONG("a page of 2 m", FORMATS(roll)),
	LONG("a page of 2 m, no ECM", FORMATS(roll), .no_ecm = true),
	LONG("dithered page", FORMATS(dither)),
	LONG("page of noise", FORMATS(noise)),
	LONG("page of noise, no ECM", FORMATS(noise), .no_ecm = true),
	LONG("100 pages", .pages = 100),
	LONG("100 pages, no ECM", .pages = 100, .no_ecm = true),
	ODD("polled", .polled = true, .pages = 2),
	ODD("polled, no ECM", .polled = true, .pages = 2, .no_ecm = true),
	ODD("polled, V.29", .polled = true, .pages = 2, .modems = V29 | V27TER),
	ODD("turned round", .turned = true),
	ODD("turned round, no ECM", .turned = true, .no_ecm = true),
	ODD("TEP", .sender = {.tep = true}, .receiver = {.tep = true}),
	ODD("TEP, V.29", .sender = {.tep = true}, .receiver = {.tep = true}, .modems = V29 | V27TER),
	ODD("TEP, no ECM", .sender = {.tep = true}, .receiver = {.tep = true}, .no_ecm = true),
	ODD("no CNG", .sender = {.no_cng = true}),
	ODD("no CED", .receiver = {.no_ced = true}),
	ODD("neither", .sender = {.no_cng = true}, .receiver = {.no_ced = true}),
	ODD("NSF, NSS", .sender = {.nonstandard = true}, .receiver = {.nonstandard = true}),
	ODD("NSF, NSC, polled", .polled = true, .sender = {.nonstandard = true}, .receiver = {.nonstandard = true}),
	TROUBLE("odd machines, 10 % loss, 100 ms jitter", LOSSY),
	TROUBLE("odd machines, 400 ms each way", SLOW),
};

const struct matrix_cases matrix_machine_cases = {cases, sizeof(cases) / sizeof(cases[0])};
