/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/control/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/base/log.h"
#include "gateway/base/loop.h"
#include "gateway/base/version.h"
#include "gateway/call/msg.h"
#include "gateway/control/control_client.h"
#include "gateway/control/control_socket.h"

#define INBOX_ROOM 4096
#define CLIENTS	   16
#define ANSWER_US  (2 * SEC_US)
#define RESTART_US (8 * SEC_US) /* from one row to the next: calls are cleared, and a RESTART waits 4 s */
#define FROM_STOP  UINT32_MAX	/* a row from control_stop() */

/* A client, and the request it waits for. */
struct asker {
	struct control *control;
	struct control_client *client; /* NULL: free */
	uint32_t request;	       /* 0: none */
	struct command command;
	bool waited[ANSWER_THREADS];   /* for these answers */
	unsigned rows[ANSWER_THREADS]; /* that came */
	unsigned total;
	char wrong[ANSWER_ROW_OCTETS]; /* the first thing that went wrong; "" */
	struct timer timer;
};

struct control {
	const struct config *config;
	struct loop *loop;
	struct mailbox *inbox;
	struct mailbox *threads[ANSWER_THREADS];
	struct asker askers[CLIENTS];
	uint32_t requests;
	int64_t begun_us;
	int fd;
};

/* Who is asked for a command, and what the columns of the answer are. */
static const struct command_kind {
	const char *columns;
	bool spans, sip;
	bool must_be; /* a call that is named must be there */
} kinds[COMMAND_COUNT] = {
	[COMMAND_SHOW_STATUS] = {"what\tstate", true, true, false},
	[COMMAND_SHOW_SPANS] = {"span\tline\talarm\tD channel\tin calls\tfree\trestarting\tblocked\tcalls from line",
				true, false, false},
	[COMMAND_SHOW_SPAN] = {"what\tvalue", true, false, false},
	[COMMAND_SHOW_CHANNELS] = {"span\ttimeslot\tstate\tblocked by\tcall", true, false, false},
	[COMMAND_SHOW_CALLS] = {"call\tspan\ttimeslot\tfrom\tstate\tseconds\tcalling\tcalled\tpeer\tmedia\tpages", true,
				false, false},
	[COMMAND_SHOW_CALL] = {"what\tvalue", true, false, true},
	[COMMAND_SHOW_PEERS] = {"peer\taddress\tcalls\tstate\tlast word\tfrom it\tto it\trefused\tmoved", false, true,
				false},
	[COMMAND_SHOW_ENDPOINTS] = {"endpoint\tuser\tregistered at\tseconds left\tcontact\tcalls", false, true, false},
	[COMMAND_SHOW_REGISTRATIONS] = {"peer\tas\tstate\tseconds left\tnext in\twhy", false, true, false},
	[COMMAND_SHOW_BLACKLIST] = {"source\tstate\trefused\tdropped\tlast refusal", false, true, false},
	[COMMAND_BLOCK] = {"span\ttimeslot\tstate\tblocked by", true, false, false},
	[COMMAND_UNBLOCK] = {"span\ttimeslot\tstate\tblocked by", true, false, false},
	[COMMAND_UNBLOCK_SOURCE] = {"source\twhat", false, true, false},
	[COMMAND_RESTART] = {"span\ttimeslot\tRESTART", true, false, false},
	[COMMAND_CLEAR] = {"call\twhat", true, false, true},
	[COMMAND_LOG_LEVEL] = {"what\tvalue", false, false, false},
	[COMMAND_HELP] = {"command\tmeaning", false, false, false},
};

static void asker_row(struct asker *a, const char *text)
{
	a->total++;
	control_client_say(a->client, '+', text);
}

static void asker_wrong(struct asker *a, const char *text)
{
	if (!a->wrong[0])
		snprintf(a->wrong, sizeof(a->wrong), "%s", text);
}

static void asker_end(struct asker *a)
{
	timer_stop(loop_timers(a->control->loop), &a->timer);
	a->request = 0;
	if (!a->wrong[0] && kinds[a->command.type].must_be && !a->total)
		asker_wrong(a, "there is no such call");
	control_client_say(a->client, a->wrong[0] ? '!' : '.', a->wrong);
	control_client_done(a->client);
}

static void asker_look(struct asker *a)
{
	for (unsigned i = 0; i < ANSWER_THREADS; i++)
		if (a->waited[i])
			return;
	asker_end(a);
}

static const char *thread_name(const struct control *k, unsigned i, char *buf, size_t room)
{
	if (i == ANSWER_FROM_SIP)
		snprintf(buf, room, "SIP");
	else
		snprintf(buf, room, "span %u", k->config->spans[i].number);
	return buf;
}

static void on_silence(void *arg)
{
	struct asker *a = arg;
	char name[24], text[80];

	for (unsigned i = 0; i < ANSWER_THREADS; i++) {
		if (!a->waited[i])
			continue;
		snprintf(text, sizeof(text), "no answer from %s", thread_name(a->control, i, name, sizeof(name)));
		asker_wrong(a, text);
		a->waited[i] = false;
	}
	asker_end(a);
}

static void asker_wait(struct asker *a)
{
	timer_start(loop_timers(a->control->loop), &a->timer,
		    a->command.type == COMMAND_RESTART ? RESTART_US : ANSWER_US);
}

static void ask_thread(struct asker *a, unsigned i)
{
	struct control *k = a->control;
	struct msg m = {.type = MSG_COMMAND, .span = i < CONFIG_MAX_SPANS ? i : 0};
	char name[24], text[80];

	m.command.request = a->request;
	m.command.what = a->command;
	if (!k->threads[i])
		return;
	a->waited[i] = !mailbox_post(k->threads[i], &m);
	if (a->waited[i])
		return;
	snprintf(text, sizeof(text), "%s is overloaded", thread_name(k, i, name, sizeof(name)));
	asker_wrong(a, text);
}

/* The index of the span with NUMBER, or -1. */
static int find_span(const struct config *c, unsigned number)
{
	for (unsigned i = 0; i < c->nspans; i++)
		if (c->spans[i].number == number)
			return (int)i;
	return -1;
}

static void ask_spans(struct asker *a)
{
	const struct control *k = a->control;
	int span = find_span(k->config, a->command.span);
	char text[80];

	if (!a->command.span) {
		for (unsigned i = 0; i < k->config->nspans; i++)
			ask_thread(a, i);
		return;
	}
	if (span < 0 || !k->threads[span]) {
		snprintf(text, sizeof(text), span < 0 ? "there is no span %u" : "span %u is not enabled",
			 a->command.span);
		asker_wrong(a, text);
		return;
	}
	ask_thread(a, (unsigned)span);
}

static void show_gateway(struct asker *a)
{
	const struct control *k = a->control;
	char text[ANSWER_ROW_OCTETS];

	snprintf(text, sizeof(text), "faxspand\tversion %s, process %ld", FAXSPAN_VERSION, (long)getpid());
	asker_row(a, text);
	snprintf(text, sizeof(text), "running\t%lld s", (long long)((loop_now_us(k->loop) - k->begun_us) / SEC_US));
	asker_row(a, text);
	snprintf(text, sizeof(text), "configuration\t%s", k->config->file);
	asker_row(a, text);
}

/* What the control thread answers by itself. */
static void asker_do(struct asker *a)
{
	char text[ANSWER_ROW_OCTETS];
	const char *command, *meaning;

	switch (a->command.type) {
	case COMMAND_SHOW_STATUS:
		show_gateway(a);
		break;
	case COMMAND_LOG_LEVEL:
		log_set_level(a->command.level);
		log_notice("control", "the operator sets the log level to %s", log_level_name(a->command.level));
		snprintf(text, sizeof(text), "log level\t%s", log_level_name(a->command.level));
		asker_row(a, text);
		break;
	case COMMAND_HELP:
		for (unsigned i = 0; (command = command_usage(i, &meaning)); i++) {
			snprintf(text, sizeof(text), "%s\t%s", command, meaning);
			asker_row(a, text);
		}
		break;
	default:
		break;
	}
}

static void on_line(struct control_client *client, const char *line, void *arg)
{
	struct asker *a = arg;
	char why[COMMAND_WHY_OCTETS];

	if (command_parse(line, &a->command, why)) {
		control_client_say(client, '!', why);
		control_client_done(client);
		return;
	}
	log_debug("control", "command: %s", line);
	a->request = ++a->control->requests ? a->control->requests : ++a->control->requests;
	a->total = 0;
	a->wrong[0] = '\0';
	memset(a->waited, 0, sizeof(a->waited));
	memset(a->rows, 0, sizeof(a->rows));
	control_client_say(client, '=', kinds[a->command.type].columns);
	asker_do(a);
	if (kinds[a->command.type].sip)
		ask_thread(a, ANSWER_FROM_SIP);
	if (kinds[a->command.type].spans)
		ask_spans(a);
	asker_wait(a);
	asker_look(a);
}

static void on_closed(struct control_client *client, void *arg)
{
	struct asker *a = arg;

	timer_stop(loop_timers(a->control->loop), &a->timer);
	a->request = 0;
	a->client = NULL;
}

static void on_row(struct control *k, const struct answer_row *r)
{
	struct asker *a = NULL;

	for (unsigned i = 0; i < CLIENTS; i++)
		if (k->askers[i].request == r->request && k->askers[i].client)
			a = &k->askers[i];
	/* the client is gone, or it was told that nobody answered */
	if (!a || !r->request || r->from >= ANSWER_THREADS || !a->waited[r->from])
		return;
	if (!r->last) {
		a->rows[r->from]++;
		asker_row(a, r->text);
		asker_wait(a);
		return;
	}
	a->waited[r->from] = false;
	if (r->failed)
		asker_wrong(a, r->text);
	if (a->rows[r->from] != r->rows)
		asker_wrong(a, "rows were lost: too much was asked at once");
	asker_look(a);
}

static void on_inbox(uint32_t epoll_events, void *arg)
{
	struct control *k = arg;
	struct answer_row r;

	mailbox_quiet(k->inbox);
	while (mailbox_take(k->inbox, &r)) {
		if (r.from == FROM_STOP)
			loop_stop(k->loop);
		else
			on_row(k, &r);
	}
}

static struct asker *free_asker(struct control *k)
{
	for (unsigned i = 0; i < CLIENTS; i++)
		if (!k->askers[i].client)
			return &k->askers[i];
	return NULL;
}

static void on_connection(uint32_t epoll_events, void *arg)
{
	static const char full[] = "!too many clients\n";
	struct control *k = arg;
	struct asker *a = free_asker(k);
	int fd = accept4(k->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (!a) {
		if (send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			log_debug("control", "a client too many");
		close(fd);
		return;
	}
	if (control_client_alloc(&a->client, fd, k->loop, &(struct control_client_handlers){on_line, on_closed, a}))
		log_error("control", "no memory for a client");
}

int control_alloc(struct control **cp, const struct config *c, const struct clock *clock)
{
	struct control *k = calloc(1, sizeof(*k));
	int err = ENOMEM;

	if (!k)
		return err;
	k->config = c;
	k->fd = -1;
	k->begun_us = clock_now_us(clock);
	for (unsigned i = 0; i < CLIENTS; i++) {
		k->askers[i].control = k;
		timer_init(&k->askers[i].timer, on_silence, &k->askers[i]);
	}
	err = loop_alloc(&k->loop, clock);
	if (!err)
		err = mailbox_alloc(&k->inbox, INBOX_ROOM, sizeof(struct answer_row));
	if (!err)
		err = loop_watch(k->loop, mailbox_fd(k->inbox), EPOLLIN, on_inbox, k);
	if (!err)
		err = control_socket_open(c->control_socket, c->control_group, &k->fd);
	if (!err)
		err = loop_watch(k->loop, k->fd, EPOLLIN, on_connection, k);
	if (err)
		control_free(k);
	else
		*cp = k;
	return err;
}

void control_free(struct control *k)
{
	if (!k)
		return;
	for (unsigned i = 0; i < CLIENTS; i++)
		control_client_free(k->askers[i].client);
	if (k->fd >= 0) {
		loop_unwatch(k->loop, k->fd);
		control_socket_close(k->config->control_socket, k->fd);
	}
	if (k->loop && k->inbox)
		loop_unwatch(k->loop, mailbox_fd(k->inbox));
	mailbox_free(k->inbox);
	loop_free(k->loop);
	free(k);
}

void control_connect(struct control *k, unsigned from, struct mailbox *inbox)
{
	k->threads[from] = inbox;
}

struct mailbox *control_inbox(struct control *k)
{
	return k->inbox;
}

struct loop *control_loop(struct control *k)
{
	return k->loop;
}

int control_run(struct control *k)
{
	return loop_run(k->loop);
}

void control_stop(struct control *k)
{
	const struct answer_row stop = {.from = FROM_STOP};

	if (mailbox_post(k->inbox, &stop))
		log_error("control", "its mailbox is full: it cannot be told to stop");
}
