/* SPDX-License-Identifier: GPL-2.0-only */
/* Any octets as a main file and, behind the first 0xfe (which no UTF-8 has), as a span's file. */
#include <stdlib.h>
#include <string.h>

#include "conf/load.h"
#include "gateway/route/parties.h"
#include "gateway/route/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Calls from both sides by whatever rules there are: what goes on has somewhere to go, what does not has a cause. */
static void try_routes(const struct config *c)
{
	static const char *const numbers[] = {"", "112", "+4930123456", "0123456789",
					      "12345678901234567890123456789012"};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		for (unsigned way = 0; way < 2; way++) {
			struct isdn_parties p = {.called.type = 0};
			const struct route_query q = {.from_line = way, .parties = &p, .said = numbers[i]};
			struct route_result r;

			parties_number_from_sip(numbers[i], false, &p.called);
			parties_number_from_sip(numbers[way], false, &p.calling);
			if (way)
				route_fit(c, 0, &p);
			route_find(c, &q, &r);
			if (!r.cause != !r.status || (!r.cause && !way && !r.nspans) ||
			    (!r.cause && r.peer >= c->npeers))
				abort();
			if (!memchr(r.parties.called.digits, 0, sizeof(r.parties.called.digits)))
				abort();
		}
}

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
		try_routes(c);
	config_free(c);
	config_errors_fini(&errors);
	return 0;
}
