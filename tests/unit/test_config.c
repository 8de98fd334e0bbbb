/* SPDX-License-Identifier: GPL-2.0-only */
/* Every key of the configuration: good values, bad ones with their exact message, defaults; number patterns. */
#include "config_text.h"
#include "conf/nearest.h"

/* Each: the section, its line in place of @, the error behind "m.conf:7: " or "s.conf:7: ". */
struct bad_key {
	const char *section, *line, *error;
};

static const struct bad_key bad_main[] = {
	{"gateway", "stop = now", "stop: now is not one of clear, drain"},
	{"gateway", "drain_timeout = 10",
	 "drain_timeout: 10 has no unit: write \"10 ms\", \"10 s\", \"10 min\" or \"10 h\""},
	{"gateway", "drain_timeout = 0", "drain_timeout: 0 is not a time from 1 s to 24 h"},
	{"gateway", "drain_timeout = 25 h", "drain_timeout: 25 h is not a time from 1 s to 24 h"},
	{"gateway", "drain_timeout = 999999999 h", "drain_timeout: 999999999 h is not a time from 1 s to 24 h"},
	{"gateway", "drain_timeout = 9999999999 h", "drain_timeout: 9999999999 h is not a time from 1 s to 24 h"},
	{"gateway", "drain_timeout = -1 s", "drain_timeout: -1 s is not a time from 1 s to 24 h"},
	{"gateway", "drain_timeout = 5 sec", "drain_timeout: 5 sec is not a time from 1 s to 24 h"},
	{"gateway", "spans_dir =", "spans_dir: has no value, it must be the path of a folder"},
	{"log", "level = loud", "level: loud is not one of error, warning, notice, info, debug"},
	{"log", "facility = mail",
	 "facility: mail is not one of daemon, local0, local1, local2, local3, local4, local5, local6, local7"},
	{"media", "address = 192.0.2.1:4000", "address: 192.0.2.1:4000 has a port: only the address belongs here"},
	{"media", "address = example.org",
	 "address: example.org is not an IP address without a port, one of each IP version, or none"},
	{"media", "external = 300.1.1.1",
	 "external: 300.1.1.1 is not an IP address without a port, one of each IP version, or none"},
	{"media", "external = 192.0.2.1:5000", "external: 192.0.2.1:5000 has a port: only the address belongs here"},
	{"media", "address = 192.0.2.1, 192.0.2.2",
	 "address: 192.0.2.2 is a second IPv4 address: there may be one of each IP version"},
	{"media", "address = 192.0.2.1, gw", "address: gw is not an IP address"},
	{"media", "ports = 4001-5999", "ports: 4001-5999 begins with an odd port: RTP takes an even one (RFC 3550 11)"},
	{"media", "ports = 4000",
	 "ports: 4000 is not a range FIRST-LAST within 1024-65535 that begins with an even port"},
	{"media", "ports = 5998-4000",
	 "ports: 5998-4000 is not a range FIRST-LAST within 1024-65535 that begins with an even port"},
	{"media", "ports = 60000-70000",
	 "ports: 60000-70000 is not a range FIRST-LAST within 1024-65535 that begins with an even port"},
	{"media", "ports = 80-65535",
	 "ports: 80-65535 is not a range FIRST-LAST within 1024-65535 that begins with an even port"},
};

static const struct bad_key bad_sip[] = {
	{"sip", "listen = 192.0.2.1:99999",
	 "listen: 192.0.2.1:99999 is not an IP address, or one of each IP version, with or without a port (then 5060): "
	 "192.0.2.1, [2001:db8::1]:5060"},
	{"sip", "listen = 192.0.2.1, 192.0.2.2:5070",
	 "listen: 192.0.2.2:5070 is a second IPv4 address: there may be one of each IP version"},
	{"sip", "listen = 192.0.2.1:0", "listen: 192.0.2.1 has no port: write ADDRESS:PORT"},
	{"sip", "listen = 192.0.2.1\nlisten_tcp = 2001:db8::1",
	 "listen_tcp: [2001:db8::1]:5060 is not of the IP version of listen"},
	{"sip", "listen = 192.0.2.1\nhost = a b", "host: a b is not a host name or an address without a port, or none"},
	{"sip", "listen = 192.0.2.1\nhost = 192.0.2.1:5060",
	 "host: 192.0.2.1:5060 is not a host name or an address without a port, or none"},
	{"sip", "listen = 192.0.2.1\nuser_agent = F\xc3\xa4xspan",
	 "user_agent: F\xc3\xa4xspan is not up to 63 printable ASCII characters"},
	{"sip", "listen = 192.0.2.1\nuser_agent = 0123456789012345678901234567890123456789012345678901234567890123",
	 "user_agent: 0123456789012345678901234567890123456789012345678901234567890123 is longer than 63 characters"},
	{"sip", "host = x\n[log]", "[sip]: listen is missing"},
};

static const struct bad_key bad_peer[] = {
	{"peer a", "address = 192.0.2.9\ncodecs = g729", "codecs: g729 is neither alaw nor ulaw"},
	{"peer a", "address = 192.0.2.9\ncodecs = alaw alaw", "codecs: alaw stands there twice"},
	{"peer a", "address = 192.0.2.9\ncodecs = ,", "codecs: , is not alaw, ulaw, or both with the better one first"},
	{"peer a", "address = 192.0.2.9\nt38 = 1", "t38: 1 is not yes or no"},
	{"peer a", "address = 192.0.2.9\nt38_max_datagram = 149",
	 "t38_max_datagram: 149 is not a number from 150 to 1400"},
	{"peer a", "address = 192.0.2.9\nt38_max_buffer = 1e3",
	 "t38_max_buffer: 1e3 is not a number from 200 to 10000"},
	{"peer a", "address = 192.0.2.9\nt38_version = 4", "t38_version: 4 is not a number from 0 to 3"},
	{"peer a", "address = 192.0.2.9\nt38_ec = FEC", "t38_ec: FEC is not one of none, redundancy, fec"},
	{"peer a", "address = 192.0.2.9\nt38_start = at-once",
	 "t38_start: at-once is not span, or one of answering-side, on-cng, on-ced, on-preamble, at-answer, wait"},
	{"peer a", "address = 192.0.2.9\nt38_grace = 31 s", "t38_grace: 31 s is not span, or a time from 0 ms to 30 s"},
	{"peer a", "address = 192.0.2.9\nt38_max_rate = 33600",
	 "t38_max_rate: 33600 is not span, or one of 2400, 4800, 7200, 9600, 12000, 14400"},
	{"peer a", "address = 192.0.2.9\nt38_redundancy_image = Span",
	 "t38_redundancy_image: Span is not span, or a number from 0 to 14"},
	{"peer a", "address = 192.0.2.9\nt38_fec_span = 0", "t38_fec_span: 0 is not span, or a number from 1 to 8"},
	{"peer a", "address = 192.0.2.9\nt38_assume_datagram = 1401",
	 "t38_assume_datagram: 1401 is not a number from 0 to 1400"},
	{"peer a", "t38 = no\n[log]", "[peer a]: address is missing"},
	{"peer a", "address = peer..example.org\n", "address: peer..example.org is not a host name"},
};

static const struct bad_key bad_span[] = {
	{"span", "enabled = ja", "enabled: ja is not yes or no"},
	{"span", "line = misdn", "line: misdn is not one of tdmoe, dahdi"},
	{"span", "side = network", "side: network is not one of te, nt"},
	{"span", "switch = euro", "switch: euro is not one of euroisdn, qsig, ni2, dms100, 5ess, 4ess"},
	{"span", "timeslots = 1-32", "timeslots: 1-32: there are timeslots 1 to 31 (0 carries the framing)"},
	{"span", "timeslots = 0-15", "timeslots: 0-15: there are timeslots 1 to 31 (0 carries the framing)"},
	{"span", "timeslots = 1-15,15", "timeslots: timeslot 15 stands there twice"},
	{"span", "timeslots = 15-1", "timeslots: 15-1 is neither a timeslot nor a range such as 1-15"},
	{"span", "timeslots = a", "timeslots: a is neither a timeslot nor a range such as 1-15"},
	{"span", "timeslots = 1-15-17", "timeslots: 1-15-17 is neither a timeslot nor a range such as 1-15"},
	{"span", "dchannel = 32", "dchannel: 32 is not a number from 1 to 31"},
	{"span", "hunt = random", "hunt: random is not one of ascending, descending, round-robin"},
	{"span", "restart = maybe", "restart: maybe is not yes or no"},
	{"span", "accept = 12.4", "accept: 12.4 is not a pattern: '.' may only be its last character"},
	{"span", "accept = 1, 12, 1", "accept: 1 stands there twice"},
	{"span", "accept = 01a",
	 "accept: 01a is not a pattern: only digits, '*', '#', X for any digit, a leading '+' and a final '.' may be "
	 "in it"},
	{"span", "dial = +", "dial: + is not a pattern: there is no digit behind '+'"},
	{"span", "dial = 012345678901234567890123456789012",
	 "dial: 012345678901234567890123456789012 is not a pattern: it is longer than 32 digits"},
	{"span", "accept = 10-9", "accept: 10-9 is not a pattern: the ends of a range must have equally many digits"},
	{"span", "accept = 19-1X",
	 "accept: 19-1X is not a pattern: a range is FIRST-LAST, of digits and a leading '+'"},
	{"span", "accept = 19-+21",
	 "accept: 19-+21 is not a pattern: a range is FIRST-LAST, of digits and a leading '+'"},
	{"span", "accept = -", "accept: - is not a pattern: a range is FIRST-LAST, of digits and a leading '+'"},
	{"span", "accept = 1-2-3",
	 "accept: 1-2-3 is not a pattern: a range is FIRST-LAST, of digits and a leading '+'"},
	{"span", "accept = +20-+19", "accept: +20-+19 is not a pattern: the range ends before it begins"},
	{"span", "accept = 1234567890123456-1234567890123457",
	 "accept: 1234567890123456-1234567890123457 is not a pattern: the ends of a range have at most 15 digits"},
	{"span", "accept = +1-+2, +1-2", "accept: +1-2 stands there twice"},
	{"span", "dial =",
	 "dial: has no value, it must be a list of number patterns such as 0123X or 0123. or 012300-012349, or none"},
	{"span", "pri_debug = 3", "pri_debug: 3 is not a number from 0 to 2"},
	{"span", "peer = x", "peer: duplicate key, the first is in line 5"},
	{"fax", "t38 = on", "t38: on is not yes or no"},
	{"fax", "t38_start = now",
	 "t38_start: now is not one of answering-side, on-cng, on-ced, on-preamble, at-answer, wait"},
	{"fax", "t38_grace = 3.5 s", "t38_grace: 3.5 s is not a time from 0 ms to 30 s"},
	{"fax", "ecm = YES", "ecm: YES is not yes or no"},
	{"fax", "max_rate = 14401", "max_rate: 14401 is not one of 2400, 4800, 7200, 9600, 12000, 14400"},
	{"fax", "max_rate = 33600", "max_rate: 33600 is not one of 2400, 4800, 7200, 9600, 12000, 14400"},
	{"fax", "max_rate = 3000", "max_rate: 3000 is not one of 2400, 4800, 7200, 9600, 12000, 14400"},
	{"fax", "max_rate = 0", "max_rate: 0 is not one of 2400, 4800, 7200, 9600, 12000, 14400"},
	{"fax", "modems = v17 v34", "modems: v34 is not one of v17, v29, v27ter"},
	{"fax", "modems = ,", "modems: , is not a list of v17, v29, v27ter"},
	{"fax", "fill_bit_removal = 0", "fill_bit_removal: 0 is not yes or no"},
	{"fax", "error_correction = parity", "error_correction: parity is not one of none, redundancy, fec"},
	{"fax", "fec_span = 9", "fec_span: 9 is not a number from 1 to 8"},
	{"fax", "fec_entries = 0", "fec_entries: 0 is not a number from 1 to 8"},
	{"fax", "no_signals = 21", "no_signals: 21 is not a number from 0 to 20"},
	{"fax", "redundancy_control = 15", "redundancy_control: 15 is not a number from 0 to 14"},
	{"fax", "redundancy_image = -1", "redundancy_image: -1 is not a number from 0 to 14"},
	{"fax", "tail_repeats = 21", "tail_repeats: 21 is not a number from 0 to 20"},
	{"fax", "tail_interval = 1 s", "tail_interval: 1 s is not a time from 10 ms to 200 ms"},
	{"fax", "rx_window = 1001 ms", "rx_window: 1001 ms is not a time from 0 ms to 1 s"},
	{"jitter", "min = 9 ms", "min: 9 ms is not a time from 10 ms to 400 ms"},
	{"jitter", "max = 401 ms", "max: 401 ms is not a time from 10 ms to 400 ms"},
	{"jitter", "fax = 5 s", "fax: 5 s is not a time from 10 ms to 400 ms"},
	{"timeouts", "setup = 0", "setup: 0 is not a time from 1 s to 2 min"},
	{"timeouts", "alerting = 1 s", "alerting: 1 s is not a time from 5 s to 10 min"},
	{"timeouts", "outgoing = 121 s", "outgoing: 121 s is not a time from 1 s to 2 min"},
	{"timeouts", "clearing = 2 min", "clearing: 2 min is not a time from 1 s to 1 min"},
	{"timeouts", "t38_switch = 33 s", "t38_switch: 33 s is not a time from 1 s to 32 s"},
	{"timeouts", "fax_idle = 39 s", "fax_idle: 39 s is not a time from 40 s to 30 min"},
	{"timeouts", "after_dcn = 10 ns", "after_dcn: 10 ns is not a time from 1 s to 5 min"},
	{"timeouts", "call = 2 d", "call: 2 d is not a time from 1 min to 24 h"},
	{"fax", "maxrate = 9600", "maxrate: unknown key in [fax], did you mean max_rate?"},
	{"fax", "colour = yes", "colour: unknown key in [fax]"},
	{"span", "max_rate = 9600", "max_rate: unknown key in [span 1], it belongs in [fax]"},
};

/* The bad key is the first line behind its section, or the second of two; a missing key is told in its section's line.
 * */
static void expect_bad(const struct bad_key *b, const char *file, unsigned section_line)
{
	char expected[CONFIG_ERROR_OCTETS];
	unsigned line = section_line;

	if (!strstr(b->error, "]: "))
		line += 1 + (strchr(b->line, '\n') && strchr(b->line, '\n')[1] ? 1 : 0);
	snprintf(expected, sizeof(expected), "%s:%u: %s", file, line, b->error);
	EXPECT(expected);
}

static void test_bad_keys(void **state)
{
	char text[1024];

	for (size_t i = 0; i < sizeof(bad_main) / sizeof(bad_main[0]); i++) {
		snprintf(text, sizeof(text), MAIN_HEAD "[%s]\n%s\n", bad_main[i].section, bad_main[i].line);
		assert_int_equal(load(text, SPAN_HEAD), EINVAL);
		expect_bad(&bad_main[i], "m.conf", 5);
	}
	for (size_t i = 0; i < sizeof(bad_sip) / sizeof(bad_sip[0]); i++) {
		snprintf(text, sizeof(text), "[peer ast]\naddress = 192.0.2.2\n\n[sip]\n%s\n", bad_sip[i].line);
		assert_int_equal(load(text, SPAN_HEAD), EINVAL);
		expect_bad(&bad_sip[i], "m.conf", 4);
	}
	for (size_t i = 0; i < sizeof(bad_peer) / sizeof(bad_peer[0]); i++) {
		snprintf(text, sizeof(text), MAIN_HEAD "[peer a]\n%s\n", bad_peer[i].line);
		assert_int_equal(load(text, SPAN_HEAD), EINVAL);
		expect_bad(&bad_peer[i], "m.conf", 5);
	}
	for (size_t i = 0; i < sizeof(bad_span) / sizeof(bad_span[0]); i++) {
		bool span = !strcmp(bad_span[i].section, "span");

		if (span)
			snprintf(text, sizeof(text), "\n" SPAN_HEAD "%s\n", bad_span[i].line);
		else
			snprintf(text, sizeof(text), SPAN_HEAD "[%s]\n%s\n", bad_span[i].section, bad_span[i].line);
		assert_int_equal(load(MAIN_HEAD, text), EINVAL);
		expect_bad(&bad_span[i], "s.conf", 5);
	}
}

static void test_bad_address(void **state)
{
	assert_int_equal(load(MAIN_HEAD, "[span 1]\nlocal = 192.0.2.1\nremote = x:1\npeer = a/b\n"), EINVAL);
	EXPECT("s.conf:2: local: 192.0.2.1 has no port: write ADDRESS:PORT",
	       "s.conf:3: remote: x:1 is not an IP address and a port: 192.0.2.1:5060 or [2001:db8::1]:5060",
	       "s.conf:4: peer: a/b is not the name of a peer: a name has only letters, digits, '_', '.' and '-'");
}

static void test_defaults(void **state)
{
	const struct config_span *s = load_span_ok("");
	const struct config_peer *p = &config->peers[0];
	struct addr a;

	assert_int_equal(config->stop, STOP_CLEAR);
	assert_int_equal(config->drain_timeout_ms, 600000);
	assert_string_equal(config->spans_dir, "spans.d");
	assert_int_equal(config->log_level, LOGL_INFO);
	assert_string_equal(config->log_facility, "daemon");
	addr_parse(&a, "192.0.2.1:5060", 0);
	assert_true(addr_equal(&config->sip_listen[ADDR_IPV4], &a));
	assert_true(addr_same_host(&config->media_address[ADDR_IPV4], &a));
	assert_false(addr_is_set(&config->media_external[ADDR_IPV4]));
	assert_string_equal(config->sip_host, "");
	assert_string_equal(config->user_agent, "Faxspan");
	assert_int_equal(config->port_min, 4000);
	assert_int_equal(config->port_max, 5999);
	assert_int_equal(config->npeers, 1);
	assert_int_equal(config->nspans, 1);
	assert_string_equal(p->name, "ast");
	assert_string_equal(p->file, "m.conf");
	assert_int_equal(p->line, 3);
	assert_int_equal(p->ncodecs, 2);
	assert_int_equal(p->codecs[0], CODEC_PCMA);
	assert_int_equal(p->codecs[1], CODEC_PCMU);
	assert_true(p->t38);
	assert_int_equal(p->t38_max_datagram, 1400);
	assert_int_equal(p->t38_max_buffer, 2000);
	assert_int_equal(p->t38_version, 0);
	assert_int_equal(p->t38_error_correction, T38_EC_REDUNDANCY);
	assert_int_equal(s->number, 1);
	assert_true(s->enabled);
	assert_int_equal(s->line_kind, LINE_TDMOE);
	assert_int_equal(s->timeslots, 0xfffefffe);
	assert_int_equal(s->dchannel, 16);
	assert_int_equal(s->hunt, HUNT_DESCENDING);
	assert_true(s->restart_at_start);
	assert_true(config_numbers_match(&s->accept, "1"));
	assert_false(config_numbers_match(&s->dial, "1"));
	assert_string_equal(s->file, "s.conf");
	assert_int_equal(s->file_line, 1);
	assert_string_equal(s->to.list[0].name, "ast");
	assert_int_equal(s->peer, 0);
}

static void test_defaults_fax(void **state)
{
	static const uint32_t ms[TIMEOUT_COUNT] = {40000, 180000, 40000, 4000, 5000, 130000, 10000, 21600000, 5000};
	const struct config_span *s = load_span_ok("");

	assert_true(s->fax.t38);
	assert_int_equal(s->fax.t38_start, T38_START_ANSWERING_SIDE);
	assert_int_equal(s->fax.t38_grace_ms, 3500);
	assert_true(s->fax.ecm);
	assert_int_equal(s->fax.max_rate, 14400);
	assert_int_equal(s->fax.modems, FAX_MODEM_ALL);
	assert_false(s->fax.nonstandard);
	assert_false(s->fax.fill_bit_removal);
	assert_int_equal(s->fax.error_correction, T38_EC_REDUNDANCY);
	assert_int_equal(s->fax.redundancy_control, 8);
	assert_int_equal(s->fax.redundancy_image, 3);
	assert_int_equal(s->fax.fec_span, 3);
	assert_int_equal(s->fax.fec_entries, 3);
	assert_int_equal(s->fax.no_signals, 3);
	assert_int_equal(s->fax.tail_repeats, 8);
	assert_int_equal(s->fax.tail_interval_ms, 30);
	assert_int_equal(s->fax.rx_window_ms, 240);
	assert_int_equal(s->jitter_min_ms, 20);
	assert_int_equal(s->jitter_max_ms, 200);
	assert_int_equal(s->jitter_fax_ms, 100);
	for (unsigned i = 0; i < TIMEOUT_COUNT; i++)
		assert_int_equal(s->timeouts_ms[i], ms[i]);
}

static void test_main_keys(void **state)
{
	struct addr a;

	load_main_ok("codecs = ulaw\nt38 = no\nt38_max_datagram = 150\nt38_max_buffer = 1800\nt38_version = 3\n"
		     "t38_ec = fec\n[gateway]\nstop = drain\ndrain_timeout = 2 min\nspans_dir = /x\n"
		     "[log]\nlevel = debug\nfacility = local7\n"
		     "[media]\naddress = 192.0.2.5\nexternal = 198.51.100.1\nports = 10000-10999\n");
	assert_int_equal(config->peers[0].ncodecs, 1);
	assert_int_equal(config->peers[0].codecs[0], CODEC_PCMU);
	assert_false(config->peers[0].t38);
	assert_int_equal(config->peers[0].t38_max_datagram, 150);
	assert_int_equal(config->peers[0].t38_max_buffer, 1800);
	assert_int_equal(config->peers[0].t38_version, 3);
	assert_int_equal(config->peers[0].t38_error_correction, T38_EC_FEC);
	assert_int_equal(config->stop, STOP_DRAIN);
	assert_int_equal(config->drain_timeout_ms, 120000);
	assert_string_equal(config->spans_dir, "/x");
	assert_int_equal(config->log_level, LOGL_DEBUG);
	assert_string_equal(config->log_facility, "local7");
	addr_parse(&a, "192.0.2.5", 0);
	assert_true(addr_same_host(&config->media_address[ADDR_IPV4], &a));
	addr_parse(&a, "198.51.100.1", 0);
	assert_true(addr_same_host(&config->media_external[ADDR_IPV4], &a));
	assert_int_equal(config->port_min, 10000);
	assert_int_equal(config->port_max, 10999);
	assert_int_equal(
		load("[peer ast]\naddress=[2001:db8::2]:5070\n[sip]\nlisten=[2001:db8::1]:5080\nhost=gw.example.org\n"
		     "user_agent = My fax 1.0 ; comment\n",
		     SPAN_HEAD),
		0);
	addr_parse(&a, "[2001:db8::1]:5080", 0);
	assert_true(addr_equal(&config->sip_listen[ADDR_IPV6], &a));
	assert_false(addr_is_set(&config->sip_listen[ADDR_IPV4]));
	assert_true(addr_same_host(&config->media_address[ADDR_IPV6], &a));
	assert_string_equal(config->sip_host, "gw.example.org");
	assert_string_equal(config->user_agent, "My fax 1.0");
}

static void test_both_ip_versions(void **state)
{
	struct addr a;

	assert_int_equal(load("[peer ast]\naddress=2001:db8::2\n[peer b]\naddress=192.0.2.2\n[sip]\n"
			      "listen = 192.0.2.1:5070, 2001:db8::1\nlisten_tcp = [2001:db8::1]:5062\n",
			      SPAN_HEAD),
			 0);
	addr_parse(&a, "192.0.2.1:5070", 0);
	assert_true(addr_equal(&config->sip_listen[ADDR_IPV4], &a));
	assert_true(addr_same_host(&config->media_address[ADDR_IPV4], &a));
	assert_int_equal(addr_port(&config->media_address[ADDR_IPV4]), 0);
	addr_parse(&a, "[2001:db8::1]:5060", 0);
	assert_true(addr_equal(&config->sip_listen[ADDR_IPV6], &a));
	assert_true(addr_same_host(&config->media_address[ADDR_IPV6], &a));
	assert_int_equal(addr_port(&config->sip_listen_tcp[ADDR_IPV6]), 5062);
	assert_false(addr_is_set(&config->sip_listen_tcp[ADDR_IPV4]));
}

static void test_span_keys(void **state)
{
	const struct config_span *s;

	s = load_span_ok(
		"enabled = yes\nline = tdmoe\nside = nt\nswitch = qsig\ntimeslots = 1-3, 5\ndchannel = 31\n"
		"hunt = round-robin\nrestart = no\naccept = 12X\naccept=30.,+49.\ndial = none\npri_debug = 2\n");
	assert_int_equal(s->side, ISDN_NT);
	assert_int_equal(s->switch_type, ISDN_QSIG);
	assert_int_equal(s->timeslots, 0x2e);
	assert_int_equal(s->dchannel, 31);
	assert_int_equal(s->hunt, HUNT_ROUND_ROBIN);
	assert_false(s->restart_at_start);
	assert_int_equal(s->accept.count, 3);
	assert_int_equal(s->dial.count, 0);
	assert_int_equal(s->pri_debug, 2);
	s = load_span_ok(
		"[fax]\nt38 = no\nt38_start = wait\nt38_grace = 0\necm = no\nmax_rate = 4800\nmodems = v27ter\n"
		"nonstandard = yes\nfill_bit_removal = yes\nerror_correction = none\nredundancy_control = "
		"8\nredundancy_image = 0\n"
		"tail_repeats = 0\ntail_interval = 200 ms\nrx_window = 1 s\n[jitter]\nmin = 10 ms\nmax = 400ms\nfax = "
		"300 ms\n");
	assert_false(s->fax.t38);
	assert_int_equal(s->fax.t38_start, T38_START_WAIT);
	assert_int_equal(s->fax.t38_grace_ms, 0);
	assert_false(s->fax.ecm);
	assert_int_equal(s->fax.max_rate, 4800);
	assert_int_equal(s->fax.modems, FAX_MODEM_V27TER);
	assert_true(s->fax.nonstandard);
	assert_true(s->fax.fill_bit_removal);
	assert_int_equal(s->fax.error_correction, T38_EC_NONE);
	assert_int_equal(s->fax.redundancy_control, 8);
	assert_int_equal(s->fax.redundancy_image, 0);
	assert_int_equal(s->fax.tail_repeats, 0);
	assert_int_equal(s->fax.tail_interval_ms, 200);
	assert_int_equal(s->fax.rx_window_ms, 1000);
	assert_int_equal(s->jitter_min_ms, 10);
	assert_int_equal(s->jitter_max_ms, 400);
	assert_int_equal(s->jitter_fax_ms, 300);
}

static void test_timeout_keys(void **state)
{
	for (unsigned i = 0; i < TIMEOUT_DIGIT; i++) {
		const struct config_span *s;
		char text[100];
		uint32_t ms = i == TIMEOUT_T38_SWITCH || i == TIMEOUT_CLEARING ? 7000 : 60000;

		snprintf(text, sizeof(text), "[timeouts]\n%s = %u ms\n", config_timeout_name(i), (unsigned)ms);
		s = load_span_ok(text);
		assert_int_equal(s->timeouts_ms[i], ms);
	}
}

/* Of a number that comes in pieces: is it taken, may it go on? */
static void test_numbers_fit(void **state)
{
	static const unsigned taken = CONFIG_NUMBERS_TAKEN, more = CONFIG_NUMBERS_MORE;
	const struct config_span *s = load_span_ok("accept = 0123., 11X, 110, 1104, *1#\n");

	assert_int_equal(config_numbers_fit(&s->accept, ""), more);
	assert_int_equal(config_numbers_fit(&s->accept, "012"), more);
	assert_int_equal(config_numbers_fit(&s->accept, "0123"), taken | more);
	assert_int_equal(config_numbers_fit(&s->accept, "01234"), taken | more);
	assert_int_equal(config_numbers_fit(&s->accept, "013"), 0);
	assert_int_equal(config_numbers_fit(&s->accept, "11"), more);
	assert_int_equal(config_numbers_fit(&s->accept, "112"), taken);
	assert_int_equal(config_numbers_fit(&s->accept, "110"), taken | more);
	assert_int_equal(config_numbers_fit(&s->accept, "1104"), taken);
	assert_int_equal(config_numbers_fit(&s->accept, "11041"), 0);
	assert_int_equal(config_numbers_fit(&s->accept, "11*"), 0);
	assert_int_equal(config_numbers_fit(&s->accept, "*1"), more);
	assert_int_equal(config_numbers_fit(&s->dial, "1"), 0);
	s = load_span_ok("accept = .\n");
	assert_int_equal(config_numbers_fit(&s->accept, ""), taken | more);
}

/* "+" and what comes after it, as much as there is. */
static void test_numbers_range(void **state)
{
	const struct config_span *s = load_span_ok("accept = 0300-0312, +4901-+4902\n");
	static const struct {
		const char *number;
		unsigned fit;
	} cases[] = {
		{"", CONFIG_NUMBERS_MORE},
		{"0", CONFIG_NUMBERS_MORE},
		{"03", CONFIG_NUMBERS_MORE},
		{"030", CONFIG_NUMBERS_MORE},
		{"031", CONFIG_NUMBERS_MORE},
		{"032", 0},
		{"029", 0},
		{"0300", CONFIG_NUMBERS_TAKEN},
		{"0312", CONFIG_NUMBERS_TAKEN},
		{"0309", CONFIG_NUMBERS_TAKEN},
		{"0313", 0},
		{"0299", 0},
		{"03000", 0},
		{"030*", 0},
		{"+", CONFIG_NUMBERS_MORE},
		{"+490", CONFIG_NUMBERS_MORE},
		{"+4901", CONFIG_NUMBERS_TAKEN},
		{"+4903", 0},
		{"4901", 0},
		{"+0300", 0},
		{"+49011", 0},
	};

	assert_int_equal(s->accept.count, 2);
	assert_string_equal(s->accept.pattern[1], "+4901-4902");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool taken = cases[i].fit & CONFIG_NUMBERS_TAKEN;

		if (config_numbers_fit(&s->accept, cases[i].number) != cases[i].fit)
			fail_msg("%s fits %u", cases[i].number, config_numbers_fit(&s->accept, cases[i].number));
		assert_int_equal(config_numbers_best(&s->accept, cases[i].number),
				 taken ? (int)strlen(cases[i].number) : -1);
	}
	s = load_span_ok("dial = +123456789012345-+999999999999999\n");
	assert_int_equal(config_numbers_best(&s->dial, "+999999999999999"), 16);
}

static void test_pri_keys(void **state)
{
	const struct config_span *s = load_span_ok("");

	assert_false(s->overlap);
	assert_int_equal(s->channel, CHANNEL_EXCLUSIVE);
	assert_int_equal(s->law, CODEC_PCMA);
	assert_false(config->peers[0].trust);
	s = load_span_ok("overlap = yes\ndigit_timeout = 12 s\nchannel = preferred\nlaw = ulaw\n");
	assert_true(s->overlap);
	assert_int_equal(s->timeouts_ms[TIMEOUT_DIGIT], 12000);
	assert_int_equal(s->channel, CHANNEL_PREFERRED);
	assert_int_equal(s->law, CODEC_PCMU);
	load_main_ok("trust = yes\n");
	assert_true(config->peers[0].trust);
}

static void test_numbers(void **state)
{
	const struct config_span *s = load_span_ok("accept = 0123., 01X, 01X4, +49., *1#\n");
	char all[1200] = "accept =", one[8];

	assert_int_equal(config_numbers_best(&s->accept, "0123"), 4);
	assert_int_equal(config_numbers_best(&s->accept, "012399"), 4);
	assert_int_equal(config_numbers_best(&s->accept, "012"), 3);
	assert_int_equal(config_numbers_best(&s->accept, "0194"), 4);
	assert_int_equal(config_numbers_best(&s->accept, "0195"), -1);
	assert_int_equal(config_numbers_best(&s->accept, "01"), -1);
	assert_int_equal(config_numbers_best(&s->accept, "01*"), -1);
	assert_int_equal(config_numbers_best(&s->accept, "01a"), -1);
	assert_int_equal(config_numbers_best(&s->accept, ""), -1);
	assert_int_equal(config_numbers_best(&s->accept, "+49"), 3);
	assert_int_equal(config_numbers_best(&s->accept, "49"), -1);
	assert_int_equal(config_numbers_best(&s->accept, "*1#"), 3);
	assert_true(config_numbers_match(&s->accept, "0123"));
	assert_false(config_numbers_match(&s->accept, "5"));
	s = load_span_ok("accept = .\n");
	assert_int_equal(config_numbers_best(&s->accept, ""), 0);
	assert_int_equal(config_numbers_best(&s->accept, "#"), 0);
	s = load_span_ok("accept = x2\n");
	assert_string_equal(s->accept.pattern[0], "X2");
	s = load_span_ok("dial = +0123456789012345678901234567890.\n");
	assert_int_equal(config_numbers_best(&s->dial, "+0123456789012345678901234567890"), 32);
	for (unsigned i = 0; i < CONFIG_MAX_NUMBERS + 1; i++) {
		snprintf(one, sizeof(one), " %u", 100 + i);
		if (i % 30 == 29)
			strcat(all, "\naccept =");
		strcat(all, one);
	}
	strcat(all, "\n");
	{
		char text[2000];

		snprintf(text, sizeof(text), SPAN_HEAD "%s", all);
		assert_int_equal(load(MAIN_HEAD, text), EINVAL);
		EXPECT("s.conf:7: accept: 164 is one too many: there is room for 64 patterns");
	}
}

static void test_nearest(void **state)
{
	assert_int_equal(nearest_distance("max_rate", "maxrate"), 1);
	assert_int_equal(nearest_distance("", "abc"), 3);
	assert_int_equal(nearest_distance("kitten", "sitting"), 3);
	assert_int_equal(nearest_distance("a", "01234567890123456789012345678901234567890"), 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_bad_keys, tear_down),
		cmocka_unit_test_teardown(test_bad_address, tear_down),
		cmocka_unit_test_teardown(test_defaults, tear_down),
		cmocka_unit_test_teardown(test_defaults_fax, tear_down),
		cmocka_unit_test_teardown(test_main_keys, tear_down),
		cmocka_unit_test_teardown(test_both_ip_versions, tear_down),
		cmocka_unit_test_teardown(test_span_keys, tear_down),
		cmocka_unit_test_teardown(test_timeout_keys, tear_down),
		cmocka_unit_test_teardown(test_numbers, tear_down),
		cmocka_unit_test_teardown(test_numbers_range, tear_down),
		cmocka_unit_test_teardown(test_numbers_fit, tear_down),
		cmocka_unit_test_teardown(test_pri_keys, tear_down),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
