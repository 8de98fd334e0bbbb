/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "t38/spandsp_version.h"

#include "v21_listen.h"

#define CUTOFF_DBM0   (-46.0f) /* -43 dBm0 must be heard; spandsp begins 2.5 dB above */
#define FRAMING_FLAGS 5	       /* back to back: an image modem's bits do not look so */
#define FRAME_MIN     3	       /* address, control, FCF (T.30 5.3) */
#define BITS_PER_S    300
#define SIGNAL_BITS   (V21_LISTEN_SIGNAL_MS * BITS_PER_S / 1000)

struct v21_listen {
	struct v21_listen_handlers h;
	fsk_rx_state_t fsk;
	hdlc_rx_state_t hdlc;
	bool framed;		/* the signal is HDLC */
	unsigned unframed_bits; /* of a signal that is not, up to SIGNAL_BITS */
	uint64_t bits;		/* as long as there is a carrier, or what is taken for one */
};

static void on_hdlc(void *arg, const uint8_t *frame, int len, int ok)
{
	struct v21_listen *v = arg;

	if (len == SIG_STATUS_FRAMING_OK)
		v->framed = true;
	if (len >= FRAME_MIN && ok)
		v->h.frame(frame, (size_t)len, v->h.arg);
}

static void on_bit(void *arg, int bit)
{
	struct v21_listen *v = arg;

	hdlc_rx_put_bit(&v->hdlc, bit);
	if (bit < 0) { /* the carrier has come or gone */
		v->framed = false;
		v->unframed_bits = 0;
		return;
	}
	v->bits++;
	if (v->framed || v->unframed_bits >= SIGNAL_BITS)
		return;
	if (++v->unframed_bits == SIGNAL_BITS && v->h.signal)
		v->h.signal(v->h.arg);
}

int v21_listen_alloc(struct v21_listen **vp, const struct v21_listen_handlers *h)
{
	struct v21_listen *v = calloc(1, sizeof(*v));

	if (!v)
		return ENOMEM;
	v->h = *h;
	fsk_rx_init(&v->fsk, &preset_fsk_specs[FSK_V21CH2], FSK_FRAME_MODE_SYNC, on_bit, v);
	fsk_rx_signal_cutoff(&v->fsk, CUTOFF_DBM0);
	hdlc_rx_init(&v->hdlc, FALSE, FALSE, FRAMING_FLAGS, on_hdlc, v);
	*vp = v;
	return 0;
}

void v21_listen_free(struct v21_listen *v)
{
	if (!v)
		return;
	fsk_rx_release(&v->fsk);
	hdlc_rx_release(&v->hdlc);
	free(v);
}

uint64_t v21_listen_heard(const struct v21_listen *v)
{
	return v->bits;
}

void v21_listen_samples(struct v21_listen *v, const int16_t *samples, size_t n)
{
	fsk_rx(&v->fsk, samples, (int)n);
}
