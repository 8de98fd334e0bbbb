/* SPDX-License-Identifier: GPL-2.0-only */
#include "tests/demo/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define OCTETS	65536
#define LIMIT_S 20

static int open_socket(void)
{
	struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons(5060)}, gateway = local;
	struct timeval limit = {.tv_sec = LIMIT_S};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, "127.0.0.2", &local.sin_addr);
	inet_pton(AF_INET, "127.0.0.1", &gateway.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&local, sizeof(local)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    connect(fd, (struct sockaddr *)&gateway, sizeof(gateway))) {
		fprintf(stderr, "faxlab: probe: %s\n", strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static bool send_file(int fd, const char *file)
{
	static char octets[OCTETS];
	FILE *f = fopen(file, "rb");
	size_t n = f ? fread(octets, 1, sizeof(octets), f) : 0;

	if (f)
		fclose(f);
	if (n && send(fd, octets, n, 0) == (ssize_t)n)
		return true;
	fprintf(stderr, "faxlab: cannot send %s\n", file);
	return false;
}

static bool send_options(int fd, const char *id)
{
	char text[512];
	int n = snprintf(text, sizeof(text),
			 "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK%s\r\n"
			 "Max-Forwards: 70\r\nFrom: <sip:127.0.0.2>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: %s\r\n"
			 "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
			 id, id);

	return send(fd, text, (size_t)n, 0) == n;
}

int probe(const char *file)
{
	static char text[OCTETS];
	int fd = open_socket(), status = EXIT_FAILURE;
	char id[32];
	ssize_t n;

	if (fd < 0)
		return status;
	snprintf(id, sizeof(id), "probe-%ld", (long)getpid());
	if (!send_file(fd, file) || !send_options(fd, id))
		goto out;
	while ((n = recv(fd, text, sizeof(text) - 1, 0)) > 0) {
		text[n] = '\0';
		if (strstr(text, id)) {
			status = EXIT_SUCCESS;
			break;
		}
		fwrite(text, 1, (size_t)n, stdout);
	}
out:
	close(fd);
	return status;
}
