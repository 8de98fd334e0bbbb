/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t30_frames: the frames that scripted faxes are made of (T.30 5.3.6), in the order of bits of t30_script.h: bit 1 of
 * a FIF is 0x01 of its first octet. To be included where the tables of turns are.
 */
#ifndef SIM_T30_FRAMES_H
#define SIM_T30_FRAMES_H

#include "t30_script.h"

/* A frame without a FIF, as the called end sends it (X 0), and as the caller does, who has received DIS (X 1). */
#define CALLED_FRAME(text, f) (&(const struct t30_frame){.name = (text), .fcf = (f)})
#define CALLER_FRAME(text, f) (&(const struct t30_frame){.name = (text), .fcf = (f) | 1})
#define FIF_FRAME(text, f, n, ...)                                                                                     \
	(&(const struct t30_frame){.name = (text), .fcf = (f), .octets = (n), .fif = {__VA_ARGS__}})

/* T.30 table 2. In a DIS or DTC bits 11-14 tell the modems. */
enum { RATES_V27TER_2400 = 0x00, RATES_V27TER = 0x08, RATES_V29 = 0x0c, RATES_V17 = 0x2c };
/* In a DCS they tell the rate. */
enum {
	RATE_V27TER_2400 = 0x00,
	RATE_V27TER_4800 = 0x08,
	RATE_V29_7200 = 0x0c,
	RATE_V29_9600 = 0x04,
	RATE_V17_7200 = 0x2c,
	RATE_V17_9600 = 0x24,
	RATE_V17_12000 = 0x28,
	RATE_V17_14400 = 0x20,
};
enum { NO_ECM = 0x00, ECM = 0x04, ECM_64 = 0x0c }; /* bits 27 and 28 */

/* A receiver (bit 10), fine resolution (15), no time needed for a line (21-23), in DIS two-dimensional (16). */
#define DIS(rates, ecm) FIF_FRAME("DIS", 0x80, 4, 0x00, 0xc2 | (rates), 0xf0, (ecm))
#define DTC(rates, ecm) FIF_FRAME("DTC", 0x81, 4, 0x00, 0xc2 | (rates), 0xf0, (ecm))
#define DCS(rate, ecm)	FIF_FRAME("DCS", 0x83, 4, 0x00, 0x42 | (rate), 0xf0, (ecm))
/* A polled machine (bit 9) that has a page, too. */
#define DIS_POLL(rates, ecm)  FIF_FRAME("DIS", 0x80, 4, 0x00, 0xc3 | (rates), 0xf0, (ecm))
#define DCS_POLLED(rate, ecm) FIF_FRAME("DCS", 0x82, 4, 0x00, 0x42 | (rate), 0xf0, (ecm))

#define IDENT_FRAME(text, f)                                                                                           \
	FIF_FRAME(text, f, 20, 0x8c, 0x4c, 0xcc, 0x2c, 0xac, 0x6c, 0xec, 0x1c, 0x9c, 0x0c, 0x04, 0x04, 0x04, 0x04,     \
		  0x04, 0x04, 0x04, 0x04, 0x04, 0xd4)
#define CSI IDENT_FRAME("CSI", 0x40)
#define TSI IDENT_FRAME("TSI", 0x43)
#define CIG IDENT_FRAME("CIG", 0x41)

#define CFR	      CALLED_FRAME("CFR", 0x84)
#define FTT	      CALLED_FRAME("FTT", 0x44)
#define CTR	      CALLED_FRAME("CTR", 0xc4)
#define MCF	      CALLED_FRAME("MCF", 0x8c)
#define RTP	      CALLED_FRAME("RTP", 0xcc)
#define RTN	      CALLED_FRAME("RTN", 0x4c)
#define PIP	      CALLED_FRAME("PIP", 0xac)
#define PIN	      CALLED_FRAME("PIN", 0x2c)
#define RNR	      CALLED_FRAME("RNR", 0xec)
#define ERR	      CALLED_FRAME("ERR", 0x1c)
#define FDM	      CALLED_FRAME("FDM", 0xfc)
#define CRP	      CALLED_FRAME("CRP", 0x1a)
#define DCN_OF_CALLED CALLED_FRAME("DCN", 0xfa)
#define CRP_OF_CALLER CALLER_FRAME("CRP", 0x1a)
#define DCN	      CALLER_FRAME("DCN", 0xfa)
#define EOP	      CALLER_FRAME("EOP", 0x2e)
#define MPS	      CALLER_FRAME("MPS", 0x4e)
#define EOM	      CALLER_FRAME("EOM", 0x8e)
#define PRI_EOP	      CALLER_FRAME("PRI-EOP", 0x3e)
#define PRI_MPS	      CALLER_FRAME("PRI-MPS", 0x5e)
#define PRI_EOM	      CALLER_FRAME("PRI-EOM", 0x9e)
#define RR	      CALLER_FRAME("RR", 0x6e)
#define CTC(rate)     FIF_FRAME("CTC", 0x13, 2, 0x00, 0x42 | (rate))
/* T.30 annex A.4.3: the command of the page, its number, the block's, the last frame's */
#define PPS(command, page, block, frames) FIF_FRAME("PPS", 0xbf, 4, (command) | 1, page, block, (frames)-1)
#define EOR(command)			  FIF_FRAME("EOR", 0xcf, 1, (command) | 1)
enum { PPS_NULL = 0x00, PPS_EOP = 0x2e, PPS_MPS = 0x4e, PPS_EOM = 0x8e };
/* 32 octets of map, frame 0 the lowest bit */
#define PPR(...) FIF_FRAME("PPR", 0xbc, 32, __VA_ARGS__)

/* Turns */
#define CALLED_SENDS(...)                                                                                              \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_FRAMES, .frames = { __VA_ARGS__ }                                       \
	}
#define CALLER_SENDS(...)                                                                                              \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_FRAMES, .frames = { __VA_ARGS__ }                                       \
	}
/* MORE: further members of struct t30_turn */
#define CALLED_SENDS_SO(frame, ...)                                                                                    \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_FRAMES, .frames = {frame}, __VA_ARGS__                                  \
	}
#define CALLER_SENDS_SO(frame, ...)                                                                                    \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_FRAMES, .frames = {frame}, __VA_ARGS__                                  \
	}
#define CALLED_CED                                                                                                     \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_CED, .after_ms = 200                                                    \
	}
#define CALLER_CNG                                                                                                     \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_CNG                                                                     \
	}
#define TCF(m, ...)                                                                                                    \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_TCF, .modem = (m), ##__VA_ARGS__                                        \
	}
#define LINES(m, n, ...)                                                                                               \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_LINES, .modem = (m), .count = (n), ##__VA_ARGS__                        \
	}
#define BLOCK(m, n, ...)                                                                                               \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_BLOCK, .modem = (m), .count = (n), ##__VA_ARGS__                        \
	}
#define POLLED_TCF(m, ...)                                                                                             \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_TCF, .modem = (m), ##__VA_ARGS__                                        \
	}
#define POLLED_LINES(m, n, ...)                                                                                        \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_LINES, .modem = (m), .count = (n), ##__VA_ARGS__                        \
	}
#define CALLER_CUTS                                                                                                    \
	{                                                                                                              \
		.side = T30_CALLER, .act = T30_CUT                                                                     \
	}
#define CALLED_CUTS                                                                                                    \
	{                                                                                                              \
		.side = T30_CALLED, .act = T30_CUT                                                                     \
	}
#define SILENCE_MS(t)                                                                                                  \
	{                                                                                                              \
		.act = T30_SILENCE, .ms = (t)                                                                          \
	}

/* What most faxes begin and end with. */
#define OPENING(rates, ecm)	   CALLER_CNG, CALLED_CED, CALLED_SENDS(CSI, DIS(rates, ecm))
#define TRAINING(rate, modem, ecm) CALLER_SENDS(TSI, DCS(rate, ecm)), TCF(modem), CALLED_SENDS(CFR)
#define CLOSING                                                                                                        \
	CALLER_SENDS(EOP), CALLED_SENDS(MCF), CALLER_SENDS(DCN),                                                       \
	{                                                                                                              \
		0                                                                                                      \
	}

#endif
