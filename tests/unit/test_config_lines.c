/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines, sections and limits of the configuration: what is no key or not in its place. */
#include "config_text.h"

/* The lines that inih alone would misread. */
static void test_lines(void **state)
{
	char text[1024], rest[300];

	assert_int_equal(load("listen = 1\n" MAIN_HEAD "[log]\n level = debug\n\tfacility = local0\n[log\nlevel\n= 3\n"
			      "le vel = x\nlevel: debug\n[log] x\n",
			      SPAN_HEAD),
			 EINVAL);
	EXPECT("m.conf:1: listen: stands before the first [section]",
	       "m.conf:7: the line is indented: a key or [section] begins in the first column",
	       "m.conf:8: the line is indented: a key or [section] begins in the first column",
	       "m.conf:9: a section is written [name], and nothing may follow it but a comment",
	       "m.conf:10: '=' is missing: a line is \"key = value\", \"[section]\" or a comment",
	       "m.conf:11: what stands before '=' is not a key", "m.conf:12: what stands before '=' is not a key",
	       "m.conf:13: '=' is missing: a line is \"key = value\", \"[section]\" or a comment",
	       "m.conf:14: a section is written [name], and nothing may follow it but a comment");

	memset(rest, 'a', sizeof(rest));
	rest[184] = '\0'; /* user_agent = ...: 197 */
	snprintf(text, sizeof(text), "[sip]\nuser_agent = %s\nlisten = 192.0.2.1\n[peer ast]\naddress = 192.0.2.2\n",
		 rest);
	assert_int_equal(load(text, SPAN_HEAD), EINVAL);
	assert_int_equal(errors.count, 1);
	assert_non_null(strstr(errors.list[0].text, "is longer than 63 characters"));
	rest[184] = 'a';
	rest[185] = '\0';
	snprintf(text, sizeof(text), "[sip]\nuser_agent = %s\nlisten = 192.0.2.1\n[peer ast]\naddress = 192.0.2.2\n",
		 rest);
	assert_int_equal(load(text, SPAN_HEAD), EINVAL);
	EXPECT("m.conf:2: the line is longer than 197 characters");
	rest[185] = 'a';
	rest[299] = '\0';
	snprintf(text, sizeof(text), "#%s\n" MAIN_HEAD "   ; %s\nt38 = no # %s", rest, rest, rest);
	assert_int_equal(load(text, SPAN_HEAD), 0);
	assert_false(config->peers[0].t38);
}

static void test_octets(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf[sip]\r\nlisten = 192.0.2.1\r\n[peer ast]\r\naddress = 192.0.2.2\r\n"
		"# \xc3\xa4 \xe2\x82\xac \xf0\x9f\x93\xa0\r\n# \xff\r\n# \xc0\x80\n# \xed\xa0\x80\n# \xf4\x90\x80\x80\n"
		"t38\0 = yes\n# \x01\n# \xe2\x82";
	struct load_text m = {"m.conf", text, sizeof(text) - 1}, s = {"s.conf", SPAN_HEAD, strlen(SPAN_HEAD)};

	tear_down(NULL);
	assert_int_equal(load_texts(&m, &s, 1, &config, &errors), EINVAL);
	EXPECT("m.conf:6: octet 0xff in column 3 is not UTF-8", "m.conf:7: octet 0xc0 in column 3 is not UTF-8",
	       "m.conf:8: octet 0xed in column 3 is not UTF-8", "m.conf:9: octet 0xf4 in column 3 is not UTF-8",
	       "m.conf:10: control character 0x00 in column 4", "m.conf:11: control character 0x01 in column 3",
	       "m.conf:12: octet 0xe2 in column 3 is not UTF-8");
}

static void test_sections(void **state)
{
	assert_int_equal(
		load("[sip]\nlisten = 192.0.2.1\n[sip]\nlisten = 1\n[peers x]\n[peer]\n[peer a b]\n"
		     "[peer 01234567890123456789012345678901]\n[log x]\n[span 1]\n[sipp]\nbad = 1\n[]\n[peer ast]\n"
		     "address = 192.0.2.2\n[peer "
		     "ast]\n[completely-wrong-and-very-long-name-of-a-section-which-inih-cuts]\n",
		     "[span 0]\nlocal = 192.0.2.1:1\nremote=192.0.2.2:1\npeer=ast\n[span "
		     "2]\n[sip]\nx=y\n[fax]\n[fax]\n[faxx]\n"),
		EINVAL);
	EXPECT("m.conf:3: [sip]: duplicate section, the first is in line 1", "m.conf:5: [peers x]: unknown section",
	       "m.conf:6: [peer ]: it has no name",
	       "m.conf:7: [peer a b]: a name has only letters, digits, '_', '.' and '-'",
	       "m.conf:8: [peer 01234567890123456789012345678901]: its name is longer than 31 characters",
	       "m.conf:9: [log x]: nothing may follow log",
	       "m.conf:10: [span 1]: belongs in the file of a span, in the folder spans_dir",
	       "m.conf:11: [sipp]: unknown section, did you mean [sip]?", "m.conf:13: []: unknown section",
	       "m.conf:16: [peer ast]: duplicate section, the first is in line 14",
	       "m.conf:17: [completely-wrong-and-very-long-name-of-a-section-which-inih-cuts]: unknown section",
	       "s.conf:1: [span 0]: a span is numbered from 1 to 999: [span 1]",
	       "s.conf:5: [span 2]: a second span in one file, the first is in line 1",
	       "s.conf:6: [sip]: belongs in the main file, m.conf",
	       "s.conf:9: [fax]: duplicate section, the first is in line 8",
	       "s.conf:10: [faxx]: unknown section, did you mean [fax]?");
}

static void test_missing(void **state)
{
	assert_int_equal(load("", ""), EINVAL);
	EXPECT("m.conf: [sip] is missing", "m.conf: [peer NAME] is missing: there must be at least one",
	       "s.conf: [span N] is missing");
	assert_int_equal(load("\n[sip]\n[peer x]\n", "\n\n[span 7]\n"), EINVAL);
	EXPECT("m.conf:2: [sip]: listen is missing", "m.conf:3: [peer x]: address is missing",
	       "s.conf:3: [span 7]: local is missing, line = tdmoe needs it",
	       "s.conf:3: [span 7]: remote is missing, line = tdmoe needs it",
	       "s.conf:3: [span 7]: peer is missing, and no [route NAME] is for its calls");
}

static void test_room(void **state)
{
	char text[4000] = MAIN_HEAD;
	struct load_text m = {"m.conf", text, 0}, s = {"s.conf", SPAN_HEAD, strlen(SPAN_HEAD)};

	for (unsigned i = 0; i < 200; i++)
		strcat(text, "no_such = 1\n");
	m.octets = strlen(text);
	tear_down(NULL);
	assert_int_equal(load_texts(&m, &s, 1, &config, &errors), EINVAL);
	assert_int_equal(errors.count, CONFIG_ERRORS_ROOM);
	assert_string_equal(errors.list[98].text, "m.conf:103: no_such: unknown key in [peer ast]");
	assert_string_equal(errors.list[99].text, "... and 101 more errors");
	tear_down(NULL);
	errors.room = 2;
	assert_int_equal(load_texts(&m, &s, 1, &config, &errors), EINVAL);
	assert_int_equal(errors.count, 2);
	assert_string_equal(errors.list[1].text, "... and 199 more errors");
}

static void test_many(void **state)
{
	static char text[20000];
	struct load_text m = {"m.conf", text, 0}, s[CONFIG_MAX_SPANS + 1];

	strcpy(text, "[sip]\nlisten = 192.0.2.1\n");
	for (unsigned i = 0; i <= CONFIG_MAX_PEERS; i++)
		sprintf(text + strlen(text), "[peer p%u]\naddress = 192.0.2.%u\n", i, i + 2);
	m.octets = strlen(text);
	for (unsigned i = 0; i <= CONFIG_MAX_SPANS; i++)
		s[i] = (struct load_text){"s.conf", "[span 1]\nenabled = no\nline = dahdi\npeer = p1\n", 45};
	tear_down(NULL);
	assert_int_equal(load_texts(&m, s, CONFIG_MAX_SPANS + 1, &config, &errors), EINVAL);
	assert_string_equal(errors.list[0].text, "m.conf: s.conf: there is room for 32 span files only");
	assert_string_equal(errors.list[2].text, "m.conf:195: [peer p96]: there is room for 96 peers only");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_lines, tear_down),    cmocka_unit_test_teardown(test_octets, tear_down),
		cmocka_unit_test_teardown(test_sections, tear_down), cmocka_unit_test_teardown(test_missing, tear_down),
		cmocka_unit_test_teardown(test_room, tear_down),     cmocka_unit_test_teardown(test_many, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
