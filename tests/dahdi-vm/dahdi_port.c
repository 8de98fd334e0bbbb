/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/dahdi-vm/dahdi_port.h"

#include <dahdi/user.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gateway/base/clock.h"

#define IDLE		 0xD5
#define BUFFERS		 32 /* of a block each: a busy guest may not look for a third of a second */
#define PREFILLED	 (DAHDI_PORT_DELAY_MS / 20)
#define DCHANNEL_BUFFERS 32
#define DFRAME_OCTETS	 1024
#define FCS_OCTETS	 2
#define EVENTS_AT_ONCE	 16
#define BLOCK_US	 (20 * MS_US)

struct dahdi_port {
	struct dahdi_port_params params;
	struct dahdi_port_stats stats;
	int fds[TIMESLOT_COUNT];
	unsigned pacer; /* the B channel opened last: when it has a block, all have */
	int64_t last_us;
};

/* Without udev there is no /dev/dahdi/NNN: one device stands for every channel. */
static int open_channel(struct dahdi_port *p, unsigned timeslot, int buffers, int octets)
{
	struct dahdi_bufferinfo b = {.txbufpolicy = DAHDI_POLICY_IMMEDIATE,
				     .rxbufpolicy = DAHDI_POLICY_IMMEDIATE,
				     .numbufs = buffers,
				     .bufsize = octets};
	int channel = (int)(p->params.first + timeslot - 1), flush = DAHDI_FLUSH_ALL;
	int fd = open("/dev/dahdi/channel", O_RDWR | O_NONBLOCK | O_CLOEXEC), err = 0;

	p->fds[timeslot] = fd;
	if (fd < 0 || ioctl(fd, DAHDI_SPECIFY, &channel) || ioctl(fd, DAHDI_SET_BUFINFO, &b) ||
	    ioctl(fd, DAHDI_FLUSH, &flush))
		err = errno;
	if (err)
		fprintf(stderr, "DAHDI channel %d: %s\n", channel, strerror(err));
	return err;
}

static int open_bchannel(struct dahdi_port *p, unsigned timeslot)
{
	uint8_t idle[DAHDI_PORT_BLOCK];
	int err = open_channel(p, timeslot, BUFFERS, DAHDI_PORT_BLOCK), on = 1, law = DAHDI_LAW_ALAW;

	if (err)
		return err;
	if (ioctl(p->fds[timeslot], DAHDI_AUDIOMODE, &on) || ioctl(p->fds[timeslot], DAHDI_SETLAW, &law) ||
	    ioctl(p->fds[timeslot], DAHDI_BUFFER_EVENTS, &on))
		return errno;
	memset(idle, IDLE, sizeof(idle));
	for (unsigned i = 0; i < PREFILLED; i++) {
		if (write(p->fds[timeslot], idle, sizeof(idle)) < 0)
			return errno;
	}
	p->pacer = timeslot;
	return 0;
}

void dahdi_port_free(struct dahdi_port *p)
{
	if (!p)
		return;
	for (unsigned ts = 0; ts < TIMESLOT_COUNT; ts++) {
		if (p->fds[ts] >= 0)
			close(p->fds[ts]);
	}
	free(p);
}

int dahdi_port_alloc(struct dahdi_port **pp, const struct dahdi_port_params *params)
{
	struct dahdi_port *p = calloc(1, sizeof(*p));
	int err = 0;

	if (!p)
		return ENOMEM;
	p->params = *params;
	for (unsigned ts = 0; ts < TIMESLOT_COUNT; ts++)
		p->fds[ts] = -1;
	if (params->dchannel)
		err = open_channel(p, params->dchannel, DCHANNEL_BUFFERS, DFRAME_OCTETS);
	for (unsigned ts = 1; !err && ts < TIMESLOT_COUNT; ts++) {
		if (params->timeslots >> ts & 1)
			err = open_bchannel(p, ts);
	}
	if (err)
		dahdi_port_free(p);
	else
		*pp = p;
	return err;
}

/* Until its events are taken a channel neither reads nor writes. */
static void take_events(struct dahdi_port *p, unsigned timeslot)
{
	for (unsigned i = 0; i < EVENTS_AT_ONCE; i++) {
		int e = 0;

		if (ioctl(p->fds[timeslot], DAHDI_GETEVENT, &e) || e == DAHDI_EVENT_NONE)
			return;
		p->stats.events++;
		p->stats.alarms += e == DAHDI_EVENT_ALARM;
		p->stats.underruns += e == DAHDI_EVENT_WRITE_UNDERRUN;
	}
}

static int read_dchannel(struct dahdi_port *p)
{
	uint8_t frame[DFRAME_OCTETS];

	for (;;) {
		ssize_t n = read(p->fds[p->params.dchannel], frame, sizeof(frame));

		if (n > FCS_OCTETS) {
			p->stats.dframes_rx++;
			p->params.dframe(frame, (size_t)n - FCS_OCTETS, p->params.arg);
		} else if (n < 0 && errno == ELAST) {
			take_events(p, p->params.dchannel);
		} else {
			return n < 0 && errno != EAGAIN ? errno : 0;
		}
	}
}

static int read_block(struct dahdi_port *p, unsigned timeslot, uint8_t *rx)
{
	for (;;) {
		ssize_t n = read(p->fds[timeslot], rx, DAHDI_PORT_BLOCK);

		if (n == DAHDI_PORT_BLOCK)
			return 0;
		if (n < 0 && errno == ELAST) {
			take_events(p, timeslot);
			continue;
		}
		if (n < 0 && errno != EAGAIN)
			return errno;
		p->stats.short_reads++;
		memset(rx, IDLE, DAHDI_PORT_BLOCK);
		return 0;
	}
}

static int read_all(struct dahdi_port *p, uint8_t rx[TIMESLOT_COUNT][DAHDI_PORT_BLOCK])
{
	int64_t now_us = clock_now_us(&clock_monotonic);
	int err = 0;

	for (unsigned ts = 1; !err && ts < TIMESLOT_COUNT; ts++) {
		if (p->params.timeslots >> ts & 1)
			err = read_block(p, ts, rx[ts]);
	}
	p->stats.blocks++;
	p->stats.late += p->last_us && now_us - p->last_us > 2 * BLOCK_US;
	p->last_us = now_us;
	return err;
}

int dahdi_port_wait(struct dahdi_port *p, int timeout_ms, uint8_t rx[TIMESLOT_COUNT][DAHDI_PORT_BLOCK])
{
	struct pollfd fds[] = {{.fd = p->fds[p->pacer], .events = POLLIN | POLLPRI},
			       {.fd = p->fds[p->params.dchannel], .events = POLLIN | POLLPRI}};
	int64_t until_us = clock_now_us(&clock_monotonic) + timeout_ms * MS_US;

	for (;;) {
		int64_t left_us = until_us - clock_now_us(&clock_monotonic);
		int err = 0, n = poll(fds, 2, left_us > 0 ? (int)(left_us / MS_US) : 0);

		p->stats.wakeups++;
		if (n < 0 && errno != EINTR)
			return errno;
		if (n == 0)
			return ETIMEDOUT;
		if (fds[1].revents)
			err = read_dchannel(p);
		if (err)
			return err;
		if (fds[0].revents & POLLIN)
			return read_all(p, rx);
		if (fds[0].revents & POLLPRI)
			take_events(p, p->pacer);
		else if (fds[0].revents)
			return ENODEV;
	}
}

void dahdi_port_write(struct dahdi_port *p, uint8_t tx[TIMESLOT_COUNT][DAHDI_PORT_BLOCK])
{
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		ssize_t n;

		if (!(p->params.timeslots >> ts & 1))
			continue;
		n = write(p->fds[ts], tx[ts], DAHDI_PORT_BLOCK);
		if (n < 0 && errno == ELAST) {
			take_events(p, ts);
			n = write(p->fds[ts], tx[ts], DAHDI_PORT_BLOCK);
		}
		p->stats.lost_writes += n != DAHDI_PORT_BLOCK;
	}
}

int dahdi_port_send_dframe(struct dahdi_port *p, const uint8_t *frame, size_t octets)
{
	uint8_t buf[DFRAME_OCTETS] = {0}; /* DAHDI puts the FCS where these last octets are */

	if (octets + FCS_OCTETS > sizeof(buf))
		return EMSGSIZE;
	memcpy(buf, frame, octets);
	for (int tries = 0; tries < 2; tries++) {
		if (write(p->fds[p->params.dchannel], buf, octets + FCS_OCTETS) > 0) {
			p->stats.dframes_tx++;
			return 0;
		}
		if (errno == ELAST)
			take_events(p, p->params.dchannel);
	}
	p->stats.dframes_lost++;
	return errno;
}

struct dahdi_port_stats dahdi_port_stats(const struct dahdi_port *p)
{
	return p->stats;
}
