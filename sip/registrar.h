/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * registrar: where the endpoints are: the contacts that each has registered (RFC 3261 10.3). An endpoint is a peer that
 * has no address of its own but registers, from anywhere, with its user and password. No I/O; times are given.
 */
#ifndef SIP_REGISTRAR_H
#define SIP_REGISTRAR_H

#include "sip/message/message.h"

#define REGISTRAR_MAX_CONTACTS 8
#define REGISTRAR_URI_OCTETS   256
#define REGISTRAR_ID_OCTETS    256

struct binding {
	char uri[REGISTRAR_URI_OCTETS]; /* the Contact's */
	struct sip_hop source;		/* where the REGISTER came from */
	struct sip_hop hop; /* where its requests go: by the connection, and through the NAT, that it used */
	char call_id[REGISTRAR_ID_OCTETS];
	uint32_t cseq;
	unsigned q; /* thousandths */
	int64_t since_us, until_us;
};

/* One endpoint's, the best first: by q, then by time. All zero at first. */
struct bindings {
	unsigned count;
	struct binding list[REGISTRAR_MAX_CONTACTS];
};

struct registrar_limits {
	unsigned max_contacts; /* with more the oldest gives way; 1 to REGISTRAR_MAX_CONTACTS */
	unsigned min_s, max_s;
};

/* What becomes of a REGISTER. */
struct registrar_result {
	unsigned status; /* 200, or why not */
	const char *why; /* for the Warning of a refusal; static text, or NULL */
	unsigned added, removed;
	bool moved; /* one of those there were is reached in another way */
};

/*
 * Does what REGISTER says, all or nothing: contacts are added, refreshed or taken away, all of them by "*", or it is
 * only a question. 423: shorter than LIMITS' min_s (RFC 3261 10.3 step 7).
 */
struct registrar_result bindings_update(struct bindings *bs, const struct registrar_limits *limits,
					const osip_message_t *m, const struct sip_hop *source, int64_t now_us);

/* Drops what has lapsed. The number of them. */
unsigned bindings_expire(struct bindings *bs, int64_t now_us);
/* Drops those that were reached by CONNECTION alone. The number of them. */
unsigned bindings_lose(struct bindings *bs, uint32_t connection);

/* When the next lapses; 0: there is none. */
int64_t bindings_next_us(const struct bindings *bs);

/* The Contact headers of a 200: each binding with the seconds that are left. 0 or ENOMEM. */
int bindings_write(const struct bindings *bs, osip_message_t *m, int64_t now_us);

#endif
