/* SPDX-License-Identifier: GPL-2.0-only */
#include "addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *addr_family_name(enum addr_family f)
{
	return f == ADDR_IPV6 ? "IPv6" : "IPv4";
}

enum addr_family addr_family(const struct addr *a)
{
	return a->sa.sa_family == AF_INET6 ? ADDR_IPV6 : ADDR_IPV4;
}

static bool port_parse(const char *text, uint16_t *portp)
{
	unsigned long v = 0;
	size_t n = 0;

	for (; text[n]; n++) {
		if (text[n] < '0' || text[n] > '9' || n >= 5)
			return false;
		v = v * 10 + (unsigned long)(text[n] - '0');
	}
	if (!n || v > 65535)
		return false;
	*portp = (uint16_t)v;
	return true;
}

static bool host_parse(struct addr *a, const char *host)
{
	if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		return true;
	}
	if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1) {
		a->v6.sin6_family = AF_INET6;
		return true;
	}
	return false;
}

int addr_parse(struct addr *ap, const char *text, uint16_t port)
{
	char host[ADDR_TEXT_OCTETS];
	const char *end, *rest;
	struct addr a;

	memset(&a, 0, sizeof(a));
	if (text[0] == '[') {
		text++;
		end = strchr(text, ']');
		rest = end ? end + 1 : NULL;
	} else {
		/* Of several colons none is before a port: a bare IPv6 address. */
		end = strchr(text, ':');
		if (!end || strchr(end + 1, ':'))
			end = text + strlen(text);
		rest = end;
	}
	if (!end || (size_t)(end - text) >= sizeof(host))
		return EINVAL;
	memcpy(host, text, (size_t)(end - text));
	host[end - text] = '\0';
	if (!host_parse(&a, host) || (rest[-1] == ']' && a.sa.sa_family != AF_INET6))
		return EINVAL;
	if (*rest && (*rest != ':' || !port_parse(rest + 1, &port)))
		return EINVAL;
	addr_set_port(&a, port);
	*ap = a;
	return 0;
}

const char *addr_print_host(const struct addr *a, char *buf)
{
	const char *s = NULL;

	if (a->sa.sa_family == AF_INET)
		s = inet_ntop(AF_INET, &a->v4.sin_addr, buf, ADDR_TEXT_OCTETS);
	else if (a->sa.sa_family == AF_INET6)
		s = inet_ntop(AF_INET6, &a->v6.sin6_addr, buf, ADDR_TEXT_OCTETS);
	if (!s)
		strcpy(buf, "-");
	return buf;
}

const char *addr_print(const struct addr *a, char *buf)
{
	char host[ADDR_TEXT_OCTETS];

	addr_print_host(a, host);
	if (!addr_is_set(a))
		strcpy(buf, host);
	else if (a->sa.sa_family == AF_INET6)
		snprintf(buf, ADDR_TEXT_OCTETS, "[%.45s]:%u", host, addr_port(a));
	else
		snprintf(buf, ADDR_TEXT_OCTETS, "%.45s:%u", host, addr_port(a));
	return buf;
}

bool addr_is_set(const struct addr *a)
{
	return a->sa.sa_family == AF_INET || a->sa.sa_family == AF_INET6;
}

bool addr_any_is_set(const struct addr list[ADDR_FAMILIES])
{
	return addr_is_set(&list[ADDR_IPV4]) || addr_is_set(&list[ADDR_IPV6]);
}

bool addr_is_any(const struct addr *a)
{
	if (a->sa.sa_family == AF_INET)
		return a->v4.sin_addr.s_addr == htonl(INADDR_ANY);
	return a->sa.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&a->v6.sin6_addr);
}

bool addr_same_host(const struct addr *a, const struct addr *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET)
		return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
	if (a->sa.sa_family == AF_INET6)
		return IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr, &b->v6.sin6_addr);
	return true;
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_same_host(a, b) && addr_port(a) == addr_port(b);
}

uint16_t addr_port(const struct addr *a)
{
	if (a->sa.sa_family == AF_INET)
		return ntohs(a->v4.sin_port);
	return a->sa.sa_family == AF_INET6 ? ntohs(a->v6.sin6_port) : 0;
}

void addr_set_port(struct addr *a, uint16_t port)
{
	if (a->sa.sa_family == AF_INET)
		a->v4.sin_port = htons(port);
	else if (a->sa.sa_family == AF_INET6)
		a->v6.sin6_port = htons(port);
}

socklen_t addr_len(const struct addr *a)
{
	return a->sa.sa_family == AF_INET6 ? sizeof(a->v6) : sizeof(a->v4);
}
