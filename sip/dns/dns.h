/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dns: what is asked of the DNS and what it answers, as plain values: NAPTR (RFC 3403), SRV (RFC 2782), addresses. And
 * what of a reply our own code reads: the parser library tells neither how long NAPTR and SRV records hold.
 */
#ifndef SIP_DNS_H
#define SIP_DNS_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/base/addr.h"

#define DNS_NAME_OCTETS	   256 /* RFC 1035 2.3.4: 255 with the dots */
#define DNS_SERVICE_OCTETS 16
#define DNS_MAX_RECORDS	   16 /* of one answer: the first, of SRV by their priorities */

enum dns_type { DNS_NAPTR, DNS_SRV, DNS_ADDRESS };

const char *dns_type_name(enum dns_type t); /* "NAPTR", "SRV", "address" */

struct dns_question {
	enum dns_type type;
	char name[DNS_NAME_OCTETS];
};

enum dns_outcome {
	DNS_FOUND,
	DNS_NONE,   /* the name, or the type for it, does not exist */
	DNS_FAILED, /* no server answered, or not sensibly */
};

struct dns_naptr {
	uint16_t order, preference;
	char flags[DNS_SERVICE_OCTETS], service[DNS_SERVICE_OCTETS]; /* longer ones than that are none of ours: "" */
	char replacement[DNS_NAME_OCTETS];			     /* "" with a regular expression */
};

struct dns_srv {
	uint16_t priority, weight, port;
	char target[DNS_NAME_OCTETS]; /* "": the service is decidedly not there */
};

struct dns_answer {
	enum dns_outcome outcome;
	uint32_t ttl_s; /* DNS_FOUND: of the record that holds shortest */
	unsigned count; /* DNS_FOUND: at least 1 */
	union {
		struct dns_naptr naptr[DNS_MAX_RECORDS];
		struct dns_srv srv[DNS_MAX_RECORDS];
		struct addr addr[DNS_MAX_RECORDS]; /* without ports */
	};
};

/* The least TTL in the answer section of the reply of LEN octets at P (RFC 1035 4.1), at most a week; 0 for one with
 * the top bit set (RFC 2181 8). Returns 0, or EBADMSG: no reply, or one without answers. */
int dns_reply_ttl(const uint8_t *p, size_t len, uint32_t *ttl_sp);

#endif
