/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/bearer/media_socket.h"

#include <errno.h>
#include <string.h>

#include "gateway/base/clock.h"

#define MEDIA_SOCKET_BURST 64 /* foreign datagrams passed over at a time: a flood may not hold the span up */

void media_ports_init(struct media_ports *p, struct net *net, const struct addr address[ADDR_FAMILIES], uint16_t min,
		      uint16_t max, unsigned first, unsigned count)
{
	unsigned pairs;

	min = (uint16_t)((min + 1) & ~1);
	pairs = max >= min ? (unsigned)(max - min) / 2 + 1 : 0;
	*p = (struct media_ports){.net = net, .min = min, .max = max};
	memcpy(p->address, address, sizeof(p->address));
	p->next = (uint16_t)(min + 2 * (count ? pairs * first / count : 0));
}

void media_ports_fini(struct media_ports *p)
{
	udp_group_free(p->group, p->net);
	p->group = NULL;
}

void media_ports_look(struct media_ports *p, int64_t now_us)
{
	if (!p->group || p->looked_us == now_us)
		return;
	p->looked_us = now_us;
	udp_group_look(p->group, p->net);
}

static bool allows_host(const struct media_socket *s, const struct addr *from)
{
	return addr_same_host(from, &s->described);
}

static bool allows_any(const struct media_socket *s, const struct addr *from)
{
	return true;
}

void media_socket_set_policy(struct media_socket *s, const struct media_policy *m)
{
	s->allows = m->nat == MEDIA_NAT_LATCH ? allows_any : allows_host;
	s->follows = m->nat != MEDIA_NAT_NO;
	s->relatch_us = m->nat_relatch_ms ? m->nat_relatch_ms * MS_US : INT64_MAX;
}

static void init(struct media_socket *s)
{
	*s = (struct media_socket){.allows = allows_host, .relatch_us = INT64_MAX};
}

/* The same port in every family: which of them a call takes is not known before its peer is. */
static int open_port(struct media_socket *s, const struct media_ports *p, uint16_t port)
{
	int err = EADDRNOTAVAIL;

	for (unsigned f = 0; f < ADDR_FAMILIES; f++) {
		struct addr a = p->address[f];

		if (!addr_is_set(&a))
			continue;
		addr_set_port(&a, port);
		err = udp_open(p->net, &a, &s->udp[f]);
		if (err)
			break;
		/* whatever the kernel has against it, the call goes on */
		udp_mark(s->udp[f], p->dscp);
	}
	if (err)
		media_socket_close(s);
	return err;
}

/* Without a group each is read on its own. */
static void join(struct media_socket *s, struct media_ports *p)
{
	if (!p->group && udp_group_alloc(&p->group, p->net))
		return;
	for (unsigned f = 0; f < ADDR_FAMILIES; f++)
		if (s->udp[f])
			udp_group_join(p->group, s->udp[f]);
}

int media_socket_open(struct media_socket *s, struct media_ports *p)
{
	unsigned tries = p->max >= p->min ? (unsigned)(p->max - p->min) / 2 + 1 : 0;
	int err = EADDRINUSE;

	init(s);
	while (tries--) {
		err = open_port(s, p, p->next);
		p->next = p->next + 2 > p->max ? p->min : (uint16_t)(p->next + 2);
		if (err != EADDRINUSE)
			break;
	}
	if (!err)
		join(s, p);
	return err;
}

int media_socket_open_beside(struct media_socket *s, const struct media_socket *rtp, struct media_ports *p)
{
	int err = ENOTCONN;

	init(s);
	for (unsigned f = 0; f < ADDR_FAMILIES && err == ENOTCONN; f++)
		if (rtp->udp[f])
			err = open_port(s, p, (uint16_t)(addr_port(udp_local(rtp->udp[f])) + 1));
	if (!err)
		join(s, p);
	return err;
}

void media_socket_close(struct media_socket *s)
{
	for (unsigned f = 0; f < ADDR_FAMILIES; f++) {
		udp_close(s->udp[f]);
		s->udp[f] = NULL;
	}
}

const struct addr *media_socket_local(const struct media_socket *s, enum addr_family f)
{
	return s->udp[f] ? udp_local(s->udp[f]) : NULL;
}

void media_socket_set_remote(struct media_socket *s, const struct addr *remote)
{
	if (addr_equal(&s->described, remote))
		return;
	s->described = *remote;
	if (addr_equal(&s->remote, remote))
		return;
	s->remote = *remote;
	s->latched = false;
}

void media_socket_send(struct media_socket *s, const void *p, size_t len)
{
	struct udp *u = s->udp[addr_family(&s->remote)];

	/* 0.0.0.0 is the old way to say hold (RFC 3264 8.4) */
	if (!u || !addr_is_set(&s->remote) || addr_is_any(&s->remote) || !addr_port(&s->remote))
		return;
	s->sent++;
	if (udp_send(u, &s->remote, p, len))
		s->send_errors++;
}

/* The next datagram of either family, or a negative errno. The peer's family comes first: a flood of the other may not
 * crowd it out. */
static ssize_t read_any(struct media_socket *s, void *p, size_t room, struct addr *fromp)
{
	enum addr_family first = addr_family(&s->remote);
	ssize_t n = -EAGAIN;

	for (unsigned i = 0; i < ADDR_FAMILIES && n == -EAGAIN; i++)
		if (s->udp[first ^ i])
			n = udp_recv(s->udp[first ^ i], p, room, fromp);
	return n;
}

/* May FROM take the place of the latched source, which it is not? */
static bool may_follow(const struct media_socket *s, const struct addr *from, int64_t now_us)
{
	if (addr_equal(from, &s->described))
		return true;
	if (now_us - s->heard_us < s->relatch_us || !s->allows(s, from))
		return false;
	return s->taken < MEDIA_SOCKET_KNOWN || addr_same_host(from, &s->source);
}

/* *NEWP: as media_socket_recv() says. */
static bool is_heard(struct media_socket *s, const struct addr *from, int64_t now_us, bool *newp)
{
	*newp = !s->latched || !addr_equal(from, &s->source);
	if (*newp)
		return s->latched ? may_follow(s, from, now_us) : s->allows(s, from);
	s->heard_us = now_us;
	s->taken += s->taken < MEDIA_SOCKET_KNOWN;
	return true;
}

ssize_t media_socket_recv(struct media_socket *s, int64_t now_us, void *p, size_t room, struct addr *fromp, bool *newp)
{
	unsigned tries = MEDIA_SOCKET_BURST;
	ssize_t n;

	while (tries--) {
		n = read_any(s, p, room, fromp);
		/* an ICMP error of an earlier send is reported here once; the next call goes on */
		if (n == -ECONNREFUSED || n == -EINTR)
			continue;
		if (n < 0)
			return -EAGAIN;
		if (is_heard(s, fromp, now_us, newp))
			return n;
		s->foreign++;
		s->foreign_from = *fromp;
	}
	return -EAGAIN;
}

void media_socket_latch(struct media_socket *s, const struct addr *from, int64_t now_us)
{
	s->source = *from;
	if (s->follows)
		s->remote = *from;
	s->latched = true;
	s->taken = 1;
	s->heard_us = now_us;
}
