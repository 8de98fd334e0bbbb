/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sipside_endpoints: who is registered with us, and with whom we are, for the operator. The SIP thread's.
 */
#ifndef GATEWAY_SIPSIDE_ENDPOINTS_H
#define GATEWAY_SIPSIDE_ENDPOINTS_H

#include "gateway/control/answer.h"
#include "gateway/sipside/sipside.h"

/* A row for each contact of each endpoint, and one for an endpoint without. */
void sipside_show_endpoints(const struct sipside *s, struct answer *a);
/* A row for each peer that we register with. */
void sipside_show_registrations(const struct sipside *s, struct answer *a);

#endif
