/* SPDX-License-Identifier: GPL-2.0-only */
/* faxspanctl: an operator's commands to the running daemon, and its answers as a table or for a program. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/base/version.h"
#include "gateway/call/command.h"
#include "gateway/control/control_socket.h"

#define DEFAULT_SOCKET "/run/faxspan/faxspan.sock"
#define COLUMNS	       16
#define GAP	       2

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_NO_DAEMON = 3 };

struct options {
	const char *socket;
	bool dump;
};

/* The answer: lines as they came, the first the columns' names. */
struct table {
	char **lines;
	size_t count;
	size_t widths[COLUMNS];
};

static void print_usage(FILE *f)
{
	const char *command, *meaning;

	fputs("usage: faxspanctl [-d] [-s SOCKET] COMMAND ...\n"
	      "\n"
	      "  -d, --dump           fields parted by tabs, for programs\n"
	      "  -s, --socket SOCKET  where the daemon listens (default " DEFAULT_SOCKET ")\n"
	      "  -V, --version\n"
	      "  -h, --help\n"
	      "\n"
	      "Commands; words may be cut short:\n",
	      f);
	for (unsigned i = 0; (command = command_usage(i, &meaning)); i++)
		fprintf(f, "  %-42s %s\n", command, meaning);
}

/* Returns 0 to go on, or -1 with *STATUSP when the program shall end. */
static int parse_options(int argc, char **argv, struct options *o, int *statusp)
{
	static const struct option longs[] = {
		{"dump", no_argument, NULL, 'd'},
		{"socket", required_argument, NULL, 's'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	int c;

	*o = (struct options){.socket = DEFAULT_SOCKET};
	*statusp = EXIT_SUCCESS;
	while ((c = getopt_long(argc, argv, "+ds:hV", longs, NULL)) != -1) {
		if (c == 'd') {
			o->dump = true;
		} else if (c == 's') {
			o->socket = optarg;
		} else if (c == 'V') {
			printf("faxspanctl %s\n", FAXSPAN_VERSION);
			return -1;
		} else {
			print_usage(c == 'h' ? stdout : stderr);
			*statusp = c == 'h' ? EXIT_SUCCESS : EXIT_USAGE;
			return -1;
		}
	}
	if (optind < argc)
		return 0;
	print_usage(stderr);
	*statusp = EXIT_USAGE;
	return -1;
}

/* The words of the command as one line. 0, or EINVAL: told. */
static int make_line(int argc, char **argv, char *line, size_t room)
{
	char why[COMMAND_WHY_OCTETS];
	struct command c;
	size_t len = 0;

	for (int i = optind; i < argc && len < room; i++)
		len += (size_t)snprintf(line + len, room - len, "%s%s", i > optind ? " " : "", argv[i]);
	if (len >= room)
		snprintf(why, sizeof(why), "the command is longer than %zu octets", room - 1);
	else if (strchr(line, '\n'))
		snprintf(why, sizeof(why), "an end of line in the command");
	else if (!command_parse(line, &c, why))
		return 0;
	fprintf(stderr, "faxspanctl: %s\n", why);
	return EINVAL;
}

static int table_add(struct table *t, const char *line)
{
	char **lines = realloc(t->lines, (t->count + 1) * sizeof(*lines));
	size_t column = 0;
	const char *p = line;

	if (!lines)
		return ENOMEM;
	t->lines = lines;
	t->lines[t->count] = strdup(line);
	if (!t->lines[t->count])
		return ENOMEM;
	t->count++;
	for (; column < COLUMNS; column++) {
		size_t n = strcspn(p, "\t");

		if (n > t->widths[column])
			t->widths[column] = n;
		if (!p[n])
			break;
		p += n + 1;
	}
	return 0;
}

static void table_fini(struct table *t)
{
	while (t->count)
		free(t->lines[--t->count]);
	free(t->lines);
}

static void print_aligned(const struct table *t, const char *line)
{
	size_t column = 0;

	for (;; column++) {
		size_t n = strcspn(line, "\t");

		printf("%.*s", (int)n, line);
		if (!line[n])
			break;
		if (column < COLUMNS)
			printf("%*s", (int)(t->widths[column] - n + GAP), "");
		line += n + 1;
	}
	putchar('\n');
}

/* A table without rows has no head either, but for a program. */
static void table_print(const struct table *t, bool dump)
{
	for (size_t i = 0; i < t->count; i++) {
		if (dump)
			puts(t->lines[i]);
		else if (t->count > 1)
			print_aligned(t, t->lines[i]);
	}
}

/* Reads the answer into T. Returns the exit status. */
static int read_answer(FILE *f, struct table *t)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int status = -1;

	while (status < 0 && (n = getline(&line, &room, f)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (line[0] == '.') {
			status = EXIT_SUCCESS;
		} else if (line[0] == '!') {
			fprintf(stderr, "faxspanctl: %s\n", line + 1);
			status = EXIT_REFUSED;
		} else if (table_add(t, line + 1)) {
			fprintf(stderr, "faxspanctl: %s\n", strerror(ENOMEM));
			status = EXIT_REFUSED;
		}
	}
	if (status < 0) {
		fprintf(stderr, "faxspanctl: the daemon ended before it had answered\n");
		status = EXIT_NO_DAEMON;
	}
	free(line);
	return status;
}

static int ask(const struct options *o, const char *line)
{
	struct table t = {0};
	int fd, status, err = control_socket_connect(o->socket, &fd);
	FILE *f;

	if (err) {
		fprintf(stderr, "faxspanctl: %s: %s%s\n", o->socket, strerror(err),
			err == ENOENT || err == ECONNREFUSED ? " (is faxspand running?)" : "");
		return EXIT_NO_DAEMON;
	}
	f = fdopen(fd, "r+");
	if (!f) {
		close(fd);
		return EXIT_NO_DAEMON;
	}
	fprintf(f, "%s\n", line);
	fflush(f);
	status = read_answer(f, &t);
	table_print(&t, o->dump);
	table_fini(&t);
	fclose(f);
	return status;
}

int main(int argc, char **argv)
{
	char line[COMMAND_LINE_OCTETS];
	struct options o;
	int status;

	if (parse_options(argc, argv, &o, &status))
		return status;
	if (make_line(argc, argv, line, sizeof(line)))
		return EXIT_USAGE;
	return ask(&o, line);
}
