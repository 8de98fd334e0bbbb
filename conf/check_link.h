/* SPDX-License-Identifier: GPL-2.0-only */
/* check_link: the rules of a tdmoe line over Ethernet. */
#ifndef CONF_CHECK_LINK_H
#define CONF_CHECK_LINK_H

#include <stdbool.h>

struct config_span;
struct load;

/* Whether the span is tdmoe over Ethernet, not over UDP. */
bool check_link_is_meant(const struct config_span *s);

/* Records keys of Ethernet in span I, which is over UDP. */
void check_link_stray(struct load *l, unsigned i);

/* Checks the link of span I, against the spans before it too. */
void check_link(struct load *l, unsigned i);

#endif
