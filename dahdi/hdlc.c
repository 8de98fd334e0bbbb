/* SPDX-License-Identifier: GPL-2.0-only */
#include "hdlc.h"

#include <errno.h>
#include <string.h>

#define FLAG	   0x7E
#define FLAG_BITS  7	  /* bits of a flag that have passed for data when its last one tells */
#define ABORT_ONES 7	  /* Q.921 2.10 */
#define STUFF_ONES 5	  /* Q.921 2.6: a zero is put in after so many ones */
#define FCS_GOOD   0xF0B8 /* what the FCS's register holds after a good frame and its FCS (Q.921 2.7) */

/* x^16 + x^12 + x^5 + 1, least significant bit first, half an octet at a time. */
static const uint16_t fcs_table[16] = {
	0x0000, 0x1081, 0x2102, 0x3183, 0x4204, 0x5285, 0x6306, 0x7387,
	0x8408, 0x9489, 0xA50A, 0xB58B, 0xC60C, 0xD68D, 0xE70E, 0xF78F,
};

const char *hdlc_error_name(enum hdlc_error e)
{
	switch (e) {
	case HDLC_ABORT:
		return "abort";
	case HDLC_BAD_FCS:
		return "bad FCS";
	case HDLC_BAD_LENGTH:
		return "bad length";
	}
	return "?";
}

static uint16_t fcs_register(const uint8_t *p, size_t len)
{
	uint16_t fcs = 0xFFFF;

	for (size_t i = 0; i < len; i++) {
		fcs = (uint16_t)(fcs >> 4 ^ fcs_table[(fcs ^ p[i]) & 15]);
		fcs = (uint16_t)(fcs >> 4 ^ fcs_table[(fcs ^ p[i] >> 4) & 15]);
	}
	return fcs;
}

uint16_t dhdlc_fcs(const uint8_t *p, size_t len)
{
	return (uint16_t)~fcs_register(p, len);
}

void dhdlc_rx_init(struct dhdlc_rx *rx, void (*frame)(const uint8_t *frame, size_t octets, void *arg),
		   void (*error)(enum hdlc_error e, void *arg), void *arg)
{
	*rx = (struct dhdlc_rx){.frame = frame, .error = error, .arg = arg};
}

void dhdlc_rx_reset(struct dhdlc_rx *rx)
{
	rx->ones = rx->bits = 0;
	rx->octet = 0;
	rx->len = 0;
	rx->in_frame = rx->steady = false;
}

static void rx_error(struct dhdlc_rx *rx, enum hdlc_error e)
{
	rx->steady = false;
	if (rx->error)
		rx->error(e, rx->arg);
}

/* Stops collecting until the next flag. */
static void rx_drop(struct dhdlc_rx *rx)
{
	rx->in_frame = false;
	rx->len = 0;
	rx->bits = 0;
	rx->octet = 0;
}

static void rx_abort(struct dhdlc_rx *rx)
{
	/* Ones right after a flag are the line going idle, not a frame cut off. */
	bool begun = rx->in_frame && rx->len;

	rx->ones = ABORT_ONES;
	rx_drop(rx);
	if (begun)
		rx_error(rx, HDLC_ABORT);
}

static void rx_end(struct dhdlc_rx *rx)
{
	size_t octets = rx->len - HDLC_FCS_OCTETS;

	if (rx->bits != FLAG_BITS || rx->len < HDLC_FRAME_MIN_OCTETS + HDLC_FCS_OCTETS) {
		rx_error(rx, HDLC_BAD_LENGTH);
	} else if (fcs_register(rx->buf, rx->len) != FCS_GOOD) {
		rx_error(rx, HDLC_BAD_FCS);
	} else {
		rx->steady = false;
		rx->frame(rx->buf, octets, rx->arg);
	}
}

static void rx_flag(struct dhdlc_rx *rx)
{
	/* Between two flags and nothing else there are but the second one's own bits: no whole octet. */
	if (rx->in_frame && rx->len)
		rx_end(rx);
	rx_drop(rx);
	rx->in_frame = true;
}

static void rx_data(struct dhdlc_rx *rx, unsigned bit)
{
	if (!rx->in_frame)
		return;
	rx->octet = (uint8_t)(rx->octet >> 1 | bit << 7);
	if (++rx->bits < 8)
		return;
	rx->bits = 0;
	if (rx->len == sizeof(rx->buf)) {
		rx_drop(rx);
		rx_error(rx, HDLC_BAD_LENGTH);
		return;
	}
	rx->buf[rx->len++] = rx->octet;
}

static void rx_bit(struct dhdlc_rx *rx, unsigned bit)
{
	unsigned ones = rx->ones;

	if (bit) {
		if (ones == ABORT_ONES)
			return;
		if (++rx->ones == ABORT_ONES)
			rx_abort(rx);
		else
			rx_data(rx, 1);
		return;
	}
	rx->ones = 0;
	if (ones == STUFF_ONES + 1)
		rx_flag(rx);
	else if (ones < STUFF_ONES)
		rx_data(rx, 0);
}

void dhdlc_rx_octets(struct dhdlc_rx *rx, const uint8_t *line, size_t octets)
{
	for (size_t i = 0; i < octets; i++) {
		unsigned ones = rx->ones, bits = rx->bits;
		uint8_t octet = rx->octet;
		bool in_frame = rx->in_frame;

		if (rx->steady && line[i] == rx->last)
			continue;
		rx->last = line[i];
		rx->steady = true;
		for (unsigned mask = 0x80; mask; mask >>= 1)
			rx_bit(rx, (line[i] & mask) != 0);
		if (rx->len || rx->ones != ones || rx->bits != bits || rx->octet != octet || rx->in_frame != in_frame)
			rx->steady = false;
	}
}

void dhdlc_tx_init(struct dhdlc_tx *tx)
{
	tx->head = tx->count = 0;
	tx->pos = 0;
	tx->in_frame = false;
	tx->acc = tx->nbits = tx->ones = tx->flags = 0;
}

int dhdlc_tx_frame(struct dhdlc_tx *tx, const uint8_t *frame, size_t octets)
{
	unsigned slot = (tx->head + tx->count) % HDLC_TX_QUEUE;
	uint8_t *p = tx->queue[slot].octets;
	uint16_t fcs;

	if (octets < HDLC_FRAME_MIN_OCTETS || octets > HDLC_FRAME_OCTETS)
		return EMSGSIZE;
	if (tx->count == HDLC_TX_QUEUE)
		return ENOBUFS;
	memcpy(p, frame, octets);
	fcs = dhdlc_fcs(frame, octets);
	p[octets] = (uint8_t)fcs;
	p[octets + 1] = (uint8_t)(fcs >> 8);
	tx->queue[slot].len = (uint16_t)(octets + HDLC_FCS_OCTETS);
	tx->count++;
	return 0;
}

unsigned dhdlc_tx_waiting(const struct dhdlc_tx *tx)
{
	return tx->count;
}

static void tx_flag(struct dhdlc_tx *tx)
{
	tx->acc = tx->acc << 8 | FLAG;
	tx->nbits += 8;
	tx->ones = 0;
	if (tx->flags < 2)
		tx->flags++;
}

static void tx_data(struct dhdlc_tx *tx, uint8_t octet)
{
	for (unsigned i = 0; i < 8; i++, octet >>= 1) {
		tx->acc = tx->acc << 1 | (octet & 1);
		tx->nbits++;
		tx->ones = octet & 1 ? tx->ones + 1 : 0;
		if (tx->ones < STUFF_ONES)
			continue;
		tx->acc <<= 1;
		tx->nbits++;
		tx->ones = 0;
	}
	tx->flags = 0;
}

/* Puts the next octet of a frame, or a flag, to the bits that wait. One flag between two frames is enough. */
static void tx_more(struct dhdlc_tx *tx)
{
	if (!tx->in_frame && tx->count && tx->flags) {
		tx->in_frame = true;
		tx->pos = 0;
	}
	if (tx->in_frame && tx->pos < tx->queue[tx->head].len) {
		tx_data(tx, tx->queue[tx->head].octets[tx->pos++]);
		return;
	}
	if (tx->in_frame) {
		tx->in_frame = false;
		tx->head = (tx->head + 1) % HDLC_TX_QUEUE;
		tx->count--;
	}
	tx_flag(tx);
}

void dhdlc_tx_octets(struct dhdlc_tx *tx, uint8_t *line, size_t octets)
{
	for (size_t i = 0; i < octets; i++) {
		if (tx->nbits < 8)
			tx_more(tx);
		tx->nbits -= 8;
		line[i] = (uint8_t)(tx->acc >> tx->nbits);
		/* Nothing to send, and the bits that wait are a flag's: the rest is this octet again and again. */
		if (!tx->count && tx->flags == 2) {
			memset(line + i, line[i], octets - i);
			return;
		}
	}
}
