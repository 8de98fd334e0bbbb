/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/net_sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/net_damage.h"

#define PORT_FIRST 40000u /* ephemeral ports, in turn */
#define PORT_LAST  60999u
#define TAP_SPARE  64	   /* octets by which a tap may lengthen a datagram */
#define RUN_LIMIT  100000u /* deliveries in one run */

struct datagram {
	struct datagram *next; /* in the receiving socket */
	int64_t due_us;
	uint64_t order; /* of sending, among those due together */
	struct addr from, to;
	size_t len, room;
	uint8_t data[];
};

struct sim_udp {
	struct udp udp;
	struct net_sim *sim;
	struct sim_udp *next;
	struct addr local;
	void (*handler)(void *arg);
	void *arg;
	struct datagram *head, **tail;
	unsigned waiting;
};

struct net_sim {
	struct net net;
	uint64_t seed, order;
	int64_t now_us;
	struct sim_udp *sockets;
	struct net_damage *rules;
	size_t nrules;
	struct datagram **way; /* a heap of what is under way, by due_us and order */
	size_t nway, way_room;
	unsigned next_port;
	net_sim_tap_h *tap, *tap_arrivals;
	void *tap_arg, *tap_arrivals_arg;
	struct net_sim_stats stats;
};

static const struct net_ops sim_ops;

int net_sim_alloc(struct net_sim **np, uint64_t seed)
{
	struct net_sim *n = calloc(1, sizeof(*n));

	if (!n)
		return ENOMEM;
	n->net.ops = &sim_ops;
	n->seed = seed;
	n->next_port = PORT_FIRST;
	*np = n;
	return 0;
}

void net_sim_free(struct net_sim *n)
{
	if (!n)
		return;
	while (n->sockets)
		udp_close(&n->sockets->udp);
	for (size_t i = 0; i < n->nway; i++)
		free(n->way[i]);
	free(n->way);
	free(n->rules);
	free(n);
}

struct net *net_sim_net(struct net_sim *n)
{
	return &n->net;
}

int net_sim_add_rule(struct net_sim *n, const struct net_sim_match *m, const struct net_sim_damage *d, unsigned *idp)
{
	struct net_damage *rules = realloc(n->rules, (n->nrules + 1) * sizeof(*rules));
	struct net_damage *r;

	if (!rules)
		return ENOMEM;
	n->rules = rules;
	r = &rules[n->nrules];
	net_damage_init(r, m, d, n->seed ^ (n->nrules + 1) * UINT64_C(0xd1342543de82ef95), n->now_us);
	if (idp)
		*idp = (unsigned)n->nrules;
	n->nrules++;
	return 0;
}

void net_sim_change_rule(struct net_sim *n, unsigned id, const struct net_sim_damage *d)
{
	n->rules[id].damage = *d;
}

struct net_sim_rule_stats net_sim_rule_stats(const struct net_sim *n, unsigned id)
{
	return n->rules[id].stats;
}

void net_sim_tap(struct net_sim *n, net_sim_tap_h *h, void *arg)
{
	n->tap = h;
	n->tap_arg = arg;
}

void net_sim_tap_arrivals(struct net_sim *n, net_sim_tap_h *h, void *arg)
{
	n->tap_arrivals = h;
	n->tap_arrivals_arg = arg;
}

struct net_sim_stats net_sim_stats(const struct net_sim *n)
{
	return n->stats;
}

/* Sockets */

static struct sim_udp *find_socket(const struct net_sim *n, const struct addr *a)
{
	struct sim_udp *s;

	for (s = n->sockets; s; s = s->next) {
		if (s->local.sa.sa_family == a->sa.sa_family && addr_port(&s->local) == addr_port(a) &&
		    (addr_same_host(&s->local, a) || addr_is_any(&s->local)))
			return s;
	}
	return NULL;
}

static bool port_taken(const struct net_sim *n, const struct addr *a)
{
	struct sim_udp *s;

	for (s = n->sockets; s; s = s->next) {
		if (s->local.sa.sa_family == a->sa.sa_family && addr_port(&s->local) == addr_port(a) &&
		    (addr_same_host(&s->local, a) || addr_is_any(&s->local) || addr_is_any(a)))
			return true;
	}
	return false;
}

static int choose_port(struct net_sim *n, struct addr *a)
{
	unsigned tries;

	for (tries = PORT_FIRST; tries <= PORT_LAST; tries++) {
		addr_set_port(a, (uint16_t)n->next_port);
		n->next_port = n->next_port == PORT_LAST ? PORT_FIRST : n->next_port + 1;
		if (!port_taken(n, a))
			return 0;
	}
	return EADDRINUSE;
}

static int sim_open(struct net *net, const struct addr *local, struct udp **up)
{
	struct net_sim *n = (struct net_sim *)net;
	struct addr a = *local;
	struct sim_udp *s;
	int err = 0;

	if (!addr_is_set(local))
		return EAFNOSUPPORT;
	if (!addr_port(&a))
		err = choose_port(n, &a);
	else if (port_taken(n, &a))
		err = EADDRINUSE;
	if (err)
		return err;
	s = calloc(1, sizeof(*s));
	if (!s)
		return ENOMEM;
	s->udp.net = net;
	s->sim = n;
	s->local = a;
	s->tail = &s->head;
	s->next = n->sockets;
	n->sockets = s;
	n->stats.sockets++;
	*up = &s->udp;
	return 0;
}

static void sim_close(struct udp *u)
{
	struct sim_udp *s = (struct sim_udp *)u, **p;
	struct datagram *d;

	for (p = &s->sim->sockets; *p != s; p = &(*p)->next)
		;
	*p = s->next;
	s->sim->stats.sockets--;
	while ((d = s->head)) {
		s->head = d->next;
		free(d);
	}
	free(s);
}

static ssize_t sim_recv(struct udp *u, void *p, size_t room, struct addr *fromp)
{
	struct sim_udp *s = (struct sim_udp *)u;
	struct datagram *d = s->head;
	size_t len;

	if (!d)
		return -EAGAIN;
	s->head = d->next;
	if (!s->head)
		s->tail = &s->head;
	s->waiting--;
	len = d->len < room ? d->len : room;
	if (len)
		memcpy(p, d->data, len);
	if (fromp)
		*fromp = d->from;
	free(d);
	return (ssize_t)len;
}

static int sim_watch(struct udp *u, struct loop *l, void (*handler)(void *arg), void *arg)
{
	struct sim_udp *s = (struct sim_udp *)u;

	if (s->handler)
		return EEXIST;
	s->handler = handler;
	s->arg = arg;
	return 0;
}

static const struct addr *sim_local(const struct udp *u)
{
	return &((const struct sim_udp *)u)->local;
}

/* The way */

static bool way_before(const struct datagram *a, const struct datagram *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us : a->order < b->order;
}

static int way_add(struct net_sim *n, struct datagram *d)
{
	size_t i = n->nway;

	if (n->nway == n->way_room) {
		size_t room = n->way_room ? 2 * n->way_room : 64;
		struct datagram **way = realloc(n->way, room * sizeof(*way));

		if (!way)
			return ENOMEM;
		n->way = way;
		n->way_room = room;
	}
	n->nway++;
	while (i > 0 && way_before(d, n->way[(i - 1) / 2])) {
		n->way[i] = n->way[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	n->way[i] = d;
	return 0;
}

static struct datagram *way_take(struct net_sim *n)
{
	struct datagram *first = n->way[0], *last = n->way[--n->nway];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < n->nway) {
		if (child + 1 < n->nway && way_before(n->way[child + 1], n->way[child]))
			child++;
		if (way_before(last, n->way[child]))
			break;
		n->way[i] = n->way[child];
		i = child;
	}
	n->way[i] = last;
	return first;
}

static struct net_damage *find_rule(struct net_sim *n, const struct datagram *d)
{
	for (size_t i = 0; i < n->nrules; i++) {
		if (net_damage_applies(&n->rules[i], &d->from, &d->to))
			return &n->rules[i];
	}
	return NULL;
}

static struct datagram *datagram_copy(const struct datagram *d)
{
	struct datagram *copy = malloc(sizeof(*copy) + d->room);

	if (copy)
		memcpy(copy, d, sizeof(*d) + d->len);
	return copy;
}

/* Takes D over. */
static int send_by_rule(struct net_sim *n, struct net_damage *r, struct datagram *d)
{
	struct datagram *copy = NULL;
	bool lost, twice;
	int err = 0;

	r->stats.seen++;
	lost = net_damage_loses(r, n->now_us);
	twice = net_damage_doubles(r);
	d->due_us = net_damage_due_us(r, n->now_us);
	if (lost) {
		r->stats.lost++;
		n->stats.lost++;
		free(d);
		return 0;
	}
	if (twice) {
		copy = datagram_copy(d);
		if (!copy) {
			free(d);
			return ENOMEM;
		}
		copy->due_us = net_damage_due_us(r, n->now_us);
		copy->order = n->order++;
		r->stats.duplicated++;
		n->stats.duplicated++;
	}
	err = way_add(n, d);
	if (err)
		free(d);
	else
		d = NULL;
	if (copy && (err || way_add(n, copy)))
		free(copy);
	return err;
}

static bool tapped(struct net_sim *n, net_sim_tap_h *tap, void *arg, struct datagram *d)
{
	struct net_sim_datagram view = {
		.at_us = n->now_us, .from = d->from, .to = d->to, .data = d->data, .len = d->len, .room = d->room};

	if (!tap)
		return true;
	if (!tap(&view, arg)) {
		n->stats.dropped_by_tap++;
		return false;
	}
	d->from = view.from;
	d->to = view.to;
	d->len = view.len <= d->room ? view.len : d->room;
	return true;
}

/* What a receiver sees as the source of a socket bound to no address in particular. */
static struct addr source_of(const struct sim_udp *s)
{
	struct addr a = s->local;

	if (addr_is_any(&a))
		addr_parse(&a, a.sa.sa_family == AF_INET ? "127.0.0.1" : "::1", addr_port(&s->local));
	return a;
}

static int sim_send(struct udp *u, const struct addr *to, const void *p, size_t len)
{
	struct sim_udp *s = (struct sim_udp *)u;
	struct net_sim *n = s->sim;
	struct datagram *d;
	struct net_damage *r;
	int err;

	if (to->sa.sa_family != s->local.sa.sa_family)
		return EAFNOSUPPORT;
	if (!addr_port(to))
		return EINVAL;
	if (len > NET_SIM_MAX_OCTETS)
		return EMSGSIZE;
	d = malloc(sizeof(*d) + len + TAP_SPARE);
	if (!d)
		return ENOMEM;
	*d = (struct datagram){.order = n->order++, .to = *to, .len = len, .room = len + TAP_SPARE};
	d->from = source_of(s);
	d->due_us = n->now_us;
	if (len)
		memcpy(d->data, p, len);
	n->stats.sent++;
	if (!tapped(n, n->tap, n->tap_arg, d)) {
		free(d);
		return 0;
	}
	r = find_rule(n, d);
	if (r)
		return send_by_rule(n, r, d);
	err = way_add(n, d);
	if (err)
		free(d);
	return err;
}

/* Takes D over. True if a socket got it. */
static bool deliver(struct net_sim *n, struct datagram *d)
{
	struct sim_udp *s;

	if (!tapped(n, n->tap_arrivals, n->tap_arrivals_arg, d)) {
		free(d);
		return false;
	}
	s = find_socket(n, &d->to);
	if (!s || s->waiting == NET_SIM_QUEUE) {
		if (s)
			n->stats.overflow++;
		else
			n->stats.unbound++;
		free(d);
		return false;
	}
	d->next = NULL;
	*s->tail = d;
	s->tail = &d->next;
	s->waiting++;
	n->stats.delivered++;
	/* Last: it may close the socket. */
	if (s->handler)
		s->handler(s->arg);
	return true;
}

unsigned net_sim_run(struct net_sim *n, int64_t now_us)
{
	unsigned delivered = 0, taken = 0;

	while (n->nway && n->way[0]->due_us <= now_us && taken++ < RUN_LIMIT) {
		if (n->way[0]->due_us > n->now_us)
			n->now_us = n->way[0]->due_us;
		delivered += deliver(n, way_take(n));
	}
	if (now_us > n->now_us)
		n->now_us = now_us;
	return delivered;
}

int64_t net_sim_next_us(const struct net_sim *n)
{
	if (!n->nway)
		return -1;
	return n->way[0]->due_us > n->now_us ? n->way[0]->due_us - n->now_us : 0;
}

static const struct net_ops sim_ops = {
	.open = sim_open,
	.close = sim_close,
	.send = sim_send,
	.recv = sim_recv,
	.watch = sim_watch,
	.local = sim_local,
};
