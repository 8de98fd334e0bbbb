/* SPDX-License-Identifier: GPL-2.0-only */
/* The session's two machines as tables. */
#include "session_own.h"

const uint32_t session_timeouts_ms[SESSION_TIMEOUTS] = {
	[SESSION_T_CALLING] = 40000,	   /* osip's timer B ends it after 32 s */
	[SESSION_T_PROCEEDING] = 600000,   /* the gateway's own timeout is shorter; as a proxy's timer C, and more */
	[SESSION_T_INCOMING] = 600000,	   /* the same the other way round */
	[SESSION_T_ACK] = TXN_64T1_MS,	   /* RFC 3261 13.3.1.4 */
	[SESSION_T_ACK_CLOSING] = 2000,	   /* closed before the ACK: so long we wait for it */
	[SESSION_T_UP] = 24 * 3600 * 1000, /* nobody faxes for a day */
	[SESSION_T_CLOSING] = 5000,	   [SESSION_T_RE_BACKOFF] = 2100, [SESSION_T_RE_PROCEEDING] = TXN_64T1_MS,
	[SESSION_T_RE_CANCEL] = 5000,	   [SESSION_T_RE_THEIRS] = 30000, /* the gateway owes an answer */
};

/* One clock for all of the closing, however many states it passes. */
static void closing_enter(void *owner)
{
	struct sip_session *s = owner;
	struct timers *q = loop_timers(s->stack->loop);

	if (!timer_running(&s->close_timer) &&
	    timer_start(q, &s->close_timer, s->timeouts_ms[SESSION_T_CLOSING] * MS_US))
		log_error(s->prefix, "no memory for the closing timer");
}

static void ending_enter(void *owner)
{
	struct sip_session *s = owner;
	struct timers *q = loop_timers(s->stack->loop);

	timer_stop(q, &s->close_timer);
	session_answer_stop(s);
	fsm_event(&s->re, RE_EV_STOP, NULL);
	if (timer_start(q, &s->deliver, 0))
		log_error(s->prefix, "no memory to end the session");
}

static void up_enter(void *owner)
{
	struct sip_session *s = owner;

	if (s->wanted)
		fsm_event(&s->re, RE_EV_WANTED, NULL);
}

static void up_leave(void *owner)
{
	struct sip_session *s = owner;

	fsm_event(&s->re, RE_EV_STOP, NULL);
	session_timer_stop(s);
}

static const struct fsm_state call_states[CALL_STATES] = {
	[CALL_NEW] = {.name = "new"},
	[CALL_CALLING] = {.name = "calling"},
	[CALL_PROCEEDING] = {.name = "proceeding"},
	[CALL_CANCEL_WAIT] = {.name = "cancel-wait", .enter = closing_enter},
	[CALL_CANCELLING] = {.name = "cancelling", .enter = closing_enter},
	[CALL_INCOMING] = {.name = "incoming"},
	[CALL_ANSWERED] = {.name = "answered"},
	[CALL_BYE_WAIT] = {.name = "bye-wait", .enter = closing_enter},
	[CALL_UP] = {.name = "up", .enter = up_enter, .leave = up_leave},
	[CALL_BYE_SENT] = {.name = "bye-sent", .enter = closing_enter},
	[CALL_ENDING] = {.name = "ending", .enter = ending_enter},
	[CALL_GONE] = {.name = "gone"},
};

static const char *const call_events[CALL_EVENTS] = {
	[CALL_EV_DIAL] = "dial",	   [CALL_EV_RING] = "ring",
	[CALL_EV_AGAIN] = "again",	   [CALL_EV_PROVISIONAL] = "provisional",
	[CALL_EV_ANSWER] = "answer",	   [CALL_EV_SPOILT] = "spoilt-answer",
	[CALL_EV_FAILURE] = "failure",	   [CALL_EV_CLOSE] = "close",
	[CALL_EV_CANCEL] = "cancel",	   [CALL_EV_BYE] = "bye",
	[CALL_EV_ACCEPT] = "accept",	   [CALL_EV_ACK] = "ack",
	[CALL_EV_BYE_DONE] = "bye-done",   [CALL_EV_HANG_UP] = "hang-up",
	[CALL_EV_TIMEOUT] = "timeout",	   [CALL_EV_CLOSE_TIMEOUT] = "close-timeout",
	[CALL_EV_DELIVERED] = "delivered",
};

static const struct fsm_rule call_rules[] = {
	{CALL_NEW, CALL_EV_DIAL, NULL, CALL_CALLING},
	{CALL_NEW, CALL_EV_RING, NULL, CALL_INCOMING},

	{CALL_CALLING, CALL_EV_AGAIN, NULL, CALL_CALLING},
	{CALL_CALLING, CALL_EV_PROVISIONAL, NULL, CALL_PROCEEDING},
	{CALL_CALLING, CALL_EV_ANSWER, NULL, CALL_UP},
	{CALL_CALLING, CALL_EV_SPOILT, session_send_bye, CALL_BYE_SENT},
	{CALL_CALLING, CALL_EV_FAILURE, NULL, CALL_ENDING},
	{CALL_CALLING, CALL_EV_CLOSE, NULL, CALL_CANCEL_WAIT},
	{CALL_CALLING, CALL_EV_BYE, NULL, CALL_CANCEL_WAIT},
	{CALL_CALLING, CALL_EV_TIMEOUT, session_timed_out, CALL_ENDING},

	{CALL_PROCEEDING, CALL_EV_AGAIN, NULL, CALL_CALLING},
	{CALL_PROCEEDING, CALL_EV_PROVISIONAL, NULL, FSM_STAY},
	{CALL_PROCEEDING, CALL_EV_ANSWER, NULL, CALL_UP},
	{CALL_PROCEEDING, CALL_EV_SPOILT, session_send_bye, CALL_BYE_SENT},
	{CALL_PROCEEDING, CALL_EV_FAILURE, NULL, CALL_ENDING},
	{CALL_PROCEEDING, CALL_EV_CLOSE, session_send_cancel, CALL_CANCELLING},
	{CALL_PROCEEDING, CALL_EV_BYE, session_send_cancel, CALL_CANCELLING},
	{CALL_PROCEEDING, CALL_EV_TIMEOUT, session_send_cancel, CALL_CANCELLING},

	{CALL_CANCEL_WAIT, CALL_EV_PROVISIONAL, session_send_cancel, CALL_CANCELLING},
	{CALL_CANCEL_WAIT, CALL_EV_SPOILT, session_send_bye, CALL_BYE_SENT},
	{CALL_CANCEL_WAIT, CALL_EV_FAILURE, NULL, CALL_ENDING},
	{CALL_CANCEL_WAIT, CALL_EV_BYE, NULL, FSM_STAY},
	{CALL_CANCEL_WAIT, CALL_EV_CLOSE, NULL, FSM_STAY},
	{CALL_CANCEL_WAIT, CALL_EV_CLOSE_TIMEOUT, session_leave_invite, CALL_ENDING},

	{CALL_CANCELLING, CALL_EV_PROVISIONAL, NULL, FSM_STAY},
	{CALL_CANCELLING, CALL_EV_SPOILT, session_send_bye, CALL_BYE_SENT},
	{CALL_CANCELLING, CALL_EV_FAILURE, NULL, CALL_ENDING},
	{CALL_CANCELLING, CALL_EV_BYE, NULL, FSM_STAY},
	{CALL_CANCELLING, CALL_EV_CLOSE, NULL, FSM_STAY},
	{CALL_CANCELLING, CALL_EV_CLOSE_TIMEOUT, NULL, CALL_ENDING},

	{CALL_INCOMING, CALL_EV_ACCEPT, session_in_accept, CALL_ANSWERED},
	{CALL_INCOMING, CALL_EV_CANCEL, session_in_terminated, CALL_ENDING},
	{CALL_INCOMING, CALL_EV_BYE, session_in_terminated, CALL_ENDING},
	{CALL_INCOMING, CALL_EV_CLOSE, session_in_refuse, CALL_ENDING},
	{CALL_INCOMING, CALL_EV_FAILURE, NULL, CALL_ENDING},
	{CALL_INCOMING, CALL_EV_TIMEOUT, session_in_refuse, CALL_ENDING},

	{CALL_ANSWERED, CALL_EV_ACK, NULL, CALL_UP},
	{CALL_ANSWERED, CALL_EV_BYE, NULL, CALL_ENDING},
	{CALL_ANSWERED, CALL_EV_CLOSE, NULL, CALL_BYE_WAIT},
	{CALL_ANSWERED, CALL_EV_HANG_UP, session_send_bye, CALL_BYE_SENT},
	{CALL_ANSWERED, CALL_EV_FAILURE, NULL, CALL_ENDING}, /* refused in the end */
	{CALL_ANSWERED, CALL_EV_TIMEOUT, session_ack_missing, CALL_BYE_SENT},

	{CALL_BYE_WAIT, CALL_EV_ACK, session_send_bye, CALL_BYE_SENT},
	{CALL_BYE_WAIT, CALL_EV_HANG_UP, session_send_bye, CALL_BYE_SENT},
	{CALL_BYE_WAIT, CALL_EV_TIMEOUT, session_send_bye, CALL_BYE_SENT},
	{CALL_BYE_WAIT, CALL_EV_BYE, NULL, CALL_ENDING},
	{CALL_BYE_WAIT, CALL_EV_CLOSE, NULL, FSM_STAY},
	{CALL_BYE_WAIT, CALL_EV_CLOSE_TIMEOUT, NULL, CALL_ENDING},

	{CALL_UP, CALL_EV_CLOSE, session_send_bye, CALL_BYE_SENT},
	{CALL_UP, CALL_EV_HANG_UP, session_send_bye, CALL_BYE_SENT},
	{CALL_UP, CALL_EV_BYE, NULL, CALL_ENDING},
	{CALL_UP, CALL_EV_TIMEOUT, session_send_bye, CALL_BYE_SENT},

	{CALL_BYE_SENT, CALL_EV_BYE_DONE, NULL, CALL_ENDING},
	{CALL_BYE_SENT, CALL_EV_BYE, NULL, FSM_STAY},
	{CALL_BYE_SENT, CALL_EV_CLOSE, NULL, FSM_STAY},
	{CALL_BYE_SENT, CALL_EV_HANG_UP, NULL, FSM_STAY},
	{CALL_BYE_SENT, CALL_EV_CLOSE_TIMEOUT, NULL, CALL_ENDING},

	{CALL_ENDING, CALL_EV_DELIVERED, NULL, CALL_GONE},
	{CALL_ENDING, CALL_EV_CLOSE, NULL, FSM_STAY},
	{CALL_ENDING, CALL_EV_BYE, NULL, FSM_STAY},
	{CALL_ENDING, CALL_EV_BYE_DONE, NULL, FSM_STAY},
	{CALL_ENDING, CALL_EV_HANG_UP, NULL, FSM_STAY},
	{CALL_ENDING, CALL_EV_FAILURE, NULL, FSM_STAY},
};

static const struct fsm_timeout call_timeouts[] = {
	{CALL_CALLING, CALL_EV_TIMEOUT, SESSION_T_CALLING},
	{CALL_PROCEEDING, CALL_EV_TIMEOUT, SESSION_T_PROCEEDING},
	{CALL_CANCEL_WAIT, CALL_EV_CLOSE_TIMEOUT, SESSION_T_CLOSING},
	{CALL_CANCELLING, CALL_EV_CLOSE_TIMEOUT, SESSION_T_CLOSING},
	{CALL_INCOMING, CALL_EV_TIMEOUT, SESSION_T_INCOMING},
	{CALL_ANSWERED, CALL_EV_TIMEOUT, SESSION_T_ACK},
	{CALL_BYE_WAIT, CALL_EV_TIMEOUT, SESSION_T_ACK_CLOSING},
	{CALL_UP, CALL_EV_TIMEOUT, SESSION_T_UP},
	{CALL_BYE_SENT, CALL_EV_CLOSE_TIMEOUT, SESSION_T_CLOSING},
};

const struct fsm_def call_fsm = FSM_DEF("sip", call_states, call_events, call_rules, call_timeouts);

static const struct fsm_state re_states[RE_STATES] = {
	[RE_IDLE] = {.name = "idle", .enter = session_re_wanted},
	[RE_BACKOFF] = {.name = "backoff"},
	[RE_CALLING] = {.name = "calling"},
	[RE_PROCEEDING] = {.name = "proceeding"},
	[RE_CANCEL_WAIT] = {.name = "cancel-wait"},
	[RE_CANCELLING] = {.name = "cancelling"},
	[RE_THEIRS] = {.name = "theirs"},
	[RE_THEIRS_ACK] = {.name = "theirs-ack"},
	[RE_OVER] = {.name = "over"},
};

static const char *const re_events[RE_EVENTS] = {
	[RE_EV_WANTED] = "wanted",     [RE_EV_PROVISIONAL] = "provisional",
	[RE_EV_ANSWER] = "answer",     [RE_EV_REFUSED] = "refused",
	[RE_EV_GLARE] = "glare",       [RE_EV_NO_ANSWER] = "no-answer",
	[RE_EV_CANCEL] = "cancel",     [RE_EV_OFFER] = "offer",
	[RE_EV_ANSWERED] = "answered", [RE_EV_DONE] = "done",
	[RE_EV_ACK] = "ack",	       [RE_EV_TIMEOUT] = "timeout",
	[RE_EV_STOP] = "stop",
};

static const struct fsm_rule re_rules[] = {
	{RE_IDLE, RE_EV_WANTED, session_re_send, RE_CALLING},
	{RE_IDLE, RE_EV_OFFER, NULL, RE_THEIRS},

	{RE_BACKOFF, RE_EV_TIMEOUT, session_re_send, RE_CALLING},
	{RE_BACKOFF, RE_EV_OFFER, NULL, RE_THEIRS},
	{RE_BACKOFF, RE_EV_CANCEL, session_re_expired, RE_IDLE},
	{RE_BACKOFF, RE_EV_WANTED, NULL, FSM_STAY},

	{RE_CALLING, RE_EV_PROVISIONAL, NULL, RE_PROCEEDING},
	{RE_CALLING, RE_EV_ANSWER, session_re_answered, RE_IDLE},
	{RE_CALLING, RE_EV_REFUSED, session_re_refused, RE_IDLE},
	{RE_CALLING, RE_EV_GLARE, session_re_backoff, RE_BACKOFF},
	{RE_CALLING, RE_EV_NO_ANSWER, session_re_expired, RE_IDLE},
	{RE_CALLING, RE_EV_CANCEL, NULL, RE_CANCEL_WAIT},
	{RE_CALLING, RE_EV_TIMEOUT, session_re_expired, RE_IDLE},

	{RE_PROCEEDING, RE_EV_PROVISIONAL, NULL, FSM_STAY},
	{RE_PROCEEDING, RE_EV_ANSWER, session_re_answered, RE_IDLE},
	{RE_PROCEEDING, RE_EV_REFUSED, session_re_refused, RE_IDLE},
	{RE_PROCEEDING, RE_EV_GLARE, session_re_backoff, RE_BACKOFF},
	{RE_PROCEEDING, RE_EV_NO_ANSWER, session_re_expired, RE_IDLE},
	{RE_PROCEEDING, RE_EV_CANCEL, session_re_send_cancel, RE_CANCELLING},
	{RE_PROCEEDING, RE_EV_TIMEOUT, session_re_send_cancel, RE_CANCELLING},

	{RE_CANCEL_WAIT, RE_EV_PROVISIONAL, session_re_send_cancel, RE_CANCELLING},
	{RE_CANCEL_WAIT, RE_EV_ANSWER, session_re_answered, RE_IDLE},
	{RE_CANCEL_WAIT, RE_EV_REFUSED, session_re_expired, RE_IDLE},
	{RE_CANCEL_WAIT, RE_EV_GLARE, session_re_expired, RE_IDLE},
	{RE_CANCEL_WAIT, RE_EV_NO_ANSWER, session_re_expired, RE_IDLE},
	{RE_CANCEL_WAIT, RE_EV_CANCEL, NULL, FSM_STAY},
	{RE_CANCEL_WAIT, RE_EV_TIMEOUT, session_re_expired, RE_IDLE},

	{RE_CANCELLING, RE_EV_PROVISIONAL, NULL, FSM_STAY},
	{RE_CANCELLING, RE_EV_ANSWER, session_re_answered, RE_IDLE},
	{RE_CANCELLING, RE_EV_REFUSED, session_re_expired, RE_IDLE},
	{RE_CANCELLING, RE_EV_GLARE, session_re_expired, RE_IDLE},
	{RE_CANCELLING, RE_EV_NO_ANSWER, session_re_expired, RE_IDLE},
	{RE_CANCELLING, RE_EV_CANCEL, NULL, FSM_STAY},
	{RE_CANCELLING, RE_EV_TIMEOUT, session_re_expired, RE_IDLE},

	{RE_THEIRS, RE_EV_ANSWERED, NULL, RE_THEIRS_ACK},
	{RE_THEIRS, RE_EV_DONE, NULL, RE_IDLE},
	{RE_THEIRS, RE_EV_WANTED, NULL, FSM_STAY},
	{RE_THEIRS, RE_EV_TIMEOUT, session_re_in_late, RE_IDLE},

	{RE_THEIRS_ACK, RE_EV_ACK, NULL, RE_IDLE},
	{RE_THEIRS_ACK, RE_EV_WANTED, NULL, FSM_STAY},
	{RE_THEIRS_ACK, RE_EV_TIMEOUT, session_re_in_unacked, RE_IDLE},

	{FSM_ANY, RE_EV_STOP, session_re_stop, RE_OVER},
	{RE_OVER, RE_EV_STOP, NULL, FSM_STAY},
	{RE_OVER, RE_EV_WANTED, NULL, FSM_STAY},
};

static const struct fsm_timeout re_timeouts[] = {
	{RE_BACKOFF, RE_EV_TIMEOUT, SESSION_T_RE_BACKOFF},	 {RE_CALLING, RE_EV_TIMEOUT, SESSION_T_CALLING},
	{RE_PROCEEDING, RE_EV_TIMEOUT, SESSION_T_RE_PROCEEDING}, {RE_CANCEL_WAIT, RE_EV_TIMEOUT, SESSION_T_RE_CANCEL},
	{RE_CANCELLING, RE_EV_TIMEOUT, SESSION_T_RE_CANCEL},	 {RE_THEIRS, RE_EV_TIMEOUT, SESSION_T_RE_THEIRS},
	{RE_THEIRS_ACK, RE_EV_TIMEOUT, SESSION_T_ACK},
};

const struct fsm_def re_fsm = FSM_DEF("re-invite", re_states, re_events, re_rules, re_timeouts);
