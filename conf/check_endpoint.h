/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_endpoint: the rules across keys that concern who registers with us.
 */
#ifndef CONF_CHECK_ENDPOINT_H
#define CONF_CHECK_ENDPOINT_H

#include "load.h"

/* The [endpoint] that is peer I. */
void check_endpoint(struct load *l, unsigned i);

#endif
