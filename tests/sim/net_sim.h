/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * net_sim: a simulated datagram network behind gateway/base/net.h, on the test's time. What is sent arrives, changed
 * as the rules of damage say, when the test runs the network up to its due time. The same seed and the same calls
 * give the same run.
 *
 * Sockets may be bound to any IPv4 or IPv6 address; all addresses are on one network. A datagram to an address nobody
 * is bound to when it is due vanishes, and is counted. Handlers given with udp_watch() are called from net_sim_run()
 * alone, never from within a send, once for each datagram that has come; the loop given there is not used. A socket
 * that is not watched just keeps its datagrams.
 */
#ifndef SIM_NET_SIM_H
#define SIM_NET_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/base/net.h"

#define NET_SIM_MAX_OCTETS 65507	/* longest datagram: UDP over IPv4 */
#define NET_SIM_QUEUE 512		/* datagrams that wait in a socket; more are dropped and counted */

struct net_sim;

int net_sim_alloc(struct net_sim **np, uint64_t seed);	/* 0 or ENOMEM */
void net_sim_free(struct net_sim *n);			/* closes the sockets that are still open */
struct net *net_sim_net(struct net_sim *n);

/* Which datagrams: all zero, all of them. Hosts not set, and ports 0 to 0, stand for any. */
struct net_sim_match {
	struct addr from, to;	/* hosts; their ports are not looked at */
	uint16_t from_port_low, from_port_high;
	uint16_t to_port_low, to_port_high;
};

/* What happens to them, each by itself: all zero, nothing. Chances are 0.0 to 1.0. */
struct net_sim_damage {
	double loss;		/* in the good state */
	double burst_begin;	/* chance, before each datagram, to go from good state to bad (Gilbert-Elliott) */
	double burst_end;	/* and back */
	double burst_loss;	/* loss in the bad state */
	/* Not 0: the two states last so long in the mean, whatever passes (burst_begin and burst_end are not looked
	 * at). */
	int64_t good_mean_us, bad_mean_us;
	int64_t outage_every_us, outage_us; /* all is lost for so long, so often, from a moment of chance; 0: never */
	int64_t flap_every_us, flap_us;	    /* the way changes so often: every other one takes so much longer */
	double duplicate;	/* the copy takes its own way */
	int64_t delay_us;
	int64_t jitter_us;	/* up to so much more, evenly spread; later datagrams overtake */
	bool keep_order;	/* they do not: what is early waits for what was sent before it */
};

struct net_sim_rule_stats {
	uint64_t seen, lost, duplicated;
};

/* Adds a rule. A datagram follows the first rule that matches, and undamaged without delay if none does. Each rule
 * draws its chances from a source of its own, so that other traffic does not change what it does. 0 or ENOMEM; *IDP
 * (may be NULL) is for the calls below. */
int net_sim_add_rule(struct net_sim *n, const struct net_sim_match *m, const struct net_sim_damage *d, unsigned *idp);
void net_sim_change_rule(struct net_sim *n, unsigned id, const struct net_sim_damage *d);
struct net_sim_rule_stats net_sim_rule_stats(const struct net_sim *n, unsigned id);

struct net_sim_datagram {
	int64_t at_us;		/* sent, or arrived */
	struct addr from, to;
	uint8_t *data;		/* ROOM octets may be written */
	size_t len, room;
};

/* Sees a datagram and may alter it: its data, its LEN up to ROOM, and its addresses. False drops it. Must not send. */
typedef bool (net_sim_tap_h)(struct net_sim_datagram *d, void *arg);

void net_sim_tap(struct net_sim *n, net_sim_tap_h *h, void *arg);	   /* as sent, before any damage */
void net_sim_tap_arrivals(struct net_sim *n, net_sim_tap_h *h, void *arg); /* as it comes out, just before the socket */

/* Delivers all that is due up to NOW_US in the order of time, with what the handlers send in answer if that is due as
 * well (to a limit: two that answer each other without delay go on in the next run). Returns how many were delivered.
 * What is sent afterwards is sent at NOW_US. */
unsigned net_sim_run(struct net_sim *n, int64_t now_us);

/* Microseconds from the time of the last run to the next delivery; -1 when nothing is under way. */
int64_t net_sim_next_us(const struct net_sim *n);

struct net_sim_stats {
	uint64_t sent, lost, duplicated, dropped_by_tap, delivered;
	uint64_t unbound;	/* nobody there */
	uint64_t overflow;	/* socket full */
	unsigned sockets;	/* open now */
};
struct net_sim_stats net_sim_stats(const struct net_sim *n);

#endif
