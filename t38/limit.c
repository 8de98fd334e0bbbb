/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "gateway/base/fax.h"

#include "limit.h"

/* Facsimile control fields (T.30 5.3.6), first bit transmitted lowest; the lowest is X where a frame has one. */
#define FCF_DIS 0x80
#define FCF_DTC 0x81
#define FCF_DCS 0x82
#define FCF_CFR 0x84
#define FCF_FTT 0x44
#define FCF_CTR 0xc4

#define FRAME_FCF 2 /* address, control, FCF, FIF */
#define FRAME_FIF 3

/* Bit N of a FIF (T.30 table 2 counts from 1). */
#define FIF_OCTET(n) (((n)-1u) / 8)
#define FIF_BIT(n)   (1u << ((n)-1u) % 8)

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

static void pass_octets(struct limit *l, enum limit_direction d, uint8_t *p, size_t n)
{
	uint8_t octet;

	for (; n > 0; n--, p++) {
		octet = reverse(*p); /* T.38 7.3.1: the first bit is the highest */
		if (l->dir[d].at == FRAME_FCF) {
			if (d == LIMIT_TO_LINE && l->refuse_training && (octet & 0xfe) == FCF_CFR)
				*p = reverse(octet = FCF_FTT | (octet & 1));
			l->dir[d].fcf = octet;
		}
		else if (l->dir[d].at >= FRAME_FIF && (l->dir[d].fcf == FCF_DIS || l->dir[d].fcf == FCF_DTC))
			*p = reverse(limit_octet(l, l->dir[d].at - FRAME_FIF, octet));
		l->dir[d].at++;
	}
}

/* A frame has come whole: what follows in an image modem? */
static void pass_frame(struct limit *l, enum limit_direction d)
{
	if (l->dir[d].at <= FRAME_FCF)
		return;
	switch (l->dir[d].fcf & 0xfe) {
	case FCF_DCS:
		l->tcf = true;
		break;
	case FCF_CFR:
	case FCF_CTR:
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

void limit_packet(struct limit *l, enum limit_direction d, uint8_t *packet, const struct ifp *ip)
{
	if (ip->indicator) {
		l->dir[d].at = 0;
		l->dir[d].spoiling = false;
	} else if (ip->kind == IFP_DATA_V21) {
		pass_v21(l, d, packet, ip);
	} else if (l->tcf && ifp_rate(ip->kind) > l->max_rate) {
		spoil_tcf(l, d, packet, ip);
	}
}
