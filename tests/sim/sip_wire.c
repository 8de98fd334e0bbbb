/* SPDX-License-Identifier: GPL-2.0-only */
#include "sip_wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

static struct addr address(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(&a, text, 5060), 0);
	return a;
}

static void on_event(struct sip_session *s, const struct session_event *e, void *arg, void *stack_arg)
{
	struct wire *w = stack_arg;

	if (w->nevents < WIRE_EVENTS)
		w->events[w->nevents++] = *e;
	if (e->type == SESSION_INCOMING)
		w->session = s;
	if (w->on_event)
		w->on_event(w, s, e);
	if (e->type == SESSION_CLOSED && w->session == s)
		w->session = NULL;
}

int wire_open(struct wire *w)
{
	const struct sip_peer_params peer = {.trusted = true};

	return wire_open_with(w, &peer);
}

int wire_open_with(struct wire *w, const struct sip_peer_params *params)
{
	static const char user_agent[] = "Faxspan/test";
	struct sip_peer_params peer = *params;
	struct sip_stack_params p = {
		.listen = {address("10.0.0.1:5060")}, .user_agent = user_agent, .peers = &peer, .npeers = 1};
	struct addr a;
	int err;

	peer.name = peer.endpoint ? "fax1" : "carrier";
	if (!peer.endpoint)
		peer.addr = address("10.0.0.2:5060");
	memset(w, 0, sizeof(*w));
	clock_sim_use();
	err = loop_alloc(&w->loop, &clock_sim);
	if (!err)
		err = net_sim_alloc(&w->net, 1);
	if (!err)
		err = sip_stack_alloc(&w->stack, &p, w->loop, net_sim_net(w->net), on_event, w);
	a = address("10.0.0.2:5060");
	if (!err)
		err = udp_open(net_sim_net(w->net), &a, &w->peer);
	a = address("10.0.0.9:5060");
	if (!err)
		err = udp_open(net_sim_net(w->net), &a, &w->stranger);
	if (err)
		wire_close(w);
	return err;
}

void wire_close(struct wire *w)
{
	sip_stack_free(w->stack);
	w->stack = NULL;
	udp_close(w->peer);
	udp_close(w->stranger);
	net_sim_free(w->net);
	loop_free(w->loop);
	clock_sim_leave();
	memset(w, 0, sizeof(*w));
}

static void wire_collect(struct wire *w, struct udp *u)
{
	struct addr from;
	ssize_t n;

	while (w->nqueued < WIRE_MESSAGES) {
		n = udp_recv(u, w->queue[w->nqueued], WIRE_OCTETS - 1, &from);
		if (n < 0)
			break;
		w->queue[w->nqueued++][n] = '\0';
	}
}

static void wire_round(struct wire *w)
{
	net_sim_run(w->net, clock_sim_now_us());
	loop_step(w->loop, 0);
	net_sim_run(w->net, clock_sim_now_us());
	wire_collect(w, w->peer);
	wire_collect(w, w->stranger);
}

void wire_run(struct wire *w, unsigned ms)
{
	unsigned step = ms > 10000 ? 10 : 1, at;

	wire_round(w);
	for (at = 0; at < ms; at += step) {
		clock_sim_advance_us(step * MS_US);
		wire_round(w);
	}
}

/* The value of header NAME in MSG, up to its line's end; all of them joined for Via. */
static bool find_header(const char *msg, const char *name, char *buf, size_t room)
{
	size_t n = strlen(name), len = 0;
	const char *line, *end;
	bool found = false;

	buf[0] = '\0';
	for (line = strstr(msg, "\r\n"); line && line[2] && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, n) || line[2 + n] != ':')
			continue;
		end = strstr(line + 2, "\r\n");
		len += (size_t)snprintf(buf + len, room - len, "%s%.*s", found ? ", " : "",
					(int)(end - line - 4 - (ptrdiff_t)n), line + n + 4);
		assert_true(len < room);
		found = true;
	}
	return found;
}

const char *wire_header(const struct wire *w, const char *name, char *buf, size_t room)
{
	find_header(w->last, name, buf, room);
	return buf;
}

static size_t put_field(struct wire *w, const char *name, const char *body, char *out, size_t room)
{
	char value[1024];

	if (!strcmp(name, "len"))
		return (size_t)snprintf(out, room, "%zu", strlen(body) + (size_t)0);
	/* {INVITE Via}: from our last INVITE, whatever came since. */
	if (!strncmp(name, "INVITE ", 7))
		find_header(w->invite, name + 7, value, sizeof(value));
	else
		find_header(w->last, name, value, sizeof(value));
	return (size_t)snprintf(out, room, "%s", value);
}

/* Bare line feeds become CR LF, {fields} their values. */
static size_t expand(struct wire *w, const char *text, const char *body, char *out, size_t room)
{
	char name[64];
	size_t n = 0, len;

	for (; *text && n < room - 2; text++) {
		if (*text == '\n' && (!n || out[n - 1] != '\r'))
			out[n++] = '\r';
		if (*text != '{') {
			out[n++] = *text;
			continue;
		}
		len = strcspn(++text, "}");
		snprintf(name, sizeof(name), "%.*s", (int)len, text);
		text += len;
		n += put_field(w, name, body, out + n, room - n);
	}
	out[n] = '\0';
	return n;
}

void wire_send_from(struct wire *w, struct udp *from, const char *text)
{
	char out[WIRE_OCTETS], body[WIRE_OCTETS] = "";
	const char *split = strstr(text, "\n\n");
	struct addr to = address("10.0.0.1:5060");
	size_t n;
	int err;

	if (split)
		expand(w, split + 2, "", body, sizeof(body));
	n = expand(w, text, body, out, sizeof(out));
	err = udp_send(from, &to, out, n);
	/* A datagram lost to a test of failing allocations. */
	if (err != ENOMEM)
		assert_int_equal(err, 0);
	wire_run(w, 2);
}

void wire_send(struct wire *w, const char *text)
{
	wire_send_from(w, w->peer, text);
}

static bool wire_take(struct wire *w, const char *start)
{
	bool found = false;

	while (w->nqueued && !found) {
		found = !strncmp(w->queue[0], start, strlen(start));
		if (found)
			memcpy(w->last, w->queue[0], WIRE_OCTETS);
		w->nqueued--;
		memmove(w->queue[0], w->queue[1], (size_t)w->nqueued * WIRE_OCTETS);
	}
	if (found && !strncmp(start, "INVITE", 6))
		memcpy(w->invite, w->last, WIRE_OCTETS);
	return found;
}

bool wire_comes(struct wire *w, const char *start, unsigned ms)
{
	unsigned at;

	wire_run(w, 0);
	for (at = 0; at <= ms; at += 5) {
		if (wire_take(w, start))
			return true;
		wire_run(w, 5);
	}
	return false;
}

const char *wire_expect(struct wire *w, const char *start, unsigned ms)
{
	if (!wire_comes(w, start, ms))
		fail_msg("no message \"%s\" within %u ms", start, ms);
	return w->last;
}

void wire_expect_nothing(struct wire *w, unsigned ms)
{
	wire_run(w, ms);
	if (w->nqueued)
		fail_msg("unexpected message: %.60s", w->queue[0]);
}

bool wire_has(const struct wire *w, const char *text)
{
	return strstr(w->last, text) != NULL;
}

const struct session_event *wire_event(struct wire *w, enum session_event_type type, unsigned ms)
{
	unsigned at;

	wire_run(w, 0);
	for (at = 0; w->seen == w->nevents && at < ms; at += 5)
		wire_run(w, 5);
	if (w->seen == w->nevents)
		fail_msg("no event %d within %u ms", type, ms);
	if (w->events[w->seen].type != type)
		fail_msg("event %d in place of %d", w->events[w->seen].type, type);
	return &w->events[w->seen++];
}

void wire_no_event(struct wire *w, unsigned ms)
{
	wire_run(w, ms);
	if (w->seen != w->nevents)
		fail_msg("unexpected event %d", w->events[w->seen].type);
}

struct media_desc wire_audio(unsigned port)
{
	struct media_desc d;

	memset(&d, 0, sizeof(d));
	d.has_audio = true;
	d.audio.addr = address("10.0.0.1");
	addr_set_port(&d.audio.addr, (uint16_t)port);
	d.audio.ncodecs = 2;
	d.audio.codecs[0] = CODEC_PCMA;
	d.audio.codecs[1] = CODEC_PCMU;
	d.audio.telephone_event_pt = -1;
	return d;
}

struct media_desc wire_image(unsigned port)
{
	struct media_desc d;

	memset(&d, 0, sizeof(d));
	d.has_image = true;
	d.image.addr = address("10.0.0.1");
	addr_set_port(&d.image.addr, (uint16_t)port);
	d.image.max_bit_rate = 14400;
	d.image.max_buffer_octets = 1800;
	d.image.max_datagram_octets = 400;
	d.image.error_correction = T38_EC_REDUNDANCY;
	return d;
}
