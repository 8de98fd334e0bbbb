/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Usage: random_calls CALLS WORKERS [FIRST-SEED]   so many calls in all, of scenes with the seeds from FIRST-SEED (1)
 * on
 *        random_calls seed SEED                    one scene, with what was drawn; LAB_LOG=1 has the log as well
 *
 * Each scene is a process, so that one that crashes or hangs is a verdict like others.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "tests/matrix/random.h"

#define WORKERS_MAX 64
#define SCENE_CPU_S 120 /* no scene needs a tenth of it */

/* Shared by the processes. */
struct plan {
	uint64_t first;
	unsigned scenes;
	atomic_uint next;
	struct random_verdict verdicts[][RANDOM_CALLS];
};

static void ignore(enum log_level level, const char *line, void *arg)
{
}

static void play(uint64_t seed, struct random_verdict *v)
{
	const struct rlimit cpu = {SCENE_CPU_S, SCENE_CPU_S};
	struct random_scene s;
	int err;

	setrlimit(RLIMIT_CPU, &cpu);
	log_set_sink(ignore, NULL);
	random_draw(seed, &s);
	err = random_run(&s, v);
	exit(err);
}

/* A process of its own plays it; if that ends badly, so did its calls. */
static int play_apart(struct plan *p, unsigned i)
{
	struct random_verdict *v = p->verdicts[i];
	uint64_t seed = p->first + i;
	struct random_scene s;
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return errno;
	if (!pid)
		play(seed, v);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	if (!status)
		return 0;
	random_draw(seed, &s);
	for (unsigned k = 0; k < s.ncalls; k++) {
		v[k] = (struct random_verdict){.seed = seed, .call = k, .kind = RANDOM_BROKEN};
		if (WIFSIGNALED(status))
			snprintf(v[k].note, sizeof(v[k].note), "ended by %s", strsignal(WTERMSIG(status)));
		else
			snprintf(v[k].note, sizeof(v[k].note), "exit %d", WEXITSTATUS(status));
	}
	return 0;
}

static int work(struct plan *p)
{
	unsigned i;
	int err = 0;

	while (!err && (i = atomic_fetch_add(&p->next, 1)) < p->scenes)
		err = play_apart(p, i);
	return err;
}

static int run(struct plan *p, unsigned workers)
{
	pid_t pids[WORKERS_MAX];
	int err = 0, status;

	for (unsigned i = 0; i < workers; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			return errno;
		if (!pids[i])
			exit(work(p));
	}
	for (unsigned i = 0; i < workers; i++)
		if (waitpid(pids[i], &status, 0) < 0 || status)
			err = EIO;
	return err;
}

/* So many scenes have CALLS calls. */
static unsigned scenes_for(uint64_t first, unsigned calls)
{
	struct random_scene s;
	unsigned n = 0;

	for (unsigned have = 0; have < calls; n++) {
		random_draw(first + n, &s);
		have += s.ncalls;
	}
	return n;
}

static unsigned flatten(const struct plan *p, struct random_verdict *v)
{
	struct random_scene s;
	unsigned n = 0;

	for (unsigned i = 0; i < p->scenes; i++) {
		random_draw(p->first + i, &s);
		for (unsigned k = 0; k < s.ncalls; k++)
			v[n++] = p->verdicts[i][k];
	}
	return n;
}

static int run_many(unsigned calls, unsigned workers, uint64_t first)
{
	unsigned scenes = scenes_for(first, calls), n, faults;
	size_t octets = sizeof(struct plan) + scenes * sizeof(((struct plan *)NULL)->verdicts[0]);
	struct plan *p = mmap(NULL, octets, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct random_verdict *v = calloc((size_t)scenes * RANDOM_CALLS, sizeof(*v));

	if (p == MAP_FAILED || !v)
		return 1;
	p->first = first;
	p->scenes = scenes;
	if (run(p, workers)) {
		fprintf(stderr, "random_calls: a worker failed\n");
		return 1;
	}
	n = flatten(p, v);
	printf("%u calls in %u scenes, seeds %llu to %llu\n", n, scenes, (unsigned long long)first,
	       (unsigned long long)first + scenes - 1);
	faults = random_report(v, n, stdout);
	free(v);
	munmap(p, octets);
	return faults ? 1 : 0;
}

static int run_one(uint64_t seed)
{
	struct random_verdict v[RANDOM_CALLS] = {0};
	struct random_scene s;
	int err;

	log_set_sink(ignore, NULL);
	random_draw(seed, &s);
	random_print(&s, stdout);
	fflush(stdout);
	err = random_run(&s, v);
	for (unsigned i = 0; i < s.ncalls && !err; i++)
		printf("call %u: %s; media %s, \"%s\", fault %s; %u of %u pages the same, %u bad lines; line: %s; "
		       "peer: %s; "
		       "bare: %s; %s %s\n",
		       i, random_verdict_name(v[i].kind), v[i].media, v[i].result, v[i].fault, v[i].pages_same,
		       s.calls[i].pages, v[i].bad_lines, v[i].line, v[i].peer,
		       !v[i].bare_known	 ? "not asked"
		       : v[i].bare_whole ? "whole"
					 : "failed",
		       v[i].condition, v[i].note);
	return err;
}

int main(int argc, char **argv)
{
	unsigned calls = argc > 2 ? (unsigned)atoi(argv[1]) : 0, workers = argc > 2 ? (unsigned)atoi(argv[2]) : 0;

	if (argc == 3 && !strcmp(argv[1], "seed"))
		return run_one(strtoull(argv[2], NULL, 10));
	if (!calls || !workers || workers > WORKERS_MAX) {
		fprintf(stderr, "usage: random_calls CALLS WORKERS(1-%d) [FIRST-SEED] | random_calls seed SEED\n",
			WORKERS_MAX);
		return 2;
	}
	return run_many(calls, workers, argc > 3 ? strtoull(argv[3], NULL, 10) : 1);
}
