/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link.c: the link: making it, frames in and out, timers, libpri's messages.
 */
#include "pri_link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "gateway/base/clock.h"
#include "pri_guard.h"
#include "pri_priv.h"

#define FCS_OCTETS  2 /* libpri counts the FCS in every length, but never looks at it */
#define RETIRED_MAX 16

#define CONTROL_IS_I(c) (!((c)&1)) /* Q.921 table 5 */
#define Q931_PD_NONE	0xFE	   /* Q.931 table 4-1: no message of any protocol begins so */

/*
 * libpri has no way to free a struct pri. One that is not needed any more is kept here with its data link released, and
 * serves the next link of the same kind; more than fit here are lost. Links are made and freed by one thread.
 */
static struct retired {
	struct pri *pri;
	int node, switch_type;
} retired[RETIRED_MAX];

int64_t pri_link_now_us(void)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	return tv.tv_sec * SEC_US + tv.tv_usec;
}

int pri_link_layer_1(const struct pri_link *l)
{
	return l->params.ulaw ? PRI_LAYER_1_ULAW : PRI_LAYER_1_ALAW;
}

void pri_link_raise(struct pri_link *l, const struct pri_event_data *e)
{
	if (l->h.event)
		l->h.event(e, l->h.arg);
}

void pri_link_raise_own(struct pri_link *l, enum pri_event_type type, unsigned channel)
{
	const struct pri_event_data e = {.type = type, .channel = channel};

	pri_link_raise(l, &e);
}

static size_t line_length(const char *text)
{
	size_t n = strlen(text);

	while (n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	return n;
}

static void on_message(struct pri *pri, char *text)
{
	struct pri_link *l = pri_get_userdata(pri);

	if (l && !l->quiet)
		log_debug(l->params.prefix, "libpri: %.*s", (int)line_length(text), text);
}

/* Most errors here are the other side's, and a broken one can make thousands a second. */
static void on_error(struct pri *pri, char *text)
{
	struct pri_link *l = pri_get_userdata(pri);
	unsigned held;

	if (!l || l->quiet || !log_limit_pass(&l->errors, pri_link_now_us(), &held))
		return;
	if (held)
		log_notice(l->params.prefix, "libpri: %u more errors were not logged", held);
	log_notice(l->params.prefix, "libpri: %.*s", (int)line_length(text), text);
}

void pri_link_setup(void)
{
	pri_set_message(on_message);
	pri_set_error(on_error);
}

static void link_send(struct pri_link *l, const uint8_t *frame, size_t octets)
{
	unsigned held;
	int err = l->h.send ? l->h.send(frame, octets, l->h.arg) : ENOTCONN;

	if (err && log_limit_pass(&l->frames, pri_link_now_us(), &held))
		log_warning(l->params.prefix, "D channel: a frame of %zu octets cannot be sent: %s", octets,
			    strerror(err));
}

/* A frame that is not sent is lost like any frame on the line, and Q.921 sends it again: so libpri never hears of an
 * error. */
static int io_write(struct pri *pri, void *buf, int octets)
{
	struct pri_link *l = pri_get_userdata(pri);
	size_t n = octets > FCS_OCTETS ? (size_t)octets - FCS_OCTETS : 0;

	if (!l || !n)
		return octets;
	if (l->started)
		link_send(l, buf, n);
	else if (n <= sizeof(l->first))
		memcpy(l->first, buf, l->first_octets = n);
	return octets;
}

static int io_read(struct pri *pri, void *buf, int room)
{
	struct pri_link *l = pri_get_userdata(pri);
	size_t n = l ? l->rx_octets : 0;

	if (!n || (size_t)room < n + FCS_OCTETS)
		return 0;
	/* libpri walks extension octets (Q.931 4.5.1, bit 8 = 0: another follows) past the end of a cut element.
	 * Bit 8 in all that follows the frame stops it there. */
	memset(buf, 0xFF, (size_t)room);
	memcpy(buf, l->rx, n);
	l->rx_octets = 0;
	return (int)n + FCS_OCTETS;
}

static int switch_of(enum isdn_switch s)
{
	switch (s) {
	case ISDN_EUROISDN:
		return PRI_SWITCH_EUROISDN_E1;
	case ISDN_QSIG:
		return PRI_SWITCH_QSIG;
	case ISDN_NI2:
		return PRI_SWITCH_NI2;
	case ISDN_DMS100:
		return PRI_SWITCH_DMS100;
	case ISDN_5ESS:
		return PRI_SWITCH_LUCENT5E;
	case ISDN_4ESS:
		return PRI_SWITCH_ATT4ESS;
	}
	return -1;
}

static int node_of(enum isdn_side s)
{
	switch (s) {
	case ISDN_TE:
		return PRI_CPE;
	case ISDN_NT:
		return PRI_NETWORK;
	}
	return -1;
}

static void timers_drain(struct pri *pri)
{
	while (pri_schedule_run(pri))
		;
}

/* Takes a retired struct pri of this kind, or has a new one made. NULL when there is no memory. */
static struct pri *pri_get(struct pri_link *l, int node, int switch_type)
{
	for (size_t i = 0; i < RETIRED_MAX; i++) {
		struct pri *pri = retired[i].pri;

		if (!pri || retired[i].node != node || retired[i].switch_type != switch_type)
			continue;
		retired[i].pri = NULL;
		pri_set_userdata(pri, l);
		return pri;
	}
	return pri_new_cb(-1, node, switch_type, io_read, io_write, l);
}

/* Releases the data link of L's struct pri as if the other side had, so that the next user starts it anew, and keeps
 * it. */
static void pri_retire(struct pri_link *l)
{
	const bool nt = l->params.side == ISDN_NT;
	/* Q.921 table 1: C/R is 1 in a command of the network and in a response of the user. */
	const uint8_t disc[] = {nt ? 0x00 : 0x02, PRI_ADDRESS_1, 0x53};
	const uint8_t dm[] = {nt ? 0x02 : 0x00, PRI_ADDRESS_1, 0x1F};

	l->quiet = true;
	memcpy(l->rx, disc, l->rx_octets = sizeof(disc));
	pri_check_event(l->pri);
	memcpy(l->rx, dm, l->rx_octets = sizeof(dm));
	pri_check_event(l->pri);
	timers_drain(l->pri);
	pri_set_userdata(l->pri, NULL);
	for (size_t i = 0; i < RETIRED_MAX; i++) {
		if (retired[i].pri)
			continue;
		retired[i] = (struct retired){l->pri, node_of(l->params.side), switch_of(l->params.switch_type)};
		break;
	}
	l->pri = NULL;
}

static int debug_of(unsigned level)
{
	int d = 0;

	if (level >= 1)
		d |= PRI_DEBUG_Q931_DUMP | PRI_DEBUG_Q931_ANOMALY;
	if (level >= 2)
		d |= PRI_DEBUG_Q921_DUMP | PRI_DEBUG_Q921_STATE;
	return d;
}

/* The messages of AT&T TR 41459 and of NI-2 that take a channel out of service; ETSI and Q.SIG have none. */
static bool has_service(const struct pri_link *l)
{
	return l->params.switch_type != ISDN_EUROISDN && l->params.switch_type != ISDN_QSIG;
}

static void set_dialect(const struct pri_link *l)
{
	const bool qsig = l->params.switch_type == ISDN_QSIG;

	pri_set_service_message_support(l->pri, has_service(l));
	/* Names and diversions are facilities in Q.SIG (ISO/IEC 13868, 13873), and libpri sends them only then. */
	if (qsig)
		pri_facility_enable(l->pri);
	/* That a number is whole ("sending complete") libpri says always for ETSI, and for Q.SIG with this; with this
	 * it says so only when it is. */
	pri_set_overlapdial(l->pri, qsig || l->params.overlap_digits);
}

int pri_link_alloc(struct pri_link **lp, const struct pri_link_params *p, const struct pri_link_handlers *h)
{
	const int node = node_of(p->side), switch_type = switch_of(p->switch_type);
	struct pri_link *l;

	if (node < 0 || switch_type < 0 || !h->send || !h->event)
		return EINVAL;
	l = calloc(1, sizeof(*l));
	if (!l)
		return ENOMEM;
	l->params = *p;
	l->h = *h;
	l->errors = (struct log_limit){.burst = 20, .interval_us = 10 * SEC_US};
	l->frames = (struct log_limit){.burst = 5, .interval_us = 10 * SEC_US};
	l->pri = pri_get(l, node, switch_type);
	if (!l->pri) {
		free(l);
		return ENOMEM;
	}
	pri_set_debug(l->pri, debug_of(p->debug));
	/* Q.931 5.3.2: without it libpri answers some causes with RELEASE COMPLETE even after CALL PROCEEDING. */
	pri_hangup_fix_enable(l->pri, 1);
	/* Without it libpri hides CONNECT ACKNOWLEDGE from us. */
	pri_connect_ack_enable(l->pri, 1);
	set_dialect(l);
	*lp = l;
	return 0;
}

void pri_link_free(struct pri_link *l)
{
	if (!l)
		return;
	l->h.event = NULL;
	l->started = false; /* nothing is sent any more */
	if (l->pri) {
		l->quiet = true;
		pri_call_drop_all(l);
		pri_retire(l);
	}
	free(l);
}

static void handle_timers(struct pri_link *l)
{
	const pri_event *e;

	while ((e = pri_schedule_run(l->pri)))
		pri_event_handle(l, e);
}

/* Q.921 must count an I frame even if Q.931 must not see what is in it, or the other side sends it for ever. */
static void hide_message(struct pri_link *l)
{
	unsigned held;

	l->rx[4] = Q931_PD_NONE;
	if (log_limit_pass(&l->frames, pri_link_now_us(), &held))
		log_notice(l->params.prefix,
			   "D channel: message dropped that is malformed or has a wrong call reference");
}

void pri_link_receive(struct pri_link *l, const uint8_t *frame, size_t octets)
{
	const char *why = pri_frame_fault(frame, octets);
	struct pri_message m;
	bool is_message;
	unsigned held;

	if (!l->started)
		return;
	if (why) {
		if (log_limit_pass(&l->frames, pri_link_now_us(), &held))
			log_notice(l->params.prefix, "D channel: frame of %zu octets dropped: %s", octets, why);
		return;
	}
	/* libpri reports some losses of the data link from a timer: they belong before what this frame brings. */
	handle_timers(l);
	memcpy(l->rx, frame, octets);
	l->rx_octets = octets;
	is_message = CONTROL_IS_I(frame[2]) && pri_message_read(frame + 4, octets - 4, &m);
	if (is_message && pri_message_is_harmful(&m)) {
		hide_message(l);
		is_message = false;
	}
	if (is_message)
		pri_message_hide_subaddresses(l->rx + (m.elements - frame), m.octets);
	pri_event_handle(l, pri_check_event(l->pri));
	l->rx_octets = 0;
	/* A call that is cleared before our first message: libpri tells nothing, and with DISCONNECT, which it
	 * answers with RELEASE COMPLETE, it even keeps the call for ever. */
	if (is_message && m.theirs && pri_message_clears(&m))
		pri_call_lost(l, m.cref, pri_message_cause(&m));
	handle_timers(l);
	pri_call_reap(l);
}

void pri_link_run(struct pri_link *l)
{
	if (!l->started) {
		l->started = true;
		if (l->first_octets)
			link_send(l, l->first, l->first_octets);
	}
	handle_timers(l);
	pri_call_reap(l);
}

bool pri_link_is_up(const struct pri_link *l)
{
	return l->up;
}

int pri_link_restart(struct pri_link *l, unsigned channel)
{
	if (!l->up || !channel || channel >= TIMESLOT_COUNT)
		return EIO;
	return pri_reset(l->pri, (int)channel) ? EIO : 0;
}

int pri_link_service(struct pri_link *l, unsigned channel, bool in_service)
{
	if (!has_service(l))
		return ENOTSUP;
	if (!l->up || !channel || channel >= TIMESLOT_COUNT)
		return EIO;
	return pri_maintenance_service(l->pri, 0, (int)channel, in_service ? 0 : 2) ? EIO : 0;
}
