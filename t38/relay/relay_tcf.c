/* SPDX-License-Identifier: GPL-2.0-only */
/* T.38's data rate management method 1 in the relay: see local_tcf.h. */
#include "relay_own.h"

bool relay_is_tcf(const struct relay *r, const struct ifp *ip)
{
	return r->local && r->limit.tcf && !ip->indicator && ip->kind != IFP_DATA_V21;
}

void relay_pass_over(struct relay *r, uint16_t seq)
{
	r->gw.t38x.t38.rx_expected_seq_no = (seq + 1) & 0xffff;
}

void relay_insert(struct relay *r, const uint8_t *packet, size_t len)
{
	t38_core_state_t *core = &r->gw.t38x.t38;
	int seq = core->rx_expected_seq_no;

	t38_core_rx_ifp_packet(core, packet, (int)len, (uint16_t)seq);
	core->rx_expected_seq_no = seq;
}

static void make_tcf(struct relay *r, unsigned data_type)
{
	size_t left = local_tcf_octets(data_type), n, len;
	uint8_t packet[LOCAL_TCF_OCTETS + 5];

	do {
		n = left < LOCAL_TCF_OCTETS ? left : LOCAL_TCF_OCTETS;
		len = local_tcf_write(packet, r->version, data_type, n, n == 0);
		if (!ifp_read(packet, len, r->version, &r->out))
			limit_packet(&r->limit, LIMIT_TO_LINE, packet, &r->out);
		relay_insert(r, packet, len);
		left -= n;
	} while (n > 0);
	r->tcf_made = true;
}

bool relay_is_beside_tcf(const struct relay *r, const struct ifp *ip)
{
	unsigned type;

	if (!r->local || !r->limit.tcf || r->line_sends)
		return false;
	return ip->indicator ? r->tcf_made && local_tcf_data_type(ip->kind, &type) : ip->kind != IFP_DATA_V21;
}

void relay_tcf_follow(struct relay *r, const struct ifp *ip)
{
	unsigned type;

	if (!r->local || !r->limit.tcf || r->line_sends)
		return;
	if (!ip->indicator)
		r->tcf_made = false;
	else if (local_tcf_data_type(ip->kind, &type))
		make_tcf(r, type);
}

void relay_tcf_dcs(struct relay *r, bool from_line)
{
	r->line_sends = from_line;
	r->tcf_made = false;
	local_tcf_begin(&r->tcf);
}
