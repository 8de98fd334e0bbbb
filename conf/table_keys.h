/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table_keys: the keys of each section. Only table.c and the files that define them include it.
 */
#ifndef CONF_TABLE_KEYS_H
#define CONF_TABLE_KEYS_H

#include "table.h"

#define S 1000u /* milliseconds */
#define M (60 * S)
#define H (60 * M)

#define FIELD(type, member) .offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)

/* How many there are: fewer than this is caught by the unit test of the table, more by the compiler. */
#define TABLE_GATEWAY_KEYS 4
#define TABLE_CONTROL_KEYS 2
#define TABLE_LOG_KEYS	   2
#define TABLE_SIP_KEYS	   21
#define TABLE_MEDIA_KEYS   4
#define TABLE_PEER_KEYS	     57
#define TABLE_SPAN_KEYS	   23
#define TABLE_FAX_KEYS	   18
#define TABLE_JITTER_KEYS  3
#define TABLE_TIMEOUT_KEYS 8
#define TABLE_DAHDI_KEYS   11
#define TABLE_NUMBERING_KEYS 4
#define TABLE_GROUP_KEYS     2
#define TABLE_ROUTE_KEYS     17

/* table_main.c */
extern const struct table_key table_gateway_keys[TABLE_GATEWAY_KEYS];
extern const struct table_key table_log_keys[TABLE_LOG_KEYS];
extern const struct table_key table_sip_keys[TABLE_SIP_KEYS];
extern const struct table_key table_media_keys[TABLE_MEDIA_KEYS];
/* table_peer.c */
extern const struct table_key table_peer_keys[TABLE_PEER_KEYS];
/* table_route.c */
extern const struct table_key table_numbering_keys[TABLE_NUMBERING_KEYS];
extern const struct table_key table_group_keys[TABLE_GROUP_KEYS];
extern const struct table_key table_route_keys[TABLE_ROUTE_KEYS];
/* table_control.c */
extern const struct table_key table_control_keys[TABLE_CONTROL_KEYS];
/* table_span.c */
extern const struct table_key table_span_keys[TABLE_SPAN_KEYS];
extern const struct table_key table_fax_keys[TABLE_FAX_KEYS];
extern const struct table_key table_jitter_keys[TABLE_JITTER_KEYS];
extern const struct table_key table_timeout_keys[TABLE_TIMEOUT_KEYS];
/* table_dahdi.c */
extern const struct table_key table_dahdi_keys[TABLE_DAHDI_KEYS];

#endif
