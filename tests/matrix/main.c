/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Usage: fax_matrix RUNS WORKERS PAGE [GROUP [SEED [ASTERISK [DETECTION]]]]
 *
 * RUNS seeds for each case and direction, in so many processes side by side; the table goes to the standard output, and
 * with plots to PAGE. GROUP: only the cases whose "group, name" contains it ("" is in all). SEED: the first one, 1000
 * if not said. ASTERISK, DETECTION: see struct matrix_files.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "tests/matrix/matrix.h"
#include "tests/matrix/target.h"

#define WORKERS_MAX 64

struct plan {
	unsigned runs, workers;
	uint64_t first;	   /* seed */
	const char *group; /* NULL: all */
};

static bool is_wanted(const struct plan *p, const struct matrix_case *c, enum matrix_system s)
{
	char name[120];

	/* Bare spandsp has no call before T.38, and so no V.8 to cross. */
	if (s == MATRIX_BARE && (c->super_g3_caller || c->super_g3_called))
		return false;
	snprintf(name, sizeof(name), "%s, %s", c->group, c->name);
	return !p->group || strstr(name, p->group);
}

/* A worker takes every WORKERSth seed of every cell, and writes its share of the rows to FD. */
static int work(const struct plan *p, unsigned worker, int fd)
{
	struct matrix_row *rows = calloc(matrix_ncases(), sizeof(*rows));
	size_t octets = matrix_ncases() * sizeof(*rows), done = 0;
	int err = rows ? 0 : ENOMEM;

	for (unsigned i = 0; i < matrix_ncases() * MATRIX_SYSTEMS * 2 && !err; i++) {
		unsigned row = i / (MATRIX_SYSTEMS * 2);
		const struct matrix_case *c = matrix_case(row);
		enum matrix_system s = i / 2 % MATRIX_SYSTEMS;

		for (unsigned seed = worker; seed < p->runs && !err && is_wanted(p, c, s); seed += p->workers)
			err = matrix_run(c, s, i & 1, p->first + seed, &rows[row].cells[s][i & 1]);
	}
	while (!err && done < octets) {
		ssize_t n = write(fd, (char *)rows + done, octets - done);

		if (n < 0 && errno != EINTR)
			err = errno;
		done += n > 0 ? (size_t)n : 0;
	}
	free(rows);
	return err;
}

static void cell_add(struct matrix_cell *to, const struct matrix_cell *c)
{
	bool failed = c->whole < c->runs;

	if (failed && (to->whole == to->runs || c->first_failed < to->first_failed))
		to->first_failed = c->first_failed;
	to->runs += c->runs;
	to->whole += c->whole;
	to->arrived += c->arrived;
	to->lines += c->lines;
	to->damaged += c->damaged;
	to->ms += c->ms;
	to->document_ms += c->document_ms;
	to->octets += c->octets;
	to->plain_octets += c->plain_octets;
}

static int gather(struct matrix_row *rows, int fd)
{
	struct matrix_row row;
	size_t have = 0;
	unsigned i = 0;
	ssize_t n;

	while (i < matrix_ncases()) {
		n = read(fd, (char *)&row + have, sizeof(row) - have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return EIO;
		have += (size_t)n;
		if (have < sizeof(row))
			continue;
		for (unsigned k = 0; k < MATRIX_SYSTEMS * 2; k++)
			cell_add(&rows[i].cells[k / 2][k % 2], &row.cells[k / 2][k % 2]);
		have = 0;
		i++;
	}
	return 0;
}

static int run(const struct plan *p, struct matrix_row *rows)
{
	int pipes[WORKERS_MAX][2], err = 0, status;
	pid_t pids[WORKERS_MAX];
	unsigned i;

	for (i = 0; i < p->workers; i++) {
		if (pipe(pipes[i]))
			return errno;
		pids[i] = fork();
		if (pids[i] < 0)
			return errno;
		if (!pids[i])
			_exit(work(p, i, pipes[i][1]));
		close(pipes[i][1]);
	}
	for (i = 0; i < p->workers; i++) {
		if (gather(rows, pipes[i][0]))
			err = EIO;
		close(pipes[i][0]);
		if (waitpid(pids[i], &status, 0) < 0 || status)
			err = EIO;
	}
	return err;
}

static void ignore(enum log_level level, const char *line, void *arg)
{
}

int main(int argc, char **argv)
{
	struct plan p = {.runs = argc > 1 ? (unsigned)atoi(argv[1]) : 0,
			 .workers = argc > 2 ? (unsigned)atoi(argv[2]) : 0};
	struct matrix_row *rows = calloc(matrix_ncases(), sizeof(*rows));
	const struct matrix_files files = {argc > 6 ? argv[6] : NULL, argc > 7 ? argv[7] : NULL};
	FILE *page = argc > 3 ? fopen(argv[3], "w") : NULL;
	int err;

	if (!rows || !page || !p.runs || !p.workers || p.workers > WORKERS_MAX) {
		fprintf(stderr, "usage: fax_matrix RUNS WORKERS(1-%d) PAGE [GROUP [SEED [ASTERISK [DETECTION]]]]\n",
			WORKERS_MAX);
		return 2;
	}
	p.group = argc > 4 ? argv[4] : NULL;
	p.first = argc > 5 ? strtoull(argv[5], NULL, 10) : 1000;
	log_set_sink(ignore, NULL);
	err = run(&p, rows);
	if (err) {
		fprintf(stderr, "fax_matrix: a worker failed: %s\n", strerror(err));
		return 1;
	}
	matrix_print(rows, stdout);
	fputc('\n', stdout);
	matrix_print_targets(rows, stdout);
	matrix_print_times(rows, stdout);
	matrix_write_page(rows, &files, page);
	fclose(page);
	free(rows);
	return 0;
}
