/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lossy_link: a link of the network over which a T.38 peer loses and delays datagrams of UDPTL, and nothing else.
 *
 *   lossy_link LOW HIGH
 *
 * It makes a network namespace of its own (the far side), with the interface "far" there and "near" in that of its
 * caller; the caller gives them addresses and starts the peer there (nsenter -n -t PID), whose UDPTL ports are LOW to
 * HIGH. It prints "up" when they are there. A line of its input, "LOSS_PERCENT JITTER_MS SEED", holds from then on,
 * for each way by itself; at the next one, and at the end of the input, it prints what became of it: "to far LOST of
 * N, to near LOST of N". Needs root and /dev/net/tun.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gateway/base/clock.h"
#include "tests/sim/net_damage.h"

#define MAX_OCTETS	1600
#define MAX_LATE	4096
#define IP_UDP		17
#define IP_LEAST_OCTETS 20
#define UDP_OCTETS	8

enum side { NEAR, FAR, SIDES };
static const char *const side_name[SIDES] = {"near", "far"};

struct late {
	int64_t due_us;
	size_t octets;
	uint8_t packet[MAX_OCTETS];
};

/* What goes to one side. */
struct way {
	struct net_damage damage;
	unsigned sent, lost;
	struct late *late; /* in no order */
	unsigned nlate;
};

static struct {
	int fd[SIDES];
	struct way to[SIDES];
	unsigned low, high;
	char line[128];
	size_t line_len;
} lk;

static int interface_open(const char *name, int *fdp)
{
	struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno;
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &r)) {
		int err = errno;

		close(fd);
		return err;
	}
	*fdp = fd;
	return 0;
}

static int ways_alloc(void)
{
	for (enum side s = 0; s < SIDES; s++) {
		lk.to[s].late = calloc(MAX_LATE, sizeof(*lk.to[s].late));
		if (!lk.to[s].late)
			return ENOMEM;
	}
	return 0;
}

static void ways_set(double loss, int64_t jitter_us, uint64_t seed)
{
	const struct net_sim_match all = {.from_port_low = 0};
	const struct net_sim_damage d = {.loss = loss, .jitter_us = jitter_us};

	for (enum side s = 0; s < SIDES; s++) {
		net_damage_init(&lk.to[s].damage, &all, &d, 2 * seed + s, 0);
		lk.to[s].sent = lk.to[s].lost = 0;
	}
}

static void ways_report(void)
{
	printf("to far %u of %u, to near %u of %u\n", lk.to[FAR].lost, lk.to[FAR].sent, lk.to[NEAR].lost,
	       lk.to[NEAR].sent);
}

static unsigned get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* UDP of IPv4 whose port at the far side is one of UDPTL's. */
static bool is_udptl(enum side to, const uint8_t *p, size_t octets)
{
	size_t header = (size_t)(p[0] & 15) * 4;
	unsigned port;

	if (octets < IP_LEAST_OCTETS || p[0] >> 4 != 4 || p[9] != IP_UDP || octets < header + UDP_OCTETS)
		return false;
	port = get16(p + header + (to == FAR ? 2 : 0));
	return port >= lk.low && port <= lk.high;
}

/* What the interface has no room for is lost too; it is not counted, for its queue is 500 packets. */
static void deliver(enum side to, const uint8_t *p, size_t octets)
{
	ssize_t n = write(lk.fd[to], p, octets);

	if (n < 0 && errno != EAGAIN && errno != EIO) /* EIO: not up yet */
		perror("lossy_link: write");
}

static void pass(enum side to, const uint8_t *p, size_t octets)
{
	struct way *w = &lk.to[to];
	int64_t now = clock_now_us(&clock_monotonic), due;

	if (!is_udptl(to, p, octets)) {
		deliver(to, p, octets);
		return;
	}
	w->sent++;
	due = net_damage_due_us(&w->damage, now);
	if (net_damage_loses(&w->damage, now) || w->nlate == MAX_LATE) {
		w->lost++;
	} else if (due <= now) {
		deliver(to, p, octets);
	} else {
		struct late *l = &w->late[w->nlate++];

		l->due_us = due;
		l->octets = octets;
		memcpy(l->packet, p, octets);
	}
}

static void take(enum side from)
{
	uint8_t packet[MAX_OCTETS];
	ssize_t n;

	while ((n = read(lk.fd[from], packet, sizeof(packet))) > 0)
		pass(from == NEAR ? FAR : NEAR, packet, (size_t)n);
}

/* Sends on what is due. Returns the milliseconds to the next, -1 for none. */
static int late_step(void)
{
	int64_t now = clock_now_us(&clock_monotonic), next = INT64_MAX;

	for (enum side s = 0; s < SIDES; s++) {
		struct way *w = &lk.to[s];

		for (unsigned i = 0; i < w->nlate;) {
			struct late *l = &w->late[i];

			if (l->due_us <= now) {
				deliver(s, l->packet, l->octets);
				*l = w->late[--w->nlate];
			} else {
				next = l->due_us < next ? l->due_us : next;
				i++;
			}
		}
	}
	return next == INT64_MAX ? -1 : (int)((next - now) / 1000 + 1);
}

static void line_heed(const char *line)
{
	double percent, jitter_ms;
	unsigned long long seed;

	if (sscanf(line, "%lf %lf %llu", &percent, &jitter_ms, &seed) != 3 || percent < 0 || percent > 100 ||
	    jitter_ms < 0) {
		fprintf(stderr, "lossy_link: not a loss, a jitter and a seed: %s\n", line);
		return;
	}
	ways_report();
	ways_set(percent / 100, (int64_t)(jitter_ms * 1000), seed);
}

/* False when the input is at its end. */
static bool input_step(void)
{
	ssize_t n = read(STDIN_FILENO, lk.line + lk.line_len, sizeof(lk.line) - 1 - lk.line_len);
	char *end;

	if (n <= 0)
		return false;
	lk.line_len += (size_t)n;
	lk.line[lk.line_len] = '\0';
	while ((end = strchr(lk.line, '\n'))) {
		*end = '\0';
		line_heed(lk.line);
		lk.line_len -= (size_t)(end + 1 - lk.line);
		memmove(lk.line, end + 1, lk.line_len + 1);
	}
	if (lk.line_len == sizeof(lk.line) - 1)
		lk.line_len = 0;
	return true;
}

static void run(void)
{
	struct pollfd polled[] = {{lk.fd[NEAR], POLLIN, 0}, {lk.fd[FAR], POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
	bool more = true;

	while (more) {
		if (poll(polled, 3, late_step()) < 0 && errno != EINTR)
			break;
		for (enum side s = 0; s < SIDES; s++)
			if (polled[s].revents)
				take(s);
		if (polled[2].revents)
			more = input_step();
	}
	ways_report();
}

int main(int argc, char **argv)
{
	int err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 3) {
		fprintf(stderr, "usage: lossy_link LOW HIGH\n");
		return 2;
	}
	lk.low = (unsigned)atoi(argv[1]);
	lk.high = (unsigned)atoi(argv[2]);
	ways_set(0, 0, 0);
	err = ways_alloc();
	for (enum side s = 0; !err && s < SIDES; s++) {
		if (s == FAR && unshare(CLONE_NEWNET))
			err = errno;
		if (!err)
			err = interface_open(side_name[s], &lk.fd[s]);
		if (err)
			fprintf(stderr, "lossy_link: %s side: %s\n", side_name[s], strerror(err));
	}
	if (err)
		return EXIT_FAILURE;
	printf("up\n");
	run();
	return EXIT_SUCCESS;
}
