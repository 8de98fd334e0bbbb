/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_packet: the signals of a scripted fax as T.38's IFP packets, in the time they would take on a line. */
#ifndef SIM_T30_PACKET_H
#define SIM_T30_PACKET_H

#include "t30_ear.h"

struct t30_packet;

typedef void(t30_packet_ifp_h)(const uint8_t *ifp, size_t len, unsigned copies, void *arg);

/* How a gateway or terminal puts signals into packets; T.38 leaves it to them. All zero: what takes 40 ms in each, no
 * frame before its end told of it, the end of the signal with the last FCS. */
struct t30_packet_style {
	unsigned t38_version;
	unsigned packet_ms; /* 0: 40 */
	bool whole_frames;  /* of HDLC, each sent when its last octet has come */
	bool fcs_beside;    /* the FCS is a second field of the packet with the last octets */
	bool fcs_around;    /* the last octets are in the field that tells of the FCS */
	bool end_apart;	    /* hdlc-sig-end 60 ms after the last FCS */
	bool no_signal;	    /* the indicator, after each signal */
};

/* 0 or ENOMEM */
int t30_packet_alloc(struct t30_packet **pp, const struct t30_packet_style *style, const struct t30_ear *ear,
		     t30_packet_ifp_h *ifp, void *arg);
void t30_packet_free(struct t30_packet *p);
void t30_packet_send(struct t30_packet *p, const struct t30_turn *turn);
bool t30_packet_is_sending(const struct t30_packet *p);
void t30_packet_step(struct t30_packet *p, size_t samples); /* time passes */
void t30_packet_ifp(struct t30_packet *p, const uint8_t *ifp, size_t len, uint16_t seq);

#endif
