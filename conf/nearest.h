/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nearest: what somebody may have meant.
 */
#ifndef CONF_NEAREST_H
#define CONF_NEAREST_H

/* How many letters must be added, dropped or changed to make B of A; 99 when either is longer than 40. */
unsigned nearest_distance(const char *a, const char *b);

/* The greatest distance at which NAME may stand for another word. */
unsigned nearest_limit(const char *name);

#endif
