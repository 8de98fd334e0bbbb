/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "gateway/base/fax.h"

#include "limit.h"
#include "t38/t30/t30.h"

#define X_BIT 0x01

#define FRAME_FCF 2 /* address, control, FCF, FIF */
#define FRAME_FIF 3

/* Bit N of a FIF (T.30 table 2 counts from 1). */
#define FIF_OCTET(n) (((n)-1u) / 8)
#define FIF_BIT(n)   (1u << ((n)-1u) % 8)

#define BIT_ECM	    27
#define MODEM_BITS  (FIF_BIT(11) | FIF_BIT(12) | FIF_BIT(13) | FIF_BIT(14))
#define OFFERS_V29  FIF_BIT(11)
#define OFFERS_4800 FIF_BIT(12)
#define OFFERS_ALL  (FIF_BIT(11) | FIF_BIT(12) | FIF_BIT(14))

void limit_init(struct limit *l, bool ecm, unsigned max_rate, unsigned modems)
{
	memset(l, 0, sizeof(*l));
	l->ecm = ecm;
	l->max_rate = max_rate ? max_rate : 14400;
	if (modems & FAX_MODEM_V17)
		modems |= FAX_MODEM_V29;
	l->modems = modems & FAX_MODEM_ALL ? modems & FAX_MODEM_ALL : FAX_MODEM_V27TER;
}

static uint8_t reverse(uint8_t b)
{
	b = (uint8_t)(b >> 4 | b << 4);
	b = (uint8_t)((b & 0xcc) >> 2 | (b & 0x33) << 2);
	return (uint8_t)((b & 0xaa) >> 1 | (b & 0x55) << 1);
}

/* T.30 table 2, bits 11 to 14: V.29, V.27ter, (V.33), V.17; none of them: V.27ter at 2400 only. */
static uint8_t limit_modems(const struct limit *l, uint8_t octet)
{
	if (!(l->modems & FAX_MODEM_V17) || l->max_rate < 12000)
		octet &= (uint8_t) ~(FIF_BIT(13) | FIF_BIT(14));
	if (!(l->modems & FAX_MODEM_V29) || l->max_rate < 7200)
		octet &= (uint8_t)~FIF_BIT(11);
	if (!(l->modems & FAX_MODEM_V27TER) && (octet & FIF_BIT(11)) && !(octet & FIF_BIT(14)))
		octet &= (uint8_t)~FIF_BIT(12);
	if (l->max_rate < 4800)
		octet &= (uint8_t)~FIF_BIT(12);
	return octet;
}

/* What needs ECM: itself (27), T.6 (31), T.43 (36), JPEG (68, 69), JBIG (78, 79). */
static uint8_t clear_ecm(unsigned fif_octet, uint8_t octet)
{
	static const uint8_t bits[] = {27, 31, 36, 68, 69, 78, 79};
	size_t i;

	for (i = 0; i < sizeof(bits); i++)
		if (FIF_OCTET(bits[i]) == fif_octet)
			octet &= (uint8_t)~FIF_BIT(bits[i]);
	return octet;
}

static uint8_t limit_octet(const struct limit *l, unsigned fif_octet, uint8_t octet)
{
	if (fif_octet == FIF_OCTET(6))
		octet &= (uint8_t)~FIF_BIT(6); /* V.8 */
	if (fif_octet == FIF_OCTET(11))
		octet = limit_modems(l, octet);
	return l->ecm ? octet : clear_ecm(fif_octet, octet);
}

/* The first octet of a FIF or a later one: of what the frame is the FCF has told. */
static uint8_t pass_fif(struct limit *l, enum limit_direction d, unsigned fif_octet, uint8_t octet)
{
	uint8_t fcf = l->dir[d].fcf;

	if (fcf == FCF_DIS || fcf == FCF_DTC)
		octet = limit_octet(l, fif_octet, octet);
	else if (!l->nonstandard && (fcf == FCF_NSF || fcf == FCF_NSC || (fcf & ~X_BIT) == FCF_NSS))
		octet = 0;
	if (fif_octet < sizeof(l->dir[d].fif))
		l->dir[d].fif[fif_octet] = octet;
	return octet;
}

bool limit_refuses(const struct limit *l, enum limit_direction d)
{
	if (d == LIMIT_TO_LINE && l->refuse_training)
		return true;
	return d != l->sender && (l->breach == LIMIT_TOO_FAST || l->breach == LIMIT_NOT_OFFERED);
}

static uint8_t pass_fcf(struct limit *l, enum limit_direction d, uint8_t octet)
{
	if ((octet & ~X_BIT) == FCF_CFR && limit_refuses(l, d))
		octet = FCF_FTT | (octet & X_BIT);
	memset(l->dir[d].fif, 0, sizeof(l->dir[d].fif));
	l->dir[d].fcf = octet;
	return octet;
}

static void pass_octets(struct limit *l, enum limit_direction d, uint8_t *p, size_t n)
{
	for (; n > 0; n--, p++) {
		uint8_t octet = reverse(*p); /* T.38 7.3.1: the first bit is the highest */

		if (l->dir[d].at == FRAME_FCF)
			*p = reverse(pass_fcf(l, d, octet));
		else if (l->dir[d].at >= FRAME_FIF)
			*p = reverse(pass_fif(l, d, l->dir[d].at - FRAME_FIF, octet));
		l->dir[d].at++;
	}
}

static bool is_offered(uint8_t offered, unsigned modem, unsigned rate)
{
	switch (modem) {
	case FAX_MODEM_V17:
		return (offered & OFFERS_ALL) == OFFERS_ALL;
	case FAX_MODEM_V29:
		return offered & OFFERS_V29;
	default:
		return rate == 2400 || offered & OFFERS_4800;
	}
}

static bool is_allowed(const struct limit *l, unsigned modem, unsigned rate)
{
	/* What no DIS can forbid: whoever has nothing else must have V.27ter. */
	return rate <= l->max_rate && (l->modems & modem || modem == FAX_MODEM_V27TER);
}

/* T.30 table 2, bits 11 to 14 of a DCS. */
static const struct {
	uint8_t code;
	unsigned modem, rate;
} commands[] = {
	{0x20, FAX_MODEM_V17, 14400},	{0x28, FAX_MODEM_V17, 12000},	{0x24, FAX_MODEM_V17, 9600},
	{0x2c, FAX_MODEM_V17, 7200},	{0x04, FAX_MODEM_V29, 9600},	{0x0c, FAX_MODEM_V29, 7200},
	{0x08, FAX_MODEM_V27TER, 4800}, {0x00, FAX_MODEM_V27TER, 2400},
};

/* The DCS in direction D against the DIS or DTC that came the other way. */
static enum limit_breach breach_of(struct limit *l, enum limit_direction d)
{
	const uint8_t *fif = l->dir[d].fif;
	bool offered = true, allowed = true;

	l->dcs_rate = 0;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].code != (fif[FIF_OCTET(11)] & MODEM_BITS))
			continue;
		l->dcs_rate = commands[i].rate;
		allowed = is_allowed(l, commands[i].modem, commands[i].rate);
		offered =
			!l->dir[!d].has_offered || is_offered(l->dir[!d].offered, commands[i].modem, commands[i].rate);
	}
	if (!allowed)
		return offered ? LIMIT_TOO_FAST : LIMIT_NOT_OFFERED;
	if (!l->ecm && fif[FIF_OCTET(BIT_ECM)] & FIF_BIT(BIT_ECM))
		return LIMIT_ECM;
	return LIMIT_KEPT;
}

/* A frame has come whole: what follows in an image modem? */
static void pass_frame(struct limit *l, enum limit_direction d)
{
	if (l->dir[d].at <= FRAME_FCF)
		return;
	switch (l->dir[d].fcf) {
	case FCF_DIS:
	case FCF_DTC:
		l->dir[d].has_offered = true;
		l->dir[d].offered = l->dir[d].fif[FIF_OCTET(11)];
		break;
	case FCF_DCS:
	case FCF_DCS | X_BIT:
		l->tcf = true;
		l->sender = d;
		l->breach = breach_of(l, d);
		break;
	case FCF_CFR:
	case FCF_CFR | X_BIT:
	case FCF_CTR:
	case FCF_CTR | X_BIT:
		l->tcf = false;
		break;
	}
}

static void pass_v21(struct limit *l, enum limit_direction d, uint8_t *packet, const struct ifp *ip)
{
	unsigned i;

	for (i = 0; i < ip->nfields; i++) {
		/* Some put data into the fields that should only close a frame; spandsp takes them, so they are
		 * looked at. */
		pass_octets(l, d, packet + ip->field[i].at, ip->field[i].len);
		if (ip->field[i].type == IFP_HDLC_DATA)
			continue;
		if (ip->field[i].type == IFP_HDLC_FCS_OK || ip->field[i].type == IFP_HDLC_FCS_OK_SIG_END)
			pass_frame(l, d);
		l->dir[d].at = 0;
	}
}

static unsigned modem_of(unsigned kind)
{
	if (kind >= IFP_DATA_V17_7200)
		return FAX_MODEM_V17;
	return kind >= IFP_DATA_V29_7200 ? FAX_MODEM_V29 : FAX_MODEM_V27TER;
}

/* A TCF is 1.5 s of zeros (T.30 5.3.6.1.3) and is taken when it holds one long run of them. */
static void spoil_tcf(struct limit *l, enum limit_direction d, uint8_t *packet, const struct ifp *ip)
{
	unsigned i;

	if (!l->dir[d].spoiling)
		l->spoilt++;
	l->dir[d].spoiling = true;
	for (i = 0; i < ip->nfields; i++)
		memset(packet + ip->field[i].at, 0x55, ip->field[i].len);
}

void limit_frame_broken(struct limit *l, enum limit_direction d)
{
	l->dir[d].at = 0;
}

void limit_packet(struct limit *l, enum limit_direction d, uint8_t *packet, const struct ifp *ip)
{
	if (ip->indicator) {
		l->dir[d].at = 0;
		l->dir[d].spoiling = false;
	} else if (ip->kind == IFP_DATA_V21) {
		pass_v21(l, d, packet, ip);
	} else if (l->tcf && !is_allowed(l, modem_of(ip->kind), ifp_rate(ip->kind))) {
		spoil_tcf(l, d, packet, ip);
	}
}
