/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link: the D channel of a span: Q.921 and Q.931 by libpri. Only pri_*.c know libpri.
 *
 * It is given the D channel's frames, gives frames to send, and turns libpri's events into the few the gateway needs.
 * A call is an opaque struct pri_call, owned by the link; PRI_GONE is the last event of a call, after which its
 * pointer is dead. libpri keeps process-wide state: pri_link_setup() once, and every pri_link_alloc(), before the
 * threads start.
 *
 * An event handler may call everything here for any call and place new ones, but not pri_link_receive(), _run() or
 * _free(). send() must call nothing here. What pri_call_...() causes at once is told by the next pri_link_receive()
 * or pri_link_run(), never from inside.
 *
 * libpri takes time from gettimeofday(2). Call pri_link_run() at least every 100 ms: in every block of the line.
 */
#ifndef DAHDI_PRI_LINK_H
#define DAHDI_PRI_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/isdn.h"

struct pri_link;
struct pri_call;

enum pri_event_type {
	PRI_UP,		  /* the D channel's data link is established */
	PRI_DOWN,	  /* it is lost */
	PRI_RESTARTED,	  /* the other side restarted CHANNEL (0: all), is acknowledged: clear what is on it */
	PRI_RESTART_DONE, /* the other side acknowledged our RESTART of CHANNEL */
	PRI_SERVICE,	  /* the other side takes CHANNEL out of service, or (IN_SERVICE) back; is acknowledged */
	PRI_SETUP,	  /* a call comes in: PARTIES, CHANNEL, CHANNEL_EXCLUSIVE, COMPLETE; answer with
				 * pri_call_proceeding(), pri_call_more() or pri_call_clear() */
	PRI_DIGITS,	  /* after pri_call_more(): PARTIES.called.digits are those that came now; COMPLETE */
	PRI_PROCEEDING,	  /* our call: CALL PROCEEDING (or SETUP ACK, then maybe both); CHANNEL is the final one,
				 * here and in all that follow; INBAND: tones may be heard (not with SETUP ACK) */
	PRI_ALERTING,	  /* our call rings; INBAND */
	PRI_PROGRESS,	  /* INBAND, CAUSE (0: none) */
	PRI_CONNECTED,	  /* our call: CONNECT received (and acknowledged); theirs: CONNECT ACK received
				 * (network side and Q.SIG: CONNECT sent, Q.931 5.1.8) */
	PRI_CLEARING,	  /* DISCONNECT came, with CAUSE: answer with pri_call_clear() */
	PRI_GONE,	  /* the call is over: the last event of CALL. It may come in any state, without
				 * PRI_CLEARING too. CAUSE is of whoever cleared first (never 0) */
};

struct pri_event_data {
	enum pri_event_type type;
	struct pri_call *call;	     /* NULL for the link's own events */
	void *call_arg;		     /* as set with pri_call_set_arg(); NULL for a new call */
	struct isdn_parties parties; /* PRI_SETUP */
	bool complete;		     /* the called number is ("sending complete", Q.931 4.5.27); else it may be too */
	bool in_service;	     /* PRI_SERVICE */
	unsigned channel;	     /* timeslot; 0: none given */
	bool channel_exclusive;
	bool speech; /* PRI_SETUP: bearer is speech or 3.1 kHz audio; else refuse with cause 65 */
	bool inband;
	unsigned cause; /* Q.850; 0: none */
};

struct pri_link_params {
	enum isdn_side side;
	enum isdn_switch switch_type;
	bool ulaw;	    /* the B channels are mu-law; else A-law */
	unsigned overlap_digits; /* overlap sending: so many are in the SETUP; 0: the whole number is */
	const char *prefix; /* log prefix; must outlive the link */
	unsigned debug;	    /* 0: none, 1: Q.931 messages, 2: Q.921 frames too, to the log at debug level */
};

struct pri_link_handlers {
	/* A frame for the line, without FCS. 0 or errno. */
	int (*send)(const uint8_t *frame, size_t octets, void *arg);
	void (*event)(const struct pri_event_data *e, void *arg);
	void *arg;
};

/* Sets libpri's process-wide callbacks. Once, before the first pri_link_alloc(). */
void pri_link_setup(void);

/* Returns 0, ENOMEM or EINVAL (also without both handlers). The link starts to establish itself with the first
 * pri_link_run(). libpri cannot free its part: what pri_link_free() leaves serves the next link of the same side and
 * switch type. */
int pri_link_alloc(struct pri_link **lp, const struct pri_link_params *p, const struct pri_link_handlers *h);
void pri_link_free(struct pri_link *l); /* no events are raised any more */

/* A frame came from the line. A malformed one is logged and dropped. */
void pri_link_receive(struct pri_link *l, const uint8_t *frame, size_t octets);
void pri_link_run(struct pri_link *l); /* timers */
bool pri_link_is_up(const struct pri_link *l);

/* Sends RESTART for one channel; PRI_RESTART_DONE follows (or never: keep a timeout). 0 or EIO. */
int pri_link_restart(struct pri_link *l, unsigned channel);

/* Takes CHANNEL out of service, or back into it, at the other side (SERVICE). 0, EIO, or ENOTSUP: only NI2, DMS100,
 * 5ESS and 4ESS have this message. */
int pri_link_service(struct pri_link *l, unsigned channel, bool in_service);

/* Sends SETUP (bearer 3.1 kHz audio), the whole number in it; with overlap_digits its beginning, and the rest in
 * INFORMATION when the other side has acknowledged it (Q.931 5.2.4). CHANNEL 0: any. A leading '+' of a number becomes
 * its type, international. Returns 0, ENOMEM (also when 64 calls are alive), ENOTCONN when the D channel is down,
 * EINVAL (the channel, or the called number: not 1 to 31 digits). */
int pri_link_call(struct pri_link *l, const struct isdn_parties *parties, unsigned channel, bool exclusive, void *arg,
		  struct pri_call **cp);

void pri_call_set_arg(struct pri_call *c, void *arg);
/* Answers a PRI_SETUP: CALL PROCEEDING on CHANNEL. 0 or EIO. */
int pri_call_proceeding(struct pri_call *c, unsigned channel);
/* Answers a PRI_SETUP too: SETUP ACKNOWLEDGE on CHANNEL, the called number is to go on (Q.931 5.1.3). When there is
 * enough of it: pri_call_proceeding(). 0 or EIO. */
int pri_call_more(struct pri_call *c, unsigned channel);
int pri_call_alerting(struct pri_call *c, bool inband);
int pri_call_progress(struct pri_call *c, unsigned cause); /* in-band information is available (progress 8) */
int pri_call_answer(struct pri_call *c);		   /* CONNECT */
/* Clears with CAUSE, whatever the state: DISCONNECT, RELEASE or RELEASE COMPLETE. PRI_GONE follows, at the latest
 * after 40 s (T305 and twice T308 are 38 s). A SETUP not yet answered is refused with RELEASE COMPLETE for causes 1,
 * 34, 44, 81, 82, 88; libpri cannot send others so, before them goes CALL PROCEEDING on the SETUP's channel. Calling
 * it again does nothing. */
void pri_call_clear(struct pri_call *c, unsigned cause);
/* Drops the call at once without waiting for the other side: no event follows, its pointer is dead. If it was not being
 * cleared it is still cleared properly (cause 16), unseen. */
void pri_call_abandon(struct pri_call *c);

#endif
