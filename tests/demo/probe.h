/* SPDX-License-Identifier: GPL-2.0-only */
/* probe: one datagram to the gateway's SIP port, and what it is answered with. */
#ifndef DEMO_PROBE_H
#define DEMO_PROBE_H

/* Sends the octets of FILE from 127.0.0.2:5060 and prints every message that comes back, until the gateway has answered
 * an OPTIONS sent behind them: what it answers at once is all there then. The exit status: 0, or 1 if the OPTIONS got
 * no answer. */
int probe(const char *file);

#endif
