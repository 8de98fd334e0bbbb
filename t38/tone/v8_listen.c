/* SPDX-License-Identifier: GPL-2.0-only */
#include "v8_listen.h"

#include <errno.h>
#include <stdlib.h>

#include "v21_rx.h"

#define FLOOR_DBM0 (-46.0f) /* as for V.21's other channel: -43 dBm0 must be heard */
#define PURITY	   0.4f

/*
 * V.8 5: ten ones, the ten bits of the synchronization of CM, then octets in a start bit 0, the least bit first, and a
 * stop bit 1; the first of them is the call function's, its lowest bits 10000 in this order.
 */
#define SYNC	   0x7c0fu /* 11111 0000001111: the first of the ten may be gone before the carrier is found */
#define SYNC_BITS  15
#define OCTET_BITS 10
#define TAG	   0x01u /* of a call function */
#define TAG_MASK   0x1fu

struct v8_listen {
	v8_listen_h *handler;
	void *arg;
	struct v21_rx v21;
	uint32_t bits; /* the last ones, the newest lowest */
};

const char *v8_call_name(enum v8_call c)
{
	static const char *const names[] = {
		[V8_LISTEN_PSTN_MULTIMEDIA] = "multimedia (H.324)", [V8_LISTEN_TEXTPHONE] = "textphone (V.18)",
		[V8_LISTEN_VIDEOTEX] = "videotex (T.101)",	    [V8_LISTEN_FAX_SEND] = "fax (it sends)",
		[V8_LISTEN_FAX_RECEIVE] = "fax (it receives)",	    [V8_LISTEN_DATA] = "data",
	};

	return c < sizeof(names) / sizeof(names[0]) && names[c] ? names[c] : "something else";
}

bool v8_call_is_fax(enum v8_call c)
{
	return c == V8_LISTEN_FAX_SEND || c == V8_LISTEN_FAX_RECEIVE;
}

static unsigned octet_of(uint32_t bits)
{
	unsigned octet = 0;

	/* Without its stop bit the first bit sent is the highest. */
	for (unsigned i = 0; i < 8; i++)
		octet |= (bits >> (8 - i) & 1) << i;
	return octet;
}

static void on_bit(unsigned bit, float purity, void *arg)
{
	struct v8_listen *v = arg;
	unsigned octet;

	v->bits = v->bits << 1 | bit;
	if (purity < PURITY || (v->bits >> OCTET_BITS & ((1u << SYNC_BITS) - 1)) != SYNC ||
	    v->bits >> (OCTET_BITS - 1) & 1 || !(v->bits & 1))
		return;
	octet = octet_of(v->bits);
	if ((octet & TAG_MASK) == TAG)
		v->handler((enum v8_call)(octet >> 5), v->arg);
}

int v8_listen_alloc(struct v8_listen **vp, v8_listen_h *handler, void *arg)
{
	struct v8_listen *v = calloc(1, sizeof(*v));

	if (!v)
		return ENOMEM;
	v->handler = handler;
	v->arg = arg;
	v21_rx_init(&v->v21, V21_LOW, FLOOR_DBM0, on_bit, v);
	*vp = v;
	return 0;
}

void v8_listen_free(struct v8_listen *v)
{
	free(v);
}

void v8_listen_samples(struct v8_listen *v, const int16_t *samples, size_t n)
{
	v21_rx_samples(&v->v21, samples, n);
}
