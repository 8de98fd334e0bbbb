/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * control_socket: the control socket in the file system: who may use it, and what a daemon that died has left there.
 */
#ifndef GATEWAY_CONTROL_SOCKET_H
#define GATEWAY_CONTROL_SOCKET_H

/* Listens on PATH. It is for our user and GROUP ("": ours) alone. One that nobody listens on any more is removed
 * first. Returns 0 or errno (EADDRINUSE: a daemon answers there, or PATH is no socket; ENOENT also: no such group); the
 * reason is logged. */
int control_socket_open(const char *path, const char *group, int *fdp);
void control_socket_close(const char *path, int fd);

/* Connects to PATH. 0 or errno. */
int control_socket_connect(const char *path, int *fdp);

#endif
