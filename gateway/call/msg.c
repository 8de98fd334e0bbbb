/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/call/msg.h"

#include <stdio.h>

static const char *const type_names[MSG_COUNT] = {
	[MSG_SETUP] = "SETUP",
	[MSG_PROCEEDING] = "PROCEEDING",
	[MSG_ALERTING] = "ALERTING",
	[MSG_PROGRESS] = "PROGRESS",
	[MSG_ANSWER] = "ANSWER",
	[MSG_MEDIA] = "MEDIA",
	[MSG_T38_ASK] = "T38-ASK",
	[MSG_T38_CANCEL] = "T38-CANCEL",
	[MSG_T38_REFUSED] = "T38-REFUSED",
	[MSG_PEER] = "PEER",
	[MSG_RELEASE] = "RELEASE",
	[MSG_STOP] = "STOP",
	[MSG_COMMAND] = "COMMAND",
};

const char *msg_type_name(enum msg_type t)
{
	return (unsigned)t < MSG_COUNT ? type_names[t] : "?";
}

const char *call_id_print(struct call_id id, char *buf)
{
	if (id.origin)
		snprintf(buf, CALL_ID_OCTETS, "%u-%u", id.origin, id.serial);
	else
		snprintf(buf, CALL_ID_OCTETS, "s-%u", id.serial);
	return buf;
}
