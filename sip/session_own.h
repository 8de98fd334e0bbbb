/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session_own: the session's inside, for the session's own files.
 *
 * A session runs two table machines: `fsm`, the call (INVITE to BYE), and `re`, whatever re-INVITE there is while
 * the call is up. What the gateway is to hear is noted while a machine runs and told when it has come to rest
 * (session_tell), so that the gateway's handler may call every function of session.h.
 */
#ifndef SIP_SESSION_OWN_H
#define SIP_SESSION_OWN_H

#include "sip/auth/credentials.h"
#include "sip/auth/auth_server.h"
#include "dialog.h"
#include "gateway/base/fsm.h"
#include "gateway/base/log.h"
#include "sip/message/message.h"
#include "sip/sdp/offer.h"
#include "peer.h"
#include "registrar.h"
#include "registration_own.h"
#include "peer_health_own.h"
#include "session.h"
#include "sip/transport/transport.h"
#include "sip/txn/txn.h"

#define SESSION_REPORTS 4

enum call_state {
	CALL_NEW,
	CALL_CALLING,	  /* our INVITE is out, nothing came back */
	CALL_PROCEEDING,  /* ... and a provisional response came */
	CALL_CANCEL_WAIT, /* to be cancelled as soon as a provisional response comes (RFC 3261 9.1) */
	CALL_CANCELLING,  /* CANCEL is out */
	CALL_INCOMING,	  /* their INVITE waits for the gateway */
	CALL_ANSWERED,	  /* our 2xx waits for the ACK */
	CALL_BYE_WAIT,	  /* closed, but no BYE before the ACK (RFC 3261 15) */
	CALL_UP,
	CALL_BYE_SENT,
	CALL_ENDING, /* over: SESSION_CLOSED comes from the loop */
	CALL_GONE,
	CALL_STATES
};

enum call_event {
	CALL_EV_DIAL,  /* our INVITE goes out */
	CALL_EV_RING,  /* theirs came */
	CALL_EV_AGAIN, /* ... and another, for the first was refused with what would be right */
	CALL_EV_PROVISIONAL,
	CALL_EV_ANSWER,	 /* 2xx with what we need */
	CALL_EV_SPOILT,	 /* 2xx we cannot use: acknowledged, then BYE */
	CALL_EV_FAILURE, /* 300-699, no answer, transport error */
	CALL_EV_CLOSE,	 /* the gateway */
	CALL_EV_CANCEL,	 /* theirs */
	CALL_EV_BYE,	 /* theirs, answered */
	CALL_EV_ACCEPT,
	CALL_EV_ACK,
	CALL_EV_BYE_DONE,
	CALL_EV_HANG_UP, /* this call cannot go on: BYE */
	CALL_EV_TIMEOUT,
	CALL_EV_CLOSE_TIMEOUT,
	CALL_EV_DELIVERED,
	CALL_EVENTS
};

enum re_state {
	RE_IDLE,
	RE_BACKOFF,	/* ours met theirs: waiting by RFC 3261 14.1 */
	RE_CALLING,	/* ours is out */
	RE_PROCEEDING,	/* ... and a provisional response came */
	RE_CANCEL_WAIT, /* ... and is to be cancelled when one comes */
	RE_CANCELLING,
	RE_THEIRS,     /* theirs waits for the gateway */
	RE_THEIRS_ACK, /* our 2xx to theirs waits for the ACK */
	RE_OVER,       /* the call is no longer up */
	RE_STATES
};

enum re_event {
	RE_EV_WANTED, /* there is one of ours to send, and the call may be free for it */
	RE_EV_PROVISIONAL,
	RE_EV_ANSWER,
	RE_EV_REFUSED,
	RE_EV_GLARE, /* 491 */
	RE_EV_NO_ANSWER,
	RE_EV_CANCEL,	/* the gateway's */
	RE_EV_OFFER,	/* theirs arrived */
	RE_EV_ANSWERED, /* our 2xx went out */
	RE_EV_DONE,	/* theirs was refused or cancelled */
	RE_EV_ACK,
	RE_EV_TIMEOUT,
	RE_EV_STOP, /* the call ends */
	RE_EVENTS
};

extern const struct fsm_def call_fsm, re_fsm;

/* The machines' timeouts (session_fsm.c has the values and says why). */
enum session_timeout {
	SESSION_T_CALLING,
	SESSION_T_PROCEEDING,
	SESSION_T_INCOMING,
	SESSION_T_ACK,
	SESSION_T_ACK_CLOSING,
	SESSION_T_UP,
	SESSION_T_CLOSING,
	SESSION_T_RE_BACKOFF, /* set anew each time */
	SESSION_T_RE_PROCEEDING,
	SESSION_T_RE_CANCEL,
	SESSION_T_RE_THEIRS,
	SESSION_TIMEOUTS
};
extern const uint32_t session_timeouts_ms[SESSION_TIMEOUTS];

/* What is agreed, and what is being negotiated. */
struct session_media {
	struct sdp local, remote; /* agreed; valid with has_agreed */
	struct media_desc agreed; /* what we send by */
	bool has_agreed;
	struct sdp ours, theirs;     /* in negotiation: one offers, the other answers */
	struct media_desc result;    /* what an answer would make us send by */
	bool our_offer, their_offer; /* an offer of that side waits for its answer */
	bool early;		     /* .result is from a provisional response */
	struct sdp sent;	     /* what we sent last: o='s version changes with it */
	unsigned version;
	char session_id[24];
};

/* A 2xx that is sent again and again until its ACK comes (RFC 3261 13.3.1.4). */
struct session_answer {
	char *text;
	size_t len;
	struct sip_hop to;
	uint32_t cseq;
	bool sent; /* there was one, of .cseq: 0 is a number too */
	uint32_t interval_ms;
	struct timer timer;
};

/* RFC 4028; session_timer.c. */
struct session_timer {
	struct session_timer_terms {
		unsigned expires_s; /* 0: none */
		bool ours;	    /* we refresh */
		bool knows;	    /* the peer supports it */
	} terms, offered;	    /* agreed; of their request, until our 2xx has gone out */
	unsigned min_s;		    /* the peer's Min-SE by its 422; 0: none */
	struct timer refresh, expiry;
};

#define SESSION_PRACK_FORKS    8
#define SESSION_PRACKS_WAITING 4

/* RFC 3262; session_prack.c. */
struct session_prack {
	/* Ours. */
	bool reliable; /* ours have to be */
	char *text;    /* the one that is out, until its PRACK comes */
	size_t len;
	uint32_t rseq; /* its number; 0: there was none yet */
	bool acknowledged;
	bool sdp_out;  /* it has SDP */
	bool sdp_sent; /* one of them had */
	uint32_t interval_ms, elapsed_ms;
	struct timer timer;
	struct session_prack_waiting {
		unsigned status;
		bool sdp;
	} waiting[SESSION_PRACKS_WAITING];
	unsigned nwaiting;
	bool accept_waits;	 /* the gateway has answered, the 200 waits for a PRACK */
	bool tell;		 /* what is agreed was not known when it did */
	struct media_desc local; /* what their next offer is answered by */
	/* Theirs, by early dialog. */
	struct session_prack_fork {
		char tag[64];
		uint32_t rseq;
	} forks[SESSION_PRACK_FORKS];
	unsigned nforks;
	struct txn *txn;		 /* of our last PRACK */
	uint32_t their_rseq, their_cseq; /* what it says */
};

struct sip_session {
	struct sip_stack *stack;
	struct sip_session *next, *prev;
	struct fsm fsm, re;
	uint32_t timeouts_ms[SESSION_TIMEOUTS];
	char prefix[48];
	void *arg;
	unsigned peer;
	bool outgoing;
	bool given_up;
	struct dialog dialog;
	char invite_branch[128]; /* incoming: of the INVITE; of a re-INVITE while that is unanswered */
	uint32_t invite_cseq;	 /* of it too; both hold once they have sent one */
	bool invited;
	struct txn *invite;   /* the INVITE's transaction, ours or theirs */
	struct txn *reinvite; /* the re-INVITE's */
	struct txn *bye;
	struct txn *update;    /* ours, a refresh */
	bool theirs_is_update; /* their offer came in an UPDATE: its 2xx wants no ACK */
	bool peer_updates;     /* the peer has UPDATE in its Allow */
	struct session_media media;
	struct session_answer answer;
	struct session_prack prack;
	char *ack; /* our last ACK, for a 2xx that comes again */
	size_t ack_len;
	struct sip_hop ack_to;
	uint32_t ack_cseq;
	/* Our re-INVITE: wanted until it is settled. */
	bool wanted;
	bool restore;	/* the stack's own wish: to offer what is agreed once more; nobody hears of it */
	bool restoring; /* ... and that is the one under way */
	struct media_desc wanted_media;
	uint32_t late_cseq; /* of one that was given up and may yet be accepted */
	unsigned re_status; /* why it was refused */
	bool offerless;	    /* their (re-)INVITE had no offer: ours is in our 2xx */
	struct session_timer timer;
	struct credentials auth; /* session_auth.c */
	unsigned re_wait_ms;	 /* so long until our re-INVITE goes out again; 0: as after 491 */
	unsigned re_later;	 /* how often the peer has put it off */
	char *extra;		 /* headers of our INVITE, should it be sent again */
	char *proof;		 /* the credentials of our last (re-)INVITE, as they stood; NULL: none */
	/* The end. */
	struct timer close_timer, deliver;
	bool closing;
	unsigned status, cause; /* for SESSION_CLOSED */
	unsigned retry_after_s;
	unsigned close_status, close_cause; /* for our last message: refusal, CANCEL or BYE */
	bool remote;
	char text[SIP_TEXT_OCTETS];
	struct session_event reports[SESSION_REPORTS];
	unsigned nreports;
	bool telling;
};

struct sip_stack {
	struct loop *loop;
	struct transports *transports;
	struct txns *txns;
	struct peers peers;
	struct peer_health *health; /* of each */
	struct auth_server auth;
	struct registration *registrations;  /* of each */
	struct bindings *bindings;	     /* of each that is an endpoint; NULL: none is */
	struct timer lapse;		     /* the next of them */
	struct message_ua ua[ADDR_FAMILIES]; /* ua->host[0] is 0: we are not there */
	session_event_h *handler;
	void *arg;
	struct sip_session *first;
	unsigned nsessions;
	unsigned ngiven_up; /* of them */
	bool draining;
	bool no_media[ADDR_FAMILIES];
	int stray_from; /* the peer the message in hand is from; -1: none */
	struct log_limit bad, streams;
	struct sip_stack_stats stats;
};

/* stack.c */
/* How we name ourselves to HOP: as its address family reaches us. */
const struct message_ua *stack_ua(const struct sip_stack *k, const struct sip_hop *hop);
/* True if HOST (of IPv6 without brackets) is a name of ours. */
bool stack_is_host(const struct sip_stack *k, const char *host);
static inline const struct message_ua *session_ua(const struct sip_session *s)
{
	return stack_ua(s->stack, &s->dialog.next_hop);
}

/* session.c */
struct sip_session *session_alloc(struct sip_stack *k, bool outgoing, unsigned peer);
void session_free(struct sip_session *s);
/* Notes an event for the gateway; session_tell() tells it once the machines rest. */
struct session_event *session_report(struct sip_session *s, enum session_event_type type);
void session_tell(struct sip_session *s);
void session_step(struct sip_session *s, enum call_event e);
void session_re_step(struct sip_session *s, enum re_event e, const void *data);
/* Notes what SESSION_CLOSED will say; the first to know wins. */
void session_end_with(struct sip_session *s, unsigned status, unsigned cause, bool remote, const char *text);
void session_timed_out(void *owner, const void *data);

/* session_media.c: a message's SDP against what is agreed. */
/* Why an offer is refused in which no media is of an address family that we have; 301 in a Warning. */
#define MEDIA_NO_FAMILY "no media over "
/* Reads the SDP of M, if any (*PRESENTP). 0, or the status that refuses it, with the reason in WHY. */
unsigned media_read(const struct sip_session *s, const osip_message_t *m, struct sdp *sdpp, bool *presentp, char *why,
		    size_t room);
void media_offer(struct session_media *md, const struct media_desc *local); /* .ours becomes our offer */
int media_answer(struct session_media *md, const struct media_desc *local,
		 struct media_desc *agreedp); /* 0 or ENOTSUP */
/* Their OFFER in place of what an earlier one of this INVITE has brought about, answered by LOCAL in .ours; .result is
 * what we send by. 0, or ENOTSUP: all is as it was. */
int media_move(struct session_media *md, const struct sdp *offer, const struct media_desc *local);
const char *media_result(struct session_media *md, const struct sdp *answer); /* NULL or what is wrong; agrees */
void media_settle(struct session_media *md, const struct media_desc *agreed); /* .ours and .theirs are agreed now */
void media_forget(struct session_media *md);				      /* the negotiation failed: as before */
bool media_is_refresh(const struct session_media *md, const struct sdp *offer);
bool media_same_kind(const struct media_desc *a, const struct media_desc *b);

/* session_out.c */
int session_send_ack(struct sip_session *s, const osip_message_t *response);
void session_send_cancel(void *owner, const void *data);
void session_leave_invite(void *owner, const void *data);
int session_send_invite(struct sip_session *s, const char *extra, struct txn **tp, txn_h *handler);

/* True if the request that M refuses may be sent again: with credentials (401, 407), with a longer session (422). */
bool session_may_repeat(struct sip_session *s, const osip_message_t *m);

/* session_in.c */
void session_incoming(struct sip_stack *k, struct txn *t, const struct sip_hop *source, unsigned peer);
void session_ack_received(struct sip_session *s, const osip_message_t *ack);
void session_in_accept(void *owner, const void *data);
void session_in_terminated(void *owner, const void *data);
void session_in_refuse(void *owner, const void *data);
void session_ack_missing(void *owner, const void *data);

/* Their (re-)INVITE that CANCEL or INVITE M is about, judged by its branch, or by its CSeq alone; NULL: none. */
struct sip_session *session_of_invite(struct sip_stack *k, const osip_message_t *m, bool by_branch);
void session_note_invite(struct sip_session *s, const osip_message_t *invite);

/* session_answer.c: responses of a session, and its 2xx until the ACK. */
void session_respond(struct sip_session *s, struct txn *t, unsigned status, const struct sdp *sdp, const char *warning);
int session_build(struct sip_session *s, const struct txn *t, unsigned status, const struct sdp *sdp,
		  osip_message_t **mp);
void session_refuse(struct sip_session *s, struct txn **tp, unsigned status, const char *warning); /* and forgets *TP */
int session_answer_send(struct sip_session *s, struct txn *t, const struct sdp *sdp);
void session_answer_stop(struct sip_session *s);
void session_answer_again(void *arg);

/* session_auth.c */
/* A 401 or 407: true if the request may be sent again. Why not is logged. */
bool session_auth_take(struct sip_session *s, const osip_message_t *response);
/* The credentials of a request within the dialog, if any were asked for. */
void session_auth_add(struct sip_session *s, const char *method, struct message_text *t);
void session_auth_accepted(struct sip_session *s);

/* session_timer.c: RFC 4028. */
void session_timer_init(struct sip_session *s);
/* The headers of our (re-)INVITE. */
void session_timer_ask(struct sip_session *s, struct message_text *t);
/* A 422 to it: true if it may be sent again, with the Min-SE that the peer wants. */
bool session_timer_raise(struct sip_session *s, const osip_message_t *response);
/* The 2xx to it: what is agreed; the timer starts. */
void session_timer_result(struct sip_session *s, const osip_message_t *response);
/* Their (re-)INVITE: notes what our 2xx will say. 0, or 422. */
unsigned session_timer_take(struct sip_session *s, const osip_message_t *request);
int session_timer_answer(struct sip_session *s, osip_message_t *m); /* headers of our 2xx; 0 or ENOMEM */
int session_timer_refuse(struct sip_session *s, osip_message_t *m); /* of our 422 */
void session_timer_agree(struct sip_session *s);		    /* our 2xx has gone out: as it says, from now on */
void session_timer_stop(struct sip_session *s);

/* session_prack.c: reliable provisional responses (RFC 3262). */
void session_prack_init(struct sip_session *s);
void session_prack_fini(struct sip_session *s);
/* Their INVITE: whether our responses have to be reliable. 0, or 421. */
unsigned session_prack_incoming(struct sip_session *s, const osip_message_t *invite);
/* session_progress(), reliably. */
int session_prack_progress(struct sip_session *s, unsigned status, const struct media_desc *media,
			   struct media_desc *agreedp);
/* True while our 200 has to wait for a PRACK. */
bool session_prack_must_wait(const struct sip_session *s);
/* True if offer and answer have gone through in a reliable response, so that either side may come with another
 * offer. */
bool session_prack_is_settled(const struct sip_session *s);
void session_prack_stop(struct sip_session *s); /* there is a final response */
void session_pracked(struct sip_session *s, struct txn *t);
/* The headers of our INVITE, with all that we support. */
void session_prack_ask(struct sip_session *s, struct message_text *t);
/* False: a provisional response that is not to be heard, for it is out of order. */
bool session_prack_is_due(struct sip_session *s, const osip_message_t *response);
/* Acknowledges it in its dialog, if it is a reliable one. */
void session_prack_send(struct sip_session *s, const osip_message_t *response);

/* session_bye.c */
void session_send_bye(void *owner, const void *data);
void session_bye_received(struct sip_session *s, struct txn *t);
void session_cancel_received(struct sip_session *s, const osip_message_t *cancel);
void session_stray(struct sip_stack *k, const osip_message_t *response);

/* session_re.c: our re-INVITE. */
void session_re_wanted(void *owner);
void session_re_send(void *owner, const void *data);
void session_re_backoff(void *owner, const void *data);
void session_re_answered(void *owner, const void *data);
void session_re_refused(void *owner, const void *data);
void session_re_expired(void *owner, const void *data);
void session_re_send_cancel(void *owner, const void *data);
void session_re_stop(void *owner, const void *data);
void session_re_restore(struct sip_session *s);

/* session_re_in.c: theirs. */
void session_reinvited(struct sip_session *s, struct txn *t);
/* An OFFER (NULL: none) within the call, in a re-INVITE or an UPDATE. */
void session_offered(struct sip_session *s, struct txn *t, const struct sdp *offer, bool in_update);

/* session_update.c */
void session_updated(struct sip_session *s, struct txn *t); /* theirs */
void session_update_send(struct sip_session *s);	    /* ours, without an offer; nothing, if one is out */
void session_re_in_late(void *owner, const void *data);
void session_re_in_unacked(void *owner, const void *data);

/* stack_request.c */
/* One final response without a session. HEADER may be NULL. */
void stack_reply(struct sip_stack *k, struct txn *t, unsigned status, const char *header, const char *value);
void stack_request(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source);
/* stack_registrar.c */
int stack_registrar_alloc(struct sip_stack *k); /* 0 or ENOMEM */
void stack_registrar_free(struct sip_stack *k);
/* REGISTER of the endpoint PEER, whose credentials were good. */
void stack_register(struct sip_stack *k, struct txn *t, const struct sip_hop *source, unsigned peer);
int stack_endpoint_of_user(const struct sip_stack *k, const char *user);	/* its index, or -1 */
int stack_endpoint_of_host(const struct sip_stack *k, const struct addr *host); /* one that is registered from there */
/* The URI by which the endpoint PEER is reached at HOP; NULL: it is not. */
const char *stack_contact(const struct sip_stack *k, unsigned peer, const struct sip_hop *hop);
void stack_registrar_lost(struct sip_stack *k, uint32_t connection);
/* stack_admit.c */
/* Whether a request outside all calls may come in: *PEERP is the peer its SOURCE belongs to, or -1; then whose it is.
 * False: it is answered, and EVENT is freed. */
bool stack_admit(struct sip_stack *k, osip_event_t *event, const struct sip_hop *source, int *peerp);
/* stack_stream.c: connections; the first three are streams_handlers. */
struct stream_terms stack_stream_terms(const struct addr *remote, void *arg);
void stack_stream_bad(const char *text, size_t len, const struct sip_hop *from, const char *why, void *arg);
void stack_refused(const struct addr *to, const char *text, size_t len, const char *why, void *arg);
void stack_stream_lost(const struct stream_loss *l, void *arg);
/* A peer's request that says its connection is for our requests too. */
void stack_stream_alias(struct sip_stack *k, const osip_message_t *request, const struct sip_hop *source);

/* stack_bad.c: what cannot be parsed. */
void stack_bad(struct sip_stack *k, const char *text, size_t len, const struct sip_hop *source, const char *why);
#endif
