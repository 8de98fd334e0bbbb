/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The header lines of a refusal, and the answer to the challenge in them. The first octet's bit 0 says 407, or 401.
 * What we send back must be a message that can be read, with one header of credentials and nothing smuggled in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sip/auth/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define ROOM 4096

static void answer(const struct auth_challenge *c)
{
	struct auth_answer a = {.user = "fax",
				.secret = "s3cret",
				.method = "INVITE",
				.uri = "sip:1@10.0.0.2",
				.count = 1,
				.cnonce = "0a4f113b"};
	static struct message_text t;
	const char *end;

	t.len = 0;
	t.bad = false;
	t.s[0] = '\0';
	auth_write(c, &a, &t);
	if (t.bad)
		return;
	end = strstr(t.s, "\r\n");
	if (!end || end[2] || strcspn(t.s, "\r\n") != (size_t)(end - t.s))
		abort(); /* a value of theirs has begun a header of its own */
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	for (int level = TRACE_LEVEL0; level < END_TRACE_LEVEL; level++)
		osip_trace_disable_level((osip_trace_level_t)level); /* each fault would be printed */
	return parser_init();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct auth_challenge c;
	osip_message_t *m = NULL;
	char text[ROOM + 256];
	int n;

	if (!size || size > ROOM)
		return 0;
	n = snprintf(text, sizeof(text),
		     "SIP/2.0 %s Who\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		     "To: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n%s: ",
		     data[0] & 1 ? "407" : "401", data[0] & 1 ? "Proxy-Authenticate" : "WWW-Authenticate");
	memcpy(text + n, data + 1, size - 1);
	n += (int)size - 1;
	memcpy(text + n, "\r\n\r\n", 5);
	if (osip_message_init(&m))
		return 0;
	if (!osip_message_parse(m, text, (size_t)n + 4) && !auth_challenge_read(m, &c))
		answer(&c);
	osip_message_free(m);
	return 0;
}
