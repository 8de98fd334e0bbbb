/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of [route NAME], [group NAME] and [numbering] of the main file. */
#include "table_keys.h"

static const char *const spread_names[] = {"in-order", "round-robin"};
static const char *const form_names[] = {"keep", "e164", "national", "local", "dialled"};
static const struct {
	const char *name;
	unsigned q931; /* table 4-9 */
} types[TYPE_COUNT] = {[TYPE_KEEP] = {"keep", 0},
		       [TYPE_UNKNOWN] = {"unknown", 0},
		       [TYPE_INTERNATIONAL] = {"international", 1},
		       [TYPE_NATIONAL] = {"national", 2},
		       [TYPE_SUBSCRIBER] = {"subscriber", 4}},
  plans[PLAN_COUNT] = {[PLAN_KEEP] = {"keep", 0},
		       [PLAN_UNKNOWN] = {"unknown", 0},
		       [PLAN_E164] = {"e164", 1},
		       [PLAN_PRIVATE] = {"private", 9}};

const char *config_spread_name(enum config_spread s)
{
	return spread_names[s];
}

const char *config_form_name(enum config_form f)
{
	return form_names[f];
}

const char *config_number_type_name(enum config_number_type t)
{
	return types[t].name;
}

const char *config_number_plan_name(enum config_number_plan p)
{
	return plans[p].name;
}

unsigned config_number_type_q931(enum config_number_type t)
{
	return types[t].q931;
}

unsigned config_number_plan_q931(enum config_number_plan p)
{
	return plans[p].q931;
}

static const char *choice_spread(unsigned i)
{
	return spread_names[i];
}

static const char *choice_form(unsigned i)
{
	return form_names[i];
}

static const char *choice_type(unsigned i)
{
	return types[i].name;
}

static const char *choice_plan(unsigned i)
{
	return plans[i].name;
}

const struct table_key table_numbering_keys[TABLE_NUMBERING_KEYS] = {
	{.name = "country_code",
	 .type = &value_digits,
	 FIELD(config, numbering.country_code),
	 .fallback = "none",
	 .help = "Our country's code, such as 49."},
	{.name = "area_code",
	 .type = &value_digits,
	 FIELD(config, numbering.area_code),
	 .fallback = "none",
	 .help = "Our area's code without the national prefix, such as 30. With none, the country has no areas, or "
		 "numbers never come without theirs."},
	{.name = "international_prefix",
	 .type = &value_digits,
	 FIELD(config, numbering.international_prefix),
	 .fallback = "00",
	 .help = "What is dialled before the country code of a number abroad."},
	{.name = "national_prefix",
	 .type = &value_digits,
	 FIELD(config, numbering.national_prefix),
	 .fallback = "0",
	 .help = "What is dialled before the area code of a number in another area. With none, the country has no "
		 "such prefix, and a number without any prefix is a national one."},
};

const struct table_key table_group_keys[TABLE_GROUP_KEYS] = {
	{.name = "spans",
	 .type = &value_spans,
	 FIELD(config_group, ends),
	 .fallback = "none",
	 .help = "Its spans, by number. There must be one."},
	{.name = "hunt",
	 .type = &value_choice,
	 FIELD(config_group, spans.spread),
	 .choice = choice_spread,
	 .count = SPREAD_ROUND_ROBIN + 1,
	 .fallback = "in-order",
	 .help = "Which span is asked first for a call: with in-order always the first; with round-robin each call "
		 "begins with the next. A span that has no free channel, or no D channel, hands the call on to the "
		 "one behind it, and the last to the first."},
};

#define REWRITE_KEYS(who, text)                                                                                        \
	{.name = who "_form",                                                                                          \
	 .type = &value_choice,                                                                                        \
	 FIELD(config_route, text##_rewrite.form),                                                                     \
	 .choice = choice_form,                                                                                        \
	 .count = FORM_DIALLED + 1,                                                                                    \
	 .fallback = "keep",                                                                                           \
	 .help = FORM_HELP_##text},                                                                                    \
		{.name = who "_strip",                                                                                 \
		 .type = &value_uint,                                                                                  \
		 FIELD(config_route, text##_rewrite.strip),                                                            \
		 .max = ISDN_NUMBER_OCTETS - 1,                                                                        \
		 .fallback = "0",                                                                                      \
		 .help = STRIP_HELP_##text},                                                                           \
		{.name = who "_prepend",                                                                               \
		 .type = &value_digits,                                                                                \
		 FIELD(config_route, text##_rewrite.prepend),                                                          \
		 .fallback = "none",                                                                                   \
		 .help = PREPEND_HELP_##text},                                                                         \
		{.name = who "_type",                                                                                  \
		 .type = &value_choice,                                                                                \
		 FIELD(config_route, text##_rewrite.type),                                                             \
		 .choice = choice_type,                                                                                \
		 .count = TYPE_COUNT,                                                                                  \
		 .fallback = "keep",                                                                                   \
		 .help = TYPE_HELP_##text},                                                                            \
	{                                                                                                              \
		.name = who "_plan", .type = &value_choice, FIELD(config_route, text##_rewrite.plan),                  \
		.choice = choice_plan, .count = PLAN_COUNT, .fallback = "keep", .help = PLAN_HELP_##text               \
	}

#define FORM_HELP_called                                                                                               \
	"How the called number is written, before anything else is done to it: see Numbers and their forms."
#define STRIP_HELP_called                                                                                              \
	"How many digits are then taken off its front. A number that has no more than so many, and gets none in "      \
	"front, is refused with cause 28."
#define PREPEND_HELP_called "The digits that are then put in front of it."
#define TYPE_HELP_called                                                                                               \
	"The type of number it then has. In SIP a number of type international has a '+' in front, others are as "     \
	"they stand. With keep it is what it was; where strip or prepend have changed the digits, unknown."
#define PLAN_HELP_called  "The numbering plan it has towards the line."
#define FORM_HELP_calling "How the calling number is written, and likewise those who have sent the call on (Diversion)."
#define STRIP_HELP_calling                                                                                             \
	"How many digits are then taken off its front; a shorter number is left out. Nothing but the form is changed " \
	"of those who have sent the call on."
#define PREPEND_HELP_calling "The digits that are then put in front of it, if there is a calling number."
#define TYPE_HELP_calling    "The type of number it then has, as called_type."
#define PLAN_HELP_calling    "The numbering plan it has towards the line."

const struct table_key table_route_keys[TABLE_ROUTE_KEYS] = {
	{.name = "from",
	 .type = &value_from,
	 FIELD(config_route, from),
	 .fallback = "any",
	 .help = "Where the call comes from. With any: from every span, if it goes to peers; from every peer, if it "
		 "goes to spans; from everywhere, if it is rejected."},
	{.name = "called",
	 .type = &value_numbers,
	 FIELD(config_route, called),
	 .fallback = ".",
	 .repeats = true,
	 .help = "The called numbers that the rule is for. With none: calls without one."},
	{.name = "calling",
	 .type = &value_numbers,
	 FIELD(config_route, calling),
	 .fallback = ".",
	 .repeats = true,
	 .help = "The calling numbers that the rule is for, told or withheld. With none: calls without one."},
	{.name = "ton",
	 .type = &value_types,
	 FIELD(config_route, types),
	 .fallback = "any",
	 .help = "The types that the called number may have. From SIP, one with '+' is international, another "
		 "unknown."},
	{.name = "to",
	 .type = &value_to,
	 FIELD(config_route, to),
	 .fallback = "none",
	 .help = "Where the call goes: to peers, tried in this order or by weight as with the peer of a span; to "
		 "spans, tried in this order; or to a group of spans. A call from the line goes to peers, one from a "
		 "peer to spans. An endpoint NAME is a peer. Either this or reject must be set."},
	{.name = "reject",
	 .type = &value_cause,
	 FIELD(config_route, reject),
	 .fallback = "no",
	 .help = "The call is refused with this cause; in SIP with the status to it (RFC 3398): 21 is 403, 1 is 404."},
	{.name = "area_code",
	 .type = &value_digits,
	 FIELD(config_route, area_code),
	 .fallback = "none",
	 .help = "The area code in place of that of [numbering], for a line in another area. With none: that one."},
	REWRITE_KEYS("called", called),
	REWRITE_KEYS("calling", calling),
};
