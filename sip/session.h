/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session: SIP calls: what the gateway sees of SIP. One stack a process, owned by one thread, on one loop.
 *
 * Beneath it: transport (sockets), txn (osip's transactions and timers), message (building), dialog (tags, route set,
 * CSeq). A session is one INVITE dialog usage, from either side, with its re-INVITEs, CANCEL, BYE and glare (RFC 3261,
 * RFC 3264). A session is valid from its creation until its SESSION_CLOSED event has returned.
 */
#ifndef SIP_SESSION_H
#define SIP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "blacklist.h"
#include "gateway/base/addr_range.h"
#include "gateway/base/isdn.h"
#include "gateway/base/loop.h"
#include "gateway/base/media.h"
#include "gateway/base/net.h"
#include "gateway/base/sip_100rel.h"
#include "gateway/base/sip_called.h"
#include "gateway/base/sip_transport.h"
#include "sip/dns/target.h"
#include "sip/transport/tls.h"

struct sip_stack;
struct sip_session;

#define SIP_USER_OCTETS 64
#define SIP_TEXT_OCTETS 128

/* What can be done with a fax: the feature tag +sip.fax of a Contact (RFC 6913). */
enum sip_fax { SIP_FAX_UNSAID, SIP_FAX_T38, SIP_FAX_PASSTHROUGH };

struct sip_peer_params {
	const char *name; /* as in the configuration; must outlive the stack */
	struct addr addr; /* where requests go, and where they may come from (host compared); unset: see host */
	const char *host; /* its name, in URIs; it is where sip_stack_set_targets() says. NULL: it has an address */
	uint16_t port;	  /* with host: as configured; 0: none */
	const struct addr_range *allow; /* where else they may come from; must outlive the stack */
	unsigned nallow;
	enum sip_transport transport; /* by which requests go; TLS: and must come */
	const char *tls_name;	      /* whom its certificate must be for; NULL: anybody. Must outlive the stack */
	bool tls_trusting;	      /* its certificate is not checked */
	bool trusted; /* within our trust domain (RFC 3325): identities are asserted to it, and believed of it */
	enum sip_called called; /* where its INVITEs have the number that is called */
	/* In From and in the other headers with a caller: our account and its domain; NULL or "": the calling number,
	 * our own host. The same */
	const char *from_user, *from_domain;
	const char *auth_user, *auth_secret;	   /* for its challenges; NULL or "": none. Must outlive the stack */
	const char *inbound_user, *inbound_secret; /* what we ask of its calls; the same */
	/* An endpoint has no address: it registers with inbound_user and inbound_secret, with so many contacts at a
	 * time, each for so long (registrar.h), and calls from anywhere with the same. */
	bool endpoint;
	unsigned max_contacts, min_expires_s, max_expires_s;
	const char *register_user;   /* the number or name that we register there; NULL or "": we do not. The same */
	const char *register_domain; /* of it; NULL or "": the peer's host. The same */
	unsigned register_expires_s; /* how long at a time */
	unsigned session_expires_s;  /* RFC 4028: the interval we ask for; 0: none, but the peer may */
	unsigned min_se_s;	     /* the shortest we take; below 90: 90 */
	enum sip_fax fax;	     /* what our Contact says */
	enum sip_100rel reliable;    /* provisional responses, RFC 3262 */
	/* peer_health.h: how often OPTIONS is sent (0: never), how long a response may take, and how many misses in a
	 * row make it down */
	unsigned options_interval_ms, options_timeout_ms, options_misses;
};

struct sip_stack_params {
	/* One of each address family, or not set; TCP and TLS only where UDP is. */
	struct addr listen[ADDR_FAMILIES], listen_tcp[ADDR_FAMILIES], listen_tls[ADDR_FAMILIES];
	const char *tls_certificate, *tls_key, *tls_ca; /* files */
	enum tls_clients tls_clients;
	unsigned tcp_above; /* octets: longer requests go by TCP to peers of UDP too, if we listen there; 0: never */
	const char *host;   /* our host in Contact and Via; NULL: LISTEN's */
	const char *user_agent;	      /* "Faxspan/1.0" */
	const char *realm;	      /* of our challenges; NULL or "": "faxspan" */
	bool no_sha256, no_md5;	      /* what they do not offer; one of the two at most */
	unsigned dscp;		      /* of SIP's packets */
	bool no_media[ADDR_FAMILIES]; /* we have no media of that address family: 488 to an offer of nothing else */
	const struct sip_peer_params *peers;
	unsigned npeers;
	struct blacklist_params blacklist; /* its .after 0: none is kept */
};

enum session_event_type {
	/* A new call: PEER, CALLED, CALLING, MEDIA (its offer; neither: no offer, ours goes in the 200). Answer with
	 * session_progress() and then session_accept() or session_close(); 100 is already sent. */
	SESSION_INCOMING,
	SESSION_PROGRESS,  /* our call: STATUS 180 or 183 ..., MEDIA if it had SDP (has_early) */
	SESSION_ANSWERED,  /* our call: 2xx, already acknowledged; MEDIA is what was agreed */
	SESSION_CONFIRMED, /* their call: our 2xx was acknowledged. MEDIA if the answer came in the ACK */
	/* The peer's re-INVITE offers MEDIA: answer with session_reaccept() or session_rerefuse(), in the handler or
	 * later. A session refresh that repeats what is agreed is answered by the stack itself. */
	SESSION_REOFFER,
	SESSION_REANSWERED, /* our re-INVITE was accepted; MEDIA is what was agreed now (neither: all declined) */
	/* Our re-INVITE was refused with STATUS (408: no answer in time; 491 has been tried again); as before. */
	SESSION_REREFUSED,
	/* The end, from whichever side: STATUS (the final response to an INVITE, 487 for CANCEL; 0: BYE), CAUSE (Q.850
	 * of a Reason header; 0: none), REMOTE: the peer did it. TEXT: in words. The session is gone when the handler
	 * returns. Also follows session_close(), once the last transaction is done or 5 s later. */
	SESSION_CLOSED,
};

/* By whom a call was sent on (RFC 5806). Numbers are user parts; "": withheld, or not known. */
struct session_diversion {
	unsigned count; /* how often; 0: not at all */
	char number[SIP_USER_OCTETS];
	bool restricted;
	enum isdn_redirect reason;
	char original[SIP_USER_OCTETS]; /* with COUNT above 1: who was called first */
	bool original_restricted;
	enum isdn_redirect original_reason;
};

struct session_event {
	enum session_event_type type;
	const char *peer;	       /* SESSION_INCOMING: name of the peer */
	unsigned peer_index;	       /* its index in sip_stack_params.peers */
	char called[SIP_USER_OCTETS];  /* user part of the Request-URI, unescaped, parameters cut */
	char calling[SIP_USER_OCTETS]; /* P-Asserted-Identity's if the peer is trusted, else From's; "" for anonymous */
	char calling_name[ISDN_NAME_OCTETS]; /* display name of the same */
	bool calling_restricted;	     /* anonymous, or Privacy: id */
	bool calling_asserted;		     /* it was P-Asserted-Identity's */
	struct isdn_subaddress called_subaddress, calling_subaddress;
	struct session_diversion diversion;
	struct media_desc media; /* see above */
	bool is_fax; /* SESSION_INCOMING: the caller wants to reach a fax by T.38 (Accept-Contact, RFC 6913) */
	bool has_early;
	unsigned status;
	unsigned cause;
	bool remote;
	unsigned retry_after_s; /* SESSION_CLOSED: what a 503 asked for; 0: nothing */
	const char *text;
};

/* ARG is the session's, set with session_set_arg() (or session_invite()); NULL for SESSION_INCOMING. STACK_ARG is
 * the stack's. */
typedef void(session_event_h)(struct sip_session *s, const struct session_event *e, void *arg, void *stack_arg);

/* Opens the transport on NET, watches it in LOOP. Returns 0 or errno (of bind: the address is in the log). */
int sip_stack_alloc(struct sip_stack **sp, const struct sip_stack_params *p, struct loop *loop, struct net *net,
		    session_event_h *handler, void *stack_arg);
/* Ends everything at once, without events. */
void sip_stack_free(struct sip_stack *s);
/* PEER, which has a host, is at TARGETS from now on; calls in progress stay where they are. */
void sip_stack_set_targets(struct sip_stack *s, unsigned peer, const struct sip_targets *targets);
/* Where PEER is; of an endpoint: where it is registered. */
const struct sip_targets *sip_stack_targets(const struct sip_stack *s, unsigned peer);
/* Refuse new calls with 503 from now on (draining), and take our registrations back. */
void sip_stack_drain(struct sip_stack *s);
/* Whether registrations are still being taken back; it ends by itself within seconds. */
bool sip_stack_is_leaving(const struct sip_stack *s);
unsigned sip_stack_sessions(const struct sip_stack *s);

/* Where an endpoint is registered. */
struct sip_contact {
	char uri[256];
	struct sip_hop hop;
	int64_t until_us;
};
/* Those of PEER, the best first; how many there are, ROOM at most. */
unsigned sip_stack_contacts(const struct sip_stack *s, unsigned peer, struct sip_contact *list, unsigned room);

struct sip_stack_stats {
	uint64_t requests_rx, responses_rx, bad_rx, forbidden_rx, challenges, wrong_credentials, sent, send_errors,
		retransmissions;
};
struct sip_stack_stats sip_stack_stats(const struct sip_stack *s);

/* The sources that are refused (blacklist.h); NULL: no list is kept. */
struct blacklist *sip_stack_blacklist(struct sip_stack *s);

struct session_invite_params {
	unsigned peer;		  /* index in sip_stack_params.peers */
	const struct sip_hop *to; /* one of its targets; NULL: the first of them */
	const char *called;	  /* user part of the Request-URI and To */
	const char *calling;	  /* user part of From; NULL or "": anonymous */
	const char *calling_name; /* display name or NULL */
	bool calling_restricted;  /* From: anonymous, Privacy: id */
	bool calling_asserted;	  /* we vouch for it: a trusted peer gets it as P-Asserted-Identity too */
	struct isdn_subaddress called_subaddress, calling_subaddress;
	struct session_diversion diversion;
	const char *headers;		/* more header lines, each ended by CRLF, or NULL */
	const struct media_desc *offer; /* our media, with our addresses */
	const char *call_ref;		/* our call id for the log, "1-42"; copied */
};

/* Sends an INVITE. 0, ENOMEM, EINVAL, or EHOSTUNREACH: no target of the peer is known. */
int session_invite(struct sip_stack *s, const struct session_invite_params *p, void *arg, struct sip_session **sp);
void session_set_arg(struct sip_session *s, void *arg, const char *call_ref);

/* 180 or 183 to an incoming call; MEDIA (our answer) only with 183, NULL else, but for an INVITE without an offer: our
 * offer, which goes out if the response has to be reliable (RFC 3262); *AGREEDP (may be NULL) is what we send by. 0,
 * EINVAL, ENOTSUP (no common media). */
int session_progress(struct sip_session *s, unsigned status, const struct media_desc *media,
		     struct media_desc *agreedp);
/* 200 with MEDIA: what we take of the offer (or our offer, if there was none); *AGREEDP is what we send by. 0,
 * EINVAL, ENOTSUP (488 has been sent, SESSION_CLOSED follows). */
int session_accept(struct sip_session *s, const struct media_desc *media, struct media_desc *agreedp);

/* Offers MEDIA in a re-INVITE; waits with it until the dialog is free (an ACK outstanding, their transaction
 * running). After 491 it is tried again by RFC 3261 14.1. EBUSY when one of ours is running. */
int session_reinvite(struct sip_session *s, const struct media_desc *media);
/* Gives up a running re-INVITE: what waits is forgotten, what is out is cancelled. SESSION_REREFUSED with 408
 * follows, unless a 2xx wins the race (SESSION_REANSWERED). Nothing happens when none of ours is running. */
void session_reinvite_cancel(struct sip_session *s);
int session_reaccept(struct sip_session *s, const struct media_desc *media, struct media_desc *agreedp);
/* WARNING: why, in words for the peer; NULL: none. */
int session_rerefuse(struct sip_session *s, unsigned status, const char *warning);

/* Ends the session in whatever state it is: STATUS to an unanswered incoming call, CANCEL or BYE else, each with
 * "Reason: Q.850;cause=CAUSE" (CAUSE 0: without). SESSION_CLOSED follows, never from within this call. */
void session_close(struct sip_session *s, unsigned status, unsigned cause);

/* True as long as our INVITE has had no response at all, not even 100. */
bool session_is_unheard(const struct sip_session *s);
/*
 * Ends an INVITE of ours that is tried elsewhere: no event follows and its ARG is forgotten. It stays for as long as
 * the peer may still answer (64 T1): a late 2xx gets its ACK and BYE (RFC 3261 13.2.2.4). It does not count in
 * sip_stack_sessions().
 */
void session_give_up(struct sip_session *s, unsigned cause);

const char *session_call_id(const struct sip_session *s); /* the SIP Call-ID */

#endif
