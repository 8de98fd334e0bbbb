/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bearer: the media of one call, between its timeslot and the network, in the span's thread.
 *
 *   OFF          nothing agreed yet: silence both ways
 *   AUDIO        G.711 over RTP; both directions are listened to for a fax, and when there is one, for its T.30 frames
 *   SWITCHING    we have asked for T.38; both directions are muted, but for a call that may be voice (at-answer)
 *   T38          the relay runs between the timeslot and UDPTL
 *   PASSTHROUGH  T.38 was refused: G.711 with a fixed jitter buffer; T.30 is listened to
 *   CLOSED       the call clears
 *
 * What is done with a block of the line is one function for each state: bearer_blocks[], bearer_own.h.
 */
#ifndef GATEWAY_BEARER_H
#define GATEWAY_BEARER_H

#include "gateway/base/fax.h"
#include "gateway/base/fsm.h"
#include "gateway/base/log.h"
#include "gateway/base/media.h"
#include "gateway/base/media_policy.h"
#include "gateway/bearer/media_socket.h"
#include "gateway/bearer/t38_start.h"
#include "gateway/call/msg.h"
#include "t38/relay/relay.h"
#include "t38/rtp/jitter.h"
#include "t38/rtp/rtcp_session.h"
#include "t38/rtp/rtp.h"
#include "t38/rtp/rtp_rx.h"
#include "t38/t30/t30.h"
#include "t38/t30/t30_echo.h"
#include "t38/tone/dtmf.h"
#include "t38/tone/dtmf_send.h"
#include "t38/tone/tone.h"
#include "t38/tone/v21_listen.h"
#include "t38/tone/v8_listen.h"
#include "t38/udptl/udptl.h"
#include "t38/udptl/udptl_depth.h"
#include "t38/udptl/udptl_pace.h"
#include "t38/udptl/udptl_rx.h"
#include "t38/udptl/udptl_tail.h"

enum bearer_state { BEARER_OFF, BEARER_AUDIO, BEARER_SWITCHING, BEARER_T38, BEARER_PASSTHROUGH, BEARER_CLOSED };

struct bearer_params {
	const struct fax_params *fax;
	const struct media_policy *media;	/* the peer's; see bearer_set_policy() */
	unsigned jitter_min_ms, jitter_max_ms, jitter_fax_ms;
	const uint32_t *timeouts_ms;		/* by enum config_timeout */
	struct timers *timers;			/* the span's: line time */
	struct media_ports *ports;
	const char *prefix;			/* log prefix; the owner's */
	bool line_answers;			/* the call came from SIP */
	bool t38_allowed;			/* the peer may be asked for T.38 */
	bool is_fax;				/* the caller says so: nothing need be heard */
};

struct bearer_handlers {
	void (*t38_ask)(void *arg);		/* ask the peer for T.38 */
	void (*t38_cancel)(void *arg);		/* withdraw it: no answer in time */
	void (*fax_heard)(void *arg);		/* the first fax tone: echo canceller off */
	/* nobody cleared after the fax, or it died: clear the call. WHY is static */
	void (*fax_over)(const char *why, void *arg);
	void *arg;
};

/* One T.38 session of a call: allocated when T.38 begins. */
struct bearer_t38 {
	int64_t began_us;
	struct relay *relay;
	struct udptl_tx tx;
	struct udptl_rx rx;
	struct addr described;			/* the peer's address by its SDP */
	uint8_t last[UDPTL_MAX_OCTETS];		/* the last datagram sent, to be repeated while nothing new follows */
	size_t last_octets;
	int64_t last_sent_us;			/* when it was new */
	struct udptl_tail tail;
	struct udptl_depth depth;		/* of what is sent, by what is lost */
	unsigned deepest;			/* of those told of in the log */
	bool paced;				/* datagrams of one instant would overtake each other and be lost */
	struct udptl_pace pace;
	unsigned indicator[2];			/* the last one, by enum t30_direction */
};

/* What the media of a call came to, for the CDR. */
struct bearer_report {
	bool t38_used, t38_asked, t38_refused, passthrough;
	unsigned t38_status;			/* of the refusal */
	unsigned ifp_lost, recovered, udptl_bad;
	unsigned ifp_overrun;			/* dropped: the peer was too far ahead of the line */
	uint64_t udptl_rx;			/* datagrams in order */
	/* of T.38, see relay_stats */
	struct relay_parts parts[2];
	unsigned line_tcfs_bad, line_pages_lost, line_commands_lost;
	uint64_t rtp_rx, rtp_tx, foreign;
	uint64_t rtp_lost;			/* packets of 20 ms missing when due, since a fax was heard */
	bool t30_heard;				/* a preamble was, in G.711, and perhaps nothing after it */
	bool t30_live;				/* T.30 was under way: no command can be called unanswered yet */
	bool said_local_tcf;			/* the peer did: its training checks are of another sort */
	uint64_t rtp_expected, rtp_missing; /* RTP packets, by their numbers: all that were sent to us, and not come */
	unsigned rtp_jitter_ms;			/* at the end (RFC 3550 6.4.1) */
	bool rtcp_heard;			/* the peer has reported: the next two are given */
	unsigned peer_lost, peer_jitter_ms;	/* the same, of ours at the peer */
	bool rtt_known;
	unsigned rtt_ms;
	uint64_t rtcp_rx, rtcp_tx, rtcp_bad;
	int64_t t38_us;				/* how long the media was T.38 */
};

struct bearer {
	struct fsm fsm;
	struct bearer_params par;
	struct bearer_handlers handlers;
	struct timer grace;			/* T38_AFTER_GRACE */
	struct timer idle;			/* no sign of T.30 for too long: nobody clears, or the fax is dead */
	int64_t last_sign_us;			/* of T.30: a frame, page data, or that T.38 began */
	uint64_t heard_then;			/* at that time, see v21_listen_heard() */
	bool dcn_last;				/* the last frame was DCN: the fax is over */
	int64_t opened_us;
	struct media_socket rtp, rtcp, udptl;	/* rtcp: closed without it */
	struct media_desc agreed;
	enum media_codec codec;
	struct heard heard;
	bool fax_told;
	uint64_t lost_before_octets;		/* of RTP, when the fax was told: speech may have gaps of its own */
	bool mute[2];				/* by enum heard_from: what comes from there does not cross */
	struct tone_rx *tones[2];		/* by enum heard_from */
	struct v8_listen *v8[2];		/* likewise: whom a modem calls for, once it is invited to say it */
	struct v21_listen *v21[2];		/* likewise: the frames of a fax in G.711 */
	struct t30_echo echo;
	struct jitter jitter;
	struct dtmf *dtmf;			/* digits from the peer's telephone events */
	bool rtp_stale;				/* T.38 was on, and nobody has read RTP meanwhile */
	struct rtp_tx rtp_tx;
	struct rtp_rx rtp_rx;
	struct rtcp_session reports;
	struct dtmf_send *digits;		/* of the line, where they go to the peer as events; else NULL */
	void (*to_peer)(struct bearer *b, const uint8_t *rx, size_t n); /* a block of the line, by what was agreed */
	/* By policy: what is done with RTCP in a block of audio, and with RTP in one of T.38. */
	void (*rtcp_block)(struct bearer *b);
	void (*rtp_in_t38)(struct bearer *b, size_t n);
	struct bearer_t38 *t38;
	struct t30_watch watch;
	bool pages_known;			/* a DCS has shown who sends the pages */
	enum t30_direction pages_from;
	struct bearer_report report;
	struct log_limit drops;			/* datagrams that are not for this call, or make no sense */
	struct log_limit t30_lines;		/* frames and images told in the log */
	const char *over_why;
};

/* Reserves the RTP and the UDPTL port. Returns 0, ENOMEM, or errno of the sockets. B must not move in memory from then
 * on; what P and H point to must outlive it. */
int bearer_open(struct bearer *b, const struct bearer_params *p, const struct bearer_handlers *h);
/* Tolerates a bearer that bearer_open() refused. */
void bearer_fini(struct bearer *b);

/* The call goes to another peer, before anything is agreed: M is that peer's. */
void bearer_set_policy(struct bearer *b, const struct media_policy *m);

/* Our media addresses, for the SDP: ports of the sockets, host of EXTERNAL where it is set in their family. */
void bearer_ports(const struct bearer *b, const struct addr external[ADDR_FAMILIES], struct msg_ports *pp);

void bearer_answered(struct bearer *b);				/* the call is up: T.38 may be asked for */
void bearer_agreed(struct bearer *b, const struct media_desc *m);	/* offer/answer has (again) come to this */
void bearer_t38_refused(struct bearer *b, unsigned status);
void bearer_close(struct bearer *b);				/* no more media; sockets closed; the report is final */

/* A block of the line: N octets of A-law received in RX; fills TX. */
void bearer_block(struct bearer *b, const uint8_t *rx, uint8_t *tx, size_t n);

enum bearer_state bearer_state(const struct bearer *b);
double bearer_seconds(const struct bearer *b);	/* since the call began, by the line's time */
/* The report up to now. */
void bearer_report(const struct bearer *b, struct bearer_report *rp);

extern const struct fsm_def bearer_fsm;

#endif
