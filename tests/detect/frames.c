/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames of V.21 from a noisy line: how many are read by spandsp's receiver alone, by the relay, which has it with
 * levels of its own (t38/relay/mend_carrier.c), and by the detector's receiver. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "t38/relay/relay.h"
#include "t38/spandsp_version.h"
#include "t38/tone/v21_rx.h"
#include "tests/detect/report.h"

#define FRAME_OCTETS   23 /* CSI, TSI */
#define PREAMBLE_FLAGS 38 /* 1.01 s */
#define LEAD_S	       0.5
#define SECONDS	       3.5
#define BARE_DBM0      (-30.0f) /* spandsp's t38_gateway.c */
#define DETECTOR_DBM0  (-46.0f)
#define NO_NOISE_DB    99

enum reader { BARE, RELAY, DETECTOR, READERS };

struct ear {
	fsk_rx_state_t *fsk;
	hdlc_rx_state_t *hdlc[2]; /* behind it, behind the detector's */
	struct v21_rx v21;
	struct relay *relay;
	uint8_t sent[FRAME_OCTETS];
	bool read[READERS];
};

static const double levels_dbm0[] = {-14, -30, -31, -36, -43};
static const double snrs_db[] = {NO_NOISE_DB, 20, 7, 5, 3, 1};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void take(struct ear *e, enum reader r, const uint8_t *frame, size_t octets)
{
	if (octets == FRAME_OCTETS && !memcmp(frame, e->sent, octets))
		e->read[r] = true;
}

static void on_bare(void *arg, const uint8_t *frame, int len, int good)
{
	if (len > 0 && good)
		take(arg, BARE, frame, (size_t)len);
}

static void on_detector(void *arg, const uint8_t *frame, int len, int good)
{
	if (len > 0 && good)
		take(arg, DETECTOR, frame, (size_t)len);
}

static void on_bit(unsigned bit, float purity, void *arg)
{
	struct ear *e = arg;

	hdlc_rx_put_bit(e->hdlc[1], (int)bit);
}

static void on_relay(enum t30_direction d, const uint8_t *frame, size_t octets, void *arg)
{
	if (d == T30_FROM_LINE)
		take(arg, RELAY, frame, octets);
}

static void on_ifp(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg)
{
}

static void ear_fini(struct ear *e)
{
	if (e->fsk)
		fsk_rx_free(e->fsk);
	for (unsigned i = 0; i < 2; i++)
		if (e->hdlc[i])
			hdlc_rx_free(e->hdlc[i]);
	relay_free(e->relay);
}

static int ear_init(struct ear *e)
{
	static const struct fax_params fax = {.t38 = true, .ecm = true, .max_rate = 14400, .modems = FAX_MODEM_ALL};
	static const struct media_t38 peer = {.max_bit_rate = 14400};
	const struct relay_handlers h = {on_ifp, on_relay, e};

	memset(e, 0, sizeof(*e));
	e->hdlc[0] = hdlc_rx_init(NULL, FALSE, TRUE, 5, on_bare, e);
	e->hdlc[1] = hdlc_rx_init(NULL, FALSE, TRUE, 5, on_detector, e);
	e->fsk = fsk_rx_init(NULL, &preset_fsk_specs[FSK_V21CH2], FSK_FRAME_MODE_SYNC, (put_bit_func_t)hdlc_rx_put_bit,
			     e->hdlc[0]);
	if (!e->hdlc[0] || !e->hdlc[1] || !e->fsk)
		return ENOMEM;
	fsk_rx_signal_cutoff(e->fsk, BARE_DBM0);
	v21_rx_init(&e->v21, V21_HIGH, DETECTOR_DBM0, on_bit, e);
	return relay_alloc(&e->relay, &fax, &peer, "frames", &h);
}

/* The bits of its flags, of a frame of chance, and of the flags after it. */
static int make_bits(struct ear *e, char *text, size_t n, struct dice *d)
{
	hdlc_tx_state_t *tx = hdlc_tx_init(NULL, FALSE, 2, FALSE, NULL, NULL);
	int bit;

	if (!tx)
		return ENOMEM;
	for (unsigned i = 0; i < FRAME_OCTETS; i++)
		e->sent[i] = (uint8_t)dice_below(d, 256);
	memcpy(e->sent, (const uint8_t[]){0xff, 0x03, 0x40}, 3);
	hdlc_tx_flags(tx, PREAMBLE_FLAGS);
	hdlc_tx_frame(tx, e->sent, FRAME_OCTETS);
	for (size_t i = 0; i < n; i++) {
		bit = hdlc_tx_get_bit(tx);
		text[i] = bit == 1 ? '1' : '0';
	}
	text[n] = '\0';
	hdlc_tx_free(tx);
	return 0;
}

/* As it comes from the line: A-law. */
static void make_line(struct sound *s, const char *bits, double dbm0, double snr_db, struct dice *d)
{
	const struct sound_fsk v21 = {.zero_hz = 1850, .one_hz = 1650, .baud = 300, .dbm0 = dbm0};

	sound_clear(s, SECONDS);
	sound_add_fsk(s, LEAD_S + dice_between(d, 0, 0.06), &v21, bits, 1);
	if (snr_db < NO_NOISE_DB)
		sound_add_noise(s, 0, SECONDS, dbm0 - snr_db, d);
}

static void hear(struct ear *e, const struct sound *s)
{
	int16_t block[SOUND_BLOCK], back[SOUND_BLOCK];

	for (size_t at = 0; at + SOUND_BLOCK <= s->n; at += SOUND_BLOCK) {
		sound_samples(s, at, SOUND_BLOCK, block);
		for (unsigned i = 0; i < SOUND_BLOCK; i++)
			block[i] = alaw_to_linear(linear_to_alaw(block[i]));
		v21_rx_samples(&e->v21, block, SOUND_BLOCK);
		relay_rx(e->relay, block, SOUND_BLOCK);
		relay_tx(e->relay, back, SOUND_BLOCK);
		fsk_rx(e->fsk, block, SOUND_BLOCK); /* the last: it may change them */
	}
}

static int run(unsigned trial, double dbm0, double snr_db, struct sound *s, unsigned *read)
{
	struct dice d = {.state = 1 + trial};
	char bits[600];
	struct ear e;
	int err = ear_init(&e);

	if (!err)
		err = make_bits(&e, bits, sizeof(bits) - 1, &d);
	if (!err) {
		make_line(s, bits, dbm0, snr_db, &d);
		hear(&e, s);
	}
	for (unsigned r = 0; r < READERS && !err; r++)
		read[r] += e.read[r];
	ear_fini(&e);
	return err;
}

int report_frames(const struct report_plan *p)
{
	struct sound *s = malloc(sizeof(*s));
	int err = s ? 0 : ENOMEM;

	if (!err)
		printf("%-12s %8s   %5s %5s %8s   frames of V.21 read, of %u\n", "signal", "noise", "bare", "relay",
		       "detector", p->runs);
	for (unsigned i = 0; i < COUNT(snrs_db) * COUNT(levels_dbm0) && !err; i++) {
		const double snr_db = snrs_db[i / COUNT(levels_dbm0)], dbm0 = levels_dbm0[i % COUNT(levels_dbm0)];
		unsigned read[READERS] = {0};

		for (unsigned trial = 0; trial < p->runs && !err; trial++)
			err = run(trial, dbm0, snr_db, s, read);
		if (snr_db < NO_NOISE_DB)
			printf("%5.0f dBm0 %5.0f dB under", dbm0, snr_db);
		else
			printf("%5.0f dBm0 %14s", dbm0, "none");
		printf(" %5u %5u %8u\n", read[BARE], read[RELAY], read[DETECTOR]);
		fflush(stdout);
	}
	free(s);
	return err;
}
