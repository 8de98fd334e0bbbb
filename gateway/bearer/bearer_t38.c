/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * T.38: what a bearer does with a block of its line while the relay runs. Nothing is allocated but the session, once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dahdi/line.h"
#include "gateway/bearer/bearer_own.h"
#include "t38/rtp/g711.h"
#include "t38/udptl/ifp.h"

/* copies are the same datagram again: with numbers of their own they would push what is older out of the redundancy */
static void udptl_send(struct bearer *b, const uint8_t *datagram, size_t len, unsigned copies)
{
	struct bearer_t38 *t = b->t38;

	t->last_sent_us = bearer_now_us(b);
	udptl_tail_sent(&t->tail, t->last_sent_us);
	while (copies--)
		media_socket_send(&b->udptl, datagram, len);
}

static void send_held(struct bearer *b, unsigned n)
{
	const struct udptl_pace_datagram *d;

	while (n-- && (d = udptl_pace_take(&b->t38->pace)))
		udptl_send(b, d->p, d->octets, d->copies);
}

/* The last one built, now or in its turn. */
static void udptl_pass(struct bearer *b, unsigned copies)
{
	struct bearer_t38 *t = b->t38;

	if (!t->paced || udptl_pace_is_free(&t->pace)) {
		udptl_send(b, t->last, t->last_octets, copies);
		return;
	}
	if (udptl_pace_is_full(&t->pace))
		send_held(b, 1);
	udptl_pace_hold(&t->pace, t->last, t->last_octets, copies);
}

/* An image modem begins: the training check after a DCS, or a page. Its copies are passed over. */
static void note_indicator(struct bearer *b, enum t30_direction d, const uint8_t *ifp, size_t len)
{
	struct ifp i;

	if (ifp_read(ifp, len, b->agreed.image.version, &i) || !i.indicator || i.kind == b->t38->indicator[d])
		return;
	b->t38->indicator[d] = i.kind;
	if (i.kind >= IFP_IND_V21_PREAMBLE) /* CNG and CED may go on for ever */
		bearer_sign(b, b->dcn_last);
	if (i.kind >= IFP_IND_V27TER_2400 && i.kind <= IFP_IND_V17_14400_LONG)
		bearer_t30_image(b, d, ifp_indicator_name(i.kind));
}

static void note_image(struct bearer *b)
{
	t30_watch_image(&b->watch);
	bearer_sign(b, b->dcn_last);
}

static void relay_sends(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
	struct bearer *b = arg;
	size_t n;

	if (control)
		note_indicator(b, T30_FROM_LINE, ifp, len);
	else
		note_image(b);
	udptl_tx_next(&b->t38->tx, b->t38->last_octets && b->t38->last_sent_us == bearer_now_us(b));
	n = udptl_tx_build(&b->t38->tx, ifp, len, control, b->t38->last, sizeof(b->t38->last));
	if (!n)
		return;
	b->t38->last_octets = n;
	udptl_pass(b, copies);
}

/* The last datagram of a burst has no successor to carry it again: repeat it while nothing new follows. */
static void repeat_tail(struct bearer *b)
{
	struct bearer_t38 *t = b->t38;

	if (!t->pace.count && udptl_tail_due(&t->tail, bearer_now_us(b)))
		media_socket_send(&b->udptl, t->last, t->last_octets);
}

/* From now on as deep as the network wants it. */
static void deepen(struct bearer *b)
{
	struct bearer_t38 *t = b->t38;
	unsigned at_least = udptl_depth_at_least(&t->depth), more = udptl_depth_more(&t->depth);

	udptl_tx_deepen(&t->tx, at_least, more);
	if (t->tx.ec != T38_EC_REDUNDANCY || at_least + more <= t->deepest)
		return;
	t->deepest = at_least + more;
	log_debug(b->par.prefix, "redundancy: at least %u, or %u more: %u %% of the peer's packets are late or lost",
		  at_least, more, udptl_depth_percent(&t->depth));
}

static void relay_saw_frame(enum t30_direction d, const uint8_t *frame, size_t octets, void *arg)
{
	struct bearer *b = arg;

	udptl_depth_frame(&b->t38->depth, d, t30_frame_fcf(frame, octets));
	deepen(b);
	bearer_t30_frame(b, d, frame, octets);
}

static void udptl_gives(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	struct bearer *b = arg;

	if (ifp_is_control(ifp, len))
		note_indicator(b, T30_FROM_PEER, ifp, len);
	else
		note_image(b);
	relay_ifp(b->t38->relay, ifp, len, seq);
}

static void take_number(struct bearer *b, const uint8_t *datagram)
{
	b->report.udptl_rx++;
	udptl_depth_heard(&b->t38->depth, (uint16_t)(datagram[0] << 8 | datagram[1]));
	deepen(b);
}

static const char *take_datagram(struct bearer *b, const uint8_t *p, size_t octets, bool *oursp)
{
	const char *bad = udptl_rx_datagram(&b->t38->rx, p, octets, bearer_now_us(b));

	if (bad)
		b->report.udptl_bad++;
	else
		take_number(b, p);
	return bad;
}

void bearer_block_t38(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n)
{
	int16_t linear[LINE_BLOCK];

	if (b->rtp_tx.ssrc)
		b->rtp_in_t38(b, n);
	if (!b->t38) { /* it could not start: the call is being cleared */
		memset(tx, LINE_IDLE, n);
		return;
	}
	send_held(b, udptl_pace_due(&b->t38->pace));
	bearer_receive(b, &b->udptl, "UDPTL", take_datagram);
	udptl_rx_tick(&b->t38->rx, bearer_now_us(b));
	g711_decode(LINE_CODEC, linear, rx, n);
	relay_rx(b->t38->relay, linear, n);
	relay_tx(b->t38->relay, linear, n);
	g711_encode(LINE_CODEC, tx, linear, n);
	repeat_tail(b);
}

/* Where a training fails, it is the first thing to look at. */
static void note_tcf(struct bearer *b)
{
	b->report.said_local_tcf |= b->agreed.image.said_local_tcf;
	if (!b->agreed.image.said_local_tcf)
		return;
	if (b->agreed.image.rate_management == T38_LOCAL_TCF)
		log_info(b->par.prefix, "the peer says localTCF: training checks are made and judged here");
	else
		log_notice(b->par.prefix, "the peer says localTCF, but t38_local_tcf = no: training checks are "
					  "transferred");
}

/* What is sent: as agreed, and as the configuration has it. */
static struct udptl_tx_params sender_params(const struct bearer *b)
{
	const struct fax_params *fax = b->par.fax;
	const struct media_t38 *peer = &b->agreed.image;

	return (struct udptl_tx_params){
		.ec = peer->error_correction,
		.depth_control = fax->redundancy_control,
		.depth_image = fax->redundancy_image,
		.depth_most = fax->redundancy_most,
		.fec_span = fax->fec_span,
		.fec_entries = fax->fec_entries,
		.max_datagram = fax->assumed_datagram_octets ? fax->assumed_datagram_octets : peer->max_datagram_octets,
	};
}

int bearer_t38_start(struct bearer *b)
{
	const struct fax_params *fax = b->par.fax;
	const struct relay_handlers h = {relay_sends, relay_saw_frame, b};
	struct udptl_tx_params params;
	struct bearer_t38 *t = calloc(1, sizeof(*t));
	int err = t ? 0 : ENOMEM;

	if (!err)
		err = relay_alloc(&t->relay, fax, &b->agreed.image, b->par.prefix, &h);
	if (err) {
		free(t);
		return err;
	}
	b->t38 = t;
	params = sender_params(b);
	udptl_tx_init(&t->tx, &params);
	udptl_pace_init(&t->pace);
	t->paced = params.ec != T38_EC_REDUNDANCY;
	udptl_tail_init(&t->tail, fax->tail_repeats, fax->tail_interval_ms * MS_US);
	note_tcf(b);
	udptl_rx_init(&t->rx, fax->rx_window_ms * MS_US, udptl_gives, b);
	t->began_us = bearer_now_us(b);
	t->described = b->agreed.image.addr;
	media_socket_set_remote(&b->udptl, &t->described);
	for (unsigned i = 0; i < fax->no_signals; i++)
		relay_send_no_signal(t->relay);
	bearer_sign(b, false);
	return 0;
}

static void add_window(const struct bearer *b, struct bearer_report *rp)
{
	const struct udptl_rx_stats *s = &b->t38->rx.stats;

	rp->ifp_lost += (unsigned)s->lost;
	rp->recovered += (unsigned)(s->recovered_redundancy + s->recovered_fec);
}

void bearer_t38_add_report(const struct bearer *b, struct bearer_report *rp)
{
	const struct relay_stats s = relay_stats(b->t38->relay);

	add_window(b, rp);
	rp->ifp_overrun += (unsigned)s.ifp_overrun;
	for (unsigned i = T30_FROM_LINE; i <= T30_FROM_PEER; i++) {
		rp->parts[i].all += s.parts[i].all;
		rp->parts[i].bad += s.parts[i].bad;
	}
	rp->line_tcfs_bad += s.line_tcfs_bad;
	rp->line_pages_lost += s.line_pages_lost;
	rp->line_commands_lost += s.line_commands_lost;
}

/* A sender at a new address numbers its packets anew. */
static void redirect(struct bearer *b)
{
	struct bearer_t38 *t = b->t38;

	add_window(b, &b->report);
	udptl_rx_init(&t->rx, b->par.fax->rx_window_ms * MS_US, udptl_gives, b);
	t->described = b->agreed.image.addr;
	media_socket_set_remote(&b->udptl, &t->described);
}

/* The relay and its modems run on, and so does our numbering. */
void bearer_t38_renew(struct bearer *b)
{
	struct udptl_tx_params params = sender_params(b);

	send_held(b, UDPTL_PACE_HELD);
	b->t38->paced = params.ec != T38_EC_REDUNDANCY;
	udptl_tx_renew(&b->t38->tx, &params);
	relay_renew(b->t38->relay, b->par.fax, &b->agreed.image);
	if (!addr_equal(&b->agreed.image.addr, &b->t38->described))
		redirect(b);
}

void bearer_t38_stop(struct bearer *b)
{
	if (!b->t38)
		return;
	send_held(b, UDPTL_PACE_HELD);
	bearer_t38_add_report(b, &b->report);
	b->report.t38_us += bearer_now_us(b) - b->t38->began_us;
	relay_free(b->t38->relay);
	free(b->t38);
	b->t38 = NULL;
}
