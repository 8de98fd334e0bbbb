/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange: the telephone exchange at the far end of a span, network or user side, for tests and the demo. It stands
 * on libpri directly and shares nothing with dahdi/pri_link.c, so that a mistake there is not answered by the same
 * mistake here.
 *
 * Each B channel with a call is joined to what its call was given: a fax machine, silence, a 1 kHz tone, or a
 * handler's octets. The exchange's own times count the samples of exchange_block(); libpri's timers run on
 * gettimeofday(2).
 *
 * The frame handler and the others must not call back into the exchange, but for exchange_call() and
 * exchange_hangup() from on_state.
 */
#ifndef SIM_EXCHANGE_H
#define SIM_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/isdn.h"
#include "line_damage.h"
#include "machine.h"

#define EXCHANGE_BLOCK	   160			  /* samples in a block: 20 ms */
#define EXCHANGE_TIMESLOTS ((uint32_t)0xFFFEFFFE) /* an E1's B channels: 1-15 and 17-31 */

struct exchange;
struct xcall;

enum xcall_state {
	XCALL_SETUP,	  /* SETUP was sent, or received */
	XCALL_PROCEEDING, /* CALL PROCEEDING (or SETUP ACKNOWLEDGE) */
	XCALL_ALERTING,
	XCALL_CONNECTED,
	XCALL_CLEARING, /* either side began to clear */
	XCALL_GONE,	/* the call reference is released */
	XCALL_STATE_COUNT
};

const char *xcall_state_name(enum xcall_state s);

enum xcall_audio { XAUDIO_SILENCE, XAUDIO_TONE, XAUDIO_MACHINE, XAUDIO_HANDLER };

/* What is at the exchange's end of a B channel. */
struct xcall_source {
	enum xcall_audio kind;
	struct machine *machine; /* XAUDIO_MACHINE; the caller's: free it after the call is gone */
	/* XAUDIO_HANDLER: HEARD are the octets from the line; fill SAY with as many. */
	void (*octets)(const uint8_t *heard, uint8_t *say, size_t n, void *arg);
	void *arg;
};

/* How the exchange answers a call from the span. Times are from the SETUP; -1: never. */
struct xcall_behaviour {
	bool ignore;	       /* SETUP is not answered with any message */
	unsigned refuse_cause; /* not 0: refused with this cause... */
	int32_t refuse_ms;     /* ...after this time; 0: at once, as the first message where libpri can */
	int32_t alert_ms, progress_ms, answer_ms;
	int32_t hangup_ms; /* from the answer; -1: never */
	unsigned hangup_cause;
	bool inband;	   /* ALERTING says that tones are in band */
	bool proceeds_inband; /* CALL PROCEEDING does */
	bool setup_ack;	   /* SETUP ACKNOWLEDGE goes before CALL PROCEEDING */
	unsigned wants_digits; /* ... which waits until the called number has so many */
	unsigned timeslot; /* 0: as asked for; else this one, whatever was asked for (not if that was exclusive) */
	struct xcall_source source; /* joined from CALL PROCEEDING on */
};

struct xcall_result {
	enum xcall_state state;
	bool outgoing; /* the exchange called */
	struct isdn_parties parties;
	int layer_1;	  /* of a call that came: its bearer's coding as libpri has it: 0x22 mu-law, 0x23 A-law */
	bool complete;	  /* of a call that came: the SETUP said so of its number */
	unsigned informations; /* INFORMATION messages that brought digits */
	bool setup_acked; /* SETUP ACKNOWLEDGE was received */
	unsigned timeslot;
	unsigned cause;	    /* the first one received, or sent if we cleared first; 0: none yet */
	bool cleared_by_us; /* the exchange's side began to clear */
	bool inband;	    /* a progress indicator 1 or 8 was received */
	/* In milliseconds of the line's time, when each was seen; -1: not. */
	int64_t setup_ms, proceeding_ms, alerting_ms, progress_ms, connect_ms, clear_ms, gone_ms;
	uint64_t samples; /* passed on the B channel */
};

struct exchange_params {
	enum isdn_side side;
	enum isdn_switch switch_type;
	uint32_t timeslots; /* bit N: timeslot N is a B channel; 0: EXCHANGE_TIMESLOTS */
	bool ulaw;	    /* the line is mu-law; machines and handlers behind the exchange speak A-law all the same */
	int (*send)(const uint8_t *frame, size_t octets, void *arg); /* a D-channel frame, no FCS */
	/* A call comes in. BEHAVIOUR is filled with: alert at once, answer after 100 ms, silence, no hangup. NULL: so
	 * always. */
	void (*on_call)(struct exchange *x, struct xcall *c, const struct isdn_parties *parties,
			struct xcall_behaviour *b, void *arg);
	void (*on_state)(struct exchange *x, struct xcall *c, enum xcall_state s, void *arg); /* or NULL */
	/* Each Q.931 message that passes, for a ladder: NAME as in Q.931 table 4-2; CAUSE 0: none. Or NULL. */
	void (*on_message)(bool sent, const char *name, unsigned call_reference, unsigned cause, void *arg);
	/* The other side restarted TIMESLOT (0: all); its calls are dropped. Or NULL. */
	void (*on_restart)(struct exchange *x, unsigned timeslot, void *arg);
	void *arg;
};

struct exchange_stats {
	unsigned ups, downs;		 /* changes of the data link */
	unsigned restarts, restart_acks; /* received */
	unsigned services, service_acks; /* received */
	uint32_t out_of_service;	 /* timeslots that the other side took out of service */
	unsigned calls_in, calls_out, collisions;
};

/* Sets libpri's process-wide callbacks to silence; for programs that do not call pri_link_setup(). */
void exchange_setup(void);

/* Returns 0, ENOMEM or EINVAL. The data link is begun with the first exchange_run(). */
int exchange_alloc(struct exchange **xp, const struct exchange_params *p);
void exchange_free(struct exchange *x); /* and all its calls, without a message */

void exchange_dframe(struct exchange *x, const uint8_t *frame, size_t octets); /* a frame came, no FCS */
void exchange_run(struct exchange *x);					       /* libpri's timers */
bool exchange_is_up(const struct exchange *x);
struct exchange_stats exchange_stats(const struct exchange *x);

/*
 * One block of all timeslots: TX is what the exchange says, RX what it hears. It fills all of TX, with 0xD5 where no
 * call is. Either may be NULL. Time passes by a block, and what is due (alerting, answer, hangup) is done.
 */
void exchange_block(struct exchange *x, uint8_t tx[TIMESLOT_COUNT][EXCHANGE_BLOCK],
		    uint8_t rx[TIMESLOT_COUNT][EXCHANGE_BLOCK]);
int64_t exchange_now_ms(const struct exchange *x); /* of blocks passed */

/* Bad lines, a line of its own for every B channel. Begins anew with each call of this. */
void exchange_damage(struct exchange *x, const struct line_damage *d);

struct exchange_call {
	struct isdn_parties parties;
	unsigned timeslot; /* 0: a free one */
	bool any;	   /* with timeslot 0: do not name one ("any channel") */
	bool exclusive;
	bool data;	 /* unrestricted digital, not 3.1 kHz audio */
	bool unscreened; /* the calling number is "not screened", else screening NONE stands for "passed" */
	bool overlap;	 /* the called number may go on: exchange_digits() */
	struct xcall_source source;
	int32_t hangup_ms; /* from the answer, -1: never. 0 counts as never too */
	unsigned hangup_cause;
};

/* Returns 0, EBUSY (no free timeslot), ENOTCONN, ENOMEM or EIO. */
int exchange_call(struct exchange *x, const struct exchange_call *call, struct xcall **cp);
/* Clears in any state. Does nothing when it is being cleared. */
void exchange_hangup(struct xcall *c, unsigned cause);
/* Sends more digits of the called number, each in an INFORMATION. 0 or EIO. */
int exchange_digits(struct xcall *c, const char *digits);
/* Takes a timeslot out of service, or back into it (SERVICE; not in EuroISDN and Q.SIG). 0 or EIO. */
int exchange_service(struct exchange *x, unsigned timeslot, bool in_service);
/* Sends RESTART for a timeslot. 0 or EIO. */
int exchange_restart(struct exchange *x, unsigned timeslot);

/* The result; it stays when the call is gone, until exchange_free() or xcall_free(). */
const struct xcall_result *xcall_result(const struct xcall *c);
void xcall_set_source(struct xcall *c, const struct xcall_source *s);
void xcall_free(struct xcall *c); /* forgets a call that is gone; does nothing when it is not */
/* The Nth call of all (first: 0) since the start that was not freed; NULL: there is none. */
struct xcall *exchange_nth_call(const struct exchange *x, unsigned n);

#endif
