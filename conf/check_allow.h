/* SPDX-License-Identifier: GPL-2.0-only */
/* The ranges that peers may call from, against each other. */
#ifndef CONF_CHECK_ALLOW_H
#define CONF_CHECK_ALLOW_H

#include "load.h"

void check_allow(struct load *l, unsigned peer);

#endif
