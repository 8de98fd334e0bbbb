/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_link: messages made by hand, as no libpri sends them.
 */
#include "tests/unit/pri_rig.h"

/* The link with a peer of hand-made frames. */
struct hand {
	struct rig *r;
	enum isdn_side side; /* the link's */
	uint8_t ns, nr;	     /* as in the control octets: times 2 */
};

static void hand_i(struct hand *h, const void *q931, size_t n)
{
	/* Q.921 table 1: C/R is 1 in a command of the network. */
	uint8_t f[400] = {h->side == ISDN_TE ? 0x02 : 0x00, 0x01, h->ns, 0};

	/* It acknowledges all that we have sent so far. */
	for (struct frame *s; (s = wire_get(&h->r->to_x));) {
		if (s->octets >= 4 && !(s->p[2] & 1))
			h->nr = (uint8_t)(s->p[2] + 2);
	}
	f[3] = h->nr;
	memcpy(f + 4, q931, n);
	pri_link_receive(h->r->link, f, n + 4);
	h->ns = (uint8_t)(h->ns + 2);
}

static struct rig *hand_open(struct hand *h, enum isdn_side side)
{
	const uint8_t ua[] = {side == ISDN_TE ? 0x00 : 0x02, 0x01, 0x73};
	struct rig *r = &the_rig;

	rig_open_as(r, side, ISDN_EUROISDN);
	exchange_free(r->x);
	r->x = NULL;
	for (int i = 0; i < 200 && !pri_link_is_up(r->link); i++) {
		clock_sim_advance_us(20 * MS_US);
		pri_link_run(r->link);
		if (wire_get(&r->to_x))
			pri_link_receive(r->link, ua, sizeof(ua));
	}
	assert_true(pri_link_is_up(r->link));
	*h = (struct hand){.r = r, .side = side};
	return r;
}

/* A SETUP with a call reference of 2 octets, bearer 3.1 kHz A-law, channel 1 exclusive, and 2 digits. */
#define HAND_SETUP(cref)                                                                                               \
	0x08, 0x02, 0x00, cref, 0x05, 0x04, 0x03, 0x90, 0x90, 0xA3, 0x18, 0x03, 0xA9, 0x83, 0x81, 0x70, 0x03, 0x81,    \
		'1', '2'

#define HAND(h, ...) hand_i(h, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void test_wrong_call_references(void **state)
{
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);
	struct seen *s;

	HAND(&h, HAND_SETUP(1));
	assert_int_equal(r->nseen, 1);
	s = &r->seen[0];
	assert_string_equal(s->last_setup.parties.called.digits, "12");
	/* RESTART on the call's own reference would make libpri forget what the call is. */
	HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x46, 0x79, 0x01, 0x80);
	HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x4E);
	/* SETUP on the global one, without one, and with one too long. */
	HAND(&h, HAND_SETUP(0));
	HAND(&h, 0x08, 0x00, 0x05, 0x04, 0x03, 0x90, 0x90, 0xA3);
	HAND(&h, 0x08, 0x0F, 0x00, 0x00, 0x01, 0x05);
	HAND(&h, 0x08, 0x03, 0x00, 0x00, 0x01, 0x05);
	HAND(&h, 0x08, 0x02, 0x00);
	HAND(&h, 0x08);
	assert_int_equal(r->nseen, 1);
	assert_int_equal(r->restarted, 0);
	assert_int_equal(r->restart_done, 0);
	/* The frames were counted all the same: the next is taken. */
	HAND(&h, HAND_SETUP(2));
	assert_int_equal(r->nseen, 2);
	assert_int_equal(pri_call_alerting(s->call, false), 0);
	HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x5A, 0x08, 0x02, 0x80, 0x90);
	HAND(&h, 0x08, 0x02, 0x00, 0x02, 0x5A, 0x08, 0x02, 0x80, 0x90);
	assert_int_equal(s->last_gone.cause, 16);
	rig_close(r);
}

/* libpri frees an incoming call without an event when it is released before we have answered. */
static void test_released_before_answer(void **state)
{
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);

	r->reply = REPLY_NONE;
	for (unsigned i = 0; i < 3; i++) {
		HAND(&h, HAND_SETUP(1));
		assert_int_equal(r->nseen, i + 1);
		if (i == 0)
			HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x5A, 0x08, 0x02, 0x80, 0x90); /* RELEASE COMPLETE */
		else if (i == 1)
			HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x4D, 0x08, 0x02, 0x80, 0x90); /* RELEASE */
		else
			HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x7D, 0x08, 0x02, 0x80, 0xE5, 0x14, 0x01,
			     0x00); /* STATUS, null */
		assert_int_equal(r->seen[i].gone, 1);
		/* A stale pointer is harmless. */
		pri_call_clear(r->seen[i].call, Q850_NORMAL);
		pri_call_abandon(r->seen[i].call);
		pri_call_set_arg(r->seen[i].call, NULL);
		assert_int_equal(pri_call_proceeding(r->seen[i].call, 1), EIO);
		assert_int_equal(pri_call_progress(r->seen[i].call, 0), EIO);
	}
	rig_close(r);
}

static void test_setup_without_a_b_channel(void **state)
{
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);

	/* Channel 77; and a "D channel call". */
	HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x05, 0x04, 0x03, 0x90, 0x90, 0xA3, 0x18, 0x03, 0xA9, 0x83, 0x80 | 77, 0x70,
	     0x03, 0x81, '1', '2');
	HAND(&h, 0x08, 0x02, 0x00, 0x02, 0x05, 0x04, 0x03, 0x90, 0x90, 0xA3, 0x18, 0x01, 0xAC, 0x70, 0x03, 0x81, '1',
	     '2');
	/* Channel 1 of interface 1, of a group that shares the D channel. */
	HAND(&h, 0x08, 0x02, 0x00, 0x04, 0x05, 0x04, 0x03, 0x90, 0x90, 0xA3, 0x18, 0x04, 0xE9, 0x81, 0x83, 0x81, 0x70,
	     0x03, 0x81, '1', '2');
	/* No bearer, a mandatory element: libpri refuses it by itself (cause 96). */
	HAND(&h, 0x08, 0x02, 0x00, 0x03, 0x05, 0x18, 0x03, 0xA9, 0x83, 0x81, 0x70, 0x03, 0x81, '1', '2');
	assert_int_equal(r->nseen, 0);
	/* Of interface 0: ours. */
	HAND(&h, 0x08, 0x02, 0x00, 0x05, 0x05, 0x04, 0x03, 0x90, 0x90, 0xA3, 0x18, 0x04, 0xE9, 0x80, 0x83, 0x81, 0x70,
	     0x03, 0x81, '1', '2');
	assert_int_equal(r->nseen, 1);
	assert_int_equal(r->seen[0].last_setup.channel, 1);
	HAND(&h, 0x08, 0x02, 0x00, 0x05, 0x5A, 0x08, 0x02, 0x80, 0x90);
	assert_int_equal(r->seen[0].gone, 1);
	/* RESTART of channel 77, then of all. */
	HAND(&h, 0x08, 0x02, 0x00, 0x00, 0x46, 0x18, 0x03, 0xA9, 0x83, 0x80 | 77, 0x79, 0x01, 0x80);
	assert_int_equal(r->restarted, 0);
	HAND(&h, 0x08, 0x02, 0x00, 0x00, 0x46, 0x79, 0x01, 0x87);
	assert_int_equal(r->restarted, 1);
	assert_int_equal(r->last_restart, 0);
	/* And of three in a list. */
	HAND(&h, 0x08, 0x02, 0x00, 0x00, 0x46, 0x18, 0x05, 0xA9, 0x83, 1, 2, 0x83, 0x79, 0x01, 0x80);
	assert_int_equal(r->restarted, 4);
	assert_int_equal(r->last_restart, 3);
	rig_close(r);
}

/* RESTART of the D channel, which nobody can mean: it changes nothing of those that come after it, or are sent. */
static void test_restart_of_the_d_channel(void **state)
{
	static const uint8_t channel_5[] = {0x18, 0x03, 0xA9, 0x83, 0x85};
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);
	bool sent = false;

	HAND(&h, 0x08, 0x02, 0x00, 0x00, 0x46, 0x18, 0x01, 0xAC, 0x79, 0x01, 0x80);
	HAND(&h, 0x08, 0x02, 0x00, 0x00, 0x46, 0x18, 0x03, 0xAD, 0x83, 0x85, 0x79, 0x01, 0x80);
	HAND(&h, 0x08, 0x02, 0x80, 0x00, 0x4E, 0x18, 0x03, 0xAD, 0x83, 0x85, 0x79, 0x01, 0x80);
	assert_int_equal(r->restarted, 0);
	while (wire_get(&h.r->to_x))
		;
	assert_int_equal(pri_link_restart(r->link, 5), 0);
	for (struct frame *s; (s = wire_get(&h.r->to_x));)
		sent |= memmem(s->p, s->octets, channel_5, sizeof(channel_5)) != NULL;
	assert_true(sent);
	HAND(&h, 0x08, 0x02, 0x00, 0x00, 0x46, 0x18, 0x03, 0xA9, 0x83, 0x8C, 0x79, 0x01, 0x80);
	assert_int_equal(r->restarted, 1);
	assert_int_equal(r->last_restart, 12);
	rig_close(r);
}

/* A call of 1 octet of call reference, and a called number as keypad digits. */
static void test_odd_setups(void **state)
{
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);

	HAND(&h, 0x08, 0x01, 0x05, 0x05, 0x04, 0x03, 0x80, 0x90, 0xA2, 0x18, 0x03, 0xA1, 0x83, 0x81, 0x2C, 0x03, '1',
	     '2', '3');
	assert_int_equal(r->nseen, 1);
	assert_string_equal(r->seen[0].last_setup.parties.called.digits, "123");
	assert_false(r->seen[0].last_setup.speech); /* mu-law */
	assert_false(r->seen[0].last_setup.channel_exclusive);
	HAND(&h, 0x08, 0x01, 0x05, 0x5A);
	assert_int_equal(r->seen[0].gone, 1);
	assert_int_not_equal(r->seen[0].last_gone.cause, 0);
	rig_close(r);
}

/* The message types of the I frames we have sent since this was last asked. */
static const char *sent_types(struct hand *h)
{
	static char types[200];
	size_t n = 0;

	types[0] = '\0';
	for (struct frame *s; (s = wire_get(&h->r->to_x));) {
		if (s->octets < 5 || s->p[2] & 1)
			continue;
		h->nr = (uint8_t)(s->p[2] + 2);
		n += (size_t)snprintf(types + n, sizeof(types) - n, "%02X:%02X ", s->p[4],
				      s->p[7 + (s->p[5] & 15) - 1]);
		assert_true(n < sizeof(types));
	}
	return types;
}

/* Messages that libpri would answer, or act on, and that are hidden from it. */
static void test_hidden(void **state)
{
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);

	HAND(&h, 0x08, 0x02, 0x00, 0x07,
	     0x75); /* STATUS ENQUIRY of no call: it is answered, so the rest would be too */
	assert_string_equal(sent_types(&h), "08:5A ");
	HAND(&h, 0x08, 0x00, 0x75); /* without a call reference */
	HAND(&h, 0x08, 0x00, 0x45, 0x08, 0x02, 0x80, 0x90);
	HAND(&h, 0x08, 0x00, 0x46, 0x79, 0x01, 0x87);
	HAND(&h, 0x08, 0x03, 0x00, 0x00, 0x07, 0x75);
	HAND(&h, 0x08, 0x02, 0x00, 0x00, 0x75); /* on the global one */
	/* SERVICE with what does not belong there, and cut */
	HAND(&h, 0x03, 0x02, 0x00, 0x00, 0x0F, 0x4C, 0x00);
	HAND(&h, 0x03, 0x02, 0x00, 0x00, 0x0F, 0x18, 0x03, 0xA9, 0x83);
	assert_string_equal(sent_types(&h), "");
	HAND(&h, 0x03, 0x02, 0x00, 0x00, 0x0F, 0x01, 0x01, 0xC0, 0x18, 0x03, 0xA9, 0x83, 0x81);
	assert_string_equal(sent_types(&h), "03:07 ");
	assert_int_equal(r->restarted, 0);
	rig_close(r);
}

static void test_frames_not_taken(void **state)
{
	static const uint8_t ui[] = {0x02, 0x01, 0x03, HAND_SETUP(9)};
	uint8_t longest[300] = {HAND_SETUP(9)};
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);

	pri_link_receive(r->link, ui, sizeof(ui));
	hand_i(&h, longest, 261);
	assert_int_equal(r->nseen, 0);
	/* It was not counted: its number is still awaited. */
	h.ns = 0;
	memset(longest + 20, 0x80 | 0x21, sizeof(longest) - 20);
	hand_i(&h, longest, 260);
	assert_int_equal(r->nseen, 1);
	pri_call_clear(r->seen[0].call, Q850_NORMAL);
	HAND(&h, 0x08, 0x02, 0x00, 0x09, 0x5A);
	rig_close(r);
}

/* The user side waits for CONNECT ACKNOWLEDGE; the network side need not (Q.931 5.2.8). */
static void test_connect_acknowledge(void **state)
{
	FOR_BOTH_SIDES(side)
	{
		struct hand h;
		struct rig *r = hand_open(&h, side);
		struct seen *s = &r->seen[0];

		HAND(&h, HAND_SETUP(1));
		assert_int_equal(pri_call_answer(s->call), 0);
		assert_int_equal(s->connected, 0);
		pri_link_run(r->link);
		assert_int_equal(s->connected, side == ISDN_NT);
		HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x0F);
		HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x0F);
		assert_int_equal(s->connected, 1);
		HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x5A, 0x08, 0x02, 0x80, 0x90);
		assert_int_equal(s->last_gone.cause, Q850_NORMAL);
		rig_close(r);
	}
}

/* Time passes; the peer keeps the data link up, and says nothing else. */
static void hand_run(struct hand *h, unsigned ms)
{
	for (unsigned t = 0; t < ms; t += STEP_MS) {
		clock_sim_advance_us(STEP_MS * MS_US);
		pri_link_run(h->r->link);
		for (struct frame *s; (s = wire_get(&h->r->to_x));) {
			const bool poll = s->octets == 4 && s->p[2] == 0x01 && s->p[3] & 1;
			const bool is_i = s->octets > 4 && !(s->p[2] & 1);
			uint8_t rr[] = {0x00, 0x01, 0x01, 0};

			if (is_i)
				h->nr = (uint8_t)(s->p[2] + 2);
			rr[3] = h->nr | poll;
			if (is_i || poll)
				pri_link_receive(h->r->link, rr, sizeof(rr));
		}
	}
}

/* CONNECT ACKNOWLEDGE crosses our DISCONNECT: libpri stops T305 for it, and would wait for ever if RELEASE does not
 * come. */
static void test_forced(void **state)
{
	struct hand h;
	struct rig *r = hand_open(&h, ISDN_TE);

	HAND(&h, HAND_SETUP(1));
	assert_int_equal(pri_call_answer(r->seen[0].call), 0);
	pri_call_clear(r->seen[0].call, Q850_NORMAL);
	HAND(&h, 0x08, 0x02, 0x00, 0x01, 0x0F);
	hand_run(&h, 39000);
	assert_int_equal(r->seen[0].gone, 0);
	hand_run(&h, 2000);
	assert_int_equal(r->seen[0].gone, 1);
	assert_int_equal(r->downs, 0);
	rig_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_call_references),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_frames_not_taken),
		cmocka_unit_test(test_connect_acknowledge),
		cmocka_unit_test(test_released_before_answer),
		cmocka_unit_test(test_setup_without_a_b_channel),
		cmocka_unit_test(test_restart_of_the_d_channel),
		cmocka_unit_test(test_odd_setups),
		cmocka_unit_test(test_forced),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
