/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * message: building and reading SIP messages (RFC 3261 sections 7, 8 and 20) on top of osip's parser.
 *
 * Requests are written as text and parsed, responses are made from the request they answer. osip's parser must
 * have been set up before (txns_alloc() does it).
 */
#ifndef SIP_MESSAGE_H
#define SIP_MESSAGE_H

#include <osipparser2/osip_parser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/isdn.h"
#include "sip/transport/hop.h"
#include "sip/sdp/sdp.h"

#define MESSAGE_OCTETS	     16384 /* the longest request we write */
#define MESSAGE_TOKEN_OCTETS 33	   /* a random token and its NUL */
#define MESSAGE_HOST_OCTETS  128
#define MESSAGE_ITEMS	     1000 /* lines, and what commas, semicolons and & part, of one header: a long one has 200 */
#define MESSAGE_ALLOW	     "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, PRACK"

/* How we name ourselves. */
struct message_ua {
	char host[MESSAGE_HOST_OCTETS]; /* as in a URI, IPv6 in brackets */
	/* By transport; "": we are not there. */
	char sent_by[SIP_TRANSPORTS][MESSAGE_HOST_OCTETS + 8];	/* host:port */
	char contact[SIP_TRANSPORTS][MESSAGE_HOST_OCTETS + 64]; /* <sip:...;transport=...> */
	char secure[MESSAGE_HOST_OCTETS + 32];			/* <sips:...> */
	char user_agent[64];
};

/* HOST NULL: LOCAL's own. 0 or EINVAL (too long, or with characters no host has). */
int message_ua_init(struct message_ua *ua, const char *host, const struct addr *local, const char *user_agent);
/* We are also at LOCAL's port by TRANSPORT; UDP's is known from the beginning. */
void message_ua_add(struct message_ua *ua, enum sip_transport transport, const struct addr *local);
/* Our Contact to those we talk to by TRANSPORT; SECURE: in a dialog of sips: URIs (RFC 3261 12.1.1, 12.2.1.1). */
const char *message_contact(const struct message_ua *ua, enum sip_transport transport, bool secure);
/* What REQUEST came by, as its top Via has it. */
enum sip_transport message_transport(const osip_message_t *request);

/* Bounded text; too much sets .bad and is left out. */
struct message_text {
	size_t len;
	bool bad;
	char s[MESSAGE_OCTETS];
};

void message_add(struct message_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The user part of a URI, escaped as RFC 3261 section 25.1 wants it. */
void message_add_user(struct message_text *t, const char *user);
/* A display name with its quotes; control characters are left out. */
void message_add_quoted(struct message_text *t, const char *text);
/* "Reason: Q.850;..." (RFC 3326) with its line end; nothing for CAUSE 0. */
void message_add_reason(struct message_text *t, unsigned cause);
/* Ends the header: Content-Type and body, if SDP is given, and Content-Length. */
void message_add_body(struct message_text *t, const struct sdp *sdp);
/* Reads what was written; adds Allow to an INVITE. 0, EMSGSIZE, ENOMEM, EINVAL. */
int message_finish(const struct message_text *t, osip_message_t **mp);

/* A random token of lower-case hexadecimal digits (122 bits and more). */
void message_new_token(char *buf, size_t octets);

/* A response to REQUEST with To's tag (NULL: none), Record-Route, Contact, Allow and Server where they belong. 0
 * or ENOMEM. */
int message_response(const struct message_ua *ua, const osip_message_t *request, unsigned status, const char *to_tag,
		     osip_message_t **mp);
int message_set_sdp(osip_message_t *m, const struct sdp *sdp); /* 0, ENOMEM, EMSGSIZE */
int message_set_header(osip_message_t *m, const char *name, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int message_set_reason(osip_message_t *m, unsigned cause);
/* A Warning header (RFC 3261 20.43), for people at the other end. */
int message_set_warning(osip_message_t *m, const struct message_ua *ua, unsigned code, const char *text);
/* The CANCEL of an INVITE we sent (RFC 3261 9.1). */
int message_cancel(const struct message_ua *ua, const osip_message_t *invite, unsigned cause, osip_message_t **mp);

/* *TEXTP is to be freed with osip_free(). 0 or ENOMEM. */
int message_to_text(osip_message_t *m, char **textp, size_t *lenp);

/* What a request or response must have before anything looks into it (RFC 3261 8.1.1). NULL, or what is missing. */
const char *message_check(const osip_message_t *m);
/* True of a request by RFC 2543: its branch has not the cookie of RFC 3261 8.1.1.7. */
bool message_is_old(const osip_message_t *m);
/* True unless Accept leaves out SDP (RFC 3261 20.1). */
bool message_accepts_sdp(const osip_message_t *m);
/* What osip must not get to see: NULL, or what is wrong. It looks for the end of a list from its beginning, for each item
 * anew: 64 KB of "Supported: a,a,a" would keep it for more than a second. Of two Content-Types in a part of a multipart
 * it loses the memory of the first (osip_body_set_contenttype() of 5.3.0); no more than one may be there (RFC 2045
 * 3). */
const char *message_check_text(const char *text, size_t len);
/* A copy of TEXT, LEN octets and a NUL, for osip's C strings: in its headers a NUL may stand behind a backslash (a
 * quoted-pair, RFC 3261 25.1), and becomes '0'; the body may have any. NULL: a NUL elsewhere, or no memory. */
char *message_without_nuls(const char *text, size_t len);
/* True if a request that cannot be parsed has a Request-URI of a scheme other than those of SIP (RFC 3261 8.2.2.1). */
bool message_has_foreign_scheme(const char *text, size_t len);

/* The reason phrase of STATUS (RFC 3261 21), "Busy Here"; of its class ("Client Error") where the status is not
 * known, "Unknown" where it is not 100 to 699. */
const char *message_phrase(unsigned status);
/* The value of a tag, or "" */
const char *message_from_tag(const osip_message_t *m);
const char *message_to_tag(const osip_message_t *m);
const char *message_branch(const osip_message_t *m); /* of the top Via; "" */
uint32_t message_cseq(const osip_message_t *m);
/* "number@host" into BUF; false if it does not fit. */
bool message_call_id(const osip_message_t *m, char *buf, size_t room);
bool message_is_for(const osip_message_t *m, const char *method); /* CSeq method */
/* The POSth header NAME (long form) that is not one of osip's own; NULL: no more. */
const char *message_header(const osip_message_t *m, const char *name, unsigned pos);
/* The POSth of the items that all headers NAME list, parted by commas, into BUF; "" if it does not fit. False: no more.
 * (osip parts only some of such lists.) */
bool message_item(const osip_message_t *m, const char *name, unsigned pos, char *buf, size_t room);
/* True if OPTION stands in a comma-separated header NAME. */
bool message_has_option(const osip_message_t *m, const char *name, const char *option);
/* True if METHOD is in an Allow header of M; NULL: if there is one at all. */
bool message_allows(const osip_message_t *m, const char *method);
/* Lists in BUF the Require options other than those we know; false: none. RELIABLE: 100rel is one of them. */
bool message_unsupported(const osip_message_t *m, bool reliable, char *buf, size_t room);
/* The cause of a "Reason: Q.850;cause=N"; 0: none. */
unsigned message_q850(const osip_message_t *m);
/* The seconds of Retry-After (RFC 3261 20.33), at most a day; 0: none. */
unsigned message_retry_after(const osip_message_t *m);
/* The port of a Via's sent-by, or the transport's own. */
uint16_t message_via_port(const osip_via_t *via, enum sip_transport transport);
/* RFC 3581: where responses to REQUEST go; also marks its Via with received and rport. */
struct sip_hop message_reply_to(osip_message_t *request, const struct sip_hop *source);

enum message_body { MESSAGE_NO_BODY, MESSAGE_SDP, MESSAGE_OTHER_BODY };
/* The SDP in a message, alone or within a multipart. */
enum message_body message_find_sdp(const osip_message_t *m, const char **textp, size_t *lenp);

/* One debug line a message; DIRECTION "rx" or "tx". */
void message_log(const char *direction, const osip_message_t *m, const struct sip_hop *h);

#endif
