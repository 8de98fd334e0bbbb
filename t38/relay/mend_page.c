/* SPDX-License-Identifier: GPL-2.0-only */
/* Mend of a page from the line whose training is not understood. */
#include <string.h>

#include "gateway/base/clock.h"

#include "local_tcf.h"
#include "mend.h"
#include "relay_own.h"

/* So long a signal that is no V.21 is a page: longer than any training (V.17's long one: 1393 ms), far shorter
 * than T2 of 6 s, after which the peer gives the page up. */
#define TRAINING_US (1600 * MS_US)
/* Terminals take a signal for lost of which they get nothing for too long, spandsp's for 15 s. */
#define ALIVE_US    (5 * SEC_US)
#define FILL_OCTETS 16

/* Of the image modem that listens now: whether it hears a carrier, and who is told of its state. */
static bool carrier(struct relay *r, put_bit_func_t *tellp, void **argp)
{
	fax_modems_state_t *m = &r->gw.audio.modems;

	switch (r->gw.core.fast_rx_active) {
	case FAX_MODEM_V17_RX:
		*tellp = m->fast_modems.v17_rx.put_bit;
		*argp = m->fast_modems.v17_rx.put_bit_user_data;
		return m->fast_modems.v17_rx.signal_present > 0;
	case FAX_MODEM_V29_RX:
		*tellp = m->fast_modems.v29_rx.put_bit;
		*argp = m->fast_modems.v29_rx.put_bit_user_data;
		return m->fast_modems.v29_rx.signal_present > 0;
	case FAX_MODEM_V27TER_RX:
		*tellp = m->fast_modems.v27ter_rx.put_bit;
		*argp = m->fast_modems.v27ter_rx.put_bit_user_data;
		return m->fast_modems.v27ter_rx.signal_present > 0;
	}
	return false;
}

static bool is_untrained(const struct relay *r)
{
	const fax_modems_state_t *m = &r->gw.audio.modems;

	return r->gw.core.image_data_mode && !m->rx_trained && !m->rx_signal_present && m->rx_handler != span_dummy_rx;
}

/* Something of the page that says nothing: with ECM a frame of address and control field alone, too short for any (spandsp's
 * terminals stop T2 at a frame with a good FCS, those of version 3 at nothing less), without ECM fill. */
static void keep_alive(struct relay *r)
{
	static const uint8_t too_short[] = {0xff, 0xc0};
	unsigned type = (unsigned)r->gw.t38x.current_tx_data_type;
	uint8_t packet[FILL_OCTETS + IFP_END_OCTETS + 2];
	size_t len;

	if (!r->gw.core.ecm_mode) {
		len = local_tcf_write(packet, r->version, type, FILL_OCTETS, false);
		relay_insert_out(r, packet, len);
		return;
	}
	len = ifp_write_end(packet, r->version, type, IFP_HDLC_DATA);
	packet[len - 1] |= 0x80;
	packet[len++] = 0;
	packet[len++] = sizeof(too_short) - 1;
	memcpy(packet + len, too_short, sizeof(too_short));
	relay_insert_out(r, packet, len + sizeof(too_short));
	relay_insert_out(r, packet, ifp_write_end(packet, r->version, type, IFP_HDLC_FCS_OK));
}

/*
 * Mend: a page is announced when its receiver trains. Where it does not (a slip, a cut in the training; a cut in the
 * midst of a page, after which there is none) the peer hears nothing: its T2 runs out, it says DIS into the page, and
 * the fax is lost. It shall ask for the page again (T.30 annex A: PPR; 5.3.6.1.7: RTN): so it is told of a training,
 * and of the end of the signal when it ends, with nothing in between. In version 3 too.
 */
void mend_lost_page(struct relay *r, const int16_t *block, size_t n)
{
	put_bit_func_t tell;
	void *arg;

	if (r->page.lost && r->gw.audio.modems.rx_trained) {
		if (r->now_us - r->page.alive_us >= ALIVE_US) {
			r->page.alive_us = r->now_us;
			keep_alive(r);
		}
		return;
	}
	r->page.lost = false;
	if (!is_untrained(r) || !carrier(r, &tell, &arg) || relay_is_v21(block, n)) {
		r->page.since_us = r->now_us;
		return;
	}
	if (r->now_us - r->page.since_us < TRAINING_US)
		return;
	log_info(r->prefix,
		 "a page from the line: its training was not understood; the peer is told of it all the same");
	tell(arg, SIG_STATUS_TRAINING_IN_PROGRESS);
	tell(arg, SIG_STATUS_TRAINING_SUCCEEDED);
	keep_alive(r);
	r->stats.line_pages_lost++;
	r->page.lost = true;
	r->page.alive_us = r->now_us;
}
