/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/call/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/config.h"
#include "dahdi/chanmap.h"

#define WORDS 16

enum token_kind {
	TOKEN_END,  /* the line may end here */
	TOKEN_WORD, /* this very word, or its beginning */
	TOKEN_SPAN, /* a span's number */
	TOKEN_LIST, /* timeslots */
	TOKEN_CALL, /* a call's id */
	TOKEN_LEVEL,
	TOKEN_ADDRESS,
};

/* What may stand at a place of the line: tables end with an entry without a name. TYPE is set when the token is taken,
 * where it is not KEEP. */
struct token {
	enum token_kind kind;
	const char *name; /* the word itself, or what the message calls it */
	const struct token *next;
	int type;
};

#define KEEP (-1)

static const struct token t_end[] = {{TOKEN_END, "the end", NULL, KEEP}, {0}};
static const struct token t_list_end[] = {{TOKEN_LIST, "a list like 1-15,17", t_end, KEEP}, {0}};
static const struct token t_channels[] = {
	{TOKEN_END, "the end", NULL, KEEP}, {TOKEN_WORD, "timeslots", t_list_end, KEEP}, {0}};
static const struct token t_force[] = {{TOKEN_END, "the end", NULL, KEEP}, {TOKEN_WORD, "force", t_end, KEEP}, {0}};
static const struct token t_list_force[] = {{TOKEN_LIST, "a list like 1-15,17", t_force, KEEP}, {0}};
static const struct token t_restart[] = {{TOKEN_END, "the end", NULL, KEEP},
					 {TOKEN_WORD, "timeslots", t_list_force, KEEP},
					 {TOKEN_WORD, "force", t_end, KEEP},
					 {0}};
static const struct token t_span[] = {{TOKEN_SPAN, "a span's number", t_end, KEEP}, {0}};
static const struct token t_maybe_span[] = {
	{TOKEN_END, "the end", NULL, KEEP}, {TOKEN_SPAN, "a span's number", t_end, KEEP}, {0}};
static const struct token t_call[] = {{TOKEN_CALL, "a call's id, like 1-42", t_end, KEEP}, {0}};
static const struct token t_show[] = {{TOKEN_WORD, "status", t_end, COMMAND_SHOW_STATUS},
				      {TOKEN_WORD, "spans", t_end, COMMAND_SHOW_SPANS},
				      {TOKEN_WORD, "span", t_span, COMMAND_SHOW_SPAN},
				      {TOKEN_WORD, "channels", t_maybe_span, COMMAND_SHOW_CHANNELS},
				      {TOKEN_WORD, "calls", t_end, COMMAND_SHOW_CALLS},
				      {TOKEN_WORD, "call", t_call, COMMAND_SHOW_CALL},
				      {TOKEN_WORD, "peers", t_end, COMMAND_SHOW_PEERS},
				      {TOKEN_WORD, "endpoints", t_end, COMMAND_SHOW_ENDPOINTS},
				      {TOKEN_WORD, "registrations", t_end, COMMAND_SHOW_REGISTRATIONS},
				      {TOKEN_WORD, "blacklist", t_end, COMMAND_SHOW_BLACKLIST},
				      {0}};
static const struct token t_of_span[] = {{TOKEN_SPAN, "a span's number", t_channels, KEEP}, {0}};
static const struct token t_restart_span[] = {{TOKEN_SPAN, "a span's number", t_restart, KEEP}, {0}};
static const struct token t_block[] = {{TOKEN_WORD, "span", t_of_span, KEEP}, {0}};
static const struct token t_unblock[] = {{TOKEN_WORD, "span", t_of_span, COMMAND_UNBLOCK},
					 {TOKEN_ADDRESS, "an address", t_end, COMMAND_UNBLOCK_SOURCE},
					 {0}};
static const struct token t_restart_what[] = {{TOKEN_WORD, "span", t_restart_span, KEEP}, {0}};
static const struct token t_clear[] = {{TOKEN_WORD, "call", t_call, COMMAND_CLEAR}, {0}};
static const struct token t_level[] = {{TOKEN_LEVEL, "error, warning, notice, info or debug", t_end, KEEP}, {0}};
static const struct token t_log[] = {{TOKEN_WORD, "level", t_level, COMMAND_LOG_LEVEL}, {0}};
static const struct token t_first[] = {
	{TOKEN_WORD, "show", t_show, KEEP},	   {TOKEN_WORD, "block", t_block, COMMAND_BLOCK},
	{TOKEN_WORD, "unblock", t_unblock, KEEP},  {TOKEN_WORD, "restart", t_restart_what, COMMAND_RESTART},
	{TOKEN_WORD, "clear", t_clear, KEEP},	   {TOKEN_WORD, "log", t_log, KEEP},
	{TOKEN_WORD, "help", t_end, COMMAND_HELP}, {0}};

static const char *const usage[][2] = {
	{"show status", "version, time running, and each thread in a line"},
	{"show spans", "each span: line, D channel, channels in use"},
	{"show span N", "one span with its counters"},
	{"show channels [N]", "each B channel of a span, or of all"},
	{"show calls", "the calls there are"},
	{"show call ID", "one call"},
	{"show peers", "the SIP peers"},
	{"show endpoints", "the endpoints, and where each is registered"},
	{"show registrations", "our registrations with peers"},
	{"show blacklist", "the sources that keep being refused"},
	{"block span N [timeslots LIST]", "take channels out of service; calls on them go on"},
	{"unblock span N [timeslots LIST]", "put them back"},
	{"unblock ADDRESS", "take a source off the blacklist"},
	{"restart span N [timeslots LIST] [force]", "send RESTART; with force, calls on the channels are cleared"},
	{"clear call ID", "end a call"},
	{"log level LEVEL", "until the next start"},
	{"help", "this list"},
};

const char *command_usage(unsigned n, const char **meaningp)
{
	if (n >= sizeof(usage) / sizeof(usage[0]))
		return NULL;
	*meaningp = usage[n][1];
	return usage[n][0];
}

static int read_number(const char *word, unsigned long max, unsigned long *np)
{
	char *end;
	unsigned long n;

	if (word[0] < '0' || word[0] > '9')
		return EINVAL;
	errno = 0;
	n = strtoul(word, &end, 10);
	if (errno || *end || n > max)
		return EINVAL;
	*np = n;
	return 0;
}

/* "1-42", or "s-42" for a call from SIP. */
static int read_call(const char *word, struct command *c)
{
	char origin[8];
	const char *dash = strchr(word, '-');
	unsigned long span = 0, serial;

	if (!dash || dash == word || (size_t)(dash - word) >= sizeof(origin) ||
	    read_number(dash + 1, UINT32_MAX, &serial))
		return EINVAL;
	snprintf(origin, sizeof(origin), "%.*s", (int)(dash - word), word);
	if (strcmp(origin, "s") && (read_number(origin, CONFIG_SPAN_NUMBER_MAX, &span) || !span))
		return EINVAL;
	c->origin = (uint16_t)span;
	c->serial = (uint32_t)serial;
	return 0;
}

/* 0: WORD is what T stands for (or its beginning: ENOENT, if it is only that). */
static int token_take(const struct token *t, const char *word, struct command *c, char *why)
{
	unsigned long n = 0;
	const char *wrong;
	int err = EINVAL;

	switch (t->kind) {
	case TOKEN_END:
		break;
	case TOKEN_WORD:
		if (!strncmp(word, t->name, strlen(word)))
			err = t->name[strlen(word)] ? ENOENT : 0;
		break;
	case TOKEN_SPAN:
		err = read_number(word, CONFIG_SPAN_NUMBER_MAX, &n);
		if (!err && !n)
			err = EINVAL;
		if (!err)
			c->span = (unsigned)n;
		break;
	case TOKEN_LIST:
		err = chanmap_parse(word, &c->timeslots, &wrong);
		if (err)
			snprintf(why, COMMAND_WHY_OCTETS, "\"%.60s\": %s", word, wrong);
		break;
	case TOKEN_CALL:
		err = read_call(word, c);
		break;
	case TOKEN_LEVEL:
		err = log_level_parse(word, &c->level) ? 0 : EINVAL;
		break;
	case TOKEN_ADDRESS:
		err = addr_parse(&c->source, word, 0);
		break;
	}
	return err;
}

static void say_expected(const struct token *table, const char *word, const char *what, char *why)
{
	size_t len;

	if (word)
		len = (size_t)snprintf(why, COMMAND_WHY_OCTETS, "%s \"%.60s\": expected ", what, word);
	else
		len = (size_t)snprintf(why, COMMAND_WHY_OCTETS, "%s: expected ", what);
	for (const struct token *t = table; t->name && len < COMMAND_WHY_OCTETS; t++)
		len += (size_t)snprintf(why + len, COMMAND_WHY_OCTETS - len, "%s%s",
					t == table  ? ""
					: t[1].name ? ", "
						    : " or ",
					t->name);
}

/* The one token of TABLE that WORD stands for (NULL: the end of the line). */
static const struct token *token_find(const struct token *table, const char *word, struct command *c, char *why)
{
	const struct token *found = NULL;
	unsigned beginnings = 0;
	int err;

	why[0] = '\0';
	for (const struct token *t = table; t->name; t++) {
		if (!word && t->kind == TOKEN_END)
			return t;
		if (!word)
			continue;
		err = token_take(t, word, c, why);
		if (!err)
			return t;
		if (err != ENOENT)
			continue;
		found = t;
		beginnings++;
	}
	if (beginnings == 1)
		return found;
	if (!why[0])
		say_expected(table, word,
			     !word	  ? "the line is not whole"
			     : beginnings ? "ambiguous"
					  : "unknown word",
			     why);
	return NULL;
}

static unsigned split(char *line, char **words)
{
	unsigned n = 0;
	char *save, *w;

	for (w = strtok_r(line, " \t\r\n", &save); w && n < WORDS; w = strtok_r(NULL, " \t\r\n", &save))
		words[n++] = w;
	return n;
}

int command_parse(const char *line, struct command *cp, char why[COMMAND_WHY_OCTETS])
{
	char copy[COMMAND_LINE_OCTETS], *words[WORDS];
	const struct token *table = t_first, *t;
	struct command c = {0};
	unsigned n;

	if (strlen(line) >= sizeof(copy)) {
		snprintf(why, COMMAND_WHY_OCTETS, "the line is longer than %zu octets", sizeof(copy) - 1);
		return EINVAL;
	}
	snprintf(copy, sizeof(copy), "%s", line);
	n = split(copy, words);
	for (unsigned i = 0;; i++) {
		t = token_find(table, i < n ? words[i] : NULL, &c, why);
		if (!t)
			return EINVAL;
		if (t->type != KEEP)
			c.type = (enum command_type)t->type;
		c.force |= t->kind == TOKEN_WORD && !strcmp(t->name, "force");
		if (t->kind == TOKEN_END)
			break;
		table = t->next;
	}
	*cp = c;
	return 0;
}
