/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tdm_port: the far end of a tdmoe line, and its clock: sends frames, waits for their answers. For the demo, the
 * process tests and the tests of line_tdmoe, and so independent of it: frames are written and read here once more,
 * HDLC is spandsp's.
 *
 * Samples are passed as an array [TIMESLOT_COUNT][n], n octets for each timeslot 0..31 (0 is not used).
 */
#ifndef SIM_TDM_PORT_H
#define SIM_TDM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/addr.h"
#include "gateway/base/isdn.h"

#define TDM_PORT_MAX_SAMPLES 255
#define TDM_PORT_DFRAMES     64 /* D-channel frames that may wait to be sent */

struct tdm_port;

struct tdm_port_params {
	struct addr local;	/* port 0: any */
	struct addr peer;	/* may be given later, with tdm_port_set_peer() */
	unsigned timeslots;	/* channels in a frame: 31 */
	unsigned dchannel;	/* 16; 0: none, its samples are passed like the others' */
};

typedef void (tdm_port_dframe_h)(const uint8_t *frame, size_t octets, void *arg);

struct tdm_port_stats {
	uint64_t sent, received;
	uint64_t lost;		/* by the peer's counter */
	uint64_t bad;		/* not a frame, or not the peer's */
	uint64_t keepalives;	/* frames that were no answer: they came while none was due, or of other length */
	uint64_t dframes_rx, dframes_tx, dframes_bad;	/* bad: FCS, length, abort */
};

/* Returns 0, ENOMEM, EINVAL or the socket's errno. */
int tdm_port_alloc(struct tdm_port **pp, const struct tdm_port_params *params);
void tdm_port_free(struct tdm_port *p);
const struct addr *tdm_port_local(const struct tdm_port *p);
void tdm_port_set_peer(struct tdm_port *p, const struct addr *peer);

/* Sends a frame of N samples (1 to 255) of each timeslot; the D channel's are made here. What has come unasked is
 * thrown away before, if no answer is due. Returns 0 or errno. */
int tdm_port_send(struct tdm_port *p, const uint8_t *tx, unsigned n);

/* Waits for an answer to the frame sent last and writes its samples to RX [TIMESLOT_COUNT][n], with the N of that
 * frame. D-channel frames in it go to the handler. RX may be NULL. Returns 0, ETIMEDOUT, or the socket's errno. */
int tdm_port_wait(struct tdm_port *p, int timeout_ms, uint8_t *rx);

/* Queues a D-channel frame, without FCS. Returns 0, EMSGSIZE or ENOBUFS. */
int tdm_port_send_dframe(struct tdm_port *p, const uint8_t *frame, size_t octets);
void tdm_port_on_dframe(struct tdm_port *p, tdm_port_dframe_h *h, void *arg);

/* Damage and detail. */
void tdm_port_skip(struct tdm_port *p, int frames);	/* moves our counter: frames lost, or (negative) come again */
void tdm_port_set_yellow(struct tdm_port *p, bool on);	/* in the frames sent from now on */
void tdm_port_set_signalling(struct tdm_port *p, bool on);	/* frames carry signalling words, as DAHDI's do */
bool tdm_port_is_yellow(const struct tdm_port *p);	/* the last frame received had the yellow bit */
int tdm_port_send_raw(struct tdm_port *p, const void *datagram, size_t len);	/* anything */
/* Takes what has come by now, as frames that were not asked for. Returns their number. */
unsigned tdm_port_drain(struct tdm_port *p);
struct tdm_port_stats tdm_port_stats(const struct tdm_port *p);

#endif
