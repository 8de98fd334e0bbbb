/* SPDX-License-Identifier: GPL-2.0-only */
#include "tdmoe_eth.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH		  32 /* frames for one system call; 20 ms of DAHDI's are 20 */
#define SUBADDRESS_OCTETS 2
#define FRAME_OCTETS	  1498 /* what fits in a frame of Ethernet beside the sub-address: 48 samples of 31 channels */
#define ROOM_OCTETS	  (SUBADDRESS_OCTETS + FRAME_OCTETS + 1) /* one more, to see that a frame is too long */
#define QUEUE_OCTETS	  (1024 * 1024)				 /* frames that wait while the thread is held up */
#define SOURCE_MAC	  6					 /* its place in the Ethernet header */

struct batch {
	unsigned count, next;
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	uint8_t octets[BATCH][ROOM_OCTETS];
};

struct tdmoe_eth {
	struct tdmoe_port port;
	struct tdmoe_eth_params params;
	int fd;
	bool bound;	   /* false: the interface is gone */
	struct loop *loop; /* NULL: not watched */
	void (*handler)(void *arg);
	void *arg;
	struct sockaddr_ll to;
	struct batch rx, tx;
};

static void eth_close(struct tdmoe_port *p)
{
	struct tdmoe_eth *e = (struct tdmoe_eth *)p;

	if (e->loop)
		loop_unwatch(e->loop, e->fd);
	if (e->fd >= 0)
		close(e->fd);
	free(e);
}

/* Without a protocol the socket has received nothing yet, so the filter sees every frame. */
static int eth_filter(struct tdmoe_eth *e)
{
	const uint8_t *mac = e->params.remote_mac;
	const uint32_t mac_high = (uint32_t)mac[0] << 24 | (uint32_t)mac[1] << 16 | (uint32_t)mac[2] << 8 | mac[3];
	const uint32_t mac_low = (uint32_t)mac[4] << 8 | mac[5];
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_HOST, 0, 7),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_LL_OFF + SOURCE_MAC)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mac_high, 0, 5),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_LL_OFF + SOURCE_MAC + 4)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mac_low, 0, 3),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, e->params.subaddress, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xFFFFFFFF),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};

	return setsockopt(e->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? errno : 0;
}

/* The interface may be another one of the same name. */
static int eth_bind(struct tdmoe_eth *e)
{
	unsigned index = if_nametoindex(e->params.interface);

	e->bound = false;
	if (!index)
		return ENODEV;
	e->to.sll_ifindex = (int)index;
	if (bind(e->fd, (const struct sockaddr *)&e->to, sizeof(e->to)))
		return errno;
	e->bound = true;
	return 0;
}

static void batch_init(struct batch *b, struct sockaddr_ll *name)
{
	for (unsigned i = 0; i < BATCH; i++) {
		b->vectors[i] = (struct iovec){b->octets[i], ROOM_OCTETS};
		b->messages[i].msg_hdr = (struct msghdr){.msg_iov = &b->vectors[i], .msg_iovlen = 1};
		if (name) {
			b->messages[i].msg_hdr.msg_name = name;
			b->messages[i].msg_hdr.msg_namelen = sizeof(*name);
		}
	}
}

static ssize_t eth_recv(struct tdmoe_port *p, const uint8_t **framep, const char **whyp)
{
	struct tdmoe_eth *e = (struct tdmoe_eth *)p;
	struct batch *b = &e->rx;
	unsigned octets;

	if (b->next == b->count) {
		int n;

		/* The last batch was not a whole one: there was no more, and it is not worth the asking. */
		if (b->count && b->count < BATCH) {
			b->count = b->next = 0;
			return -EAGAIN;
		}
		do {
			n = recvmmsg(e->fd, b->messages, BATCH, MSG_DONTWAIT, NULL);
		} while (n < 0 && errno == EINTR);
		b->next = 0;
		b->count = n > 0 ? (unsigned)n : 0;
		if (n <= 0)
			return n < 0 && errno != EWOULDBLOCK ? -errno : -EAGAIN;
	}
	*framep = b->octets[b->next] + SUBADDRESS_OCTETS;
	octets = b->messages[b->next++].msg_len;
	*whyp = octets < SUBADDRESS_OCTETS ? "shorter than a sub-address" : NULL;
	return octets < SUBADDRESS_OCTETS ? 0 : (ssize_t)octets - SUBADDRESS_OCTETS;
}

static int eth_flush(struct tdmoe_port *p)
{
	struct tdmoe_eth *e = (struct tdmoe_eth *)p;
	struct batch *b = &e->tx;
	unsigned sent = 0;
	int err = 0;

	if (b->count && !e->bound)
		err = eth_bind(e);
	while (!err && sent < b->count) {
		int n = sendmmsg(e->fd, b->messages + sent, b->count - sent, MSG_DONTWAIT);

		if (n > 0)
			sent += (unsigned)n;
		else if (errno != EINTR)
			err = errno;
	}
	b->count = 0;
	if (err == ENXIO || err == ENODEV)
		e->bound = false;
	return err;
}

static int eth_send(struct tdmoe_port *p, const uint8_t *frame, size_t octets)
{
	struct tdmoe_eth *e = (struct tdmoe_eth *)p;
	struct batch *b = &e->tx;
	uint16_t subaddress = htons(e->params.subaddress);

	if (octets > FRAME_OCTETS)
		return EMSGSIZE;
	memcpy(b->octets[b->count], &subaddress, SUBADDRESS_OCTETS);
	memcpy(b->octets[b->count] + SUBADDRESS_OCTETS, frame, octets);
	b->vectors[b->count].iov_len = SUBADDRESS_OCTETS + octets;
	b->count++;
	return b->count == BATCH ? eth_flush(p) : 0;
}

static void eth_readable(uint32_t epoll_events, void *arg)
{
	struct tdmoe_eth *e = arg;

	e->handler(e->arg);
}

static int eth_watch(struct tdmoe_port *p, struct loop *l, void (*handler)(void *arg), void *arg)
{
	struct tdmoe_eth *e = (struct tdmoe_eth *)p;
	int err;

	if (e->loop)
		return EEXIST;
	e->handler = handler;
	e->arg = arg;
	err = loop_watch(l, e->fd, EPOLLIN, eth_readable, e);
	if (!err)
		e->loop = l;
	return err;
}

static const char *eth_from(const struct tdmoe_port *p, char *buf)
{
	const struct tdmoe_eth_params *e = &((const struct tdmoe_eth *)p)->params;
	const uint8_t *m = e->remote_mac;

	snprintf(buf, TDMOE_FROM_OCTETS, "%02x:%02x:%02x:%02x:%02x:%02x sub-address %u on %s", m[0], m[1], m[2], m[3],
		 m[4], m[5], e->subaddress, e->interface);
	return buf;
}

static const struct tdmoe_port_ops eth_ops = {
	.close = eth_close,
	.recv = eth_recv,
	.send = eth_send,
	.flush = eth_flush,
	.watch = eth_watch,
	.from = eth_from,
};

static int eth_socket(struct tdmoe_eth *e)
{
	const int queue = QUEUE_OCTETS;
	int err;

	e->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (e->fd < 0)
		return errno;
	/* Without more room than usual a thread that is held up loses frames; with less it works all the same. */
	setsockopt(e->fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));
	setsockopt(e->fd, SOL_SOCKET, SO_SNDBUF, &queue, sizeof(queue));
	err = eth_filter(e);
	return err ? err : eth_bind(e);
}

static bool mac_is_one_host(const uint8_t *mac)
{
	static const uint8_t none[TDMOE_MAC_OCTETS];

	return !(mac[0] & 1) && memcmp(mac, none, TDMOE_MAC_OCTETS);
}

int tdmoe_eth_open(struct tdmoe_port **pp, const struct tdmoe_eth_params *params)
{
	struct tdmoe_eth *e;
	int err;

	if (!params->interface || !*params->interface || strlen(params->interface) >= IF_NAMESIZE ||
	    !mac_is_one_host(params->remote_mac))
		return EINVAL;
	e = calloc(1, sizeof(*e));
	if (!e)
		return ENOMEM;
	e->port = (struct tdmoe_port){.ops = &eth_ops, .gather_us = params->gather_ms * MS_US};
	e->params = *params;
	e->to = (struct sockaddr_ll){
		.sll_family = AF_PACKET, .sll_protocol = htons(TDMOE_ETHERTYPE), .sll_halen = TDMOE_MAC_OCTETS};
	memcpy(e->to.sll_addr, params->remote_mac, TDMOE_MAC_OCTETS);
	batch_init(&e->rx, NULL);
	batch_init(&e->tx, &e->to);
	err = eth_socket(e);
	if (err)
		eth_close(&e->port);
	else
		*pp = &e->port;
	return err;
}
