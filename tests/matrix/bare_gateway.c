/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/matrix/bare_gateway.h"

#include <errno.h>
#include <string.h>

static void end_send(struct bare_end *e, const uint8_t *ifp, size_t len)
{
	uint8_t out[UDPTL_SIM_OCTETS];
	size_t n = udptl_sim_send(&e->udptl, ifp, len, out);

	udp_send(e->udp, &e->remote, out, n);
}

static void end_take(struct bare_end *e)
{
	uint8_t in[UDPTL_SIM_OCTETS];
	struct addr from;
	ssize_t n;

	while ((n = udp_recv(e->udp, in, sizeof(in), &from)) >= 0)
		udptl_sim_receive(&e->udptl, in, (size_t)n);
}

static int gateway_says(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	end_send(&((struct bare_gateway *)arg)->gateway_end, buf, (size_t)len);
	return 0;
}

static void peer_says(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	end_send(&((struct bare_gateway *)arg)->peer_end, ifp, len);
}

static void gateway_hears(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	t38_core_rx_ifp_packet(t38_gateway_get_t38_core_state(((struct bare_end *)arg)->owner->gw), ifp, (int)len, seq);
}

static void peer_hears(const uint8_t *ifp, size_t len, uint16_t seq, void *arg)
{
	machine_t38_ifp(((struct bare_end *)arg)->owner->peer, ifp, len, seq);
}

static int end_open(struct bare_gateway *g, struct bare_end *e, const struct bare_gateway_params *p, const char *local,
		    const char *remote, udptl_sim_ifp_h *handler)
{
	struct addr a;

	e->owner = g;
	udptl_sim_init(&e->udptl, handler, e);
	e->udptl.kind = p->kind;
	e->udptl.depth = e->udptl.fec_entries = p->depth;
	if (addr_parse(&a, local, 0) || addr_parse(&e->remote, remote, 0))
		return EINVAL;
	return udp_open(net_sim_net(g->net), &a, &e->udp);
}

int bare_gateway_init(struct bare_gateway *g, struct net_sim *net, const struct bare_gateway_params *p,
		      const struct machine_params *machine)
{
	int err;

	memset(g, 0, sizeof(*g));
	g->net = net;
	err = end_open(g, &g->gateway_end, p, p->gateway, p->peer, gateway_hears);
	if (!err)
		err = end_open(g, &g->peer_end, p, p->peer, p->gateway, peer_hears);
	if (!err)
		err = machine_t38_alloc(&g->peer, machine, peer_says, g);
	if (err)
		return err;
	g->gw = t38_gateway_init(NULL, gateway_says, g);
	if (!g->gw)
		return ENOMEM;
	t38_gateway_set_transmit_on_idle(g->gw, TRUE);
	t38_gateway_set_ecm_capability(g->gw, !p->no_ecm);
	if (p->modems)
		t38_gateway_set_supported_modems(g->gw, p->modems);
	if (p->max_rate)
		t38_set_fastest_image_data_rate(t38_gateway_get_t38_core_state(g->gw), p->max_rate);
	t38_set_t38_version(t38_gateway_get_t38_core_state(g->gw), 0);
	return 0;
}

void bare_gateway_fini(struct bare_gateway *g)
{
	machine_free(g->peer);
	if (g->gw)
		t38_gateway_free(g->gw);
}

void bare_gateway_step(struct bare_gateway *g, int64_t at_us, int16_t samples[BARE_BLOCK])
{
	t38_gateway_rx(g->gw, samples, BARE_BLOCK);
	machine_t38_step(g->peer, BARE_BLOCK);
	net_sim_run(g->net, at_us);
	end_take(&g->gateway_end);
	end_take(&g->peer_end);
	memset(samples, 0, BARE_BLOCK * sizeof(*samples));
	t38_gateway_tx(g->gw, samples, BARE_BLOCK);
}
