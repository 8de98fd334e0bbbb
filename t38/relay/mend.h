/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mend: what is mended of spandsp 0.0.6, from outside. Each mend says what is wrong, and after which commit in
 * github.com/freeswitch/spandsp (towards version 3) it is no longer needed; where it says nothing of version 3, the
 * fault is there too. tests/unit/test_relay_mend.c fails without them. By what is wrong:
 *
 *   mend_carrier.c   levels at which a carrier begins and ends; V.29 where there is only V.21
 *   mend_hdlc.c      frames from the line
 *   mend_cut.c       frames in V.21 from the line, before which the carrier is lost
 *   mend_training.c  what a T.30 frame means for the trainings and signals that follow it
 *   mend_tcf.c       a training check of which nothing is understood
 *   mend_page.c      a page of which nothing is understood
 *   mend_signal.c    signals to the line: frames, beginnings, ends
 *   mend_dry.c       frames to the line whose octets come too late
 *   mend_full.c      a peer that is too far ahead of the line
 *   mend_v17.h       V.17's short training
 */
#ifndef T38_MEND_H
#define T38_MEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "t38/udptl/ifp.h"

struct relay;

/* mend_carrier.c: once; a frame came from the line; before each block from the line. */
void mend_cutoff_begin(struct relay *r);
void mend_cutoff(struct relay *r);
void mend_keep_cutoff(struct relay *r);
void mend_false_training(struct relay *r, const int16_t *block, size_t n);

/* mend_hdlc.c: before each block from the line. */
void mend_hdlc_framing(struct relay *r);
/* Before each packet to the peer: true if PACKET (IFP_END_OCTETS, written then) has to go before it. */
bool mend_cut_frame(struct relay *r, const struct ifp *ip, uint8_t *packet);

/* mend_cut.c: a frame came from the line; before each packet to the peer: whether that is to be left out, or has to be
 * read again since something was sent before it. */
enum mend_cut { MEND_CUT_PASS, MEND_CUT_PASS_LATER, MEND_CUT_DROP };
void mend_cut_signal_frame(struct relay *r);
enum mend_cut mend_cut_signal(struct relay *r, const struct ifp *ip);
/* Before each block from the line, and after it. */
void mend_cut_signal_framing(struct relay *r);
void mend_cut_signal_end(struct relay *r);

/* mend_frame.c: a T.30 frame has passed, LEN octets from its address on, 3 or more; it calls those of
 * mend_training.c. */
void mend_frame(struct relay *r, bool from_line, const uint8_t *frame, int len);
void mend_retrain(struct relay *r, bool from_line);
void mend_cfr(struct relay *r, bool from_line);
void mend_ctc(struct relay *r, bool from_line, const uint8_t *frame, int len);
void mend_dtc(struct relay *r);
void mend_buffer_mode(struct relay *r);
/* Before each block from the line. */
void mend_shared_memory(struct relay *r);

/* mend_tcf.c: before each packet for the peer, IP; true if something was sent before it. After each block from the
 * line. */
bool mend_lost_tcf(struct relay *r, const struct ifp *ip);
void mend_late_tcf(struct relay *r);

/* mend_page.c: before each block from the line. */
void mend_lost_page(struct relay *r, const int16_t *block, size_t n);

/* mend_signal.c: before each of the peer's packets; the first two are true if it is to be left out. */
bool mend_foreign(struct ifp *ip, uint8_t *packet);
bool mend_second_sig_end(const struct relay *r, const struct ifp *ip);
void mend_cng(struct relay *r, const struct ifp *ip);
void mend_open_frame(struct relay *r, const struct ifp *ip);
void mend_unannounced(struct relay *r, const struct ifp *ip);
/* Before each block to the line. */
void mend_first_frame(struct relay *r);
void mend_no_end(struct relay *r);
void mend_late_zeros(struct relay *r);
/* Before it, to know the octets of the frame that is coming in; and with that after it. */
int mend_coming_octets(const struct relay *r);
void mend_wiped_frame(struct relay *r, int octets);

/* mend_dry.c: before each block to the line; the kind of data of the frame that may run dry in it, or -1, is for the
 * call after the block. */
void mend_dry_frame(struct relay *r, size_t samples);
int mend_dry_kind(const struct relay *r);
void mend_dry_end(struct relay *r, int kind);
void mend_lone_signal(struct relay *r);
/* mend_full.c: before each of the peer's packets: true if the line is too far behind for it, and it is to be left
 * out. */
bool mend_full_queue(struct relay *r, const struct ifp *ip);
/* Before each of the peer's packets: true if it is the rest of a frame that has run dry, to be left out. */
bool mend_dry_rest(struct relay *r, const struct ifp *ip);

#endif
