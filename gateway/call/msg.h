/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * msg: the contract between a span's thread and the SIP thread: everything one ever says to the other, by value.
 *
 * A call has a half in each thread: leg_pstn in the span's, leg_sip in the SIP thread. They know each other by the
 * call's id only. Each half says MSG_RELEASE exactly once, as its last word about a call, and forgets the call when it
 * has also heard the other's (or when its clearing timeout ends). A message about a call that is not known (any more)
 * is dropped.
 *
 *   from the line                                  from SIP
 *   span -> SIP  MSG_SETUP (parties, our ports)    SIP -> span  MSG_SETUP (parties, peer)
 *   SIP -> span  MSG_ALERTING, MSG_PROGRESS        span -> SIP  MSG_PROCEEDING (our ports), MSG_ALERTING, MSG_PROGRESS
 *   SIP -> span  MSG_ANSWER (media agreed)         span -> SIP  MSG_ANSWER;  SIP -> span  MSG_MEDIA
 *   then, both: span -> SIP MSG_T38_ASK;  SIP -> span MSG_MEDIA or MSG_T38_REFUSED;  MSG_RELEASE both ways
 */
#ifndef GATEWAY_MSG_H
#define GATEWAY_MSG_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/addr.h"
#include "gateway/base/isdn.h"
#include "gateway/base/mailbox.h"
#include "gateway/base/media.h"
#include "gateway/call/command.h"

/* Names a call in both threads and in every log line: "1-42", the 42nd call that span 1 began; "s-42" from SIP. */
struct call_id {
	uint16_t origin;	/* number of the span, 0: SIP */
	uint32_t serial;
};

#define CALL_ID_OCTETS 24
const char *call_id_print(struct call_id id, char *buf);
static inline bool call_id_equal(struct call_id a, struct call_id b)
{
	return a.origin == b.origin && a.serial == b.serial;
}

/* Where a call's media sockets of ours are, as the SDP shall say it; not set in a family that has no media here. */
struct msg_ports {
	struct addr rtp[ADDR_FAMILIES], udptl[ADDR_FAMILIES];
};

enum msg_type {
	MSG_SETUP,
	MSG_PROCEEDING,
	MSG_ALERTING,
	MSG_PROGRESS,
	MSG_ANSWER,
	MSG_MEDIA,		/* what is agreed now: the first answer, a re-INVITE's outcome */
	MSG_T38_ASK,		/* a fax is certain: ask the peer for T.38 */
	MSG_T38_CANCEL,		/* it took too long: withdraw the question */
	MSG_T38_REFUSED,	/* the peer will not (or cannot): status */
	MSG_PEER,		/* the call from the line is tried at another peer */
	MSG_RELEASE,
	MSG_STOP,		/* to a thread: take no more calls; clear: end those there are. It ends when none is
				   left */
	MSG_COMMAND,		/* to a thread: an operator's, from the control thread, which gets the answer */
	MSG_COUNT
};

const char *msg_type_name(enum msg_type t);

#define MSG_TEXT_OCTETS 160

struct msg {
	enum msg_type type;
	struct call_id call;
	unsigned span;			/* index of the span concerned */
	union {
		struct {
			struct isdn_parties parties;
			struct msg_ports ports;		/* from the line */
			unsigned peer;			/* index of the peer: where to, or where from */
			unsigned rule;			/* index of the rule that sent it there */
			unsigned timeslot;		/* from the line: where it is */
			/* from SIP: the numbers as the peer has them, for the record; the rule may write them
			   otherwise */
			char called[ISDN_NUMBER_OCTETS], calling[ISDN_NUMBER_OCTETS];
			bool t38_allowed;		/* from SIP: the peer may be asked for T.38 */
			bool is_fax;			/* from SIP: the caller says so */
			bool another; /* from SIP: another span is asked, if this one has no channel */
		} setup;
		struct msg_ports ports;			/* MSG_PROCEEDING */
		unsigned peer;				/* MSG_PEER: its index */
		struct {
			struct media_desc media;	/* MSG_ANSWER, MSG_MEDIA, MSG_PROGRESS: agreed; nothing: not
							   yet */
			bool inband;			/* MSG_ALERTING, MSG_PROGRESS: there is something to hear */
		} state;
		unsigned status;			/* MSG_T38_REFUSED: SIP status, 0: declined in the answer */
		struct {
			unsigned cause;			/* Q.850 */
			unsigned sip_status;		/* from SIP: the final status, 0: BYE */
			bool by_far_end;		/* the sender's far end cleared, not the gateway */
			bool far_end_failed;		/* the gateway cleared, for the sender's far end failed */
			bool recorded;			/* from a span: it writes the call's record */
			char text[MSG_TEXT_OCTETS];	/* in words */
		} release;
		bool clear;				/* MSG_STOP */
		struct {
			uint32_t request;		/* the answer's name */
			struct command what;
		} command;
	};
};

#endif
