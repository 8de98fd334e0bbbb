/* SPDX-License-Identifier: GPL-2.0-only */
/* Any octets as a main file and, behind the first 0xfe (which no UTF-8 has), as a span's file. */
#include <stdlib.h>
#include <string.h>

#include "conf/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *cut = size ? memchr(data, 0xfe, size) : NULL;
	size_t n = cut ? (size_t)(cut - data) : size;
	struct load_text m = {"m", (const char *)data, n};
	struct load_text s = {"s", cut ? (const char *)cut + 1 : (const char *)data, cut ? size - n - 1 : size};
	struct config_errors errors = {0};
	struct config *c = NULL;
	int err = load_texts(&m, &s, 1, &c, &errors);

	/* an error is told, and told in text; no error is a configuration */
	if ((err != 0) != (errors.count > errors.warnings) || !err != (c != NULL))
		abort();
	for (unsigned i = 0; i < errors.count; i++) {
		if (!memchr(errors.list[i].text, 0, sizeof(errors.list[i].text)) || !errors.list[i].text[0])
			abort();
	}
	if (c)
		config_numbers_match(&c->spans[0].accept, "0123456789");
	config_free(c);
	config_errors_fini(&errors);
	return 0;
}
