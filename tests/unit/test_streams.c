/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections over the kernel's loopback: real sockets, for it is their ways that matter. */
#include "streams_rig.h"

/* A plain client of A: what no stack of ours would send. */
/* From 127.0.0.HOST. */
static int client_from(const struct sip_hop *to, unsigned host)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct addr own = {.v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host)}};

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, &own.sa, addr_len(&own)), 0);
	assert_int_equal(connect(fd, &to->addr.sa, addr_len(&to->addr)), 0);
	return fd;
}

static int client(const struct sip_hop *to)
{
	return client_from(to, 1);
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void test_both_ways(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);

	assert_int_equal(end_send(&r->b, &a, MESSAGE), 0);
	assert_int_equal(end_send(&r->b, &a, MESSAGE2), 0);
	rig_until(r, &r->a.messages, 2);
	assert_string_equal(r->a.last, MESSAGE2);
	assert_int_equal(r->a.from.transport, SIP_TCP);
	/* Back by the connection it came by: B does not listen. */
	assert_int_equal(end_send(&r->a, &r->a.from, MESSAGE), 0);
	rig_until(r, &r->b.messages, 1);
	assert_true(addr_equal(&r->b.from.addr, &a.addr));
	assert_int_equal(streams_count(r->a.streams), 1);
	assert_int_equal(streams_count(r->b.streams), 1);
	rig_close(r);
}

static void test_octet_by_octet(void **state)
{
	static const char text[] = MESSAGE "\r\n\r\n" MESSAGE2 MESSAGE;
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);
	int fd = client(&a);
	char pong[3] = "";

	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		say(fd, (char[]){text[i], '\0'});
		loop_step(r->loop, 10 * MS_US);
	}
	rig_until(r, &r->a.messages, 3);
	assert_int_equal(recv(fd, pong, 2, 0), 2);
	assert_string_equal(pong, "\r\n");
	close(fd);
	rig_until(r, &r->a.losses, 1);
	assert_string_equal(r->a.why, "the other side closed it");
	assert_true(r->a.loss.up && r->a.loss.inbound);
	rig_close(r);
}

static void test_bad(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);
	int fd = client(&a);

	say(fd, MESSAGE "GET / HTTP/1.0\r\n\r\n");
	rig_until(r, &r->a.losses, 1);
	assert_int_equal(r->a.messages, 1);
	assert_int_equal(r->a.bads, 1);
	assert_string_equal(r->a.why, "no Content-Length in a stream");
	close(fd);
	rig_close(r);
}

/* Whoever holds a connection without using it loses it: half a message, nothing from a stranger, silence. */
static void test_times(void **state)
{
	static const struct streams_times times = {
		.connect = 50, .message = 50, .idle = 150, .keepalive = 60, .retry = 10000};
	struct rig *r = rig_open(&times, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);
	int fd = client(&a);

	say(fd, "OPTIONS sip:");
	rig_until(r, &r->a.losses, 1);
	assert_string_equal(r->a.why, "half a message for 50 ms");
	close(fd);
	r->a.terms.known = false;
	fd = client(&a);
	rig_until(r, &r->a.losses, 2);
	assert_string_equal(r->a.why, "a stranger that says nothing for 50 ms");
	close(fd);
	r->a.terms.known = true;
	fd = client(&a);
	say(fd, MESSAGE);
	rig_until(r, &r->a.losses, 3);
	assert_string_equal(r->a.why, "nothing for 0 s");
	close(fd);
	rig_close(r);
}

/* Whatever a stranger sends, its time is short, unless it becomes known by that. */
static void test_patience(void **state)
{
	static const struct streams_times times = {
		.connect = 1000, .message = 100, .stranger = 200, .idle = 10000, .keepalive = 10000, .retry = 10000};
	struct rig *r = rig_open(&times, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);
	int64_t end;
	int fd;

	r->a.terms.known = false;
	fd = client(&a);
	while (!r->a.losses) {
		say(fd, "\r\n\r\n");
		loop_step(r->loop, 10 * MS_US);
	}
	assert_string_equal(r->a.why, "a stranger that says nothing for 100 ms");
	close(fd);
	fd = client(&a);
	while (r->a.losses < 2) {
		say(fd, MESSAGE);
		loop_step(r->loop, 10 * MS_US);
	}
	assert_string_equal(r->a.why, "a stranger for 200 ms");
	close(fd);
	fd = client(&a);
	say(fd, MESSAGE);
	rig_until(r, &r->a.messages, r->a.messages + 1);
	streams_welcome(r->a.streams, r->a.from.connection);
	for (end = loop_now_us(r->loop) + 400 * MS_US; loop_now_us(r->loop) < end;)
		loop_step(r->loop, 100 * MS_US);
	assert_int_equal(r->a.losses, 2);
	close(fd);
	rig_close(r);
}

/* The one who opened a connection keeps it alive. */
static void test_keepalive(void **state)
{
	static const struct streams_times times = {
		.connect = 1000, .message = 1000, .idle = 5000, .keepalive = 30, .retry = 10000};
	struct rig *r = rig_open(&times, NULL, NULL);
	struct sip_hop b = {.transport = SIP_TCP};
	struct addr local;
	socklen_t len = sizeof(local);
	int fd, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char got[200] = "";
	ssize_t n = 0;

	assert_int_equal(addr_parse(&local, "127.0.0.1", 0), 0);
	assert_int_equal(bind(listener, &local.sa, addr_len(&local)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, &local.sa, &len), 0);
	b.addr = local;
	assert_int_equal(end_send(&r->b, &b, MESSAGE), 0);
	fd = accept(listener, NULL, NULL);
	assert_true(fd >= 0);
	while (n < (ssize_t)sizeof(MESSAGE) - 1 + 8) {
		loop_step(r->loop, 10 * MS_US);
		ssize_t more = recv(fd, got + n, sizeof(got) - 1 - (size_t)n, MSG_DONTWAIT);
		n += more > 0 ? more : 0;
	}
	assert_string_equal(got, MESSAGE "\r\n\r\n\r\n\r\n");
	close(fd);
	close(listener);
	rig_close(r);
}

/* Nobody listens: the loss is told, and the next attempt waits. */
static void test_refused(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);

	streams_free(r->a.streams);
	end_open(r, &r->a, NULL, NULL);
	/* Loopback may say so at once. */
	if (!end_send(&r->b, &a, MESSAGE)) {
		rig_until(r, &r->b.losses, 1);
		assert_string_equal(r->b.why, "Connection refused");
		assert_false(r->b.loss.up || r->b.loss.inbound);
	}
	assert_int_equal(end_send(&r->b, &a, MESSAGE), ECONNREFUSED);
	assert_int_equal(streams_count(r->b.streams), 0);
	/* After a while it is tried again. */
	assert_int_equal(streams_listen(r->a.streams, SIP_TCP, &a.addr), 0);
	for (int64_t end = loop_now_us(r->loop) + 600 * MS_US; loop_now_us(r->loop) < end;)
		loop_step(r->loop, 50 * MS_US);
	assert_int_equal(end_send(&r->b, &a, MESSAGE), 0);
	rig_until(r, &r->a.messages, 1);
	rig_close(r);
}

/* A connection that was lost is opened anew, but not to one who had to connect to us. */
static void test_reconnect(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP), old;

	assert_int_equal(end_send(&r->b, &a, MESSAGE), 0);
	rig_until(r, &r->a.messages, 1);
	old = r->a.from;
	streams_free(r->a.streams);
	end_open(r, &r->a, NULL, NULL);
	rig_until(r, &r->b.losses, 1);
	assert_true(r->b.loss.up);
	assert_int_equal(streams_listen(r->a.streams, SIP_TCP, &a.addr), 0);
	r->a.terms.known = false;
	assert_int_equal(end_send(&r->a, &old, MESSAGE), EPIPE);
	a.connection = r->b.loss.hop.connection;
	assert_int_equal(end_send(&r->b, &a, MESSAGE), 0);
	rig_until(r, &r->a.messages, 2);
	rig_close(r);
}

/* RFC 5923: what opened a connection may be called by it under another address. */
static void test_alias(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP), b = {.transport = SIP_TCP};

	assert_int_equal(addr_parse(&b.addr, "127.0.0.1:9", 0), 0);
	assert_int_equal(end_send(&r->b, &a, MESSAGE), 0);
	rig_until(r, &r->a.messages, 1);
	streams_alias(r->a.streams, r->a.from.connection, &b.addr);
	assert_int_equal(end_send(&r->a, &b, MESSAGE2), 0);
	rig_until(r, &r->b.messages, 1);
	rig_close(r);
}

/* A peer that does not read: the queue has its bound, and the connection its end. */
static void test_full(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);
	int fd = client(&a), err = 0;
	char *big = malloc(60001);
	unsigned sent = 0;

	assert_non_null(big);
	memset(big, 'x', 60000);
	big[60000] = '\0';
	say(fd, MESSAGE);
	rig_until(r, &r->a.messages, 1);
	while (!err && sent++ < 2000)
		err = end_send(&r->a, &r->a.from, big);
	assert_int_equal(err, EAGAIN);
	rig_until(r, &r->a.losses, 1);
	assert_string_equal(r->a.why, "it does not read what is sent");
	free(big);
	close(fd);
	rig_close(r);
}

/* Strangers have few connections, one of them fewer, peers all the others. */
static void test_strangers(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);
	int fds[STREAMS_STRANGERS + 2], fd;

	r->a.terms.known = false;
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		fds[i] = client_from(&a, i <= STREAMS_OF_STRANGER ? 1 : (unsigned)i);
		loop_step(r->loop, 50 * MS_US);
		assert_int_equal(streams_count(r->a.streams), i < STREAMS_OF_STRANGER ? i + 1
							      : i < STREAMS_STRANGERS ? i
										      : STREAMS_STRANGERS);
	}
	r->a.terms.known = true;
	fd = client(&a);
	say(fd, MESSAGE);
	rig_until(r, &r->a.messages, 1);
	close(fd);
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		close(fds[i]);
	rig_close(r);
}

/* Who is unwelcome has nothing of it, not even time; then it is welcome again. */
static void test_unwelcome(void **state)
{
	struct rig *r = rig_open(NULL, NULL, NULL);
	struct sip_hop a = rig_listen(r, SIP_TCP);
	char octet;
	int fd;

	r->a.terms.unwelcome = true;
	fd = client(&a);
	say(fd, MESSAGE);
	for (unsigned i = 0; i < 5; i++)
		loop_step(r->loop, 20 * MS_US);
	assert_int_equal(streams_count(r->a.streams), 0);
	assert_true(recv(fd, &octet, 1, 0) <= 0);
	assert_int_equal(r->a.messages, 0);
	close(fd);
	r->a.terms.unwelcome = false;
	fd = client(&a);
	say(fd, MESSAGE);
	rig_until(r, &r->a.messages, 1);
	close(fd);
	rig_close(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways), cmocka_unit_test(test_octet_by_octet),
		cmocka_unit_test(test_bad),	  cmocka_unit_test(test_times),
		cmocka_unit_test(test_keepalive), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_reconnect), cmocka_unit_test(test_alias),
		cmocka_unit_test(test_full),	  cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_unwelcome), cmocka_unit_test(test_patience),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
