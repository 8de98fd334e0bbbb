/* SPDX-License-Identifier: GPL-2.0-only */
#include "answered.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/message/message.h"

#define BUCKETS	   16384
#define KEY_OCTETS 512

struct entry {
	struct entry *same_bucket, *newer;
	int64_t until_us;
	uint32_t hash;
	size_t key_octets, octets; /* of all of it */
	struct answered_response response;
	char data[]; /* the key, the response */
};

struct answered {
	struct loop *loop;
	struct timer timer;
	struct entry *buckets[BUCKETS];
	struct entry *oldest, *newest;
	unsigned count;
	size_t octets;
};

/* The octets of REQUEST's key; 0: it has none. */
static size_t key_of(const osip_message_t *request, char *key)
{
	const osip_via_t *via = osip_list_get(&request->vias, 0);
	int n;

	if (!via || !via->host || message_is_old(request))
		return 0;
	n = snprintf(key, KEY_OCTETS, "%s %s %s:%s", request->cseq->method, message_branch(request), via->host,
		     via->port ? via->port : "");
	return n > 0 && n < KEY_OCTETS ? (size_t)n : 0;
}

static uint32_t hash_of(const char *key, size_t octets)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < octets; i++)
		hash = (hash ^ (uint8_t)key[i]) * 16777619u;
	return hash ^ hash >> 16;
}

static void drop_oldest(struct answered *a)
{
	struct entry *e = a->oldest, **p = &a->buckets[e->hash % BUCKETS];

	while (*p != e)
		p = &(*p)->same_bucket;
	*p = e->same_bucket;
	a->oldest = e->newer;
	if (!a->oldest)
		a->newest = NULL;
	a->count--;
	a->octets -= e->octets;
	free(e);
}

/* The timer is for when nothing happens any more. Without memory for it the next call does its work. */
static void answered_expire(void *arg)
{
	struct answered *a = arg;
	int64_t now_us = loop_now_us(a->loop);

	while (a->oldest && a->oldest->until_us <= now_us)
		drop_oldest(a);
	if (a->oldest && !timer_running(&a->timer))
		timer_start(loop_timers(a->loop), &a->timer, a->oldest->until_us - now_us);
}

int answered_alloc(struct answered **ap, struct loop *loop)
{
	struct answered *a = calloc(1, sizeof(*a));

	if (!a)
		return ENOMEM;
	a->loop = loop;
	timer_init(&a->timer, answered_expire, a);
	*ap = a;
	return 0;
}

void answered_free(struct answered *a)
{
	if (!a)
		return;
	timer_stop(loop_timers(a->loop), &a->timer);
	while (a->oldest)
		drop_oldest(a);
	free(a);
}

static struct entry *find(const struct answered *a, const char *key, size_t octets, uint32_t hash)
{
	struct entry *e = a->buckets[hash % BUCKETS];

	while (e && (e->hash != hash || e->key_octets != octets || memcmp(e->data, key, octets)))
		e = e->same_bucket;
	return e;
}

int answered_keep(struct answered *a, const osip_message_t *request, const char *text, size_t len,
		  const struct sip_hop *to)
{
	char key[KEY_OCTETS];
	size_t n = key_of(request, key), octets = sizeof(struct entry) + n + len;
	struct entry *e;

	if (!n || octets > ANSWERED_OCTETS)
		return EINVAL;
	e = malloc(octets);
	if (!e)
		return ENOMEM;
	answered_expire(a);
	while (a->count >= ANSWERED_MAX || a->octets + octets > ANSWERED_OCTETS)
		drop_oldest(a);
	*e = (struct entry){.until_us = loop_now_us(a->loop) + ANSWERED_KEEP_MS * MS_US,
			    .hash = hash_of(key, n),
			    .key_octets = n,
			    .octets = octets,
			    .response = {.text = e->data + n, .len = len, .to = *to}};
	memcpy(e->data, key, n);
	memcpy(e->data + n, text, len);
	e->same_bucket = a->buckets[e->hash % BUCKETS];
	a->buckets[e->hash % BUCKETS] = e;
	*(a->newest ? &a->newest->newer : &a->oldest) = e;
	a->newest = e;
	a->count++;
	a->octets += octets;
	answered_expire(a);
	return 0;
}

const struct answered_response *answered_find(struct answered *a, const osip_message_t *request)
{
	char key[KEY_OCTETS];
	size_t n = key_of(request, key);
	const struct entry *e;

	answered_expire(a);
	e = n ? find(a, key, n, hash_of(key, n)) : NULL;
	return e ? &e->response : NULL;
}

unsigned answered_count(const struct answered *a)
{
	return a->count;
}
