/* SPDX-License-Identifier: GPL-2.0-only */
/* One call at a time: the D channel, and calls each way, answered and cleared. */
#include <stdio.h>
#include <string.h>

#include "tests/dahdi-vm/vmlab.h"
#include "tests/dahdi-vm/world.h"

#define CALLS	  50
#define ANSWER_MS 5000
#define CLEAR_MS  5000
#define HELD_MS	  100

static struct {
	struct xcall *line;
	unsigned peer_id;
	struct sip_peer_call_params peer_call;
} one;

static bool is_answered(void)
{
	struct sip_peer_result r;

	if (!one.line || xcall_result(one.line)->state != XCALL_CONNECTED || one.peer_id >= sip_peer_calls(world.peer))
		return false;
	sip_peer_result(world.peer, one.peer_id, &r);
	return r.state == PEER_ANSWERED;
}

static bool is_clearing(void)
{
	return one.line && xcall_result(one.line)->state >= XCALL_CLEARING;
}

static bool is_answered_or_cleared(void)
{
	return is_answered() || is_clearing();
}

static void line_is_called(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b)
{
	one.line = c;
	b->answer_ms = 40;
}

static const struct sip_peer_call_params *peer_is_called(unsigned id, const char *called)
{
	return &one.peer_call;
}

static bool begin(bool from_line, unsigned timeslot)
{
	struct exchange_call call = {.timeslot = timeslot, .exclusive = timeslot != 0};

	memset(&one, 0, sizeof(one));
	world.on_call = line_is_called;
	world.on_peer_call = peer_is_called;
	one.peer_id = sip_peer_calls(world.peer);
	one.peer_call = (struct sip_peer_call_params){.to = "4930123", .provisional = 180};
	if (!from_line)
		return !sip_peer_call(world.peer, &world.sip_gateway, &one.peer_call, &one.peer_id);
	strcpy(call.parties.called.digits, "6212345");
	strcpy(call.parties.calling.digits, "5550100");
	return !exchange_call(world.x, &call, &one.line);
}

static bool end(void)
{
	exchange_hangup(one.line, Q850_NORMAL);
	return world_until(world_is_silent, CLEAR_MS);
}

int call_from_line_ms(unsigned timeslot)
{
	int64_t begin_ms = world_now_ms();
	int ms = -1;

	if (!begin(true, timeslot))
		return -1;
	if (world_until(is_answered_or_cleared, ANSWER_MS) && is_answered())
		ms = (int)(world_now_ms() - begin_ms);
	end();
	return ms;
}

bool call_d_channel_up(void)
{
	int64_t begin_ms = world_now_ms(), up_ms;

	if (!world_until(world_is_up, VMLAB_UP_MS))
		return world_fail("the D channel is not up after %d s", VMLAB_UP_MS / 1000);
	up_ms = world_now_ms() - begin_ms;
	if (!world_until(world_is_restarted, VMLAB_RESTART_MS))
		return world_fail("only %u channels were restarted in %d s", world.restarts, VMLAB_RESTART_MS / 1000);
	printf("  D channel up after %.2f s, the last RESTART after %.2f s\n", (double)up_ms / 1000,
	       (double)(world_now_ms() - begin_ms) / 1000);
	return true;
}

static bool call_well(unsigned i)
{
	struct sip_peer_result r;
	bool from_line = i % 2 == 0;
	const char *way = from_line ? "E1 -> SIP" : "SIP -> E1";

	if (!begin(from_line, 0) || !world_until(is_answered, ANSWER_MS))
		return world_fail("call %u, %s, was not answered in %d s", i + 1, way, ANSWER_MS / 1000);
	world_wait(HELD_MS);
	if (!end())
		return world_fail("call %u, %s, was not cleared in %d s", i + 1, way, CLEAR_MS / 1000);
	sip_peer_result(world.peer, one.peer_id, &r);
	if (!r.ended_by_peer || !strstr(r.reason, "cause=16"))
		return world_fail("call %u, %s, ended with the reason '%s'", i + 1, way, r.reason);
	xcall_free(one.line);
	return true;
}

bool call_one_after_another(void)
{
	struct process_usage first, last;
	int64_t begin_ms;

	if (!call_d_channel_up())
		return false;
	process_usage_read(world.gateway.pid, &first);
	begin_ms = world_now_ms();
	for (unsigned i = 0; i < CALLS; i++) {
		if (!call_well(i))
			return false;
	}
	process_usage_read(world.gateway.pid, &last);
	process_usage_print("the gateway with one call after another", &first, &last, 1);
	printf("  %d calls, every other one from SIP, in %.1f s\n", CALLS, (double)(world_now_ms() - begin_ms) / 1000);
	return true;
}
