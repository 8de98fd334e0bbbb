/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * v8_listen: hears what a calling modem says it calls for: the call function in its CM (V.8 5, 6.3), by V.21's low
 * channel. It only listens: nothing is changed or delayed. Linear samples, 8 kHz.
 */
#ifndef T38_V8_LISTEN_H
#define T38_V8_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* V.8 table 3: the call functions in their order of bits b5 to b7. */
enum v8_call {
	V8_LISTEN_PSTN_MULTIMEDIA = 1, /* H.324 */
	V8_LISTEN_TEXTPHONE = 2,       /* V.18 */
	V8_LISTEN_VIDEOTEX = 3,	       /* T.101 */
	V8_LISTEN_FAX_SEND = 4,	       /* T.30, the caller sends */
	V8_LISTEN_FAX_RECEIVE = 5,     /* T.30, the caller receives */
	V8_LISTEN_DATA = 6,	       /* V-series modem */
};

const char *v8_call_name(enum v8_call c); /* "fax (it sends)", "data", ... */
bool v8_call_is_fax(enum v8_call c);

struct v8_listen;

/* HANDLER is called with each call function heard, once in each CM: they follow each other until they are answered. */
typedef void(v8_listen_h)(enum v8_call c, void *arg);

int v8_listen_alloc(struct v8_listen **vp, v8_listen_h *handler, void *arg); /* 0 or ENOMEM */
void v8_listen_free(struct v8_listen *v);
void v8_listen_samples(struct v8_listen *v, const int16_t *samples, size_t n);

#endif
