/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pri_text.c: digits and names as the line brings them, made clean.
 */
#include <string.h>

#include "pri_priv.h"

unsigned pri_number_copy(char *to, size_t room, const char *from)
{
	const char *start = from;
	size_t n = 0;
	unsigned left_out = 0;

	for (; *from; from++) {
		const bool plus = *from == '+' && from == start;

		if (n + 1 < room && (plus || strchr("0123456789*#", *from)))
			to[n++] = *from;
		else
			left_out++;
	}
	to[n] = '\0';
	return left_out;
}

void pri_name_to_utf8(char *to, size_t room, const char *from, bool is_utf8)
{
	size_t n = 0;

	for (const uint8_t *p = (const uint8_t *)from; *p; p++) {
		if (*p < 0x20 || *p == 0x7F)
			continue;
		if (*p >= 0x80 && !is_utf8) {
			if (n + 2 >= room)
				break;
			to[n++] = (char)(0xC0 | *p >> 6);
			to[n++] = (char)(0x80 | (*p & 0x3F));
			continue;
		}
		if (n + 1 >= room) {
			/* Not in the middle of a character: back to its first octet, and that one too. */
			while (n && *p >= 0x80 && ((uint8_t)to[n - 1] & 0xC0) == 0x80)
				n--;
			if (n && *p >= 0x80 && *p < 0xC0 && (uint8_t)to[n - 1] >= 0xC0)
				n--;
			break;
		}
		to[n++] = (char)*p;
	}
	to[n] = '\0';
}

void pri_name_to_latin1(char *to, size_t room, const char *from)
{
	size_t n = 0;

	for (const uint8_t *p = (const uint8_t *)from; *p && n + 1 < room; p++) {
		if (*p < 0x20 || *p == 0x7F)
			continue;
		if (*p < 0x80) {
			to[n++] = (char)*p;
		} else if ((*p & 0xFE) == 0xC2 && (p[1] & 0xC0) == 0x80) {
			to[n++] = (char)((*p & 3) << 6 | (p[1] & 0x3F));
			p++;
		} else if (*p >= 0xC0) {
			to[n++] = '?'; /* its other octets are passed over */
		}
	}
	to[n] = '\0';
}
