/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sip_peer: a SIP user agent with a fax machine behind every call, for tests and the demo: caller or called, with
 * T.38 or G.711, well-behaved or not as its parameters say. It shares nothing with sip/ and t38/, so that a mistake
 * there is not answered by the same mistake here. It runs over struct net: on net_sim's time or on the kernel's
 * sockets.
 *
 * The test moves it: sip_peer_run() for SIP's time, sip_peer_step() for the media's. SIP datagrams are taken as they
 * come (udp_watch()); handlers are called from there, and from run and step, and may start and end calls.
 */
#ifndef SIM_SIP_PEER_H
#define SIM_SIP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/loop.h"
#include "gateway/base/media.h"
#include "gateway/base/net.h"
#include "machine.h"
#include "udptl_sim.h"

#define SIP_PEER_CALLS 256 /* calls a peer may have had; finished ones stay for their results */

struct sip_peer;

enum peer_answer {
	PEER_ANSWERS,	/* after answer_ms */
	PEER_REFUSES,	/* with refuse_status, after answer_ms */
	PEER_RINGS,	/* 100 and the provisional response for ever */
	PEER_IS_SILENT, /* no response to the INVITE at all */
};

enum peer_offer {
	PEER_OFFERS_AUDIO,
	PEER_OFFERS_IMAGE, /* direct T.38 */
	PEER_OFFERS_BOTH,  /* audio and image, both in use */
	PEER_OFFERS_NONE,  /* no SDP: the other side offers in its 200 */
};

/* What is done with an offer that has an image. */
enum peer_t38 {
	PEER_T38_ACCEPTS,
	PEER_T38_REFUSES,   /* with t38_refuse_status; of an offer with audio as well the image is declined */
	PEER_T38_PORT_ZERO, /* 200, with the image declined */
	PEER_T38_IS_SILENT, /* a re-INVITE gets no response */
};

/* One call. All zero: G.711 A-law, answered at once, T.38 taken when the other side asks. */
struct sip_peer_call_params {
	const char *user; /* calling: From's user part; NULL: "peer" */
	const char *name; /* calling: From's display name, or NULL */
	const char *headers; /* calling: more header lines of the INVITE, each ended by "\r\n", or NULL */
	const char *to;	  /* calling: the Request-URI's user part */

	enum peer_answer answer;
	unsigned provisional; /* 180 or 183 at once; 0: none but 100 */
	bool early_sdp;	      /* the 183 (and the 180 after it) carries our answer */
	uint32_t ring_ms;     /* 180 comes after that provisional response, so long after the INVITE; 0: not */
	uint32_t answer_ms;   /* from the INVITE */
	unsigned refuse_status;
	unsigned retry_after_s;	   /* of a refusal; 0: none */
	const char *refuse_reason; /* "Q.850;cause=17" for a Reason header with it, or NULL */

	int32_t hangup_ms;	/* from the answer; 0: not */
	int32_t hangup_done_ms; /* after our fax machine is done; 0: not (1: at once) */
	int32_t cancel_ms;	/* calling: CANCEL so long after the INVITE when there is no answer; 0: not */

	enum peer_offer offer;	   /* calling */
	enum media_codec codec;	   /* the first, the other one is offered too unless... */
	bool one_codec;		   /* ...this is set */
	bool take_image_of_both;   /* called: of audio and image offered together take the image; else the audio */
	int32_t t38_after_ms;	   /* we ask for T.38 so long after the answer; 0: never. A called machine's CED begins
				      at 200 ms, its V.21 at about 3.5 s */
	int32_t audio_after_done_ms; /* we ask for audio again so long after the fax is done; 0: not */
	bool reinvite_two_lines;   /* our T.38 offer declines the audio in a line of its own before the image's */
	enum peer_t38 t38;
	unsigned t38_refuse_status; /* 0: 488 */

	enum udptl_sim_kind error_correction; /* zero is NONE */
	bool mixed;			      /* redundancy and FEC are sent in turn, whatever was agreed but none */
	unsigned redundancy;		      /* depth; FEC: span. 0: 3 */
	uint32_t window_ms;		      /* a packet that is late is waited for; 0: not */
	unsigned tail;			      /* the last datagram of a burst is sent again so often, every 50 ms */
	unsigned max_datagram;		      /* in our SDP; 0: 400 */
	const char *t38_attributes;	      /* our a=T38 lines in place of the usual, each ended by "\r\n", or NULL */
	unsigned t38_version;		      /* in our SDP, in an answer too */
	bool local_tcf; /* our SDP says localTCF; we do it, unless the answer to it does not say so */
	uint32_t rtp_buffer_ms;		      /* the delay of its jitter buffer, which is fixed; 0: 40 */
	bool same_port;			      /* UDPTL on the port of the RTP */

	const struct machine_params *fax; /* NULL: no fax, silence is sent. Must outlive the peer */

	/* In place of a fax machine, with A-law: the octets of every packet as it comes, whatever its time, and
	 * those of the next packet. Or NULL. */
	void (*hear)(const uint8_t *octets, size_t n, void *arg);
	void (*say)(uint8_t *octets, size_t n, void *arg);
	void *audio_arg;

	const char *digits; /* sent as telephone events of RFC 4733, 1 s after the media begins; NULL: no events */
	unsigned digits_pt; /* our payload type for them; 0: 101. We send by the other side's */
	unsigned alaw_pt;   /* our payload type for A-law; 0: the static one. With vbd: beside that, for it alone */
	const char *transport; /* of our audio; NULL: "RTP/AVP" */
	bool vbd;	    /* our SDP has voice-band data (V.152), and we send as it, if the other side's has it too */
};

enum peer_call_state { PEER_CALLING, PEER_RINGING, PEER_ANSWERED, PEER_CLEARING, PEER_OVER };

const char *sip_peer_state_name(enum peer_call_state s);

struct sip_peer_result {
	enum peer_call_state state;
	bool incoming;
	char called[64], calling[64];
	unsigned status;	/* final response to the INVITE that began it; 0: none yet; 408: none in time */
	unsigned early_status;	/* last provisional response but 100, that we received */
	bool early_sdp;		/* it had SDP */
	bool ended_by_peer;	/* the other side sent BYE or CANCEL */
	char reason[64];	/* the last Reason header of the other side */
	bool t38;		/* the media is T.38, or was at some time */
	unsigned t38_switches;	/* times the media became T.38 */
	unsigned reinvite_status; /* last final response to a re-INVITE of ours; 0: none */
	unsigned reinvites_received;
	unsigned unacked;	/* our 2xx that were never acknowledged */
	struct machine_result fax; /* of the machine that counted: T.38's if there was one */
	struct udptl_sim_stats udptl;
	uint64_t rtp_sent, rtp_received, rtp_late;
	unsigned rtp_type;	/* payload type of the last G.711 received */
	unsigned tcf_received;	/* with localTCF: packets of a TCF, which ought not to come */
	bool remote_vbd;	/* the other side's last SDP of audio had voice-band data */
	struct media_t38 remote_t38; /* the other side's image as last described (has an address if there was one) */
	int64_t answered_us, over_us; /* by sip_peer_run()'s time; 0: not */
};

struct sip_peer_handlers {
	/* Every SIP message in one line: "10.0.0.1:5060 INVITE sip:1@h CSeq 1 INVITE image", "... 200 OK CSeq ...". */
	void (*log)(bool sent, const char *line, void *arg);
	/* Every message itself. */
	void (*message)(bool sent, const char *text, size_t len, void *arg);
	/* A T.30 frame at the machine of call ID. */
	void (*frame)(unsigned id, int64_t now_ms, bool sent, const uint8_t *frame, size_t octets, void *arg);
	/* A new call for the user CALLED: what to do with it. NULL (or no handler): as sip_peer_setup.incoming says. */
	const struct sip_peer_call_params *(*incoming)(unsigned id, const char *called, void *arg);
	/* A call's state has changed. */
	void (*state)(unsigned id, enum peer_call_state s, void *arg);
	void *arg;
};

struct sip_peer_setup {
	struct addr local;		       /* SIP */
	struct addr media;		       /* the host of the media sockets, of ephemeral ports; not set: LOCAL's */
	struct sip_peer_call_params incoming; /* what is done with calls to us */
	struct sip_peer_handlers handlers;
	uint64_t seed; /* tags, branches, SSRCs */
};

/* LOOP is for real sockets (NULL on net_sim). Returns 0, ENOMEM, or errno of opening the socket. */
int sip_peer_alloc(struct sip_peer **pp, const struct sip_peer_setup *p, struct net *net, struct loop *loop,
		   int64_t now_us);
void sip_peer_free(struct sip_peer *p); /* without a word to the other side */

/* Where it is bound. */
const struct addr *sip_peer_local(const struct sip_peer *p);

/* Calls PARAMS->to at REMOTE. 0, EINVAL (no machine with those files), ENOMEM, ENOSPC (SIP_PEER_CALLS), or errno of a
 * socket. *IDP is good for the calls below as long as the peer lives. */
int sip_peer_call(struct sip_peer *p, const struct addr *remote, const struct sip_peer_call_params *params,
		  unsigned *idp);
void sip_peer_hangup(struct sip_peer *p, unsigned id); /* CANCEL, 486 or BYE, as it stands */
int sip_peer_reinvite(struct sip_peer *p, unsigned id, bool image); /* 0, or EBUSY: not answered, or one is under way */
int sip_peer_options(struct sip_peer *p, const struct addr *remote); /* its answer is seen in the log. 0 or errno */

/* SIP's time is NOW_US: retransmissions, answers and hang-ups that are due. */
void sip_peer_run(struct sip_peer *p, int64_t now_us);
/* Microseconds from then to the next that is due; -1: nothing. */
int64_t sip_peer_next_us(const struct sip_peer *p);
/* So many samples of media pass in every call: 160 is 20 ms. */
void sip_peer_step(struct sip_peer *p, size_t samples);

unsigned sip_peer_calls(const struct sip_peer *p);  /* so far, ended ones too: ids are 0 to this - 1 */
unsigned sip_peer_active(const struct sip_peer *p); /* not over */
void sip_peer_result(const struct sip_peer *p, unsigned id, struct sip_peer_result *rp);

#endif
