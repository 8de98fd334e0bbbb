/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * g711_gain: a gain on G.711 octets as a table, as DAHDI takes it. Pure.
 */
#ifndef DAHDI_G711_GAIN_H
#define DAHDI_G711_GAIN_H

#include <stdint.h>

#include "gateway/base/media.h"

/* For each octet of LAW, as on the line (A-law: even bits inverted, ITU-T G.711 table 1; mu-law: all bits, table 2),
 * the one GAIN_DDB tenths of a decibel louder, the loudest one at most. 0: each octet itself. */
void g711_gain_table(enum media_codec law, int gain_ddb, uint8_t table[256]);

#endif
