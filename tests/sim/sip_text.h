/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_text: SIP messages as plain text (RFC 3261), read with as little as a test's peer needs and nothing of sip/ or
 * osip.
 */
#ifndef SIM_SIP_TEXT_H
#define SIM_SIP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define SIP_TEXT_MAX_OCTETS 8192
#define SIP_TEXT_MAX_HEADERS 64

struct sip_text {
	char buf[SIP_TEXT_MAX_OCTETS + 1];
	bool request;
	const char *method, *uri; /* of a request */
	unsigned status;	  /* of a response */
	const char *reason;
	unsigned nheaders;
	struct {
		const char *name, *value;
	} headers[SIP_TEXT_MAX_HEADERS];
	const char *body; /* "" if none; a NUL follows */
	const char *copy; /* whoever received it may leave the message as it came here */
	size_t copy_len;
};

/* Reads LEN octets. False if it is not SIP 2.0, too long or has too many headers. */
bool sip_text_read(struct sip_text *t, const void *p, size_t len);

/* The first header of this (long) name, or its compact form; "" if there is none. */
const char *sip_text_header(const struct sip_text *t, const char *name);
bool sip_text_is(const char *name, const char *long_name); /* "v" is "Via" */

/* CSeq's number, and its method in METHOD (32 octets). */
unsigned sip_text_cseq(const struct sip_text *t, char *method);

/* The value of parameter NAME outside <> in VALUE ("" if bare). False if it has none. */
bool sip_text_param(const char *value, const char *name, char *out, size_t room);

/* The URI of a From, To or Contact, without < >. */
void sip_text_uri(const char *value, char *out, size_t room);
/* The user part of a URI. */
void sip_text_user(const char *uri, char *out, size_t room);

#endif
