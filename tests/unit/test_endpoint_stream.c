/* SPDX-License-Identifier: GPL-2.0-only */
/* Endpoints that register over connections on the kernel's loopback, each from a host of its own. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "sip/auth/auth.h"
#include "sip/session_own.h"
#include "sip/transport/streams.h"

#define ENDPOINTS (STREAMS_STRANGERS + 8)
#define LIMIT_US  (20 * SEC_US) /* for what comes: a machine may be slow */
#define HEAD                                                                                                           \
	"REGISTER sip:gw SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.9;rport;branch=z9hG4bK%u\r\nMax-Forwards: 70\r\n"         \
	"From: <sip:u%u@gw>;tag=t\r\nTo: <sip:u%u@gw>\r\nCall-ID: c%u\r\nCSeq: %u REGISTER\r\n"                        \
	"Contact: <sip:u%u@127.0.0.9;transport=tcp>\r\n%sContent-Length: 0\r\n\r\n"

static struct loop *loop;
static char text[4096]; /* what came last */

static void quiet(enum log_level level, const char *line, void *arg)
{
}

static void on_event(struct sip_session *s, const struct session_event *e, void *arg, void *stack_arg)
{
}

static void hear(int fd, const char *start)
{
	int64_t end = loop_now_us(loop) + LIMIT_US;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n;

	while (!poll(&p, 1, 0)) {
		assert_true(loop_now_us(loop) < end);
		loop_step(loop, 10 * MS_US);
	}
	n = recv(fd, text, sizeof(text) - 1, 0);
	assert_true(n > 0);
	text[n] = '\0';
	assert_int_equal(strncmp(text, start, strlen(start)), 0);
}

/* REGISTER of endpoint I with the header MORE. */
static void ask(int fd, unsigned i, unsigned cseq, const char *more)
{
	char request[2048];
	int n = snprintf(request, sizeof(request), HEAD, i * 10 + cseq, i, i, i, cseq, i, more);

	assert_int_equal(send(fd, request, (size_t)n, MSG_NOSIGNAL), n);
}

/* Connects from 127.0.1.I and registers endpoint I. */
static int registered(const struct addr *to, unsigned i)
{
	struct addr own = {.v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000100 + i)}};
	struct auth_challenge c = {.algorithm = AUTH_MD5, .realm = "faxspan", .qop = true};
	char user[8], more[1024], hex[AUTH_HEX_OCTETS];
	struct auth_answer a = {
		.user = user, .secret = "s", .method = "REGISTER", .uri = "sip:gw", .count = 1, .cnonce = "c"};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *nonce;

	snprintf(user, sizeof(user), "u%u", i);
	assert_int_equal(bind(fd, &own.sa, addr_len(&own)), 0);
	assert_int_equal(connect(fd, &to->sa, addr_len(to)), 0);
	ask(fd, i, 1, "");
	hear(fd, "SIP/2.0 401 ");
	nonce = strstr(text, "nonce=\"");
	assert_non_null(nonce);
	snprintf(c.nonce, sizeof(c.nonce), "%.*s", (int)strcspn(nonce + 7, "\""), nonce + 7);
	assert_int_equal(auth_digest(&c, &a, hex), 0);
	snprintf(more, sizeof(more),
		 "Authorization: Digest username=\"%s\", realm=\"faxspan\", nonce=\"%s\", uri=\"sip:gw\", "
		 "response=\"%s\", algorithm=MD5, cnonce=\"c\", qop=auth, nc=00000001\r\n",
		 user, c.nonce, hex);
	ask(fd, i, 2, more);
	hear(fd, "SIP/2.0 200 ");
	return fd;
}

/* Who has registered is no stranger: there are more endpoints than strangers may be. */
static void registered_is_known(void **state)
{
	static struct sip_peer_params peers[ENDPOINTS];
	static char names[ENDPOINTS][8];
	struct sip_stack_params p = {.peers = peers, .npeers = ENDPOINTS};
	struct sip_contact contact;
	struct sip_stack *stack;
	int fds[ENDPOINTS];

	for (unsigned i = 0; i < ENDPOINTS; i++) {
		snprintf(names[i], sizeof(names[i]), "u%u", i);
		peers[i] = (struct sip_peer_params){.name = names[i],
						    .endpoint = true,
						    .max_contacts = 1,
						    .max_expires_s = 3600,
						    .inbound_user = names[i],
						    .inbound_secret = "s"};
	}
	addr_parse(&p.listen[ADDR_IPV4], "127.0.0.1", 0);
	addr_parse(&p.listen_tcp[ADDR_IPV4], "127.0.0.1", 0);
	assert_int_equal(loop_alloc(&loop, &clock_monotonic), 0);
	assert_int_equal(sip_stack_alloc(&stack, &p, loop, &net_kernel, on_event, NULL), 0);
	for (unsigned i = 0; i < ENDPOINTS; i++)
		fds[i] = registered(transports_local(stack->transports, SIP_TCP, ADDR_IPV4), i);
	for (unsigned i = 0; i < ENDPOINTS; i++) {
		assert_int_equal(sip_stack_contacts(stack, i, &contact, 1), 1);
		close(fds[i]);
	}
	sip_stack_free(stack);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(registered_is_known)};

	log_set_sink(quiet, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
