/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_packet: the signals of a scripted fax as T.38's IFP packets, in the time they would take on a line. */
#ifndef SIM_T30_PACKET_H
#define SIM_T30_PACKET_H

#include "t30_ear.h"

struct t30_packet;

typedef void(t30_packet_ifp_h)(const uint8_t *ifp, size_t len, unsigned copies, void *arg);

/* VERSION is T.38's. 0 or ENOMEM */
int t30_packet_alloc(struct t30_packet **pp, unsigned version, const struct t30_ear *ear, t30_packet_ifp_h *ifp,
		     void *arg);
void t30_packet_free(struct t30_packet *p);
void t30_packet_send(struct t30_packet *p, const struct t30_turn *turn);
bool t30_packet_is_sending(const struct t30_packet *p);
void t30_packet_step(struct t30_packet *p, size_t samples); /* time passes */
void t30_packet_ifp(struct t30_packet *p, const uint8_t *ifp, size_t len, uint16_t seq);

#endif
