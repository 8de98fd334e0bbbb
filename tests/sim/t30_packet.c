/* SPDX-License-Identifier: GPL-2.0-only */
#include "t30_packet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "t38/spandsp_version.h"

#include "t30_image.h"

#define SAMPLES_MS 8
#define PACKET_MS  40
#define PLAN_MAX   8192
#define APART_MS   60
#define FORCE	   0x100 /* spandsp sends no indicator twice, but for this */
#define RX_OCTETS  1024

/* What is to be sent at its time: an indicator, or a field of data. */
struct planned {
	uint32_t at_ms; /* from the beginning of the turn */
	int indicator;	/* or -1 */
	int type, field;
	size_t octet, octets; /* in the store */
	int fcs;	      /* another field, behind that one; or -1 */
};

struct t30_packet {
	struct t30_packet_style style;
	struct t30_ear ear;
	t38_core_state_t core;
	t30_packet_ifp_h *ifp;
	void *ifp_arg;
	struct planned plan[PLAN_MAX];
	size_t nplan, at;
	uint8_t *store;
	size_t stored, room;
	uint64_t samples; /* since the turn began */
	unsigned end_ms;
	/* what is heard */
	bool open;
	enum t30_signal modem;
	uint8_t rx[RX_OCTETS];
	size_t nrx;
};

static const int training[T30_SIGNAL_COUNT][2] = {
	[T30_V21] = {T38_IND_V21_PREAMBLE, T38_IND_V21_PREAMBLE},
	[T30_V27TER_2400] = {T38_IND_V27TER_2400_TRAINING, T38_IND_V27TER_2400_TRAINING},
	[T30_V27TER_4800] = {T38_IND_V27TER_4800_TRAINING, T38_IND_V27TER_4800_TRAINING},
	[T30_V29_7200] = {T38_IND_V29_7200_TRAINING, T38_IND_V29_7200_TRAINING},
	[T30_V29_9600] = {T38_IND_V29_9600_TRAINING, T38_IND_V29_9600_TRAINING},
	[T30_V17_7200] = {T38_IND_V17_7200_LONG_TRAINING, T38_IND_V17_7200_SHORT_TRAINING},
	[T30_V17_9600] = {T38_IND_V17_9600_LONG_TRAINING, T38_IND_V17_9600_SHORT_TRAINING},
	[T30_V17_12000] = {T38_IND_V17_12000_LONG_TRAINING, T38_IND_V17_12000_SHORT_TRAINING},
	[T30_V17_14400] = {T38_IND_V17_14400_LONG_TRAINING, T38_IND_V17_14400_SHORT_TRAINING},
};
static const int data_types[T30_SIGNAL_COUNT] = {
	[T30_V21] = T38_DATA_V21,
	[T30_V27TER_2400] = T38_DATA_V27TER_2400,
	[T30_V27TER_4800] = T38_DATA_V27TER_4800,
	[T30_V29_7200] = T38_DATA_V29_7200,
	[T30_V29_9600] = T38_DATA_V29_9600,
	[T30_V17_7200] = T38_DATA_V17_7200,
	[T30_V17_9600] = T38_DATA_V17_9600,
	[T30_V17_12000] = T38_DATA_V17_12000,
	[T30_V17_14400] = T38_DATA_V17_14400,
};

/* Hearing */

static void begin(struct t30_packet *p, enum t30_signal m)
{
	if (p->open && p->modem == m)
		return;
	if (p->open)
		p->ear.end(p->modem, p->ear.arg);
	p->open = true;
	p->modem = m;
	p->nrx = 0;
	p->ear.begin(m, p->ear.arg);
}

static void end(struct t30_packet *p)
{
	if (p->open)
		p->ear.end(p->modem, p->ear.arg);
	p->open = false;
	p->nrx = 0;
}

static int on_indicator(t38_core_state_t *core, void *arg, int indicator)
{
	struct t30_packet *p = arg;

	for (unsigned m = 0; m < T30_SIGNAL_COUNT; m++)
		if (indicator == training[m][0] || indicator == training[m][1]) {
			end(p);
			begin(p, (enum t30_signal)m);
			return 0;
		}
	end(p);
	return 0;
}

/* T.38's octets have their first bit highest. The end of an image may bring its last ones. */
static void take_octets(struct t30_packet *p, int field, const uint8_t *buf, int len)
{
	const bool is_image = field == T38_FIELD_T4_NON_ECM_DATA || field == T38_FIELD_T4_NON_ECM_SIG_END;

	for (int i = 0; i < len; i++) {
		if (field == T38_FIELD_HDLC_DATA && p->nrx < RX_OCTETS)
			p->rx[p->nrx++] = bit_reverse8(buf[i]);
		for (int k = 7; is_image && k >= 0; k--)
			p->ear.bit(buf[i] >> k & 1u, p->ear.arg);
	}
}

static void take_frame(struct t30_packet *p, bool good)
{
	if (p->nrx)
		p->ear.frame(p->modem, p->rx, p->nrx, good, p->ear.arg);
	p->nrx = 0;
}

static int on_data(t38_core_state_t *core, void *arg, int type, int field, const uint8_t *buf, int len)
{
	struct t30_packet *p = arg;
	unsigned m = 0;

	while (m < T30_SIGNAL_COUNT && data_types[m] != type)
		m++;
	if (m == T30_SIGNAL_COUNT)
		return 0;
	if (len > 0)
		begin(p, (enum t30_signal)m); /* the indicator may be missing */
	take_octets(p, field, buf, len);
	if (field == T38_FIELD_HDLC_FCS_OK || field == T38_FIELD_HDLC_FCS_OK_SIG_END)
		take_frame(p, true);
	if (field == T38_FIELD_HDLC_FCS_BAD || field == T38_FIELD_HDLC_FCS_BAD_SIG_END)
		take_frame(p, false);
	if (field == T38_FIELD_HDLC_SIG_END || field == T38_FIELD_HDLC_FCS_OK_SIG_END ||
	    field == T38_FIELD_HDLC_FCS_BAD_SIG_END || field == T38_FIELD_T4_NON_ECM_SIG_END)
		end(p);
	return 0;
}

static int on_missing(t38_core_state_t *core, void *arg, int rx_seq, int expected)
{
	return 0;
}

void t30_packet_ifp(struct t30_packet *p, const uint8_t *ifp, size_t len, uint16_t seq)
{
	t38_core_rx_ifp_packet(&p->core, ifp, (int)len, seq);
}

/* Saying */

static int on_tx(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	struct t30_packet *p = arg;

	if (len > 0)
		p->ifp(buf, (size_t)len, count > 0 ? (unsigned)count : 1, p->ifp_arg);
	return 0;
}

static struct planned *plan(struct t30_packet *p, uint32_t at_ms)
{
	struct planned *e = &p->plan[p->nplan < PLAN_MAX - 1 ? p->nplan++ : p->nplan];

	*e = (struct planned){.at_ms = at_ms, .indicator = -1, .fcs = -1};
	return e;
}

static void plan_indicator(struct t30_packet *p, uint32_t at_ms, int indicator)
{
	plan(p, at_ms)->indicator = indicator;
}

static size_t octets_a_packet(const struct t30_packet *p, enum t30_signal m, int field, size_t n)
{
	size_t most = t30_signal_rate(m) * (p->style.packet_ms ? p->style.packet_ms : PACKET_MS) / 8000;

	if (field == T38_FIELD_HDLC_DATA && p->style.whole_frames)
		return n;
	return most ? most : 1;
}

/* The octets go out as they would have come in. Returns when the last is out. */
static uint32_t plan_octets(struct t30_packet *p, uint32_t at_ms, const struct t30_turn *t, int field,
			    const uint8_t *octets, size_t n)
{
	enum t30_signal m = t->act == T30_FRAMES ? T30_V21 : t->modem;
	size_t rate = t30_signal_rate(m), chunk = octets_a_packet(p, m, field, n), i = 0, k;

	if (p->stored + n > p->room) {
		size_t room = 2 * (p->stored + n);
		uint8_t *store = realloc(p->store, room);

		if (!store)
			return at_ms;
		p->store = store;
		p->room = room;
	}
	for (; i < n; i += k) {
		struct planned *e;

		k = n - i < chunk ? n - i : chunk;
		e = plan(p, at_ms + (uint32_t)((i + k) * 8000 / rate));
		e->type = data_types[m];
		e->field = field;
		e->octet = p->stored + i;
		e->octets = k;
	}
	for (i = 0; i < n; i++)
		p->store[p->stored++] = bit_reverse8(octets[i]);
	return at_ms + (uint32_t)(n * 8000 / rate);
}

/* The FCS of the frame whose last octets were planned last comes at AT_MS. */
static struct planned *plan_fcs(struct t30_packet *p, uint32_t at_ms, enum t30_signal m, bool good)
{
	const int field = good ? T38_FIELD_HDLC_FCS_OK : T38_FIELD_HDLC_FCS_BAD;
	struct planned *e = p->style.fcs_beside || p->style.fcs_around ? &p->plan[p->nplan - 1] : plan(p, at_ms);

	e->at_ms = at_ms;
	if (p->style.fcs_beside)
		e->fcs = field;
	else
		e->field = field;
	e->type = data_types[m];
	return e;
}

/* The signal whose last frame's FCS is LAST ends at AT_MS. Returns when that is said. */
static uint32_t plan_end(struct t30_packet *p, uint32_t at_ms, struct planned *last)
{
	int *fieldp = last->fcs >= 0 ? &last->fcs : &last->field, type = last->type;

	if (p->style.end_apart) {
		at_ms += APART_MS;
		last = plan(p, at_ms);
		last->type = type;
		last->field = T38_FIELD_HDLC_SIG_END;
	} else {
		*fieldp = *fieldp == T38_FIELD_HDLC_FCS_OK ? T38_FIELD_HDLC_FCS_OK_SIG_END
							   : T38_FIELD_HDLC_FCS_BAD_SIG_END;
	}
	if (p->style.no_signal)
		plan_indicator(p, at_ms, T38_IND_NO_SIGNAL);
	return at_ms;
}

static uint32_t plan_frames(struct t30_packet *p, const struct t30_turn *t)
{
	enum t30_signal m = t->act == T30_FRAMES ? T30_V21 : t->modem;
	uint32_t at = t->act == T30_FRAMES ? (t->preamble_ms ? t->preamble_ms : 1000)
					   : t30_signal_training_ms(m, t->is_short) + 200;
	uint8_t frame[T30_FRAME_OCTETS];
	struct planned *last = NULL;
	size_t octets;
	bool good;

	for (unsigned i = 0; (octets = t30_turn_frame(t, i, frame, &good)) > 0; i++) {
		at = plan_octets(p, at, t, T38_FIELD_HDLC_DATA, frame, octets) + 16 * 1000 / t30_signal_rate(m);
		last = plan_fcs(p, at, m, good);
		at += 8 * (t->flags ? t->flags : 1) * 1000 / t30_signal_rate(m);
	}
	return last ? plan_end(p, at, last) : at;
}

static uint32_t plan_bits(struct t30_packet *p, const struct t30_turn *t, const struct t30_bits *b)
{
	uint32_t at = t30_signal_training_ms(t->modem, t->is_short);
	size_t n = (b->n + 7) / 8;
	uint8_t *octets = calloc(1, n + 1);
	struct planned *last;

	if (!octets)
		return at;
	for (size_t i = 0; i < b->n; i++)
		octets[i / 8] |= (uint8_t)(b->bits[i] << (i & 7));
	at = plan_octets(p, at, t, T38_FIELD_T4_NON_ECM_DATA, octets, n);
	free(octets);
	last = plan(p, at);
	last->type = data_types[t->modem];
	last->field = T38_FIELD_T4_NON_ECM_SIG_END;
	if (p->style.no_signal)
		plan_indicator(p, at, T38_IND_NO_SIGNAL);
	return at;
}

static uint32_t plan_image(struct t30_packet *p, const struct t30_turn *t)
{
	struct t30_bits b = {0};
	uint32_t at;

	plan_indicator(p, 0, training[t->modem][t->is_short]);
	if (t->act == T30_BLOCK)
		return plan_frames(p, t);
	if (t->act == T30_LINES)
		t30_image_lines(&b, t->seed, t->count);
	else
		t30_image_zeros(&b, t30_signal_rate(t->modem) * (t->ms ? t->ms : 1500) / 1000, t->spoilt);
	at = plan_bits(p, t, &b);
	t30_bits_free(&b);
	return at;
}

void t30_packet_send(struct t30_packet *p, const struct t30_turn *t)
{
	p->nplan = p->at = p->stored = 0;
	p->samples = 0;
	switch (t->act) {
	case T30_CNG:
	case T30_CED:
		plan_indicator(p, 0, t->act == T30_CNG ? T38_IND_CNG : T38_IND_CED);
		p->end_ms = t30_turn_ms(t);
		if (t->act == T30_CED)
			plan_indicator(p, p->end_ms, T38_IND_NO_SIGNAL);
		break;
	case T30_FRAMES:
		plan_indicator(p, 0, T38_IND_V21_PREAMBLE);
		p->end_ms = plan_frames(p, t);
		break;
	default:
		p->end_ms = plan_image(p, t);
	}
	t30_packet_step(p, 0);
}

bool t30_packet_is_sending(const struct t30_packet *p)
{
	return p->at < p->nplan || p->samples / SAMPLES_MS < p->end_ms;
}

static void send_data(struct t30_packet *p, const struct planned *e)
{
	const t38_data_field_t fields[] = {
		{.field_type = e->field, .field = p->store + e->octet, .field_len = (int)e->octets},
		{.field_type = e->fcs}};

	t38_core_send_data_multi_field(&p->core, e->type, fields, e->fcs >= 0 ? 2 : 1,
				       T38_PACKET_CATEGORY_CONTROL_DATA);
}

void t30_packet_step(struct t30_packet *p, size_t samples)
{
	p->samples += samples;
	while (p->at < p->nplan && p->plan[p->at].at_ms <= p->samples / SAMPLES_MS) {
		const struct planned *e = &p->plan[p->at++];

		if (e->indicator >= 0)
			t38_core_send_indicator(&p->core, FORCE | e->indicator);
		else
			send_data(p, e);
	}
}

int t30_packet_alloc(struct t30_packet **pp, const struct t30_packet_style *style, const struct t30_ear *ear,
		     t30_packet_ifp_h *ifp, void *arg)
{
	struct t30_packet *p = calloc(1, sizeof(*p));

	if (!p)
		return ENOMEM;
	p->style = *style;
	p->ear = *ear;
	p->ifp = ifp;
	p->ifp_arg = arg;
	if (!t38_core_init(&p->core, on_indicator, on_data, on_missing, p, on_tx, p)) {
		free(p);
		return ENOMEM;
	}
	t38_set_t38_version(&p->core, (int)style->t38_version);
	t38_set_data_rate_management_method(&p->core, T38_DATA_RATE_MANAGEMENT_TRANSFERRED_TCF);
	*pp = p;
	return 0;
}

void t30_packet_free(struct t30_packet *p)
{
	if (!p)
		return;
	t38_core_release(&p->core);
	free(p->store);
	free(p);
}
