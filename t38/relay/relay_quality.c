/* SPDX-License-Identifier: GPL-2.0-only */
/* How well either side's machine is heard: what a gateway alone can tell, when the other one says that it got nothing
 * good, or says nothing of what it got. */
#include "relay_own.h"

static bool is_fcs_ok(unsigned type)
{
	return type == IFP_HDLC_FCS_OK || type == IFP_HDLC_FCS_OK_SIG_END;
}

static bool is_fcs_bad(unsigned type)
{
	return type == IFP_HDLC_FCS_BAD || type == IFP_HDLC_FCS_BAD_SIG_END;
}

static bool is_v21(const struct ifp *ip)
{
	return ip->kind == (ip->indicator ? (unsigned)IFP_IND_V21_PREAMBLE : (unsigned)IFP_DATA_V21);
}

/* A V.21 signal begins; or what was sent has ended: perhaps without any frame that was whole. While the peer speaks,
 * nobody can be heard, and that is not the line's fault. */
static void count_signal(struct relay *r, unsigned indicator)
{
	if (r->unheard && indicator != IFP_IND_V21_PREAMBLE)
		r->stats.line_commands_lost++;
	r->unheard = indicator == IFP_IND_V21_PREAMBLE && r->gw.t38x.t38.current_rx_indicator != T38_IND_V21_PREAMBLE;
}

static void count_command(struct relay *r, const struct ifp *ip)
{
	for (unsigned i = 0; i < ip->nfields; i++)
		if (is_fcs_ok(ip->field[i].type))
			r->unheard = false;
}

static void end_page(struct relay *r, struct relay_parts *to)
{
	t4_lines_end(&r->lines);
	to->all += r->lines.lines;
	to->bad += r->lines.bad;
	r->lines.lines = r->lines.bad = 0;
}

static void count_lines(struct relay *r, const uint8_t *octets, size_t n)
{
	if (r->lines.state == T4_OFF)
		t4_lines_begin(&r->lines, r->page_width, r->page_two_d);
	t4_lines_put(&r->lines, octets, n);
}

static void count_parts(struct relay *r, struct relay_parts *to, const uint8_t *packet, const struct ifp *ip)
{
	for (unsigned i = 0; i < ip->nfields; i++) {
		unsigned type = ip->field[i].type;

		to->all += is_fcs_ok(type) || is_fcs_bad(type);
		to->bad += is_fcs_bad(type);
		if (type == IFP_NON_ECM_DATA || type == IFP_NON_ECM_SIG_END)
			count_lines(r, packet + ip->field[i].at, ip->field[i].len);
		if (type == IFP_NON_ECM_SIG_END)
			end_page(r, to);
	}
}

void relay_quality_packet(struct relay *r, enum t30_direction from, const uint8_t *packet, const struct ifp *ip)
{
	bool line = from == T30_FROM_LINE;

	if (!line && is_v21(ip))
		r->unheard = false;
	if (ip->indicator) {
		if (line)
			count_signal(r, ip->kind);
		if (line == r->line_sends)
			end_page(r, &r->stats.parts[from]);
	} else if (ip->kind == IFP_DATA_V21) {
		if (line)
			count_command(r, ip);
	} else if (r->limit.tcf) {
		if (line)
			local_tcf_take(&r->tcf, packet, ip);
	} else {
		count_parts(r, &r->stats.parts[from], packet, ip);
	}
}

void relay_quality_dcs(struct relay *r, const uint8_t *frame, size_t octets)
{
	bool readable =
		!t30_frame_bit(frame, octets, T30_BIT_ECM) && !t30_frame_bit(frame, octets, T30_BIT_UNCOMPRESSED);

	r->page_width = readable ? t30_frame_width(frame, octets) : 0;
	r->page_two_d = t30_frame_bit(frame, octets, T30_BIT_2D);
}

void relay_quality_ftt(struct relay *r)
{
	if (r->line_sends && !local_tcf_is_good(&r->tcf))
		r->stats.line_tcfs_bad++;
}
