/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span: one span and all its calls, in one thread: the line, the D channel, the channel map, the B channels' bearers.
 *
 * Its clock is its line: span time goes on by the samples the line delivers; while the line is dead (no block for a
 * tenth of a second) by the monotonic clock.
 */
#ifndef GATEWAY_SPAN_H
#define GATEWAY_SPAN_H

#include "conf/config.h"
#include "dahdi/chanmap.h"
#include "dahdi/line.h"
#include "dahdi/pri_link.h"
#include "gateway/base/log.h"
#include "gateway/base/loop.h"
#include "gateway/base/net.h"
#include "gateway/bearer/media_socket.h"
#include "gateway/call/msg.h"
#include "gateway/control/answer.h"
#include "gateway/span/leg_pstn.h"

#define SPAN_MAX_LEGS 128	/* 30 calls, and those that still clear on the SIP side */

/* The RESTART that is under way: span_restart.h. */
struct span_restart {
	bool done_at_start;		/* since the D channel came up */
	bool running;
	uint32_t left;			/* timeslots yet to be restarted */
	uint32_t forced;		/* of them, those whose call was cleared for it */
	unsigned timeslot;		/* whose RESTART is out; 0: none */
	unsigned looks;
	struct timer timer;
	struct answer answer;		/* to the operator who asked for it */
};

struct span {
	const struct config *config;
	const struct config_span *conf;
	unsigned index;			/* in the configuration */
	char prefix[16];		/* "span 1" */
	struct loop *loop;
	struct line *line;
	struct line_handlers handlers;
	struct pri_link *link;
	struct chanmap channels;
	struct timers timers;		/* span time */
	struct mailbox *inbox;		/* from the SIP thread */
	struct mailbox *sip;		/* to it */
	struct mailbox *control;	/* to the control thread; NULL: there is none */
	struct media_ports ports;
	uint32_t next_serial;
	struct leg_pstn *by_timeslot[TIMESLOT_COUNT];
	struct leg_pstn *legs[SPAN_MAX_LEGS];	/* every one, also those whose timeslot is free again */
	unsigned nlegs;
	int64_t freed_us;		/* when the last one was freed */
	bool alarm;			/* the line is in LOS or yellow */
	bool stopping;
	struct span_restart restart;
	struct timer alarm_timer;	/* LOS: a short break clears no call */
	struct timer fallback;		/* in the loop: keeps span time going while the line is dead */
	int64_t last_look_us;		/* the last block, or the last time the fallback fired */
	uint64_t undelivered;		/* messages that the SIP thread's mailbox refused */
};

struct span_params {
	const struct config *config;
	unsigned index;
	const struct clock *clock;
	struct net *net;
	struct mailbox *sip;		/* the SIP thread's inbox; must outlive the span */
	struct line *line;		/* taken over, also on failure; NULL: made as the configuration says */
};

/* Builds the span; nothing runs yet. Every span is built before a thread starts (libpri). Returns 0 or errno; the
 * reason is logged. */
int span_thread_alloc(struct span **sp, const struct span_params *p);
void span_thread_free(struct span *s);

/* Runs until MSG_STOP and the last call's end. For the span's thread. A test steps span->loop itself. */
int span_run(struct span *s);
struct mailbox *span_inbox(struct span *s);
/* Before the threads start: where answers to the operator go. */
void span_connect_control(struct span *s, struct mailbox *control);

/* For leg_pstn. */
int span_post(struct span *s, const struct msg *m);	/* to the SIP thread; 0 or EAGAIN (counted) */
void span_reap(struct span *s);				/* frees the legs that are gone */
/* It was told to stop, the last call has ended, and the line was told so. */
bool span_is_over(const struct span *s);
/* Frees a leg that never came to be (NULL: nothing). */
void span_forget(struct span *s, struct leg_pstn *l);
int64_t span_now_us(const struct span *s);
/* L has TIMESLOT, which is taken in the channel map already: opens it on the line. */
void span_occupy_timeslot(struct span *s, struct leg_pstn *l, unsigned timeslot);
void span_release_timeslot(struct span *s, struct leg_pstn *l);	/* nothing, if another leg has it by now */
/* Moves the leg onto TIMESLOT. 0, EBUSY, or ENOENT when the span has no such B channel. */
int span_move_timeslot(struct span *s, struct leg_pstn *l, unsigned timeslot);
void span_drop_all(struct span *s, unsigned cause, const char *why);
/* Moves the leg onto a free timeslot that is not in EXCEPT; 0 or ENOSR when there is none. */
int span_hunt_timeslot(struct span *s, struct leg_pstn *l, uint32_t except);

#endif
