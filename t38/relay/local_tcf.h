/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * local_tcf: T.38's data rate management method 1 (T.38 8.1, SDP: localTCF): the training check (TCF) is not carried.
 * The gateway beside the sender judges it, the one beside the receiver makes one for its machine; CFR stands only
 * where both are content. Pure.
 */
#ifndef T38_LOCAL_TCF_H
#define T38_LOCAL_TCF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "t38/udptl/ifp.h"

#define LOCAL_TCF_OCTETS 1024 /* of zeros in a packet, at most */

/* The TCF from our line, as it comes. */
struct local_tcf {
	unsigned rate;		 /* bit/s; 0: none has come */
	unsigned zeros, longest; /* bits in a row */
};

/* A TCF may begin: what was heard before does not count. */
void local_tcf_begin(struct local_tcf *t);
/* A packet of image modem data in a TCF's place. */
void local_tcf_take(struct local_tcf *t, const uint8_t *packet, const struct ifp *ip);
/* T.30 5.3.6.1.3 wants 1.5 s of zeros; good is 1 s in a row. One that never came is not good. */
bool local_tcf_is_good(const struct local_tcf *t);

/* The data type that goes with training INDICATOR; false if it is none of an image modem. */
bool local_tcf_data_type(unsigned indicator, unsigned *typep);
/* The octets of 1.5 s of DATA_TYPE. */
size_t local_tcf_octets(unsigned data_type);
/* Writes a packet of OCTETS zeros (0 with END: the end of the signal) of DATA_TYPE in the words of T.38 VERSION.
 * PACKET has room for LOCAL_TCF_OCTETS + 5. Returns its length. */
size_t local_tcf_write(uint8_t *packet, unsigned version, unsigned data_type, size_t octets, bool end);

#endif
