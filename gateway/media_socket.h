/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * media_socket: one RTP or UDPTL socket of a call: a port of the configured range, the peer's address, and the rule
 * whose packets are taken.
 *
 * The address of the SDP is believed first. The first valid packet from another source (the peer sits behind a NAT)
 * makes us send there instead, once; from then on every other source is dropped and counted. But the address of the
 * SDP: should somebody have been quicker than the peer, the peer's own first packet brings it back for good.
 */
#ifndef GATEWAY_MEDIA_SOCKET_H
#define GATEWAY_MEDIA_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/net.h"

/* Where a thread looks for its next free port: even ports only, so that RTP's RTCP port beside it stays unused. */
struct media_ports {
	struct net *net;
	struct addr address[ADDR_FAMILIES];	/* local, port not used; not set: no media of that family */
	uint16_t min, max;
	uint16_t next;
	unsigned dscp;			/* of what is sent */
	struct udp_group *group;	/* of the sockets, NULL: none */
	int64_t looked_us;		/* when it was last looked at */
};

struct media_socket {
	struct udp *udp[ADDR_FAMILIES];	/* on one and the same port; NULL: closed, or no address of that family */
	struct addr described;		/* the peer's address by its SDP */
	struct addr remote;		/* where we send, and once latched where it sends from */
	bool latched;
	uint64_t foreign;		/* datagrams dropped because of their source */
	struct addr foreign_from;	/* the last such source */
	uint64_t sent, send_errors;
};

/* ADDRESS: one of each family, or not set. FIRST of COUNT threads start apart in the range MIN to MAX, so that they seldom try each other's ports. */
void media_ports_init(struct media_ports *p, struct net *net, const struct addr address[ADDR_FAMILIES], uint16_t min,
		      uint16_t max, unsigned first, unsigned count);

/* After the last socket is closed. */
void media_ports_fini(struct media_ports *p);
/* To be called before a block's sockets are read: asks which of all those of P have something, once for each NOW_US. */
void media_ports_look(struct media_ports *p, int64_t now_us);

/* Binds the next even port that is free on every address. Returns 0; EADDRINUSE when the whole range is taken; or another errno. */
int media_socket_open(struct media_socket *s, struct media_ports *p);
void media_socket_close(struct media_socket *s);
/* Our address of family F; NULL: closed, or there is none. */
const struct addr *media_socket_local(const struct media_socket *s, enum addr_family f);

/* The peer's address by SDP. A new one ends the latching; the same one again (a session refresh) does not. */
void media_socket_set_remote(struct media_socket *s, const struct addr *remote);
/* The stream begins anew after a pause, in which a NAT may have forgotten it: the source is looked for again. */
void media_socket_relatch(struct media_socket *s);

/* Sends one datagram to the peer; nothing when the socket is closed or the peer has no address. Errors are counted. */
void media_socket_send(struct media_socket *s, const void *p, size_t len);

/* Takes the next datagram of a source that may be heard. Returns its length in octets (0 is a length), or -EAGAIN when
 * there is none left. When the source is not the latched one *NEWP is true and the caller, having found the packet
 * valid, calls media_socket_latch() with it. */
ssize_t media_socket_recv(struct media_socket *s, void *p, size_t room, struct addr *fromp, bool *newp);
void media_socket_latch(struct media_socket *s, const struct addr *from);

#endif
