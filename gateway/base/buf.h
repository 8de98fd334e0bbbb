/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * buf: bounded reader and writer for wire formats, network byte order.
 *
 * Reading past the end or writing past the room sets .bad and yields zeros or nothing from then on, so a
 * parser reads on and asks once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rbuf {
	const uint8_t *p;
	size_t len, pos;
	bool bad;
};

struct wbuf {
	uint8_t *p;
	size_t room, len;
	bool bad;
};

static inline struct rbuf rbuf_init(const void *p, size_t len)
{
	return (struct rbuf){.p = p, .len = len};
}

static inline size_t rbuf_left(const struct rbuf *b)
{
	return b->bad ? 0 : b->len - b->pos;
}

/* The next N octets in place, or NULL (and .bad) if there are not so many. */
static inline const uint8_t *rbuf_take(struct rbuf *b, size_t n)
{
	if (rbuf_left(b) < n) {
		b->bad = true;
		return NULL;
	}
	b->pos += n;
	return b->p + b->pos - n;
}

static inline uint8_t rbuf_u8(struct rbuf *b)
{
	const uint8_t *p = rbuf_take(b, 1);
	return p ? p[0] : 0;
}

static inline uint16_t rbuf_u16(struct rbuf *b)
{
	const uint8_t *p = rbuf_take(b, 2);
	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t rbuf_u32(struct rbuf *b)
{
	uint32_t hi = rbuf_u16(b);
	return hi << 16 | rbuf_u16(b);
}

static inline struct wbuf wbuf_init(void *p, size_t room)
{
	return (struct wbuf){.p = p, .room = room};
}

/* Room for N octets to be filled in by the caller, or NULL (and .bad). */
static inline uint8_t *wbuf_room(struct wbuf *b, size_t n)
{
	if (b->bad || b->room - b->len < n) {
		b->bad = true;
		return NULL;
	}
	b->len += n;
	return b->p + b->len - n;
}

static inline void wbuf_u8(struct wbuf *b, uint8_t v)
{
	uint8_t *p = wbuf_room(b, 1);
	if (p)
		p[0] = v;
}

static inline void wbuf_u16(struct wbuf *b, uint16_t v)
{
	uint8_t *p = wbuf_room(b, 2);
	if (p) {
		p[0] = (uint8_t)(v >> 8);
		p[1] = (uint8_t)v;
	}
}

static inline void wbuf_u32(struct wbuf *b, uint32_t v)
{
	wbuf_u16(b, (uint16_t)(v >> 16));
	wbuf_u16(b, (uint16_t)v);
}

static inline void wbuf_bytes(struct wbuf *b, const void *src, size_t n)
{
	uint8_t *p = wbuf_room(b, n);
	if (p && n)
		memcpy(p, src, n);
}

#endif
