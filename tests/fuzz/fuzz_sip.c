/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams into a stack with a call going out. The first octet says what happens: bit 0, the input is cut into several
 * datagrams at NUL; bit 1, "\x01" stands for the running call's headers, so that the fuzzer gets past the dialog
 * check; bit 2, the call is answered first; bit 3, 40 s pass at the end; bit 4, we re-INVITE at once; bit 5, and
 * cancel that; bit 6, we close after each datagram; bit 7, their offers are left waiting.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/log.h"
#include "sip/session.h"
#include "sip/session_own.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM 8192

static char last[ROOM]; /* what the stack sent last */
static int64_t now_us;
static struct udp wire;
static const char *in;
static size_t in_len;
static void (*readable)(void *arg);
static void *readable_arg;
static struct addr local, peer;
static struct sip_session *running;
static uint8_t how;

static int64_t fuzz_now(void *arg)
{
	return now_us;
}

static int fuzz_open(struct net *n, const struct addr *a, struct udp **up)
{
	local = *a;
	wire.net = n;
	*up = &wire;
	return 0;
}

static void fuzz_close(struct udp *u)
{
}

static int fuzz_send(struct udp *u, const struct addr *to, const void *p, size_t len)
{
	size_t n = len < ROOM - 1 ? len : ROOM - 1;

	memcpy(last, p, n);
	last[n] = '\0';
	return 0;
}

static ssize_t fuzz_recv(struct udp *u, void *p, size_t room, struct addr *fromp)
{
	size_t n = in_len < room ? in_len : room;

	if (!in)
		return -EAGAIN;
	memcpy(p, in, n);
	in = NULL;
	*fromp = peer;
	return (ssize_t)n;
}

static int fuzz_watch(struct udp *u, struct loop *l, void (*handler)(void *arg), void *arg)
{
	readable = handler;
	readable_arg = arg;
	return 0;
}

static const struct addr *fuzz_local(const struct udp *u)
{
	return &local;
}

static const struct net_ops ops = {
	.open = fuzz_open,
	.close = fuzz_close,
	.send = fuzz_send,
	.recv = fuzz_recv,
	.watch = fuzz_watch,
	.local = fuzz_local,
};
static struct net net = {&ops};

static void quiet(enum log_level level, const char *line, void *arg)
{
}

static struct media_desc audio(void)
{
	struct media_desc d;

	memset(&d, 0, sizeof(d));
	d.has_audio = true;
	d.audio.addr = local;
	d.audio.ncodecs = 1;
	d.audio.telephone_event_pt = -1;
	return d;
}

static void on_event(struct sip_session *s, const struct session_event *e, void *arg, void *stack_arg)
{
	struct media_desc agreed, ours = audio();

	if (e->type == SESSION_CLOSED && s == running)
		running = NULL;
	if (e->type == SESSION_ANSWERED && how & 16)
		session_reinvite(s, &ours);
	if (how & 128)
		return;
	if (e->type == SESSION_INCOMING)
		session_accept(s, &ours, &agreed);
	if (e->type == SESSION_REOFFER && session_reaccept(s, &ours, &agreed))
		session_rerefuse(s, 488, "refused");
}

static void feed(struct loop *l, const char *text, size_t len)
{
	in = text;
	in_len = len;
	readable(readable_arg);
	now_us += 600000;
	loop_step(l, 0);
	if (running && how & 32)
		session_reinvite_cancel(running);
	if (running && how & 64 && text[0])
		session_close(running, 480, 16);
}

/* One header line of the last message sent, with NAME in the place of its own. */
static size_t copy_header(char *out, size_t room, const char *from, const char *name)
{
	char key[24];
	const char *p;
	int n;

	snprintf(key, sizeof(key), "\r\n%s: ", from);
	p = strstr(last, key);
	if (!p)
		return 0;
	p += strlen(key);
	n = snprintf(out, room, "%s: %.*s\r\n", name, (int)strcspn(p, "\r"), p);
	return n > 0 && (size_t)n < room ? (size_t)n : 0;
}

static size_t call_headers(char *out, size_t room, bool request)
{
	size_t n = copy_header(out, room, request ? "To" : "From", "From");

	n += copy_header(out + n, room - n, request ? "From" : "To", "To");
	n += copy_header(out + n, room - n, "Call-ID", "Call-ID");
	if (!request) {
		n += copy_header(out + n, room - n, "Via", "Via");
		n += copy_header(out + n, room - n, "CSeq", "CSeq");
	}
	return n;
}

static void answer(struct loop *l)
{
	static const char sdp[] =
		"v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 7000 RTP/AVP 8\r\n";
	char text[ROOM];
	size_t n;

	n = (size_t)snprintf(text, sizeof(text), "SIP/2.0 200 OK\r\nContact: <sip:y@10.0.0.2>\r\n");
	n += call_headers(text + n, sizeof(text) - n, false);
	n += (size_t)snprintf(text + n, sizeof(text) - n,
			      "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s", sizeof(sdp) - 1, sdp);
	/* To's tag: any. */
	memmove(strstr(text, "\r\nCall-ID") + 6, strstr(text, "\r\nCall-ID"),
		n + 1 - (size_t)(strstr(text, "\r\nCall-ID") - text));
	memcpy(strstr(text, "To: ") + strcspn(strstr(text, "To: "), ">") + 1, ";tag=f", 6);
	feed(l, text, n + 6);
}

static void feed_piece(struct loop *l, const uint8_t *data, size_t size, bool fill)
{
	char text[ROOM];
	size_t i, n = 0;

	for (i = 0; i < size && n < sizeof(text) - 2048; i++) {
		if (fill && data[i] == 1)
			n += call_headers(text + n, 2048, size > 4 && memcmp(data, "SIP/", 4));
		else
			text[n++] = (char)data[i];
	}
	text[n] = '\0';
	feed(l, text, n);
}

static void feed_all(struct loop *l, const uint8_t *data, size_t size)
{
	const uint8_t *end;

	while (size) {
		end = how & 1 ? memchr(data, '\0', size) : NULL;
		if (!end)
			end = data + size;
		feed_piece(l, data, (size_t)(end - data), how & 2);
		size -= (size_t)(end - data);
		data = end;
		if (size) {
			data++;
			size--;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct clock clock = {fuzz_now, NULL};
	struct sip_peer_params peers = {.name = "p", .trusted = true};
	struct sip_stack_params p = {.user_agent = "f", .peers = &peers, .npeers = 1};
	struct session_invite_params call = {.called = "1", .calling = "2"};
	struct media_desc offer;
	struct sip_stack *k;
	struct loop *l;

	if (!size)
		return 0;
	how = *data++;
	size--;
	now_us = 1000000;
	in = NULL;
	log_set_sink(quiet, NULL);
	addr_parse(&peer, "10.0.0.2", 5060);
	addr_parse(&p.listen[ADDR_IPV4], "10.0.0.1", 5060);
	peers.addr = peer;
	if (loop_alloc(&l, &clock))
		return 0;
	if (sip_stack_alloc(&k, &p, l, &net, on_event, NULL))
		abort();
	offer = audio();
	call.offer = &offer;
	if (session_invite(k, &call, NULL, &running))
		abort();
	if (how & 4)
		answer(l);
	feed_all(l, data, size);
	if (how & 8) {
		now_us += 40000000;
		loop_step(l, 0);
		loop_step(l, 0);
	}
	sip_stack_free(k);
	loop_free(l);
	return 0;
}
