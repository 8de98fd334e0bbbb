/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * error: the list of a configuration's errors.
 */
#ifndef CONF_ERROR_H
#define CONF_ERROR_H

#include "config.h"

/* Records "PATH:LINE: message" (LINE 0: "PATH: message"). FILE and LINE order it. Returns 0 or ENOMEM. */
int error_add(struct config_errors *e, unsigned file, unsigned line, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* The same, "PATH:LINE: warning: message". It is dropped when there is no room. */
int error_warn(struct config_errors *e, unsigned file, unsigned line, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Puts them in the order of files and lines; within a line they stay as they came. */
void error_sort(struct config_errors *e);

#endif
