/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_route: the rules across keys of [route NAME], [group NAME] and [numbering].
 */
#ifndef CONF_CHECK_ROUTE_H
#define CONF_CHECK_ROUTE_H

struct load;

/* Records every breach, and fills in to which spans and peers each route comes. */
void check_routes(struct load *l);

#endif
