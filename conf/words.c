/* SPDX-License-Identifier: GPL-2.0-only */
#include "words.h"

#include <errno.h>
#include <string.h>

#include "value.h"

#define SEPARATORS " \t,"

bool words_next(const char **sp, char *word)
{
	const char *s = *sp + strspn(*sp, SEPARATORS);
	size_t n = strcspn(s, SEPARATORS);

	*sp = s + n;
	if (n >= WORD_OCTETS)
		n = WORD_OCTETS - 1;
	memcpy(word, s, n);
	word[n] = '\0';
	return n > 0;
}

int words_range(const char *text, unsigned max, unsigned *fromp, unsigned *top)
{
	char word[WORD_OCTETS];
	const char *dash = strchr(text, '-');
	size_t n = dash ? (size_t)(dash - text) : strlen(text);

	if (n >= sizeof(word))
		return EINVAL;
	memcpy(word, text, n);
	word[n] = '\0';
	if (value_read_uint(word, 0, max, fromp))
		return EINVAL;
	return value_read_uint(dash ? dash + 1 : word, 0, max, top);
}
