/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "dns.h"

#define HEADER_OCTETS 12
#define WEEK_S	      (7u * 24 * 3600)

const char *dns_type_name(enum dns_type t)
{
	static const char *const names[] = {[DNS_NAPTR] = "NAPTR", [DNS_SRV] = "SRV", [DNS_ADDRESS] = "address"};

	return names[t];
}

static unsigned read16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* The place behind the name at AT, or 0 when it does not end in time. A pointer ends a name (RFC 1035 4.1.4), so none
 * is followed. */
static size_t skip_name(const uint8_t *p, size_t len, size_t at)
{
	while (at < len) {
		unsigned octet = p[at];

		if (!octet)
			return at + 1;
		if (octet >= 0xC0)
			return at + 2 <= len ? at + 2 : 0;
		if (octet > 63)
			return 0;
		at += 1 + octet;
	}
	return 0;
}

int dns_reply_ttl(const uint8_t *p, size_t len, uint32_t *ttl_sp)
{
	uint32_t least = WEEK_S;
	unsigned questions, answers;
	size_t at = HEADER_OCTETS;

	if (len < HEADER_OCTETS)
		return EBADMSG;
	questions = read16(p + 4);
	answers = read16(p + 6);
	if (!answers)
		return EBADMSG;
	for (; questions; questions--) {
		at = skip_name(p, len, at);
		if (!at || len - at < 4)
			return EBADMSG;
		at += 4;
	}
	for (; answers; answers--) {
		uint32_t ttl_s;

		at = skip_name(p, len, at);
		if (!at || len - at < 10 || len - at - 10 < read16(p + at + 8))
			return EBADMSG;
		ttl_s = (uint32_t)read16(p + at + 4) << 16 | read16(p + at + 6);
		if (ttl_s >> 31)
			ttl_s = 0;
		least = ttl_s < least ? ttl_s : least;
		at += 10 + read16(p + at + 8);
	}
	*ttl_sp = least;
	return 0;
}
