/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdmoe_port: what carries the frames of a tdmoe line: UDP (tdmoe_udp.h) or Ethernet (tdmoe_eth.h), behind one
 * interface.
 */
#ifndef DAHDI_TDMOE_PORT_H
#define DAHDI_TDMOE_PORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "gateway/base/loop.h"

#define TDMOE_FROM_OCTETS 96

struct tdmoe_port;

struct tdmoe_port_ops {
	void (*close)(struct tdmoe_port *p);
	/* Takes the next frame that has come; it stays at *FRAMEP until the next call. Returns its octets, -EAGAIN when
	 * there is none, or another negative errno. *WHYP is NULL, or says why it is no frame for us. */
	ssize_t (*recv)(struct tdmoe_port *p, const uint8_t **framep, const char **whyp);
	/* Sends a frame, or puts it beside others until flush(). Returns 0 or errno: frames were lost. */
	int (*send)(struct tdmoe_port *p, const uint8_t *frame, size_t octets);
	int (*flush)(struct tdmoe_port *p);
	/* Calls HANDLER in LOOP's thread whenever frames wait; it has to take them all, or to come again by itself. */
	int (*watch)(struct tdmoe_port *p, struct loop *l, void (*handler)(void *arg), void *arg);
	/* Where the frame taken last came from, for the log: to BUF (TDMOE_FROM_OCTETS). */
	const char *(*from)(const struct tdmoe_port *p, char *buf);
};

/* Implementations embed this as their first member. */
struct tdmoe_port {
	const struct tdmoe_port_ops *ops;
	int64_t gather_us; /* 0: frames are answered as they come. Else the port is not watched: it is looked for frames
			      when a block should have come, at least so often, and their answers go out together */
};

static inline void tdmoe_port_close(struct tdmoe_port *p)
{
	if (p)
		p->ops->close(p);
}

#endif
