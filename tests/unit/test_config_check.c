/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules across keys. */
#include "config_text.h"

/* Loads a main file and two span files. */
static int load2(const char *main_text, const char *one, const char *two)
{
	struct load_text m = {"m.conf", main_text, strlen(main_text)};
	struct load_text s[2] = {{"s.conf", one, strlen(one)}, {"t.conf", two, strlen(two)}};

	tear_down(NULL);
	return load_texts(&m, s, 2, &config, &errors);
}

static int load_span_text(const char *more)
{
	char text[1000];

	snprintf(text, sizeof(text), SPAN_HEAD "%s", more);
	return load(MAIN_HEAD, text);
}

static int load_main_text(const char *more)
{
	char text[1000];

	snprintf(text, sizeof(text), "%s%s", MAIN_HEAD, more);
	return load(text, SPAN_HEAD);
}

/* More keys of [sip]: from line 5 on. */
static int load_text_sip(const char *more)
{
	char text[1000];

	snprintf(text, sizeof(text), "[peer ast]\naddress = 192.0.2.2\n[sip]\nlisten = 192.0.2.1\n%s", more);
	return load(text, SPAN_HEAD);
}

static void test_endpoint(void **state)
{
	assert_int_equal(load_main_text("[endpoint e]\nuser = u\nsecret = s\nnumbers = 030123\nt38 = no\n"), 0);
	assert_true(config->peers[1].endpoint);
	assert_false(config->peers[1].t38);
	assert_int_equal(config->peers[1].max_contacts, 1);
	assert_int_equal(config->rules[0].kind, RULE_ENDPOINT);
	assert_ptr_equal(config->rules[0].called, &config->peers[1].numbers);
	assert_int_equal(config->rules[0].peers->list[0].peer, 1);
	assert_int_equal(
		load_main_text("[endpoint ast]\nuser = u\nsecret = s\n[endpoint e]\nuser = v\naddress = 192.0.2.9\n"
			       "min_expires = 10 min\nmax_expires = 5 min\n[endpoint f]\nuser = v\nsecret = none\n"
			       "max_contacts = 9\n"),
		EINVAL);
	EXPECT("m.conf:5: [endpoint ast]: duplicate section, the first is in line 3",
	       "m.conf:8: [endpoint e]: secret is missing",
	       "m.conf:10: address: unknown key in [endpoint e], it belongs in [media]",
	       "m.conf:11: min_expires: 600 s is more than max_expires, 300 s",
	       "m.conf:14: user: v is that of [endpoint e] in line 8",
	       "m.conf:15: secret: none is not enough: who registers must be known",
	       "m.conf:16: max_contacts: 9 is not a number from 1 to 8");
}

static void test_peer_auth(void **state)
{
	assert_int_equal(load_main_text("[peer b]\naddress = 192.0.2.3\nauth_user = u\nauth_secret = a b;c\n"), 0);
	assert_int_equal(
		load_main_text(
			"[peer b]\naddress = 192.0.2.3\nauth_user = u\n[peer c]\naddress = "
			"192.0.2.4\nauth_secret = s\ninbound_secret = s\n[peer d]\naddress = 192.0.2.5\nauth_user = "
			"a\"b\n"),
		EINVAL);
	EXPECT("m.conf:7: auth_user: auth_user and auth_secret go together",
	       "m.conf:10: auth_secret: auth_user and auth_secret go together",
	       "m.conf:11: inbound_secret: inbound_user and inbound_secret go together",
	       "m.conf:14: auth_user: a\"b is not up to 63 printable ASCII characters without quotes and backslashes, "
	       "or "
	       "none");
	assert_int_equal(load_main_text("[peer b]\naddress = 192.0.2.3\nsession_expires = 2 min\nmin_se = 3 min\n"),
			 EINVAL);
	EXPECT("m.conf:7: session_expires: shorter than min_se, 180 s; 0 asks for none");
	assert_int_equal(load_main_text("[peer b]\naddress = 192.0.2.3\noptions_interval = 30 ms\n"), EINVAL);
	EXPECT("m.conf:7: options_interval: 30 ms is less than 1 s; 0 asks never");
}

static void test_peers(void **state)
{
	assert_int_equal(load_main_text("[peer b]\naddress = 192.0.2.2:5060\n[peer c]\naddress = 0.0.0.0\n[peer "
					"d]\naddress = 192.0.2.1\n"
					"[peer e]\naddress = 2001:db8::1\n[peer f]\naddress = 192.0.2.2:5061\n"),
			 EINVAL);
	EXPECT("m.conf:6: address: 192.0.2.2:5060 is that of [peer ast] in line 3",
	       "m.conf:8: address: 0.0.0.0:5060 is not the address of a peer",
	       "m.conf:10: address: 192.0.2.1:5060 is our own, [sip] listen",
	       "m.conf:12: address: [2001:db8::1]:5060 is not of the IP version of [sip] listen");
	assert_int_equal(
		load("[sip]\nlisten = 192.0.2.1\n", "[span 1]\nlocal=192.0.2.1:1\nremote=192.0.2.2:1\npeer=x\n"),
		EINVAL);
	EXPECT("m.conf: [peer NAME] is missing: there must be at least one",
	       "s.conf:4: peer: there is no [peer x] in m.conf");
	assert_int_equal(load2(MAIN_HEAD "[peer zwei]\naddress=192.0.2.4\n", SPAN_HEAD,
			       "[span 2]\nlocal=192.0.2.1:2\nremote=192.0.2.3:2\npeer=zwei\n"),
			 0);
	assert_int_equal(config->spans[0].peer, 0);
	assert_int_equal(config->spans[1].peer, 1);
	assert_int_equal(load_span_text("[fax]\n"), 0);
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal=192.0.2.1:1\nremote=192.0.2.2:1\npeer=asd\n"), EINVAL);
	EXPECT("s.conf:4: peer: there is no [peer asd] in m.conf, did you mean ast?");
}

static void test_reachable(void **state)
{
	const char *peer = "[peer ast]\naddress = 192.0.2.2\n";
	char text[300];

	snprintf(text, sizeof(text), "[sip]\nlisten = 0.0.0.0\n%s", peer);
	assert_int_equal(load(text, SPAN_HEAD), EINVAL);
	EXPECT("m.conf:2: listen: no peer can reach us at 0.0.0.0: set [sip] host too",
	       "m.conf:2: listen: no peer can send media to 0.0.0.0: set [media] address or external");
	snprintf(text, sizeof(text), "[sip]\nlisten = 0.0.0.0\nhost = gw\n[media]\nexternal = 192.0.2.7\n%s", peer);
	assert_int_equal(load(text, SPAN_HEAD), 0);
	assert_true(addr_is_any(&config->media_address[ADDR_IPV4]));
	assert_int_equal(addr_port(&config->media_address[ADDR_IPV4]), 0);
	assert_int_equal(load_main_text("[media]\naddress = 0.0.0.0\n"), EINVAL);
	EXPECT("m.conf:6: address: no peer can send media to 0.0.0.0: set [media] address or external");
	assert_int_equal(load_main_text("[media]\nexternal = 0.0.0.0\n"), EINVAL);
	EXPECT("m.conf:6: external: no peer can send to 0.0.0.0");
	assert_int_equal(load_main_text("[media]\nexternal = 2001:db8::1\n"), EINVAL);
	EXPECT("m.conf:6: external: 2001:db8::1 is not of the IP version of a local media address");
	/* a refused value is not also a missing one */
	snprintf(text, sizeof(text), "[sip]\nlisten = 0.0.0.0\nhost = a b\n[media]\nexternal = x\n%s", peer);
	assert_int_equal(load(text, SPAN_HEAD), EINVAL);
	assert_int_equal(errors.count, 2);
}

static void test_ports(void **state)
{
	assert_int_equal(load_main_text("[media]\nports = 30000-30119\n"), 0);
	assert_int_equal(load_main_text("[media]\nports = 30000-30118\n"), EINVAL);
	EXPECT("m.conf:6: ports: 30000-30118 is enough for 29 calls of 4 ports, but the enabled spans have 30 "
	       "timeslots: 120 ports are "
	       "needed");
	assert_int_equal(load2(MAIN_HEAD "[media]\nports = 30000-30127\n", SPAN_HEAD "timeslots = 1-15\n",
			       "[span 2]\nlocal=192.0.2.1:2\nremote=192.0.2.3:2\npeer=ast\n"),
			 EINVAL);
	EXPECT("m.conf:6: ports: 30000-30127 is enough for 32 calls of 4 ports, but the enabled spans have 45 "
	       "timeslots: 180 ports are "
	       "needed");
	assert_int_equal(load2(MAIN_HEAD "[media]\nports = 30000-30127\n", SPAN_HEAD,
			       "[span 2]\nenabled=no\nlocal=192.0.2.1:2\nremote=192.0.2.3:2\npeer=ast\n"),
			 0);
	/* the port of SIP may lie in the range: it is passed over when a call takes its ports */
	assert_int_equal(load_main_text("[media]\nports = 5000-6000\n"), 0);
}

static void test_spans(void **state)
{
	assert_int_equal(load2(MAIN_HEAD, SPAN_HEAD, "\n" SPAN_HEAD), EINVAL);
	EXPECT("t.conf:2: [span 1]: that number is taken in s.conf:1",
	       "t.conf:3: local: 192.0.2.1:7001 is taken in s.conf:2");
	assert_int_equal(
		load2(MAIN_HEAD, SPAN_HEAD, "[span 2]\nlocal = 0.0.0.0:7001\nremote = 192.0.2.9:1\npeer = ast\n"),
		EINVAL);
	EXPECT("t.conf:2: local: 0.0.0.0:7001 is taken in s.conf:2");
	assert_int_equal(load2(MAIN_HEAD, SPAN_HEAD,
			       "[span 2]\nenabled=no\nlocal=192.0.2.1:7001\nremote=192.0.2.9:1\npeer=ast\n"),
			 0);
	assert_int_equal(load2(MAIN_HEAD, SPAN_HEAD "enabled = no\n",
			       "[span 2]\nlocal=192.0.2.1:7001\nremote=192.0.2.9:1\npeer=ast\n"),
			 0);
	assert_int_equal(load_span_text("enabled = no\n"), EINVAL);
	EXPECT("m.conf: spans_dir: no span is enabled in spans.d");
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal = 192.0.2.1:5060\nremote = 192.0.2.3:1\npeer = ast\n"),
			 EINVAL);
	EXPECT("s.conf:2: local: 192.0.2.1:5060 is taken by [sip] listen",
	       "s.conf:2: local: 192.0.2.1:5060 lies in [media] ports, 4000-5999");
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal = 192.0.2.1:4001\nremote = 192.0.2.3:1\npeer = ast\n"),
			 EINVAL);
	EXPECT("s.conf:2: local: 192.0.2.1:4001 lies in [media] ports, 4000-5999");
}

static void test_line(void **state)
{
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal = 192.0.2.1:1\nremote = 0.0.0.0:1\npeer = ast\n"), EINVAL);
	EXPECT("s.conf:3: remote: is not the address of another end");
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal = 192.0.2.1:1\nremote = [::1]:1\npeer = ast\n"), EINVAL);
	EXPECT("s.conf:3: remote: is not of the IP version of local");
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal = 192.0.2.1:1\nremote = 192.0.2.1:1\npeer = ast\n"), EINVAL);
	EXPECT("s.conf:3: remote: is the same as local");
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal = 192.0.2.1:1\npeer = ast\n"), EINVAL);
	EXPECT("s.conf:1: [span 1]: remote is missing, line = tdmoe needs it");
}

#define DAHDI_HEAD "[span 7]\nline = dahdi\npeer = ast\n"

static void test_dahdi(void **state)
{
	assert_int_equal(load(MAIN_HEAD, DAHDI_HEAD), 0);
	assert_int_equal(config->spans[0].dahdi.span, 7);
	assert_int_equal(config->spans[0].dahdi.rx_gain_ddb, 0);
	assert_int_equal(load(MAIN_HEAD, DAHDI_HEAD "[dahdi]\nspan = 2\nrx_gain = -3.5 dB\ntx_gain = 12\nbuffer_size = "
						    "40\nsend_delay = 5 ms\nbuffer_policy = half\nbuffers = 9\n"
						    "echo_at_fax = fax-mode\n"),
			 0);
	assert_int_equal(config->spans[0].dahdi.span, 2);
	assert_int_equal(config->spans[0].dahdi.rx_gain_ddb, -35);
	assert_int_equal(config->spans[0].dahdi.tx_gain_ddb, 120);
	assert_int_equal(config->spans[0].dahdi.policy, BUFFERS_HALF);
	assert_int_equal(config->spans[0].dahdi.echo_at_fax, ECHO_AT_FAX_MODE);
	assert_int_equal(load(MAIN_HEAD, DAHDI_HEAD "[dahdi]\nbuffer_size = 50\necho_taps = 100\n"), EINVAL);
	EXPECT("s.conf:5: buffer_size: 50 does not divide 160: it may be 20, 32, 40, 80 or 160",
	       "s.conf:6: echo_taps: 100 is not one of 32, 64, 128, 256, 512, 1024");
	assert_int_equal(load(MAIN_HEAD, DAHDI_HEAD "[dahdi]\nbuffers = 3\n"), EINVAL);
	EXPECT("s.conf:5: buffers: a send_delay of 40 ms needs 4 buffers of 160 octets, buffers is 3");
	assert_int_equal(load(MAIN_HEAD, DAHDI_HEAD "[dahdi]\nsend_delay = 300 ms\n"), EINVAL);
	EXPECT("s.conf:5: send_delay: a send_delay of 300 ms needs 17 buffers of 160 octets, buffers is 16");
	assert_int_equal(load(MAIN_HEAD, DAHDI_HEAD "[dahdi]\nrx_gain = 12.1 dB\n"), EINVAL);
	EXPECT("s.conf:5: rx_gain: 12.1 dB is not a gain from -12 dB to 12 dB");
	assert_int_equal(load(MAIN_HEAD, DAHDI_HEAD "[dahdi]\nrx_gain = 1 db\n"), EINVAL);
	EXPECT("s.conf:5: rx_gain: 1 db is not a gain from -12 dB to 12 dB");
	assert_int_equal(load2(MAIN_HEAD, DAHDI_HEAD, "[span 2]\nline = dahdi\npeer = ast\n[dahdi]\nspan = 7\n"),
			 EINVAL);
	EXPECT("t.conf:5: span: DAHDI span 7 is taken in s.conf:1");
}

static void test_timeslots(void **state)
{
	assert_int_equal(load_span_text("timeslots = 1-31\n"), EINVAL);
	EXPECT("s.conf:5: timeslots: timeslot 16 is the D channel");
	assert_int_equal(load_span_text("dchannel = 24\n"), EINVAL);
	EXPECT("s.conf:5: dchannel: timeslot 24 is one of timeslots, which is 1-15,17-31 unless it is set; a T1 has "
	       "timeslots = 1-23");
	assert_int_equal(load_span_text("timeslots = 1-23\ndchannel = 24\n"), 0);
	assert_int_equal(config_span_timeslots(&config->spans[0]), 24);
	assert_int_equal(load_span_text("timeslots = 1-23,25\ndchannel = 24\n"), EINVAL);
	EXPECT("s.conf:5: timeslots: with dchannel = 24 the span is a T1, which has none above 23");
	assert_int_equal(load_span_text("timeslots = 1-15,17-31\n"), 0);
	assert_int_equal(config_span_timeslots(&config->spans[0]), 31);
	assert_int_equal(load_span_text("timeslots = 1-31\ndchannel = 0\n"), EINVAL);
	EXPECT("s.conf:6: dchannel: 0 is not a number from 1 to 31");
}

static void test_dialect(void **state)
{
	assert_int_equal(load_span_text("overlap = yes\nswitch = qsig\nlaw = ulaw\n"), 0);
	assert_int_equal(load_span_text("overlap_dial = 3\nswitch = ni2\n"), EINVAL);
	EXPECT("s.conf:5: overlap_dial: numbers go whole with switch = ni2; only euroisdn and qsig take them in "
	       "pieces");
	assert_int_equal(load_span_text("overlap = yes\nswitch = ni2\n"), EINVAL);
	EXPECT("s.conf:5: overlap: numbers come whole with switch = ni2; only euroisdn and qsig send them in pieces");
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nline = dahdi\npeer = ast\nlaw = ulaw\n"), 0);
}

static void test_modems(void **state)
{
	static const char *const good[] = {
		"modems = v27ter\nmax_rate = 4800",	     "modems = v27ter\nmax_rate = 2400",
		"modems = v29 v27ter\nmax_rate = 9600",	     "modems = v29\nmax_rate = 7200",
		"modems = v27ter v29 v17\nmax_rate = 12000", "max_rate = 2400"};
	static const struct {
		const char *keys, *error;
	} bad[] = {
		{"modems = v27ter\nmax_rate = 7200",
		 "s.conf:7: max_rate: v27ter alone has no more than 4800 bit/s, max_rate is 7200"},
		{"modems = v27ter", "s.conf:6: modems: v27ter alone has no more than 4800 bit/s, max_rate is 14400"},
		{"max_rate = 12000\nmodems = v29,v27ter",
		 "s.conf:6: max_rate: without v17 there is no more than 9600 bit/s, max_rate is 12000"},
		{"modems = v29\nmax_rate = 4800",
		 "s.conf:7: max_rate: v29 alone has no less than 7200 bit/s, max_rate is 4800"},
		{"modems = v17, v29", "s.conf:6: modems: T.30 cannot offer v17 without both v29 and v27ter"},
		{"modems = v17", "s.conf:6: modems: T.30 cannot offer v17 without both v29 and v27ter"},
	};
	char text[200];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(text, sizeof(text), "[fax]\n%s\n", good[i]);
		assert_int_equal(load_span_text(text), 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[fax]\n%s\n", bad[i].keys);
		assert_int_equal(load_span_text(text), EINVAL);
		EXPECT(bad[i].error);
	}
	assert_int_equal(load_span_text("[fax]\nmodems = v27ter\nmax_rate = 1\n"), EINVAL);
	EXPECT("s.conf:7: max_rate: 1 is not one of 2400, 4800, 7200, 9600, 12000, 14400");
}

static void test_jitter(void **state)
{
	assert_int_equal(load_span_text("[jitter]\nmin = 300 ms\n"), EINVAL);
	EXPECT("s.conf:6: min: 300 ms is more than max, 200 ms");
	assert_int_equal(load_span_text("[jitter]\nmax = 80 ms\n"), EINVAL);
	EXPECT("s.conf:5: fax: 100 ms is not between min and max, 20 ms and 80 ms");
	assert_int_equal(load_span_text("[jitter]\nfax = 10 ms\n"), EINVAL);
	EXPECT("s.conf:6: fax: 10 ms is not between min and max, 20 ms and 200 ms");
	assert_int_equal(load_span_text("[jitter]\nmin = 100 ms\nmax = 100 ms\nfax = 100 ms\n"), 0);
	assert_int_equal(load_span_text("[jitter]\nmin = 300 ms\nmax = 1\n"), EINVAL);
	assert_int_equal(errors.count, 1);
}

/* Errors of reading and of checking, of three files, in one order. */
static void test_order(void **state)
{
	assert_int_equal(load2(MAIN_HEAD "[media]\nports = 30000-30003\ncolour = red\n",
			       SPAN_HEAD "[fax]\nmodems = v17\nmax_rate = 1\n",
			       "[span 1]\nlocal = 192.0.2.1:7001\nside = x\nremote = 192.0.2.1:7001\npeer = ast\n"),
			 EINVAL);
	EXPECT("m.conf:6: ports: 30000-30003 is enough for 1 calls of 4 ports, but the enabled spans have 60 "
	       "timeslots: 240 ports are "
	       "needed",
	       "m.conf:7: colour: unknown key in [media]",
	       "s.conf:7: max_rate: 1 is not one of 2400, 4800, 7200, 9600, 12000, 14400",
	       "t.conf:1: [span 1]: that number is taken in s.conf:1",
	       "t.conf:2: local: 192.0.2.1:7001 is taken in s.conf:2", "t.conf:3: side: x is not one of te, nt",
	       "t.conf:4: remote: is the same as local");
}

static void test_peer_by_name(void **state)
{
	const struct config_peer *p;

	assert_int_equal(load_main_text("[peer b]\naddress = sip.Carrier-1.example\n[peer c]\naddress = pbx:5070\n"),
			 0);
	p = &config->peers[1];
	assert_string_equal(p->host, "sip.Carrier-1.example");
	assert_int_equal(p->port, 0);
	assert_false(addr_is_set(&p->addr));
	p = &config->peers[2];
	assert_string_equal(p->host, "pbx");
	assert_int_equal(p->port, 5070);
	assert_string_equal(config->peers[0].host, "");
	assert_int_equal(load_main_text("[peer b]\naddress = sip.example.com\n[peer c]\naddress = SIP.example.com\n"
					"[peer d]\naddress = sip.example.com:5060\n"),
			 EINVAL);
	EXPECT("m.conf:8: address: SIP.example.com is that of [peer b] in line 5");
}

static void test_peer_by_no_name(void **state)
{
	assert_int_equal(load_main_text("[peer b]\naddress = 192.0.2.300\n[peer c]\naddress = a..b\n"
					"[peer d]\naddress = sip.example.com:0\n[peer e]\naddress = -a.b\n"
					"[peer f]\naddress = sip@example\n[peer g]\naddress = 192.0.2.3:0\n"),
			 EINVAL);
	EXPECT("m.conf:6: address: 192.0.2.300 is not an IP address, and a host name does not end in a number",
	       "m.conf:8: address: a..b is not a host name",
	       "m.conf:10: address: 0 is not a port: it is a number from 1 to 65535",
	       "m.conf:12: address: -a.b is not a host name",
	       "m.conf:14: address: sip@example is neither an IP address nor a host name",
	       "m.conf:16: address: 192.0.2.3:0 has no port that a server could have");
}

static void test_nameservers(void **state)
{
	assert_int_equal(load_text_sip("nameservers = 192.0.2.53, [2001:db8::53]:5353\n"), 0);
	assert_int_equal(config->nameservers.count, 2);
	assert_int_equal(addr_port(&config->nameservers.list[0]), 53);
	assert_int_equal(addr_port(&config->nameservers.list[1]), 5353);
	assert_int_equal(load_text_sip("nameservers = system\n"), 0);
	assert_int_equal(config->nameservers.count, 0);
	assert_int_equal(load_text_sip("nameservers = 192.0.2.53 dns.example\n"), EINVAL);
	EXPECT("m.conf:5: nameservers: dns.example is not the address of a name server");
	assert_int_equal(load_text_sip("nameservers = 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5\n"), EINVAL);
	EXPECT("m.conf:5: nameservers: more than 4 name servers");
	assert_int_equal(load_text_sip("dns_refresh_min = 10 min\ndns_refresh_max = 1 min\n"), EINVAL);
	EXPECT("m.conf:5: dns_refresh_min: 600 s is longer than dns_refresh_max, 60 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_peer_by_name, tear_down),
		cmocka_unit_test_teardown(test_peer_by_no_name, tear_down),
		cmocka_unit_test_teardown(test_nameservers, tear_down),
		cmocka_unit_test_teardown(test_endpoint, tear_down),
		cmocka_unit_test_teardown(test_peer_auth, tear_down),
		cmocka_unit_test_teardown(test_peers, tear_down),
		cmocka_unit_test_teardown(test_reachable, tear_down),
		cmocka_unit_test_teardown(test_ports, tear_down),
		cmocka_unit_test_teardown(test_spans, tear_down),
		cmocka_unit_test_teardown(test_line, tear_down),
		cmocka_unit_test_teardown(test_dahdi, tear_down),
		cmocka_unit_test_teardown(test_timeslots, tear_down),
		cmocka_unit_test_teardown(test_dialect, tear_down),
		cmocka_unit_test_teardown(test_modems, tear_down),
		cmocka_unit_test_teardown(test_jitter, tear_down),
		cmocka_unit_test_teardown(test_order, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
