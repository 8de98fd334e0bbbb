/* SPDX-License-Identifier: GPL-2.0-only */
/* What a bad line does. The machine on the line is the same in both systems, spandsp's, with better ears than spandsp's
 * for most lines: so that it is seen what the gateway hears. */
#include "gateway/base/fax.h"
#include "tests/matrix/matrix.h"

#define LINE_OF(machine, group_, name_, x_, ...)                                                                       \
	{                                                                                                              \
		.group = "line: " group_, .name = name_, .x = x_, .kind = UDPTL_SIM_REDUNDANCY, .depth = 3,            \
		MACHINE_##machine, .line = {                                                                           \
			__VA_ARGS__                                                                                    \
		}                                                                                                      \
	}
#define MACHINE_deaf   .sender.good_ears = false
#define MACHINE_good   .sender.good_ears = true, .receiver.good_ears = true
#define MACHINE_no_ecm MACHINE_good, .no_ecm = true
#define MACHINE_v29    MACHINE_good, .modems = FAX_MODEM_V29 | FAX_MODEM_V27TER
#define MACHINE_v27ter MACHINE_good, .modems = FAX_MODEM_V27TER
#define LINE(...)      LINE_OF(good, __VA_ARGS__)

/* A machine of spandsp's says -14 dBm0. */
#define LEVEL(dbm0)		       LINE("level", #dbm0 " dBm0", dbm0, .gain_db = dbm0 + 14)
#define LEVEL_NO_ECM(dbm0)	       LINE_OF(no_ecm, "level, no ECM", #dbm0 " dBm0", dbm0, .gain_db = dbm0 + 14)
#define DEAF(dbm0)		       LINE_OF(deaf, "level, spandsp's ears", #dbm0 " dBm0", dbm0, .gain_db = dbm0 + 14)
#define NOISE_OF(machine, group, dbm0) LINE_OF(machine, group, #dbm0 " dBm0", dbm0, .noise_dbm0 = dbm0)
#define NOISES(machine, group)                                                                                         \
	NOISE_OF(machine, group, -70), NOISE_OF(machine, group, -60), NOISE_OF(machine, group, -55),                   \
		NOISE_OF(machine, group, -52), NOISE_OF(machine, group, -50), NOISE_OF(machine, group, -48),           \
		NOISE_OF(machine, group, -46), NOISE_OF(machine, group, -44), NOISE_OF(machine, group, -42),           \
		NOISE_OF(machine, group, -40), NOISE_OF(machine, group, -37), NOISE_OF(machine, group, -34),           \
		NOISE_OF(machine, group, -31), NOISE_OF(machine, group, -28)
#define IMPULSES(s)	 LINE("impulses, -20 dBm0", "every " #s " s", s, .impulse_dbm0 = -20, .impulse_s = s)
#define SLIPS(s)	 LINE("slips", "every " #s " s", s, .slip_s = s)
#define SLIPS_NO_ECM(s)	 LINE_OF(no_ecm, "slips, no ECM", "every " #s " s", s, .slip_s = s)
#define CUTS(s)		 LINE("cuts of 100 ms", "every " #s " s", s, .cut_s = s, .cut_ms = 100)
#define CUTS_NO_ECM(s)	 LINE_OF(no_ecm, "cuts of 100 ms, no ECM", "every " #s " s", s, .cut_s = s, .cut_ms = 100)
#define ECHO(db, ms)	 LINE("echo, of the gateway", #db " dB, " #ms " ms", ms, .echo_db = db, .echo_ms = ms)
#define OWN_ECHO(db, ms) LINE("echo, of the machine", #db " dB, " #ms " ms", ms, .own_echo_db = db, .own_echo_ms = ms)
#define SHIFT(hz)	 LINE("frequency offset", #hz " Hz", hz, .shift_hz = hz)

static const struct matrix_case cases[] = {
	LEVEL(0),
	LEVEL(-14),
	LEVEL(-30),
	LEVEL(-36),
	LEVEL(-40),
	LEVEL(-43),
	LEVEL_NO_ECM(-30),
	LEVEL_NO_ECM(-43),
	DEAF(-26),
	DEAF(-30),
	DEAF(-36),
	NOISES(good, "idle noise, V.17"),
	NOISES(no_ecm, "idle noise, V.17, no ECM"),
	NOISES(v29, "idle noise, V.29"),
	NOISES(v27ter, "idle noise, V.27ter"),
	NOISE_OF(deaf, "idle noise, spandsp's ears", -50),
	NOISE_OF(deaf, "idle noise, spandsp's ears", -48),
	NOISE_OF(deaf, "idle noise, spandsp's ears", -46),
	IMPULSES(10),
	IMPULSES(3),
	IMPULSES(1),
	LINE("spectrum", "loaded", 1, .filter = LINE_LOADED),
	LINE("spectrum", "long", 2, .filter = LINE_LONG),
	LINE("spectrum", "bad", 3, .filter = LINE_BAD),
	LINE("spectrum", "long, -8 dB, noise", 4, .filter = LINE_LONG, .gain_db = -8, .noise_dbm0 = -60),
	ECHO(-12, 10),
	ECHO(-12, 60),
	ECHO(-12, 150),
	ECHO(-12, 250),
	ECHO(-12, 500),
	ECHO(-24, 500),
	OWN_ECHO(-12, 2),
	OWN_ECHO(-12, 60),
	OWN_ECHO(-12, 500),
	SLIPS(30),
	SLIPS(10),
	SLIPS(3),
	SLIPS(1),
	SLIPS(0.5),
	SLIPS_NO_ECM(30),
	SLIPS_NO_ECM(10),
	CUTS(60),
	CUTS(30),
	CUTS(10),
	CUTS_NO_ECM(60),
	SHIFT(1),
	SHIFT(4),
	SHIFT(7),
	SHIFT(-7),
	LINE("codes", "mu-law", 1, .ulaw = true),
	LINE("codes", "robbed bits", 2, .robbed = true),
};

const struct matrix_cases matrix_line_cases = {cases, sizeof(cases) / sizeof(cases[0])};
