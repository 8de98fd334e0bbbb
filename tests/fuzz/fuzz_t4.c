/* SPDX-License-Identifier: GPL-2.0-only */
/* Any octets are some number of lines, good or bad. The first two say of what page. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "t38/t30/t4_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct t4_lines t;

	if (size < 2)
		return 0;
	memset(&t, 0, sizeof(t));
	t4_lines_begin(&t, 1 + (data[0] << 5), data[1] & 1);
	t4_lines_put(&t, data + 2, size - 2);
	t4_lines_end(&t);
	if (t.bad > t.lines || t.lines > size * 8)
		abort();
	return 0;
}
