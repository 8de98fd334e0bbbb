/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signals: what else the two directions of a call carry that is no fax: tones of exchanges and telephones, data
 * modems, alarm panels, terminals for cards. LINE is what the line sends, PEER what the other side does. Each of
 * them fills both.
 */
#ifndef TESTS_DETECT_SIGNALS_H
#define TESTS_DETECT_SIGNALS_H

#include "tests/detect/sound.h"

typedef void signal_h(struct sound *line, struct sound *peer, double seconds, struct dice *d);

signal_h signal_dtmf, signal_progress, signal_sit;
signal_h signal_v21, signal_v22, signal_v22bis, signal_v32, signal_v34, signal_v90, signal_v23, signal_bell103;
signal_h signal_textphone, signal_contact_id, signal_sia, signal_pos;

#endif
