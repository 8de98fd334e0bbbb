/* SPDX-License-Identifier: GPL-2.0-only */
/* Whatever comes on the D channel that is not as it should be. No call suffers but its own, and the log says where. */
#include "tests/call/fax.h"
#include "tests/call/noise.h"
#include "tests/call/talk.h"

struct dnoise {
	uint32_t seed;
	unsigned sent;
};

/*
 * Bursts of frames that are none: a few among them are addressed as ours are, and none belongs to the link's
 * sequence.
 */
static void dnoise_step(struct lab *l, void *arg)
{
	const struct span *s = l->spans[0].span;
	struct dnoise *d = arg;
	uint8_t frame[64];

	if (!s->nlegs || bearer_state(&s->legs[0]->bearer) != BEARER_T38 || d->sent >= 500)
		return;
	for (unsigned i = 0; i < 5; i++, d->sent++) {
		size_t n = random_next() % sizeof(frame);

		random_octets(frame, n);
		if (n > 3 && random_next() % 2) {
			frame[0] = random_next() & 0xfd;
			frame[1] |= 1;
			/* not an I frame; what would end or reset the link (DISC, DM, FRMR, SABME) is not sent */
			frame[2] |= 3;
			frame[2] &= 0x13;
		}
		line_mem_dframe(l->spans[0].line, frame, n);
	}
}

static void test_dchannel_noise(void **state)
{
	struct dnoise d = {0};
	struct fax_case c = {
		.name = "noise on the D channel", .from_line = *state != NULL, .on_step = dnoise_step, .arg = &d};
	struct fax_outcome o;

	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	random_state = 4 + c.from_line;
	fax_run(&c, "span 1: D channel: frame of ", &o);
	assert_int_equal(d.sent, 500);
	assert_true(o.has_text);
	fax_expect_whole(&c, &o);
	assert_int_equal(o.call.cause, 16);
}

/*
 * While SPOILING, every Q.931 message of the exchange is altered behind its call reference: other calls that it
 * makes.
 */
static bool spoiling;

static void spoil_q931(uint8_t *frame, size_t octets, void *unused)
{
	unsigned times = 1 + random_next() % 6;

	/* an I frame with a SETUP of Q.931 */
	if (!spoiling || octets < 12 || frame[2] & 1 || frame[4] != 8 || frame[8] != 5)
		return;
	while (times--)
		frame[9 + random_next() % (octets - 9)] = (uint8_t)random_next();
}

struct spoiled {
	unsigned calls;
};

static void spoiled_step(struct lab *l, void *arg)
{
	struct exchange_call call = {.parties = {.called = {.digits = LAB_NUMBER}, .calling = {.digits = LAB_CALLER}},
				     .hangup_ms = 100};
	const struct span *s = l->spans[0].span;
	struct spoiled *sp = arg;
	struct xcall *c;

	spoiling = s->nlegs && bearer_state(&s->legs[0]->bearer) == BEARER_T38 && sp->calls < 25;
	if (!spoiling || l->steps % 40)
		return;
	sp->calls++;
	exchange_call(l->spans[0].x, &call, &c);
}

static void test_spoiled_setups(void **state)
{
	struct spoiled sp = {0};
	struct fax_case c = {
		.name = "SETUPs that are spoiled",
		.from_line = *state != NULL,
		.on_step = spoiled_step,
		.arg = &sp,
		.on_dframe = spoil_q931,
		.lab = {.peer = {.answer = PEER_ANSWERS}},
	};
	struct fax_outcome o;

	c.lab.peer.hangup_done_ms = c.from_line ? 0 : 300;
	random_state = 77 + c.from_line;
	fax_run(&c, NULL, &o);
	assert_int_equal(sp.calls, 25);
	fax_expect_whole(&c, &o);
}

#define LEG_NO_SLOT 44 /* by_timeslot[] has 32 places, and legs[] stands right behind it */

/* CALL PROCEEDING puts the call on a channel that no E1 has. */
static void name_no_slot(uint8_t *frame, size_t octets, void *arg)
{
	static const uint8_t element[] = {0x18, 0x03, 0xA9, 0x83};
	uint8_t *p = memmem(frame, octets, element, sizeof(element));

	/* Q.931 table 4-2: CALL PROCEEDING is 0x02; address and control are 4 octets, then it is the 4th */
	if (p && octets > 8 && frame[8] == 0x02)
		p[sizeof(element)] = 0x80 | LEG_NO_SLOT;
}

static void test_no_such_channel(void **state)
{
	static const struct talk_params from_line = {.name = "from the line", .from_line = true},
					to_line = {.name = "put on a channel that no E1 has"};
	struct lab *l = talk_lab(&(struct lab_params){.on_dframe = name_no_slot});
	struct talk up[LEG_NO_SLOT - TIMESLOT_COUNT], t;

	for (unsigned i = 0; i < LEG_NO_SLOT - TIMESLOT_COUNT; i++) {
		talk_start(&up[i], l, &from_line);
		talk_until(&up[i], PSTN_UP, -1, 3000);
	}
	talk_start(&t, l, &to_line);
	lab_run(l, TALK_CLEARED_MS);
	assert_null(talk_leg(&t));
	assert_true(lab_log_has(l, "put the call on channel 44, which is not free"));
	for (unsigned i = 0; i < LEG_NO_SLOT - TIMESLOT_COUNT; i++)
		talk_hangup_peer(&up[i]);
	talk_until_idle(&t, TALK_CLEARED_MS);
	lab_close(l);
}

#define BOTH(name, test)                                                                                               \
	{name ", to the line", test, NULL, NULL, NULL},                                                                \
	{                                                                                                              \
		name ", from the line", test, NULL, NULL, (void *)1                                                    \
	}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		BOTH("noise on the D channel", test_dchannel_noise),
		BOTH("spoiled SETUPs", test_spoiled_setups),
		cmocka_unit_test(test_no_such_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
