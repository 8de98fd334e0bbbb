/* SPDX-License-Identifier: GPL-2.0-only */
/* The relay's contract: every modem both ways, what a span allows, what is no packet. */
#include "tests/unit/fault.h"
#include "tests/unit/relay_wire.h"

static void test_plain(void **state)
{
	size_t i;
	int line_calls;
	struct wire w;
	struct relay_stats stats;
	struct relay_parts sent_parts;
	double took;

	assert_int_equal(page_make(sent, 3, 150, PAGE_TEXT, 5), 0);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		for (line_calls = 0; line_calls < 2; line_calls++) {
			memset(&w, 0, sizeof(w));
			assert_int_equal(page_make(sent, 3, 120, plain[i].kind, 5), 0);
			wire_init(&w, line_calls, &standard, plain[i].ecm, plain[i].modems);
			took = wire_run(&w);
			print_message("%s from the %s: %.1f s, %u bit/s, %u FTT\n", plain[i].name,
				      line_calls ? "line" : "peer", took, w.rate, w.ftt);
			check(&w, 3);
			assert_int_equal(w.rate, plain[i].rate);
			assert_int_equal(relay_stats(w.relay).rate, plain[i].rate);
			assert_int_equal(w.ftt, 0);
			assert_int_equal(relay_stats(w.relay).ifp_bad, 0);
			stats = relay_stats(w.relay);
			assert_int_equal(stats.line_commands_lost, 0);
			sent_parts = stats.parts[line_calls ? T30_FROM_LINE : T30_FROM_PEER];
			assert_int_equal(sent_parts.bad, 0);
			if (plain[i].ecm)
				assert_true(sent_parts.all > 3);
			else
				assert_int_equal(sent_parts.all, 3 * 120);
			wire_fini(&w);
		}
	}
}

/* The line spoils the message after the page: it is counted, for who is to blame when the peer knows no better; but not
 * if the peer spoke itself then. */
static void test_lost_command(void **state)
{
	struct wire w;

	assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
	for (unsigned i = 0; i < 2 * sizeof(plain) / sizeof(plain[0]); i++) {
		memset(&w, 0, sizeof(w));
		w.garbled = true;
		w.talked_over = i % 2;
		wire_init(&w, true, &standard, plain[i / 2].ecm, plain[i / 2].modems);
		wire_run(&w);
		print_message("%s: %u preambles, %u DIS\n", plain[i / 2].name, w.preambles, w.dis);
		assert_int_equal(relay_stats(w.relay).line_commands_lost, i % 2 ? 0 : 1);
		assert_int_equal(relay_stats(w.relay).line_pages_lost, 0);
		wire_fini(&w);
	}
}

/* T.38's later versions write the fields of a packet otherwise. */
static void test_versions(void **state)
{
	assert_int_equal(page_make(sent, 1, 200, PAGE_TEXT, 5), 0);
	for (unsigned version = 1; version < 4; version++) {
		for (unsigned i = 0; i < 4; i++) {
			struct wire w = {.version = version};

			wire_init(&w, i & 1, &standard, i & 2, FAX_MODEM_ALL);
			wire_run(&w);
			check(&w, 1);
			assert_int_equal(w.rate, 14400);
			assert_int_equal(relay_stats(w.relay).ifp_bad, 0);
			wire_fini(&w);
		}
	}
}

static const struct {
	unsigned max_rate, modems, first_rate, rate, ftt;
} rates[] = {
	{14400, FAX_MODEM_ALL, 14400, 14400, 0},
	{12000, FAX_MODEM_ALL, 14400, 12000, 1},
	{9600, FAX_MODEM_ALL, 9600, 9600, 0},
	{7200, FAX_MODEM_ALL, 9600, 7200, 1},
	{4800, FAX_MODEM_ALL, 4800, 4800, 0},
	{2400, FAX_MODEM_ALL, 2400, 2400, 0},
	{14400, FAX_MODEM_V27TER | FAX_MODEM_V29, 9600, 9600, 0},
	{14400, FAX_MODEM_V27TER, 4800, 4800, 0},
};

/* Two machines that can do everything are kept within what the span allows. */
static void test_limits(void **state)
{
	struct fax_params fax = standard;
	size_t i;
	int line_calls;
	struct wire w;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		for (line_calls = 0; line_calls < 2; line_calls++) {
			memset(&w, 0, sizeof(w));
			fax.max_rate = rates[i].max_rate;
			fax.modems = rates[i].modems;
			assert_int_equal(page_make(sent, 1, 60, PAGE_TEXT, 5), 0);
			wire_init(&w, line_calls, &fax, true, FAX_MODEM_ALL);
			wire_run(&w);
			print_message("limit %u from the %s: DCS %u, then %u, %u FTT\n", rates[i].max_rate,
				      line_calls ? "line" : "peer", w.first_rate, w.rate, w.ftt);
			check(&w, 1);
			assert_int_equal(w.rate, rates[i].rate);
			assert_int_equal(w.first_rate, rates[i].first_rate);
			assert_int_equal(w.ftt, rates[i].ftt);
			wire_fini(&w);
		}
	}
}

/* A caller that hangs up, packets that are nothing, and all the sizes a block may have. */
static void test_malformed(void **state)
{
	static const struct {
		const char *octets;
		size_t len;
	} bad[] = {
		{"", 0},
		{"\x80", 1},
		{"\xc0", 1},
		{"\xc0\x01", 2},
		{"\xc0\x01\x80\x00", 4},
		{"\xc0\x01\x80\xff\xff\x00", 6},
		{"\xc0\xff\x10", 3},
		{"\x3f\xff", 2},
		{"\xd4\x00", 2},
		{"\xff\xff\xff\xff", 4},
	};
	struct wire w = {.line_calls = true};
	uint8_t big[2000] = {0xc0, 1, 0x80, 0x07, 0xcf - 5};
	int16_t samples[400] = {0};
	size_t i;

	wire_init(&w, true, &standard, true, FAX_MODEM_ALL);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		relay_ifp(w.relay, (const uint8_t *)bad[i].octets, bad[i].len, (uint16_t)i);
		assert_int_equal(relay_stats(w.relay).ifp_bad, i + 1);
	}
	relay_ifp(w.relay, big, sizeof(big), 50);
	assert_int_equal(relay_stats(w.relay).ifp_bad, i + 1);
	assert_int_equal(relay_stats(w.relay).ifp_in, i + 1);
	for (i = 0; i <= 400; i += 37) {
		relay_rx(w.relay, samples, i);
		relay_tx(w.relay, samples, i);
	}
	wire_fini(&w);
}

static void test_no_signal(void **state)
{
	struct wire w = {.line_calls = true};
	int16_t silence[BLOCK] = {0};

	wire_init(&w, true, &standard, true, FAX_MODEM_ALL);
	relay_send_no_signal(w.relay);
	relay_send_no_signal(w.relay);
	assert_int_equal(w.to_peer.n, 2);
	assert_int_equal(w.to_peer.packet[0].len, 1);
	assert_int_equal(w.to_peer.packet[0].ifp[0], 0);
	relay_rx(w.relay, silence, BLOCK);
	assert_int_equal(w.to_peer.n, 2);
	assert_int_equal(relay_stats(w.relay).ifp_out, 2);
	wire_fini(&w);
}

static int body(void *arg)
{
	static const struct media_t38 peer = {.max_bit_rate = 14400};
	struct relay_handlers h = {.ifp = from_relay, .arg = arg};
	struct relay *r = NULL;
	int err = relay_alloc(&r, &standard, &peer, "test", &h);

	relay_free(r);
	return err;
}

static void test_allocation(void **state)
{
	struct wire w = {0};

	relay_free(NULL);
	assert_int_equal(fault_run(body, &w, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),	   cmocka_unit_test(test_lost_command),
		cmocka_unit_test(test_versions),   cmocka_unit_test(test_limits),
		cmocka_unit_test(test_malformed),  cmocka_unit_test(test_no_signal),
		cmocka_unit_test(test_allocation),
	};

	return wire_run_group(tests);
}
