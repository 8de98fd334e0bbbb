/* SPDX-License-Identifier: GPL-2.0-only */
#include "fsm.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "log.h"

static const char *state_name(const struct fsm_def *d, int state)
{
	return state >= 0 && (size_t)state < d->nstates ? d->states[state].name : "?";
}

static const char *event_name(const struct fsm_def *d, int event)
{
	return event >= 0 && (size_t)event < d->nevents ? d->events[event] : "?";
}

static const struct fsm_timeout *find_timeout(const struct fsm_def *d, int state)
{
	for (size_t i = 0; i < d->ntimeouts; i++) {
		if (d->timeouts[i].state == state)
			return &d->timeouts[i];
	}
	return NULL;
}

static const struct fsm_rule *find_rule(const struct fsm_def *d, int state, int event)
{
	const struct fsm_rule *any = NULL;

	for (size_t i = 0; i < d->nrules; i++) {
		const struct fsm_rule *r = &d->rules[i];

		if (r->event != event)
			continue;
		if (r->state == state)
			return r;
		if (r->state == FSM_ANY && !any)
			any = r;
	}
	return any;
}

static void fsm_timed_out(void *arg)
{
	struct fsm *f = arg;
	const struct fsm_timeout *t = find_timeout(f->def, f->state);

	if (t)
		fsm_event(f, t->event, NULL);
}

static void fsm_start_timeout(struct fsm *f)
{
	const struct fsm_timeout *t;
	int err;

	if (!f->timers || !f->timeouts_ms)
		return;
	timer_stop(f->timers, &f->timer);
	t = find_timeout(f->def, f->state);
	if (!t || !f->timeouts_ms[t->index])
		return;
	err = timer_start(f->timers, &f->timer, f->timeouts_ms[t->index] * MS_US);
	if (err)
		log_error(f->prefix, "%s: no timeout in state %s: %s", f->def->name, fsm_state_name(f), strerror(err));
}

void fsm_init(struct fsm *f, const struct fsm_def *def, int state, void *owner, const char *prefix,
	      struct timers *timers, const uint32_t *timeouts_ms)
{
	*f = (struct fsm){
		.def = def,
		.owner = owner,
		.prefix = prefix,
		.timers = timers,
		.timeouts_ms = timeouts_ms,
		.state = state,
	};
	timer_init(&f->timer, fsm_timed_out, f);
	fsm_start_timeout(f);
}

void fsm_fini(struct fsm *f)
{
	if (f->timers)
		timer_stop(f->timers, &f->timer);
	f->nqueued = 0;
}

/* Every change of state of every machine passes here. */
static void fsm_change(struct fsm *f, const struct fsm_rule *r, const void *data)
{
	const struct fsm_def *d = f->def;

	log_debug(f->prefix, "%s: %s --%s--> %s", d->name, state_name(d, f->state), event_name(d, r->event),
		  state_name(d, r->next));
	if (d->states[f->state].leave)
		d->states[f->state].leave(f->owner);
	if (r->action)
		r->action(f->owner, data);
	f->state = r->next;
	fsm_start_timeout(f);
	if (d->states[f->state].enter)
		d->states[f->state].enter(f->owner);
}

static bool fsm_take(struct fsm *f, int event, const void *data)
{
	const struct fsm_rule *r = find_rule(f->def, f->state, event);

	if (!r) {
		f->unexpected++;
		log_notice(f->prefix, "%s: event %s not expected in state %s", f->def->name, event_name(f->def, event),
			   fsm_state_name(f));
		return false;
	}
	if (r->next != FSM_STAY) {
		fsm_change(f, r, data);
		return true;
	}
	log_debug(f->prefix, "%s: %s --%s--", f->def->name, fsm_state_name(f), event_name(f->def, event));
	if (r->action)
		r->action(f->owner, data);
	return true;
}

static bool fsm_queue(struct fsm *f, int event)
{
	if (f->nqueued == FSM_QUEUE) {
		f->unexpected++;
		log_error(f->prefix, "%s: event %s lost in state %s: %d events wait already", f->def->name,
			  event_name(f->def, event), fsm_state_name(f), FSM_QUEUE);
		return false;
	}
	f->queue[f->nqueued++] = event;
	return true;
}

bool fsm_event(struct fsm *f, int event, const void *data)
{
	bool taken;

	if (f->busy)
		return fsm_queue(f, event);
	f->busy = true;
	taken = fsm_take(f, event, data);
	while (f->nqueued) {
		int next = f->queue[0];

		f->nqueued--;
		memmove(f->queue, f->queue + 1, f->nqueued * sizeof(f->queue[0]));
		fsm_take(f, next, NULL);
	}
	f->busy = false;
	return taken;
}

const char *fsm_state_name(const struct fsm *f)
{
	return state_name(f->def, f->state);
}

static const char *check_names(const struct fsm_def *d)
{
	if (!d->name || !d->nstates || d->nstates > 64)
		return "no name, or not 1 to 64 states";
	for (size_t i = 0; i < d->nstates; i++) {
		if (!d->states[i].name)
			return "a state has no name";
	}
	for (size_t i = 0; i < d->nevents; i++) {
		if (!d->events[i])
			return "an event has no name";
	}
	return NULL;
}

static bool in_range(int value, size_t n)
{
	return value >= 0 && (size_t)value < n;
}

static const char *check_rules(const struct fsm_def *d)
{
	for (size_t i = 0; i < d->nrules; i++) {
		const struct fsm_rule *r = &d->rules[i];

		if (r->state != FSM_ANY && !in_range(r->state, d->nstates))
			return "a rule's state is out of range";
		if (!in_range(r->event, d->nevents))
			return "a rule's event is out of range";
		if (r->next != FSM_STAY && !in_range(r->next, d->nstates))
			return "a rule's next state is out of range";
		for (size_t j = 0; j < i; j++) {
			if (d->rules[j].state == r->state && d->rules[j].event == r->event)
				return "two rules for one state and event";
		}
	}
	return NULL;
}

static const char *check_timeouts(const struct fsm_def *d)
{
	for (size_t i = 0; i < d->ntimeouts; i++) {
		const struct fsm_timeout *t = &d->timeouts[i];

		if (!in_range(t->state, d->nstates) || !in_range(t->event, d->nevents))
			return "a timeout's state or event is out of range";
		if (!find_rule(d, t->state, t->event))
			return "a timeout's event has no rule in its state";
		if (find_timeout(d, t->state) != t)
			return "two timeouts for one state";
	}
	return NULL;
}

static const char *check_graph(const struct fsm_def *d, uint64_t terminal)
{
	uint64_t reached = 1, left = 0; /* a machine begins in state 0 */

	for (size_t i = 0; i < d->nrules; i++) {
		const struct fsm_rule *r = &d->rules[i];

		if (r->next == FSM_STAY || r->next == r->state)
			continue;
		reached |= UINT64_C(1) << r->next;
		left |= r->state == FSM_ANY ? ~(UINT64_C(1) << r->next) : UINT64_C(1) << r->state;
	}
	for (size_t i = 0; i < d->nstates; i++) {
		if (!(reached >> i & 1))
			return "a state is never reached";
		if (!((left | terminal) >> i & 1))
			return "a state is never left";
	}
	return NULL;
}

const char *fsm_check(const struct fsm_def *def, uint64_t terminal)
{
	const char *wrong = check_names(def);

	if (!wrong)
		wrong = check_rules(def);
	if (!wrong)
		wrong = check_timeouts(def);
	return wrong ? wrong : check_graph(def, terminal);
}
