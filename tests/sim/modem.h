/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * modem: one end of a data call by spandsp, for tests: it answers as such modems do (an answer tone, then carrier) or
 * calls, and both ends then exchange a known sequence of bits. It counts time in samples; both ends of a call begin at
 * the same time.
 */
#ifndef SIM_MODEM_H
#define SIM_MODEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum modem_kind {
	MODEM_V21,     /* 300 bit/s; the answer tone is 2100 Hz without reversals */
	MODEM_BELL103, /* 300 bit/s; the answer tone is 2225 Hz */
	MODEM_V22BIS,  /* 2400 bit/s; the answer tone is 2100 Hz with phase reversals */
	MODEM_V8_DATA, /* ANSam, CM and JM for data; nothing after that */
	MODEM_ANSAM,   /* ANSam, and a caller that does not know V.8 */
	MODEM_KIND_COUNT
};

const char *modem_kind_name(enum modem_kind k);

struct modem;

struct modem_result {
	bool trained;	       /* the carrier of the other end is there */
	unsigned bits, errors; /* received, of the known sequence */
	bool v8_agreed;	       /* V.8 came to its end */
};

int modem_alloc(struct modem **mp, enum modem_kind kind, bool caller); /* 0 or ENOMEM */
void modem_free(struct modem *m);
void modem_rx(struct modem *m, const int16_t *samples, size_t n);
void modem_tx(struct modem *m, int16_t *samples, size_t n);
void modem_result(struct modem *m, struct modem_result *rp);

#endif
