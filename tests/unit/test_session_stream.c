/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls over connections on the kernel's loopback: which transport a request takes, and what becomes of it when the
 * connection is lost. The peer is this file, with plain sockets.
 */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "sip/session.h"

#define LIMIT_US (20 * SEC_US) /* for what comes: a machine may be slow */
#define SOON_US	 (5 * SEC_US)  /* much less than 64 T1, after which an INVITE without a response ends */

static struct rig {
	struct loop *loop;
	struct sip_stack *stack;
	struct sip_peer_params peer;
	struct sip_session *session;
	struct session_event last;
	unsigned events[SESSION_CLOSED + 1];
	int listener, udp; /* the peer's, on one port; -1: none */
	struct addr at;	   /* where they are */
	char text[16384];  /* what the peer has read last */
} r;

static void quiet(enum log_level level, const char *line, void *arg)
{
}

static void on_event(struct sip_session *s, const struct session_event *e, void *arg, void *stack_arg)
{
	r.session = s;
	r.last = *e;
	r.events[e->type]++;
}

static int bound(int type, struct addr *ap)
{
	socklen_t len = sizeof(*ap);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, &ap->sa, addr_len(ap)), 0);
	assert_int_equal(getsockname(fd, &ap->sa, &len), 0);
	return fd;
}

/* The stack, and the peer that it is to call by TRANSPORT. Neither of the peer's sockets listens yet. */
static void open_rig(enum sip_transport transport, unsigned tcp_above)
{
	struct sip_stack_params p = {.tcp_above = tcp_above, .peers = &r.peer, .npeers = 1};

	memset(&r, 0, sizeof(r));
	log_set_sink(quiet, NULL);
	addr_parse(&r.at, "127.0.0.1", 0);
	p.listen[ADDR_IPV4] = p.listen_tcp[ADDR_IPV4] = r.at;
	r.listener = bound(SOCK_STREAM, &r.at);
	r.udp = bound(SOCK_DGRAM, &r.at);
	r.peer = (struct sip_peer_params){.name = "peer", .addr = r.at, .transport = transport};
	assert_int_equal(loop_alloc(&r.loop, &clock_monotonic), 0);
	assert_int_equal(sip_stack_alloc(&r.stack, &p, r.loop, &net_kernel, on_event, NULL), 0);
}

static void close_rig(void)
{
	sip_stack_free(r.stack);
	loop_free(r.loop);
	close(r.listener);
	close(r.udp);
}

/* Lets the stack run until there is something at FD. */
static void until_readable(int fd)
{
	int64_t end = loop_now_us(r.loop) + LIMIT_US;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (!poll(&p, 1, 0)) {
		assert_true(loop_now_us(r.loop) < end);
		loop_step(r.loop, 10 * MS_US);
	}
}

/* ... until it has told of TYPE for the first time; returns how long that took. */
static int64_t until_told(enum session_event_type type)
{
	int64_t begin = loop_now_us(r.loop);

	while (!r.events[type]) {
		assert_true(loop_now_us(r.loop) < begin + LIMIT_US);
		loop_step(r.loop, 10 * MS_US);
	}
	return loop_now_us(r.loop) - begin;
}

static int taken(void)
{
	int fd;

	until_readable(r.listener);
	fd = accept(r.listener, NULL, NULL);
	assert_true(fd >= 0);
	return fd;
}

/* Reads messages until one begins with WHAT. */
static void read_until(int fd, const char *what)
{
	do {
		ssize_t n;

		until_readable(fd);
		n = recv(fd, r.text, sizeof(r.text) - 1, 0);
		assert_true(n > 0);
		r.text[n] = '\0';
	} while (strncmp(r.text, what, strlen(what)));
}

/* The value of the header NAME of what was read, in a buffer of its own for each of WHICH. */
static const char *header(const char *name, unsigned which)
{
	static char values[8][300];
	const char *p = strstr(r.text, name);

	assert_non_null(p);
	snprintf(values[which], sizeof(values[which]), "%.*s", (int)strcspn(p, "\r\n"), p);
	return values[which];
}

/* A response to what was read. */
static const char *response(const char *status, const char *more)
{
	static char text[4096];

	snprintf(text, sizeof(text),
		 "SIP/2.0 %s\r\n%s\r\n%s\r\n%s;tag=p\r\n%s\r\n%s\r\nContact: <sip:127.0.0.1:%u;transport=tcp>\r\n%s",
		 status, header("Via:", 0), header("From:", 1), header("To:", 2), header("Call-ID:", 3),
		 header("CSeq:", 4), addr_port(&r.at), more);
	return text;
}

#define EMPTY "Content-Length: 0\r\n\r\n"
#define SDP   "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\n"

static const char *with_sdp(void)
{
	static char text[400];

	snprintf(text, sizeof(text), "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s", strlen(SDP),
		 SDP);
	return text;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void invite(void)
{
	struct media_desc offer = {.has_audio = true, .audio = {.ncodecs = 1, .codecs = {CODEC_PCMA}}};
	struct session_invite_params p = {.called = "1", .calling = "2", .offer = &offer};

	offer.audio.telephone_event_pt = -1;
	addr_parse(&offer.audio.addr, "127.0.0.1:4000", 0);
	assert_int_equal(session_invite(r.stack, &p, NULL, &r.session), 0);
}

/* Where the stack is by TCP: as its Via says. */
static int connect_back(void)
{
	const char *via = strstr(r.text, "Via: SIP/2.0/TCP ");
	struct addr a;
	char at[64];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_non_null(via);
	assert_int_equal(sscanf(via, "Via: SIP/2.0/TCP %63[0-9.:]", at), 1);
	assert_int_equal(addr_parse(&a, at, 0), 0);
	assert_int_equal(connect(fd, &a.sa, addr_len(&a)), 0);
	return fd;
}

/* It took the INVITE and went away without a word: the call is over, for another peer to have it. */
static void test_lost_before_a_response(void **state)
{
	int fd;

	open_rig(SIP_TCP, 0);
	assert_int_equal(listen(r.listener, 4), 0);
	invite();
	fd = taken();
	read_until(fd, "INVITE ");
	assert_non_null(strstr(r.text, "Via: SIP/2.0/TCP "));
	assert_non_null(strstr(r.text, ";transport=tcp>\r\n"));
	close(fd);
	assert_true(until_told(SESSION_CLOSED) < SOON_US);
	assert_int_not_equal(r.last.status, 0);
	close_rig();
}

static void test_refused_connection(void **state)
{
	open_rig(SIP_TCP, 0);
	invite();
	assert_true(until_told(SESSION_CLOSED) < SOON_US);
	/* Nor is the next one's connection tried at once. */
	memset(r.events, 0, sizeof(r.events));
	invite();
	assert_true(until_told(SESSION_CLOSED) < SOON_US);
	close_rig();
}

/* It rang before: the answer comes by a connection of the peer's own, and so does our ACK go, and our BYE. */
static void test_lost_while_ringing(void **state)
{
	char text[4096];
	int fd, back;

	open_rig(SIP_TCP, 0);
	assert_int_equal(listen(r.listener, 4), 0);
	invite();
	fd = taken();
	read_until(fd, "INVITE ");
	say(fd, response("180 Ringing", EMPTY));
	until_told(SESSION_PROGRESS);
	snprintf(text, sizeof(text), "%s", response("200 OK", with_sdp()));
	back = connect_back();
	close(fd);
	loop_step(r.loop, 50 * MS_US);
	say(back, text);
	until_told(SESSION_ANSWERED);
	/* The peer's Contact has a listener: a new connection goes there, for this one is of another port. */
	fd = taken();
	read_until(fd, "ACK ");
	session_close(r.session, 0, 0);
	read_until(fd, "BYE ");
	say(fd, response("200 OK", EMPTY));
	until_told(SESSION_CLOSED);
	assert_int_equal(r.events[SESSION_CLOSED], 1);
	close(fd);
	close(back);
	close_rig();
}

/* Their INVITE's connection is gone before our answer: that goes to the port of its Via (RFC 3261 18.2.2). */
static void test_answer_by_another_connection(void **state)
{
	struct media_desc media = {.has_audio = true, .audio = {.ncodecs = 1, .codecs = {CODEC_PCMA}}}, agreed;
	char text[2048];
	int fd, out;

	open_rig(SIP_TCP, 0);
	/* To learn where the stack is. */
	assert_int_equal(listen(r.listener, 4), 0);
	invite();
	out = taken();
	read_until(out, "INVITE ");
	fd = connect_back();
	memset(r.events, 0, sizeof(r.events));
	snprintf(text, sizeof(text),
		 "INVITE sip:9@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:%u;branch=z9hG4bKx;rport\r\nFrom: "
		 "<sip:a@b>;tag=f\r\n"
		 "To: <sip:9@127.0.0.1>\r\nCall-ID: theirs\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n"
		 "Contact: <sip:a@127.0.0.1:%u;transport=tcp>\r\n%s",
		 addr_port(&r.at), addr_port(&r.at), with_sdp());
	say(fd, text);
	until_told(SESSION_INCOMING);
	read_until(fd, "SIP/2.0 100");
	close(fd);
	close(out); /* else it would be taken, for it is to the same address */
	loop_step(r.loop, 50 * MS_US);
	loop_step(r.loop, 50 * MS_US);
	media.audio.telephone_event_pt = -1;
	addr_parse(&media.audio.addr, "127.0.0.1:4000", 0);
	assert_int_equal(session_accept(r.session, &media, &agreed), 0);
	fd = taken();
	read_until(fd, "SIP/2.0 200");
	assert_non_null(strstr(r.text, "Call-ID: theirs"));
	close(fd);
	close_rig();
}

/* RFC 3261 18.1.1: too long for a datagram, and the peer of UDP takes TCP. */
static void test_long_by_tcp(void **state)
{
	int fd;

	open_rig(SIP_UDP, 200);
	assert_int_equal(listen(r.listener, 4), 0);
	invite();
	fd = taken();
	read_until(fd, "INVITE ");
	assert_non_null(strstr(r.text, "Via: SIP/2.0/TCP "));
	say(fd, response("486 Busy Here", EMPTY));
	until_told(SESSION_CLOSED);
	assert_int_equal(r.last.status, 486);
	close(fd);
	close_rig();
}

/* ... or it does not: the same by UDP, as another transaction. Its CANCEL goes the same way. */
static void test_long_by_udp_after_all(void **state)
{
	struct addr from;
	socklen_t len = sizeof(from);
	char branch[100], other[100];

	open_rig(SIP_UDP, 200);
	invite();
	until_readable(r.udp);
	assert_true(recvfrom(r.udp, r.text, sizeof(r.text) - 1, MSG_PEEK, &from.sa, &len) > 0);
	read_until(r.udp, "INVITE ");
	assert_non_null(strstr(r.text, "Via: SIP/2.0/UDP "));
	assert_int_equal(sscanf(strstr(r.text, "branch="), "branch=%99[^;\r\n]", branch), 1);
	assert_int_equal(connect(r.udp, &from.sa, len), 0);
	say(r.udp, response("180 Ringing", EMPTY));
	until_told(SESSION_PROGRESS);
	session_close(r.session, 0, 0);
	read_until(r.udp, "CANCEL ");
	assert_int_equal(sscanf(strstr(r.text, "branch="), "branch=%99[^;\r\n]", other), 1);
	assert_string_equal(other, branch);
	close_rig();
}

/* What is short stays with UDP. */
static void test_short_by_udp(void **state)
{
	open_rig(SIP_UDP, 4000);
	assert_int_equal(listen(r.listener, 4), 0);
	invite();
	read_until(r.udp, "INVITE ");
	assert_non_null(strstr(r.text, "Via: SIP/2.0/UDP "));
	close_rig();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost_before_a_response),
		cmocka_unit_test(test_refused_connection),
		cmocka_unit_test(test_lost_while_ringing),
		cmocka_unit_test(test_answer_by_another_connection),
		cmocka_unit_test(test_long_by_tcp),
		cmocka_unit_test(test_long_by_udp_after_all),
		cmocka_unit_test(test_short_by_udp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
