/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * t30_tester: one end of a scripted fax, on a line or in T.38: it sends its own turns of the conversation and hears
 * the other end's, octet by octet and in time, with no T.30 but the script's. What
 * does not come as the script says ends it with the turn and the reason.
 */
#ifndef SIM_T30_TESTER_H
#define SIM_T30_TESTER_H

#include "t30_packet.h"
#include "t30_script.h"

struct t30_tester;

/* What has come of it; outlives the tester. */
struct t30_report {
	bool done, success;
	unsigned turn;	/* it is at, or failed at */
	char text[400]; /* why not */
	int late_ms;	/* the latest signal heard, beyond what the script says */
	/* On a line, of the bursts of V.21 heard, and the silence between two signals of the other end that follow each
	 * other after 75 ms. 0: there was none. */
	unsigned preamble_min_ms, preamble_max_ms, gap_min_ms, gap_max_ms;
	/* Gets a line of trace for each thing sent or heard; or NULL. */
	void (*note)(const char *line, void *arg);
	void *note_arg;
};

/* TURNS and *REPORT, which is filled on the way, must live as long. 0 or ENOMEM. */
int t30_tester_line_alloc(struct t30_tester **tp, const struct t30_turn *turns, enum t30_side side,
			  struct t30_report *report);
int t30_tester_packet_alloc(struct t30_tester **tp, const struct t30_turn *turns, enum t30_side side,
			    struct t30_report *report, const struct t30_packet_style *style, t30_packet_ifp_h *ifp,
			    void *arg);
void t30_tester_free(struct t30_tester *t);

void t30_tester_rx(struct t30_tester *t, const int16_t *samples, size_t n);
void t30_tester_tx(struct t30_tester *t, int16_t *samples, size_t n);
void t30_tester_step(struct t30_tester *t, size_t samples); /* T.38: time passes */
void t30_tester_ifp(struct t30_tester *t, const uint8_t *ifp, size_t len, uint16_t seq);
void t30_tester_hangup(struct t30_tester *t); /* the call was cleared */

#endif
