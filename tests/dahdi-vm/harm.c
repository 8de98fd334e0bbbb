/* SPDX-License-Identifier: GPL-2.0-only */
/* What may happen to a line in the middle of a fax, and how soon calls flow again after it. */
#include <stdio.h>
#include <string.h>

#include "tests/dahdi-vm/dynspan.h"
#include "tests/dahdi-vm/vmlab.h"
#include "tests/dahdi-vm/world.h"

#define IN_T38_MS   40000
#define INTO_FAX_MS 5000
#define CLEARED_MS  10000
#define DOWN_MS	    3000
#define SERVICE_MS  10000 /* from the end of the harm to the next call */
#define FAXES	    2

#define EXCHANGE_ADDRESS "1:1" /* as in dahdi/system.conf */

static bool are_peer_calls_over(void)
{
	return !sip_peer_active(world.peer);
}

static bool begin(void)
{
	if (!call_d_channel_up() || !faxes_begin(FAXES, FAXES / 2))
		return false;
	if (!world_until(faxes_are_in_t38, IN_T38_MS))
		return world_fail("the faxes were not in T.38 after %d s", IN_T38_MS / 1000);
	world_wait(INTO_FAX_MS);
	return faxes_are_in_t38() || world_fail("the faxes ended before they were harmed");
}

/* The calls are cleared towards SIP, with a cause that says that the line is at fault. */
static bool is_cleared_well(const char *harm)
{
	int64_t begin_ms = world_now_ms();

	if (!world_until(are_peer_calls_over, CLEARED_MS))
		return world_fail("%s: the calls were not cleared in %d s", harm, CLEARED_MS / 1000);
	printf("  %s: calls cleared after %.2f s; Reason: %s\n", harm, (double)(world_now_ms() - begin_ms) / 1000,
	       faxes_peer_reason(0));
	for (unsigned i = 0; i < FAXES; i++) {
		if (!strstr(faxes_peer_reason(i), "cause=38"))
			return world_fail("%s: a call was cleared with the reason '%s', not cause 38", harm,
					  faxes_peer_reason(i));
	}
	return true;
}

static bool is_in_service(const char *what, unsigned timeslot)
{
	int64_t begin_ms = world_now_ms();

	while (world_now_ms() - begin_ms < SERVICE_MS) {
		int ms = world_is_up() ? call_from_line_ms(timeslot) : -1;

		if (ms >= 0) {
			printf("  %s: a call was answered after %.2f s, %d ms after its SETUP\n", what,
			       (double)(world_now_ms() - begin_ms) / 1000, ms);
			return true;
		}
		world_wait(100);
	}
	return world_fail("%s: no call was answered in %d s", what, SERVICE_MS / 1000);
}

bool harm_alarm(void)
{
	bool ok = begin();

	world_line_close(); /* a span with open channels is not destroyed */
	faxes_forget();
	if (!ok)
		return false;
	if (dynspan_destroy("loc", EXCHANGE_ADDRESS))
		return world_fail("the exchange's span could not be destroyed");
	ok = is_cleared_well("alarm");
	world_wait(DOWN_MS);
	if (dynspan_create("loc", EXCHANGE_ADDRESS) || dynspan_configure("/etc/dahdi/exchange.conf") ||
	    world_line_open())
		return world_fail("the exchange's span could not be created again");
	return is_in_service("alarm ended", 0) && ok;
}

bool harm_removal(void)
{
	bool ok = begin();

	if (ok && dynspan_unassign(1))
		ok = world_fail("the gateway's span could not be unassigned");
	if (ok) {
		ok = is_cleared_well("removal");
		world_wait(DOWN_MS);
		if (dynspan_assign(1, 1) || dynspan_configure("/etc/dahdi/gateway.conf"))
			ok = world_fail("the gateway's span could not be assigned again");
		ok = is_in_service("span assigned again", 0) && ok;
	}
	world_line_close();
	faxes_forget();
	return ok;
}

static void hang_up_peer_calls(void)
{
	for (unsigned id = 0; id < sip_peer_calls(world.peer); id++)
		sip_peer_hangup(world.peer, id);
}

bool harm_kill(void)
{
	bool ok = begin();

	if (ok) {
		gateway_process_kill(&world.gateway);
		world_wait(500);
		hang_up_peer_calls();
		if (gateway_process_start(&world.gateway, world.config, world.log))
			ok = world_fail("the gateway could not be started again");
		ok = ok && is_in_service("gateway killed and started", faxes_timeslot(0)) &&
		     is_in_service("the other channel", faxes_timeslot(1));
	}
	world_line_close();
	faxes_forget();
	return ok;
}

bool harm_missing(void)
{
	bool ok = begin();

	if (ok) {
		gateway_process_kill(&world.gateway);
		world_wait(500);
		hang_up_peer_calls();
		if (dynspan_unassign(1))
			ok = world_fail("the gateway's span could not be unassigned");
	}
	if (ok && gateway_process_start(&world.gateway, world.config, world.log))
		ok = world_fail("the gateway does not start without its span");
	if (ok) {
		world_wait(DOWN_MS);
		if (dynspan_assign(1, 1) || dynspan_configure("/etc/dahdi/gateway.conf"))
			ok = world_fail("the gateway's span could not be assigned");
		ok = ok && is_in_service("span assigned after the gateway's start", 0);
	}
	world_line_close();
	faxes_forget();
	return ok;
}
