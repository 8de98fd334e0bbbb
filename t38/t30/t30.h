/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t30: naming and reading T.30 frames, and following a fax by them. Pure.
 *
 * Frames are as V.21 or T.38 carries them: address (0xFF), control (0x03 or 0x13), FCF, FIF, without FCS, each octet in
 * the bit order of ITU-T T.30 5.3 as spandsp gives it (FCF 0x80 is DIS's 0b0000 0001 transmitted first bit first: see
 * T30_* there).
 */
#ifndef T38_T30_H
#define T38_T30_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Facsimile control fields, T.30 table 2, in the bit order described above. All but the first three groups carry the X
 * bit, the first one transmitted: it is 0 here. */
enum t30_fcf {
	FCF_DIS = 0x80,
	FCF_CSI = 0x40,
	FCF_NSF = 0x20,
	FCF_DTC = 0x81,
	FCF_CIG = 0x41,
	FCF_NSC = 0x21,
	FCF_PWD = 0xC1,
	FCF_SEP = 0xA1,
	FCF_PSA = 0x61,
	FCF_CIA = 0xE1,
	FCF_ISP = 0x11,
	FCF_DES = 0xA0,
	FCF_DEC = 0x93,
	FCF_DER = 0x53,
	FCF_TK = 0x4B,
	FCF_DCS = 0x82,
	FCF_TSI = 0x42,
	FCF_NSS = 0x22,
	FCF_SUB = 0xC2,
	FCF_SID = 0xA2,
	FCF_CTC = 0x12,
	FCF_TSA = 0x62,
	FCF_IRA = 0xE2,
	FCF_CFR = 0x84,
	FCF_FTT = 0x44,
	FCF_CTR = 0xC4,
	FCF_CSA = 0x24,
	FCF_EOM = 0x8E,
	FCF_MPS = 0x4E,
	FCF_EOP = 0x2E,
	FCF_PRI_EOM = 0x9E,
	FCF_PRI_MPS = 0x5E,
	FCF_PRI_EOP = 0x3E,
	FCF_EOS = 0x1E,
	FCF_PPS = 0xBE,
	FCF_EOR = 0xCE,
	FCF_RR = 0x6E,
	FCF_MCF = 0x8C,
	FCF_RTP = 0xCC,
	FCF_RTN = 0x4C,
	FCF_PIP = 0xAC,
	FCF_PIN = 0x2C,
	FCF_PPR = 0xBC,
	FCF_RNR = 0xEC,
	FCF_ERR = 0x1C,
	FCF_FDM = 0xFC,
	FCF_PID = 0x6C,
	FCF_DCN = 0xFA,
	FCF_CRP = 0x1A,
	FCF_FNV = 0xCA,
	FCF_TNR = 0xEA,
	FCF_TR = 0x6A,
	FCF_RK = 0x4A,
	FCF_DNK = 0x9A,
	FCF_NULL = 0x00, /* only in PPS and EOR, as what follows the partial page */
};

/* The FCF of a frame with the X bit masked; 0 if the frame is too short to have one or is none of T.30's (address,
 * control). */
uint8_t t30_frame_fcf(const uint8_t *frame, size_t octets);
/* Of PPS and EOR: the command in their first FIF octet, X bit masked (FCF_NULL if there is none). */
uint8_t t30_frame_fcf2(const uint8_t *frame, size_t octets);

/* What a DIS, DTC, DCS or CTC says of the modem. */
struct t30_modem {
	unsigned rate;	  /* bit/s; of a DIS or DTC: the fastest it can */
	const char *name; /* "V.17"; of a DIS or DTC all of them: "V.27ter V.29 V.17" */
};
/* False if the frame is none of these or has no such octets. */
bool t30_frame_modem(const uint8_t *frame, size_t octets, struct t30_modem *mp);
/* Bit N (1 and up) of the FIF of a DIS, DTC or DCS as T.30 table 2 numbers them; bits beyond the frame's end, or behind
 * an extend bit that is 0, are false. */
bool t30_frame_bit(const uint8_t *frame, size_t octets, unsigned n);
enum { T30_BIT_2D = 16, T30_BIT_UNCOMPRESSED = 26, T30_BIT_ECM = 27 };
/* How many pixels the lines have that a DCS announces; 0 if it is none, or says what this does not know. */
unsigned t30_frame_width(const uint8_t *frame, size_t octets);
/* The text of a CSI, TSI, CIG, PWD, SEP, SUB, SID or PSA (at most 20 characters), blanks at the ends removed,
 * unprintable characters as '.'. TEXT takes 21 octets and is always terminated. */
void t30_frame_text(const uint8_t *frame, size_t octets, char *text);

/* "DIS", "DCS", "CFR", "MPS", ... by the FCF with the X bit (set by who received a DIS) masked; "FCF 0xNN" is never
 * returned: unknown ones give "unknown". */
const char *t30_frame_name(const uint8_t *frame, size_t octets);

/* What a DIS, DTC or DCS says, in one line: "14400 V.17, ECM, fine, T.6", "V.27ter V.29 V.17, ECM"; for
 * CSI/TSI/CIG/PWD/SEP/SUB the text; else "". BUF is always terminated. Returns BUF. */
const char *t30_frame_detail(const uint8_t *frame, size_t octets, char *buf, size_t room);

enum t30_direction { T30_FROM_LINE, T30_FROM_PEER }; /* which side of the gateway the frame came from */

enum t30_outcome {
	T30_NONE,	/* no T.30 frame was seen */
	T30_INCOMPLETE, /* frames, but the fax did not end */
	T30_SUCCESS,	/* every page confirmed, the last after EOP, then DCN or the end of the call */
	T30_FAILED,	/* DCN or the end before all was confirmed */
};

const char *t30_outcome_name(enum t30_outcome o); /* "no fax", "incomplete", "success", "failed" */

/* Follows one fax. Zero it, then t30_watch_frame() for every frame. */
struct t30_watch {
	unsigned frames;
	unsigned pages;		 /* confirmed by MCF or RTP (ECM: after the last partial page) */
	unsigned retrains;	 /* FTT */
	unsigned rejected;	 /* RTN, PIN */
	unsigned partial_resent; /* PPR */
	unsigned rate;		 /* bit/s of the last DCS; 0: none seen */
	const char *modem;	 /* "V.17", "V.29", "V.27ter", or NULL */
	bool ecm;		 /* of the last DCS */
	bool cfr, dcn;
	enum t30_outcome outcome;	     /* as it stands now */
	char sender_id[21], receiver_id[21]; /* TSI, CSI */
	char last_line[12], last_peer[12];   /* the last frame from each side */
	/* private */
	int post_page; /* the last post-page message waiting for its answer, FCF; 0: none */
	bool last_page_confirmed;
	enum t30_direction post_page_side; /* who sent it */
	bool confirmed;			   /* the last page was, and nothing shows that another has begun since */
	uint8_t pending[4];		   /* FIF of that PPS or EOR: command, page, block, frames (T.30 A.4.3) */
	int counted_fcf;		   /* the message the last counted page ended with, and its FIF */
	uint8_t counted[4];
	unsigned failed_trainings; /* FTT since the last CFR */
	unsigned abandoned;	   /* pages given up by EOR and ERR */
	int asked;		   /* the last command, FCF, that nobody has answered in any way... */
	enum t30_direction asker;
	unsigned tries;	   /* ...for so many times */
	bool sender_known; /* a DCS was seen, from... */
	enum t30_direction sender;
	bool page_due;		 /* the receiver waits for a page, and nothing shows yet that it has ended */
	bool missed, unsent;	 /* it said DIS instead of hearing it; nor had any begun, as far as we have seen */
	bool polling;		 /* a DTC was seen: the caller receives */
	bool image, image_known; /* page data since the last post-page message; t30_watch_image() is called at all */
	enum t30_direction dcn_side;
	char before_dcn[12]; /* the last frame before DCN, and who sent it */
	enum t30_direction before_dcn_side;
};

/* Optional: image data (or a TCF) passes. Without these calls an MPS sent again after its MCF (because that was lost)
 * counts as another page: without ECM nothing in the frames tells the two apart. */
void t30_watch_image(struct t30_watch *w);
void t30_watch_frame(struct t30_watch *w, enum t30_direction d, const uint8_t *frame, size_t octets);
/* True if the fax ended with a command (DIS, DTC, DCS, a post-page message) to which *SIDEP, who should have answered,
 * was silent. Who sent it and gave up is not the one to ask then. */
bool t30_watch_unanswered(const struct t30_watch *w, enum t30_direction *sidep);
/* True if the fax failed for what the receiver did not get, or not well, of the other's pages or training checks;
 * *FROMP is who sent them. Who gave up then is not to blame. */
bool t30_watch_spoilt(const struct t30_watch *w, enum t30_direction *fromp);
/* In words, for an operator, why the fax stands where it stands: "success", "DCN after FTT: training failed 3 times",
 * "no answer to DIS", "line side sent DCN after PPS-EOP". Static or in BUF. */
const char *t30_watch_reason(const struct t30_watch *w, char *buf, size_t room);

#endif
