/* SPDX-License-Identifier: GPL-2.0-only */
/* Names are checked by packets spandsp writes: what it was asked for must be what is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "t38/spandsp_version.h"

#include "t38/udptl/ifp.h"
#include "t38/udptl/udptl.h"
#include "udptl_capture.h"

static uint8_t packet[400];
static int packet_len;

static int takes(t38_core_state_t *s, void *arg, const uint8_t *buf, int len, int count)
{
	assert_in_range(len, 1, sizeof(packet));
	memcpy(packet, buf, (size_t)len);
	packet_len = len;
	return 0;
}

static t38_core_state_t *writer(int version)
{
	t38_core_state_t *s = t38_core_init(NULL, NULL, NULL, NULL, NULL, takes, NULL);

	assert_non_null(s);
	t38_set_t38_version(s, version);
	for (int i = 0; i <= T38_PACKET_CATEGORY_IMAGE_DATA_END; i++)
		t38_set_redundancy_control(s, i, 1);
	return s;
}

static void names_indicators(void **state)
{
	static const char *const want[] = {
		[T38_IND_NO_SIGNAL] = "no-signal",
		[T38_IND_CNG] = "CNG",
		[T38_IND_CED] = "CED",
		[T38_IND_V21_PREAMBLE] = "V.21 preamble",
		[T38_IND_V27TER_2400_TRAINING] = "V.27ter 2400 training",
		[T38_IND_V29_9600_TRAINING] = "V.29 9600 training",
		[T38_IND_V17_7200_SHORT_TRAINING] = "V.17 7200 short training",
		[T38_IND_V17_14400_LONG_TRAINING] = "V.17 14400 long training",
		[T38_IND_V8_ANSAM] = "V.8 ANSam",
		[T38_IND_V33_14400_TRAINING] = "V.33 14400 training",
	};
	t38_core_state_t *s = writer(3);
	struct ifp i;

	for (int k = 0; k <= T38_IND_V33_14400_TRAINING; k++) {
		t38_core_send_indicator(s, k);
		assert_null(ifp_read(packet, (size_t)packet_len, 3, &i));
		assert_true(i.indicator);
		assert_true(ifp_is_control(packet, (size_t)packet_len));
		assert_string_not_equal(ifp_indicator_name(i.kind), "unknown");
		if (want[k])
			assert_string_equal(ifp_indicator_name(i.kind), want[k]);
	}
	assert_string_equal(ifp_indicator_name(23), "unknown");
	free(s);
}

static void names_data(void **state)
{
	const uint8_t data[] = {1, 2, 3};
	t38_core_state_t *s;
	struct ifp i;
	char text[80];

	for (int version = 0; version < 4; version += 3) {
		s = writer(version);
		for (int k = 0; k <= (version ? T38_DATA_V33_14400 : T38_DATA_V17_14400); k++) {
			int field = k ? T38_FIELD_T4_NON_ECM_DATA : T38_FIELD_HDLC_DATA;

			t38_core_send_data(s, k, field, data, 3, T38_PACKET_CATEGORY_IMAGE_DATA);
			assert_null(ifp_read(packet, (size_t)packet_len, (unsigned)version, &i));
			assert_false(i.indicator);
			assert_int_equal(i.nfields, 1);
			assert_int_equal(ifp_is_control(packet, (size_t)packet_len),
					 k == T38_DATA_V21 || k == T38_DATA_V8 || k == T38_DATA_V34_CC_1200);
			assert_string_equal(ifp_field_name(i.field[0].type), k ? "t4-non-ecm-data" : "hdlc-data");
			assert_string_not_equal(ifp_data_name(i.kind), "unknown");
		}
		t38_core_send_data(s, T38_DATA_V17_14400, T38_FIELD_HDLC_FCS_OK_SIG_END, NULL, 0,
				   T38_PACKET_CATEGORY_IMAGE_DATA);
		assert_null(ifp_read(packet, (size_t)packet_len, (unsigned)version, &i));
		assert_string_equal(ifp_print(&i, text, sizeof(text)), "V.17 14400: hdlc-fcs-OK-sig-end");
		free(s);
	}
	assert_string_equal(ifp_data_name(15), "unknown");
	assert_string_equal(ifp_field_name(12), "unknown");
}

static void prints(void **state)
{
	const uint8_t two[] = {0xC0, 2, 0x80, 0, 1, 'a', 'b', 0x20};
	struct ifp i;
	char text[80];

	assert_null(ifp_read(two, sizeof(two), 0, &i));
	assert_string_equal(ifp_print(&i, text, sizeof(text)), "V.21: hdlc-data 2, hdlc-fcs-OK");
	assert_string_equal(ifp_print(&i, text, 12), "V.21: hdlc-");
	for (size_t room = 1; room < 40; room++) {
		char *exact = malloc(room);

		assert_in_range(strlen(ifp_print(&i, exact, room)), 0, room - 1);
		free(exact);
	}
	assert_null(ifp_read((const uint8_t *)"\x04", 1, 0, &i));
	assert_string_equal(ifp_print(&i, text, sizeof(text)), "CED");
}

static void trims_fill(void **state)
{
	const uint8_t data[] = {0xC0, 1, 0x80, 0, 1, 'a', 0, 0, 0, 0};
	const uint8_t late[] = {0xC0, 1, 0xB0, 0, 1, 'a', 0, 0, 0, 0}; /* a field type of version 1 and later */
	uint8_t bad[sizeof(data)];

	assert_int_equal(ifp_trim(data, sizeof(data)), 7);
	assert_int_equal(ifp_trim(data, 7), 7);
	assert_int_equal(ifp_trim(data, 6), 0);
	assert_int_equal(ifp_trim(late, sizeof(late)), 7);
	assert_int_equal(ifp_trim(data, 0), 0);
	memcpy(bad, data, sizeof(bad));
	bad[9] = 1;
	assert_int_equal(ifp_trim(bad, sizeof(bad)), 0);
	assert_int_equal(ifp_trim((const uint8_t *)"\x06\0\0", 3), 1);
}

static void control_or_not(void **state)
{
	assert_true(ifp_is_control(NULL, 0));
	assert_true(ifp_is_control((const uint8_t *)"\x06", 1));
	assert_true(ifp_is_control((const uint8_t *)"\xC0", 1));
	assert_false(ifp_is_control((const uint8_t *)"\xD0", 1));
	assert_false(ifp_is_control((const uint8_t *)"\xE0", 1));
	assert_true(ifp_is_control((const uint8_t *)"\xE0\0", 2)); /* V.8 */
}

static void reads_the_capture(void **state)
{
	static struct capture c;
	unsigned indicators = 0, v21 = 0, v17 = 0;
	struct udptl_packet k;
	struct ifp i;

	capture_read(&c);
	assert_int_equal(c.n, CAPTURE_DATAGRAMS);
	for (unsigned n = 1; n < c.n; n++) {
		assert_null(udptl_read(c.datagram[n].p, c.datagram[n].len, &k));
		assert_null(ifp_read(k.primary.p, k.primary.len, 0, &i));
		assert_int_equal(i.octets, k.primary.len);
		assert_int_equal(ifp_trim(k.primary.p, k.primary.len), k.primary.len);
		assert_int_equal(ifp_is_control(k.primary.p, k.primary.len), i.indicator || i.kind == IFP_DATA_V21);
		indicators += i.indicator;
		v21 += !i.indicator && i.kind == IFP_DATA_V21;
		v17 += !i.indicator && i.kind == IFP_DATA_V17_14400;
	}
	assert_int_equal(indicators + v21 + v17, CAPTURE_PACKETS);
	assert_true(indicators > 8 && v21 > 40 && v17 > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_indicators), cmocka_unit_test(names_data),
		cmocka_unit_test(prints),	    cmocka_unit_test(trims_fill),
		cmocka_unit_test(control_or_not),   cmocka_unit_test(reads_the_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
