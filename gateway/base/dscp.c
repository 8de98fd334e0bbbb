/* SPDX-License-Identifier: GPL-2.0-only */
#include "dscp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* RFC 2474 4.2.2.2, RFC 2597 6, RFC 3246 2.7. */
static const struct {
	const char *name;
	unsigned dscp;
} classes[] = {
	{"CS0", 0},   {"CS1", 8},   {"CS2", 16},  {"CS3", 24},	{"CS4", 32},  {"CS5", 40},  {"CS6", 48},
	{"CS7", 56},  {"AF11", 10}, {"AF12", 12}, {"AF13", 14}, {"AF21", 18}, {"AF22", 20}, {"AF23", 22},
	{"AF31", 26}, {"AF32", 28}, {"AF33", 30}, {"AF41", 34}, {"AF42", 36}, {"AF43", 38}, {"EF", 46},
};

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

int dscp_parse(const char *text, unsigned *dscpp)
{
	size_t n = strlen(text);
	unsigned v;

	for (size_t i = 0; i < CLASSES; i++)
		if (!strcasecmp(text, classes[i].name)) {
			*dscpp = classes[i].dscp;
			return 0;
		}
	if (!n || n > 2 || strspn(text, "0123456789") != n)
		return EINVAL;
	v = (unsigned)atoi(text);
	if (v > DSCP_MAX)
		return EINVAL;
	*dscpp = v;
	return 0;
}

const char *dscp_print(unsigned dscp, char *buf)
{
	for (size_t i = 0; i < CLASSES; i++)
		if (classes[i].dscp == dscp) {
			strcpy(buf, classes[i].name);
			return buf;
		}
	snprintf(buf, DSCP_NAME_OCTETS, "%u", dscp & DSCP_MAX);
	return buf;
}

int dscp_mark(int fd, int family, unsigned dscp)
{
	/* The two bits below are ECN's (RFC 3168 5), which the kernel keeps for itself. */
	const int octet = (int)((dscp & DSCP_MAX) << 2);
	int rc;

	if (family == AF_INET6)
		rc = setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &octet, sizeof(octet));
	else
		rc = setsockopt(fd, IPPROTO_IP, IP_TOS, &octet, sizeof(octet));
	return rc < 0 ? errno : 0;
}
