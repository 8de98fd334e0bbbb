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
#define ISDN_END_OF_NUMBER '#'	/* overlap: no more digits follow (Q.931 5.1.3) */
#define TIMESLOT_COUNT 32	/* E1: 0 (framing) to 31; T1 uses 1 to 24 */

enum isdn_side { ISDN_TE, ISDN_NT };
enum isdn_switch { ISDN_EUROISDN, ISDN_QSIG, ISDN_NI2, ISDN_DMS100, ISDN_5ESS, ISDN_4ESS };
enum isdn_hunt { HUNT_ASCENDING, HUNT_DESCENDING, HUNT_ROUND_ROBIN };
enum isdn_presentation { PRESENTATION_ALLOWED, PRESENTATION_RESTRICTED, PRESENTATION_UNAVAILABLE };
/* Who vouches for a calling number; the values of Q.931 table 4-11, octet 3a. */
enum isdn_screening { SCREENING_NONE, SCREENING_PASSED, SCREENING_FAILED, SCREENING_NETWORK };
/* Why a call was sent on (Q.931 4.6.7, Q.952). */
enum isdn_redirect {
	REDIRECT_UNKNOWN,
	REDIRECT_BUSY,
	REDIRECT_NO_REPLY,
	REDIRECT_DEFLECTION,
	REDIRECT_OUT_OF_ORDER,
	REDIRECT_UNCONDITIONAL,
};

const char *isdn_side_name(enum isdn_side s);		/* "te", "nt" */
const char *isdn_switch_name(enum isdn_switch s);	/* "euroisdn", ... as in the configuration */
const char *isdn_hunt_name(enum isdn_hunt h);		/* "ascending", "descending", "round-robin" */

#define ISDN_TYPE_INTERNATIONAL 1
#define ISDN_PLAN_E164 1

/* A number as Q.931 4.5.8/4.5.10 carries it. */
struct isdn_number {
	char digits[ISDN_NUMBER_OCTETS];
	uint8_t type;		/* type of number, Q.931 table 4-9: 0 unknown, 1 international, 2 national, 4
				   subscriber */
	uint8_t plan;		/* numbering plan, same table: 1 E.164 */
	enum isdn_presentation presentation;
	enum isdn_screening screening;	/* of a calling number */
};

#define ISDN_SUBADDRESS_OCTETS 20
#define ISDN_AFI_IA5 0x50	/* X.213 A.5.2.1.2.7: local, IA5 characters follow */

/* A subaddress of type NSAP (Q.931 4.5.9). The type "user specified" has no place in SIP. */
struct isdn_subaddress {
	uint8_t noctets;	/* 0: none */
	uint8_t octets[ISDN_SUBADDRESS_OCTETS];	/* with the AFI in front */
};

/* By whom the call was sent on before it came to the called number. */
struct isdn_redirecting {
	unsigned count;			/* how often; 0: not at all */
	struct isdn_number number;	/* who did so last; may be withheld ("") */
	enum isdn_redirect reason;
	struct isdn_number original;	/* who was called first, where COUNT is above 1; "": not known */
	enum isdn_redirect original_reason;
};

struct isdn_parties {
	struct isdn_number called, calling;
	char calling_name[ISDN_NAME_OCTETS];	/* UTF-8 */
	struct isdn_subaddress called_subaddress, calling_subaddress;
	struct isdn_redirecting redirecting;
};

/* True if TEXT is 1 to 32 characters of 0-9 * # (and, if PLUS, one leading '+'). */
bool isdn_digits_valid(const char *text, bool plus);

/* Cause values, Q.850 table 1 (those Faxspan uses itself). */
enum q850 {
	Q850_UNALLOCATED = 1,
	Q850_NO_ROUTE = 3,
	Q850_CHANNEL_UNACCEPTABLE = 6,
	Q850_NORMAL = 16,
	Q850_BUSY = 17,
	Q850_NO_RESPONSE = 18,
	Q850_NO_ANSWER = 19,
	Q850_SUBSCRIBER_ABSENT = 20,
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
