/* SPDX-License-Identifier: GPL-2.0-only */
/* vmlab: the tests that run in the guest. Each returns true, or says why not with world_fail(). */
#ifndef DAHDI_VM_VMLAB_H
#define DAHDI_VM_VMLAB_H

#include <stdbool.h>

#include "gateway/base/isdn.h"

#define VMLAB_UP_MS	 20000 /* of the D channel, from the gateway's start */
#define VMLAB_RESTART_MS 20000 /* of all channels */

/* call.c: one call at a time. */
bool call_d_channel_up(void);
bool call_one_after_another(void);
/* A call from the line, answered, for a moment, and cleared. TIMESLOT 0: any. The time it took to be answered; -1:
 * it was not. */
int call_from_line_ms(unsigned timeslot);

/* pass.c: bit-exact G.711 on every channel. */
bool pass_bit_exact(void);

/* faxes.c: many at once. */
bool faxes_from_line(void);
bool faxes_from_sip(void);
bool faxes_one_each_way(void);
/* For other tests: COUNT faxes, the first of them FROM_LINE. */
bool faxes_begin(unsigned count, unsigned from_line);
bool faxes_are_in_t38(void);
unsigned faxes_timeslot(unsigned i);
const char *faxes_peer_reason(unsigned i); /* what the gateway said to the SIP peer when it cleared */
void faxes_forget(void);		   /* frees the machines; to be called when the exchange is gone */

/* harm.c: alarms, removal and death in the middle of a fax. */
bool harm_alarm(void);
bool harm_removal(void);
bool harm_missing(void); /* the span comes after the gateway */
bool harm_kill(void);

/* bare.c: a loop that reads and writes the channels of span 1, and nothing else, for comparison; without a
 * gateway. */
bool bare_loop(void);

#endif
