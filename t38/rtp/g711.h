/* SPDX-License-Identifier: GPL-2.0-only */
/* g711: A-law and mu-law (ITU-T G.711), blocks of octets to and from linear samples, and A-law to mu-law directly.
 * Pure. */
#ifndef T38_G711_H
#define T38_G711_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/media.h"

/* spandsp exports functions of these names: ours have another for the linker. (No file can include both g711.h and
 * spandsp.h.) */
void g711_decode(enum media_codec c, int16_t *samples, const uint8_t *octets, size_t n) __asm__("faxspan_g711_decode");
void g711_encode(enum media_codec c, uint8_t *octets, const int16_t *samples, size_t n) __asm__("faxspan_g711_encode");
/* Octets of codec FROM to octets of codec TO (G.711 tables 3 and 4; a copy when they are the same: bit-exact). */
void g711_convert(enum media_codec from, enum media_codec to, uint8_t *out, const uint8_t *in, size_t n);
uint8_t g711_silence(enum media_codec c);

#endif
