/* SPDX-License-Identifier: GPL-2.0-only */
/* [route NAME], [group NAME] and [numbering]: what they may say, what is wrong with them, and which rule none
 * reaches. */
#include "config_text.h"

/* The main file has four lines before TEXT. */
static int load_routes(const char *text)
{
	char main_text[6000];
	struct load_text m = {"m.conf", main_text, 0};
	struct load_text spans[] = {
		{"1.conf", SPAN_HEAD "dial = 49.\n", 0},
		{"2.conf", "[span 7]\nlocal=192.0.2.1:2\nremote=192.0.2.3:2\npeer=ast\naccept=none\n", 0},
		{"3.conf", "[span 3]\nenabled=no\nlocal=192.0.2.1:3\nremote=192.0.2.3:3\npeer=ast\n", 0},
	};

	for (unsigned i = 0; i < 3; i++)
		spans[i].octets = strlen(spans[i].text);
	m.octets = (size_t)snprintf(main_text, sizeof(main_text), "%s%s", MAIN_HEAD, text);
	tear_down(NULL);
	return load_texts(&m, spans, 3, &config, &errors);
}

static void expect_ok(const char *text)
{
	if (load_routes(text))
		fail_msg("%s", errors.count ? errors.list[0].text : "?");
	assert_int_equal(errors.count, 0);
}

static void expect_error(const char *text, const char *error)
{
	assert_int_equal(load_routes(text), EINVAL);
	if (errors.count != 1 || strcmp(errors.list[0].text, error))
		fail_msg("%u errors: %s, not %s", errors.count, errors.list[0].text, error);
}

static void expect_warning(const char *text, const char *warning)
{
	assert_int_equal(load_routes(text), 0);
	if (errors.count != 1 || errors.warnings != 1 || strcmp(errors.list[0].text, warning))
		fail_msg("%u errors: %s, not %s", errors.count, errors.count ? errors.list[0].text : "", warning);
}

static void test_good(void **state)
{
	const struct config_route *r;

	expect_ok("[numbering]\ncountry_code = 49\narea_code = 30\nnational_prefix = none\n"
		  "[peer b]\naddress = 192.0.2.9\n"
		  "[group w]\nspans = 7, 1\nhunt = round-robin\n"
		  "[route in]\nfrom = span 1-3, group w\ncalled = 1., 20-29\ncalled = 3.\ncalling = none\n"
		  "ton = national, unknown\nto = peer b:70, ast:30\narea_code = 89\n"
		  "called_form = e164\ncalled_strip = 2\ncalled_prepend = *9\ncalled_type = subscriber\n"
		  "called_plan = private\ncalling_form = dialled\n"
		  "[route out]\nfrom = peer b\nto = spans 3, 1-2\n"
		  "[route hunt]\nto = group w\ncalled = 5.\n"
		  "[route no]\nreject = 21\n");
	assert_string_equal(config->numbering.country_code, "49");
	assert_string_equal(config->numbering.national_prefix, "");
	assert_int_equal(config->ngroups, 1);
	assert_int_equal(config->groups[0].spans.count, 2);
	assert_int_equal(config->groups[0].spans.list[0], 1); /* an index */
	assert_int_equal(config->groups[0].spans.spread, SPREAD_ROUND_ROBIN);
	r = &config->routes[0];
	assert_string_equal(r->name, "in");
	assert_int_equal(r->line, 14);
	assert_int_equal(r->from_spans, 7);
	assert_int_equal(r->from_peers[0], 0);
	assert_int_equal(r->called.count, 3);
	assert_int_equal(r->called.line[2], 17);
	assert_int_equal(r->calling.count, 0);
	assert_int_equal(r->types, 1u << TYPE_NATIONAL | 1u << TYPE_UNKNOWN);
	assert_int_equal(r->peers.count, 2);
	assert_int_equal(r->peers.list[0].peer, 1);
	assert_int_equal(r->peers.list[1].weight, 30);
	assert_string_equal(r->area_code, "89");
	assert_int_equal(r->called_rewrite.form, FORM_E164);
	assert_int_equal(r->called_rewrite.strip, 2);
	assert_string_equal(r->called_rewrite.prepend, "*9");
	assert_int_equal(r->called_rewrite.type, TYPE_SUBSCRIBER);
	assert_int_equal(r->called_rewrite.plan, PLAN_PRIVATE);
	assert_int_equal(r->calling_rewrite.form, FORM_DIALLED);
	r = &config->routes[1];
	assert_int_equal(r->from_spans, 0);
	assert_int_equal(r->from_peers[0], 2);
	assert_int_equal(r->spans.count, 2);
	assert_int_equal(r->spans.list[0], 2);
	assert_int_equal(config->routes[2].from_spans, 0);
	assert_int_equal(config->routes[2].from_peers[0], 3);
	assert_int_equal(config->routes[3].from_spans, 7);
	assert_int_equal(config->routes[3].from_peers[0], 3);
}

/* The routes as written, then each span's accept if it has one, then dial. */
static void test_rules(void **state)
{
	expect_ok("[route a]\nto = peer ast\ncalled = 1.\n[route b]\nreject = 1\ncalled = 2.\n");
	assert_int_equal(config->nrules, 5);
	assert_string_equal(config->rules[0].name, "a");
	assert_string_equal(config->rules[1].name, "b");
	assert_int_equal(config->rules[1].reject, 1);
	assert_int_equal(config->rules[2].kind, RULE_ACCEPT);
	assert_string_equal(config->rules[2].file, "1.conf");
	assert_int_equal(config->rules[2].from_spans, 1);
	assert_int_equal(config->rules[3].from_spans, 4);
	assert_int_equal(config->rules[4].kind, RULE_DIAL);
}

static void test_bad_values(void **state)
{
	static const struct {
		const char *line, *error;
	} cases[] = {
		{"from = 1", "m.conf:6: from: 1: is it span 1, peer 1 or group 1?"},
		{"from = span", "m.conf:6: from: span is not a list of span N or N-N, peer NAME, group NAME, or any"},
		{"from = span 0",
		 "m.conf:6: from: 0 is neither the number of a span, 1 to 999, nor a range such as 1-4"},
		{"from = span 2-1",
		 "m.conf:6: from: 2-1 is neither the number of a span, 1 to 999, nor a range such as 1-4"},
		{"from = span 1-4, 3", "m.conf:6: from: 3 stands there twice"},
		{"from = peer ast:3", "m.conf:6: from: ast: a weight has no meaning here"},
		{"from = peer a/b",
		 "m.conf:6: from: a/b is not a name: a name has only letters, digits, '_', '.' and '-'"},
		{"to = peer ast, span 1", "m.conf:6: to: a call goes to spans, or to peers, or to a group"},
		{"to = group a, b", "m.conf:6: to: b: there may be one group"},
		{"to = peer ast:1, b", "m.conf:6: to: either all peers have a weight or none has: b"},
		{"to = peer ast:0", "m.conf:6: to: ast: 0 is not the weight of a peer, from 1 to 1000"},
		{"to = peer a, b, c, d, e, f, g, h, i", "m.conf:6: to: there are more than 8 peers"},
		{"reject = 0", "m.conf:6: reject: 0 is not a cause of Q.850, 1 to 127, or no"},
		{"ton = foreign", "m.conf:6: ton: foreign is not one of unknown, international, national, subscriber"},
		{"called_prepend = +4", "m.conf:6: called_prepend: +4 is not up to 32 digits, or none"},
		{"called_strip = 33", "m.conf:6: called_strip: 33 is not a number from 0 to 32"},
		{"calling_type = keep me",
		 "m.conf:6: calling_type: keep me is not one of keep, unknown, international, national, subscriber"},
		{"callled = 1", "m.conf:6: callled: unknown key in [route x], did you mean called?"},
	};
	char text[300];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "[route x]\n%s\n%s\n", cases[i].line,
			 strncmp(cases[i].line, "to ", 3) ? "to = peer ast" : "");
		expect_error(text, cases[i].error);
	}
}

static void test_bad_rules(void **state)
{
	expect_error("[route x]\nto = peer asd\n", "m.conf:6: to: there is no [peer asd] in m.conf, did you mean ast?");
	expect_error("[group west]\nspans = 1\n[route x]\nto = group wst\n",
		     "m.conf:8: to: there is no [group wst] in m.conf, did you mean west?");
	expect_error("[route x]\nfrom = peer zebra\nreject = 1\n",
		     "m.conf:6: from: there is no [peer zebra] in m.conf");
	expect_error("[route x]\nto = span 2\n", "m.conf:6: to: there is no [span 2] in spans.d");
	expect_error("[route x]\nfrom = span 4-6\nreject = 1\n",
		     "m.conf:6: from: there is no span from 4 to 6 in spans.d");
	expect_error("[group g]\nhunt = in-order\n", "m.conf:5: [group g]: spans is missing");
	expect_error("[route x]\ncalled = 1\n", "m.conf:5: [route x]: either to or reject must be set");
	expect_error("[route x]\nto = peer ast\nreject = 1\n",
		     "m.conf:7: reject: the call goes somewhere, by to in line 6");
	/* What comes from SIP goes to the line, and back. */
	expect_error("[route x]\nfrom = span 1, peer ast\nto = peer ast\n",
		     "m.conf:6: from: a call from a peer cannot go to a peer, as to has it in line 7");
	expect_error("[group g]\nspans=1\n[route x]\nfrom = group g\nto = span 1\n",
		     "m.conf:8: from: a call from a span cannot go to a span, as to has it in line 9");
	expect_error("[route x]\nto = peer ast\n[route x]\nreject = 1\n",
		     "m.conf:7: [route x]: duplicate section, the first is in line 5");
	expect_error("[route]\nreject = 1\n", "m.conf:5: [route ]: it has no name");
}

static void test_bad_rewriting(void **state)
{
	expect_error("[route x]\nto = peer ast\ncalled_form = e164\n",
		     "m.conf:7: called_form: e164 needs country_code in [numbering]");
	expect_error("[numbering]\ncountry_code = 49\n[route x]\nto = span 1\ncalling_form = local\n",
		     "m.conf:9: calling_form: local needs area_code in [numbering]");
	expect_error("[numbering]\ncountry_code = 49\ninternational_prefix = none\n[route x]\nto = span 1\n"
		     "calling_form = dialled\n",
		     "m.conf:10: calling_form: dialled needs international_prefix in [numbering]");
	expect_error("[route x]\nto = span 1\ncalled = 12., 112, 4930.\ncalled_strip = 3\n",
		     "m.conf:8: called_strip: nothing is left of 112 in line 7");
	expect_ok("[route x]\nto = span 1\ncalled = 112, 4930.\ncalled_strip = 3\ncalled_prepend = 9\n");
	expect_error("[route x]\nto = span 1\ncalled = 12345-12399\ncalled_strip = 1\n"
		     "called_prepend = 12345678901234567890123456789\n",
		     "m.conf:8: called_strip: 12345-12399 in line 7 becomes longer than 32 digits");
	expect_warning("[route x]\nreject = 1\ncalled_strip = 3\n",
		       "m.conf:7: warning: called_strip: the call is rejected, whatever its numbers");
}

static void test_unreached(void **state)
{
	const char *hidden = "m.conf:8: warning: [route y]: no call comes to it, [route x] in line 5 takes them all";

	expect_warning("[route x]\nto = peer ast\ncalled = 49.\n[route y]\nto = peer ast\ncalled = 4930., +4912\n",
		       hidden);
	expect_warning("[route x]\nto = peer ast\ncalled = 1000-1999\n[route y]\nto = peer ast\ncalled = 15XX\n",
		       hidden);
	expect_warning("[route x]\nreject = 1\nton = any\n[route y]\nto = peer ast\nton = national\n", hidden);
	/* the first reaches further, in one thing at least */
	expect_ok("[route x]\nto = peer ast\ncalled = 49.\n[route y]\nto = peer ast\ncalled = 4930., 48.\n");
	expect_ok("[route x]\nto = peer ast\nton = national\n[route y]\nto = peer ast\n");
	expect_ok("[route x]\nto = peer ast\ncalling = 1.\n[route y]\nto = peer ast\n");
	expect_ok("[route x]\nto = peer ast\nfrom = span 1\n[route y]\nto = peer ast\n");
	expect_ok("[route x]\nto = peer ast\n[route y]\nto = span 1\n");
	expect_ok("[route x]\nto = peer ast\ncalled = +49.\n[route y]\nto = peer ast\ncalled = 49.\n");
	expect_ok("[route x]\nto = peer ast\ncalling = 1.\n[route y]\nto = peer ast\ncalling = none\n");
	/* none alone does, but all of them together */
	expect_warning(
		"[route x]\nfrom = span 1, 3\nto = peer ast\n[route w]\nfrom = span 7\nto = peer ast\n"
		"[route y]\nto = peer ast\ncalled = 1\n",
		"m.conf:11: warning: [route y]: no call comes to it, [route x] in line 5 takes them all, with others");
	expect_warning("[route x]\nto = span 3\n", "m.conf:6: warning: to: none of its spans is enabled");
}

/* A span whose calls go by rules alone has no peer of its own, and accepts nothing by itself. */
static void test_no_peer(void **state)
{
	const char *span = "[span 1]\nlocal = 192.0.2.1:7001\nremote = 192.0.2.3:7001\ndial = 1.\n";
	char accepts[200];

	assert_int_equal(load(MAIN_HEAD "[route in]\nto = peer ast\ncalled = 49.\n", span), 0);
	assert_int_equal(config->nrules, 2);
	assert_int_equal(config->rules[1].kind, RULE_DIAL);
	assert_int_equal(load(MAIN_HEAD "[endpoint e]\nuser = u\nsecret = s\nnumbers = 5.\n", span), 0);
	assert_int_equal(load(MAIN_HEAD "[endpoint e]\nuser = u\nsecret = s\n[route in]\nto = endpoint e, ast\n", span),
			 0);
	assert_int_equal(config->routes[0].peers.list[0].peer, 1);
	assert_int_equal(config->routes[0].peers.list[1].peer, 0);
	assert_int_equal(load(MAIN_HEAD, span), EINVAL);
	EXPECT("s.conf:1: [span 1]: peer is missing, and no [route NAME] is for its calls");
	assert_int_equal(load(MAIN_HEAD "[route in]\nfrom = peer ast\nto = span 1\n", span), EINVAL);
	EXPECT("s.conf:1: [span 1]: peer is missing, and no [route NAME] is for its calls");
	snprintf(accepts, sizeof(accepts), "%saccept = 12.\n", span);
	assert_int_equal(load(MAIN_HEAD "[route in]\nto = peer ast\n", accepts), EINVAL);
	EXPECT("s.conf:5: accept: where should these calls go? peer is missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_good, tear_down),
		cmocka_unit_test_teardown(test_rules, tear_down),
		cmocka_unit_test_teardown(test_bad_values, tear_down),
		cmocka_unit_test_teardown(test_bad_rules, tear_down),
		cmocka_unit_test_teardown(test_bad_rewriting, tear_down),
		cmocka_unit_test_teardown(test_unreached, tear_down),
		cmocka_unit_test_teardown(test_no_peer, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
