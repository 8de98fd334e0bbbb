/* SPDX-License-Identifier: GPL-2.0-only */
/* faxspand: the daemon's command line, signals and life. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "conf/config.h"
#include "gateway/base/log.h"
#include "gateway/base/version.h"
#include "gateway/gateway.h"
#include "gateway/route/route_show.h"

#define SECRETS_WARNING "%s: has passwords in it and can be read by every user: chmod o-r"
#define DEFAULT_CONFIG	"/etc/faxspan/faxspan.conf"
#define SYSLOG_IDENT	"faxspand"

enum { EXIT_CONFIG = 1, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_START = 3 };

struct options {
	const char *config;
	struct route_show_params route; /* .called NULL: it is not asked for */
	bool check, foreground, debug;
};

/*
 * libpri counts its timers (T200, T303, T305, ...) with gettimeofday(2), and a wall clock that is set would stop or
 * fire them all. What libpri (and every other library here) calls is this one, which cannot be set. Records take the
 * wall clock from clock_wall_us().
 */
int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	tv->tv_sec = t.tv_sec;
	tv->tv_usec = t.tv_nsec / 1000;
	return 0;
}

static const char usage_text[] =
	"usage: faxspand [-f] [-d] [-c FILE]\n"
	"       faxspand --check [FILE]\n"
	"       faxspand --route NUMBER [--from span N | --from peer NAME]\n"
	"                [--calling NUMBER] [--ton TYPE] [FILE]\n"
	"\n"
	"  -c, --config FILE   configuration (default " DEFAULT_CONFIG ")\n"
	"  -C, --check [FILE]  print every error of the configuration as file:line: message; exit 1 if there is one\n"
	"  -r, --route NUMBER  print which way a call for NUMBER would go, and by which lines; exit 1 if it is "
	"refused\n"
	"  -F, --from ...      with --route: where it comes from; without, from everywhere\n"
	"  -N, --calling ...   with --route: who calls\n"
	"  -T, --ton TYPE      with --route: the called number is unknown, international, national or subscriber\n"
	"  -f, --foreground    log to standard error instead of syslog\n"
	"  -d, --debug         log at level debug\n"
	"  -V, --version\n"
	"  -h, --help\n";

/* One option of getopt's. Returns 0 to go on, or -1 with *STATUSP when the program shall end. */
static int take_option(int c, int argc, char **argv, struct options *o, int *statusp)
{
	switch (c) {
	case 'c':
		o->config = optarg;
		return 0;
	case 'C':
		o->check = true;
		return 0;
	case 'r':
		o->route.called = optarg;
		return 0;
	case 'F': /* of two words */
		o->route.kind = optarg;
		o->route.name = optind < argc ? argv[optind++] : "";
		return 0;
	case 'N':
		o->route.calling = optarg;
		return 0;
	case 'T':
		o->route.type = optarg;
		return 0;
	case 'f':
		o->foreground = true;
		return 0;
	case 'd':
		o->debug = true;
		return 0;
	case 'V':
		printf("faxspand %s\n", FAXSPAN_VERSION);
		return -1;
	case 'h':
		fputs(usage_text, stdout);
		return -1;
	default:
		fputs(usage_text, stderr);
		*statusp = EXIT_USAGE;
		return -1;
	}
}

/* The same of the whole command line. */
static int parse_options(int argc, char **argv, struct options *o, int *statusp)
{
	static const struct option longs[] = {
		{"config", required_argument, NULL, 'c'},
		{"check", no_argument, NULL, 'C'},
		{"foreground", no_argument, NULL, 'f'},
		{"debug", no_argument, NULL, 'd'},
		{"version", no_argument, NULL, 'V'},
		{"help", no_argument, NULL, 'h'},
		{"route", required_argument, NULL, 'r'},
		{"from", required_argument, NULL, 'F'},
		{"calling", required_argument, NULL, 'N'},
		{"ton", required_argument, NULL, 'T'},
		{NULL, 0, NULL, 0},
	};
	int c;

	*o = (struct options){.config = DEFAULT_CONFIG};
	*statusp = EXIT_SUCCESS;
	while ((c = getopt_long(argc, argv, "c:Cr:F:N:T:fdVh", longs, NULL)) != -1)
		if (take_option(c, argc, argv, o, statusp))
			return -1;
	if ((o->check || o->route.called) && optind < argc)
		o->config = argv[optind++];
	if (optind < argc) {
		fprintf(stderr, "faxspand: unexpected argument: %s\n%s", argv[optind], usage_text);
		*statusp = EXIT_USAGE;
		return -1;
	}
	return 0;
}

static struct config *load(const char *path)
{
	struct config_errors errors = {0};
	struct config *c = NULL;
	int err = config_load(path, &c, &errors);

	for (unsigned i = 0; i < errors.count; i++)
		fprintf(stderr, "%s\n", errors.list[i].text);
	if (err && !errors.count)
		fprintf(stderr, "faxspand: %s: %s\n", path, strerror(err));
	config_errors_fini(&errors);
	return err ? NULL : c;
}

/* True when a second signal came: the operator does not want to wait. */
static bool asked_again(void)
{
	const struct timespec at_once = {0, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	return sigtimedwait(&set, NULL, &at_once) > 0;
}

static void wait_for_end(void)
{
	sigset_t set;
	int sig = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	while (sigwait(&set, &sig))
		;
	log_notice(NULL, "signal %s: stopping", sig == SIGTERM ? "TERM" : "INT");
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int serve(const struct config *c)
{
	struct gateway *g = NULL;
	int err = gateway_alloc(&g, c, &net_kernel);

	if (!err)
		err = gateway_start(g);
	if (!err) {
		log_notice(NULL, "faxspand %s started: %u spans, %u peers", FAXSPAN_VERSION, c->nspans, c->npeers);
		wait_for_end();
	}
	if (g)
		gateway_stop(g, asked_again);
	gateway_free(g);
	log_notice(NULL, err ? "not started" : "stopped");
	return err ? EXIT_START : EXIT_SUCCESS;
}

static int show_route(const struct config *c, const struct route_show_params *p)
{
	int err = route_show(c, p, stdout);

	if (err == EINVAL)
		fprintf(stderr, "faxspand: --from %s %s: there is no such span or peer\n", p->kind, p->name);
	if (err == EDOM)
		fprintf(stderr, "faxspand: --ton %s: is not one of unknown, international, national, subscriber\n",
			p->type);
	return err == EINVAL || err == EDOM ? EXIT_USAGE : err ? EXIT_REFUSED : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options o;
	struct config *c;
	int status;

	if (parse_options(argc, argv, &o, &status))
		return status;
	c = load(o.config);
	if (!c)
		return EXIT_CONFIG;
	if (o.check) {
		if (config_tells_secrets(c))
			fprintf(stderr, SECRETS_WARNING "\n", o.config);
		printf("%s: no errors\n", o.config);
		config_free(c);
		return EXIT_SUCCESS;
	}
	if (o.route.called) {
		status = show_route(c, &o.route);
		config_free(c);
		return status;
	}
	block_signals();
	log_set_level(o.debug ? LOGL_DEBUG : c->log_level);
	if (!o.foreground && log_use_syslog(SYSLOG_IDENT, c->log_facility))
		fprintf(stderr, "faxspand: unknown syslog facility %s\n", c->log_facility);
	if (log_start())
		fprintf(stderr, "faxspand: no log thread: logging directly\n");
	if (config_tells_secrets(c))
		log_warning(NULL, SECRETS_WARNING, o.config);
	status = serve(c);
	log_stop();
	config_free(c);
	return status;
}
