/* SPDX-License-Identifier: GPL-2.0-only */
#include "ifp.h"

#include "gateway/base/buf.h"

#define EXTENSION_FIRST_INDICATOR 16 /* after v17-14400-long-training */
#define EXTENSION_LAST_INDICATOR  22 /* v33-14400-training */
#define EXTENSION_FIRST_DATA	  9  /* v8 */
#define EXTENSION_LAST_DATA	  14 /* v33-14400 */
#define EXTENSION_FIRST_FIELD	  8  /* cm-message */
#define EXTENSION_LAST_FIELD	  11 /* v34rate */

/* Type-of-msg: an enumeration with an extension bit, whose value straddles two octets when extended. */
static const char *read_kind(struct rbuf *b, uint8_t first, struct ifp *ip)
{
	unsigned wide;

	if (!(first & 0x20)) {
		ip->kind = first >> 1 & 0xf;
		return ip->indicator || ip->kind <= IFP_DATA_V17_14400 ? NULL : "unknown data type";
	}
	wide = (first << 2 & 0x3cu) | rbuf_u8(b) >> 6;
	if (b->bad)
		return "cut off";
	ip->kind = wide + (ip->indicator ? EXTENSION_FIRST_INDICATOR : EXTENSION_FIRST_DATA);
	if (ip->kind > (ip->indicator ? EXTENSION_LAST_INDICATOR : EXTENSION_LAST_DATA))
		return ip->indicator ? "unknown indicator" : "unknown data type";
	return NULL;
}

static bool read_field_data(struct rbuf *b, struct ifp *ip, unsigned i)
{
	ip->field[i].len = (size_t)rbuf_u16(b) + 1; /* SIZE(1..65535) */
	ip->field[i].at = b->pos;
	rbuf_take(b, ip->field[i].len);
	return !b->bad;
}

/* Version 0: presence and three bits of type; a field without data takes half an octet, and the next begins in the
 * other half. */
static const char *read_fields_v0(struct rbuf *b, struct ifp *ip)
{
	bool half = false, present;
	uint8_t octet = 0;
	unsigned i;

	for (i = 0; i < ip->nfields; i++) {
		if (!half)
			octet = rbuf_u8(b);
		if (b->bad)
			return "cut off";
		present = octet & (half ? 0x08 : 0x80);
		ip->field[i].type = half ? octet & 7 : octet >> 4 & 7;
		half = !half && !present;
		ip->field[i].at = ip->field[i].len = 0;
		if (present && !read_field_data(b, ip, i))
			return "field runs past the end";
	}
	return NULL;
}

/* Version 1 and later, as everybody writes it: each field begins an octet. */
static const char *read_fields(struct rbuf *b, struct ifp *ip)
{
	uint8_t octet;
	unsigned i;

	for (i = 0; i < ip->nfields; i++) {
		octet = rbuf_u8(b);
		ip->field[i].type = octet >> 3 & 7;
		if (octet & 0x40)
			ip->field[i].type = EXTENSION_FIRST_FIELD + (((unsigned)octet << 2 & 0x3c) | rbuf_u8(b) >> 6);
		if (b->bad)
			return "cut off";
		if (ip->field[i].type > EXTENSION_LAST_FIELD)
			return "unknown field type";
		ip->field[i].at = ip->field[i].len = 0;
		if ((octet & 0x80) && !read_field_data(b, ip, i))
			return "field runs past the end";
	}
	return NULL;
}

const char *ifp_read(const uint8_t *p, size_t len, unsigned version, struct ifp *ip)
{
	struct rbuf b = rbuf_init(p, len);
	const char *why;
	uint8_t first;

	first = rbuf_u8(&b);
	if (b.bad)
		return "empty";
	ip->indicator = !(first & 0x40);
	ip->nfields = 0;
	if (ip->indicator && (first & 0x80))
		return "indicator with data";
	why = read_kind(&b, first, ip);
	if (why)
		return why;
	if (first & 0x80) {
		ip->nfields = rbuf_u8(&b);
		if (b.bad)
			return "cut off";
		if (ip->nfields > IFP_MAX_FIELDS)
			return "too many fields";
		why = version == 0 ? read_fields_v0(&b, ip) : read_fields(&b, ip);
	}
	ip->octets = b.pos;
	return why;
}

/* T.38 annex A; version 0 has no extension bit in the type of the field. */
size_t ifp_write_end(uint8_t *packet, unsigned version, unsigned data_type, unsigned field)
{
	packet[0] = (uint8_t)(0xc0 | data_type << 1);
	packet[1] = 1;
	packet[2] = (uint8_t)(version ? field << 3 : field << 4);
	return IFP_END_OCTETS;
}

unsigned ifp_rate(unsigned data_type)
{
	static const unsigned rate[] = {300, 2400, 4800, 7200, 9600, 7200, 9600, 12000, 14400};

	return data_type < sizeof(rate) / sizeof(rate[0]) ? rate[data_type] : 0;
}
