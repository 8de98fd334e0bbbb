/* SPDX-License-Identifier: GPL-2.0-only */
/* T.38's data rate management method 1, localTCF: the training check is judged and made here. */
#include "relay_wire.h"

#include "t38/relay/local_tcf.h"

/* ---- the words of it ---- */

static void test_write(void **state)
{
	uint8_t packet[LOCAL_TCF_OCTETS + 5];
	unsigned type;
	struct ifp f;

	for (unsigned version = 0; version < 4; version++) {
		for (unsigned ind = 4; ind <= IFP_IND_V17_14400_LONG; ind++) {
			size_t octets = LOCAL_TCF_OCTETS, len;

			assert_true(local_tcf_data_type(ind, &type));
			len = local_tcf_write(packet, version, type, octets, false);
			assert_null(ifp_read(packet, len, version, &f));
			assert_true(!f.indicator && f.kind == type && f.nfields == 1 && f.octets == len);
			assert_int_equal(f.field[0].type, IFP_NON_ECM_DATA);
			assert_int_equal(f.field[0].len, octets);
			len = local_tcf_write(packet, version, type, 0, true);
			assert_null(ifp_read(packet, len, version, &f));
			assert_true(f.kind == type && f.nfields == 1 && f.field[0].len == 0);
			assert_int_equal(f.field[0].type, IFP_NON_ECM_SIG_END);
		}
	}
	assert_false(local_tcf_data_type(3, &type));
	assert_false(local_tcf_data_type(16, &type));
	assert_true(local_tcf_data_type(4, &type) && type == IFP_DATA_V27TER_2400);
	assert_true(local_tcf_data_type(7, &type) && type == IFP_DATA_V29_9600);
	assert_true(local_tcf_data_type(8, &type) && type == IFP_DATA_V17_7200);
	assert_true(local_tcf_data_type(15, &type) && type == IFP_DATA_V17_14400);
	assert_int_equal(local_tcf_octets(IFP_DATA_V17_14400), 2700);
	assert_int_equal(local_tcf_octets(IFP_DATA_V27TER_2400), 450);
}

/* OCTETS of a TCF at 9600, of which octet BAD (if there is one) has an error. */
static bool is_good(size_t octets, size_t bad)
{
	uint8_t packet[LOCAL_TCF_OCTETS + 5];
	struct local_tcf t;
	struct ifp f;

	local_tcf_begin(&t);
	for (size_t at = 0; at < octets; at += 40) {
		size_t len = local_tcf_write(packet, 0, IFP_DATA_V29_9600, 40, false);

		if (bad >= at && bad < at + 40)
			packet[5 + bad - at] = 0x10;
		assert_null(ifp_read(packet, len, 0, &f));
		local_tcf_take(&t, packet, &f);
	}
	return local_tcf_is_good(&t);
}

static void test_judge(void **state)
{
	assert_true(is_good(1800, 9999));  /* 1.5 s */
	assert_true(is_good(1200, 9999));  /* 1 s */
	assert_false(is_good(1160, 9999)); /* too short */
	assert_true(is_good(1800, 300));
	assert_true(is_good(1800, 1300));
	assert_false(is_good(1800, 900));
	assert_false(is_good(0, 9999));
}

/* ---- whole faxes ---- */

static void run(struct wire *w, bool line_calls, bool ecm, unsigned modems)
{
	w->local = true;
	page_make(sent, 1, 300, PAGE_TEXT, 7);
	wire_init(w, line_calls, &standard, ecm, modems);
	wire_run(w);
	check(w, 1);
	assert_int_equal(w->tcf_carried, 0);
	wire_fini(w);
}

static void test_modems(void **state)
{
	for (unsigned i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		for (unsigned line_calls = 0; line_calls < 2; line_calls++) {
			struct wire w = {.seed = i};

			run(&w, line_calls, plain[i].ecm, plain[i].modems);
			assert_int_equal(w.rate, plain[i].rate);
			assert_int_equal(w.ftt, 0);
			assert_int_equal(w.tcf_made, line_calls);
		}
	}
}

/* A rate that DIS cannot say is kept by failing the training. */
static void test_limit(void **state)
{
	for (unsigned line_calls = 0; line_calls < 2; line_calls++) {
		struct fax_params fax = standard;
		struct wire w = {.local = true};

		fax.max_rate = 12000;
		page_make(sent, 1, 100, PAGE_TEXT, 7);
		wire_init(&w, line_calls, &fax, true, FAX_MODEM_ALL);
		wire_run(&w);
		check(&w, 1);
		assert_true(w.first_rate == 14400 && w.rate == 12000 && w.ftt == 1);
		wire_fini(&w);
	}
}

/* Our line is bad: the peer, which has made a good TCF for its machine, says CFR, but the sender must hear FTT. */
static void test_bad_line(void **state)
{
	struct wire w = {.hurt = 1};

	run(&w, true, true, FAX_MODEM_ALL);
	assert_true(w.ftt >= 1);
	assert_true(w.first_rate == 14400 && w.rate < 14400);
}

/* One that says localTCF and sends its TCF all the same: the machine must get one TCF, not two. */
static void test_carried_all_the_same(void **state)
{
	struct wire w = {.local_all_the_same = true};

	run(&w, false, true, FAX_MODEM_ALL);
	assert_int_equal(w.rate, 14400);
	assert_int_equal(w.ftt, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),	 cmocka_unit_test(test_judge),
		cmocka_unit_test(test_modems),	 cmocka_unit_test(test_limit),
		cmocka_unit_test(test_bad_line), cmocka_unit_test(test_carried_all_the_same),
	};

	return wire_run_group(tests);
}
