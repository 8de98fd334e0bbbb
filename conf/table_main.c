/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of the main file; those of its peers are in table_peer.c. */
#include "table_keys.h"

static const char *const stop_names[] = {"clear", "drain"};
static const char *const facility_names[] = {"daemon", "local0", "local1", "local2", "local3",
					     "local4", "local5", "local6", "local7"};

const char *config_stop_name(enum config_stop s)
{
	return stop_names[s];
}

static const char *const tls_clients_names[] = {"any", "verify", "require"};

const char *config_tls_clients_name(enum config_tls_clients c)
{
	return tls_clients_names[c];
}

static const char *choice_tls_clients(unsigned i)
{
	return tls_clients_names[i];
}

static const char *choice_stop(unsigned i)
{
	return stop_names[i];
}

static const char *const digest_names[] = {"both", "sha256", "md5"};

const char *config_digest_name(enum config_digest d)
{
	return digest_names[d];
}

static const char *choice_digest(unsigned i)
{
	return digest_names[i];
}

static const char *choice_facility(unsigned i)
{
	return facility_names[i];
}

static const char *choice_level(unsigned i)
{
	return log_level_name((enum log_level)i);
}

const struct table_key table_gateway_keys[TABLE_GATEWAY_KEYS] = {
	{.name = "stop",
	 .type = &value_choice,
	 FIELD(config, stop),
	 .choice = choice_stop,
	 .count = 2,
	 .fallback = "clear",
	 .help = "What happens to the calls when the daemon is told to stop: clear ends them at once; drain takes no "
		 "new calls and waits for those there are."},
	{.name = "drain_timeout",
	 .type = &value_duration,
	 FIELD(config, drain_timeout_ms),
	 .min = 1 * S,
	 .max = 24 * H,
	 .fallback = "10 min",
	 .help = "With stop = drain: how long calls may go on before they are ended. Ten minutes are enough for a fax "
		 "of some twenty pages."},
	{.name = "spans_dir",
	 .type = &value_path,
	 FIELD(config, spans_dir),
	 .fallback = "spans.d",
	 .help = "The folder of the span files. Every file in it whose name ends in .conf is read, in the order of "
		 "their names. A relative path is taken from the folder of the main file."},
	{.name = "realtime",
	 .type = &value_bool,
	 FIELD(config, realtime),
	 .fallback = "no",
	 .help = "Whether the spans' threads run at real-time priority (SCHED_FIFO) and the daemon's memory is "
		 "locked, so that other programs cannot hold them up. The systemd unit says what it needs. What is "
		 "refused is logged, and the daemon runs without."},
};

const struct table_key table_log_keys[TABLE_LOG_KEYS] = {
	{.name = "level",
	 .type = &value_choice,
	 FIELD(config, log_level),
	 .choice = choice_level,
	 .count = LOGL_DEBUG + 1,
	 .fallback = "info",
	 .help = "The least important lines that are written. notice has the line at the end of each call; info also "
		 "one for each of its events; debug is for finding faults and writes a lot."},
	{.name = "facility",
	 .type = &value_word,
	 FIELD(config, log_facility),
	 .choice = choice_facility,
	 .count = 9,
	 .fallback = "daemon",
	 .help = "The facility of syslog that the lines carry, to sort them into a file of their own."},
};

const struct table_key table_sip_keys[TABLE_SIP_KEYS] = {
	{.name = "listen",
	 .type = &value_addresses,
	 FIELD(config, sip_listen),
	 .min = 5060,
	 .help = "The local address and UDP port of SIP, or one of each IP version: peers are called by that of "
		 "theirs. 0.0.0.0 listens on all addresses; host must then be set."},
	{.name = "listen_tcp",
	 .type = &value_addresses_or_none,
	 FIELD(config, sip_listen_tcp),
	 .min = 5060,
	 .fallback = "none",
	 .help = "The local address and port of SIP over TCP. With none there is no TCP, neither to us nor from us."},
	{.name = "listen_tls",
	 .type = &value_addresses_or_none,
	 FIELD(config, sip_listen_tls),
	 .min = 5061,
	 .fallback = "none",
	 .help = "The local address and port of SIP over TLS (1.2 and 1.3). With none there is no TLS, neither to us "
		 "nor from us. It needs tls_certificate and tls_key."},
	{.name = "tls_certificate",
	 .type = &value_absolute,
	 FIELD(config, tls_certificate),
	 .fallback = "none",
	 .help = "The file with our certificate in PEM, those of its chain after it. Peers are shown it whoever has "
		 "connected."},
	{.name = "tls_key",
	 .type = &value_absolute,
	 FIELD(config, tls_key),
	 .fallback = "none",
	 .help = "The file with the key of tls_certificate in PEM, without a password. Let nobody but the daemon read "
		 "it."},
	{.name = "tls_ca",
	 .type = &value_absolute,
	 FIELD(config, tls_ca),
	 .fallback = "none",
	 .help = "The file with the certificates, in PEM, of the authorities that peers' certificates must come "
		 "from. With none it is those that the system believes."},
	{.name = "tls_clients",
	 .type = &value_choice,
	 FIELD(config, tls_clients),
	 .choice = choice_tls_clients,
	 .count = TLS_CLIENTS_REQUIRE + 1,
	 .fallback = "verify",
	 .help = "What is asked of those who connect to us by TLS: any asks for no certificate, verify refuses one "
		 "that is not valid, require wants a valid one."},
	{.name = "tcp_above",
	 .type = &value_uint,
	 FIELD(config, tcp_above),
	 .max = 65535,
	 .fallback = "1300",
	 .help = "A request longer than so many octets goes by TCP to a peer of UDP too (RFC 3261 18.1.1), if there "
		 "is listen_tcp, and by UDP after all if the peer has no TCP. With 0 never."},
	{.name = "host",
	 .type = &value_host,
	 FIELD(config, sip_host),
	 .fallback = "none",
	 .help = "The host that Via and Contact name, where peers reach us: set it behind a NAT or when listen is "
		 "0.0.0.0. An address is told to peers of its IP version only. With none it is the address of listen."},
	{.name = "user_agent",
	 .type = &value_text,
	 FIELD(config, user_agent),
	 .fallback = "Faxspan",
	 .help = "The text of the header User-Agent."},
	{.name = "realm",
	 .type = &value_user,
	 FIELD(config, realm),
	 .fallback = "faxspan",
	 .help = "The realm of our challenges, for peers with inbound_user. Who calls us may show it to the user "
		 "beside the question for the password."},
	{.name = "digest",
	 .type = &value_choice,
	 FIELD(config, digest),
	 .choice = choice_digest,
	 .count = DIGEST_MD5 + 1,
	 .fallback = "both",
	 .help = "What our challenges offer: both has SHA-256 first and then MD5 (RFC 8760). md5 alone is for "
		 "devices that stumble over a second challenge, or over SHA-256 in the first."},
	{.name = "max_calls",
	 .type = &value_uint,
	 FIELD(config, max_calls),
	 .max = 10000,
	 .fallback = "0",
	 .help = "How many calls there may be in all, both ways together. One more from a peer is refused with 503 "
		 "and Q.850 cause 42, one from a line with cause 42. With 0, as many as there are timeslots."},
	{.name = "max_calls_per_second",
	 .type = &value_uint,
	 FIELD(config, max_calls_per_second),
	 .max = 10000,
	 .fallback = "0",
	 .help = "How many calls may begin in a second in all, both ways together; more are refused likewise. With "
		 "0, any number."},
	{.name = "blacklist_after",
	 .type = &value_uint,
	 FIELD(config, blacklist_after),
	 .max = 10000,
	 .fallback = "20",
	 .help = "A source that is refused so many times within blacklist_within, because it is no peer or because "
		 "its credentials are wrong, is a scanner: for blacklist_time nothing of what it sends is read or "
		 "answered. To be asked five times for credentials and never to have them is as one refusal. This "
		 "never befalls the address of a peer. faxspanctl shows the list and takes sources off it. With 0 "
		 "there is none."},
	{.name = "blacklist_within",
	 .type = &value_duration,
	 FIELD(config, blacklist_within_ms),
	 .min = 1 * S,
	 .max = 24 * H,
	 .fallback = "1 min",
	 .help = "The time within which refusals are counted."},
	{.name = "blacklist_time",
	 .type = &value_duration,
	 FIELD(config, blacklist_time_ms),
	 .min = 1 * S,
	 .max = 240 * H,
	 .fallback = "10 min",
	 .help = "How long a source stays on the blacklist."},
	{.name = "dscp",
	 .type = &value_dscp,
	 FIELD(config, sip_dscp),
	 .fallback = "CS3",
	 .help = "The class of traffic (DSCP, RFC 2474) in the IP header of SIP. 0 marks nothing."},
	{.name = "nameservers",
	 .type = &value_nameservers,
	 FIELD(config, nameservers),
	 .fallback = "system",
	 .help = "Who is asked for the servers of peers that have a name for an address. system stands for those of "
		 "/etc/resolv.conf; /etc/hosts is looked into first in either case."},
	{.name = "dns_refresh_min",
	 .type = &value_duration,
	 FIELD(config, dns_refresh_min_ms),
	 .min = 1 * S,
	 .max = 1 * H,
	 .fallback = "30 s",
	 .help = "The shortest time for which an answer of the DNS is believed, whatever its records say."},
	{.name = "dns_refresh_max",
	 .type = &value_duration,
	 FIELD(config, dns_refresh_max_ms),
	 .min = 1 * S,
	 .max = 24 * H,
	 .fallback = "1 h",
	 .help = "The longest. When it cannot be renewed in time, the last answer holds on."},
};

const struct table_key table_media_keys[TABLE_MEDIA_KEYS] = {
	{.name = "address",
	 .type = &value_ips,
	 FIELD(config, media_address),
	 .fallback = "none",
	 .help = "The local address of RTP and UDPTL. With none it is the address of [sip] listen. With one of each "
		 "IP version a call's media go by that of its peer, or by that of the peer's offer."},
	{.name = "external",
	 .type = &value_ips,
	 FIELD(config, media_external),
	 .fallback = "none",
	 .help = "The address that SDP names for media, when a NAT makes it another than the local one. With none it "
		 "is the local one."},
	{.name = "dscp",
	 .type = &value_dscp,
	 FIELD(config, media_dscp),
	 .fallback = "EF",
	 .help = "The class of traffic (DSCP, RFC 2474) in the IP header of RTP and UDPTL, for routers that let some "
		 "packets go before others. 0 marks nothing."},
	{.name = "ports",
	 .type = &value_ports,
	 .min = 1024,
	 .max = 65535,
	 .fallback = "4000-5999",
	 .help = "The local UDP ports of RTP and UDPTL. A call takes four of them: two even ones for RTP and UDPTL, "
		 "and the odd ones beside them stay unused. There must be enough for every timeslot. The default lies "
		 "below the ports that Linux gives out by itself, 32768 and up."},
};
