/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * isdn: plain ISDN data shared by configuration, the D channel and the calls: numbers, causes, sides, hunting.
 */
#ifndef BASE_ISDN_H
#define BASE_ISDN_H

#include <stdbool.h>
#include <stdint.h>

#define ISDN_NUMBER_OCTETS 33	/* digits and the terminating NUL */
#define ISDN_NAME_OCTETS 51
#define TIMESLOT_COUNT 32	/* E1: 0 (framing) to 31; T1 uses 1 to 24 */

enum isdn_side { ISDN_TE, ISDN_NT };
enum isdn_switch { ISDN_EUROISDN, ISDN_QSIG, ISDN_NI2, ISDN_DMS100, ISDN_5ESS, ISDN_4ESS };
enum isdn_hunt { HUNT_ASCENDING, HUNT_DESCENDING, HUNT_ROUND_ROBIN };
enum isdn_presentation { PRESENTATION_ALLOWED, PRESENTATION_RESTRICTED, PRESENTATION_UNAVAILABLE };

const char *isdn_side_name(enum isdn_side s);		/* "te", "nt" */
const char *isdn_switch_name(enum isdn_switch s);	/* "euroisdn", ... as in the configuration */
const char *isdn_hunt_name(enum isdn_hunt h);		/* "ascending", "descending", "round-robin" */

/* A number as Q.931 4.5.8/4.5.10 carries it. */
struct isdn_number {
	char digits[ISDN_NUMBER_OCTETS];
	uint8_t type;		/* type of number, Q.931 table 4-9: 0 unknown, 1 international, 2 national, 4 subscriber */
	uint8_t plan;		/* numbering plan, same table: 1 E.164 */
	enum isdn_presentation presentation;
};

struct isdn_parties {
	struct isdn_number called, calling;
	char calling_name[ISDN_NAME_OCTETS];
};

/* True if TEXT is 1 to 32 characters of 0-9 * # (and, if PLUS, one leading '+'). */
bool isdn_digits_valid(const char *text, bool plus);

/* Cause values, Q.850 table 1 (those Faxspan uses itself). */
enum q850 {
	Q850_UNALLOCATED = 1,
	Q850_NO_ROUTE = 3,
	Q850_NORMAL = 16,
	Q850_BUSY = 17,
	Q850_NO_RESPONSE = 18,
	Q850_NO_ANSWER = 19,
	Q850_REJECTED = 21,
	Q850_DESTINATION_OUT_OF_ORDER = 27,
	Q850_INVALID_NUMBER = 28,
	Q850_NORMAL_UNSPECIFIED = 31,
	Q850_NO_CHANNEL = 34,
	Q850_NETWORK_OUT_OF_ORDER = 38,
	Q850_TEMPORARY_FAILURE = 41,
	Q850_CONGESTION = 42,
	Q850_CHANNEL_UNAVAILABLE = 44,
	Q850_RESOURCE_UNAVAILABLE = 47,
	Q850_BEARER_NOT_IMPLEMENTED = 65,
	Q850_INCOMPATIBLE = 88,
	Q850_TIMER_EXPIRED = 102,
	Q850_PROTOCOL_ERROR = 111,
	Q850_INTERWORKING = 127,
};

/* The name of any cause 1 to 127, in Q.850's words, lower case ("user busy"); "cause N unknown" never occurs: unlisted
 * values give "unassigned cause". */
const char *q850_name(unsigned cause);

#endif
