/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange_trace.c: the names of the Q.931 messages that pass, read from the frames themselves.
 */
#include "exchange_priv.h"

/* Q.931 table 4-2. */
static const struct {
	uint8_t type;
	const char *name;
} messages[] = {
	{0x01, "ALERTING"},
	{0x02, "CALL PROCEEDING"},
	{0x03, "PROGRESS"},
	{0x05, "SETUP"},
	{0x07, "CONNECT"},
	{0x0D, "SETUP ACKNOWLEDGE"},
	{0x0F, "CONNECT ACKNOWLEDGE"},
	{0x45, "DISCONNECT"},
	{0x46, "RESTART"},
	{0x4D, "RELEASE"},
	{0x4E, "RESTART ACKNOWLEDGE"},
	{0x5A, "RELEASE COMPLETE"},
	{0x62, "FACILITY"},
	{0x6E, "NOTIFY"},
	{0x75, "STATUS ENQUIRY"},
	{0x7B, "INFORMATION"},
	{0x7D, "STATUS"},
};

static const char *message_name(uint8_t type)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (messages[i].type == type)
			return messages[i].name;
	}
	return "unknown message";
}

/* The value of the Cause element (Q.931 4.5.12), 0 if there is none. */
static unsigned message_cause(const uint8_t *p, size_t left)
{
	while (left >= 2) {
		const size_t n = p[0] & 0x80 ? 1 : 2 + (size_t)p[1];

		if (n > left)
			break;
		if (p[0] == 0x08 && n >= 4) {
			/* Octet 3a (recommendation) is there when octet 3 has no extension bit. */
			const size_t at = p[2] & 0x80 ? 3 : 4;

			return at < n ? p[at] & 0x7Fu : 0;
		}
		p += n;
		left -= n;
	}
	return 0;
}

bool exchange_peek(const uint8_t *frame, size_t octets, unsigned *typep, unsigned *crefp)
{
	const uint8_t *m = frame + 4;
	unsigned cref = 0, n;

	/* Q.921 table 5: an I frame has a 0 in the first bit of its control field. */
	if (octets < 4 + 3 || frame[2] & 1 || m[0] != 0x08)
		return false;
	n = m[1] & 0x0F;
	if (octets < 4 + 3 + n)
		return false;
	for (unsigned i = 0; i < n; i++)
		cref = cref << 8 | (i ? m[2 + i] : m[2 + i] & 0x7Fu);
	*typep = m[2 + n];
	*crefp = cref;
	return true;
}

void exchange_trace(struct exchange *x, bool sent, const uint8_t *frame, size_t octets)
{
	unsigned type, cref, at;

	if (!x->p.on_message || !exchange_peek(frame, octets, &type, &cref))
		return;
	at = 4 + 3 + (frame[5] & 0x0Fu);
	x->p.on_message(sent, message_name((uint8_t)type), cref, message_cause(frame + at, octets - at), x->p.arg);
}
