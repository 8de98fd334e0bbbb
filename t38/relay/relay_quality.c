/* SPDX-License-Identifier: GPL-2.0-only */
/* How well the line's machine is heard: what a gateway alone can tell, when the peer says that it got nothing good. */
#include "relay_own.h"

void relay_quality_packet(struct relay *r, const uint8_t *packet, const struct ifp *ip)
{
	if (ip->indicator || ip->kind == IFP_DATA_V21)
		return;
	if (r->limit.tcf) {
		local_tcf_take(&r->tcf, packet, ip);
		return;
	}
	for (unsigned i = 0; i < ip->nfields; i++) {
		unsigned type = ip->field[i].type;

		if (type == IFP_HDLC_FCS_BAD || type == IFP_HDLC_FCS_BAD_SIG_END)
			r->stats.line_frames_bad++;
		else if (type != IFP_HDLC_FCS_OK && type != IFP_HDLC_FCS_OK_SIG_END)
			continue;
		r->stats.line_frames++;
	}
}

void relay_quality_ftt(struct relay *r)
{
	if (r->line_sends && !local_tcf_is_good(&r->tcf))
		r->stats.line_tcfs_bad++;
}
