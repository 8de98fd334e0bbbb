/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * alaw_gain: a gain on A-law octets as a table, as DAHDI takes it. Pure.
 */
#ifndef DAHDI_ALAW_GAIN_H
#define DAHDI_ALAW_GAIN_H

#include <stdint.h>

/* For each A-law octet (ITU-T G.711 table 1, as on the line: even bits inverted) the one GAIN_DDB tenths of a decibel
 * louder, the loudest one at most. 0: each octet itself. */
void alaw_gain_table(int gain_ddb, uint8_t table[256]);

#endif
