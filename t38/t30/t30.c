/* SPDX-License-Identifier: GPL-2.0-only */
#include "t30.h"

#include <stdio.h>
#include <string.h>

#define ADDRESS	     0xFF /* T.30 5.3.4 */
#define CONTROL	     0x03 /* T.30 5.3.5, the bit for the final frame left out */
#define FIF_AT	     3
#define IDENT_OCTETS 20 /* T.30 5.3.6.2.4 and after */
#define X_BIT	     0x01

/* DIS, DTC and DCS, T.30 table 2: numbers of the bits of the FIF. */
#define BIT_V8	      6
#define BIT_TO_POLL   9
#define BIT_RATE      11 /* to 14 */
#define BIT_FINE      15
#define BIT_2D	      T30_BIT_2D
#define BIT_WIDTH     17 /* and 18 */
#define BIT_EXTEND    24 /* the first one; then every eighth */
#define BIT_ECM	      T30_BIT_ECM
#define BIT_T6	      31
#define BIT_SUPERFINE 41
#define BIT_300	      42
#define BIT_400	      43
#define BIT_T85	      78
#define BIT_600	      105 /* and more of that kind, to 109 */

/* The groups without X bit: their FCF has no 1 in its second to fourth bit, or is one of a few (T.30 table 2). */
static bool has_x_bit(uint8_t fcf)
{
	return (fcf & 0x0E) && fcf != FCF_DEC && fcf != FCF_DER && fcf != FCF_TK;
}

uint8_t t30_frame_fcf(const uint8_t *frame, size_t octets)
{
	if (octets < FIF_AT || frame[0] != ADDRESS || (frame[1] & 0xEF) != CONTROL)
		return 0;
	return has_x_bit(frame[2]) ? frame[2] & (uint8_t)~X_BIT : frame[2];
}

uint8_t t30_frame_fcf2(const uint8_t *frame, size_t octets)
{
	return octets > FIF_AT ? frame[FIF_AT] & (uint8_t)~X_BIT : FCF_NULL;
}

static const struct {
	uint8_t fcf;
	char name[8];
} names[] = {
	{FCF_DIS, "DIS"},	  {FCF_CSI, "CSI"},	    {FCF_NSF, "NSF"}, {FCF_DTC, "DTC"},
	{FCF_CIG, "CIG"},	  {FCF_NSC, "NSC"},	    {FCF_PWD, "PWD"}, {FCF_SEP, "SEP"},
	{FCF_PSA, "PSA"},	  {FCF_CIA, "CIA"},	    {FCF_ISP, "ISP"}, {FCF_DES, "DES"},
	{FCF_DEC, "DEC"},	  {FCF_DER, "DER"},	    {FCF_TK, "TK"},   {FCF_DCS, "DCS"},
	{FCF_TSI, "TSI"},	  {FCF_NSS, "NSS"},	    {FCF_SUB, "SUB"}, {FCF_SID, "SID"},
	{FCF_CTC, "CTC"},	  {FCF_TSA, "TSA"},	    {FCF_IRA, "IRA"}, {FCF_CFR, "CFR"},
	{FCF_FTT, "FTT"},	  {FCF_CTR, "CTR"},	    {FCF_CSA, "CSA"}, {FCF_EOM, "EOM"},
	{FCF_MPS, "MPS"},	  {FCF_EOP, "EOP"},	    {FCF_EOS, "EOS"}, {FCF_RR, "RR"},
	{FCF_MCF, "MCF"},	  {FCF_RTP, "RTP"},	    {FCF_RTN, "RTN"}, {FCF_PIP, "PIP"},
	{FCF_PIN, "PIN"},	  {FCF_PPR, "PPR"},	    {FCF_RNR, "RNR"}, {FCF_ERR, "ERR"},
	{FCF_FDM, "FDM"},	  {FCF_PID, "PID"},	    {FCF_DCN, "DCN"}, {FCF_CRP, "CRP"},
	{FCF_FNV, "FNV"},	  {FCF_TNR, "TNR"},	    {FCF_TR, "TR"},   {FCF_RK, "RK"},
	{FCF_DNK, "DNK"},	  {FCF_PPS, "PPS"},	    {FCF_EOR, "EOR"}, {FCF_PRI_EOM, "PRI-EOM"},
	{FCF_PRI_MPS, "PRI-MPS"}, {FCF_PRI_EOP, "PRI-EOP"},
};

/* PPS and EOR by what follows the partial page (T.30 annex A.4.3). */
static const struct {
	uint8_t fcf2;
	const char *pps, *eor;
} partial_names[] = {
	{FCF_NULL, "PPS-NULL", "EOR-NULL"},
	{FCF_MPS, "PPS-MPS", "EOR-MPS"},
	{FCF_EOM, "PPS-EOM", "EOR-EOM"},
	{FCF_EOP, "PPS-EOP", "EOR-EOP"},
	{FCF_EOS, "PPS-EOS", "EOR-EOS"},
	{FCF_PRI_MPS, "PPS-PRI-MPS", "EOR-PRI-MPS"},
	{FCF_PRI_EOM, "PPS-PRI-EOM", "EOR-PRI-EOM"},
	{FCF_PRI_EOP, "PPS-PRI-EOP", "EOR-PRI-EOP"},
};

const char *t30_frame_name(const uint8_t *frame, size_t octets)
{
	uint8_t fcf = t30_frame_fcf(frame, octets);

	if ((fcf == FCF_PPS || fcf == FCF_EOR) && octets > FIF_AT)
		for (size_t i = 0; i < sizeof(partial_names) / sizeof(partial_names[0]); i++)
			if (partial_names[i].fcf2 == t30_frame_fcf2(frame, octets))
				return fcf == FCF_PPS ? partial_names[i].pps : partial_names[i].eor;
	for (size_t i = 0; fcf && i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].fcf == fcf)
			return names[i].name;
	return "unknown";
}

bool t30_frame_bit(const uint8_t *frame, size_t octets, unsigned n)
{
	size_t at = FIF_AT + (n - 1) / 8;

	if (!n || at >= octets)
		return false;
	for (unsigned extend = BIT_EXTEND; extend < n; extend += 8)
		if (!(frame[FIF_AT + (extend - 1) / 8] & 0x80))
			return false;
	return frame[at] >> ((n - 1) % 8) & 1;
}

/* Bits 11 to 14 as T.30 table 2 prints them, bit 11 first. */
static unsigned rate_bits(const uint8_t *frame, size_t octets)
{
	unsigned v = 0;

	for (unsigned i = 0; i < 4; i++)
		v = v << 1 | t30_frame_bit(frame, octets, BIT_RATE + i);
	return v;
}

static const struct t30_modem command_modems[16] = {
	[0] = {2400, "V.27ter"}, [4] = {4800, "V.27ter"}, [8] = {9600, "V.29"},	 [12] = {7200, "V.29"},
	[2] = {14400, "V.33"},	 [6] = {12000, "V.33"},	  [1] = {14400, "V.17"}, [5] = {12000, "V.17"},
	[9] = {9600, "V.17"},	 [13] = {7200, "V.17"},
};

static const struct t30_modem capable_modems[16] = {
	[0] = {2400, "V.27ter"},
	[4] = {4800, "V.27ter"},
	[8] = {9600, "V.29"},
	[12] = {9600, "V.27ter V.29"},
	[14] = {14400, "V.27ter V.29 V.33"},
	[13] = {14400, "V.27ter V.29 V.17"},
};

bool t30_frame_modem(const uint8_t *frame, size_t octets, struct t30_modem *mp)
{
	uint8_t fcf = t30_frame_fcf(frame, octets);
	const struct t30_modem *m = NULL;

	if (octets < FIF_AT + 2)
		return false;
	if (fcf == FCF_DCS || fcf == FCF_CTC)
		m = &command_modems[rate_bits(frame, octets)];
	else if (fcf == FCF_DIS || fcf == FCF_DTC)
		m = &capable_modems[rate_bits(frame, octets)];
	if (!m || !m->name)
		return false;
	*mp = *m;
	return true;
}

unsigned t30_frame_width(const uint8_t *frame, size_t octets)
{
	/* A4, B4, A3 at 8, 12 and 16 per mm */
	static const unsigned width[][4] = {{1728, 2048, 2432}, {2592, 3072, 3648}, {3456, 4096, 4864}};
	unsigned paper = 0, density = 0;

	if (t30_frame_fcf(frame, octets) != FCF_DCS)
		return 0;
	for (unsigned n = BIT_600; n < BIT_600 + 5; n++)
		if (t30_frame_bit(frame, octets, n))
			return 0;
	paper = t30_frame_bit(frame, octets, BIT_WIDTH) | (unsigned)t30_frame_bit(frame, octets, BIT_WIDTH + 1) << 1;
	if (t30_frame_bit(frame, octets, BIT_400))
		density = 2;
	else if (t30_frame_bit(frame, octets, BIT_300))
		density = 1;
	return width[density][paper];
}

/* The text's last character is transmitted first (T.30 5.3.6.2.4). */
void t30_frame_text(const uint8_t *frame, size_t octets, char *text)
{
	size_t n = 0, from = octets;

	while (from > FIF_AT && n < IDENT_OCTETS) {
		uint8_t c = frame[--from];

		if (c == ' ' && !n)
			continue;
		text[n++] = c >= 0x20 && c < 0x7F ? (char)c : '.';
	}
	while (n && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
}

struct line {
	char *buf;
	size_t room, len;
};

static void line_add(struct line *l, const char *word)
{
	int n;

	if (l->len >= l->room)
		return;
	n = snprintf(l->buf + l->len, l->room - l->len, "%s%s", l->len ? ", " : "", word);
	if (n > 0)
		l->len += (size_t)n;
}

static const struct {
	unsigned bit;
	const char *word;
	bool command; /* in a DCS too */
} words[] = {
	{BIT_ECM, "ECM", true},
	{BIT_FINE, "fine", true},
	{BIT_SUPERFINE, "superfine", true},
	{BIT_300, "300 dpi", true},
	{BIT_400, "400 dpi", true},
	{BIT_2D, "2-D", true},
	{BIT_T6, "T.6", true},
	{BIT_T85, "JBIG", true},
	{BIT_V8, "V.8", false},
	{BIT_TO_POLL, "document to poll", false},
};

static void detail_capabilities(const uint8_t *frame, size_t octets, bool command, struct line *l)
{
	struct t30_modem m;
	char modem[32];

	if (t30_frame_modem(frame, octets, &m)) {
		if (command)
			snprintf(modem, sizeof(modem), "%u %s", m.rate, m.name);
		line_add(l, command ? modem : m.name);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if ((words[i].command || !command) && t30_frame_bit(frame, octets, words[i].bit))
			line_add(l, words[i].word);
}

const char *t30_frame_detail(const uint8_t *frame, size_t octets, char *buf, size_t room)
{
	struct line l = {.buf = buf, .room = room};
	char text[IDENT_OCTETS + 1];

	if (room)
		buf[0] = '\0';
	switch (t30_frame_fcf(frame, octets)) {
	case FCF_DIS:
	case FCF_DTC:
		detail_capabilities(frame, octets, false, &l);
		break;
	case FCF_DCS:
	case FCF_CTC:
		detail_capabilities(frame, octets, true, &l);
		break;
	case FCF_CSI:
	case FCF_TSI:
	case FCF_CIG:
	case FCF_PWD:
	case FCF_SEP:
	case FCF_SUB:
	case FCF_SID:
	case FCF_PSA:
		t30_frame_text(frame, octets, text);
		line_add(&l, text);
		break;
	default:
		break;
	}
	return buf;
}

const char *t30_outcome_name(enum t30_outcome o)
{
	static const char *const outcome[] = {
		[T30_NONE] = "no fax",
		[T30_INCOMPLETE] = "incomplete",
		[T30_SUCCESS] = "success",
		[T30_FAILED] = "failed",
	};

	return (unsigned)o < sizeof(outcome) / sizeof(outcome[0]) ? outcome[o] : "unknown";
}
