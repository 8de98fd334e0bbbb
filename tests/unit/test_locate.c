/* SPDX-License-Identifier: GPL-2.0-only */
/* From a name to its servers (RFC 3263), against zones written out here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sip/dns/locate.h"

#define UDP (1u << SIP_UDP)
#define TCP (1u << SIP_TCP)
#define TLS (1u << SIP_TLS)
#define LAST                                                                                                           \
	{                                                                                                              \
		0                                                                                                      \
	}

struct record {
	const char *name;
	enum dns_type type;
	const char
		*text; /* "ORDER PREFERENCE FLAGS SERVICE REPLACEMENT", "PRIORITY WEIGHT PORT TARGET", an address; NULL:
			     the question fails */
	uint32_t ttl_s;
};

static char asked[1024]; /* "NAPTR carrier.example; SRV ..." */

static void read_record(struct dns_answer *a, const struct record *r)
{
	struct dns_naptr *n = &a->naptr[a->count];
	struct dns_srv *s = &a->srv[a->count];
	unsigned x, y, z;

	switch (r->type) {
	case DNS_NAPTR:
		memset(n, 0, sizeof(*n));
		assert_in_range(sscanf(r->text, "%u %u %15s %15s %255s", &x, &y, n->flags, n->service, n->replacement),
				4, 5);
		n->order = (uint16_t)x;
		n->preference = (uint16_t)y;
		break;
	case DNS_SRV:
		memset(s, 0, sizeof(*s));
		assert_int_equal(sscanf(r->text, "%u %u %u %255s", &x, &y, &z, s->target), 4);
		s->priority = (uint16_t)x;
		s->weight = (uint16_t)y;
		s->port = (uint16_t)z;
		if (!strcmp(s->target, "."))
			s->target[0] = '\0';
		break;
	case DNS_ADDRESS:
		assert_int_equal(addr_parse(&a->addr[a->count], r->text, 0), 0);
		break;
	}
	a->count++;
}

static void answer(const struct record *zone, const struct dns_question *q, struct dns_answer *ap)
{
	struct dns_answer a = {.outcome = DNS_NONE, .ttl_s = UINT32_MAX};

	for (; zone->name; zone++) {
		if (zone->type != q->type || strcmp(zone->name, q->name))
			continue;
		if (!zone->text) {
			a.outcome = DNS_FAILED;
			break;
		}
		a.outcome = DNS_FOUND;
		a.ttl_s = zone->ttl_s && zone->ttl_s < a.ttl_s ? zone->ttl_s : a.ttl_s;
		read_record(&a, zone);
	}
	*ap = a;
}

static struct locate_result walk(const struct record *zone, const struct locate_params *p)
{
	struct dns_question q;
	struct dns_answer a;
	struct locate l;
	size_t len = 0;

	asked[0] = '\0';
	locate_begin(&l, p);
	for (unsigned n = 0; locate_next(&l, &q); n++) {
		assert_in_range(n, 0, 100);
		len += (size_t)snprintf(asked + len, sizeof(asked) - len, "%s%s %s", len ? "; " : "",
					dns_type_name(q.type), q.name);
		assert_in_range(len, 0, sizeof(asked) - 1);
		answer(zone, &q, &a);
		locate_answer(&l, &a);
	}
	assert_int_equal(l.stage, LOCATE_DONE);
	locate_answer(&l, &a); /* one too many changes nothing */
	assert_false(locate_next(&l, &q));
	return locate_result(&l);
}

static struct locate_result any(const struct record *zone, unsigned have)
{
	return walk(zone, &(struct locate_params){.host = "carrier.example", .any_transport = true, .have = have});
}

/* EXPECTED: "192.0.2.1:5060 tcp 192.0.2.2:5070". */
static void assert_targets(const struct locate_result *r, const char *expected)
{
	char text[1024] = "", hop[HOP_TEXT_OCTETS];

	for (unsigned i = 0; i < r->targets.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
			 hop_print(&r->targets.list[i].hop, hop));
	assert_string_equal(text, expected);
	assert_int_equal(r->outcome == DNS_FOUND, expected[0] != '\0');
}

static void naptr_then_srv_then_addresses(void **state)
{
	/* RFC 3263 4.1's example in small: TCP is preferred to UDP, and we speak both */
	static const struct record zone[] = {
		{"carrier.example", DNS_NAPTR, "50 50 s SIPS+D2T _sips._tcp.carrier.example", 3000},
		{"carrier.example", DNS_NAPTR, "100 50 s SIP+D2U _sip._udp.carrier.example", 3000},
		{"carrier.example", DNS_NAPTR, "90 50 s SIP+D2T _sip._tcp.carrier.example", 3000},
		{"_sip._tcp.carrier.example", DNS_SRV, "1 1 5061 b.carrier.example", 500},
		{"_sip._tcp.carrier.example", DNS_SRV, "0 1 5070 a.carrier.example", 500},
		{"a.carrier.example", DNS_ADDRESS, "192.0.2.1", 70},
		{"a.carrier.example", DNS_ADDRESS, "2001:db8::1", 70},
		{"b.carrier.example", DNS_ADDRESS, "192.0.2.2", 60},
		LAST,
	};
	struct locate_result r = any(zone, UDP | TCP);

	assert_targets(&r, "tcp 192.0.2.1:5070 tcp [2001:db8::1]:5070 tcp 192.0.2.2:5061");
	assert_string_equal(asked, "NAPTR carrier.example; SRV _sip._tcp.carrier.example; address a.carrier.example; "
				   "address b.carrier.example");
	assert_int_equal(r.ttl_s, 60);
	assert_false(r.doubtful);
	assert_int_equal(r.targets.list[0].group, r.targets.list[1].group);
	assert_int_not_equal(r.targets.list[0].group, r.targets.list[2].group);
	assert_int_equal(r.targets.list[2].priority, 1);
}

static void a_transport_we_lack_is_passed_over(void **state)
{
	static const struct record zone[] = {
		{"carrier.example", DNS_NAPTR, "10 10 s SIPS+D2T _sips._tcp.carrier.example", 300},
		{"carrier.example", DNS_NAPTR, "20 10 s SIP+D2S _sip._sctp.carrier.example", 300},
		{"carrier.example", DNS_NAPTR, "30 10 u E2U+sip x.carrier.example", 300},
		{"carrier.example", DNS_NAPTR, "40 10 S sip+d2u _sip._udp.other.example", 300},
		{"_sip._udp.other.example", DNS_SRV, "0 0 5060 a.other.example", 300},
		{"_sips._tcp.carrier.example", DNS_SRV, "0 0 5061 s.carrier.example", 300},
		{"a.other.example", DNS_ADDRESS, "192.0.2.1", 300},
		{"s.carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP | TCP);

	assert_targets(&r, "192.0.2.1:5060");
	r = any(zone, UDP | TCP | TLS);
	assert_targets(&r, "tls 192.0.2.9:5061");
}

static void preference_decides_within_an_order(void **state)
{
	static const struct record zone[] = {
		{"carrier.example", DNS_NAPTR, "10 20 s SIP+D2U _sip._udp.carrier.example", 300},
		{"carrier.example", DNS_NAPTR, "10 10 s SIP+D2T _sip._tcp.carrier.example", 300},
		{"_sip._tcp.carrier.example", DNS_SRV, "0 0 5060 a.carrier.example", 300},
		{"_sip._udp.carrier.example", DNS_SRV, "0 0 5060 a.carrier.example", 300},
		{"a.carrier.example", DNS_ADDRESS, "192.0.2.1", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP | TCP);

	assert_targets(&r, "tcp 192.0.2.1:5060");
}

static void naptr_to_nowhere_goes_on_to_the_next(void **state)
{
	static const struct record zone[] = {
		{"carrier.example", DNS_NAPTR, "10 10 s SIP+D2T _sip._tcp.carrier.example", 300},
		{"carrier.example", DNS_NAPTR, "20 10 s SIP+D2U _sip._udp.carrier.example", 300},
		{"_sip._tcp.carrier.example", DNS_SRV, "0 0 5060 gone.carrier.example", 300},
		{"_sip._udp.carrier.example", DNS_SRV, "0 0 5060 a.carrier.example", 300},
		{"a.carrier.example", DNS_ADDRESS, "192.0.2.1", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP | TCP);

	assert_targets(&r, "192.0.2.1:5060");
}

static void without_naptr_srv_is_guessed(void **state)
{
	static const struct record zone[] = {
		{"_sip._tcp.carrier.example", DNS_SRV, "0 0 5080 a.carrier.example", 300},
		{"a.carrier.example", DNS_ADDRESS, "192.0.2.1", 300},
		{"carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP | TCP);

	assert_targets(&r, "tcp 192.0.2.1:5080");
	assert_string_equal(asked,
			    "NAPTR carrier.example; SRV _sip._udp.carrier.example; SRV _sip._tcp.carrier.example; "
			    "address a.carrier.example");
}

static void without_srv_it_is_the_host_at_the_default_port(void **state)
{
	static const struct record zone[] = {{"carrier.example", DNS_ADDRESS, "192.0.2.9", 300}, LAST};
	struct locate_result r = any(zone, UDP | TCP | TLS);

	assert_targets(&r, "192.0.2.9:5060");
	r = any(zone, TCP);
	assert_targets(&r, "tcp 192.0.2.9:5060");
	r = any(zone, TLS);
	assert_targets(&r, "tls 192.0.2.9:5061");
}

static void a_configured_transport_ends_naptr(void **state)
{
	static const struct record zone[] = {
		{"carrier.example", DNS_NAPTR, "10 10 s SIP+D2U _sip._udp.carrier.example", 300},
		{"_sips._tcp.carrier.example", DNS_SRV, "0 0 5099 a.carrier.example", 300},
		{"a.carrier.example", DNS_ADDRESS, "192.0.2.1", 300},
		{"carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		LAST,
	};
	struct locate_params p = {.host = "carrier.example", .transport = SIP_TLS, .have = UDP | TLS};
	struct locate_result r = walk(zone, &p);

	assert_targets(&r, "tls 192.0.2.1:5099");
	assert_string_equal(asked, "SRV _sips._tcp.carrier.example; address a.carrier.example");
	p.transport = SIP_UDP;
	r = walk(zone, &p);
	assert_targets(&r, "192.0.2.9:5060");
	assert_string_equal(asked, "SRV _sip._udp.carrier.example; address carrier.example");
}

static void a_configured_port_ends_srv(void **state)
{
	static const struct record zone[] = {
		{"_sip._udp.carrier.example", DNS_SRV, "0 0 5099 a.carrier.example", 300},
		{"carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		LAST,
	};
	struct locate_params p = {.host = "carrier.example", .port = 5070, .any_transport = true, .have = UDP | TCP};
	struct locate_result r = walk(zone, &p);

	assert_targets(&r, "192.0.2.9:5070");
	assert_string_equal(asked, "address carrier.example");
	p.any_transport = false;
	p.transport = SIP_TCP;
	r = walk(zone, &p);
	assert_targets(&r, "tcp 192.0.2.9:5070");
}

static void the_hosts_file_ends_it_all(void **state)
{
	static const struct record zone[] = {
		{"_sip._udp.carrier.example", DNS_SRV, "0 0 5099 a.carrier.example", 300},
		{"carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		LAST,
	};
	struct locate_params p = {.host = "carrier.example", .any_transport = true, .have = UDP, .by_address = true};
	struct locate_result r = walk(zone, &p);

	assert_targets(&r, "192.0.2.9:5060");
	assert_string_equal(asked, "address carrier.example");
}

static void a_service_that_is_not_there_is_not_guessed(void **state)
{
	/* RFC 2782: a target "." says that the service is decidedly not available at this domain */
	static const struct record zone[] = {
		{"_sip._udp.carrier.example", DNS_SRV, "0 0 0 .", 300},
		{"carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP);

	assert_targets(&r, "");
	assert_int_equal(r.outcome, DNS_NONE);
}

static void srv_that_names_dead_hosts_is_not_replaced_by_the_name(void **state)
{
	static const struct record zone[] = {
		{"_sip._udp.carrier.example", DNS_SRV, "0 0 5060 gone.carrier.example", 300},
		{"gone.carrier.example", DNS_ADDRESS, NULL, 0},
		{"carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP);

	assert_targets(&r, "");
	assert_int_equal(r.outcome, DNS_FAILED);
}

static void failures_make_it_doubtful_or_nothing(void **state)
{
	static const struct record zone[] = {
		{"carrier.example", DNS_NAPTR, NULL, 0}, {"carrier.example", DNS_ADDRESS, "192.0.2.9", 300},
		{"down.example", DNS_NAPTR, NULL, 0},	 {"_sip._udp.down.example", DNS_SRV, NULL, 0},
		{"down.example", DNS_ADDRESS, NULL, 0},	 LAST,
	};
	struct locate_params p = {.host = "down.example", .any_transport = true, .have = UDP};
	struct locate_result r = any(zone, UDP);

	assert_targets(&r, "192.0.2.9:5060");
	assert_true(r.doubtful);
	r = walk(zone, &p);
	assert_int_equal(r.outcome, DNS_FAILED);
	assert_int_equal(r.targets.count, 0);
	p.host = "nowhere.example";
	r = walk(zone, &p);
	assert_int_equal(r.outcome, DNS_NONE);
}

static void one_dead_server_of_several_is_left_out(void **state)
{
	static const struct record zone[] = {
		{"_sip._udp.carrier.example", DNS_SRV, "1 0 5060 gone.carrier.example", 300},
		{"_sip._udp.carrier.example", DNS_SRV, "2 0 5060 a.carrier.example", 300},
		{"gone.carrier.example", DNS_ADDRESS, NULL, 0},
		{"a.carrier.example", DNS_ADDRESS, "192.0.2.1", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP);

	assert_targets(&r, "192.0.2.1:5060");
	assert_true(r.doubtful); /* and so soon asked for again */
}

static void addresses_that_nobody_can_be_at_are_dropped(void **state)
{
	static const struct record zone[] = {
		{"carrier.example", DNS_ADDRESS, "0.0.0.0", 300},
		{"carrier.example", DNS_ADDRESS, "::", 300},
		{"carrier.example", DNS_ADDRESS, "224.0.1.75", 300},
		{"carrier.example", DNS_ADDRESS, "255.255.255.255", 300},
		{"carrier.example", DNS_ADDRESS, "ff02::1", 300},
		{"carrier.example", DNS_ADDRESS, "192.0.2.1", 300},
		{"carrier.example", DNS_ADDRESS, "192.0.2.1", 300},
		LAST,
	};
	struct locate_result r = any(zone, UDP);

	assert_targets(&r, "192.0.2.1:5060");
}

static void too_many_servers_lose_the_last_ones(void **state)
{
	struct dns_answer a = {.outcome = DNS_FOUND, .ttl_s = 1, .count = DNS_MAX_RECORDS};
	struct locate_params p = {.host = "carrier.example", .transport = SIP_UDP, .have = UDP};
	struct locate_result r;
	struct dns_question q;
	struct locate l;

	locate_begin(&l, &p);
	for (unsigned i = 0; i < DNS_MAX_RECORDS; i++) {
		a.srv[i] = (struct dns_srv){.priority = (uint16_t)(100 - i), .port = 5060};
		snprintf(a.srv[i].target, sizeof(a.srv[i].target), "h%u.example", i);
	}
	locate_answer(&l, &a);
	for (unsigned n = 0; locate_next(&l, &q); n++) {
		memset(&a, 0, sizeof(a));
		a.outcome = DNS_FOUND;
		a.count = 3;
		for (unsigned i = 0; i < a.count; i++) {
			char text[32];

			snprintf(text, sizeof(text), "10.0.%u.%u", n, i + 1);
			addr_parse(&a.addr[i], text, 0);
		}
		locate_answer(&l, &a);
	}
	r = locate_result(&l);
	assert_int_equal(r.targets.count, SIP_MAX_TARGETS);
	assert_int_equal(r.targets.list[0].priority, 85);
	for (unsigned i = 1; i < r.targets.count; i++)
		assert_true(r.targets.list[i - 1].priority <= r.targets.list[i].priority);
}

static void a_name_too_long_for_srv_is_asked_for_itself(void **state)
{
	char name[DNS_NAME_OCTETS];
	struct dns_question q;
	struct locate l;

	memset(name, 'a', sizeof(name));
	for (unsigned i = 50; i < sizeof(name); i += 50)
		name[i] = '.';
	name[sizeof(name) - 1] = '\0';
	locate_begin(&l, &(struct locate_params){.host = name, .transport = SIP_UDP, .have = UDP});
	assert_true(locate_next(&l, &q));
	assert_int_equal(q.type, DNS_ADDRESS);
	assert_string_equal(q.name, name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(naptr_then_srv_then_addresses),
		cmocka_unit_test(a_transport_we_lack_is_passed_over),
		cmocka_unit_test(preference_decides_within_an_order),
		cmocka_unit_test(naptr_to_nowhere_goes_on_to_the_next),
		cmocka_unit_test(without_naptr_srv_is_guessed),
		cmocka_unit_test(without_srv_it_is_the_host_at_the_default_port),
		cmocka_unit_test(a_configured_transport_ends_naptr),
		cmocka_unit_test(a_configured_port_ends_srv),
		cmocka_unit_test(the_hosts_file_ends_it_all),
		cmocka_unit_test(a_service_that_is_not_there_is_not_guessed),
		cmocka_unit_test(srv_that_names_dead_hosts_is_not_replaced_by_the_name),
		cmocka_unit_test(failures_make_it_doubtful_or_nothing),
		cmocka_unit_test(one_dead_server_of_several_is_left_out),
		cmocka_unit_test(addresses_that_nobody_can_be_at_are_dropped),
		cmocka_unit_test(too_many_servers_lose_the_last_ones),
		cmocka_unit_test(a_name_too_long_for_srv_is_asked_for_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
