/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * feature: feature tags of SIP (RFC 3840, RFC 3841), of which we know one: sip.fax (RFC 6913), what a user agent can
 * do with a fax ("t38", "passthrough"), and what a caller wants to reach.
 */
#ifndef SIP_FEATURE_H
#define SIP_FEATURE_H

#include <osipparser2/osip_parser.h>
#include <stdbool.h>

#include "session.h"

/* True if the parameters in TEXT ("*;+sip.fax=\"t38\";require"), anything in < > or quotes passed over, have TAG (with
 * its '+') with VALUE in its list. Names in any case of letters. */
bool feature_has(const char *text, const char *tag, const char *value);

/* True if the caller of INVITE M wants one that does T.38: its Accept-Contact says +sip.fax="t38". So it is a fax. */
bool feature_wants_t38(const osip_message_t *m);

/* What goes behind our Contact: ";+sip.fax=..."; "" for SIP_FAX_UNSAID. */
const char *feature_contact_params(enum sip_fax fax);
/* Adds the same to the Contact of response M, if it has one. 0 or ENOMEM. */
int feature_set_fax(osip_message_t *m, enum sip_fax fax);

#endif
