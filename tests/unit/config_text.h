/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config_text: a configuration from text, and the errors it gives; shared by the tests of conf/.
 */
#ifndef UNIT_CONFIG_TEXT_H
#define UNIT_CONFIG_TEXT_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf/load.h"

#define MAIN_HEAD "[sip]\nlisten = 192.0.2.1\n[peer ast]\naddress = 192.0.2.2\n"
#define SPAN_HEAD "[span 1]\nlocal = 192.0.2.1:7001\nremote = 192.0.2.3:7001\npeer = ast\n"

static struct config *config;
static struct config_errors errors;

static inline int load(const char *main_text, const char *span_text)
{
	struct load_text m = {"m.conf", main_text, strlen(main_text)};
	struct load_text s = {"s.conf", span_text, strlen(span_text)};

	config_free(config);
	config = NULL;
	config_errors_fini(&errors);
	return load_texts(&m, &s, 1, &config, &errors);
}

static inline int tear_down(void **state)
{
	config_free(config);
	config = NULL;
	config_errors_fini(&errors);
	return 0;
}

static inline void expect_errors(unsigned n, const char *const *texts)
{
	for (unsigned i = 0; i < errors.count && i < n; i++)
		assert_string_equal(errors.list[i].text, texts[i]);
	assert_int_equal(errors.count, n);
	assert_null(config);
}

#define EXPECT(...)                                                                                                    \
	do {                                                                                                           \
		const char *const t[] = {__VA_ARGS__};                                                                 \
		expect_errors(sizeof(t) / sizeof(t[0]), t);                                                            \
	} while (0)

static inline const struct config_span *load_span_ok(const char *more)
{
	char text[4096];

	snprintf(text, sizeof(text), SPAN_HEAD "%s", more);
	if (load(MAIN_HEAD, text) && errors.count)
		fail_msg("%s", errors.list[0].text);
	assert_non_null(config);
	return &config->spans[0];
}

static inline void load_main_ok(const char *more)
{
	char text[4096];

	snprintf(text, sizeof(text), "%s%s", MAIN_HEAD, more);
	if (load(text, SPAN_HEAD) && errors.count)
		fail_msg("%s", errors.list[0].text);
	assert_non_null(config);
}

#endif
