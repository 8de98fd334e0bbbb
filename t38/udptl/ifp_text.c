/* SPDX-License-Identifier: GPL-2.0-only */
/* ifp_text: what IFP packets are called, which sort they are, and where they end. */
#include "ifp.h"

#include <stdio.h>

#define DATA_V8		 9 /* T.38 table 3, beyond what ifp.h names */
#define DATA_V34_CONTROL 11
#define SMALL_EXTENDED	 0x20 /* the type's extension bit in a packet's first octet (X.691 13.3) */

static bool all_zero(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

size_t ifp_trim(const uint8_t *p, size_t len)
{
	struct ifp i;

	/* The versions differ in the place of a field's type only, so nearly every packet has the same length in both.
	 */
	for (unsigned version = 0; version < 2; version++)
		if (!ifp_read(p, len, version, &i) && all_zero(p + i.octets, len - i.octets))
			return i.octets;
	return 0;
}

bool ifp_is_control(const uint8_t *p, size_t len)
{
	unsigned kind;

	if (!len || !(p[0] & 0x40))
		return true;
	if (!(p[0] & SMALL_EXTENDED))
		return (p[0] >> 1 & 0x0F) == IFP_DATA_V21;
	if (len < 2)
		return false;
	kind = DATA_V8 + ((p[0] << 2 & 0x3Cu) | p[1] >> 6);
	return kind == DATA_V8 || kind == DATA_V34_CONTROL;
}

static const char *const indicator_names[] = {
	"no-signal",
	"CNG",
	"CED",
	"V.21 preamble",
	"V.27ter 2400 training",
	"V.27ter 4800 training",
	"V.29 7200 training",
	"V.29 9600 training",
	"V.17 7200 short training",
	"V.17 7200 long training",
	"V.17 9600 short training",
	"V.17 9600 long training",
	"V.17 12000 short training",
	"V.17 12000 long training",
	"V.17 14400 short training",
	"V.17 14400 long training",
	"V.8 ANSam",
	"V.8 signal",
	"V.34 control channel 1200",
	"V.34 primary channel",
	"V.34 control channel retrain",
	"V.33 12000 training",
	"V.33 14400 training",
};

static const char *const data_names[] = {
	"V.21",
	"V.27ter 2400",
	"V.27ter 4800",
	"V.29 7200",
	"V.29 9600",
	"V.17 7200",
	"V.17 9600",
	"V.17 12000",
	"V.17 14400",
	"V.8",
	"V.34 primary rate",
	"V.34 control channel 1200",
	"V.34 primary channel",
	"V.33 12000",
	"V.33 14400",
};

static const char *const field_names[] = {
	"hdlc-data",	       "hdlc-sig-end",	       "hdlc-fcs-OK",	  "hdlc-fcs-BAD",
	"hdlc-fcs-OK-sig-end", "hdlc-fcs-BAD-sig-end", "t4-non-ecm-data", "t4-non-ecm-sig-end",
	"cm-message",	       "jm-message",	       "ci-message",	  "v34rate",
};

static const char *name_of(const char *const *names, size_t n, unsigned value)
{
	return value < n ? names[value] : "unknown";
}

const char *ifp_indicator_name(unsigned kind)
{
	return name_of(indicator_names, sizeof(indicator_names) / sizeof(indicator_names[0]), kind);
}

const char *ifp_data_name(unsigned kind)
{
	return name_of(data_names, sizeof(data_names) / sizeof(data_names[0]), kind);
}

const char *ifp_field_name(unsigned type)
{
	return name_of(field_names, sizeof(field_names) / sizeof(field_names[0]), type);
}

const char *ifp_print(const struct ifp *i, char *buf, size_t room)
{
	int at = snprintf(buf, room, "%s", i->indicator ? ifp_indicator_name(i->kind) : ifp_data_name(i->kind));

	for (unsigned n = 0; n < i->nfields && at >= 0 && (size_t)at < room; n++) {
		const char *sep = n ? "," : ":";

		at += snprintf(buf + at, room - (size_t)at, "%s %s", sep, ifp_field_name(i->field[n].type));
		if (i->field[n].len && (size_t)at < room)
			at += snprintf(buf + at, room - (size_t)at, " %zu", i->field[n].len);
	}
	return buf;
}
