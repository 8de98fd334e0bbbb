/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dialog: what makes two parties' messages one conversation (RFC 3261 section 12): Call-ID, tags, CSeq numbers,
 * route set, remote target.
 */
#ifndef SIP_DIALOG_H
#define SIP_DIALOG_H

#include <osipparser2/osip_parser.h>
#include <stdbool.h>
#include <stdint.h>

#include "sip/transport/hop.h"
#include "sip/message/message.h"

#define DIALOG_ROUTES	      16
#define DIALOG_CALL_ID_OCTETS 256

struct dialog {
	char call_id[DIALOG_CALL_ID_OCTETS];
	char local_tag[MESSAGE_TOKEN_OCTETS];
	char *remote_tag;		   /* "" until known */
	char *local, *remote;		   /* the From and To of our requests, with tags */
	char *target;			   /* URI */
	char *first_remote, *first_target; /* as our INVITE had them; NULL: as they are */
	char *routes[DIALOG_ROUTES];	   /* name-addr, nearest first */
	unsigned nroutes;
	char *strict; /* the first route's URI when that is a strict router (RFC 3261 12.2.1.1), else NULL */
	uint32_t local_cseq, remote_cseq;
	bool remote_seen; /* remote_cseq is set */
	bool nat;	  /* what their Contact says of another host than PEER's is not believed: it is behind a NAT */
	struct sip_hop peer; /* where requests go when neither route nor target is a numeric address */
	struct sip_hop next_hop;
	const char *contact_params; /* behind our Contact; NULL: none. Static */
};

/* A dialog to be, for our INVITE. LOCAL and REMOTE are name-addrs without tags; makes Call-ID and tag. 0 or ENOMEM. */
int dialog_init_uac(struct dialog *d, const char *local, const char *remote, const char *target,
		    const struct sip_hop *peer);
/* The dialog their INVITE opens; makes our tag. 0, ENOMEM, or EINVAL (no Contact, too many routes, too long). */
int dialog_init_uas(struct dialog *d, const osip_message_t *invite, const struct sip_hop *source);
void dialog_fini(struct dialog *d);

/* Takes over what a response to our INVITE establishes: remote tag, route set (from a 101-299 with a To tag),
 * target. 0, ENOMEM, EINVAL. */
int dialog_establish(struct dialog *d, const osip_message_t *response);
/* Our INVITE is refused, and with it all that was established is gone: it may begin anew. */
void dialog_restart(struct dialog *d);
/* Target refresh (RFC 3261 12.2.1.2, 12.2.2): a re-INVITE's or its 2xx's Contact. 0 or ENOMEM; without Contact
 * nothing changes. */
int dialog_refresh(struct dialog *d, const osip_message_t *m);

/* The dialog our INVITE's 2xx opens, made from nothing but the response: for one that nobody waits for. */
int dialog_init_stray(struct dialog *d, const osip_message_t *response, const struct sip_hop *peer);

bool dialog_has_request(const struct dialog *d, const osip_message_t *request); /* the request is within it */
/* It is for the dialog that a 2xx of its sender makes of ours, which is not here yet: Call-ID and our tag fit. */
bool dialog_is_awaited_by(const struct dialog *d, const osip_message_t *request);
bool dialog_has_response(const struct dialog *d, const osip_message_t *response); /* Call-ID and our tag fit */

/* False if the request's CSeq is not above the last one's (RFC 3261 12.2.2); notes it else. */
bool dialog_take_cseq(struct dialog *d, const osip_message_t *request);

/* Begins a request in T: request line to Contact. CSEQ 0: the next of ours. CONTACT false: without (ACK, BYE). */
void dialog_add_request(struct dialog *d, struct message_text *t, const struct message_ua *ua, const char *method,
			uint32_t cseq, bool contact);

#endif
