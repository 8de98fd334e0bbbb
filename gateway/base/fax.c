/* SPDX-License-Identifier: GPL-2.0-only */
#include "fax.h"

const char *t38_start_name(enum t38_start s)
{
	switch (s) {
	case T38_START_ANSWERING_SIDE:
		return "answering-side";
	case T38_START_ON_CNG:
		return "on-cng";
	case T38_START_ON_CED:
		return "on-ced";
	case T38_START_ON_PREAMBLE:
		return "on-preamble";
	case T38_START_AT_ANSWER:
		return "at-answer";
	case T38_START_WAIT:
		return "wait";
	}
	return "?";
}
