/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * media_socket: one RTP, RTCP or UDPTL socket of a call: a port of the configured range, the peer's address, and the
 * rule whose packets are taken.
 *
 * The first valid packet from a source that the peer's policy allows makes that source the peer's; from then on every
 * other is dropped and counted, and, where the policy says so, we send there. But the address of the SDP: should
 * somebody have been quicker than the peer, the peer's own first packet from there brings it back for good.
 *
 * A source that is silent for nat_relatch may have moved: a NAT has forgotten it. When it had not sent enough to be
 * known for the peer, whoever the policy allows may take its place; else only another port of its host may, for in a
 * fax the receiving side is silent for pages on end, and nobody else may step in then.
 */
#ifndef GATEWAY_MEDIA_SOCKET_H
#define GATEWAY_MEDIA_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/media_policy.h"
#include "gateway/base/net.h"

#define MEDIA_SOCKET_KNOWN 25 /* valid datagrams of a source that make it known for the peer: half a second of RTP */

/* Where a thread looks for its next free port: even ports only, the odd one beside is RTCP's. */
struct media_ports {
	struct net *net;
	struct addr address[ADDR_FAMILIES];	/* local, port not used; not set: no media of that family */
	uint16_t min, max;
	uint16_t next;
	unsigned dscp;			/* of what is sent */
	struct udp_group *group;	/* of the sockets, NULL: none */
	int64_t looked_us;		/* when it was last looked at */
};

struct media_socket;
typedef bool (media_source_h)(const struct media_socket *s, const struct addr *from);

struct media_socket {
	struct udp *udp[ADDR_FAMILIES];	/* on one and the same port; NULL: closed, or no address of that family */
	media_source_h *allows;		/* may FROM be the peer's source? By policy */
	bool follows;			/* we send to where the peer's packets come from; by policy */
	int64_t relatch_us;		/* by policy; INT64_MAX: never */
	struct addr described;		/* the peer's address by its SDP */
	struct addr remote;		/* where we send */
	struct addr source;		/* where the peer's packets come from, once latched */
	bool latched;
	unsigned taken;			/* datagrams of that source, up to MEDIA_SOCKET_KNOWN */
	int64_t heard_us;		/* when the last one came */
	uint64_t foreign;		/* datagrams dropped because of their source */
	struct addr foreign_from;	/* the last such source */
	uint64_t sent, send_errors;
};

/* ADDRESS: one of each family, or not set. FIRST of COUNT threads start apart in the range MIN to MAX, so that they
 * seldom try each other's ports. */
void media_ports_init(struct media_ports *p, struct net *net, const struct addr address[ADDR_FAMILIES], uint16_t min,
		      uint16_t max, unsigned first, unsigned count);

/* After the last socket is closed. */
void media_ports_fini(struct media_ports *p);
/* To be called before a block's sockets are read: asks which of all those of P have something, once for each NOW_US. */
void media_ports_look(struct media_ports *p, int64_t now_us);

/* Binds the next even port that is free on every address, with the policy of no NAT. Returns 0; EADDRINUSE when the
 * whole range is taken; or another errno. */
int media_socket_open(struct media_socket *s, struct media_ports *p);
/* Binds the odd port beside RTP's. Returns 0 or errno: S is closed then. */
int media_socket_open_beside(struct media_socket *s, const struct media_socket *rtp, struct media_ports *p);
void media_socket_close(struct media_socket *s);
/* Our address of family F; NULL: closed, or there is none. */
const struct addr *media_socket_local(const struct media_socket *s, enum addr_family f);

/* Whose packets are taken from now on. Who is latched stays so. */
void media_socket_set_policy(struct media_socket *s, const struct media_policy *m);
/* The peer's address by SDP. A new one ends the latching; the same one again (a session refresh) does not. */
void media_socket_set_remote(struct media_socket *s, const struct addr *remote);

/* Sends one datagram to the peer; nothing when the socket is closed or the peer has no address. Errors are counted. */
void media_socket_send(struct media_socket *s, const void *p, size_t len);

/* Takes the next datagram of a source that may be heard at NOW_US. Returns its length in octets (0 is a length), or
 * -EAGAIN when there is none left. When the source is not the latched one *NEWP is true and the caller, having found
 * the packet valid, calls media_socket_latch() with it. */
ssize_t media_socket_recv(struct media_socket *s, int64_t now_us, void *p, size_t room, struct addr *fromp, bool *newp);
void media_socket_latch(struct media_socket *s, const struct addr *from, int64_t now_us);

#endif
