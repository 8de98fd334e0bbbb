/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of the configuration, and no memory for them. */
#include <sys/stat.h>
#include <unistd.h>

#include "config_text.h"
#include "fault.h"

static char dir[64];

static void put(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void make_dir(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int dir_set_up(void **state)
{
	strcpy(dir, "/tmp/test_config.XXXXXX");
	assert_non_null(mkdtemp(dir));
	return 0;
}

static int dir_tear_down(void **state)
{
	char command[100];

	tear_down(state);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static int load_dir(void)
{
	char path[100];

	tear_down(NULL);
	snprintf(path, sizeof(path), "%s/faxspan.conf", dir);
	return config_load(path, &config, &errors);
}

static void expect_error_of_dir(unsigned i, const char *text)
{
	char expected[CONFIG_ERROR_OCTETS];

	snprintf(expected, sizeof(expected), "%s/%s", dir, text);
	assert_true(i < errors.count);
	assert_string_equal(errors.list[i].text, expected);
}

static void test_files(void **state)
{
	char expected[200];

	assert_int_equal(load_dir(), EINVAL);
	assert_int_equal(errors.count, 1);
	expect_error_of_dir(0, "faxspan.conf: No such file or directory");
	put("faxspan.conf", MAIN_HEAD "t38 = no\n[gateway]\nspans_dir = lines\n");
	assert_int_equal(load_dir(), EINVAL);
	snprintf(expected, sizeof(expected), "%s/faxspan.conf:7: spans_dir: %s/lines: No such file or directory", dir,
		 dir);
	EXPECT(expected);
	make_dir("lines");
	assert_int_equal(load_dir(), EINVAL);
	assert_int_equal(errors.count, 1);
	expect_error_of_dir(0, "faxspan.conf:7: spans_dir: there is no span file, *.conf, in lines");
	put("lines/b.conf", SPAN_HEAD);
	put("lines/a.conf", "[span 2]\nlocal = 192.0.2.1:7002\nremote = 192.0.2.3:7002\npeer = ast\n");
	put("lines/a.conf~", "rubbish");
	put("lines/.c.conf", "rubbish");
	put("lines/.conf", "rubbish");
	assert_int_equal(load_dir(), 0);
	assert_int_equal(config->nspans, 2);
	assert_int_equal(config->spans[0].number, 2);
	assert_int_equal(config->spans[1].number, 1);
	make_dir("lines/aa.conf");
	put("lines/a.conf", "[span 2]\nlocal = 192.0.2.1:7002\nremote = 192.0.2.3:7002\npeer = axt\n");
	put("lines/b.conf", SPAN_HEAD "peer = ast\n");
	assert_int_equal(load_dir(), EINVAL);
	assert_int_equal(errors.count, 3);
	snprintf(expected, sizeof(expected),
		 "lines/a.conf:4: peer: there is no [peer axt] in %s/faxspan.conf, did you mean ast?", dir);
	expect_error_of_dir(0, expected);
	expect_error_of_dir(1, "lines/aa.conf: not a regular file");
	expect_error_of_dir(2, "lines/b.conf:5: peer: duplicate key, the first is in line 4");
}

static void test_files_room(void **state)
{
	char name[40], text[200];

	put("faxspan.conf", MAIN_HEAD);
	make_dir("spans.d");
	for (unsigned i = 1; i <= CONFIG_MAX_SPANS + 1; i++) {
		snprintf(name, sizeof(name), "spans.d/%u.conf", i + 100);
		snprintf(text, sizeof(text),
			 "[span %u]\nlocal = 192.0.2.1:%u\nremote = 192.0.2.3:7\npeer = ast\ntimeslots = 1\n", i,
			 7000 + i);
		put(name, text);
		if (i == CONFIG_MAX_SPANS)
			assert_int_equal(load_dir(), 0);
	}
	assert_int_equal(load_dir(), EINVAL);
	assert_int_equal(errors.count, 1);
	assert_non_null(strstr(errors.list[0].text, "there is room for 32 span files only"));
}

static void test_long_paths(void **state)
{
	char path[400], text[600];

	memset(path, 'x', sizeof(path));
	path[300] = '\0';
	tear_down(NULL);
	assert_int_equal(config_load(path, &config, &errors), EINVAL);
	assert_non_null(strstr(errors.list[0].text, ": File name too long"));
	path[180] = '\0';
	path[0] = '/';
	snprintf(text, sizeof(text), MAIN_HEAD "[gateway]\nspans_dir = %s\n", path);
	put("faxspan.conf", text);
	assert_int_equal(load_dir(), EINVAL);
	assert_non_null(strstr(errors.list[0].text, "spans_dir: /xxx"));
	put("faxspan.conf", "");
	snprintf(path, sizeof(path), "%s/faxspan.conf", dir);
	assert_int_equal(truncate(path, (1 << 20) + 1), 0);
	assert_int_equal(load_dir(), EINVAL);
	expect_error_of_dir(0, "faxspan.conf: longer than 1 MiB");
}

static int load_body(void *arg)
{
	struct config *c = NULL;
	struct config_errors e = {0};
	int err = config_load(arg, &c, &e);

	config_free(c);
	config_errors_fini(&e);
	return err;
}

static int load_wrong_body(void *arg)
{
	int err = load_body(arg);

	return err == EINVAL ? 0 : err;
}

static void test_no_memory(void **state)
{
	char path[100];

	make_dir("spans.d");
	put("faxspan.conf", MAIN_HEAD);
	put("spans.d/1.conf", SPAN_HEAD);
	snprintf(path, sizeof(path), "%s/faxspan.conf", dir);
	assert_true(fault_run(load_body, path, 0) >= 5);
	put("spans.d/1.conf", "nonsense\n");
	assert_true(fault_run(load_wrong_body, path, 0) >= 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files, dir_set_up, dir_tear_down),
		cmocka_unit_test_setup_teardown(test_files_room, dir_set_up, dir_tear_down),
		cmocka_unit_test_setup_teardown(test_long_paths, dir_set_up, dir_tear_down),
		cmocka_unit_test_setup_teardown(test_no_memory, dir_set_up, dir_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
