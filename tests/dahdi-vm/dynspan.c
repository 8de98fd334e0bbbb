/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/dahdi-vm/dynspan.h"

#include <dahdi/user.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CHANNELS 31

static int dynspan_ioctl(unsigned long request, const char *driver, const char *address)
{
	struct dahdi_dynamic_span s = {.numchans = CHANNELS};
	int fd = open("/dev/dahdi/ctl", O_RDWR | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno;
	snprintf(s.driver, sizeof(s.driver), "%s", driver);
	snprintf(s.addr, sizeof(s.addr), "%s", address);
	if (ioctl(fd, request, &s))
		err = errno;
	close(fd);
	return err;
}

int dynspan_create(const char *driver, const char *address)
{
	return dynspan_ioctl(DAHDI_DYNAMIC_CREATE, driver, address);
}

int dynspan_destroy(const char *driver, const char *address)
{
	return dynspan_ioctl(DAHDI_DYNAMIC_DESTROY, driver, address);
}

/* The devices are in the order of their creation, one span each: the Nth of them made the Nth span. */
static int write_device(unsigned number, const char *file, const char *text)
{
	char path[120];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/sys/bus/dahdi_devices/devices/dynamic:loc:%u/%s", number - 1, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

int dynspan_unassign(unsigned number)
{
	return write_device(number, "unassign_span", "1\n");
}

int dynspan_assign(unsigned number, unsigned first)
{
	char text[40];

	snprintf(text, sizeof(text), "1:%u:%u\n", number, first);
	return write_device(number, "assign_span", text);
}

int dynspan_configure(const char *file)
{
	char command[200];

	snprintf(command, sizeof(command), "dahdi_cfg -c %s", file);
	return system(command) ? EIO : 0;
}
