/* SPDX-License-Identifier: GPL-2.0-only */
/* Building and reading messages, dialogs and peers, each by itself. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "sip/dialog.h"
#include "sip/message/message.h"
#include "sip/peer.h"

static osip_message_t *parse(const char *text)
{
	struct message_text t = {0};
	osip_message_t *m;

	for (; *text; text++)
		message_add(&t, *text == '\n' ? "\r\n" : "%c", *text);
	assert_int_equal(message_finish(&t, &m), 0);
	return m;
}

#define HEAD                                                                                                           \
	"Via: SIP/2.0/UDP 10.0.0.2:5070;branch=z9hG4bKx\nFrom: <sip:a@b>;tag=f\nTo: <sip:c@d>;tag=t\nCall-ID: i@h\n"
#define BYE(extra) "BYE sip:x@y SIP/2.0\n" HEAD "CSeq: 7 BYE\n" extra "Content-Length: 0\n\n"

static void test_text(void **state)
{
	struct message_text t = {0};
	char big[200];
	int i;

	message_add_user(&t, "+49#1;x=\"@ \r\n");
	assert_string_equal(t.s, "+49%231;x=%22%40%20%0D%0A");
	t.len = 0;
	message_add_quoted(&t, "a\"b\\c\r\nd");
	assert_string_equal(t.s, "\"a\\\"b\\\\cd\"");
	t.len = 0;
	message_add_reason(&t, 17);
	assert_string_equal(t.s, "Reason: Q.850;cause=17;text=\"user busy\"\r\n");
	t.len = 0;
	t.s[0] = '\0';
	message_add_reason(&t, 0);
	assert_string_equal(t.s, "");
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	for (i = 0; i < 100 && !t.bad; i++)
		message_add(&t, "%s", big);
	assert_true(t.bad);
	assert_true(t.len < sizeof(t.s));
	assert_int_equal(message_finish(&t, NULL), EMSGSIZE);
}

/* Lists, within a header and over several. */
static void test_items(void **state)
{
	osip_message_t *m = parse(BYE("X-List: <sip:a,b@h>;p=\"x, \\\"y\", two ,,three\nX-List: four\n"));
	char buf[40];

	assert_true(message_item(m, "X-List", 0, buf, sizeof(buf)));
	assert_string_equal(buf, "<sip:a,b@h>;p=\"x, \\\"y\"");
	assert_true(message_item(m, "x-list", 2, buf, sizeof(buf)));
	assert_string_equal(buf, "three");
	assert_true(message_item(m, "X-List", 3, buf, sizeof(buf)));
	assert_string_equal(buf, "four");
	assert_false(message_item(m, "X-List", 4, buf, sizeof(buf)));
	assert_false(message_item(m, "X-Other", 0, buf, sizeof(buf)));
	/* What does not fit is nothing, and not the last. */
	assert_true(message_item(m, "X-List", 0, buf, 5));
	assert_string_equal(buf, "");
	assert_true(message_item(m, "X-List", 3, buf, 5));
	assert_string_equal(buf, "four");
	osip_message_free(m);
}

static void test_ua(void **state)
{
	struct message_ua ua;
	struct addr a;

	assert_int_equal(addr_parse(&a, "2001:db8::1", 5062), 0);
	assert_int_equal(message_ua_init(&ua, NULL, &a, "x"), 0);
	assert_string_equal(ua.sent_by[SIP_UDP], "[2001:db8::1]:5062");
	assert_string_equal(ua.sent_by[SIP_TCP], "");
	addr_set_port(&a, 5061);
	message_ua_add(&ua, SIP_TLS, &a);
	assert_string_equal(ua.sent_by[SIP_TLS], "[2001:db8::1]:5061");
	assert_string_equal(ua.contact[SIP_TLS], "<sip:faxspan@[2001:db8::1]:5061;transport=tls>");
	assert_string_equal(message_contact(&ua, SIP_TLS, false), ua.contact[SIP_TLS]);
	assert_string_equal(message_contact(&ua, SIP_TLS, true), "<sips:faxspan@[2001:db8::1]:5061>");
	addr_set_port(&a, 5062);
	assert_int_equal(message_ua_init(&ua, "gw.example.net", &a, NULL), 0);
	assert_string_equal(ua.contact[SIP_UDP], "<sip:faxspan@gw.example.net:5062>");
	assert_int_equal(message_ua_init(&ua, "a b", &a, NULL), EINVAL);
}

static unsigned q850(const char *text)
{
	osip_message_t *m = parse(text);
	unsigned cause = message_q850(m);

	osip_message_free(m);
	return cause;
}

static void test_reason(void **state)
{
	assert_int_equal(q850(BYE("")), 0);
	assert_int_equal(q850(BYE("Reason: Q.850;cause=16;text=\"x\"\n")), 16);
	assert_int_equal(q850(BYE("Reason: SIP;cause=200;text=\"x\", q.850 ; cause = 31\n")), 31);
	assert_int_equal(q850(BYE("Reason: SIP;cause=200\nReason: Q.850;cause=102\n")), 102);
	assert_int_equal(q850(BYE("Reason: Q.850;cause=0\n")), 0);
	assert_int_equal(q850(BYE("Reason: Q.850;cause=999\n")), 0);
	assert_int_equal(q850(BYE("Reason: Q.850\n")), 0);
}

static void test_options(void **state)
{
	osip_message_t *m = parse(BYE("Require: timer, foo\nRequire: bar\nSupported: a,TIMER\n"));
	char list[64];

	assert_true(message_unsupported(m, false, list, sizeof(list)));
	assert_string_equal(list, "foo, bar");
	assert_true(message_has_option(m, "Supported", "timer"));
	assert_false(message_has_option(m, "Supported", "tim"));
	osip_message_free(m);
	m = parse(BYE("Require: timer\n"));
	assert_false(message_unsupported(m, false, list, sizeof(list)));
	osip_message_free(m);
}

/* Who calls a sips: URI gets one (RFC 3261 12.1.1). */
static void check_contact(const char *scheme, const char *contact)
{
	char text[512], *got;
	osip_message_t *m, *answer;
	struct message_ua ua;
	struct addr a;

	snprintf(text, sizeof(text),
		 "INVITE %s:x@y SIP/2.0\nVia: SIP/2.0/TLS 10.0.0.2:5061;branch=z9hG4bKx\nFrom: <sip:a@b>;tag=f\n"
		 "To: <sip:c@d>\nCall-ID: i\nCSeq: 7 INVITE\nContact: <%s:a@b>\nContent-Length: 0\n\n",
		 scheme, scheme);
	m = parse(text);
	assert_int_equal(addr_parse(&a, "10.0.0.1:5060", 0), 0);
	assert_int_equal(message_ua_init(&ua, NULL, &a, NULL), 0);
	addr_set_port(&a, 5061);
	message_ua_add(&ua, SIP_TLS, &a);
	assert_int_equal(message_response(&ua, m, 200, "t", &answer), 0);
	assert_int_equal(osip_contact_to_str(osip_list_get(&answer->contacts, 0), &got), 0);
	assert_string_equal(got, contact);
	osip_free(got);
	osip_message_free(answer);
	osip_message_free(m);
}

static void test_contact(void **state)
{
	check_contact("sip", "<sip:faxspan@10.0.0.1:5061;transport=tls>");
	check_contact("sips", "<sips:faxspan@10.0.0.1:5061>");
}

/* What a response's Via says of where the request came from (RFC 3261 18.2.1, RFC 3581 4). */
static void check_via(const char *via, const char *source, const char *marked)
{
	struct sip_hop h = {.transport = SIP_UDP};
	char text[512], *got;
	osip_message_t *m;

	snprintf(text, sizeof(text),
		 "BYE sip:x@y SIP/2.0\nVia: SIP/2.0/UDP %s\nFrom: <sip:a@b>;tag=f\n"
		 "To: <sip:c@d>\nCall-ID: i\nCSeq: 7 BYE\nContent-Length: 0\n\n",
		 via);
	m = parse(text);
	assert_int_equal(addr_parse(&h.addr, source, 0), 0);
	h = message_reply_to(m, &h);
	assert_int_equal(osip_via_to_str(osip_list_get(&m->vias, 0), &got), 0);
	assert_string_equal(got + strlen("SIP/2.0/UDP "), marked);
	osip_free(got);
	osip_message_free(m);
}

static void test_via_marks(void **state)
{
	check_via("10.0.0.2:5070;branch=z9hG4bKx", "10.0.0.2:5070", "10.0.0.2:5070;branch=z9hG4bKx");
	check_via("10.0.0.2:5070;branch=z9hG4bKx", "10.0.0.3:999", "10.0.0.2:5070;branch=z9hG4bKx;received=10.0.0.3");
	check_via("10.0.0.2;rport;branch=z9hG4bKx", "10.0.0.3:999",
		  "10.0.0.2;rport=999;branch=z9hG4bKx;received=10.0.0.3");
	check_via("10.0.0.3:5070;rport;branch=z9hG4bKx", "10.0.0.3:999",
		  "10.0.0.3:5070;rport=999;branch=z9hG4bKx;received=10.0.0.3");
	/* What it says of these itself is not believed. */
	check_via("10.0.0.2;received=10.8.8.8;branch=z9hG4bKx;rport=1", "10.0.0.3:999",
		  "10.0.0.2;received=10.0.0.3;branch=z9hG4bKx;rport=999");
	check_via("host.example;branch=z9hG4bKx", "10.0.0.3:5060", "host.example;branch=z9hG4bKx;received=10.0.0.3");
	check_via("[2001:db8::2]:5070;branch=z9hG4bKx", "[2001:db8::2]:5070", "[2001:db8::2]:5070;branch=z9hG4bKx");
	check_via("[2001:db8::2]:5070;rport;branch=z9hG4bKx", "[2001:db8::3]:999",
		  "[2001:db8::2]:5070;rport=999;branch=z9hG4bKx;received=2001:db8::3");
}

static void check_reply(enum sip_transport by, const char *via, const char *source, const char *to)
{
	struct sip_hop h = {.transport = by, .connection = 7};
	char text[512], got[HOP_TEXT_OCTETS];
	osip_message_t *m;

	snprintf(text, sizeof(text),
		 "BYE sip:x@y SIP/2.0\nVia: SIP/2.0/%s %s;branch=z9hG4bKx\nFrom: <sip:a@b>;tag=f\n"
		 "To: <sip:c@d>\nCall-ID: i\nCSeq: 7 BYE\nContent-Length: 0\n\n",
		 sip_transport_via(by), via);
	m = parse(text);
	assert_int_equal(message_transport(m), by);
	assert_int_equal(addr_parse(&h.addr, source, 5060), 0);
	h = message_reply_to(m, &h);
	assert_string_equal(hop_print(&h, got), to);
	assert_int_equal(h.connection, 7);
	osip_message_free(m);
}

static void test_reply_to(void **state)
{
	check_reply(SIP_UDP, "10.0.0.2:5070;rport", "10.0.0.3:999", "10.0.0.3:999");
	check_reply(SIP_UDP, "10.0.0.2:5070", "10.0.0.3:999", "10.0.0.3:5070");
	check_reply(SIP_UDP, "host.example", "10.0.0.3:999", "10.0.0.3:5060");
	/* A Via does not send our answers to somebody else. */
	check_reply(SIP_UDP, "10.0.0.2:5070;maddr=10.9.9.9;received=10.8.8.8", "10.0.0.3:999", "10.0.0.3:5070");
	check_reply(SIP_UDP, "10.0.0.2:99999", "10.0.0.3:999", "10.0.0.3:5060");
	/* Should the connection be gone: where its other end listens, not where it came from. */
	check_reply(SIP_TCP, "10.0.0.2:5070;rport", "10.0.0.3:999", "tcp 10.0.0.3:5070");
	check_reply(SIP_TLS, "host.example", "10.0.0.3:999", "tls 10.0.0.3:5061");
}

static void test_dialog(void **state)
{
	osip_message_t *m =
		parse("INVITE sip:x@y SIP/2.0\n" HEAD "CSeq: 7 INVITE\nContact: <sip:u@192.0.2.9:5077;x=1>\n"
		      "Record-Route: <sip:192.0.2.1:5081;lr>\nRecord-Route: <sip:p.example;lr>\nContent-Length: 0\n\n");
	size_t before = fault_alive();
	struct sip_hop source = {.transport = SIP_TCP, .connection = 3};
	char got[HOP_TEXT_OCTETS];
	struct dialog d;

	assert_int_equal(addr_parse(&source.addr, "10.0.0.2", 5060), 0);
	assert_int_equal(dialog_init_uas(&d, m, &source), 0);
	assert_string_equal(d.target, "sip:u@192.0.2.9:5077;x=1");
	assert_int_equal(d.nroutes, 2);
	assert_string_equal(d.routes[0], "<sip:192.0.2.1:5081;lr>");
	assert_null(d.strict);
	assert_string_equal(hop_print(&d.next_hop, got), "tcp 192.0.2.1:5081");
	assert_int_equal(d.next_hop.connection, 3); /* whoever opened it is there */
	assert_false(dialog_take_cseq(&d, m));
	osip_message_free(m);
	m = parse(BYE(""));
	free(m->cseq->number);
	m->cseq->number = osip_strdup("8");
	assert_true(dialog_take_cseq(&d, m));
	assert_false(dialog_take_cseq(&d, m));
	osip_message_free(m);
	dialog_fini(&d);
	assert_int_equal(fault_alive(), before);
}

static void test_dialog_refused(void **state)
{
	osip_message_t *m = parse("INVITE sip:x@y SIP/2.0\n" HEAD "CSeq: 7 INVITE\nContent-Length: 0\n\n");
	struct sip_hop source = {0};
	struct dialog d;

	assert_int_equal(dialog_init_uas(&d, m, &source), EINVAL);
	osip_message_free(m);
}

static void test_peers(void **state)
{
	struct sip_peer_params p[2] = {{.name = "a"}, {.name = "b"}};
	struct peers ps;
	struct addr a;

	assert_int_equal(peers_init(&ps, p, 2), EINVAL);
	addr_parse(&p[0].addr, "10.0.0.1:5060", 0);
	addr_parse(&p[1].addr, "10.0.0.1:5070", 0);
	assert_int_equal(peers_init(&ps, p, 2), 0);
	addr_parse(&a, "10.0.0.1:5070", 0);
	assert_int_equal(peers_find(&ps, &a), 1);
	addr_parse(&a, "10.0.0.1:1234", 0);
	assert_int_equal(peers_find(&ps, &a), 0);
	addr_parse(&a, "10.0.0.2:5060", 0);
	assert_int_equal(peers_find(&ps, &a), -1);
	peers_fini(&ps);
}

static void count_shared(enum log_level level, const char *line, void *arg)
{
	*(unsigned *)arg +=
		level == LOGL_WARNING &&
		!strcmp(line, "sip: peer b: 10.0.0.1:5060 is an address of peer a too: who calls from there is "
			      "that one");
}

static void test_peers_at_one_address(void **state)
{
	const struct sip_peer_params p[2] = {{.name = "a", .host = "a.example.com"},
					     {.name = "b", .host = "b.example.com"}};
	struct sip_targets ts = {.count = 1};
	unsigned lines = 0;
	struct peers ps;

	assert_int_equal(peers_init(&ps, p, 2), 0);
	addr_parse(&ts.list[0].hop.addr, "10.0.0.1:5060", 0);
	log_set_sink(count_shared, &lines);
	peers_set_targets(&ps, 0, &ts);
	assert_int_equal(lines, 0);
	peers_set_targets(&ps, 1, &ts);
	assert_int_equal(lines, 1);
	peers_set_targets(&ps, 1, &ts); /* said once */
	assert_int_equal(lines, 1);
	assert_int_equal(peers_find(&ps, &ts.list[0].hop.addr), 0);
	log_set_sink(NULL, NULL);
	peers_fini(&ps);
}

static void test_peer_by_name(void **state)
{
	const struct sip_peer_params p[2] = {
		{.name = "a", .host = "sip.example.com"},
		{.name = "b", .host = "b.example.com", .port = 5070, .transport = SIP_TCP}};
	struct sip_targets ts = {.count = 2};
	char text[PEER_HOST_OCTETS];
	struct sip_hop hop = {0};
	struct peers ps;
	struct addr a;

	assert_int_equal(peers_init(&ps, p, 2), 0);
	assert_int_equal(peers_hop(&ps, 0, &hop), EHOSTUNREACH);
	assert_int_equal(peers_hop(&ps, 2, &hop), EHOSTUNREACH);
	addr_parse(&a, "10.0.0.2:5060", 0);
	assert_int_equal(peers_find(&ps, &a), -1);
	addr_parse(&ts.list[0].hop.addr, "10.0.0.1:5060", 0);
	addr_parse(&ts.list[1].hop.addr, "10.0.0.2:5062", 0);
	peers_set_targets(&ps, 0, &ts);
	peers_set_targets(&ps, 2, &ts); /* there is none */
	assert_int_equal(peers_hop(&ps, 0, &hop), 0);
	assert_true(addr_equal(&hop.addr, &ts.list[0].hop.addr));
	assert_int_equal(peers_find(&ps, &a), 0); /* each of its servers may call */
	ts.count = 1;
	peers_set_targets(&ps, 0, &ts);
	assert_int_equal(peers_find(&ps, &a), -1); /* no longer */
	assert_string_equal(peers_uri_host(&ps, 0, text), "sip.example.com");
	assert_string_equal(peers_uri_host(&ps, 1, text), "b.example.com:5070");
	assert_string_equal(peers_uri_transport(&hop, text), "");
	hop.transport = SIP_TCP;
	assert_string_equal(peers_uri_transport(&hop, text), ";transport=tcp");
	peers_fini(&ps);
}

/* What is said of HEAD, UNIT many times, and TAIL. */
static const char *check_many(const char *head, const char *unit, unsigned times, const char *tail)
{
	char *text = malloc(strlen(head) + times * strlen(unit) + strlen(tail) + 1), *at;
	const char *wrong;

	assert_non_null(text);
	at = stpcpy(text, head);
	while (times--)
		at = stpcpy(at, unit);
	at = stpcpy(at, tail);
	wrong = message_check_text(text, (size_t)(at - text));
	free(text);
	return wrong;
}

/* One datagram of anybody may not hold the thread: osip's time goes with the square of the items of a list. */
static void test_many_items(void **state)
{
#define ANY	  "OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n"
#define MULTIPART ANY "MIME-Version: 1.0\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\n"
	static const struct {
		const char *head, *unit, *tail;
	} lists[] = {
		{ANY "Supported: a", ",a", "\r\n\r\n"},
		{ANY "m: <sip:a>", ";a", "\r\n\r\n"},
		{ANY "m: <sip:a?a=b", "&a=b", ">\r\n\r\n"},
		{ANY, "a:b\r\n", "\r\n"},
		{ANY, "a:b\n", "\r\n"},
		{MULTIPART, "a:b\r\n", "\r\nx\r\n--b--\r\n"},
		{MULTIPART "Content-Type: a/b", ";a=b", "\r\n\r\nx\r\n--b--\r\n"},
		{MULTIPART, "a:b\r\n\r\nx\r\n--b\r\n", "a:b\r\n\r\nx\r\n--b--\r\n"},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		assert_null(check_many(lists[i].head, lists[i].unit, 400, lists[i].tail));
		assert_string_equal(check_many(lists[i].head, lists[i].unit, 12000, lists[i].tail),
				    "too many lines and items in it");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peer_by_name),   cmocka_unit_test(test_peers_at_one_address),
		cmocka_unit_test(test_items),	       cmocka_unit_test(test_many_items),
		cmocka_unit_test(test_text),	       cmocka_unit_test(test_ua),
		cmocka_unit_test(test_reason),	       cmocka_unit_test(test_options),
		cmocka_unit_test(test_contact),	       cmocka_unit_test(test_via_marks),
		cmocka_unit_test(test_reply_to),       cmocka_unit_test(test_dialog),
		cmocka_unit_test(test_dialog_refused), cmocka_unit_test(test_peers),
	};

	/* In the stack osip_init() does it. */
	parser_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
