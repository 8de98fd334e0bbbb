/* SPDX-License-Identifier: GPL-2.0-only */
/* The files of a configuration: the main one and the spans' folder. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "load.h"

#define FILE_MAX_OCTETS (1 << 20)

struct file_names {
	unsigned count;
	bool more; /* than there is room for */
	char name[CONFIG_MAX_SPANS][NAME_MAX + 1];
};

static int file_read_fd(int fd, char *text, size_t room, size_t *octetsp)
{
	size_t at = 0;

	while (at < room) {
		ssize_t n = read(fd, text + at, room - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		if (!n)
			break;
		at += (size_t)n;
	}
	*octetsp = at;
	return 0;
}

/* Reads a whole file. Returns 0 or errno, with *WHYP the reason in words (static text). */
static int file_read(const char *path, char **textp, size_t *octetsp, bool *publicp, const char **whyp)
{
	/* O_NONBLOCK: a FIFO may not keep us */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	struct stat st;
	int err = 0;

	if (fd < 0 || fstat(fd, &st)) {
		err = errno;
	} else if (!S_ISREG(st.st_mode)) {
		*whyp = "not a regular file";
		err = EINVAL;
	} else if (st.st_size > FILE_MAX_OCTETS) {
		*whyp = "longer than 1 MiB";
		err = EINVAL;
	} else {
		text = malloc((size_t)st.st_size + 1);
		err = text ? file_read_fd(fd, text, (size_t)st.st_size, octetsp) : ENOMEM;
	}
	if (fd >= 0)
		close(fd);
	if (err) {
		if (!*whyp)
			*whyp = strerror(err);
		free(text);
		return err;
	}
	*textp = text;
	*publicp = st.st_mode & S_IROTH;
	return 0;
}

static int name_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A file the operator means to be read: not hidden, and not what an editor or dpkg leaves beside it. */
static bool name_wanted(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && name[0] != '.' && !strcmp(name + n - 5, ".conf");
}

static int names_read(const char *dir, struct file_names *names)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d)
		return errno;
	while ((e = readdir(d))) {
		if (!name_wanted(e->d_name))
			continue;
		if (names->count == CONFIG_MAX_SPANS) {
			names->more = true;
			continue;
		}
		snprintf(names->name[names->count++], sizeof(names->name[0]), "%s", e->d_name);
	}
	closedir(d);
	qsort(names->name, names->count, sizeof(names->name[0]), name_compare);
	return 0;
}

/* DIR/NAME to BUF; DIR is that of the file PATH when NAME is relative. Returns 0 or ENAMETOOLONG. */
static int path_beside(const char *path, const char *name, char *buf, size_t room)
{
	const char *slash = strrchr(path, '/');
	int dir = *name == '/' || !slash ? 0 : (int)(slash - path) + 1;
	int n = snprintf(buf, room, "%.*s%s", dir, path, name);

	return n < 0 || (size_t)n >= room ? ENAMETOOLONG : 0;
}

static int load_span_file(struct load *l, const char *path)
{
	struct load_text t = {.path = path};
	const char *why = NULL;
	bool is_public;
	char *text;
	int err = file_read(path, &text, &t.octets, &is_public, &why);

	if (err == ENOMEM)
		return ENOMEM;
	if (err) {
		load_unreadable(l, path, why);
		return 0;
	}
	t.text = text;
	load_span(l, &t);
	free(text);
	return 0;
}

static int load_span_files(struct load *l)
{
	const char *given = l->config->spans_dir;
	unsigned line = load_line(&l->main[SECTION_GATEWAY], SECTION_GATEWAY, "spans_dir");
	char dir[CONFIG_PATH_OCTETS], path[CONFIG_PATH_OCTETS];
	struct file_names *names = calloc(1, sizeof(*names));
	int err;

	if (!names)
		return ENOMEM;
	err = path_beside(l->config->file, given, dir, sizeof(dir));
	if (!err)
		err = names_read(dir, names);
	if (err == ENOMEM)
		goto out;
	if (err)
		load_error(l, 0, line, "spans_dir: %s: %s", err == ENAMETOOLONG ? given : dir, strerror(err));
	l->no_folder = err != 0;
	if (names->more)
		load_error(l, 0, line, "spans_dir: %s: there is room for %d span files only", dir, CONFIG_MAX_SPANS);
	err = 0;
	for (unsigned i = 0; !err && i < names->count; i++) {
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, names->name[i]) < sizeof(path))
			err = load_span_file(l, path);
		else
			load_error(l, 0, line, "spans_dir: the path of %s is longer than %d characters", names->name[i],
				   CONFIG_PATH_OCTETS - 1);
	}
out:
	free(names);
	return err;
}

int config_load(const char *path, struct config **cp, struct config_errors *errors)
{
	struct load_text t = {.path = path};
	const char *why = NULL;
	bool is_public = false;
	char *text = NULL;
	struct load *l = NULL;
	int err;

	if (strlen(path) >= CONFIG_PATH_OCTETS)
		why = strerror(ENAMETOOLONG);
	err = why ? EINVAL : file_read(path, &text, &t.octets, &is_public, &why);
	if (err) {
		if (err != ENOMEM)
			err = error_add(errors, 0, 0, path, "%s", why) ? ENOMEM : EINVAL;
		return err;
	}
	err = load_alloc(&l, errors);
	if (err)
		goto out;
	t.text = text;
	l->config->file_is_public = is_public;
	load_main(l, &t);
	err = load_span_files(l);
	if (!err)
		err = load_finish(l, cp);
out:
	load_free(l);
	free(text);
	return err;
}
