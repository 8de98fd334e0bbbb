/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_line: the signals of a scripted fax on a line, by spandsp's modems and none of its T.30. Time is in samples. */
#ifndef SIM_T30_LINE_H
#define SIM_T30_LINE_H

#include "t30_ear.h"

struct t30_line;

struct t30_line_times {
	unsigned preamble_ms; /* of the last burst of V.21 */
	unsigned gap_ms;      /* silence before what is heard now, or was last */
};

int t30_line_alloc(struct t30_line **lp, const struct t30_ear *ear); /* 0 or ENOMEM */
void t30_line_free(struct t30_line *l);
/* TURN must live until it is sent. */
void t30_line_send(struct t30_line *l, const struct t30_turn *turn);
bool t30_line_is_sending(const struct t30_line *l);
/* TURN is what comes next from the other end: its modem listens beside V.21. NULL: V.21 alone. */
void t30_line_listen(struct t30_line *l, const struct t30_turn *turn);
struct t30_line_times t30_line_times(const struct t30_line *l);
void t30_line_rx(struct t30_line *l, const int16_t *samples, size_t n);
void t30_line_tx(struct t30_line *l, int16_t *samples, size_t n);

#endif
