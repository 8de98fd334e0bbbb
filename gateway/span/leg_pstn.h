/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * leg_pstn: the half of a call that is on the line: its state machine, between the D channel, the bearer and the other
 * half (leg_sip, in the SIP thread). It belongs to a span's thread, and it writes the call's record.
 */
#ifndef GATEWAY_LEG_PSTN_H
#define GATEWAY_LEG_PSTN_H

#include "conf/config.h"
#include "dahdi/pri_link.h"
#include "gateway/base/fsm.h"
#include "gateway/bearer/bearer.h"
#include "gateway/call/msg.h"
#include "gateway/cdr/cdr.h"
#include "gateway/route/route.h"

struct span;

enum leg_pstn_state {
	PSTN_IDLE,
	PSTN_COLLECTING,    /* from the line: SETUP ACKNOWLEDGE sent, the called number is not whole */
	PSTN_OFFERED,	    /* from the line: PROCEEDING sent, the SIP side is asked */
	PSTN_SIP_PROGRESS,  /* ... which is at it, but has not said that it rings */
	PSTN_ALERTING,	    /* from the line: the SIP side rings, ALERTING sent */
	PSTN_DIALED,	    /* to the line: SETUP sent */
	PSTN_LINE_PROGRESS, /* to the line: PROGRESS came, but it has not said that it rings */
	PSTN_RINGING,	    /* to the line: it rings */
	PSTN_UP,
	PSTN_CLEARING, /* until both the D channel and the SIP side are done with the call */
	PSTN_GONE,
};

enum leg_pstn_event {
	PSTN_E_SETUP,	/* a SETUP came and is taken; its number is whole */
	PSTN_E_COLLECT, /* a SETUP came, and more of its number may come */
	PSTN_E_DIGITS,
	PSTN_E_DIAL, /* the SIP side wants a call out */
	PSTN_E_PROCEEDING,
	PSTN_E_ALERTING,
	PSTN_E_PROGRESS,
	PSTN_E_CONNECTED,
	PSTN_E_CLEARING,  /* the line clears */
	PSTN_E_PRI_GONE,  /* libpri is done with the call */
	PSTN_E_COLLISION, /* our SETUP met another on its channel (cause 44) */
	PSTN_E_SIP_ALERTING,
	PSTN_E_SIP_PROGRESS,
	PSTN_E_SIP_ANSWER,
	PSTN_E_SIP_MEDIA,
	PSTN_E_SIP_REFUSED,
	PSTN_E_SIP_RELEASE,
	PSTN_E_DROP, /* the gateway clears */
	PSTN_E_TIMEOUT,
	PSTN_E_DONE, /* both sides are done */
};

struct leg_pstn {
	struct span *span;
	struct call_id id;
	char prefix[64]; /* "span 1 ch 7 call 1-42" */
	struct fsm fsm;
	struct fax_params fax; /* of the bearer: as span and peer have it */
	struct bearer bearer;
	struct pri_call *pri; /* NULL: none yet, or gone */
	unsigned timeslot;    /* 0: none */
	bool responded;	      /* to the line: it has answered our SETUP with some message */
	uint32_t collided;    /* timeslots that gave cause 44 */
	unsigned tries;
	struct isdn_parties parties;
	unsigned peer;		   /* index */
	struct route_result route; /* from the line: where it goes */
	bool from_line;
	bool sip_half;	  /* the SIP side knows of the call and has not released it */
	bool sip_heard;	  /* it was told more than that the call proceeds */
	bool another;	  /* it asks another span, if this one has no channel: then the record is not ours */
	bool release_due; /* it must yet be told MSG_RELEASE */
	struct cdr cdr;
};

extern const struct fsm_def leg_pstn_fsm;

/* A SETUP came from the line on TIMESLOT, which the caller has taken in the channel map. The call goes by ROUTE; NULL:
 * not before the rest of its number has come. 0 or ENOMEM. */
int leg_pstn_offer(struct span *s, const struct pri_event_data *e, unsigned timeslot, const struct route_result *route);
/* The SIP side asks for a call out. Returns 0; ENOSR when no channel is free, ENOMEM, or errno of the media sockets:
 * the caller refuses it. */
int leg_pstn_dial(struct span *s, const struct msg *m);

/* An event of the D channel, a message of the SIP side: about this call. */
void leg_pstn_pri_event(struct leg_pstn *l, const struct pri_event_data *e);
void leg_pstn_message(struct leg_pstn *l, const struct msg *m);

/* Leaves its timeslot to another call, if the line has not answered its SETUP. False: it has. */
bool leg_pstn_yield(struct leg_pstn *l);

/* The gateway ends the call: CAUSE, and why in words. */
void leg_pstn_drop(struct leg_pstn *l, unsigned cause, const char *why);
/* The same, for the line or what is on it has failed. */
void leg_pstn_drop_for_line(struct leg_pstn *l, unsigned cause, const char *why);
/* The release that did not fit the SIP side's mailbox is tried again. */
void leg_pstn_retry(struct leg_pstn *l);

bool leg_pstn_is_gone(const struct leg_pstn *l);
void leg_pstn_free(struct leg_pstn *l);

#endif
