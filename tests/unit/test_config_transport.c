/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules across the keys of SIP's transports. */
#include "config_text.h"

#define SIP	 "[sip]\nlisten = 192.0.2.1\n"
#define PEER	 "[peer ast]\naddress = 192.0.2.2\n"
#define TLS_KEYS "listen_tls = 192.0.2.1\ntls_certificate = /c\ntls_key = /k\n"

static void test_good(void **state)
{
	struct addr a;

	assert_int_equal(load(SIP "listen_tcp = 192.0.2.1\n" TLS_KEYS PEER
				  "transport = tls\ntls_name = ast.example.org\n",
			      SPAN_HEAD),
			 0);
	addr_parse(&a, "192.0.2.1:5061", 0);
	assert_true(addr_equal(&config->sip_listen_tls[ADDR_IPV4], &a));
	addr_set_port(&a, 5060);
	assert_true(addr_equal(&config->sip_listen_tcp[ADDR_IPV4], &a));
	assert_int_equal(config->peers[0].transport, SIP_TLS);
	assert_true(config->peers[0].tls_verify);
	assert_int_equal(config->tcp_above, 1300);
	assert_int_equal(load(SIP TLS_KEYS "tls_ca = /a\n" PEER "transport = tls\n", SPAN_HEAD), 0);
	assert_int_equal(load(SIP TLS_KEYS PEER "transport = tls\ntls_verify = no\n", SPAN_HEAD), 0);
	assert_int_equal(load(SIP TLS_KEYS "[peer ast]\naddress = ast.example.org\ntransport = tls\n", SPAN_HEAD), 0);
}

static void test_listeners(void **state)
{
	assert_int_equal(load(SIP "listen_tcp = 2001:db8::1\n" PEER, SPAN_HEAD), EINVAL);
	EXPECT("m.conf:3: listen_tcp: [2001:db8::1]:5060 is not of the IP version of listen");
	assert_int_equal(load("[sip]\nlisten = 192.0.2.1, 2001:db8::1\nlisten_tcp = ::\n" PEER, SPAN_HEAD), EINVAL);
	EXPECT("m.conf:3: listen_tcp: no peer can reach us at ::: set [sip] host too");
	/* An address is none for peers of the other IP version. */
	assert_int_equal(
		load("[sip]\nlisten = 0.0.0.0, ::\nhost = 192.0.2.1\n[media]\nexternal = 192.0.2.1, 2001:db8::1\n" PEER,
		     SPAN_HEAD),
		EINVAL);
	EXPECT("m.conf:2: listen: no peer can reach us at ::: set [sip] host too");
	assert_int_equal(
		load("[sip]\nlisten = 0.0.0.0, ::\nhost = gw.test\n[media]\nexternal = 192.0.2.1, 2001:db8::1\n" PEER,
		     SPAN_HEAD),
		0);
	assert_int_equal(load(SIP "listen_tcp = 192.0.2.1:5061\n" TLS_KEYS PEER, SPAN_HEAD), EINVAL);
	EXPECT("m.conf:4: listen_tls: is the address and port of listen_tcp");
	assert_int_equal(load(SIP "listen_tls = 192.0.2.1\n" PEER, SPAN_HEAD), EINVAL);
	EXPECT("m.conf:3: listen_tls: needs tls_certificate", "m.conf:3: listen_tls: needs tls_key");
}

static void test_peers(void **state)
{
	assert_int_equal(load(SIP PEER "transport = tcp\n", SPAN_HEAD), EINVAL);
	EXPECT("m.conf:5: transport: tcp needs [sip] listen_tcp: we have to be where the peer can call back");
	/* Of the peer's IP version. */
	assert_int_equal(load("[sip]\nlisten = 192.0.2.1, 2001:db8::1\nlisten_tcp = 2001:db8::1\n" PEER
			      "transport = tcp\n",
			      SPAN_HEAD),
			 EINVAL);
	EXPECT("m.conf:6: transport: tcp needs [sip] listen_tcp: we have to be where the peer can call back");
	assert_int_equal(load(SIP PEER "tls_name = a\n", SPAN_HEAD), EINVAL);
	EXPECT("m.conf:5: tls_name: needs transport = tls");
	assert_int_equal(load(SIP TLS_KEYS PEER "transport = tls\n", SPAN_HEAD), EINVAL);
	EXPECT("m.conf:8: transport: tls to an IP address needs tls_name or [sip] tls_ca: who it must be would be "
	       "nowhere "
	       "said");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_good, tear_down),
		cmocka_unit_test_teardown(test_listeners, tear_down),
		cmocka_unit_test_teardown(test_peers, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
