/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gateway/bearer/t38_start.h"

#define BIT(t) (1u << (t))

static const struct {
	const char *what;
	enum t38_start policy;
	struct heard heard;
	enum t38_start_decision want;
} cases[] = {
	{"nothing is decided before the answer", T38_START_AT_ANSWER, {.tones = {BIT(TONE_V21), 0}}, T38_NOT_YET},
	{"at-answer needs no tone", T38_START_AT_ANSWER, {.answered = true}, T38_NOW},
	{"CNG alone is no fax to the answering side",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_CNG), 0}, .answered = true},
	 T38_NOT_YET},
	{"nor are three of them",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_CNG), 0}, .cngs = {3, 0}, .answered = true},
	 T38_NOT_YET},
	{"four, which nobody is heard to answer: we ask",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_CNG), 0}, .cngs = {4, 0}, .answered = true},
	 T38_NOW},
	{"four of the peer's: the line would be heard to answer",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {0, BIT(TONE_CNG)}, .cngs = {0, 4}, .answered = true, .line_answers = true},
	 T38_NOT_YET},
	{"four, and wait", T38_START_WAIT, {.tones = {BIT(TONE_CNG), 0}, .cngs = {4, 0}, .answered = true}, T38_NOT_YET},
	{"CED alone may be a modem",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_CED), 0}, .answered = true, .line_answers = true},
	 T38_NOT_YET},
	{"ANSam alone may be a modem",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_ANSAM), 0}, .answered = true, .line_answers = true},
	 T38_NOT_YET},
	{"CNG and CED are a fax; the line answers: we ask",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_CED), BIT(TONE_CNG)}, .answered = true, .line_answers = true},
	 T38_NOW},
	{"CNG and ANSam are a fax",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_ANSAM), BIT(TONE_CNG)}, .answered = true, .line_answers = true},
	 T38_NOW},
	{"V.21 is a fax",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_V21), 0}, .answered = true, .line_answers = true},
	 T38_NOW},
	{"the peer answers: it ought to ask",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_CNG), BIT(TONE_CED)}, .answered = true},
	 T38_AFTER_GRACE},
	{"on-cng", T38_START_ON_CNG, {.tones = {BIT(TONE_CNG), 0}, .answered = true}, T38_NOW},
	{"on-cng without CNG, but V.21", T38_START_ON_CNG, {.tones = {0, BIT(TONE_V21)}, .answered = true}, T38_NOW},
	{"on-cng, CED alone", T38_START_ON_CNG, {.tones = {0, BIT(TONE_CED)}, .answered = true}, T38_NOT_YET},
	{"on-ced, the line's CED",
	 T38_START_ON_CED,
	 {.tones = {BIT(TONE_CED), 0}, .answered = true, .line_answers = true},
	 T38_NOW},
	{"on-ced, the peer's ANSam, without CNG",
	 T38_START_ON_CED,
	 {.tones = {0, BIT(TONE_ANSAM)}, .answered = true},
	 T38_NOW},
	{"on-ced, CNG alone", T38_START_ON_CED, {.tones = {BIT(TONE_CNG), 0}, .answered = true}, T38_NOT_YET},
	{"at-answer, T.38 is over: the peer wants audio",
	 T38_START_AT_ANSWER,
	 {.answered = true, .t38_was = true},
	 T38_NOT_YET},
	{"at-answer, T.38 is over, and another fax",
	 T38_START_AT_ANSWER,
	 {.tones = {BIT(TONE_V21), 0}, .answered = true, .t38_was = true},
	 T38_NOW},
	{"on-preamble, CNG and CED",
	 T38_START_ON_PREAMBLE,
	 {.tones = {BIT(TONE_CNG), BIT(TONE_CED)}, .answered = true},
	 T38_NOT_YET},
	{"on-preamble, V.21 from the peer",
	 T38_START_ON_PREAMBLE,
	 {.tones = {0, BIT(TONE_V21)}, .answered = true},
	 T38_NOW},
	{"the caller says it is a fax", T38_START_ON_PREAMBLE, {.answered = true, .told = true}, T38_NOW},
	{"the caller says it is a fax, not answered", T38_START_ON_PREAMBLE, {.told = true}, T38_NOT_YET},
	{"the caller says it is a fax, wait", T38_START_WAIT, {.answered = true, .told = true}, T38_NOT_YET},
	{"the caller said it was a fax, T.38 is over",
	 T38_START_ON_PREAMBLE,
	 {.answered = true, .told = true, .t38_was = true},
	 T38_NOT_YET},
	{"a CM for data is no fax, whatever else is heard",
	 T38_START_ANSWERING_SIDE,
	 {.tones = {BIT(TONE_ANSAM) | BIT(TONE_V21), BIT(TONE_CM_DATA) | BIT(TONE_CNG)},
	  .answered = true,
	  .line_answers = true},
	 T38_NOT_YET},
	{"on-preamble, after a CM for data",
	 T38_START_ON_PREAMBLE,
	 {.tones = {BIT(TONE_V21), BIT(TONE_CM_DATA)}, .answered = true},
	 T38_NOT_YET},
	{"on-ced, and a CM for data",
	 T38_START_ON_CED,
	 {.tones = {BIT(TONE_ANSAM), BIT(TONE_CM_DATA)}, .answered = true},
	 T38_NOT_YET},
	{"wait never asks",
	 T38_START_WAIT,
	 {.tones = {BIT(TONE_V21), BIT(TONE_V21)}, .answered = true, .line_answers = true},
	 T38_NOT_YET},
};

static void test_decisions(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (t38_start_decide(cases[i].policy, &cases[i].heard) != cases[i].want)
			fail_msg("%s", cases[i].what);
}

static void test_tones_that_must_not_cross(void **state)
{
	struct heard h = {0};

	heard_tone(&h, HEARD_PEER, TONE_ANSAM);
	assert_false(heard_must_not_cross(&h, HEARD_PEER)); /* a data modem, for all we know */
	heard_tone(&h, HEARD_LINE, TONE_CNG);
	assert_true(heard_must_not_cross(&h, HEARD_PEER));
	assert_false(heard_must_not_cross(&h, HEARD_LINE)); /* the CNG itself crosses */
	h = (struct heard){0};
	heard_tone(&h, HEARD_LINE, TONE_CNG);
	heard_tone(&h, HEARD_PEER, TONE_CED);
	assert_false(heard_must_not_cross(&h, HEARD_PEER)); /* a plain CED invites nobody to V.8 */
}

/* A Super-G3 that stops its CNG for an early ANSam: its CM says what it is. */
static void test_cm(void **state)
{
	struct heard h = {0};

	assert_false(heard_invited(&h, HEARD_LINE));
	heard_tone(&h, HEARD_PEER, TONE_ANSAM);
	assert_true(heard_invited(&h, HEARD_LINE));
	assert_false(heard_invited(&h, HEARD_PEER));
	assert_false(heard_fax(&h));
	heard_tone(&h, HEARD_LINE, TONE_CM);
	assert_true(heard_fax(&h));
	assert_true(heard_must_not_cross(&h, HEARD_LINE)); /* the CM... */
	assert_true(heard_must_not_cross(&h, HEARD_PEER)); /* ...and what it answers */
	heard_tone(&h, HEARD_PEER, TONE_V21);
	assert_false(heard_must_not_cross(&h, HEARD_PEER)); /* its DIS */
	assert_true(heard_must_not_cross(&h, HEARD_LINE));
	assert_false(heard_invited(&h, HEARD_LINE));
	heard_tone(&h, HEARD_LINE, TONE_V21);
	assert_false(heard_must_not_cross(&h, HEARD_LINE));
}

static void test_data_crosses(void **state)
{
	struct heard h = {0};

	heard_tone(&h, HEARD_PEER, TONE_ANSAM);
	heard_tone(&h, HEARD_LINE, TONE_CM_DATA);
	heard_tone(&h, HEARD_LINE, TONE_CNG); /* or what sounded like one */
	assert_false(heard_must_not_cross(&h, HEARD_LINE) || heard_must_not_cross(&h, HEARD_PEER));
}

static void test_switch_mutes(void **state)
{
	struct heard h = {.answered = true};

	assert_false(heard_switch_mutes(T38_START_AT_ANSWER, &h));
	assert_true(heard_switch_mutes(T38_START_ON_CNG, &h));
	heard_tone(&h, HEARD_PEER, TONE_ANSAM); /* a data modem's, perhaps */
	assert_false(heard_switch_mutes(T38_START_AT_ANSWER, &h));
	heard_tone(&h, HEARD_LINE, TONE_CNG);
	assert_true(heard_switch_mutes(T38_START_AT_ANSWER, &h));
}

static void test_modems(void **state)
{
	for (enum tone t = TONE_NONE + 1; t < TONE_COUNT; t++) {
		struct heard h = {0};

		heard_tone(&h, t & 1 ? HEARD_LINE : HEARD_PEER, t);
		assert_int_equal(heard_modem(&h), t != TONE_CNG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decisions),
		cmocka_unit_test(test_modems),
		cmocka_unit_test(test_data_crosses),
		cmocka_unit_test(test_switch_mutes),
		cmocka_unit_test(test_tones_that_must_not_cross),
		cmocka_unit_test(test_cm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
