/* SPDX-License-Identifier: GPL-2.0-only */
#include "exchange.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exchange_priv.h"

#define FCS_OCTETS     2
#define PARKED_MAX     32

/* libpri hands its callbacks only its own pointer; pri_link's owner may use the user data, so exchanges are looked
 * up. */
static struct exchange *exchanges;
static struct exchange *being_made;
/* libpri cannot free a struct pri: those of freed exchanges wait here, their data link released, for the next of the
 * kind. */
static struct {
	struct pri *pri;
	enum isdn_side side;
	enum isdn_switch switch_type;
} parked[PARKED_MAX];

static void quiet(struct pri *pri, char *text)
{
}

void exchange_setup(void)
{
	pri_set_message(quiet);
	pri_set_error(quiet);
}

static struct exchange *exchange_of(struct pri *pri)
{
	for (struct exchange *x = exchanges; x; x = x->next) {
		if (x->pri == pri)
			return x;
	}
	return being_made;
}

static int io_write(struct pri *pri, void *buf, int octets)
{
	struct exchange *x = exchange_of(pri);
	size_t n = (size_t)octets - FCS_OCTETS;

	if (!x)
		return octets;
	if (!x->started) {
		if (n <= sizeof(x->first))
			memcpy(x->first, buf, x->first_octets = n);
		return octets;
	}
	exchange_trace(x, true, buf, n);
	x->p.send(buf, n, x->p.arg);
	return octets;
}

static int io_read(struct pri *pri, void *buf, int room)
{
	struct exchange *x = exchange_of(pri);
	size_t n = x ? x->rx_octets : 0;

	if (!n || (size_t)room < n + FCS_OCTETS)
		return 0;
	memset(buf, 0xFF, (size_t)room);
	memcpy(buf, x->rx, n);
	x->rx_octets = 0;
	return (int)n + FCS_OCTETS;
}

static int switch_of(enum isdn_switch s)
{
	static const int types[] = {[ISDN_EUROISDN] = PRI_SWITCH_EUROISDN_E1,
				    [ISDN_QSIG] = PRI_SWITCH_QSIG,
				    [ISDN_NI2] = PRI_SWITCH_NI2,
				    [ISDN_DMS100] = PRI_SWITCH_DMS100,
				    [ISDN_5ESS] = PRI_SWITCH_LUCENT5E,
				    [ISDN_4ESS] = PRI_SWITCH_ATT4ESS};

	return (size_t)s < sizeof(types) / sizeof(types[0]) ? types[s] : -1;
}

static struct pri *unpark(const struct exchange_params *p)
{
	for (size_t i = 0; i < PARKED_MAX; i++) {
		struct pri *pri = parked[i].pri;

		if (!pri || parked[i].side != p->side || parked[i].switch_type != p->switch_type)
			continue;
		parked[i].pri = NULL;
		return pri;
	}
	return NULL;
}

static void feed(struct exchange *x, const uint8_t *frame, size_t octets)
{
	x->rx = frame;
	x->rx_octets = octets;
	pri_check_event(x->pri);
}

/* DISC, and DM for a link not yet established, as the other side would send them (Q.921 tables 1 and 5). */
static void park(struct exchange *x)
{
	const bool nt = x->p.side == ISDN_NT;
	const uint8_t disc[] = {nt ? 0x00 : 0x02, 0x01, 0x53}, dm[] = {nt ? 0x02 : 0x00, 0x01, 0x1F};

	feed(x, disc, sizeof(disc));
	feed(x, dm, sizeof(dm));
	while (pri_schedule_run(x->pri))
		;
	for (size_t i = 0; i < PARKED_MAX; i++) {
		if (parked[i].pri)
			continue;
		parked[i].pri = x->pri;
		parked[i].side = x->p.side;
		parked[i].switch_type = x->p.switch_type;
		return;
	}
}

static bool is_international(const struct exchange *x)
{
	return x->p.switch_type == ISDN_EUROISDN || x->p.switch_type == ISDN_QSIG;
}

static void set_dialect(const struct exchange *x)
{
	/* Sending complete as each call says; the dialects of T1 have no such element. */
	pri_set_overlapdial(x->pri, is_international(x));
	pri_set_service_message_support(x->pri, !is_international(x));
	if (x->p.switch_type == ISDN_QSIG)
		pri_facility_enable(x->pri);
}

int exchange_alloc(struct exchange **xp, const struct exchange_params *p)
{
	struct exchange *x;

	if (!p->send || switch_of(p->switch_type) < 0)
		return EINVAL;
	x = calloc(1, sizeof(*x));
	if (!x)
		return ENOMEM;
	x->p = *p;
	x->timeslots = p->timeslots ? p->timeslots : EXCHANGE_TIMESLOTS;
	being_made = x;
	x->pri = unpark(p);
	if (!x->pri)
		x->pri = pri_new_cb(-1, p->side == ISDN_NT ? PRI_NETWORK : PRI_CPE, switch_of(p->switch_type), io_read,
				    io_write, NULL);
	being_made = NULL;
	if (!x->pri) {
		free(x);
		return ENOMEM;
	}
	pri_hangup_fix_enable(x->pri, 1);
	set_dialect(x);
	x->next = exchanges;
	exchanges = x;
	*xp = x;
	return 0;
}

void exchange_free(struct exchange *x)
{
	struct xcall *c;

	if (!x)
		return;
	x->started = false;
	while ((c = x->calls)) {
		x->calls = c->next;
		if (c->q)
			pri_destroycall(x->pri, c->q);
		xcall_audio_fini(c);
		free(c);
	}
	park(x);
	for (struct exchange **p = &exchanges; *p; p = &(*p)->next) {
		if (*p != x)
			continue;
		*p = x->next;
		break;
	}
	free(x);
}

static void on_restart(struct exchange *x, int channel)
{
	const unsigned slot = channel == -1 ? 0 : (unsigned)channel & 0xFF;

	x->stats.restarts++;
	for (unsigned i = 1; i < TIMESLOT_COUNT; i++) {
		if (!slot || i == slot)
			xcall_drop_slot(x, i);
	}
	if (x->p.on_restart)
		x->p.on_restart(x, slot, x->p.arg);
}

static void on_service(struct exchange *x, const pri_event_service *e)
{
	const unsigned slot = (unsigned)e->channel & 0xFF;

	x->stats.services++;
	if (slot >= TIMESLOT_COUNT)
		return;
	x->stats.out_of_service &= ~(1u << slot);
	if (e->changestatus)
		x->stats.out_of_service |= 1u << slot;
}

static void on_event(struct exchange *x, const pri_event *e)
{
	switch (e->e) {
	case PRI_EVENT_DCHAN_UP:
		x->stats.ups += !x->up;
		x->up = true;
		break;
	case PRI_EVENT_DCHAN_DOWN:
		x->stats.downs += x->up;
		x->up = false;
		break;
	case PRI_EVENT_RESTART:
		on_restart(x, e->restart.channel);
		break;
	case PRI_EVENT_RESTART_ACK:
		x->stats.restart_acks++;
		break;
	case PRI_EVENT_SERVICE:
		on_service(x, &e->service);
		break;
	case PRI_EVENT_SERVICE_ACK:
		x->stats.service_acks++;
		break;
	default:
		xcall_event(x, e);
		break;
	}
}

void exchange_run(struct exchange *x)
{
	const pri_event *e;

	if (!x->started) {
		x->started = true;
		if (x->first_octets)
			x->p.send(x->first, x->first_octets, x->p.arg);
	}
	while ((e = pri_schedule_run(x->pri)))
		on_event(x, e);
	for (struct xcall *c = x->calls; c; c = c->next)
		xcall_check(c);
}

void exchange_dframe(struct exchange *x, const uint8_t *frame, size_t octets)
{
	unsigned type, cref;
	const pri_event *e;

	if (!x->started)
		return;
	exchange_run(x);
	exchange_trace(x, false, frame, octets);
	x->rx = frame;
	x->rx_octets = octets;
	e = pri_check_event(x->pri);
	x->rx_octets = 0;
	if (e)
		on_event(x, e);
	/* libpri answers a DISCONNECT before its first own message, but keeps the call for ever. */
	if (exchange_peek(frame, octets, &type, &cref) && type == Q931_DISCONNECT)
		xcall_drop_ignored(x, cref);
	exchange_run(x);
}

bool exchange_is_up(const struct exchange *x)
{
	return x->up;
}

struct exchange_stats exchange_stats(const struct exchange *x)
{
	return x->stats;
}

int64_t exchange_now_ms(const struct exchange *x)
{
	return x->samples * 1000 / XLINE_RATE;
}

void exchange_block(struct exchange *x, uint8_t tx[TIMESLOT_COUNT][EXCHANGE_BLOCK],
		    uint8_t rx[TIMESLOT_COUNT][EXCHANGE_BLOCK])
{
	uint8_t idle[EXCHANGE_BLOCK], unheard[EXCHANGE_BLOCK];

	memset(idle, 0xD5, sizeof(idle));
	if (tx)
		memset(tx, 0xD5, TIMESLOT_COUNT * sizeof(tx[0]));
	for (unsigned i = 1; i < TIMESLOT_COUNT; i++) {
		struct xcall *c = x->on_slot[i];

		if (c && c->joined)
			xcall_audio(c, rx ? rx[i] : idle, tx ? tx[i] : unheard);
	}
	x->samples += EXCHANGE_BLOCK;
	for (struct xcall *c = x->calls, *next; c; c = next) {
		next = c->next;
		xcall_due(c);
	}
	exchange_run(x);
}

void exchange_damage(struct exchange *x, const struct line_damage *d)
{
	x->damage = *d;
	x->damaged = line_damage_is_any(d);
	for (struct xcall *c = x->calls; c; c = c->next)
		xcall_audio_fini(c);
}

int exchange_restart(struct exchange *x, unsigned timeslot)
{
	return !x->up || pri_reset(x->pri, (int)timeslot) ? EIO : 0;
}

int exchange_service(struct exchange *x, unsigned timeslot, bool in_service)
{
	return !x->up || pri_maintenance_service(x->pri, 0, (int)timeslot, in_service ? 0 : 2) ? EIO : 0;
}

struct xcall *exchange_nth_call(const struct exchange *x, unsigned n)
{
	struct xcall *c = x->calls;

	while (c && n--)
		c = c->next;
	return c;
}
