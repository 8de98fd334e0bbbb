/* SPDX-License-Identifier: GPL-2.0-only */
/* net_damage: one rule of net_sim's, with its source of chance. Pure. */
#ifndef SIM_NET_DAMAGE_H
#define SIM_NET_DAMAGE_H

#include "net_sim.h"

struct net_damage {
	struct net_sim_match match;
	struct net_sim_damage damage;
	struct net_sim_rule_stats stats;
	uint64_t random;
	bool bad;	     /* Gilbert-Elliott: in a burst... */
	int64_t turn_us;     /* ...or not, until then, if that goes by time */
	int64_t phase_us;    /* of outages and changes of the way */
	int64_t last_due_us; /* for keep_order */
};

/* What goes by time is counted from NOW_US on, so that it falls the same whatever ran before. */
void net_damage_init(struct net_damage *r, const struct net_sim_match *m, const struct net_sim_damage *d, uint64_t seed,
		     int64_t now_us);
bool net_damage_applies(const struct net_damage *r, const struct addr *from, const struct addr *to);

/* One draw each, for the next datagram: is it lost, does it come twice, and when is it there if sent at NOW_US. */
bool net_damage_loses(struct net_damage *r, int64_t now_us);
bool net_damage_doubles(struct net_damage *r);
int64_t net_damage_due_us(struct net_damage *r, int64_t now_us);

#endif
