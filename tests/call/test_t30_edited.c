/* SPDX-License-Identifier: GPL-2.0-only */
/* What the gateway must alter in T.30 frames, by its nature and by configuration; all else arrives as it was sent. */
#include "tests/call/t30_call.h"

#define TURNS(name, ...) static const struct t30_turn name[] = {__VA_ARGS__}

#define V29_DIS	     DIS(RATES_V29, NO_ECM)
#define V29_TRAINING TRAINING(RATE_V29_9600, T30_V29_9600, NO_ECM)
#define V29_PAGE     LINES(T30_V29_9600, 12)
#define NSX(text, f) FIF_FRAME(text, f, 10, 0xad, 0x00, 0x55, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde)
#define EMPTIED(text, f)                                                                                               \
	(&(const struct t30_frame){.name = (text),                                                                     \
				   .fcf = (f),                                                                         \
				   .octets = 10,                                                                       \
				   .fif = {0xad, 0x00, 0x55, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde},                \
				   .arrives = FIF_FRAME(text, f, 10, 0)})
#define ALTERED_DIS(text, f, first, second, ecm, to_second, to_ecm)                                                    \
	(&(const struct t30_frame){.name = (text),                                                                     \
				   .fcf = (f),                                                                         \
				   .octets = 4,                                                                        \
				   .fif = {first, second, 0xf0, ecm},                                                  \
				   .arrives = FIF_FRAME(text, f, 4, 0x00, to_second, 0xf0, to_ecm)})
#define CFR_AS_FTT (&(const struct t30_frame){.name = "CFR", .fcf = 0x84, .arrives = FTT})

TURNS(emptied, CALLER_CNG, CALLED_CED, CALLED_SENDS(EMPTIED("NSF", 0x20), CSI, V29_DIS),
      CALLER_SENDS(EMPTIED("NSS", 0x23), TSI, DCS(RATE_V29_9600, NO_ECM)), TCF(T30_V29_9600), CALLED_SENDS(CFR),
      V29_PAGE, CLOSING);
TURNS(passed, CALLER_CNG, CALLED_CED, CALLED_SENDS(NSX("NSF", 0x20), CSI, V29_DIS),
      CALLER_SENDS(NSX("NSS", 0x23), TSI, DCS(RATE_V29_9600, NO_ECM)), TCF(T30_V29_9600), CALLED_SENDS(CFR), V29_PAGE,
      CLOSING);
TURNS(nsc, CALLER_CNG, CALLED_CED, CALLED_SENDS(EMPTIED("NSF", 0x20), CSI, DIS_POLL(RATES_V29, NO_ECM)),
      CALLER_SENDS(EMPTIED("NSC", 0x21), CIG, DTC(RATES_V29, NO_ECM)), CALLED_SENDS(DCS_POLLED(RATE_V29_9600, NO_ECM)),
      POLLED_TCF(T30_V29_9600), CALLER_SENDS(CALLER_FRAME("CFR", 0x84)), POLLED_LINES(T30_V29_9600, 12),
      CALLED_SENDS(CALLED_FRAME("EOP", 0x2e)), CALLER_SENDS(CALLER_FRAME("MCF", 0x8c)), CALLED_SENDS(DCN_OF_CALLED),
      {0});
TURNS(v8, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, ALTERED_DIS("DIS", 0x80, 0x20, 0xce, 0x04, 0xce, 0x04)),
      V29_TRAINING, V29_PAGE, CLOSING);
TURNS(v8_polling, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, ALTERED_DIS("DIS", 0x80, 0x20, 0xcf, 0x00, 0xcf, 0x00)),
      CALLER_SENDS(CIG, ALTERED_DIS("DTC", 0x81, 0x20, 0xce, 0x00, 0xce, 0x00)),
      CALLED_SENDS(DCS_POLLED(RATE_V29_9600, NO_ECM)), POLLED_TCF(T30_V29_9600),
      CALLER_SENDS(CALLER_FRAME("CFR", 0x84)), POLLED_LINES(T30_V29_9600, 12), CALLED_SENDS(CALLED_FRAME("EOP", 0x2e)),
      CALLER_SENDS(CALLER_FRAME("MCF", 0x8c)), CALLED_SENDS(DCN_OF_CALLED), {0});
TURNS(no_ecm, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, ALTERED_DIS("DIS", 0x80, 0x00, 0xce, 0x04, 0xce, 0x00)),
      V29_TRAINING, V29_PAGE, CLOSING);
TURNS(no_v17, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, ALTERED_DIS("DIS", 0x80, 0x00, 0xee, 0x00, 0xce, 0x00)),
      V29_TRAINING, V29_PAGE, CLOSING);
TURNS(v27_alone, CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, ALTERED_DIS("DIS", 0x80, 0x00, 0xee, 0x00, 0xca, 0x00)),
      TRAINING(RATE_V27TER_4800, T30_V27TER_4800, NO_ECM), LINES(T30_V27TER_4800, 12), CLOSING);
/* The DIS can forbid no rate of V.17: who begins with more than is allowed is made to train again. */
TURNS(at_12000, OPENING(RATES_V17, NO_ECM), CALLER_SENDS(TSI, DCS(RATE_V17_14400, NO_ECM)),
      TCF(T30_V17_14400, .is_refused = true), CALLED_SENDS(CFR_AS_FTT), TRAINING(RATE_V17_12000, T30_V17_12000, NO_ECM),
      LINES(T30_V17_12000, 12, .is_short = true), CLOSING);
/* A rate that no DIS has allowed is the caller's fault, and the called end's to refuse. */
TURNS(not_offered, OPENING(RATES_V29, NO_ECM), CALLER_SENDS(DCS(RATE_V17_14400, NO_ECM)), TCF(T30_V17_14400),
      CALLED_SENDS(FTT), V29_TRAINING, V29_PAGE, CLOSING);

static const struct t30_case cases[] = {
	{.name = "NSF and NSS are emptied", .turns = emptied},
	{.name = "NSC is emptied", .turns = nsc},
	{.name = "NSF and NSS pass if configured", .turns = passed, .fax_text = "nonstandard = yes\n"},
	{.name = "DIS without V.8", .turns = v8},
	{.name = "DTC without V.8", .turns = v8_polling},
	{.name = "DIS without ECM", .turns = no_ecm, .fax_text = "ecm = no\n"},
	{.name = "DIS without V.17", .turns = no_v17, .fax_text = "modems = v29, v27ter\nmax_rate = 9600\n"},
	{.name = "DIS with V.27ter alone", .turns = v27_alone, .fax_text = "max_rate = 4800\n"},
	{.name = "V.17 at 12000 at most", .turns = at_12000, .fax_text = "max_rate = 12000\n"},
	{.name = "a rate that was not offered", .turns = not_offered},
};

int main(int argc, char **argv)
{
	return t30_call_main("edited frames", cases, sizeof(cases) / sizeof(cases[0]), argv[1]);
}
