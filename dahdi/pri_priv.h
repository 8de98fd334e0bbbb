/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_priv: what pri_link.c, pri_call.c and pri_event.c share. Nobody else includes it, or libpri.h.
 *
 * libpri owns the q931_call, we own the struct pri_call. libpri may free a q931_call in any entry, often without an
 * event (a RELEASE COMPLETE before our first answer, a STATUS with call state 0, a failed T303). So after each entry
 * pri_call_reap() asks libpri which of our calls it still knows, and each one that it lost gets its PRI_GONE there
 * and nowhere else.
 */
#ifndef DAHDI_PRI_PRIV_H
#define DAHDI_PRI_PRIV_H

#include <libpri.h>
/* libpri announces features with empty macros; this one has the name of an event of ours. */
#undef PRI_PROGRESS

#include "gateway/base/log.h"
#include "pri_guard.h"
#include "pri_link.h"

#define PRI_NUMBER_MAX	 31 /* libpri cuts longer numbers without a word */
#define PRI_CALLS	 64 /* 30 calls, and those that are still being cleared */
#define PRI_SABME_OCTETS 3
#define PRI_CLEAR_US	 (40 * 1000000LL) /* T305 and twice T308 (Q.931 table 9-1) are 38 s; then it is forced */

struct pri_call {
	struct pri_link *link;
	q931_call *q; /* NULL: libpri has freed it */
	int cref;     /* tells Q from another call that libpri put at the same address */
	void *arg;
	bool used;
	bool orphan; /* abandoned: cleared without any event */
	bool incoming;
	bool collecting; /* theirs: SETUP ACKNOWLEDGE was sent */
	bool proceeding; /* theirs: CALL PROCEEDING (or a later message) was sent */
	bool answered;	 /* theirs: CONNECT was sent */
	bool connected;	 /* PRI_CONNECTED was raised */
	bool clearing;	 /* we have sent our clearing message */
	char digits_left[ISDN_NUMBER_OCTETS]; /* ours: of the called number, for INFORMATION; "": none */
	unsigned channel;
	unsigned cause;	   /* of whoever cleared first; 0: nobody yet */
	int64_t forced_us; /* when clearing: the time at which the call is dropped */
};

struct pri_link {
	struct pri *pri;
	struct pri_link_params params;
	struct pri_link_handlers h;
	bool started; /* pri_link_run() was called */
	bool up;
	bool quiet; /* libpri's messages are expected, do not log them */
	uint8_t first[PRI_SABME_OCTETS];
	size_t first_octets;	      /* the frame libpri wrote while it was made */
	uint8_t rx[PRI_FRAME_OCTETS]; /* the frame libpri is to read */
	size_t rx_octets;
	struct log_limit errors, frames;
	struct pri_call calls[PRI_CALLS];
};

/* The time libpri's timers run on, in microseconds. */
int64_t pri_link_now_us(void);

/* How L's B channels are coded: libpri's octet 5 of the bearer (Q.931 4.5.5). */
int pri_link_layer_1(const struct pri_link *l);

/* Raises E to the link's owner. */
void pri_link_raise(struct pri_link *l, const struct pri_event_data *e);

/* A link event: PRI_UP, PRI_DOWN, PRI_RESTARTED, PRI_RESTART_DONE. */
void pri_link_raise_own(struct pri_link *l, enum pri_event_type type, unsigned channel);

/* Takes a slot for Q. NULL when all are in use. */
struct pri_call *pri_call_new(struct pri_link *l, q931_call *q, bool incoming);
/* Gives the slot back without any event or message. */
void pri_call_release(struct pri_call *c);
struct pri_call *pri_call_find(struct pri_link *l, const q931_call *q);
/* Raises an event of C, unless it is abandoned. E carries what is more than the type and the call. */
void pri_call_raise(struct pri_call *c, enum pri_event_type type, struct pri_event_data *e);
/* Answers a DISCONNECT of a call that nobody listens to, or sends our own clearing message. */
void pri_call_hangup(struct pri_call *c, unsigned cause);
/* Makes libpri forget the call, if it has not; reap then raises PRI_GONE. */
void pri_call_forget(struct pri_call *c);
/* The same for their call with this call reference, if we have sent no message for it. CAUSE is theirs, 0: none. */
void pri_call_lost(struct pri_link *l, unsigned cref, unsigned cause);
/* Raises PRI_GONE for every call that is over, and PRI_CONNECTED where no acknowledgement is needed. */
void pri_call_reap(struct pri_link *l);
/* Drops all calls without messages and events. */
void pri_call_drop_all(struct pri_link *l);

/* Translates what libpri reports; E may be NULL. */
void pri_event_handle(struct pri_link *l, const pri_event *e);

/* The parties of a SETUP that came, and of one that is to go. */
void pri_party_receive(struct pri_link *l, struct isdn_parties *to, const pri_event_ring *r);
/* COMPLETE: the called number is whole (Q.931 4.5.27). */
void pri_party_send(const struct pri_link *l, const struct isdn_parties *parties, bool complete, struct pri_sr *sr);
void pri_call_send_digits(struct pri_call *c); /* the rest of the called number */

/* Copies a number's digits; what is not a digit is left out. Returns how many characters were. */
unsigned pri_number_copy(char *to, size_t room, const char *from);
/* A name between ISO 8859-1, as libpri takes it, and UTF-8. Control characters are left out; what does not fit is
 * cut. */
void pri_name_to_utf8(char *to, size_t room, const char *from, bool is_utf8);
void pri_name_to_latin1(char *to, size_t room, const char *from);

#endif
