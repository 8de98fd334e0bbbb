/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * leg_sip: the half of a call that is on SIP: its state machine, between a SIP session and the other half (leg_pstn, in
 * a span's thread). It belongs to the SIP thread.
 */
#ifndef GATEWAY_LEG_SIP_H
#define GATEWAY_LEG_SIP_H

#include "conf/config.h"
#include "gateway/base/fsm.h"
#include "gateway/call/msg.h"
#include "gateway/route/failover.h"
#include "gateway/route/route.h"
#include "gateway/sipside/peer_targets.h"
#include "sip/session.h"

struct sipside;

enum leg_sip_state {
	SIP_IDLE,
	SIP_INVITED, /* to the peer: INVITE sent */
	SIP_RINGING, /* to the peer: it rings */
	SIP_OFFERED, /* from the peer: a span is asked */
	SIP_ALERTED, /* from the peer: 180 or 183 sent */
	SIP_UP,
	SIP_CLOSING, /* until the session is gone and the line side has released */
	SIP_GONE,
};

enum leg_sip_event {
	SIP_E_INVITE,	/* a call from the line */
	SIP_E_INCOMING, /* a call from the peer */
	SIP_E_PROGRESS,
	SIP_E_ANSWERED,
	SIP_E_CONFIRMED,
	SIP_E_REOFFER,
	SIP_E_REANSWERED,
	SIP_E_REREFUSED,
	SIP_E_CLOSED,
	SIP_E_LINE_PROCEEDING,
	SIP_E_LINE_ALERTING,
	SIP_E_LINE_PROGRESS,
	SIP_E_LINE_ANSWER,
	SIP_E_LINE_ASKS_T38,
	SIP_E_LINE_CANCELS_T38,
	SIP_E_LINE_RELEASE,
	SIP_E_NEXT_TARGET, /* a server of the peer does not respond, or failed: the next is asked */
	SIP_E_NEXT_PEER,   /* the peer that was asked does not respond, or failed: the next is */
	SIP_E_NEXT_SPAN,   /* the span that was asked has no channel: the next is */
	SIP_E_DROP,
	SIP_E_TIMEOUT,
	SIP_E_DONE,
};

enum leg_sip_timeout { LEG_SIP_OFFERED, LEG_SIP_RINGING, LEG_SIP_CALL, LEG_SIP_CLOSING, LEG_SIP_TIMEOUTS };

struct leg_sip {
	struct sipside *side;
	struct call_id id;
	char prefix[48]; /* "call 1-42" */
	struct fsm fsm;
	uint32_t timeouts_ms[LEG_SIP_TIMEOUTS];
	struct sip_session *session; /* NULL: none, or gone */
	unsigned span;		     /* index: the span the call is on, or was last asked */
	unsigned peer;		     /* index */
	bool from_line;
	bool line_half;			   /* the span has a half of the call, or may have, and has not released it */
	bool span_knows;		   /* the span asked last was told of the call: it must hear our release */
	bool line_proceeded;		   /* a span took the call: it writes the record */
	bool release_due;		   /* the span must yet be told MSG_RELEASE */
	bool released;			   /* it has been told */
	bool told_progress, told_alerting; /* it has been told that the peer is at it, that it rings */
	unsigned told_early;		   /* so often it was told where there is something to hear; the last: EARLY */
	struct media_audio early;
	int64_t begin_us;
	bool asked_t38;		   /* our re-INVITE is for T.38 */
	struct failover failover;  /* from the line: the peers to try */
	struct peer_course course; /* from the line: the servers of the peer that is tried */
	struct timer unheard;	   /* the peer must respond until then */
	unsigned rule;		   /* index: by which it goes; ROUTE_NONE */
	unsigned timeslot;	   /* from the line */
	bool heard;		   /* it has said 100, and must say more until then */
	struct route_result route; /* from SIP: the spans to ask, and what they are to hear of the parties */
	unsigned route_at;
	struct isdn_parties parties; /* as they came to us */
	bool is_fax;		     /* from SIP: the caller says so */
	struct media_desc offered;   /* from SIP: what the peer offered */
	struct msg_ports ports;	     /* the span's media addresses */
	enum addr_family family;     /* of its media */
	/* why it ended */
	bool ended, ended_by_peer, peer_failed;
	unsigned cause, sip_status;
	char why[MSG_TEXT_OCTETS];
};

extern const struct fsm_def leg_sip_fsm;

/* MSG_SETUP from a span: call the peer. 0 or ENOMEM. */
int leg_sip_invite(struct sipside *s, const struct msg *m);
/* A new session from a peer. 0 or ENOMEM. */
int leg_sip_incoming(struct sipside *s, struct sip_session *session, const struct session_event *e);

void leg_sip_session_event(struct leg_sip *l, const struct session_event *e);
void leg_sip_message(struct leg_sip *l, const struct msg *m);
void leg_sip_drop(struct leg_sip *l, unsigned cause, const char *why);
/* The same, for the peer has failed. */
void leg_sip_drop_for_peer(struct leg_sip *l, unsigned cause, const char *why);
void leg_sip_retry(struct leg_sip *l);
bool leg_sip_is_gone(const struct leg_sip *l);
void leg_sip_free(struct leg_sip *l);

#endif
