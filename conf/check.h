/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check: the rules across keys, sections and files.
 */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

struct load;

/* Checks what was read, records every breach in its place, and fills in what follows from other keys: the spans' peers
 * by index, media addresses that were not set. */
void check_config(struct load *l);

#endif
