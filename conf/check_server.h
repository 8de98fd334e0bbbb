/* SPDX-License-Identifier: GPL-2.0-only */
/* check_server: peers by name, and how names are looked up. */
#ifndef CONF_CHECK_SERVER_H
#define CONF_CHECK_SERVER_H

#include "load.h"

void check_server(struct load *l, unsigned peer); /* its name, if it has one; settles its transport */
void check_lookups(struct load *l);		  /* [sip] */

#endif
