/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config: the whole configuration as plain structs, checked. See conf/samples/ and faxspan.conf(5) for the keys.
 */
#ifndef CONF_CONFIG_H
#define CONF_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "config_limits.h"
#include "config_route.h"
#include "gateway/base/addr.h"
#include "gateway/base/addr_range.h"
#include "gateway/base/fax.h"
#include "gateway/base/isdn.h"
#include "gateway/base/log.h"
#include "gateway/base/media.h"
#include "gateway/base/sip_100rel.h"
#include "gateway/base/sip_called.h"
#include "gateway/base/sip_transport.h"
#include "gateway/base/media_policy.h"

/* Every timeout of a call that can be configured, in the order of their keys in conf/table_span.c. */
enum config_timeout {
	TIMEOUT_SETUP,	    /* PSTN call: from SETUP to the first answer of the SIP side */
	TIMEOUT_ALERTING,   /* ringing */
	TIMEOUT_OUTGOING,   /* SIP call: from our SETUP to ALERTING or CONNECT */
	TIMEOUT_CLEARING,   /* until a clearing half is gone, then it is dropped */
	TIMEOUT_T38_SWITCH, /* our T.38 re-INVITE until the answer */
	TIMEOUT_FAX_IDLE,   /* T.38 without any sign of T.30 */
	TIMEOUT_AFTER_DCN,  /* from DCN until somebody clears */
	TIMEOUT_CALL,	    /* the longest call */
	TIMEOUT_DIGIT,	    /* overlap: for the next digit of the called number */
	TIMEOUT_COUNT
};

/* The key in [timeouts], "setup", "alerting", ...; TIMEOUT_DIGIT's is in [span]. */
const char *config_timeout_name(enum config_timeout t);

enum config_line { LINE_TDMOE, LINE_DAHDI };

const char *config_line_name(enum config_line l); /* "tdmoe", "dahdi" */

enum config_buffer_policy { BUFFERS_IMMEDIATE, BUFFERS_HALF, BUFFERS_FULL };
enum config_echo_at_fax { ECHO_AT_FAX_OFF, ECHO_AT_FAX_MODE };

const char *config_buffer_policy_name(enum config_buffer_policy p); /* "immediate", "half", "full" */
const char *config_echo_at_fax_name(enum config_echo_at_fax e);	    /* "off", "fax-mode" */

/* How the B channel of a call to the line is named (Q.931 4.5.13). */
enum config_channel { CHANNEL_EXCLUSIVE, CHANNEL_PREFERRED };

struct config_dahdi {  /* with line = dahdi */
	unsigned span; /* DAHDI's number */
	unsigned buffers, buffer_size;
	enum config_buffer_policy policy;
	uint32_t send_delay_ms, late_ms;
	bool echo_cancel;
	unsigned echo_taps;
	enum config_echo_at_fax echo_at_fax;
	int rx_gain_ddb, tx_gain_ddb; /* tenths of a decibel */
};

/* Voice-band data (V.152): whether our SDP speaks of it. */
enum config_vbd {
	VBD_NO,
	VBD_YES,      /* answered where it is offered; offered with the audio that follows a declined image */
	VBD_REINVITE, /* and offered in a re-INVITE of its own, when T.38 was refused */
};

const char *config_vbd_name(enum config_vbd v); /* "no", "yes", "reinvite" */

/* What a peer says in place of [fax] of the call's span. CONFIG_AS_SPAN: as that says. */
#define CONFIG_AS_SPAN UINT32_MAX
struct config_peer_fax {
	unsigned start; /* enum t38_start */
	uint32_t grace_ms;
	unsigned max_rate;
	unsigned redundancy_control, redundancy_image, redundancy_most;
	unsigned fec_span, fec_entries;
	unsigned no_signals;
	unsigned assumed_datagram; /* of no span: 0: as the peer's SDP says */
};

struct config_ranges { /* of addresses */
	unsigned count;
	struct addr_range list[CONFIG_MAX_RANGES];
	unsigned line[CONFIG_MAX_RANGES]; /* where each is written */
};

/* Where the addresses of peers configured by name are asked for. */
struct config_nameservers {
	unsigned count; /* 0: those of resolv.conf */
	struct addr list[CONFIG_MAX_NAMESERVERS];
};

struct config_peer {
	char name[CONFIG_NAME_OCTETS];
	struct addr addr;	       /* unset: see host */
	char host[CONFIG_HOST_OCTETS]; /* its name, to be found by the DNS; "": it has an address */
	uint16_t port;		       /* with host: 0: none is configured */
	struct config_ranges allow;    /* it may call from there too */
	enum sip_transport transport;  /* by which it is called */
	bool any_transport;	       /* ... unless the DNS says by which: a host without a port */
	char tls_name[128];	       /* "": anybody's certificate */
	bool tls_verify;
	unsigned ncodecs;
	enum media_codec codecs[CODEC_COUNT];
	bool trust;	      /* identities are asserted to it, and believed of it (RFC 3325) */
	enum sip_called called; /* where its INVITEs have the number that is called */
	char from_user[64];   /* in From of every call to it; "": the calling number */
	char from_domain[64]; /* behind it, and behind the calling number; "": our host */
	char auth_user[64];   /* for its challenges; "": none */
	char auth_secret[64];
	char inbound_user[64]; /* what it must show to call us; "": nothing */
	char inbound_secret[64];
	/* An [endpoint]: it has no address, but registers with inbound_user. */
	bool endpoint;
	struct config_numbers numbers; /* that go to it */
	struct config_targets self;    /* itself, for the rule that says so */
	unsigned max_contacts;
	uint32_t min_expires_ms, max_expires_ms;
	char register_user[64]; /* what we register there; "": nothing */
	char register_domain[64];
	uint32_t register_expires_ms;
	uint32_t session_expires_ms;		  /* RFC 4028: what we ask for; 0: nothing */
	uint32_t min_se_ms;			  /* the shortest we take */
	enum sip_100rel reliable;		  /* provisional responses, RFC 3262 */
	uint32_t failover_timeout_ms;		  /* an INVITE without any response for so long goes to the next peer */
	uint32_t progress_timeout_ms;		  /* ... and one that has had nothing but 100; 0: it waits */
	uint32_t hold_down_ms;			  /* so long after a failure it is tried last */
	unsigned max_calls, max_calls_per_second; /* both ways together; 0: any number */
	uint32_t options_interval_ms;		  /* it is asked so often whether it is alive; 0: never */
	unsigned options_misses;		  /* so many times in a row without an answer: it is tried last */
	bool x_headers;				  /* our INVITE says which call of ours it is */
	bool t38;				  /* false: never offer or take T.38 with this peer */
	unsigned t38_max_datagram;		  /* what we say in our SDP */
	unsigned t38_max_buffer;
	unsigned t38_version;
	enum t38_error_correction t38_error_correction; /* the most we offer */
	struct config_peer_fax fax;
	enum config_vbd vbd;
	struct media_policy media;
	bool fax_tag;	  /* +sip.fax is said, and heard */
	bool local_tcf;	  /* T.38's method 1 is done where the peer says it */
	const char *file; /* belongs to the struct config */
	unsigned line;	  /* where it is configured */
};

struct config_span {
	unsigned number; /* 1...; unique */
	bool enabled;
	enum config_line line_kind;
	struct addr tdmoe_local, tdmoe_peer; /* over UDP */
	char tdmoe_interface[16];	     /* over Ethernet; "": over UDP */
	uint8_t tdmoe_mac[6];
	unsigned tdmoe_subaddress;
	uint32_t tdmoe_gather_ms;
	struct config_dahdi dahdi;
	enum isdn_side side;
	enum isdn_switch switch_type;
	uint32_t timeslots; /* bit mask of the B channels */
	unsigned dchannel;
	enum media_codec law; /* of its B channels */
	enum isdn_hunt hunt;
	enum config_channel channel;
	bool overlap;	       /* numbers from the line may come in pieces */
	unsigned overlap_dial; /* numbers to the line do: so many digits first; 0: whole */
	bool restart_at_start;
	struct config_numbers accept; /* called numbers taken from the line; others: cause 1 */
	struct config_numbers dial;   /* numbers from SIP that go out on this span */
	struct config_targets to;     /* where calls from the line go */
	unsigned peer;		      /* index: the first of them */
	struct fax_params fax;
	unsigned jitter_min_ms, jitter_max_ms, jitter_fax_ms; /* adaptive range; fixed delay in pass-through */
	uint32_t timeouts_ms[TIMEOUT_COUNT];
	unsigned pri_debug;
	char file[CONFIG_PATH_OCTETS];
	unsigned file_line;
};

/* Of those who connect to us by TLS: no certificate is asked for; one that is shown is checked; it must be shown. */
enum config_tls_clients { TLS_CLIENTS_ANYBODY, TLS_CLIENTS_VERIFY, TLS_CLIENTS_REQUIRE };

const char *config_tls_clients_name(enum config_tls_clients c); /* "any", "verify", "require" */

enum config_stop { STOP_CLEAR, STOP_DRAIN };

const char *config_stop_name(enum config_stop s); /* "clear", "drain" */

/* The digests that our challenges offer. */
enum config_digest { DIGEST_BOTH, DIGEST_SHA256, DIGEST_MD5 };

const char *config_digest_name(enum config_digest d); /* "both", "sha256", "md5" */

struct config {
	/* [gateway] */
	enum config_stop stop; /* on SIGTERM */
	uint32_t drain_timeout_ms;
	bool realtime;			    /* the spans' threads have real-time priority, the memory is locked */
	char spans_dir[CONFIG_PATH_OCTETS]; /* as written; relative: beside the main file */
	/* [control] */
	char control_socket[CONFIG_SOCKET_OCTETS]; /* "": none */
	char control_group[32];			   /* "": the daemon's own */
	/* [log] */
	enum log_level log_level;
	char log_facility[16];
	/* [sip] */
	/* One of each IP version, or not set. */
	struct addr sip_listen[ADDR_FAMILIES], sip_listen_tcp[ADDR_FAMILIES], sip_listen_tls[ADDR_FAMILIES];
	char tls_certificate[CONFIG_PATH_OCTETS], tls_key[CONFIG_PATH_OCTETS],
		tls_ca[CONFIG_PATH_OCTETS]; /* "": none */
	enum config_tls_clients tls_clients;
	unsigned tcp_above; /* octets; 0: never */
	char sip_host[64];  /* "": the listening address */
	char user_agent[64];
	unsigned sip_dscp;
	struct config_nameservers nameservers;
	uint32_t dns_refresh_min_ms, dns_refresh_max_ms; /* how long an answer is believed */
	char realm[64];					 /* of our challenges */
	enum config_digest digest;
	unsigned max_calls, max_calls_per_second; /* of all peers; 0: any number */
	unsigned blacklist_after;		  /* refusals; 0: there is none */
	uint32_t blacklist_within_ms, blacklist_time_ms;
	/* [media] */
	/* One of each IP version, or not set. */
	struct addr media_address[ADDR_FAMILIES];  /* the local addresses of RTP and UDPTL; port not used */
	struct addr media_external[ADDR_FAMILIES]; /* what the SDP says; not set: the same */
	uint16_t port_min, port_max;
	unsigned media_dscp;
	char file[CONFIG_PATH_OCTETS]; /* the main file */
	bool file_is_public;	       /* every user of the machine may read it */
	struct config_numbering numbering;
	unsigned nspans, npeers; /* disabled spans are counted too */
	unsigned ngroups, nroutes, nrules;
	struct config_peer peers[CONFIG_MAX_PEERS];
	struct config_span spans[CONFIG_MAX_SPANS];
	struct config_group groups[CONFIG_MAX_GROUPS];
	struct config_route routes[CONFIG_MAX_ROUTES];
	struct config_rule rules[CONFIG_MAX_RULES]; /* they point into all of the above */
};

#define CONFIG_ERROR_OCTETS 768
#define CONFIG_ERRORS_ROOM  100

struct config_error {
	bool warning;			/* the configuration is taken all the same */
	unsigned file, line;		/* order: the main file is 0, then the span files; line 0: the whole file */
	char text[CONFIG_ERROR_OCTETS]; /* "file:line: message", or "file: message" where it concerns the whole file */
};

struct config_errors {
	unsigned count, room; /* COUNT may not pass ROOM: the last entry then says how many more there are */
	unsigned warnings;    /* of COUNT */
	unsigned more;	      /* errors for which there was no room */
	struct config_error *list;
};

/*
 * Loads PATH and the files *.conf, by name, of spans.d/ beside it (or of the folder that [gateway] spans_dir names).
 * Nothing is printed: every error is recorded, in the order of files and lines. ERRORS is all zero at first, or has its
 * ROOM set (0 stands for CONFIG_ERRORS_ROOM); free it with config_errors_fini() whatever is returned. *CP is set only
 * when there is no error; there may be warnings. Returns 0, EINVAL (see ERRORS) or ENOMEM.
 */
int config_load(const char *path, struct config **cp, struct config_errors *errors);
void config_free(struct config *c);

/* True if the main file has passwords in it, and every user of the machine may read it. */
bool config_tells_secrets(const struct config *c);
void config_errors_fini(struct config_errors *e);

/* A span whose D channel is on timeslot 24 is a T1: it has 24 timeslots, an E1 has 31. */
#define CONFIG_T1_DCHANNEL 24
unsigned config_span_timeslots(const struct config_span *s); /* the highest one */

/* True if NUMBER is taken by one of the patterns. */
bool config_numbers_match(const struct config_numbers *n, const char *number);

/* What is known of a number of which more digits may come. */
#define CONFIG_NUMBERS_TAKEN 1u /* a pattern takes it as it is */
#define CONFIG_NUMBERS_MORE  2u /* a pattern would take it with more digits */
/* Both, one, or 0: no pattern takes it, whatever comes. */
unsigned config_numbers_fit(const struct config_numbers *n, const char *number);

/* How well NUMBER is taken: the characters before the final '.' of the longest pattern that takes it (0 for "."), or -1
 * when none does. The span with the greatest value is the one to dial. */
int config_numbers_best(const struct config_numbers *n, const char *number);

#endif
