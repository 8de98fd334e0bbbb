/* SPDX-License-Identifier: GPL-2.0-only */
/* REGISTER to a peer: granted, challenged, refused, refreshed, taken back; and what a registrar may say to it. */
#include <errno.h>

#include "sip/registration_own.h"
#include "sip/session_own.h"
#include "wire_rig.h"

#define HEAD	  "Via: {Via}\nFrom: {From}\nTo: {To};tag=far\nCall-ID: {Call-ID}\nCSeq: {CSeq}\n"
#define OK(extra) "SIP/2.0 200 OK\n" HEAD extra RIG_NO_SDP
#define CHALLENGE(nonce, more)                                                                                         \
	"SIP/2.0 401 Who\n" HEAD "WWW-Authenticate: Digest realm=\"reg\", nonce=\"" nonce                              \
	"\", qop=\"auth\", algorithm=MD5" more "\n" RIG_NO_SDP
#define REFUSE(status, extra) "SIP/2.0 " status " No\n" HEAD extra RIG_NO_SDP
#define S		      1000u

static const struct sip_peer_params provider = {
	.register_user = "+493012", .register_expires_s = 3600, .auth_user = "u", .auth_secret = "p"};

static int setup(void **state)
{
	return rig_open(state, &provider);
}

static int setup_domain(void **state)
{
	static const struct sip_peer_params p = {
		.register_user = "fax", .register_domain = "provider.example", .register_expires_s = 120};

	return rig_open(state, &p);
}

static struct sip_registration known(const struct wire *w)
{
	return sip_stack_registration(w->stack, 0);
}

/* The next REGISTER comes between FROM_S and TO_S from now. */
static void expect_between(struct wire *w, unsigned from_s, unsigned to_s)
{
	int64_t begin_us = clock_sim_now_us(), after_us;

	wire_expect(w, "REGISTER ", to_s * S);
	after_us = clock_sim_now_us() - begin_us;
	if (after_us < from_s * SEC_US)
		fail_msg("after %lld ms", (long long)(after_us / 1000));
}

static void granted(void **state)
{
	struct wire *w = *state;
	char text[512], id[128];

	wire_expect(w, "REGISTER sip:10.0.0.2 SIP/2.0\r\n", 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_TRYING);
	assert_string_equal(wire_header(w, "To", text, sizeof(text)), "<sip:+493012@10.0.0.2>");
	assert_non_null(strstr(wire_header(w, "From", text, sizeof(text)), "<sip:+493012@10.0.0.2>;tag="));
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "<sip:+493012@10.0.0.1:5060>;expires=3600");
	assert_string_equal(wire_header(w, "Expires", text, sizeof(text)), "3600");
	assert_string_equal(wire_header(w, "CSeq", text, sizeof(text)), "1 REGISTER");
	wire_header(w, "Call-ID", id, sizeof(id));
	/* ours is the second; the first is somebody else's, and the header is for neither */
	wire_send(w, OK("Contact: <sip:+493012@10.0.0.7:5060>;expires=20, <sip:+493012@10.0.0.1:5060>;expires=600\n"
			"Expires: 60\n"));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_YES);
	assert_in_range((known(w).until_us - clock_sim_now_us()) / SEC_US, 598, 600);
	/* refreshed with 90 s left, and up to a sixteenth earlier */
	expect_between(w, 478, 511);
	assert_string_equal(wire_header(w, "CSeq", text, sizeof(text)), "2 REGISTER");
	assert_string_equal(wire_header(w, "Call-ID", text, sizeof(text)), id);
	assert_int_equal(known(w).state, SIP_REGISTERED_YES);
	wire_send(w, OK("Expires: 60\n"));
	expect_between(w, 28, 31);
	/* neither: what we asked for */
	wire_send(w, OK(""));
	expect_between(w, 3290, 3511);
}

static void challenged(void **state)
{
	struct wire *w = *state;
	char text[512];

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, CHALLENGE("n1", ""));
	wire_expect(w, "REGISTER ", 10);
	assert_string_equal(wire_header(w, "CSeq", text, sizeof(text)), "2 REGISTER");
	wire_header(w, "Authorization", text, sizeof(text));
	assert_non_null(strstr(text, "username=\"u\", realm=\"reg\", nonce=\"n1\", uri=\"sip:10.0.0.2\""));
	assert_non_null(strstr(text, "nc=00000001"));
	wire_send(w, OK("Expires: 100\n"));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_YES);
	/* what was learned goes with the refresh; the nonce is too old by then */
	expect_between(w, 40, 51);
	assert_non_null(strstr(wire_header(w, "Authorization", text, sizeof(text)), "nc=00000002"));
	wire_send(w, CHALLENGE("n2", ", stale=true"));
	wire_expect(w, "REGISTER ", 10);
	assert_non_null(strstr(wire_header(w, "Authorization", text, sizeof(text)), "nonce=\"n2\""));
	wire_send(w, OK("Expires: 100\n"));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_YES);
}

static void wrong_password(void **state)
{
	struct wire *w = *state;

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, CHALLENGE("n1", ""));
	wire_expect(w, "REGISTER ", 10);
	wire_send(w, CHALLENGE("n1", ""));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_FAILED);
	assert_string_equal(known(w).why, "401 Unauthorized: it does not take auth_user and auth_secret");
	/* 30 to 60 s, then 60 to 120 s: the first answer to a new challenge is tried again each time */
	expect_between(w, 29, 61);
	wire_send(w, REFUSE("403", ""));
	wire_run(w, 10);
	assert_string_equal(known(w).why, "403 Forbidden");
	expect_between(w, 59, 121);
	wire_send(w, REFUSE("503", "Retry-After: 300\n"));
	expect_between(w, 299, 302);
	wire_send(w, OK(""));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_YES);
	assert_string_equal(known(w).why, "");
}

static void too_brief(void **state)
{
	struct wire *w = *state;
	char text[64];

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, REFUSE("423", "Min-Expires: 7200\n"));
	wire_expect(w, "REGISTER ", 10);
	assert_string_equal(wire_header(w, "Expires", text, sizeof(text)), "7200");
	/* once an attempt: it shall not lead us up and up */
	wire_send(w, REFUSE("423", "Min-Expires: 7300\n"));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_FAILED);
	assert_string_equal(known(w).why, "423 Interval Too Brief");
}

static void silence(void **state)
{
	struct wire *w = *state;

	wire_expect(w, "REGISTER ", 10);
	wire_run(w, 32500);
	assert_int_equal(known(w).state, SIP_REGISTERED_FAILED);
	assert_string_equal(known(w).why, "no response");
	while (wire_comes(w, "REGISTER ", 1)) /* those that were sent again */
		;
	expect_between(w, 28, 61);
	wire_send(w, OK(""));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_YES);
}

/* A refresh that fails leaves what was granted as it is, and is tried again before that ends. */
static void refresh_fails(void **state)
{
	struct wire *w = *state;

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, OK("Expires: 600\n"));
	expect_between(w, 470, 511);
	wire_send(w, REFUSE("500", ""));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_YES);
	assert_string_equal(known(w).why, "500 Server Internal Error");
	expect_between(w, 29, 61);
	wire_send(w, REFUSE("500", ""));
	wire_run(w, 130000);
	assert_int_equal(known(w).state, SIP_REGISTERED_FAILED);
}

static void taken_back(void **state)
{
	struct wire *w = *state;
	char text[256];

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, OK(""));
	wire_run(w, 1000);
	sip_stack_drain(w->stack);
	assert_true(sip_stack_is_leaving(w->stack));
	wire_expect(w, "REGISTER ", 10);
	assert_string_equal(wire_header(w, "Contact", text, sizeof(text)), "<sip:+493012@10.0.0.1:5060>;expires=0");
	wire_send(w, CHALLENGE("n1", ""));
	wire_expect(w, "REGISTER ", 10);
	assert_string_equal(wire_header(w, "Expires", text, sizeof(text)), "0");
	assert_non_null(strstr(wire_header(w, "Authorization", text, sizeof(text)), "nonce=\"n1\""));
	wire_send(w, OK(""));
	wire_run(w, 10);
	assert_false(sip_stack_is_leaving(w->stack));
	assert_int_equal(known(w).state, SIP_REGISTERED_ENDED);
	sip_stack_drain(w->stack);
	wire_expect_nothing(w, 10000);
}

/* A peer that does not answer does not hold up the end; one that never had us is not asked. */
static void end_without_answer(void **state)
{
	struct wire *w = *state;

	wire_expect(w, "REGISTER ", 10);
	sip_stack_drain(w->stack);
	wire_expect(w, "REGISTER ", 10);
	wire_run(w, REGISTRATION_LEAVE_MS - 50);
	assert_true(sip_stack_is_leaving(w->stack));
	wire_run(w, 100);
	assert_false(sip_stack_is_leaving(w->stack));
}

static void end_of_failure(void **state)
{
	struct wire *w = *state;

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, REFUSE("404", ""));
	wire_run(w, 10);
	sip_stack_drain(w->stack);
	assert_false(sip_stack_is_leaving(w->stack));
	wire_expect_nothing(w, 100000);
	assert_int_equal(known(w).state, SIP_REGISTERED_ENDED);
}

static void with_domain(void **state)
{
	struct wire *w = *state;
	char text[256];

	wire_expect(w, "REGISTER sip:provider.example SIP/2.0\r\n", 10);
	assert_string_equal(wire_header(w, "To", text, sizeof(text)), "<sip:fax@provider.example>");
	wire_send(w, CHALLENGE("n1", ""));
	wire_run(w, 10);
	assert_string_equal(known(w).why, "401 Unauthorized: no auth_user is configured for it");
}

/* The connection that it went by is gone: at once, not when the time is over. Another's is not ours. */
static void connection_lost(void **state)
{
	struct wire *w = *state;
	struct sip_hop hop = {.transport = SIP_UDP};

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, OK(""));
	wire_run(w, 1000);
	assert_int_equal(addr_parse(&hop.addr, "10.0.0.3:5060", 0), 0);
	registrations_lost(w->stack->registrations, 1, &hop);
	wire_expect_nothing(w, 1000);
	assert_int_equal(addr_parse(&hop.addr, "10.0.0.2:5060", 0), 0);
	registrations_lost(w->stack->registrations, 1, &hop);
	wire_expect(w, "REGISTER ", 10);
	registrations_lost(w->stack->registrations, 1, &hop); /* one is under way */
	wire_expect_nothing(w, 400);
}

/* What makes no sense: an absurd or negative time, none at all for us, Min-Expires missing or below. */
static void nonsense(void **state)
{
	struct wire *w = *state;

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, OK("Expires: -1\nContact: <sip:x@y>;expires=, \"\" <sip:+493012@10.0.0.1:5060>;expires=abc\n"));
	wire_run(w, 10);
	assert_in_range((known(w).until_us - clock_sim_now_us()) / SEC_US, 3598, 3600);
	expect_between(w, 3290, 3511);
	wire_send(w, OK("Expires: 99999999999999999999\n"));
	wire_run(w, 10);
	assert_in_range((known(w).until_us - clock_sim_now_us()) / SEC_US, 1, 31 * 24 * 3600);
	sip_stack_drain(w->stack);
	wire_expect(w, "REGISTER ", 10);
}

static void for_nothing(void **state)
{
	struct wire *w = *state;

	wire_expect(w, "REGISTER ", 10);
	wire_send(w, OK("Contact: <sip:+493012@10.0.0.1>;expires=0\n"));
	wire_run(w, 10);
	assert_int_equal(known(w).state, SIP_REGISTERED_FAILED);
	expect_between(w, 29, 61);
	wire_send(w, REFUSE("423", ""));
	wire_run(w, 10);
	assert_string_equal(known(w).why, "423 Interval Too Brief");
}

static void times(void **state)
{
	for (uint32_t r = 0; r < 4000000000u; r += 99999999u) {
		assert_in_range(registration_backoff_ms(1, r), 30000, 60000);
		assert_in_range(registration_backoff_ms(2, r), 60000, 120000);
		assert_in_range(registration_backoff_ms(7, r), 900000, 1800000);
		assert_in_range(registration_backoff_ms(4000000000u, r), 900000, 1800000);
		assert_in_range(registration_refresh_ms(3600, r), 3290000, 3510000);
		assert_in_range(registration_refresh_ms(60, r), 28000, 30000);
		assert_in_range(registration_refresh_ms(1, r), 460, 500);
	}
}

static void table(void **state)
{
	const char *wrong = fsm_check(&registration_fsm, UINT64_C(1) << REGISTRATION_GONE);
	uint64_t ends = UINT64_C(1) << REGISTRATION_OFF | UINT64_C(1) << REGISTRATION_GONE;

	if (wrong)
		fail_msg("%s", wrong);
	for (size_t i = 0; i < registration_fsm.ntimeouts; i++)
		ends |= UINT64_C(1) << registration_fsm.timeouts[i].state;
	assert_int_equal(ends, (UINT64_C(1) << registration_fsm.nstates) - 1);
}

/* Each allocation fails once, from the first REGISTER to its 200 after a challenge. */
static int registers(void *arg)
{
	struct wire *w = arg;
	int err = wire_open_with(w, &provider);

	if (err)
		return err;
	if (wire_comes(w, "REGISTER ", 10)) {
		wire_send(w, CHALLENGE("n1", ""));
		if (wire_comes(w, "REGISTER ", 10))
			wire_send(w, OK(""));
	}
	wire_run(w, 10);
	if (known(w).state != SIP_REGISTERED_YES)
		err = ENOMEM;
	wire_close(w);
	return err;
}

static void no_memory(void **state)
{
	static struct wire w;

	assert_true(fault_run(registers, &w, 1) > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(granted, setup, rig_close),
		cmocka_unit_test_setup_teardown(challenged, setup, rig_close),
		cmocka_unit_test_setup_teardown(wrong_password, setup, rig_close),
		cmocka_unit_test_setup_teardown(too_brief, setup, rig_close),
		cmocka_unit_test_setup_teardown(silence, setup, rig_close),
		cmocka_unit_test_setup_teardown(refresh_fails, setup, rig_close),
		cmocka_unit_test_setup_teardown(taken_back, setup, rig_close),
		cmocka_unit_test_setup_teardown(end_without_answer, setup, rig_close),
		cmocka_unit_test_setup_teardown(end_of_failure, setup, rig_close),
		cmocka_unit_test_setup_teardown(with_domain, setup_domain, rig_close),
		cmocka_unit_test_setup_teardown(connection_lost, setup, rig_close),
		cmocka_unit_test_setup_teardown(nonsense, setup, rig_close),
		cmocka_unit_test_setup_teardown(for_nothing, setup, rig_close),
		cmocka_unit_test(times),
		cmocka_unit_test(table),
		cmocka_unit_test(no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
