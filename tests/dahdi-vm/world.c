/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/dahdi-vm/world.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_WAIT_MS 100
#define SIP_GATEWAY   "127.0.0.1:5060"
#define SIP_PEER      "127.0.0.2:5060"

struct world world;

bool world_fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	if (!world.why[0])
		vsnprintf(world.why, sizeof(world.why), format, ap);
	va_end(ap);
	return false;
}

int64_t world_now_ms(void)
{
	return clock_now_us(&clock_monotonic) / MS_US;
}

static int exchange_sends(const uint8_t *frame, size_t octets, void *arg)
{
	return world.port ? dahdi_port_send_dframe(world.port, frame, octets) : ENETDOWN;
}

static void line_gives_dframe(const uint8_t *frame, size_t octets, void *arg)
{
	if (world.x)
		exchange_dframe(world.x, frame, octets);
}

static void on_call(struct exchange *x, struct xcall *c, const struct isdn_parties *p, struct xcall_behaviour *b,
		    void *arg)
{
	if (world.on_call)
		world.on_call(x, c, p, b);
}

static void on_restart(struct exchange *x, unsigned timeslot, void *arg)
{
	world.restarts++;
}

static const struct sip_peer_call_params *on_peer_call(unsigned id, const char *called, void *arg)
{
	return world.on_peer_call ? world.on_peer_call(id, called) : NULL;
}

int world_line_open(void)
{
	const struct dahdi_port_params pp = {.first = world.first,
					     .timeslots = WORLD_TIMESLOTS,
					     .dchannel = WORLD_DCHANNEL,
					     .dframe = line_gives_dframe};
	const struct exchange_params xp = {.side = ISDN_NT,
					   .switch_type = ISDN_EUROISDN,
					   .send = exchange_sends,
					   .on_call = on_call,
					   .on_restart = on_restart};
	int err = dahdi_port_alloc(&world.port, &pp);

	world.restarts = 0;
	memset(world.rx, 0xD5, sizeof(world.rx));
	return err ? err : exchange_alloc(&world.x, &xp);
}

static void print_line(void)
{
	const struct dahdi_port_stats s = dahdi_port_stats(world.port);

	printf("  the exchange: %lu blocks, %lu late, %lu not whole, %lu without a buffer, %lu times nothing left to "
	       "send, %lu events\n",
	       s.blocks, s.late, s.short_reads, s.lost_writes, s.underruns, s.events);
}

void world_line_close(void)
{
	if (world.port)
		print_line();
	exchange_free(world.x);
	dahdi_port_free(world.port);
	world.x = NULL;
	world.port = NULL;
}

int world_open(const char *config, unsigned first, const char *log)
{
	struct sip_peer_setup sp = {.seed = (uint64_t)clock_wall_us(), .handlers.incoming = on_peer_call};
	int err;

	world.config = config;
	world.first = first;
	world.log = log;
	addr_parse(&world.sip_gateway, SIP_GATEWAY, 0);
	addr_parse(&sp.local, SIP_PEER, 0);
	exchange_setup();
	err = loop_alloc(&world.loop, &clock_monotonic);
	if (!err)
		err = sip_peer_alloc(&world.peer, &sp, &net_kernel, world.loop, clock_now_us(&clock_monotonic));
	if (!err)
		err = world_line_open();
	if (!err)
		err = gateway_process_start(&world.gateway, config, log);
	if (err)
		world_fail("the exchange's line, the SIP peer or the gateway could not be started: %s", strerror(err));
	return err;
}

bool world_close(void)
{
	bool ran = gateway_process_runs(&world.gateway), ok = ran && gateway_process_stop(&world.gateway);

	if (!ok)
		world_fail(ran ? "the gateway did not stop well" : "the gateway ended by itself");
	world_line_close();
	sip_peer_free(world.peer);
	loop_free(world.loop);
	return ok;
}

static void line_step(void)
{
	if (!world.port) {
		loop_step(world.loop, 20 * MS_US);
		return;
	}
	if (dahdi_port_wait(world.port, BLOCK_WAIT_MS, world.rx))
		memset(world.rx, 0xD5, sizeof(world.rx));
	exchange_run(world.x);
	exchange_block(world.x, world.tx, world.rx);
	dahdi_port_write(world.port, world.tx);
}

void world_step(void)
{
	line_step();
	while (loop_step(world.loop, 0) > 0)
		;
	sip_peer_run(world.peer, clock_now_us(&clock_monotonic));
	sip_peer_step(world.peer, EXCHANGE_BLOCK);
}

bool world_until(bool (*done)(void), unsigned limit_ms)
{
	int64_t until_ms = world_now_ms() + limit_ms;

	while (!done()) {
		if (world_now_ms() >= until_ms)
			return false;
		if (world.gateway.pid && !gateway_process_runs(&world.gateway))
			return world_fail("the gateway ended by itself");
		world_step();
	}
	return true;
}

void world_wait(unsigned ms)
{
	for (int64_t until_ms = world_now_ms() + ms; world_now_ms() < until_ms;)
		world_step();
}

bool world_is_up(void)
{
	return world.x && exchange_is_up(world.x);
}

bool world_is_restarted(void)
{
	return world_is_up() && world.restarts >= (unsigned)__builtin_popcount(WORLD_TIMESLOTS);
}

bool world_is_silent(void)
{
	struct xcall *c;

	for (unsigned n = 0; (c = exchange_nth_call(world.x, n)); n++) {
		if (xcall_result(c)->state != XCALL_GONE)
			return false;
	}
	return !sip_peer_active(world.peer);
}
