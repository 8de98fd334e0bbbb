/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "t38/spandsp_version.h"

#include "tests/bench/bare.h"
#include "tests/sim/machine.h"
#include "tests/sim/page.h"

#define BLOCK	       160
#define BLOCKS_PER_S   50
#define MAX_BLOCKS     (30u * 60 * BLOCKS_PER_S)
#define MAX_IFP_OCTETS 400
#define STAGGER	       37 /* blocks between the starts of two channels: they are not all in the same phase */

/* A growing array of octets. */
struct tape {
	uint8_t *p;
	size_t len, room;
};

struct recording {
	struct tape line; /* A-law, BLOCK octets a block */
	struct tape ifps; /* each block's packets: a count, then length (16 bits) and octets of each */
	unsigned blocks;
};

/* spandsp's own G.711, for our header and its cannot meet in one file. */
static void decode(int16_t *samples, const uint8_t *octets)
{
	unsigned i;

	for (i = 0; i < BLOCK; i++)
		samples[i] = alaw_to_linear(octets[i]);
}

static void encode(uint8_t *octets, const int16_t *samples)
{
	unsigned i;

	for (i = 0; i < BLOCK; i++)
		octets[i] = linear_to_alaw(samples[i]);
}

struct recorder {
	struct recording *rec;
	struct machine *line, *peer;
	t38_gateway_state_t *gw;
	struct tape now; /* of the present block, from the peer */
	uint8_t count;
	uint16_t seq_to_peer;
	bool failed;
};

static bool tape_add(struct tape *t, const void *src, size_t n)
{
	uint8_t *p;

	if (t->room - t->len < n) {
		p = realloc(t->p, t->room * 2 + n + 4096);
		if (!p)
			return false;
		t->p = p;
		t->room = t->room * 2 + n + 4096;
	}
	memcpy(t->p + t->len, src, n);
	t->len += n;
	return true;
}

static void peer_says(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	struct recorder *r = arg;
	uint8_t head[2] = {(uint8_t)(len >> 8), (uint8_t)len};

	if (len > MAX_IFP_OCTETS || r->count == UINT8_MAX || !tape_add(&r->now, head, 2) ||
	    !tape_add(&r->now, ifp, len))
		r->failed = true;
	r->count++;
}

static int gateway_says(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	struct recorder *r = arg;

	machine_t38_ifp(r->peer, buf, (size_t)len, r->seq_to_peer++);
	return 0;
}

/* Feeds the packets of one block; returns where the next block's begin. */
static const uint8_t *feed(t38_gateway_state_t *gw, const uint8_t *p, uint16_t *seqp)
{
	t38_core_state_t *core = t38_gateway_get_t38_core_state(gw);
	unsigned n = *p++, len;

	for (; n > 0; n--, p += len) {
		len = (unsigned)p[0] << 8 | p[1];
		p += 2;
		t38_core_rx_ifp_packet(core, p, (int)len, (*seqp)++);
	}
	return p;
}

static void record_block(struct recorder *r, uint16_t *seqp)
{
	int16_t up[BLOCK], down[BLOCK];
	uint8_t octets[BLOCK];
	size_t at = r->rec->ifps.len;

	machine_tx(r->line, up, BLOCK);
	encode(octets, up);
	decode(up, octets);
	t38_gateway_rx(r->gw, up, BLOCK);
	machine_t38_step(r->peer, BLOCK);
	if (!tape_add(&r->rec->line, octets, BLOCK) || !tape_add(&r->rec->ifps, &r->count, 1) ||
	    !tape_add(&r->rec->ifps, r->now.p ? r->now.p : octets, r->now.len)) {
		r->failed = true;
		return;
	}
	r->now.len = 0;
	r->count = 0;
	feed(r->gw, r->rec->ifps.p + at, seqp);
	t38_gateway_tx(r->gw, down, BLOCK);
	machine_rx(r->line, down, BLOCK);
	r->rec->blocks++;
}

static t38_gateway_state_t *gateway(t38_tx_packet_handler_t *says, void *arg, bool ecm)
{
	t38_gateway_state_t *gw = t38_gateway_init(NULL, says, arg);

	if (!gw)
		return NULL;
	t38_gateway_set_transmit_on_idle(gw, TRUE);
	t38_gateway_set_ecm_capability(gw, ecm);
	t38_set_t38_version(t38_gateway_get_t38_core_state(gw), 0);
	return gw;
}

static bool both_done(struct recorder *r, bool *successp, int *ratep)
{
	struct machine_result line, peer;

	machine_result(r->line, &line);
	machine_result(r->peer, &peer);
	*successp = line.success && peer.success;
	*ratep = line.rate;
	return line.done && peer.done;
}

static int record(const struct bare_params *p, struct recording *rec, struct bare_result *rp)
{
	char sent[64], received[64];
	struct machine_params send = {.caller = true, .send_file = sent, .ident = "1", .ecm = p->ecm};
	struct machine_params recv = {.receive_file = received, .ident = "2", .ecm = p->ecm};
	struct recorder r = {.rec = rec};
	struct page_report rep;
	bool success = false;
	uint16_t seq = 0;
	int err;

	snprintf(sent, sizeof(sent), "/tmp/bare.%d.sent.tif", (int)getpid());
	snprintf(received, sizeof(received), "/tmp/bare.%d.received.tif", (int)getpid());
	err = page_make(sent, p->pages, p->rows, PAGE_TEXT, 1);
	if (!err)
		err = machine_alloc(&r.line, p->line_calls ? &send : &recv);
	if (!err)
		err = machine_t38_alloc(&r.peer, p->line_calls ? &recv : &send, peer_says, &r);
	if (err)
		goto out;
	r.gw = gateway(gateway_says, &r, p->ecm);
	if (!r.gw) {
		err = ENOMEM;
		goto out;
	}
	while (!r.failed && rec->blocks < MAX_BLOCKS && !both_done(&r, &success, &rp->rate))
		record_block(&r, &seq);
	err = r.failed ? ENOMEM : !success || !page_compare(sent, received, &rep) ? EIO : 0;
	rp->pages_same = err ? 0 : rep.same;
	rp->fax_s = (double)rec->blocks / BLOCKS_PER_S;
out:
	machine_free(r.line);
	machine_free(r.peer);
	if (r.gw)
		t38_gateway_free(r.gw);
	free(r.now.p);
	unlink(sent);
	unlink(received);
	return err;
}

struct channel {
	t38_gateway_state_t *gw;
	const uint8_t *ifps;
	uint16_t seq;
	size_t out;
};

static int count_packet(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	struct channel *c = arg;

	c->out++;
	return 0;
}

static double cpu_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One block of one channel; the samples are decoded before the clock starts. */
static double step(struct channel *c, const uint8_t *octets)
{
	int16_t samples[BLOCK];
	double began;

	decode(samples, octets);
	began = cpu_now_s();
	t38_gateway_rx(c->gw, samples, BLOCK);
	c->ifps = feed(c->gw, c->ifps, &c->seq);
	t38_gateway_tx(c->gw, samples, BLOCK);
	return cpu_now_s() - began;
}

/* What reading the clock twice costs by itself, to be taken off. */
static double clock_cost_s(void)
{
	double began = cpu_now_s(), now = began;
	unsigned i;

	for (i = 0; i < 20000; i++)
		now = cpu_now_s();
	return (now - began) / 20000;
}

static void replay(struct channel *c, unsigned n, const struct recording *rec, struct bare_result *rp)
{
	double cost = clock_cost_s();
	unsigned b, i, at;

	for (b = 0; b < rec->blocks + (n - 1) * STAGGER; b++) {
		for (i = 0; i < n; i++) {
			at = b - i * STAGGER; /* wraps before the channel's start */
			if (at < rec->blocks)
				rp->cpu_s += step(&c[i], rec->line.p + (size_t)at * BLOCK) - cost;
		}
	}
	for (i = 0; i < n; i++) {
		rp->ifp_out += c[i].out;
		rp->ifp_in += c[i].seq;
	}
}

int bare_run(const struct bare_params *p, struct bare_result *rp)
{
	struct channel *c = NULL;
	struct recording rec = {0};
	struct bare_result r = {0};
	unsigned i;
	int err;

	if (p->channels == 0 || p->pages == 0 || p->rows == 0)
		return EINVAL;
	err = record(p, &rec, &r);
	if (err)
		goto out;
	c = calloc(p->channels, sizeof(*c));
	err = c ? 0 : ENOMEM;
	for (i = 0; i < p->channels && !err; i++) {
		c[i].ifps = rec.ifps.p;
		c[i].gw = gateway(count_packet, &c[i], p->ecm);
		err = c[i].gw ? 0 : ENOMEM;
	}
	if (err)
		goto out;
	replay(c, p->channels, &rec, &r);
	r.cpu_per_channel_percent = 100 * r.cpu_s / (r.fax_s * p->channels);
	*rp = r;
out:
	for (i = 0; c && i < p->channels; i++)
		if (c[i].gw)
			t38_gateway_free(c[i].gw);
	free(c);
	free(rec.line.p);
	free(rec.ifps.p);
	return err;
}
