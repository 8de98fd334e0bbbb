/* SPDX-License-Identifier: GPL-2.0-only */
/* t30_ear: what is heard of a fax's signals, on a line (t30_line.h) as in packets (t30_packet.h). */
#ifndef SIM_T30_EAR_H
#define SIM_T30_EAR_H

#include "t30_script.h"

struct t30_ear {
	void (*begin)(enum t30_signal m, void *arg); /* a preamble with flags, or a training that was understood */
	void (*frame)(enum t30_signal m, const uint8_t *octets, size_t n, bool good, void *arg); /* without FCS */
	void (*bit)(unsigned bit, void *arg); /* of a TCF, or of a page without error correction */
	void (*end)(enum t30_signal m, void *arg);
	void *arg;
};

#endif
