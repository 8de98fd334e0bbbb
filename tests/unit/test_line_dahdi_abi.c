/* SPDX-License-Identifier: GPL-2.0-only */
/* Our words for the kernel's interface against its own header, where that is installed (Debian: dahdi-source). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dahdi/line_dahdi_abi.h"

#if __has_include(<dahdi/user.h>)
#include <dahdi/user.h>

#define SAME(ours, theirs)  assert_int_equal((unsigned)(ours), (unsigned)(theirs))
#define FIELD(o, t, member) SAME(offsetof(struct o, member), offsetof(struct t, member))

static void test_requests(void **state)
{
	SAME(DABI_FLUSH, DAHDI_FLUSH);
	SAME(DABI_GET_PARAMS, DAHDI_GET_PARAMS);
	SAME(DABI_GETEVENT, DAHDI_GETEVENT);
	SAME(DABI_SPANSTAT, DAHDI_SPANSTAT);
	SAME(DABI_SETGAINS, DAHDI_SETGAINS);
	SAME(DABI_SET_BUFINFO, DAHDI_SET_BUFINFO);
	SAME(DABI_AUDIOMODE, DAHDI_AUDIOMODE);
	SAME(DABI_ECHOCANCEL, DAHDI_ECHOCANCEL_PARAMS);
	SAME(DABI_SPECIFY, DAHDI_SPECIFY);
	SAME(DABI_SETLAW, DAHDI_SETLAW);
	SAME(DABI_ECHOCANCEL_FAX, DAHDI_ECHOCANCEL_FAX_MODE);
	SAME(DABI_BUFFER_EVENTS, DAHDI_BUFFER_EVENTS);
	SAME(DABI_MAX_CHANNELS, DAHDI_MAX_CHANNELS);
	SAME(DABI_MAX_SPANS, DAHDI_MAX_SPANS);
	SAME(DABI_MAX_BUFFERS, DAHDI_MAX_NUM_BUFS);
	SAME(DABI_MAX_EVENTS, DAHDI_MAX_EVENTSIZE);
	SAME(DABI_ELAST, ELAST);
}

static void test_structs(void **state)
{
	FIELD(dabi_params, dahdi_params, spanno);
	FIELD(dabi_params, dahdi_params, chanpos);
	FIELD(dabi_params, dahdi_params, sigtype);
	FIELD(dabi_params, dahdi_params, curlaw);
	FIELD(dabi_params, dahdi_params, name);
	FIELD(dabi_params, dahdi_params, pulseaftertime);
	FIELD(dabi_params, dahdi_params, chan_alarms);
	FIELD(dabi_spaninfo, dahdi_spaninfo, name);
	FIELD(dabi_spaninfo, dahdi_spaninfo, alarms);
	FIELD(dabi_spaninfo, dahdi_spaninfo, irqmisses);
	FIELD(dabi_spaninfo, dahdi_spaninfo, numchans);
	FIELD(dabi_spaninfo, dahdi_spaninfo, totalchans);
	FIELD(dabi_spaninfo, dahdi_spaninfo, spantype);
	FIELD(dabi_bufferinfo, dahdi_bufferinfo, txbufpolicy);
	FIELD(dabi_bufferinfo, dahdi_bufferinfo, numbufs);
	FIELD(dabi_bufferinfo, dahdi_bufferinfo, bufsize);
	FIELD(dabi_gains, dahdi_gains, rxgain);
	FIELD(dabi_gains, dahdi_gains, txgain);
	FIELD(dabi_echocancel, dahdi_echocanparams, tap_length);
	FIELD(dabi_echocancel, dahdi_echocanparams, param_count);
}

static void test_values(void **state)
{
	SAME(DABI_FLUSH_READ, DAHDI_FLUSH_READ);
	SAME(DABI_FLUSH_WRITE, DAHDI_FLUSH_WRITE);
	SAME(DABI_FLUSH_EVENT, DAHDI_FLUSH_EVENT);
	SAME(DABI_POLICY_IMMEDIATE, DAHDI_POLICY_IMMEDIATE);
	SAME(DABI_POLICY_WHEN_FULL, DAHDI_POLICY_WHEN_FULL);
	SAME(DABI_POLICY_HALF_FULL, DAHDI_POLICY_HALF_FULL);
	SAME(DABI_LAW_DEFAULT, DAHDI_LAW_DEFAULT);
	SAME(DABI_LAW_MULAW, DAHDI_LAW_MULAW);
	SAME(DABI_LAW_ALAW, DAHDI_LAW_ALAW);
	SAME(DABI_SIG_NONE, DAHDI_SIG_NONE);
	SAME(DABI_SIG_EM, DAHDI_SIG_EM);
	SAME(DABI_SIG_CLEAR, DAHDI_SIG_CLEAR);
	SAME(DABI_SIG_HDLCRAW, DAHDI_SIG_HDLCRAW);
	SAME(DABI_SIG_HDLCFCS, DAHDI_SIG_HDLCFCS);
	SAME(DABI_SIG_HDLCNET, DAHDI_SIG_HDLCNET);
	SAME(DABI_SIG_SLAVE, DAHDI_SIG_SLAVE);
	SAME(DABI_SIG_FXS, __DAHDI_SIG_FXS);
	SAME(DABI_SIG_FXO, __DAHDI_SIG_FXO);
	SAME(DABI_SIG_CAS, DAHDI_SIG_CAS);
	SAME(DABI_SIG_DACS, __DAHDI_SIG_DACS);
	SAME(DABI_SIG_EM_E1, DAHDI_SIG_EM_E1);
	SAME(DABI_SIG_HARDHDLC, DAHDI_SIG_HARDHDLC);
	SAME(DABI_SIG_MTP2, DAHDI_SIG_MTP2);
	SAME(DABI_ALARM_RECOVER, DAHDI_ALARM_RECOVER);
	SAME(DABI_ALARM_LOOPBACK, DAHDI_ALARM_LOOPBACK);
	SAME(DABI_ALARM_YELLOW, DAHDI_ALARM_YELLOW);
	SAME(DABI_ALARM_RED, DAHDI_ALARM_RED);
	SAME(DABI_ALARM_BLUE, DAHDI_ALARM_BLUE);
	SAME(DABI_ALARM_NOTOPEN, DAHDI_ALARM_NOTOPEN);
	SAME(DABI_ALARM_LOS, DAHDI_ALARM_LOS);
	SAME(DABI_ALARM_LFA, DAHDI_ALARM_LFA);
	SAME(DABI_ALARM_LMFA, DAHDI_ALARM_LMFA);
}

static void test_events(void **state)
{
	SAME(DABI_EVENT_NONE, DAHDI_EVENT_NONE);
	SAME(DABI_EVENT_ALARM, DAHDI_EVENT_ALARM);
	SAME(DABI_EVENT_NOALARM, DAHDI_EVENT_NOALARM);
	SAME(DABI_EVENT_ABORT, DAHDI_EVENT_ABORT);
	SAME(DABI_EVENT_OVERRUN, DAHDI_EVENT_OVERRUN);
	SAME(DABI_EVENT_BADFCS, DAHDI_EVENT_BADFCS);
	SAME(DABI_EVENT_EC_DISABLED, DAHDI_EVENT_EC_DISABLED);
	SAME(DABI_EVENT_REMOVED, DAHDI_EVENT_REMOVED);
	SAME(DABI_EVENT_TX_CED, DAHDI_EVENT_TX_CED_DETECTED);
	SAME(DABI_EVENT_RX_CED, DAHDI_EVENT_RX_CED_DETECTED);
	SAME(DABI_EVENT_TX_CNG, DAHDI_EVENT_TX_CNG_DETECTED);
	SAME(DABI_EVENT_RX_CNG, DAHDI_EVENT_RX_CNG_DETECTED);
	SAME(DABI_EVENT_EC_NLP_DISABLED, DAHDI_EVENT_EC_NLP_DISABLED);
	SAME(DABI_EVENT_EC_NLP_ENABLED, DAHDI_EVENT_EC_NLP_ENABLED);
	SAME(DABI_EVENT_READ_OVERRUN, DAHDI_EVENT_READ_OVERRUN);
	SAME(DABI_EVENT_WRITE_UNDERRUN, DAHDI_EVENT_WRITE_UNDERRUN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_structs),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#else
/* Without the header: the sizes, which are part of the requests' numbers. */
static void test_sizes(void **state)
{
	assert_int_equal(sizeof(struct dabi_params), 136);
	assert_int_equal(sizeof(struct dabi_spaninfo), 314);
	assert_int_equal(sizeof(struct dabi_bufferinfo), 24);
	assert_int_equal(sizeof(struct dabi_gains), 516);
	assert_int_equal(sizeof(struct dabi_echocancel), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
