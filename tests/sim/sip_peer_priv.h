/* SPDX-License-Identifier: GPL-2.0-only */
/* sip_peer_priv: what the files of sip_peer share. */
#ifndef SIM_SIP_PEER_PRIV_H
#define SIM_SIP_PEER_PRIV_H

#include "sip_peer.h"
#include "sip_text.h"

#define T1_US (500 * MS_US) /* RFC 3261 table 4 */
#define T2_US (4 * SEC_US)
#define PEER_TEXT_OCTETS 4096 /* longest message we send */
#define PEER_LINES 8	      /* most m= lines */
#define PEER_NAME_OCTETS 256

#define NEVER INT64_MAX

enum peer_media { PEER_MEDIA_NONE, PEER_MEDIA_AUDIO, PEER_MEDIA_T38 };

/* An m= line of the other side, or one of ours. */
struct peer_line {
	char media[16], proto[24], formats[64];
	bool used; /* port not 0 */
	struct addr addr;
	bool audio, image; /* that we can take */
	enum media_codec codec;
	unsigned alaw_pt, event_pt; /* payload types of A-law and telephone events; event_pt 0: none */
	bool vbd;
	unsigned vbd_pt;
	struct media_t38 t38;
};

struct peer_sdp {
	unsigned nlines;
	struct peer_line lines[PEER_LINES];
};

/* A message that is sent again until it is answered. */
struct peer_sending {
	char text[PEER_TEXT_OCTETS];
	size_t len;
	unsigned cseq;
	char method[16];
	char branch[32];
	int64_t at_us, interval_us, until_us; /* next, the wait after it, the end of patience; NEVER: not running */
};

struct peer_call {
	struct sip_peer *peer;
	unsigned id;
	struct sip_peer_call_params params;
	struct sip_peer_result result;
	struct addr remote; /* where requests go */
	char call_id[PEER_NAME_OCTETS];
	char local[PEER_NAME_OCTETS], remote_name[PEER_NAME_OCTETS]; /* From and To with tags */
	char target[PEER_NAME_OCTETS];
	char local_tag[24];
	unsigned local_cseq, remote_cseq;

	struct peer_sending invite; /* ours, until its final response */
	bool provisional;	    /* it had one */
	bool cancel_wanted;
	bool reinvite_image;	    /* what our re-INVITE asks for */
	int64_t retry_us;	    /* after 491; NEVER */
	struct peer_sending request; /* ours: BYE or CANCEL */
	char ack[PEER_TEXT_OCTETS];  /* for a repeated 2xx */
	size_t ack_len;
	unsigned ack_cseq;

	struct sip_text their_invite; /* the one we answer, or answered last */
	struct addr their_source;
	bool invite_open;	      /* it waits for our final response */
	struct peer_sending response; /* our last one to it; runs until the ACK */
	bool offered_in_200;	      /* the ACK has the answer */
	unsigned rejected_cseq, rejected_status; /* of a re-INVITE that came at the wrong time */

	struct peer_sdp lines; /* of the session as it stands: how many and what */
	struct peer_sdp sent_offer;
	unsigned sdp_version;
	int64_t ring_us, answer_us, hangup_us, cancel_us, t38_us, audio_us; /* what is due; NEVER */

	enum peer_media media;
	enum media_codec codec;
	struct udp *rtp, *rtcp, *udptl_socket;
	struct addr rtp_to, udptl_to;
	unsigned their_alaw_pt, their_event_pt; /* what we send as */
	struct machine *machine;
	bool machine_done;
	struct udptl_sim udptl;
	bool offered_image; /* the last description of an image was our offer */
	bool local_tcf;	 /* it is done */
	bool tcf;	 /* a DCS was seen, and no CFR since */
	bool making_tcf; /* for our machine */
	unsigned t38_version; /* as agreed */
	uint16_t added; /* packets for our machine, so far */
	int16_t tx[160];
	size_t ntx;
	uint16_t rtp_seq;
	uint32_t rtp_time, rtp_ssrc;
	unsigned digit_at; /* packets since the digits began */
	uint32_t digit_time;
	bool rx_started;
	uint32_t rx_time; /* timestamp of the next sample to be heard */
	int16_t rx[8192];
	bool rx_present[8192];
};

struct sip_peer {
	struct sip_peer_setup params;
	struct net *net;
	struct loop *loop;
	struct udp *udp;
	int64_t now_us;
	uint64_t random;
	char host[ADDR_TEXT_OCTETS], sip_at[ADDR_TEXT_OCTETS]; /* "10.0.0.1", "10.0.0.1:5060"; IPv6 in brackets */
	struct peer_call *calls[SIP_PEER_CALLS];
	unsigned ncalls;
};

/* sip_peer.c */
uint64_t speer_random(struct sip_peer *p);
void speer_send(struct sip_peer *p, const struct addr *to, const char *text, size_t len);
int speer_call_alloc(struct sip_peer *p, const struct sip_peer_call_params *params, struct peer_call **cp);
void speer_call_enter(struct peer_call *c, enum peer_call_state s);

/* sip_peer_message.c: building. */
void speer_request_build(struct peer_call *c, struct peer_sending *s, const char *method, const char *sdp);
void speer_ack_send(struct peer_call *c, const struct sip_text *response, unsigned cseq);
/* Responds to REQ; C may be NULL. KEEP (may be NULL) remembers it. */
void speer_respond(struct sip_peer *p, struct peer_call *c, const struct sip_text *req, const struct addr *source,
		  unsigned status, const char *sdp, struct peer_sending *keep);
void speer_sending_start(struct peer_call *c, struct peer_sending *s);
void speer_sending_stop(struct peer_sending *s);

/* sip_peer_call.c: our calls and requests. */
void speer_response(struct peer_call *c, const struct sip_text *t);
void speer_call_hangup(struct peer_call *c);
int speer_call_reinvite(struct peer_call *c, bool image);
void speer_call_over(struct peer_call *c);
void speer_call_answered(struct peer_call *c);

/* sip_peer_uas.c: their calls and requests. */
void speer_request(struct sip_peer *p, struct peer_call *c, const struct sip_text *t, const struct addr *source);
void speer_answer_now(struct peer_call *c);
void speer_ring_now(struct peer_call *c);

/* sip_peer_sdp.c */
void speer_sdp_read(const char *text, struct peer_sdp *sp);
bool speer_sdp_has_image(const struct peer_sdp *s);
/* Our offer of audio, image or both, in SDP (PEER_TEXT_OCTETS/2). */
void speer_sdp_offer(struct peer_call *c, bool audio, bool image, char *sdp);
/* Answers OFFER as the parameters say and puts the media where it leads. Returns 200 with the SDP, or the status to
 * refuse with; 0: silence. */
unsigned speer_sdp_answer(struct peer_call *c, const struct peer_sdp *offer, bool first, bool apply, char *sdp);
/* The other side's answer to our offer. */
void speer_sdp_apply(struct peer_call *c, const struct peer_sdp *answer);

/* sip_peer_digits.c: turns the RTP packet OUT (12 octets of header) into one of a telephone event, if it is time for
 * one. Returns its length, 0: it stays as it is. */
size_t speer_digit_packet(struct peer_call *c, uint8_t *out);

/* sip_peer_tcf.c: localTCF. A frame passes our machine; an IFP packet of it, true if it stays here; one for it. */
void speer_tcf_frame(struct peer_call *c, const uint8_t *frame, size_t octets);
bool speer_tcf_stays(const struct peer_call *c, const uint8_t *ifp, size_t len);
void speer_tcf_ifp(struct peer_call *c, const uint8_t *ifp, size_t len, uint16_t seq);

/* sip_peer_media.c */
int speer_media_open(struct peer_call *c);
void speer_media_close(struct peer_call *c);
void speer_media_audio(struct peer_call *c, const struct peer_line *remote);
void speer_media_t38(struct peer_call *c, const struct peer_line *remote);
void speer_media_none(struct peer_call *c);
void speer_media_step(struct peer_call *c, size_t samples);
void speer_media_result(const struct peer_call *c, struct sip_peer_result *rp);

#endif
