/* SPDX-License-Identifier: GPL-2.0-only */
/* How well the line's machine is heard: what a gateway alone can tell, when the peer says that it got nothing good. */
#include "relay_own.h"

static bool is_fcs_ok(unsigned type)
{
	return type == IFP_HDLC_FCS_OK || type == IFP_HDLC_FCS_OK_SIG_END;
}

static bool is_fcs_bad(unsigned type)
{
	return type == IFP_HDLC_FCS_BAD || type == IFP_HDLC_FCS_BAD_SIG_END;
}

/* A V.21 signal begins; or what was sent has ended: perhaps without any frame that was whole. */
static void count_signal(struct relay *r, unsigned indicator)
{
	if (r->unheard && indicator != IFP_IND_V21_PREAMBLE)
		r->stats.line_commands_lost++;
	r->unheard = indicator == IFP_IND_V21_PREAMBLE;
}

static void count_command(struct relay *r, const struct ifp *ip)
{
	for (unsigned i = 0; i < ip->nfields; i++)
		if (is_fcs_ok(ip->field[i].type))
			r->unheard = false;
}

static void count_frames(struct relay *r, const struct ifp *ip)
{
	for (unsigned i = 0; i < ip->nfields; i++) {
		bool bad = is_fcs_bad(ip->field[i].type);

		r->stats.line_frames += bad || is_fcs_ok(ip->field[i].type);
		r->stats.line_frames_bad += bad;
	}
}

void relay_quality_packet(struct relay *r, const uint8_t *packet, const struct ifp *ip)
{
	if (ip->indicator)
		count_signal(r, ip->kind);
	else if (ip->kind == IFP_DATA_V21)
		count_command(r, ip);
	else if (r->limit.tcf)
		local_tcf_take(&r->tcf, packet, ip);
	else
		count_frames(r, ip);
}

void relay_quality_ftt(struct relay *r)
{
	if (r->line_sends && !local_tcf_is_good(&r->tcf))
		r->stats.line_tcfs_bad++;
}
