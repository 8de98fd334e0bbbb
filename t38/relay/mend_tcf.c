/* SPDX-License-Identifier: GPL-2.0-only */
/* Mend of a training check from the line that is lost in its training. */
#include <string.h>

#include "gateway/base/clock.h"

#include "mend.h"
#include "relay_own.h"

#define LEAST_OCTETS 16 /* what comes of a TCF that is heard at all, 1.5 s of it, is more at any rate */
#define BAD_OCTETS   32
#define BAD_PACKETS  3
#define BAD_TCF	     0x55 /* a good one is zeros (T.30 5.3.6.1.3) */
/* From the announcement to the end of the longest: V.17's training of 1.4 s, the TCF of 1.5 s and 10 %. Even for
 * V.29's, of 0.25 s, there is time before T4 for the peer's FTT. */
#define WAIT_US (3100 * MS_US)

static void send_bad_tcf(struct relay *r, unsigned data_type)
{
	uint8_t packet[BAD_OCTETS + IFP_END_OCTETS + 2]; /* the count of the octets takes two */
	size_t len = local_tcf_write(packet, r->version, data_type, BAD_OCTETS, false);

	memset(packet + len - BAD_OCTETS, BAD_TCF, BAD_OCTETS);
	for (unsigned i = 0; i < BAD_PACKETS; i++)
		relay_insert_out(r, packet, len);
}

/*
 * Mend: where the receiver does not train on a TCF (a click, a slip, a cut in the midst of the training), the peer is
 * told of the training and of its end, or not even of that, and gets no data. A T.38 terminal of spandsp's then says
 * nothing, and gives up when the DCS comes again; it should say FTT (T.30 5.3.6.1.8). So it gets a TCF that is bad and
 * short. In version 3 too.
 */
bool mend_lost_tcf(struct relay *r, const struct ifp *ip)
{
	if (ip->indicator || ip->kind == IFP_DATA_V21 || r->gw.core.image_data_mode || !ip->nfields) {
		r->tcf_octets = 0;
		r->tcf_due_us =
			ip->indicator && !r->gw.core.image_data_mode && local_tcf_data_type(ip->kind, &r->tcf_type)
				? r->now_us + WAIT_US
				: 0;
		return false;
	}
	for (unsigned i = 0; i < ip->nfields; i++)
		r->tcf_octets += ip->field[i].len;
	if (r->tcf_octets >= LEAST_OCTETS)
		r->tcf_due_us = 0;
	if (ip->field[ip->nfields - 1].type != IFP_NON_ECM_SIG_END || !r->tcf_due_us)
		return false;
	r->tcf_due_us = 0;
	send_bad_tcf(r, ip->kind);
	return true;
}

void mend_late_tcf(struct relay *r)
{
	uint8_t packet[IFP_END_OCTETS];

	if (!r->tcf_due_us || r->now_us < r->tcf_due_us)
		return;
	r->tcf_due_us = 0;
	send_bad_tcf(r, r->tcf_type);
	relay_insert_out(r, packet, local_tcf_write(packet, r->version, r->tcf_type, 0, true));
}
