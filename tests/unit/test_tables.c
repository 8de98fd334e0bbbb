/* SPDX-License-Identifier: GPL-2.0-only */
/* The gateway's state tables hold together: no rule twice, every state reached and left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gateway/bearer/bearer.h"
#include "gateway/sipside/leg_sip.h"
#include "gateway/span/leg_pstn.h"

static void check(const struct fsm_def *def, uint64_t terminal)
{
	const char *wrong = fsm_check(def, terminal);

	if (wrong)
		fail_msg("%s: %s", def->name, wrong);
}

/* Every state of a call but the idle and the last one must have a timeout: no call hangs for good. */
static void every_state_ends(const struct fsm_def *def, uint64_t without)
{
	for (size_t s = 0; s < def->nstates; s++) {
		bool found = without & (UINT64_C(1) << s);

		for (size_t i = 0; i < def->ntimeouts; i++)
			found |= def->timeouts[i].state == (int)s;
		if (!found)
			fail_msg("%s: state %s has no timeout", def->name, def->states[s].name);
	}
}

static void test_bearer(void **state)
{
	check(&bearer_fsm, UINT64_C(1) << BEARER_CLOSED);
}

static void test_leg_pstn(void **state)
{
	check(&leg_pstn_fsm, UINT64_C(1) << PSTN_GONE);
	every_state_ends(&leg_pstn_fsm, UINT64_C(1) << PSTN_IDLE | UINT64_C(1) << PSTN_GONE);
}

static void test_leg_sip(void **state)
{
	check(&leg_sip_fsm, UINT64_C(1) << SIP_GONE);
	every_state_ends(&leg_sip_fsm, UINT64_C(1) << SIP_IDLE | UINT64_C(1) << SIP_GONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bearer),
		cmocka_unit_test(test_leg_pstn),
		cmocka_unit_test(test_leg_sip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
