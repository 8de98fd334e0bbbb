/* SPDX-License-Identifier: GPL-2.0-only */
/* relay's own: what its files share. relay.c is spandsp's t38_gateway, mend_*.c what is wrong with it, relay_tcf.c is
 * localTCF, of which spandsp knows nothing. */
#ifndef T38_RELAY_OWN_H
#define T38_RELAY_OWN_H

#include "t38/spandsp_version.h"

#include "gateway/base/log.h"

#include "limit.h"
#include "local_tcf.h"
#include "mend_v17.h"
#include "relay.h"
#include "t38/t30/t4_lines.h"
#include "t38/udptl/ifp.h"

struct relay {
	t38_gateway_state_t gw;
	struct relay_handlers h;
	const char *prefix;
	unsigned version;
	struct limit limit;
	unsigned breaches_noted; /* bits of enum limit_breach */
	bool local;		 /* TCF: T.38's method 1 */
	bool line_sends;	 /* the last DCS was the line's */
	bool tcf_made;		 /* to the line, and nothing in V.21 has come since */
	struct local_tcf tcf;	 /* from the line */
	struct relay_stats stats;
	bool unheard;		 /* the line sends V.21, and no good frame of it has come yet */
	unsigned page_width;	 /* of the last DCS, if without ECM, in pixels; 0: not known */
	bool page_two_d;
	int64_t now_us; /* of line samples */
	struct log_limit bad_log, full_log;
	float cutoff_dbm0;
	int32_t v21_on_power, v21_off_power;
	struct mend_v17 v17;
	int spoilt;	  /* the frame to the line whose FCS mend_dry_frame() has spoilt; -1: none */
	int64_t heard_us; /* of line samples: the peer's last packet... */
	bool heard_data;  /* ...which was no indicator */
	int dry;	  /* data type of the frame whose rest mend_dry_rest() leaves out; -1: none */
	struct {
		size_t octets; /* of the frame that is open to the peer; 0: none */
		unsigned kind;
	} cut;
	/* to the peer, of the training check under way; 0: it has come, or there is none */
	size_t tcf_octets;
	int64_t tcf_due_us;
	unsigned tcf_type; /* its data type */
	struct {
		int64_t until_us; /* of line samples: so long the end of the line's V.21 is kept back; 0: it is not */
		bool has_frame;	  /* a good one of that signal has come */
	} hold;
	struct {
		int64_t since_us; /* of line samples: what may be a page that is not understood */
		bool lost;	  /* the peer has been told of it, but that nothing comes */
		int64_t alive_us;
	} page;
	struct t4_lines lines;
	struct ifp in, out; /* too long for the stack of every packet */
};

/* The numbering goes on past packet SEQ of the peer, or spandsp thinks that it is missing. */
void relay_pass_over(struct relay *r, uint16_t seq);

/* Spandsp gets a packet as if the peer had sent it, between two of its own; as it is, unlimited. */
void relay_insert(struct relay *r, const uint8_t *packet, size_t len);

/* The peer gets a packet that is not spandsp's; r->out is then of that one. */
void relay_insert_out(struct relay *r, uint8_t *packet, size_t len);

/* A packet has passed the limits: what its DCS asked for too much is logged, once for each kind. */
void relay_note_breach(struct relay *r);

/* Whether N samples of the line can be V.21's (mend_carrier.c). */
bool relay_is_v21(const int16_t *x, size_t n);

/* A DCS passes, from the line or to it. */
void relay_tcf_dcs(struct relay *r, bool from_line);
/* True if the packet from the line is of a TCF that the peer is not to get. */
bool relay_is_tcf(const struct relay *r, const struct ifp *ip);
/* True if the peer's packet is not to reach the line: a TCF that it sends all the same, its training once more. */
bool relay_is_beside_tcf(const struct relay *r, const struct ifp *ip);
/* The peer's packet has been passed on: its training, or something else. */
void relay_tcf_follow(struct relay *r, const struct ifp *ip);

/* relay_quality.c. The packet passes, to the peer or to the line. */
void relay_quality_packet(struct relay *r, enum t30_direction from, const uint8_t *packet, const struct ifp *ip);
/* A DCS passes: it tells of the pages that come. */
void relay_quality_dcs(struct relay *r, const uint8_t *frame, size_t octets);
/* The peer says FTT. */
void relay_quality_ftt(struct relay *r);

#endif
