/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config_limits: how much a configuration has room for. config.h includes it.
 */
#ifndef CONF_CONFIG_LIMITS_H
#define CONF_CONFIG_LIMITS_H

#include "gateway/base/sip_transport.h"

#define CONFIG_MAX_SPANS       32
#define CONFIG_MAX_PEERS       96 /* endpoints among them */
#define CONFIG_MAX_TARGETS     8
#define CONFIG_MAX_NUMBERS     64
#define CONFIG_PATTERN_OCTETS  34
#define CONFIG_MAX_ENDS	       16
#define CONFIG_MAX_GROUPS      32
#define CONFIG_MAX_ROUTES      256
#define CONFIG_MAX_RULES       (CONFIG_MAX_ROUTES + CONFIG_MAX_PEERS + CONFIG_MAX_SPANS + 1)
#define CONFIG_PEER_WORDS      ((CONFIG_MAX_PEERS + 31) / 32)
#define CONFIG_PREFIX_OCTETS   16 /* of a dialled prefix or code, and its NUL */
#define CONFIG_MAX_RANGES      32
#define CONFIG_NAME_OCTETS     32
#define CONFIG_PATH_OCTETS     256
#define CONFIG_SOCKET_OCTETS   108 /* sun_path */
#define CONFIG_SPAN_NUMBER_MAX 999
#define CONFIG_HOST_OCTETS     200 /* no value of the configuration is longer */
#define CONFIG_MAX_NAMESERVERS 4
#define CONFIG_TRANSPORT_AUTO  SIP_TRANSPORTS /* as written; settled when all is read */
#define CONFIG_PORTS_PER_CALL  4 /* RTP and UDPTL each take an even port; the odd one beside it stays unused */

#endif
