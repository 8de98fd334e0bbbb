/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/realtime.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/base/log.h"

static int lock_refused(int err)
{
	log_warning(NULL, "realtime: the memory is not locked: %s (systemd: LimitMEMLOCK=infinity)", strerror(err));
	return err;
}

int realtime_lock_memory(void)
{
	struct rlimit limit = {0, 0};

	/* With a limit the lock would succeed now and allocations fail later. */
	if (getrlimit(RLIMIT_MEMLOCK, &limit) || (limit.rlim_cur != RLIM_INFINITY && geteuid() != 0))
		return lock_refused(EPERM);
	/* On fault: a thread's stack is 8 MB, of which it touches some pages. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
		return lock_refused(errno);
	log_info(NULL, "realtime: the memory is locked");
	return 0;
}

int realtime_raise(pthread_t thread, const char *name)
{
	const struct sched_param p = {.sched_priority = REALTIME_PRIORITY};
	int err = pthread_setschedparam(thread, SCHED_FIFO, &p);

	if (err)
		log_warning(NULL, "realtime: thread %s has ordinary priority: %s (systemd: LimitRTPRIO=%d)", name,
			    strerror(err), REALTIME_PRIORITY);
	else
		log_info(NULL, "realtime: thread %s has priority %d of SCHED_FIFO", name, REALTIME_PRIORITY);
	return err;
}
