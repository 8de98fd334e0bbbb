/* SPDX-License-Identifier: GPL-2.0-only */
#include "line.h"

const char *line_event_name(enum line_event e)
{
	static const char *const names[LINE_EVENT_COUNT] = {
		[LINE_LOS] = "LOS",
		[LINE_YELLOW] = "yellow alarm",
		[LINE_CLEAR] = "alarm clear",
		[LINE_SLIP] = "slip",
		[LINE_OVERRUN] = "overrun",
		[LINE_UNDERRUN] = "underrun",
		[LINE_HDLC_ABORT] = "HDLC abort",
		[LINE_HDLC_FCS] = "HDLC bad frame",
		[LINE_GONE] = "device gone",
		[LINE_BLUE] = "blue alarm",
		[LINE_LATE] = "late block",
		[LINE_TONE] = "fax tone",
	};

	return (unsigned)e < LINE_EVENT_COUNT ? names[e] : "?";
}
