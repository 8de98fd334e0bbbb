/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * relay: the fax relay of one call: spandsp's t38_gateway between linear samples of the line and IFP packets. The only
 * door to spandsp's T.38; its faults are mended beside it, in mend_*.c.
 */
#ifndef T38_RELAY_H
#define T38_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/fax.h"
#include "t38/t30/t30.h"

struct relay;

struct relay_handlers {
	/* An IFP packet for the peer. CONTROL: V.21 or an indicator, else page data. COPIES: spandsp's wish to send
	 * it so many times (1 normally); each copy is a packet of its own. */
	void (*ifp)(const uint8_t *ifp, size_t len, bool control, unsigned copies, void *arg);
	/* A T.30 frame passes. */
	void (*frame)(enum t30_direction d, const uint8_t *frame, size_t octets, void *arg);
	void *arg;
};

/* Returns 0 or ENOMEM. PEER is the peer's T.38 description as agreed (version, rate, rate management, ...). PREFIX
 * must outlive the relay. */
int relay_alloc(struct relay **rp, const struct fax_params *fax, const struct media_t38 *peer, const char *prefix,
		const struct relay_handlers *h);
void relay_free(struct relay *r);
/* PEER is agreed anew, in mid-fax: its version, rate and rate management hold from now on. */
void relay_renew(struct relay *r, const struct fax_params *fax, const struct media_t38 *peer);

/* Linear samples from the line, 8 kHz. */
void relay_rx(struct relay *r, const int16_t *samples, size_t n);
/* Fills N samples for the line (silence when there is nothing). */
void relay_tx(struct relay *r, int16_t *samples, size_t n);
/* An IFP packet from the peer, in sequence. Malformed ones are counted, logged (rate-limited) and dropped. */
void relay_ifp(struct relay *r, const uint8_t *ifp, size_t len, uint16_t seq);
/* Sends a no-signal indicator, to open pinholes and latch NATs. */
void relay_send_no_signal(struct relay *r);

/* What pages came in: frames with ECM, without it lines; and those of them that came with a bad FCS, or cannot be
 * decoded. */
struct relay_parts {
	unsigned all, bad;
};

struct relay_stats {
	unsigned rate; /* bit/s of the image modem last used */
	uint64_t ifp_in, ifp_out, ifp_bad;
	uint64_t ifp_overrun; /* of the peer's, dropped: the line was too far behind */
	uint64_t frames_cut; /* to the line: packets came too late for them, their FCS was spoilt */
	struct relay_parts parts[2]; /* by enum t30_direction, of what they sent */
	/* how else the line was heard: training checks that were not good, of those that the peer answered with FTT;
	 * pages of which nothing was, for their training was not; V.21 signals of which no frame was whole */
	unsigned line_tcfs_bad, line_pages_lost, line_commands_lost;
};
struct relay_stats relay_stats(const struct relay *r);

#endif
