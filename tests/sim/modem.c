/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/modem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/spandsp_machine.h"

#define SAMPLES_S      8000
#define TONE_BEGINS    (1 * SAMPLES_S)	     /* after the answer (V.25: 1.8 to 2.5 s, shorter here) */
#define TONE_ENDS      (43 * SAMPLES_S / 10) /* V.25: 3.3 s of it */
#define CARRIER_BEGINS (44 * SAMPLES_S / 10)
#define RESYNC_BITS    300
#define RESYNC_PERCENT 20

struct modem {
	enum modem_kind kind;
	bool caller;
	size_t sent, heard; /* samples */
	modem_connect_tones_tx_state_t *tone;
	fsk_tx_state_t *fsk_tx;
	fsk_rx_state_t *fsk_rx;
	v22bis_state_t *v22bis;
	v8_state_t *v8;
	bert_state_t *bert;
	struct modem_result result;
};

const char *modem_kind_name(enum modem_kind k)
{
	static const char *const names[MODEM_KIND_COUNT] = {"V.21", "Bell 103", "V.22bis", "V.8 for data", "ANSam"};

	return (unsigned)k < MODEM_KIND_COUNT ? names[k] : "?";
}

static int get_bit(void *arg)
{
	struct modem *m = arg;

	return bert_get_bit(m->bert);
}

static void put_bit(void *arg, int bit)
{
	struct modem *m = arg;

	if (bit == SIG_STATUS_TRAINING_SUCCEEDED || bit == SIG_STATUS_CARRIER_UP)
		m->result.trained = true;
	else if (bit == SIG_STATUS_CARRIER_DOWN || bit == SIG_STATUS_TRAINING_FAILED)
		m->result.trained = false;
	if (bit >= 0)
		bert_put_bit(m->bert, bit);
}

static void v8_result(void *arg, v8_parms_t *p)
{
	struct modem *m = arg;

	if (p->status == V8_STATUS_V8_CALL && SPANDSP_V8(*p).call_function == V8_CALL_V_SERIES)
		m->result.v8_agreed = true;
}

static void fsk_open(struct modem *m, int low, int high)
{
	const fsk_spec_t *tx = &preset_fsk_specs[m->caller ? low : high];
	const fsk_spec_t *rx = &preset_fsk_specs[m->caller ? high : low];

	m->fsk_tx = fsk_tx_init(NULL, tx, get_bit, m);
	m->fsk_rx = fsk_rx_init(NULL, rx, FSK_FRAME_MODE_SYNC, put_bit, m);
}

static void v8_open(struct modem *m)
{
	v8_parms_t p = {.modem_connect_tone = MODEM_CONNECT_TONES_ANSAM_PR};

	SPANDSP_V8(p).call_function = V8_CALL_V_SERIES;
	SPANDSP_V8(p).modulations = V8_MOD_V21 | V8_MOD_V22 | V8_MOD_V32 | V8_MOD_V34;
	SPANDSP_V8_PROTOCOL(p) = V8_PROTOCOL_LAPM_V42;
	SPANDSP_V8(p).nsf = SPANDSP_V8(p).t66 = -1;
	m->v8 = v8_init(NULL, m->caller, &p, v8_result, m);
}

static void open_kind(struct modem *m)
{
	int tone = MODEM_CONNECT_TONES_NONE;

	switch (m->kind) {
	case MODEM_V21:
		tone = MODEM_CONNECT_TONES_ANS;
		fsk_open(m, FSK_V21CH1, FSK_V21CH2);
		break;
	case MODEM_BELL103:
		tone = MODEM_CONNECT_TONES_BELL_ANS;
		fsk_open(m, FSK_BELL103CH1, FSK_BELL103CH2);
		break;
	case MODEM_V22BIS:
		tone = MODEM_CONNECT_TONES_ANS_PR;
		m->v22bis = v22bis_init(NULL, 2400, V22BIS_GUARD_TONE_NONE, m->caller, get_bit, m, put_bit, m);
		break;
	case MODEM_V8_DATA:
		v8_open(m);
		break;
	case MODEM_ANSAM:
	case MODEM_KIND_COUNT:
		tone = MODEM_CONNECT_TONES_ANSAM_PR;
		break;
	}
	if (!m->caller && tone != MODEM_CONNECT_TONES_NONE)
		m->tone = modem_connect_tones_tx_init(NULL, tone);
}

int modem_alloc(struct modem **mp, enum modem_kind kind, bool caller)
{
	struct modem *m = calloc(1, sizeof(*m));

	if (!m)
		return ENOMEM;
	m->kind = kind;
	m->caller = caller;
	m->bert = bert_init(NULL, 0, BERT_PATTERN_ITU_O153_9, RESYNC_BITS, RESYNC_PERCENT);
	open_kind(m);
	*mp = m;
	return 0;
}

void modem_free(struct modem *m)
{
	if (!m)
		return;
	if (m->tone)
		modem_connect_tones_tx_free(m->tone);
	if (m->fsk_tx)
		fsk_tx_free(m->fsk_tx);
	if (m->fsk_rx)
		fsk_rx_free(m->fsk_rx);
	if (m->v22bis)
		v22bis_free(m->v22bis);
	if (m->v8)
		v8_free(m->v8);
	bert_free(m->bert);
	free(m);
}

/* While the answer tone is on nobody listens for a carrier. */
void modem_rx(struct modem *m, const int16_t *samples, size_t n)
{
	m->heard += n;
	if (m->v8)
		v8_rx(m->v8, samples, (int)n);
	if (m->heard <= CARRIER_BEGINS)
		return;
	if (m->fsk_rx)
		fsk_rx(m->fsk_rx, samples, (int)n);
	if (m->v22bis)
		v22bis_rx(m->v22bis, samples, (int)n);
}

static int say(struct modem *m, int16_t *samples, size_t n)
{
	if (m->v8)
		return v8_tx(m->v8, samples, (int)n);
	if (m->tone && m->sent >= TONE_BEGINS && m->sent < TONE_ENDS)
		return modem_connect_tones_tx(m->tone, samples, (int)n);
	if (m->sent < CARRIER_BEGINS)
		return 0;
	if (m->fsk_tx)
		return fsk_tx(m->fsk_tx, samples, (int)n);
	return m->v22bis ? v22bis_tx(m->v22bis, samples, (int)n) : 0;
}

void modem_tx(struct modem *m, int16_t *samples, size_t n)
{
	size_t said = (size_t)say(m, samples, n);

	memset(samples + said, 0, (n - said) * sizeof(*samples));
	m->sent += n;
}

void modem_result(struct modem *m, struct modem_result *rp)
{
	bert_results_t b;

	bert_result(m->bert, &b);
	*rp = m->result;
	rp->bits = (unsigned)b.total_bits;
	rp->errors = (unsigned)b.bad_bits;
}
