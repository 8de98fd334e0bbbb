/* SPDX-License-Identifier: GPL-2.0-only */
/* Classes of traffic: their names, and that packets leave with them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "gateway/base/dscp.h"
#include "gateway/base/net.h"
#include "gateway/bearer/media_socket.h"

static void test_names(void **state)
{
	static const struct {
		const char *text, *print;
		unsigned dscp;
	} good[] = {{"EF", "EF", 46}, {"ef", "EF", 46}, {"CS3", "CS3", 24}, {"AF41", "AF41", 34}, {"0", "CS0", 0},
		    {"63", "63", 63}, {"46", "EF", 46}, {"05", "5", 5},	    {"CS0", "CS0", 0}};
	static const char *const bad[] = {"", "64", "-1", "EFF", "AF44", "CS8", "4 6", "0x2e", "046"};
	char buf[DSCP_NAME_OCTETS];
	unsigned dscp;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(dscp_parse(good[i].text, &dscp), 0);
		assert_int_equal(dscp, good[i].dscp);
		assert_string_equal(dscp_print(dscp, buf), good[i].print);
	}
	dscp = 7;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(dscp_parse(bad[i], &dscp), EINVAL);
	assert_int_equal(dscp, 7);
}

/* The octet of the IP header, read by a socket that is not ours. */
static int octet_of(int fd)
{
	char data[16], control[64];
	struct iovec iov = {data, sizeof(data)};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	int octet = -1;

	assert_true(recvmsg(fd, &m, 0) >= 0);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS)
			octet = *(uint8_t *)CMSG_DATA(c);
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS)
			memcpy(&octet, CMSG_DATA(c), sizeof(octet));
	}
	return octet;
}

/* A socket that tells what marks come; -1: no such family here. */
static int listen_at(const char *host, struct addr *atp)
{
	const int on = 1;
	struct addr a;
	socklen_t len = sizeof(a);
	int fd;

	assert_int_equal(addr_parse(&a, host, 0), 0);
	fd = socket(a.sa.sa_family, SOCK_DGRAM, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, &a.sa, addr_len(&a)) < 0) {
		close(fd);
		return -1;
	}
	assert_int_equal(setsockopt(fd, a.sa.sa_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP,
				    a.sa.sa_family == AF_INET6 ? IPV6_RECVTCLASS : IP_RECVTOS, &on, sizeof(on)),
			 0);
	assert_int_equal(getsockname(fd, &atp->sa, &len), 0);
	return fd;
}

static void check_media(enum addr_family f, const char *host)
{
	struct addr local[ADDR_FAMILIES] = {0}, to;
	struct media_ports ports;
	struct media_socket s;
	int fd = listen_at(host, &to);

	if (fd < 0)
		skip();
	assert_int_equal(addr_parse(&local[f], host, 0), 0);
	media_ports_init(&ports, &net_kernel, local, 40000, 49999, 0, 1);
	ports.dscp = 46;
	assert_int_equal(media_socket_open(&s, &ports), 0);
	media_socket_set_remote(&s, &to);
	media_socket_send(&s, "x", 1);
	assert_int_equal(octet_of(fd), 46 << 2);
	media_socket_close(&s);
	media_ports_fini(&ports);
	close(fd);
}

static void test_media_ipv4(void **state)
{
	check_media(ADDR_IPV4, "127.0.0.1");
}

static void test_media_ipv6(void **state)
{
	check_media(ADDR_IPV6, "::1");
}

/* Without a mark there is none, and a socket may be marked anew. */
static void test_unmarked(void **state)
{
	struct udp *u;
	struct addr a, to;
	int fd = listen_at("127.0.0.1", &to);

	assert_int_equal(addr_parse(&a, "127.0.0.1", 0), 0);
	assert_int_equal(udp_open(&net_kernel, &a, &u), 0);
	assert_int_equal(udp_send(u, &to, "x", 1), 0);
	assert_int_equal(octet_of(fd), 0);
	assert_int_equal(udp_mark(u, 24), 0);
	assert_int_equal(udp_send(u, &to, "x", 1), 0);
	assert_int_equal(octet_of(fd), 24 << 2);
	udp_close(u);
	close(fd);
	assert_int_equal(dscp_mark(-1, AF_INET, 1), EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_media_ipv4),
		cmocka_unit_test(test_media_ipv6),
		cmocka_unit_test(test_unmarked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
