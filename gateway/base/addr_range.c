/* SPDX-License-Identifier: GPL-2.0-only */
#include "addr_range.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Its octets in network order, and how many. NULL: no address. */
static const uint8_t *octets_of(const struct addr *a, unsigned *np)
{
	*np = a->sa.sa_family == AF_INET6 ? 16 : 4;
	if (a->sa.sa_family == AF_INET)
		return (const uint8_t *)&a->v4.sin_addr;
	return a->sa.sa_family == AF_INET6 ? (const uint8_t *)&a->v6.sin6_addr : NULL;
}

/* The bits of octet I that belong to the first BITS. */
static uint8_t mask_of(unsigned i, unsigned bits)
{
	if (bits >= 8 * (i + 1))
		return 0xff;
	return bits <= 8 * i ? 0 : (uint8_t)(0xff00u >> (bits - 8 * i));
}

struct addr_range addr_range_of(const struct addr *a, unsigned bits)
{
	struct addr_range r = {.addr = *a};
	unsigned n;
	uint8_t *p = (uint8_t *)octets_of(&r.addr, &n);

	if (!p)
		return r;
	r.bits = bits < 8 * n ? bits : 8 * n;
	for (unsigned i = 0; i < n; i++)
		p[i] &= mask_of(i, r.bits);
	addr_set_port(&r.addr, 0);
	return r;
}

static bool bits_parse(const char *text, unsigned max, unsigned *bitsp)
{
	unsigned v = 0, n;

	for (n = 0; text[n]; n++) {
		if (text[n] < '0' || text[n] > '9' || n >= 3)
			return false;
		v = v * 10 + (unsigned)(text[n] - '0');
	}
	if (!n || v > max)
		return false;
	*bitsp = v;
	return true;
}

int addr_range_parse(struct addr_range *rp, const char *text, const char **whyp)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char host[ADDR_TEXT_OCTETS];
	struct addr_range r;
	struct addr a;
	unsigned n, bits;

	*whyp = "it does not begin with a numeric address";
	if (len >= sizeof(host))
		return EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	if (addr_parse(&a, host, 0))
		return EINVAL;
	*whyp = "a range has no port";
	if (addr_port(&a) || (strchr(host, ':') && (a.sa.sa_family == AF_INET || host[0] == '[')))
		return EINVAL;
	octets_of(&a, &n);
	bits = 8 * n;
	*whyp = n == 4 ? "behind the / stands a number from 0 to 32" : "behind the / stands a number from 0 to 128";
	if (slash && !bits_parse(slash + 1, 8 * n, &bits))
		return EINVAL;
	r = addr_range_of(&a, bits);
	*whyp = "the address has bits beyond the range's";
	if (!addr_same_host(&r.addr, &a))
		return EINVAL;
	*rp = r;
	return 0;
}

const char *addr_range_print(const struct addr_range *r, char *buf)
{
	char host[ADDR_TEXT_OCTETS];
	unsigned n;

	octets_of(&r->addr, &n);
	addr_print_host(&r->addr, host);
	if (r->bits == 8 * n)
		snprintf(buf, ADDR_TEXT_OCTETS, "%.45s", host);
	else
		snprintf(buf, ADDR_TEXT_OCTETS, "%.45s/%u", host, r->bits);
	return buf;
}

bool addr_range_has(const struct addr_range *r, const struct addr *a)
{
	struct addr_range of;

	if (r->addr.sa.sa_family != a->sa.sa_family || !addr_is_set(a))
		return false;
	of = addr_range_of(a, r->bits);
	return addr_same_host(&of.addr, &r->addr);
}

bool addr_range_equal(const struct addr_range *a, const struct addr_range *b)
{
	return a->bits == b->bits && addr_same_host(&a->addr, &b->addr);
}
