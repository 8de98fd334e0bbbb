/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/sim/net_damage.h"

#include <math.h>

/* S. Vigna's splitmix64. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double random_share(uint64_t *state)
{
	return (double)(random_next(state) >> 11) / (double)(UINT64_C(1) << 53);
}

void net_damage_init(struct net_damage *r, const struct net_sim_match *m, const struct net_sim_damage *d, uint64_t seed,
		     int64_t now_us)
{
	uint64_t random = ~seed;

	*r = (struct net_damage){.match = *m, .damage = *d, .random = seed};
	r->phase_us = (int64_t)(random_share(&random) * (double)d->outage_every_us) - now_us;
}

static bool port_within(uint16_t port, uint16_t low, uint16_t high)
{
	return (!low && !high) || (port >= low && port <= high);
}

bool net_damage_applies(const struct net_damage *r, const struct addr *from, const struct addr *to)
{
	const struct net_sim_match *m = &r->match;

	return (!addr_is_set(&m->from) || addr_same_host(&m->from, from)) &&
	       (!addr_is_set(&m->to) || addr_same_host(&m->to, to)) &&
	       port_within(addr_port(from), m->from_port_low, m->from_port_high) &&
	       port_within(addr_port(to), m->to_port_low, m->to_port_high);
}

/* How long a state lasts whose end may come at any moment. */
static int64_t draw_us(struct net_damage *r, int64_t mean_us)
{
	return 1 + (int64_t)(-log(1.0 - random_share(&r->random)) * (double)mean_us);
}

static void pass_time(struct net_damage *r, int64_t now_us)
{
	if (!r->turn_us)
		r->turn_us = now_us + draw_us(r, r->damage.good_mean_us);
	while (r->turn_us <= now_us) {
		r->bad = !r->bad;
		r->turn_us += draw_us(r, r->bad ? r->damage.bad_mean_us : r->damage.good_mean_us);
	}
}

static bool is_outage(const struct net_damage *r, int64_t now_us)
{
	const struct net_sim_damage *d = &r->damage;

	return d->outage_us && (now_us + r->phase_us) % d->outage_every_us < d->outage_us;
}

/* Each chance is drawn whether it matters or not, so that one number changed leaves the others' draws as they were. */
bool net_damage_loses(struct net_damage *r, int64_t now_us)
{
	double turn = random_share(&r->random), loss = random_share(&r->random);

	if (r->damage.good_mean_us)
		pass_time(r, now_us);
	else if (r->bad ? turn < r->damage.burst_end : turn < r->damage.burst_begin)
		r->bad = !r->bad;
	return loss < (r->bad ? r->damage.burst_loss : r->damage.loss) || is_outage(r, now_us);
}

bool net_damage_doubles(struct net_damage *r)
{
	return random_share(&r->random) < r->damage.duplicate;
}

int64_t net_damage_due_us(struct net_damage *r, int64_t now_us)
{
	int64_t due = now_us + r->damage.delay_us;
	double share = random_share(&r->random);

	if (r->damage.flap_us && (now_us + r->phase_us) / r->damage.flap_every_us & 1)
		due += r->damage.flap_us;
	due += (int64_t)(share * (double)r->damage.jitter_us);
	if (r->damage.keep_order && due < r->last_due_us)
		due = r->last_due_us;
	r->last_due_us = due;
	return due;
}
