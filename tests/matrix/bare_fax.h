/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bare_fax: one fax between a machine on a line and a T.38 terminal with nothing between them but spandsp's t38_gateway
 * and plain UDPTL over a simulated network: what the gateway is measured against.
 */
#ifndef MATRIX_BARE_FAX_H
#define MATRIX_BARE_FAX_H

#include "tests/matrix/matrix.h"

/* One fax of case C; the machine on the line sends if FROM_LINE. 0, ENOMEM, or errno of the document's files. */
int bare_fax_run(const struct matrix_case *c, bool from_line, uint64_t seed, struct matrix_outcome *op);

#endif
