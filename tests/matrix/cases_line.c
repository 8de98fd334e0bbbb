/* SPDX-License-Identifier: GPL-2.0-only */
/* What a bad line does. The machine on the line is spandsp's in both systems, with all that it does not hear. */
#include "gateway/base/fax.h"
#include "tests/matrix/matrix.h"

#define LINE(group_, name_, x_, ...)                                                                                   \
	{                                                                                                              \
		.group = "line: " group_, .name = name_, .x = x_, .kind = UDPTL_SIM_REDUNDANCY, .depth = 3, .line = {  \
			__VA_ARGS__                                                                                    \
		}                                                                                                      \
	}
#define NO_ECM(group_, name_, x_, ...)                                                                                 \
	{                                                                                                              \
		.group = "line: " group_, .name = name_, .x = x_, .kind = UDPTL_SIM_REDUNDANCY, .depth = 3,            \
		.no_ecm = true, .line = {                                                                              \
			__VA_ARGS__                                                                                    \
		}                                                                                                      \
	}
#define ONLY(modems_, group_, name_, x_, ...)                                                                          \
	{                                                                                                              \
		.group = "line: " group_, .name = name_, .x = x_, .kind = UDPTL_SIM_REDUNDANCY, .depth = 3,            \
		.modems = modems_, .line = {                                                                           \
			__VA_ARGS__                                                                                    \
		}                                                                                                      \
	}

/* A machine of spandsp's says -14 dBm0. */
#define LEVEL(dbm0)	  LINE("level, from the machine", #dbm0 " dBm0", dbm0, .gain_from_db = dbm0 + 14)
#define LEVEL_BOTH(dbm0)  LINE("level both ways", #dbm0 " dBm0", dbm0, .gain_db = dbm0 + 14)
#define NOISE(dbm0)	  LINE("idle noise, V.17", #dbm0 " dBm0", dbm0, .noise_dbm0 = dbm0)
#define NOISE_PLAIN(dbm0) NO_ECM("idle noise, V.17, no ECM", #dbm0 " dBm0", dbm0, .noise_dbm0 = dbm0)
#define NOISE_V29(dbm0)                                                                                                \
	ONLY(FAX_MODEM_V29 | FAX_MODEM_V27TER, "idle noise, V.29", #dbm0 " dBm0", dbm0, .noise_dbm0 = dbm0)
#define NOISE_V27(dbm0)	 ONLY(FAX_MODEM_V27TER, "idle noise, V.27ter", #dbm0 " dBm0", dbm0, .noise_dbm0 = dbm0)
#define IMPULSES(s)	 LINE("impulses, -20 dBm0", "every " #s " s", s, .impulse_dbm0 = -20, .impulse_s = s)
#define SLIPS(s)	 LINE("slips", "every " #s " s", s, .slip_s = s)
#define SLIPS_PLAIN(s)	 NO_ECM("slips, no ECM", "every " #s " s", s, .slip_s = s)
#define CUTS(s)		 LINE("cuts of 100 ms", "every " #s " s", s, .cut_s = s, .cut_ms = 100)
#define ECHO(db, ms)	 LINE("echo, of the gateway", #db " dB, " #ms " ms", db, .echo_db = db, .echo_ms = ms)
#define OWN_ECHO(db, ms) LINE("echo, of the machine", #db " dB, " #ms " ms", db, .own_echo_db = db, .own_echo_ms = ms)
#define SHIFT(hz)	 LINE("frequency offset", #hz " Hz", hz, .shift_hz = hz)

static const struct matrix_case cases[] = {
	LEVEL(0),
	LEVEL(-14),
	LEVEL(-30),
	LEVEL(-36),
	LEVEL(-40),
	LEVEL(-43),
	LEVEL_BOTH(0),
	LEVEL_BOTH(-20),
	LEVEL_BOTH(-26),
	LEVEL_BOTH(-30),
	LEVEL_BOTH(-36),
	NOISE(-70),
	NOISE(-60),
	NOISE(-55),
	NOISE(-52),
	NOISE(-50),
	NOISE(-48),
	NOISE(-46),
	NOISE(-44),
	NOISE(-42),
	NOISE(-40),
	NOISE_PLAIN(-60),
	NOISE_PLAIN(-52),
	NOISE_PLAIN(-50),
	NOISE_PLAIN(-48),
	NOISE_PLAIN(-46),
	NOISE_PLAIN(-44),
	NOISE_V29(-60),
	NOISE_V29(-52),
	NOISE_V29(-50),
	NOISE_V29(-48),
	NOISE_V29(-46),
	NOISE_V29(-44),
	NOISE_V29(-40),
	NOISE_V27(-60),
	NOISE_V27(-52),
	NOISE_V27(-50),
	NOISE_V27(-48),
	NOISE_V27(-46),
	NOISE_V27(-44),
	NOISE_V27(-40),
	IMPULSES(10),
	IMPULSES(3),
	IMPULSES(1),
	LINE("spectrum", "loaded", 1, .filter = LINE_LOADED),
	LINE("spectrum", "long", 2, .filter = LINE_LONG),
	LINE("spectrum", "bad", 3, .filter = LINE_BAD),
	LINE("spectrum", "long, -8 dB, noise", 4, .filter = LINE_LONG, .gain_db = -8, .noise_dbm0 = -60),
	ECHO(-20, 10),
	ECHO(-12, 10),
	ECHO(-6, 10),
	ECHO(-12, 60),
	ECHO(-12, 250),
	ECHO(-12, 500),
	OWN_ECHO(-12, 2),
	OWN_ECHO(-12, 60),
	OWN_ECHO(-12, 500),
	SLIPS(30),
	SLIPS(10),
	SLIPS(3),
	SLIPS(1),
	SLIPS(0.5),
	SLIPS_PLAIN(30),
	SLIPS_PLAIN(10),
	CUTS(60),
	CUTS(30),
	CUTS(10),
	SHIFT(1),
	SHIFT(4),
	SHIFT(7),
	SHIFT(-7),
	LINE("codes", "mu-law", 1, .ulaw = true),
	LINE("codes", "robbed bits", 2, .robbed = true),
};

const struct matrix_cases matrix_line_cases = {cases, sizeof(cases) / sizeof(cases[0])};
