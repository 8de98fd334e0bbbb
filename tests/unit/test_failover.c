/* SPDX-License-Identifier: GPL-2.0-only */
/* The peers of a span: how they are written, in which order they are tried, and when the next one is. */
#include "config_text.h"
#include "gateway/route/failover.h"

#define PEERS	  MAIN_HEAD "[peer b]\naddress = 192.0.2.4\n[peer c]\naddress = 192.0.2.5\n"
#define SPAN_LINE "[span 1]\nlocal = 192.0.2.1:7001\nremote = 192.0.2.3:7001\npeer = "

static void refused(const char *value, const char *why)
{
	char text[300], expected[400];

	snprintf(text, sizeof(text), SPAN_LINE "%s\n", value);
	snprintf(expected, sizeof(expected), "s.conf:4: peer: %s", why);
	assert_int_equal(load(PEERS, text), EINVAL);
	assert_int_equal(errors.count, 1);
	if (strncmp(errors.list[0].text, expected, strlen(expected)))
		fail_msg("%s: %s", value, errors.list[0].text);
}

static const struct config_targets *taken(const char *value)
{
	char text[300];

	snprintf(text, sizeof(text), SPAN_LINE "%s\n", value);
	if (load(PEERS, text))
		fail_msg("%s: %s", value, errors.count ? errors.list[0].text : "?");
	return &config->spans[0].to;
}

static void test_written(void **state)
{
	const struct config_targets *t = taken("b, ast c");

	assert_int_equal(t->count, 3);
	assert_int_equal(config->spans[0].peer, 1);
	assert_int_equal(t->list[1].peer, 0);
	assert_int_equal(t->list[2].weight, 0);
	t = taken("b:70,c:30");
	assert_int_equal(t->count, 2);
	assert_int_equal(t->list[0].weight, 70);
	assert_int_equal(t->list[1].weight, 30);
	refused("b, b", "b is there twice");
	refused("b:70, c", "either all peers have a weight or none has: c");
	refused("b, c:1", "either all peers have a weight or none has: c");
	refused("b:0, c:1", "b: 0 is not a weight from 1 to 1000");
	refused("b:", "b:  is not a weight from 1 to 1000");
	refused("b, x/y", "x/y is not the name of a peer: ");
	refused("b, cc", "there is no [peer cc] in m.conf, did you mean c?");
	refused("1,2,3,4,5,6,7,8,9", "there are more than 8 peers");
}

static void assert_order(const struct config_targets *t, uint32_t held, struct failover_turns *turns, unsigned a,
			 unsigned b, unsigned c)
{
	struct failover f;

	memset(&f, 0xff, sizeof(f));
	failover_order(t, held, turns, &f);
	assert_int_equal(f.count, 3);
	assert_int_equal(f.at, 0);
	assert_string_equal(f.tried, "");
	assert_int_equal(f.order[0], a);
	assert_int_equal(f.order[1], b);
	assert_int_equal(f.order[2], c);
}

static void test_order(void **state)
{
	struct failover_turns turns = {0};
	const struct config_targets *t = taken("b, c, ast");
	unsigned first[3] = {0};

	for (unsigned i = 0; i < 3; i++)
		assert_order(t, 0, &turns, 1, 2, 0);
	assert_order(t, 1u << 0, &turns, 2, 0, 1);
	assert_order(t, 1u << 0 | 1u << 2, &turns, 2, 1, 0);
	assert_order(t, 7, &turns, 1, 2, 0); /* all are down: as if none was */

	t = taken("b:1, c:5, ast:4");
	for (unsigned i = 0; i < 100; i++) {
		struct failover f;

		failover_order(t, 0, &turns, &f);
		first[f.order[0]]++;
	}
	assert_int_equal(first[1], 10);
	assert_int_equal(first[2], 50);
	assert_int_equal(first[0], 40);
	turns = (struct failover_turns){0};
	assert_order(t, 0, &turns, 2, 0, 1);
	assert_order(t, 0, &turns, 0, 2, 1);
}

static void test_moves(void **state)
{
	static const unsigned moves[] = {408, 500, 502, 503, 504, 599},
			      stays[] = {302, 401, 403, 404, 480, 486, 487, 488, 600, 603, 606};

	for (unsigned i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		assert_true(failover_may_move(moves[i], 0));
	for (unsigned i = 0; i < sizeof(stays) / sizeof(stays[0]); i++)
		assert_false(failover_may_move(stays[i], 0));
	assert_true(failover_may_move(503, 34));
	assert_true(failover_may_move(503, 38));
	assert_false(failover_may_move(503, 17));
	assert_false(failover_may_move(500, 1));
}

static void test_tried(void **state)
{
	struct failover f = {0};

	failover_note(&f, "a", "503 Service Unavailable");
	failover_note(&f, "b", "no response in 4000 ms");
	assert_string_equal(f.tried, "a: 503 Service Unavailable; b: no response in 4000 ms; ");
	for (unsigned i = 0; i < 20; i++)
		failover_note(&f, "name", "why it failed");
	assert_int_equal(strlen(f.tried), sizeof(f.tried) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_written, tear_down),
		cmocka_unit_test_teardown(test_order, tear_down),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
