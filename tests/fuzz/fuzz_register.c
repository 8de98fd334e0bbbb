/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The header lines of a REGISTER: Authorization against the digest server, Contact and Expires against the bindings of
 * an endpoint. What is bound must be a URI that can be written into a request line; the 200 must have a Contact for
 * each binding and nothing smuggled in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/base/clock.h"
#include "sip/auth/auth_server.h"
#include "sip/registrar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define ROOM 4096

static struct auth_server server;
static struct sip_hop source = {.transport = SIP_UDP};
static struct bindings bindings; /* what one input leaves, the next finds */

static void check_bindings(void)
{
	for (unsigned i = 0; i < bindings.count; i++) {
		const char *uri = bindings.list[i].uri;

		if (!uri[0] || strcspn(uri, " \t\r\n<>\"") != strlen(uri))
			abort();
		if (!addr_is_set(&bindings.list[i].hop.addr) || !addr_port(&bindings.list[i].hop.addr))
			abort();
		if (i && bindings.list[i - 1].q < bindings.list[i].q)
			abort();
	}
	if (bindings.count > 3)
		abort();
}

/* (osip does not read every header that it writes: "Contact: <sip:b>" is one.) */
static void check_answer(const osip_message_t *request)
{
	static struct message_ua ua = {.host = "h", .user_agent = "f"};
	unsigned lines = 0, contacts = 0;
	osip_message_t *m;
	char *text = NULL;
	size_t len;

	if (message_response(&ua, request, 200, "t", &m))
		return;
	if (!bindings_write(&bindings, m, SEC_US) && !message_to_text(m, &text, &len)) {
		for (const char *p = text; (p = strstr(p, "\nContact: ")); p++)
			contacts++;
		for (const char *p = text; (p = strstr(p, ";expires=")); p++)
			lines++;
		if (contacts != bindings.count || lines < contacts)
			abort();
	}
	osip_free(text);
	osip_message_free(m);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	for (int level = TRACE_LEVEL0; level < END_TRACE_LEVEL; level++)
		osip_trace_disable_level((osip_trace_level_t)level); /* each fault would be printed */
	if (addr_parse(&source.addr, "10.0.0.2", 5060) || auth_server_init(&server, NULL, true, true))
		abort();
	return parser_init();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct registrar_limits limits = {.max_contacts = 3, .min_s = 60, .max_s = 3600};
	struct auth_credentials c;
	struct registrar_result r;
	osip_message_t *m = NULL;
	char text[ROOM + 256];
	int n;

	if (size > ROOM)
		return 0;
	n = snprintf(text, sizeof(text),
		     "REGISTER sip:h SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
		     "To: <sip:c@d>\r\n");
	memcpy(text + n, data, size);
	n += (int)size;
	memcpy(text + n, "\r\n\r\n", 5);
	if (osip_message_init(&m))
		return 0;
	if (!osip_message_parse(m, text, (size_t)n + 4) && !message_check(m)) {
		if (auth_credentials_read(&server, m, &c) &&
		    auth_server_check(&server, &c, "REGISTER", "fax", "s3cret", SEC_US) == AUTH_GOOD)
			abort(); /* nobody guesses a nonce and its digest */
		r = bindings_update(&bindings, &limits, m, &source, SEC_US);
		if (r.status != 200 && (r.added || r.removed || r.moved))
			abort();
		check_bindings();
		if (r.status == 200)
			check_answer(m);
	}
	osip_message_free(m);
	return 0;
}
