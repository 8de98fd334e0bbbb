/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ifp: reading IFP packets (ITU-T T.38 7 and annex A), pure: an indicator, or fields of data. Spandsp writes
 * all but the few that are added to its own.
 */
#ifndef T38_IFP_H
#define T38_IFP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values of T30-indicator (7.2.3), data type (7.2.4) and field type (7.3.1) that Faxspan looks at. */
enum {
	IFP_IND_NO_SIGNAL = 0,
	IFP_IND_V21_PREAMBLE = 3,
	IFP_IND_V27TER_2400 = 4,
	IFP_IND_V17_7200_SHORT = 8,
	IFP_IND_V17_14400_LONG = 15,
};
enum {
	IFP_DATA_V21,
	IFP_DATA_V27TER_2400,
	IFP_DATA_V27TER_4800,
	IFP_DATA_V29_7200,
	IFP_DATA_V29_9600,
	IFP_DATA_V17_7200,
	IFP_DATA_V17_9600,
	IFP_DATA_V17_12000,
	IFP_DATA_V17_14400,
};
enum {
	IFP_HDLC_DATA,
	IFP_HDLC_SIG_END,
	IFP_HDLC_FCS_OK,
	IFP_HDLC_FCS_BAD,
	IFP_HDLC_FCS_OK_SIG_END,
	IFP_HDLC_FCS_BAD_SIG_END,
	IFP_NON_ECM_DATA,
	IFP_NON_ECM_SIG_END,
};

#define IFP_END_OCTETS 3
#define IFP_MAX_FIELDS 127 /* one octet of PER length */

struct ifp {
	bool indicator;
	unsigned kind;	  /* T30-indicator or data type */
	unsigned nfields; /* of a data packet */
	size_t octets;	  /* how long it is; what was given may be longer */
	struct {
		unsigned type;
		size_t at, len; /* where the field's data begin in the packet, and how much */
	} field[IFP_MAX_FIELDS];
};

/* Reads a packet written by T.38 VERSION (0 differs from all others: annex A as first printed has no extension bit in
 * the field type). Returns NULL, or what is wrong with it (static text); IP then is not valid. */
const char *ifp_read(const uint8_t *p, size_t len, unsigned version, struct ifp *ip);

/* Writes a packet of one FIELD without data, for T.38 VERSION: IFP_END_OCTETS, which it returns. DATA_TYPE is V.17
 * 14400 at most, FIELD non-ecm-sig-end. */
size_t ifp_write_end(uint8_t *packet, unsigned version, unsigned data_type, unsigned field);

/* The rate of a data type in bit/s, 0 for one above V.17 14400. */
unsigned ifp_rate(unsigned data_type);

/* The number of octets the packet takes where everything behind it up to LEN is zero, as what FEC gives back is
 * filled up (T.38 9.1.4.2); 0 if P is no packet of any version. */
size_t ifp_trim(const uint8_t *p, size_t len);

/* True for what a fax cannot do without and what is short: indicators, V.21, V.8 and the V.34 control channel; also
 * for an empty packet. False for page data and TCF. */
bool ifp_is_control(const uint8_t *p, size_t len);

const char *ifp_indicator_name(unsigned kind); /* "no-signal", "CED", "V.17 14400 long training"; "unknown" */
const char *ifp_data_name(unsigned kind);      /* "V.21", "V.17 14400"; "unknown" */
const char *ifp_field_name(unsigned type);     /* "hdlc-data", "hdlc-fcs-OK-sig-end"; "unknown" */

/* One line: "CED", "V.21: hdlc-data 3, hdlc-fcs-OK"; cut where BUF ends. Terminated if ROOM is not 0. Returns BUF. */
const char *ifp_print(const struct ifp *i, char *buf, size_t room);

#endif
