/* SPDX-License-Identifier: GPL-2.0-only */
#include "t30_line.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "t38/spandsp_version.h"

#include "t30_image.h"
#include "t38/relay/mend_v17.h"

#define SAMPLES_MS    8
#define BLOCK_SAMPLES 160
#define CUTOFF_DBM0   -45.5f /* V.21; T.30 asks for -43 */
#define FLAGS_OK      5
#define LOUD	      100 /* mean amplitude; about -47 dBm0 */
#define SOUND_SAMPLES 40
#define TONE_PEAK     5000 /* about -13 dBm0 */
#define CED_HZ	      2100
#define CNG_HZ	      1100
#define CNG_MS	      500
#define CNG_EVERY_MS  3500

typedef int(tx_h)(void *modem, int16_t *samples, int n);

struct t30_line {
	struct t30_ear ear;
	/* what it says */
	struct t30_bits bits;
	size_t at;
	fsk_tx_state_t v21_tx;
	v27ter_tx_state_t v27_tx;
	v29_tx_state_t v29_tx;
	v17_tx_state_t v17_tx;
	tx_h *tx; /* of the modem that sends; NULL: none */
	void *tx_modem;
	unsigned tone_hz, phase;
	size_t tone_samples; /* to come */
	bool cng;
	uint64_t cng_samples; /* since its beginning */
	/* what it hears */
	uint64_t now;
	fsk_rx_state_t v21_rx;
	hdlc_rx_state_t v21_hdlc, fast_hdlc;
	v27ter_rx_state_t v27_rx;
	v29_rx_state_t v29_rx;
	v17_rx_state_t v17_rx;
	struct mend_v17 v17_mend;
	bool fast, trained, hdlc; /* an image modem listens; it has trained; it carries frames */
	enum t30_signal modem;
	bool v21_up, v21_framed;
	uint64_t v21_up_at;
	bool first; /* frame of the burst is still to come */
	uint64_t sound_sum;
	unsigned sound_n;
	uint64_t loud_at; /* the last time */
	struct t30_line_times times;
	struct t30_bits counted;
};

static int get_bit(void *arg)
{
	struct t30_line *l = arg;

	return l->at < l->bits.n ? l->bits.bits[l->at++] : SIG_STATUS_END_OF_DATA;
}

/* Hearing */

static void on_v21_frame(void *arg, const uint8_t *octets, int n, int good)
{
	struct t30_line *l = arg;

	if (n == SIG_STATUS_FRAMING_OK && !l->v21_framed) {
		l->v21_framed = l->first = true;
		l->cng = false; /* T.30 4.1: somebody has answered */
		l->ear.begin(T30_V21, l->ear.arg);
	}
	if (n < 0 || !l->v21_framed)
		return;
	if (l->first) {
		unsigned since = (unsigned)((l->now - l->v21_up_at) / SAMPLES_MS);
		unsigned frame;

		t30_bits_clear(&l->counted);
		t30_bits_frame(&l->counted, octets, (size_t)n, true); /* with the flag after it */
		frame = (unsigned)l->counted.n * 10 / 3;

		l->times.preamble_ms = since > frame ? since - frame : 0;
		l->first = false;
	}
	l->ear.frame(T30_V21, octets, (size_t)n, good, l->ear.arg);
}

static void on_v21_bit(void *arg, int bit)
{
	struct t30_line *l = arg;

	if (bit == SIG_STATUS_CARRIER_UP) {
		l->v21_up = true;
		l->v21_framed = false;
		l->v21_up_at = l->now;
	}
	hdlc_rx_put_bit(&l->v21_hdlc, bit);
	if (bit != SIG_STATUS_CARRIER_DOWN)
		return;
	if (l->v21_framed)
		l->ear.end(T30_V21, l->ear.arg);
	l->v21_up = l->v21_framed = false;
}

static void on_fast_frame(void *arg, const uint8_t *octets, int n, int good)
{
	struct t30_line *l = arg;

	if (n >= 0)
		l->ear.frame(l->modem, octets, (size_t)n, good, l->ear.arg);
}

static void on_fast_bit(void *arg, int bit)
{
	struct t30_line *l = arg;

	if (bit == SIG_STATUS_TRAINING_SUCCEEDED) {
		l->trained = true;
		l->ear.begin(l->modem, l->ear.arg);
	} else if (bit == SIG_STATUS_CARRIER_DOWN && l->trained) {
		l->trained = false;
		l->ear.end(l->modem, l->ear.arg);
	} else if (bit >= 0 && l->trained && l->hdlc) {
		hdlc_rx_put_bit(&l->fast_hdlc, bit);
	} else if (bit >= 0 && l->trained) {
		l->ear.bit((unsigned)bit, l->ear.arg);
	}
}

static void sound(struct t30_line *l, int16_t sample)
{
	l->sound_sum += (uint64_t)abs(sample);
	if (++l->sound_n < SOUND_SAMPLES)
		return;
	if (l->sound_sum / SOUND_SAMPLES >= LOUD) {
		if (l->now - l->loud_at > 2 * SOUND_SAMPLES)
			l->times.gap_ms = (unsigned)((l->now - l->loud_at - SOUND_SAMPLES) / SAMPLES_MS);
		l->loud_at = l->now;
	}
	l->sound_sum = l->sound_n = 0;
}

static void fast_rx(struct t30_line *l, const int16_t *samples, int n)
{
	if (l->modem <= T30_V27TER_4800)
		v27ter_rx(&l->v27_rx, samples, n);
	else if (l->modem <= T30_V29_9600)
		v29_rx(&l->v29_rx, samples, n);
	else
		v17_rx(&l->v17_rx, samples, n);
}

void t30_line_listen(struct t30_line *l, const struct t30_turn *turn)
{
	int rate;

	l->fast = turn && turn->modem != T30_V21;
	l->trained = false;
	if (!l->fast)
		return;
	l->modem = turn->modem;
	l->hdlc = turn->act == T30_BLOCK;
	rate = (int)t30_signal_rate(l->modem);
	hdlc_rx_init(&l->fast_hdlc, FALSE, TRUE, FLAGS_OK, on_fast_frame, l);
	if (l->modem <= T30_V27TER_4800)
		v27ter_rx_restart(&l->v27_rx, rate, FALSE);
	else if (l->modem <= T30_V29_9600)
		v29_rx_restart(&l->v29_rx, rate, FALSE);
	else
		v17_rx_restart(&l->v17_rx, rate, turn->is_short);
}

void t30_line_rx(struct t30_line *l, const int16_t *samples, size_t n)
{
	for (size_t i = 0; i < n; i++, l->now++) {
		sound(l, samples[i]);
		if (l->fast)
			fast_rx(l, samples + i, 1);
		if (!l->trained)
			fsk_rx(&l->v21_rx, samples + i, 1);
	}
}

struct t30_line_times t30_line_times(const struct t30_line *l)
{
	return l->times;
}

/* Saying */

static void fill_frames(struct t30_line *l, const struct t30_turn *t)
{
	unsigned rate = t30_signal_rate(t->act == T30_BLOCK ? t->modem : T30_V21);
	unsigned lead_ms = t->act == T30_BLOCK ? 200
			   : t->preamble_ms    ? t->preamble_ms
					       : 1000; /* T.4 A.3.3; T.30 5.3.1 */
	uint8_t frame[T30_FRAME_OCTETS];
	size_t octets;
	bool good;

	t30_bits_flags(&l->bits, lead_ms * rate / 8000);
	for (unsigned i = 0; (octets = t30_turn_frame(t, i, frame, &good)) > 0; i++) {
		if (i)
			t30_bits_flags(&l->bits, t->flags > 1 ? t->flags - 1 : 0);
		t30_bits_frame(&l->bits, frame, octets, good);
	}
	t30_bits_flags(&l->bits, 1);
}

static void start_modem(struct t30_line *l, const struct t30_turn *t)
{
	int rate = (int)t30_signal_rate(t->modem);

	if (t->act == T30_FRAMES) {
		fsk_tx_init(&l->v21_tx, &preset_fsk_specs[FSK_V21CH2], get_bit, l);
		l->tx = (tx_h *)fsk_tx;
		l->tx_modem = &l->v21_tx;
	} else if (t->modem <= T30_V27TER_4800) {
		v27ter_tx_restart(&l->v27_tx, rate, t->tep);
		l->tx = (tx_h *)v27ter_tx;
		l->tx_modem = &l->v27_tx;
	} else if (t->modem <= T30_V29_9600) {
		v29_tx_restart(&l->v29_tx, rate, t->tep);
		l->tx = (tx_h *)v29_tx;
		l->tx_modem = &l->v29_tx;
	} else {
		v17_tx_restart(&l->v17_tx, rate, t->tep, t->is_short);
		l->tx = (tx_h *)v17_tx;
		l->tx_modem = &l->v17_tx;
	}
}

void t30_line_send(struct t30_line *l, const struct t30_turn *t)
{
	l->cng = t->act == T30_CNG;
	l->cng_samples = 0;
	t30_bits_clear(&l->bits);
	l->at = 0;
	if (t->act == T30_CED) {
		l->tone_hz = CED_HZ;
		l->tone_samples = (size_t)t30_turn_ms(t) * SAMPLES_MS;
	}
	if (t->act == T30_FRAMES || t->act == T30_BLOCK)
		fill_frames(l, t);
	else if (t->act == T30_TCF)
		t30_image_zeros(&l->bits, t30_signal_rate(t->modem) * (t->ms ? t->ms : 1500) / 1000, t->spoilt);
	else if (t->act == T30_LINES)
		t30_image_lines(&l->bits, t->seed, t->count);
	if (l->bits.n)
		start_modem(l, t);
}

bool t30_line_is_sending(const struct t30_line *l)
{
	return l->tx || l->tone_samples;
}

static int16_t tone_sample(struct t30_line *l, unsigned hz)
{
	l->phase = (l->phase + hz) % 8000;
	return (int16_t)lrint(TONE_PEAK * sin(2.0 * M_PI * l->phase / 8000));
}

void t30_line_tx(struct t30_line *l, int16_t *samples, size_t n)
{
	size_t k = 0;

	memset(samples, 0, n * sizeof(*samples));
	for (; k < n && l->tone_samples; k++, l->tone_samples--)
		samples[k] = tone_sample(l, l->tone_hz);
	for (; k < n && l->cng && !l->tx; k++, l->cng_samples++)
		if (l->cng_samples / SAMPLES_MS % CNG_EVERY_MS < CNG_MS)
			samples[k] = tone_sample(l, CNG_HZ);
	if (l->tx && k < n && l->tx(l->tx_modem, samples + k, (int)(n - k)) < (int)(n - k))
		l->tx = NULL;
}

int t30_line_alloc(struct t30_line **lp, const struct t30_ear *ear)
{
	struct t30_line *l = calloc(1, sizeof(*l));

	if (!l)
		return ENOMEM;
	l->ear = *ear;
	v27ter_tx_init(&l->v27_tx, 4800, FALSE, get_bit, l);
	v29_tx_init(&l->v29_tx, 9600, FALSE, get_bit, l);
	v17_tx_init(&l->v17_tx, 14400, FALSE, get_bit, l);
	fsk_rx_init(&l->v21_rx, &preset_fsk_specs[FSK_V21CH2], FSK_FRAME_MODE_SYNC, on_v21_bit, l);
	fsk_rx_signal_cutoff(&l->v21_rx, CUTOFF_DBM0);
	hdlc_rx_init(&l->v21_hdlc, FALSE, TRUE, FLAGS_OK, on_v21_frame, l);
	v27ter_rx_init(&l->v27_rx, 4800, on_fast_bit, l);
	v29_rx_init(&l->v29_rx, 9600, on_fast_bit, l);
	v17_rx_init(&l->v17_rx, 14400, on_fast_bit, l);
	v29_rx_signal_cutoff(&l->v29_rx, CUTOFF_DBM0);
	mend_v17_init(&l->v17_mend, &l->v17_rx);
	*lp = l;
	return 0;
}

void t30_line_free(struct t30_line *l)
{
	if (!l)
		return;
	t30_bits_free(&l->bits);
	t30_bits_free(&l->counted);
	free(l);
}
