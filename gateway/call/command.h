/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * command: what an operator may ask of the running gateway, read from one line of words. Pure.
 *
 * Words may be cut short while they stay unambiguous: "sh sp" is "show spans". The grammar is a table of tokens, in
 * command.c; command_help() prints it.
 */
#ifndef GATEWAY_COMMAND_H
#define GATEWAY_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/addr.h"
#include "gateway/base/log.h"

enum command_type {
	COMMAND_SHOW_STATUS,
	COMMAND_SHOW_SPANS,
	COMMAND_SHOW_SPAN,
	COMMAND_SHOW_CHANNELS,
	COMMAND_SHOW_CALLS,
	COMMAND_SHOW_CALL,
	COMMAND_SHOW_PEERS,
	COMMAND_SHOW_ENDPOINTS,
	COMMAND_SHOW_REGISTRATIONS,
	COMMAND_SHOW_BLACKLIST,
	COMMAND_BLOCK,
	COMMAND_UNBLOCK,
	COMMAND_UNBLOCK_SOURCE,
	COMMAND_RESTART,
	COMMAND_CLEAR,
	COMMAND_LOG_LEVEL,
	COMMAND_HELP,
	COMMAND_COUNT
};

struct command {
	enum command_type type;
	unsigned span;	    /* its number, as configured; 0: every span */
	uint32_t timeslots; /* bits; 0: all of the span */
	bool force;	    /* RESTART: calls on the channels are cleared */
	uint16_t origin;    /* a call's id, as struct call_id */
	uint32_t serial;
	enum log_level level;
	struct addr source; /* UNBLOCK_SOURCE */
};

#define COMMAND_LINE_OCTETS 512 /* the longest line */
#define COMMAND_WHY_OCTETS  256

/* Reads LINE (words parted by blanks). Returns 0, or EINVAL with WHY: the word, and what may stand there. */
int command_parse(const char *line, struct command *cp, char why[COMMAND_WHY_OCTETS]);

/* The Nth line of the list of all commands, or NULL: "show span N", and what it does. */
const char *command_usage(unsigned n, const char **meaningp);

#endif
