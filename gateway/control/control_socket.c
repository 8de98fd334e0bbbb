/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/control/control_socket.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "gateway/base/log.h"

#define WAITING 16

static int open_named(const char *path, struct sockaddr_un *sa, int *fdp)
{
	int fd;

	if (strlen(path) >= sizeof(sa->sun_path))
		return ENAMETOOLONG;
	*sa = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(sa->sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	*fdp = fd;
	return 0;
}

int control_socket_connect(const char *path, int *fdp)
{
	struct sockaddr_un sa;
	int fd, err = open_named(path, &sa, &fd);

	if (err)
		return err;
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa))) {
		err = errno;
		close(fd);
		return err;
	}
	*fdp = fd;
	return 0;
}

/* A daemon that was killed leaves its socket behind; one that lives answers. */
static int remove_dead(const char *path)
{
	struct stat st;
	int fd, err;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : errno;
	if (!S_ISSOCK(st.st_mode))
		return EADDRINUSE;
	err = control_socket_connect(path, &fd);
	if (!err)
		close(fd);
	if (err != ECONNREFUSED)
		return err ? err : EADDRINUSE;
	return unlink(path) ? errno : 0;
}

static int set_group(const char *path, const char *group)
{
	const struct group *g;

	if (!group[0])
		return 0;
	errno = 0;
	g = getgrnam(group);
	if (!g)
		return errno ? errno : ENOENT;
	return chown(path, (uid_t)-1, g->gr_gid) ? errno : 0;
}

int control_socket_open(const char *path, const char *group, int *fdp)
{
	struct sockaddr_un sa;
	const char *step = "open";
	int fd = -1, err = open_named(path, &sa, &fd);
	mode_t before;

	if (!err)
		err = remove_dead(path);
	if (!err) {
		/* nobody may connect between bind(2) and chmod(2) */
		before = umask(0177);
		err = bind(fd, (struct sockaddr *)&sa, sizeof(sa)) ? errno : 0;
		umask(before);
	}
	if (!err) {
		step = "give to its group";
		err = set_group(path, group);
		if (!err && chmod(path, 0660))
			err = errno;
		if (err)
			unlink(path);
	}
	if (!err && listen(fd, WAITING))
		err = errno;
	if (err) {
		log_error("control", "cannot %s %s: %s", step, path, strerror(err));
		if (fd >= 0)
			close(fd);
		return err;
	}
	*fdp = fd;
	return 0;
}

void control_socket_close(const char *path, int fd)
{
	close(fd);
	unlink(path);
}
