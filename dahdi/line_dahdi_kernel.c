/* SPDX-License-Identifier: GPL-2.0-only */
/* The driver's system calls: the real ones. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "line_dahdi.h"

static int kernel_open(const char *path, int flags, void *arg)
{
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static void kernel_close(int fd, void *arg)
{
	close(fd);
}

static int kernel_ioctl(int fd, unsigned long request, void *p, void *arg)
{
	return ioctl(fd, request, p) < 0 ? errno : 0;
}

static ssize_t kernel_read(int fd, void *p, size_t octets, void *arg)
{
	ssize_t n = read(fd, p, octets);

	return n < 0 ? -errno : n;
}

static ssize_t kernel_write(int fd, const void *p, size_t octets, void *arg)
{
	ssize_t n = write(fd, p, octets);

	return n < 0 ? -errno : n;
}

static int kernel_watch(struct loop *l, int fd, uint32_t epoll_events, loop_fd_h *h, void *h_arg, void *arg)
{
	return loop_watch(l, fd, epoll_events, h, h_arg);
}

static void kernel_unwatch(struct loop *l, int fd, void *arg)
{
	loop_unwatch(l, fd);
}

const struct line_dahdi_dev line_dahdi_kernel = {
	.open = kernel_open,
	.close = kernel_close,
	.ioctl = kernel_ioctl,
	.read = kernel_read,
	.write = kernel_write,
	.watch = kernel_watch,
	.unwatch = kernel_unwatch,
};
