/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_pri: an established D channel is given whatever the line brings. The input is a sequence of records: an octet
 * of what to do, one of length, and that many octets: of a Q.931 message (put into an I frame with the right
 * numbers), of an information element after a sound SETUP, or of a raw frame. In between, calls are answered,
 * cleared, and time passes.
 *
 * libpri itself can be built with -fsanitize=address,fuzzer-no-link and linked statically to look for its faults too.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dahdi/pri_link.h"
#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "tests/sim/clock_sim.h"

#define CALLS 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fuzz {
	struct pri_link *link;
	enum isdn_side side;
	uint8_t ns, nr; /* of the peer, as in the control octets: times 2 */
	bool answer_sabme;
	struct pri_call *calls[CALLS]; /* alive */
	unsigned ncalls;
	unsigned mood; /* what the gateway does at a SETUP */
} f;

static void sink(enum log_level level, const char *line, void *arg)
{
}

static int on_send(const uint8_t *p, size_t n, void *arg)
{
	if (n == 3 && (p[2] & 0xEF) == 0x6F)
		f.answer_sabme = true;
	else if (n >= 4 && !(p[2] & 1))
		f.nr = (uint8_t)(p[2] + 2);
	return 0;
}

static void forget(struct pri_call *c)
{
	for (unsigned i = 0; i < f.ncalls; i++) {
		if (f.calls[i] != c)
			continue;
		f.calls[i] = f.calls[--f.ncalls];
		return;
	}
	abort(); /* gone twice, or never begun */
}

static void on_event(const struct pri_event_data *e, void *arg)
{
	switch (e->type) {
	case PRI_SETUP:
		if (f.ncalls == CALLS)
			abort();
		f.calls[f.ncalls++] = e->call;
		if (f.mood % 5 == 4)
			pri_call_more(e->call, e->channel ? e->channel : 1);
		else if (f.mood % 4 == 1)
			pri_call_proceeding(e->call, e->channel ? e->channel : 1);
		else if (f.mood % 4 == 2)
			pri_call_clear(e->call, 1 + f.mood % 127);
		else if (f.mood % 4 == 3)
			pri_call_answer(e->call);
		break;
	case PRI_CLEARING:
		if (f.mood & 1)
			pri_call_clear(e->call, e->cause);
		break;
	case PRI_GONE:
		if (!e->cause || e->cause > 127)
			abort();
		forget(e->call);
		break;
	default:
		break;
	}
}

static void establish(void)
{
	/* UA, F = 1: a response of the network has C/R 0, of the user 1 (Q.921 table 1). */
	const uint8_t ua[] = {f.side == ISDN_TE ? 0x00 : 0x02, 0x01, 0x73};

	if (!f.answer_sabme)
		return;
	f.answer_sabme = false;
	f.ns = f.nr = 0;
	pri_link_receive(f.link, ua, sizeof(ua));
}

static void give_time(unsigned ms)
{
	for (unsigned t = 0; t < ms; t += 500) {
		clock_sim_advance_us(500 * MS_US);
		pri_link_run(f.link);
		establish();
	}
}

static void give_message(const uint8_t *p, size_t n)
{
	/* A command of the network has C/R 1, of the user 0. */
	uint8_t frame[600] = {f.side == ISDN_TE ? 0x02 : 0x00, 0x01, f.ns, f.nr};

	memcpy(frame + 4, p, n);
	f.ns = (uint8_t)(f.ns + 2);
	pri_link_receive(f.link, frame, n + 4);
	establish();
}

static void give_setup(uint8_t cref, const uint8_t *p, size_t n)
{
	uint8_t m[300] = {0x08, 0x02, 0x00, cref, 0x05, 0x04, 0x03, 0x90, 0x90, 0xA3, 0x18, 0x03, 0xA9, 0x83, 0x81};

	memcpy(m + 15, p, n);
	give_message(m, n + 15);
}

static void act(const uint8_t *p, size_t n)
{
	static const struct isdn_parties parties = {.called.digits = "123", .calling.digits = "456"};
	struct pri_call *c = f.ncalls && n ? f.calls[p[0] % f.ncalls] : NULL;
	struct pri_call *ours;

	switch (n > 1 ? p[1] % 7 : 0) {
	case 0:
		if (f.ncalls < CALLS && !pri_link_call(f.link, &parties, n ? p[0] % 32 : 1, false, NULL, &ours))
			f.calls[f.ncalls++] = ours;
		break;
	case 1:
		if (c)
			pri_call_alerting(c, true);
		break;
	case 2:
		if (c)
			pri_call_answer(c);
		break;
	case 3:
		if (c)
			pri_call_clear(c, n > 2 ? p[2] : 16);
		break;
	case 4:
		if (c) {
			forget(c);
			pri_call_abandon(c);
		}
		break;
	case 5:
		pri_link_restart(f.link, p[0]);
		break;
	case 6:
		if (c)
			pri_call_progress(c, p[0] & 0x7F);
		break;
	}
}

static void record(unsigned what, const uint8_t *p, size_t n)
{
	switch (what % 6) {
	case 0:
	case 1:
		give_message(p, n);
		break;
	case 2:
		give_setup((uint8_t)(what / 6), p, n);
		break;
	case 3:
		pri_link_receive(f.link, p, n);
		establish();
		break;
	case 4:
		act(p, n);
		break;
	case 5:
		give_time(n * 100);
		break;
	}
}

static void begin(unsigned how)
{
	static const enum isdn_switch switches[] = {ISDN_EUROISDN, ISDN_QSIG, ISDN_NI2,
						    ISDN_DMS100,   ISDN_5ESS, ISDN_4ESS};
	static bool set_up;
	struct pri_link_params p = {.side = how & 1 ? ISDN_NT : ISDN_TE, .switch_type = switches[(how >> 1 & 7) % 6]};
	const struct pri_link_handlers h = {.send = on_send, .event = on_event};

	if (!set_up) {
		clock_sim_use();
		log_set_sink(sink, NULL);
		log_set_level(LOGL_DEBUG);
		pri_link_setup();
		set_up = true;
	}
	p.prefix = "span 1";
	p.debug = how >> 4 & 3;
	memset(&f, 0, sizeof(f));
	f.side = p.side;
	f.mood = how >> 4;
	if (pri_link_alloc(&f.link, &p, &h))
		abort();
	for (int i = 0; i < 10 && !pri_link_is_up(f.link); i++)
		give_time(500);
	if (!pri_link_is_up(f.link))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	begin(data[0]);
	for (size_t at = 1; at + 2 <= size;) {
		const size_t n = data[at + 1] < size - at - 2 ? data[at + 1] : size - at - 2;

		record(data[at], data + at + 2, n);
		at += 2 + n;
	}
	/* Whatever was done: each call ends, within the time that is promised. */
	for (unsigned i = 0; i < f.ncalls; i++)
		pri_call_clear(f.calls[i], 16);
	give_time(41000);
	if (f.ncalls)
		abort();
	pri_link_free(f.link);
	return 0;
}
