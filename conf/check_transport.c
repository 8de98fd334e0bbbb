/* SPDX-License-Identifier: GPL-2.0-only */
#include "check_transport.h"

#define SIP_LINE(l, key) load_line(&(l)->main[SECTION_SIP], SECTION_SIP, key)
#define SIP_BAD(l, key)	 load_is_bad(&(l)->main[SECTION_SIP], SECTION_SIP, key)

bool check_host_is_for(const struct config *c, enum addr_family family)
{
	struct addr a;

	return *c->sip_host && (addr_parse(&a, c->sip_host, 0) || addr_family(&a) == family);
}

static void check_listener(struct load *l, const char *key, const struct addr *a)
{
	const struct config *c = l->config;
	char text[ADDR_TEXT_OCTETS];

	if (!addr_is_set(a))
		return;
	if (addr_is_any(a) && !check_host_is_for(c, addr_family(a)) &&
	    !load_is_bad(&l->main[SECTION_SIP], SECTION_SIP, "host"))
		load_error(l, 0, SIP_LINE(l, key), "%s: no peer can reach us at %s: set [sip] host too", key,
			   addr_print_host(a, text));
	else if (!addr_is_set(&c->sip_listen[addr_family(a)]) && !SIP_BAD(l, "listen"))
		load_error(l, 0, SIP_LINE(l, key), "%s: %s is not of the IP version of listen", key,
			   addr_print(a, text));
}

static void check_tls_file(struct load *l, const char *key, const char *file)
{
	if (!*file && !SIP_BAD(l, key))
		load_error(l, 0, SIP_LINE(l, "listen_tls"), "listen_tls: needs %s", key);
}

void check_transports(struct load *l)
{
	const struct config *c = l->config;

	for (unsigned f = 0; f < ADDR_FAMILIES; f++) {
		const struct addr *tcp = &c->sip_listen_tcp[f], *tls = &c->sip_listen_tls[f];

		check_listener(l, "listen_tcp", tcp);
		check_listener(l, "listen_tls", tls);
		if (addr_is_set(tcp) && addr_equal(tcp, tls))
			load_error(l, 0, SIP_LINE(l, "listen_tls"),
				   "listen_tls: is the address and port of listen_tcp");
	}
	if (!addr_any_is_set(c->sip_listen_tls))
		return;
	check_tls_file(l, "tls_certificate", c->tls_certificate);
	check_tls_file(l, "tls_key", c->tls_key);
}

void check_peer_transport(struct load *l, unsigned i)
{
	const struct config *c = l->config;
	const struct config_peer *p = &c->peers[i];
	const char *listener = p->transport == SIP_TCP ? "listen_tcp" : "listen_tls";
	const struct addr *own = p->transport == SIP_TCP ? c->sip_listen_tcp : c->sip_listen_tls;
	bool there = addr_is_set(&p->addr) ? addr_is_set(&own[addr_family(&p->addr)]) : addr_any_is_set(own);

	if (p->transport != SIP_TLS && !p->any_transport && *p->tls_name)
		load_error(l, 0, load_line(&l->peers[i], SECTION_PEER, "tls_name"), "tls_name: needs transport = tls");
	if (p->transport != SIP_UDP && !there && !SIP_BAD(l, listener))
		load_error(l, 0, load_line(&l->peers[i], SECTION_PEER, "transport"),
			   "transport: %s needs [sip] %s: we have to be where the peer can call back",
			   sip_transport_name(p->transport), listener);
	/* Else whoever has a certificate of the web's authorities could be the peer. */
	if (p->transport == SIP_TLS && addr_is_set(&p->addr) && p->tls_verify && !*p->tls_name && !*c->tls_ca &&
	    !SIP_BAD(l, "tls_ca") && !load_is_bad(&l->peers[i], SECTION_PEER, "tls_name"))
		load_error(l, 0, load_line(&l->peers[i], SECTION_PEER, "transport"),
			   "transport: tls to an IP address needs tls_name or [sip] tls_ca: who it must be would be "
			   "nowhere said");
}
