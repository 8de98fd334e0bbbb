/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/dahdi-vm/gateway_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gateway/base/clock.h"

#define STOP_MS 10000
#define LOOK_MS 20

int gateway_process_start(struct gateway_process *g, const char *config, const char *log)
{
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	pid_t pid;

	if (fd < 0)
		return errno;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* it must not stand in the next test's way */
		dup2(fd, STDERR_FILENO);
		dup2(fd, STDOUT_FILENO);
		execlp("faxspand", "faxspand", "--foreground", "--config", config, (char *)NULL);
		_exit(127);
	}
	close(fd);
	if (pid < 0)
		return errno;
	g->pid = pid;
	return 0;
}

/* Waits for the end for at most MS. True when it has ended, with its status. */
static bool has_ended(struct gateway_process *g, int ms, int *statusp)
{
	for (;;) {
		if (waitpid(g->pid, statusp, WNOHANG) == g->pid) {
			g->pid = 0;
			return true;
		}
		if (ms <= 0)
			return false;
		usleep(LOOK_MS * 1000);
		ms -= LOOK_MS;
	}
}

bool gateway_process_stop(struct gateway_process *g)
{
	int status = 0;

	if (!g->pid)
		return true;
	kill(g->pid, SIGTERM);
	if (has_ended(g, STOP_MS, &status))
		return WIFEXITED(status) && !WEXITSTATUS(status);
	gateway_process_kill(g);
	return false;
}

void gateway_process_kill(struct gateway_process *g)
{
	if (!g->pid)
		return;
	kill(g->pid, SIGKILL);
	waitpid(g->pid, NULL, 0);
	g->pid = 0;
}

bool gateway_process_runs(struct gateway_process *g)
{
	int status;

	return g->pid && !has_ended(g, 0, &status);
}

static void read_thread(const char *dir, const char *tid, struct process_usage *u)
{
	unsigned long user = 0, kernel = 0;
	unsigned n = u->nthreads;
	char path[300], line[1024];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/stat", dir, tid);
	f = fopen(path, "r");
	if (f && fgets(line, sizeof(line), f) && strchr(line, '(') && strrchr(line, ')')) {
		sscanf(strchr(line, '(') + 1, "%15[^)]", u->threads[n].name);
		sscanf(strrchr(line, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
	}
	if (f)
		fclose(f);
	u->threads[n].cpu_s = (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
	u->threads[n].kernel_s = (double)kernel / (double)sysconf(_SC_CLK_TCK);
	u->cpu_s += u->threads[n].cpu_s;
	snprintf(path, sizeof(path), "%s/%s/status", dir, tid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "voluntary_ctxt_switches: %lu", &u->threads[n].wakeups);
	if (f)
		fclose(f);
	u->nthreads++;
}

void process_usage_read(pid_t pid, struct process_usage *up)
{
	char path[64];
	struct dirent *e;
	DIR *d;

	memset(up, 0, sizeof(*up));
	up->at_us = clock_now_us(&clock_monotonic);
	snprintf(path, sizeof(path), "/proc/%d/task", (int)(pid ? pid : getpid()));
	d = opendir(path);
	while (d && (e = readdir(d)) && up->nthreads < GATEWAY_THREADS) {
		if (e->d_name[0] != '.')
			read_thread(path, e->d_name, up);
	}
	if (d)
		closedir(d);
}

void process_usage_print(const char *what, const struct process_usage *first, const struct process_usage *last,
			 unsigned channels)
{
	double s = (double)(last->at_us - first->at_us) / 1e6;

	printf("  %s: %.1f s, CPU %.2f %% of a core, %.3f %% a channel (%u channels)\n", what, s,
	       100 * (last->cpu_s - first->cpu_s) / s, 100 * (last->cpu_s - first->cpu_s) / s / channels, channels);
	for (unsigned i = 0; i < last->nthreads && i < first->nthreads; i++)
		printf("    thread %-12s %6.1f wakeups a second, CPU %.2f %% (%.2f %% in the kernel)\n",
		       last->threads[i].name, (double)(last->threads[i].wakeups - first->threads[i].wakeups) / s,
		       100 * (last->threads[i].cpu_s - first->threads[i].cpu_s) / s,
		       100 * (last->threads[i].kernel_s - first->threads[i].kernel_s) / s);
}
