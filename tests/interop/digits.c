/* SPDX-License-Identifier: GPL-2.0-only */
#include "digits.h"

#include "tests/sim/spandsp_machine.h"
#include <stdio.h>
#include <string.h>

#define CALLS	     4
#define DIAL_AFTER   8000 /* samples */
#define ALAW_SILENCE 0xD5
#define AS_THEY_COME (-1) /* dtmf_tx_put(): the text has an end */

static struct digits {
	dtmf_rx_state_t *rx;
	dtmf_tx_state_t *tx;
	char from[32];
	unsigned left; /* samples until it dials */
} calls[CALLS];

static unsigned ncalls;

static void digits_hear(struct digits *d, const uint8_t *heard, size_t n)
{
	int16_t linear[EXCHANGE_BLOCK];
	char digits[16];

	for (size_t i = 0; i < n; i++)
		linear[i] = alaw_to_linear(heard[i]);
	dtmf_rx(d->rx, linear, (int)n);
	n = dtmf_rx_get(d->rx, digits, sizeof(digits) - 1);
	for (size_t i = 0; i < n; i++)
		printf("heard %c from %s\n", digits[i], d->from);
}

static void digits_dial(struct digits *d, uint8_t *say, size_t n)
{
	int16_t linear[EXCHANGE_BLOCK];
	int made = 0;

	if (d->left >= n)
		d->left -= (unsigned)n;
	else
		made = dtmf_tx(d->tx, linear, (int)n);
	for (size_t i = 0; i < n; i++)
		say[i] = (int)i < made ? linear_to_alaw(linear[i]) : ALAW_SILENCE;
}

static void on_octets(const uint8_t *heard, uint8_t *say, size_t n, void *arg)
{
	struct digits *d = arg;

	digits_hear(d, heard, n);
	digits_dial(d, say, n);
}

struct xcall_source digits_source(const char *from, const char *dials)
{
	struct digits *d = &calls[ncalls++ % CALLS];

	d->rx = dtmf_rx_init(d->rx, NULL, NULL);
	d->tx = spandsp_dtmf_tx_init(d->tx);
	snprintf(d->from, sizeof(d->from), "%s", from);
	d->left = DIAL_AFTER;
	if (!d->rx || !d->tx)
		return (struct xcall_source){.kind = XAUDIO_SILENCE};
	dtmf_tx_put(d->tx, dials, AS_THEY_COME);
	return (struct xcall_source){.kind = XAUDIO_HANDLER, .octets = on_octets, .arg = d};
}
