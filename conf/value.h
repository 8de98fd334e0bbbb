/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value: the types of values: how each is read from text, and what it may be, in words.
 */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include <stddef.h>

struct table_key;

#define VALUE_WHY_OCTETS     384
#define VALUE_ALLOWED_OCTETS 256

struct value_type {
	/* Reads TEXT into the field of the struct at BASE that KEY describes. Returns 0, or EINVAL: WHY
	 * (VALUE_WHY_OCTETS, "" before) is then the reason in words, or still "": TEXT is not what is allowed. */
	int (*parse)(const struct table_key *key, const char *text, void *base, char *why);
	/* Writes what is allowed to BUF (VALUE_ALLOWED_OCTETS): "one of 2400, 4800", "from 10 ms to 1 s". */
	void (*allowed)(const struct table_key *key, char *buf);
};

extern const struct value_type value_bool; /* bool: "yes" or "no" */
extern const struct value_type value_uint; /* unsigned, min to max */
extern const struct value_type
	value_duration;			   /* uint32_t in milliseconds, min to max: "500 ms", "2 s", "3 min", "6 h" */
extern const struct value_type value_gain; /* int in tenths of a decibel, -min to min: "-3 dB", "1.5"; value_gain.c */
extern const struct value_type value_interface; /* char[SIZE]: of the network; "none" for ""; value_link.c */
extern const struct value_type value_mac;	/* uint8_t[6]; "none" for zeros; value_link.c */
extern const struct value_type value_choice;	/* an enum of COUNT values named by NAME */
extern const struct value_type value_word;	/* the same, but the text itself is kept, in char[SIZE] */
extern const struct value_type value_rate;	/* unsigned: a bit rate of T.30 */
extern const struct value_type value_text;	/* char[SIZE]: printable ASCII */
extern const struct value_type value_host;	/* char[SIZE]: a host name or address; may be "none" for "" */
extern const struct value_type value_path;	/* char[SIZE] */
extern const struct value_type value_absolute;	/* char[SIZE]: an absolute path; "none" for ""; value_control.c */
extern const struct value_type value_group;	/* char[SIZE]: "none" for ""; value_control.c */
extern const struct value_type value_address;	/* struct addr with a port; MIN where the text has none (0: it must) */
/* struct addr[ADDR_FAMILIES]: without a port; "none" for unset; value_addrs.c */
extern const struct value_type value_ips;
/* The same with a port, MIN where the text has none; the first must be there. */
extern const struct value_type value_addresses, value_addresses_or_none;
extern const struct value_type value_dscp; /* unsigned; value_dscp.c */

/* value_span.c: as the type of that name, or "span" for CONFIG_AS_SPAN */
extern const struct value_type value_uint_or_span, value_duration_or_span, value_rate_or_span, value_choice_or_span;

/* value_server.c */
extern const struct value_type value_server;	  /* struct config_peer: addr, or host and port */
extern const struct value_type value_nameservers; /* struct config_nameservers; "system" for none */

/* value_auth.c; "none" for "" */
extern const struct value_type value_user;   /* char[SIZE] */
extern const struct value_type value_secret; /* char[SIZE] */

extern const struct value_type value_ranges; /* struct config_ranges: added to; "none" for none; value_ranges.c */

/* value_list.c */
extern const struct value_type value_ports;	/* struct config: port_min, port_max */
extern const struct value_type value_codecs;	/* struct config_peer: ncodecs, codecs */
extern const struct value_type value_targets;	/* struct config_targets: "a, b" or "a:70, b:30" */
extern const struct value_type value_modems;	/* unsigned: FAX_MODEM_* */
extern const struct value_type value_timeslots; /* uint32_t: a bit each */
extern const struct value_type value_numbers;	/* struct config_numbers: added to; "none" for no pattern */

/* value_route.c */
extern const struct value_type value_from;   /* struct config_ends: "span 1-3, peer a, group b"; "any" for none */
extern const struct value_type value_to;     /* the same, of one kind, peers with weights; "none" */
extern const struct value_type value_spans;  /* the same: spans alone, without the word */
extern const struct value_type value_digits; /* char[SIZE]; "none" for "" */
extern const struct value_type value_cause;  /* unsigned: of Q.850; "no" for 0 */
extern const struct value_type value_types;  /* unsigned: bit 1 << enum config_number_type; "any" for 0 */

/* The field of the struct at BASE that KEY describes. */
void *value_field(const struct table_key *key, void *base);

/* Reads a decimal number of MIN to MAX: digits alone. Returns 0 or EINVAL. */
int value_read_uint(const char *text, unsigned min, unsigned max, unsigned *np);

/* What is wrong with NAME as the name of a peer (static text), or NULL. */
const char *value_name_fault(const char *name);

#endif
