/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words: a value that is a list of words, with commas or blanks between them.
 */
#ifndef CONF_WORDS_H
#define CONF_WORDS_H

#include <stdbool.h>

#define WORD_OCTETS 200 /* no value is longer: reader.h */

/* Takes the next word off *SP, into WORD (WORD_OCTETS). False at the end. */
bool words_next(const char **sp, char *word);

/* "4000-5999", or "7" for both: two numbers up to MAX. Returns 0 or EINVAL. */
int words_range(const char *text, unsigned max, unsigned *fromp, unsigned *top);

#endif
