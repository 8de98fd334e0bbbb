/* SPDX-License-Identifier: GPL-2.0-only */
/* Replies of a name server, and the walk that they lead: each input is a row of replies, of two octets of length
 * each. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sip/dns/resolver.h"

#define QUESTIONS_MAX (1 + DNS_MAX_RECORDS + DNS_MAX_RECORDS * DNS_MAX_RECORDS + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct dns_answer *a)
{
	if (a->count > DNS_MAX_RECORDS || (a->outcome == DNS_FOUND) != (a->count > 0 && a->outcome == DNS_FOUND))
		abort();
	if (a->outcome == DNS_FOUND && a->ttl_s > 7 * 24 * 3600)
		abort();
}

/* The reply with its length in front, from a block of just its size, so that the octet beyond it is seen. */
static size_t read_reply(enum dns_type type, const uint8_t *data, size_t size, struct dns_answer *ap)
{
	size_t len = (size_t)(data[0] & 3) << 8 | data[1];
	uint8_t *exact;

	if (len > size - 2)
		len = size - 2;
	exact = malloc(len ? len : 1);
	if (!exact)
		abort();
	memcpy(exact, data + 2, len);
	if (type == DNS_ADDRESS) {
		memset(ap, 0, sizeof(*ap));
		ap->outcome = len < 4 ? DNS_NONE : DNS_FOUND;
		ap->count = ap->outcome == DNS_FOUND;
		ap->addr[0].v4.sin_family = AF_INET;
		memcpy(&ap->addr[0].v4.sin_addr, exact, len < 4 ? len : 4);
	} else {
		resolver_read(type, exact, len, ap);
	}
	free(exact);
	check(ap);
	return 2 + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct locate l;
	static struct dns_answer a;
	struct locate_params p = {.host = "a.b", .any_transport = true, .have = 7};
	struct locate_result r;
	struct dns_question q;
	uint8_t order[SIP_MAX_TARGETS];
	uint64_t seed = size;
	uint32_t seen = 0;

	locate_begin(&l, &p);
	for (unsigned n = 0; locate_next(&l, &q); n++) {
		if (n > QUESTIONS_MAX)
			abort();
		a.outcome = DNS_FAILED;
		a.count = 0;
		if (size >= 2) {
			size_t used = read_reply(q.type, data, size, &a);

			data += used;
			size -= used;
		}
		locate_answer(&l, &a);
	}
	r = locate_result(&l);
	targets_order(&r.targets, (uint32_t)seed, &seed, order);
	for (unsigned i = 0; i < r.targets.count; i++)
		seen |= 1u << order[i];
	if (seen != (1u << r.targets.count) - 1)
		abort();
	return 0;
}
