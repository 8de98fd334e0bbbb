/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose media packets a bearer takes: thieves, strays, guessers, and peers behind a NAT. */
#include "bearer_rig.h"

static const struct media_policy latch = {.nat = MEDIA_NAT_LATCH, .nat_relatch_ms = 5000};

/* Somebody else's packet comes before the peer's first: the address of the SDP has it back as soon as it sends. */
static void test_thief_comes_first(void **state)
{
	struct rig r;

	rig_up_media(&r, true, &latch);
	rig_rtp(&r, r.elsewhere, 0x2A);
	rig_step(&r);
	rig_rtp(&r, r.rtp, 0x2A);
	rig_step(&r);
	rig_received(r.rtp, NULL);
	rig_received(r.elsewhere, NULL);
	rig_rtp(&r, r.elsewhere, 0x2A);
	rig_run(&r, 200);
	assert_true(rig_received(r.rtp, NULL) >= 9);
	assert_int_equal(rig_received(r.elsewhere, NULL), 0);
	assert_int_equal(r.bearer.rtp.foreign, 1);
	rig_close(&r);
}

/* A session refresh that says what was said before changes nothing for a peer behind a NAT. */
static void test_refresh_keeps_the_latch(void **state)
{
	struct rig r;

	rig_up_media(&r, true, &latch);
	rig_rtp(&r, r.elsewhere, 0x2A);
	rig_step(&r);
	rig_audio(&r);
	rig_received(r.elsewhere, NULL);
	rig_run(&r, 100);
	assert_int_equal(rig_received(r.elsewhere, NULL), 5);
	assert_true(r.bearer.rtp.latched);
	rig_close(&r);
}

/* A stranger that knows all of the peer's numbering but its address is heard in no way, nor answered. */
static void test_guessed_rtp(void **state)
{
	const enum media_nat *nat = *state;
	const struct media_policy m = {.nat = *nat, .nat_relatch_ms = 5000};
	struct udp *port;
	struct rig r;

	rig_up_media(&r, true, &m);
	port = rig_socket(&r, "192.0.2.9:7777");
	for (unsigned i = 0; i < 100; i++) {
		struct rtp_tx next;

		rig_rtp(&r, r.rtp, 0x2A);
		next = r.tx; /* the number that comes next: it would be played, and the peer's passed over */
		rig_rtp(&r, r.elsewhere, 0x55);
		r.tx = next;
		rig_rtp(&r, port, 0x55);
		r.tx = next;
		rig_step(&r);
		if (i > 10)
			for (unsigned o = 0; o < LINE_BLOCK; o++)
				assert_int_equal(r.to_line[o], 0x2A);
	}
	assert_int_equal(r.bearer.rtp.foreign, 200);
	assert_int_equal(rig_received(r.elsewhere, NULL), 0);
	assert_int_equal(rig_received(port, NULL), 0);
	assert_in_range(rig_received(r.rtp, NULL), 99, 100);
	rig_close(&r);
}

/* What a peer without NAT has said in its SDP holds from the first packet on. */
static void test_no_nat_first(void **state)
{
	struct rig r;

	rig_up(&r, true);
	for (unsigned i = 0; i < 20; i++) {
		rig_rtp(&r, r.elsewhere, 0x55);
		rig_step(&r);
		assert_int_equal(r.to_line[0], LINE_IDLE);
	}
	assert_int_equal(r.bearer.rtp.foreign, 20);
	assert_int_equal(r.bearer.report.rtp_rx, 0);
	rig_close(&r);
}

/* Noise does not latch, nor does RTP of a type that was not agreed, nor UDPTL that cannot be read. */
static void test_only_the_valid_latches(void **state)
{
	uint8_t pcmu[RTP_HEADER_OCTETS + LINE_BLOCK];
	struct rig r;

	rig_up_media(&r, true, &latch);
	udp_send(r.elsewhere, media_socket_local(&r.bearer.rtp, ADDR_IPV4), "noise, and of some length", 25);
	rtp_tx_build(&r.tx, 18, r.to_line, LINE_BLOCK, pcmu, sizeof(pcmu));
	udp_send(r.elsewhere, media_socket_local(&r.bearer.rtp, ADDR_IPV4), pcmu, sizeof(pcmu));
	rig_step(&r);
	assert_false(r.bearer.rtp.latched);
	rig_image(&r);
	udp_send(r.elsewhere, media_socket_local(&r.bearer.udptl, ADDR_IPV4), "x", 1);
	rig_step(&r);
	assert_false(r.bearer.udptl.latched);
	rig_close(&r);
}

/* The NAT has given the peer another port while the media was T.38. */
static void test_rebound_after_t38(void **state)
{
	struct udp *inside, *rebound;
	struct rig r;

	rig_up_media(&r, true, &latch);
	inside = rig_socket(&r, "203.0.113.5:1111");
	rebound = rig_socket(&r, "203.0.113.5:2222");
	for (unsigned i = 0; i < 50; i++) {
		rig_rtp(&r, inside, 0x2A);
		rig_step(&r);
	}
	rig_image(&r);
	rig_run(&r, 30000);
	rig_audio(&r);
	for (unsigned i = 0; i < 50; i++) {
		rig_rtp(&r, r.elsewhere, 0x55); /* a stranger is quicker */
		rig_rtp(&r, rebound, 0x2A);
		rig_step(&r);
	}
	assert_int_equal(r.bearer.rtp.foreign, 50);
	assert_in_range(rig_received(rebound, NULL), 49, 50);
	assert_int_equal(rig_received(r.elsewhere, NULL), 0);
	rig_close(&r);
}

/* The call goes to another peer, of another sort. */
static void test_policy_of_the_next_peer(void **state)
{
	struct rig r = {.media = {.nat = MEDIA_NAT_NO}};

	assert_int_equal(rig_open(&r, false), 0);
	rig_sockets(&r);
	bearer_set_policy(&r.bearer, &latch);
	rig_audio(&r);
	rig_rtp(&r, r.elsewhere, 0x2A);
	rig_step(&r);
	assert_true(r.bearer.rtp.latched);
	rig_close(&r);
}

int main(void)
{
	static enum media_nat no = MEDIA_NAT_NO, symmetric = MEDIA_NAT_SYMMETRIC, any = MEDIA_NAT_LATCH;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thief_comes_first),
		cmocka_unit_test(test_refresh_keeps_the_latch),
		{"guessed RTP, no NAT", test_guessed_rtp, NULL, NULL, &no},
		{"guessed RTP, symmetric", test_guessed_rtp, NULL, NULL, &symmetric},
		{"guessed RTP, latch", test_guessed_rtp, NULL, NULL, &any},
		cmocka_unit_test(test_no_nat_first),
		cmocka_unit_test(test_only_the_valid_latches),
		cmocka_unit_test(test_rebound_after_t38),
		cmocka_unit_test(test_policy_of_the_next_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
