/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/usage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ATTACH_LIMIT_MS 3000
#define ATTACH_LOOK_MS	20

/* The value of NAME in a file of /proc; 0: it is not there. */
static unsigned long long proc_value(const char *path, const char *name)
{
	unsigned long long value = 0;
	char line[256];
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			sscanf(line + strlen(name), ": %llu", &value);
	if (f)
		fclose(f);
	return value;
}

/* Calls EACH for every thread of PID, with its file of /proc called NAME. */
static void each_thread(long pid, const char *name, void (*each)(const char *path, void *arg), void *arg)
{
	char path[600];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%ld/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%ld/task/%s/%s", pid, e->d_name, name);
		each(path, arg);
	}
	if (d)
		closedir(d);
}

static void add_wakeups(const char *path, void *arg)
{
	*(uint64_t *)arg += proc_value(path, "voluntary_ctxt_switches");
}

bool usage_read(long pid, struct usage *up)
{
	struct timespec t;
	char path[64];
	clockid_t clock;

	*up = (struct usage){0};
	if (clock_getcpuclockid((pid_t)pid, &clock) || clock_gettime(clock, &t))
		return false;
	up->cpu_s = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	up->resident_kb = (long)proc_value(path, "VmRSS");
	each_thread(pid, "status", add_wakeups, &up->wakeups);
	return true;
}

/* ---- strace ---- */

static void count_untraced(const char *path, void *arg)
{
	*(unsigned *)arg += proc_value(path, "TracerPid") == 0;
}

static bool is_traced(long pid)
{
	unsigned untraced = 0;

	each_thread(pid, "status", count_untraced, &untraced);
	return !untraced;
}

static void run_strace(const struct usage_trace *t, long pid)
{
	char process[24];
	int null = open("/dev/null", O_WRONLY);

	snprintf(process, sizeof(process), "%ld", pid);
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	execlp("strace", "strace", "-c", "-f", "-o", t->path, "-p", process, (char *)NULL);
	_exit(errno == ENOENT ? 127 : 126);
}

int usage_trace_start(struct usage_trace *t, long pid, const char *dir)
{
	const struct timespec look = {.tv_nsec = ATTACH_LOOK_MS * 1000000L};
	int status;

	snprintf(t->path, sizeof(t->path), "%s/strace.%d", dir, (int)getpid());
	t->strace = fork();
	if (t->strace < 0)
		return errno;
	if (!t->strace)
		run_strace(t, pid);
	for (unsigned ms = 0; ms < ATTACH_LIMIT_MS; ms += ATTACH_LOOK_MS) {
		if (waitpid(t->strace, &status, WNOHANG) == t->strace)
			return WIFEXITED(status) && WEXITSTATUS(status) == 127 ? ENOENT : EPERM;
		if (is_traced(pid))
			return 0;
		nanosleep(&look, NULL);
	}
	kill(t->strace, SIGKILL);
	waitpid(t->strace, NULL, 0);
	return ETIMEDOUT;
}

/* Its last line: "100.00 SECONDS USECS CALLS [ERRORS] total". */
static int read_total(const char *path, uint64_t *callsp)
{
	FILE *f = fopen(path, "r");
	unsigned long long calls = 0;
	int err = EIO;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, " total") && sscanf(line, "%*f %*f %*u %llu", &calls) == 1)
			err = 0;
	if (f)
		fclose(f);
	if (!err)
		*callsp = calls;
	return err;
}

int usage_trace_stop(struct usage_trace *t, uint64_t *callsp)
{
	int err;

	kill(t->strace, SIGINT);
	waitpid(t->strace, NULL, 0);
	err = read_total(t->path, callsp);
	unlink(t->path);
	return err;
}
