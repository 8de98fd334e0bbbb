/* SPDX-License-Identifier: GPL-2.0-only */
#include "local_tcf.h"

#include <string.h>

#define ZEROS_TENTHS_OF_S 15 /* T.30 5.3.6.1.3 */

void local_tcf_begin(struct local_tcf *t)
{
	memset(t, 0, sizeof(*t));
}

static void take_octet(struct local_tcf *t, uint8_t octet)
{
	for (unsigned bit = 0x80; bit; bit >>= 1) {
		if (octet & bit) {
			t->zeros = 0;
			continue;
		}
		if (++t->zeros > t->longest)
			t->longest = t->zeros;
	}
}

void local_tcf_take(struct local_tcf *t, const uint8_t *packet, const struct ifp *ip)
{
	t->rate = ifp_rate(ip->kind);
	for (unsigned i = 0; i < ip->nfields; i++)
		for (size_t o = 0; o < ip->field[i].len; o++)
			take_octet(t, packet[ip->field[i].at + o]);
}

bool local_tcf_is_good(const struct local_tcf *t)
{
	return t->rate && t->longest >= t->rate;
}

/* T.38 7.2.3 and 7.2.4: V.27ter and V.29 have one indicator for each type, V.17 two, with short and long training. */
bool local_tcf_data_type(unsigned indicator, unsigned *typep)
{
	if (indicator < IFP_IND_V27TER_2400 || indicator > IFP_IND_V17_14400_LONG)
		return false;
	if (indicator < IFP_IND_V17_7200_SHORT)
		*typep = IFP_DATA_V27TER_2400 + indicator - IFP_IND_V27TER_2400;
	else
		*typep = IFP_DATA_V17_7200 + (indicator - IFP_IND_V17_7200_SHORT) / 2;
	return true;
}

size_t local_tcf_octets(unsigned data_type)
{
	return (size_t)ifp_rate(data_type) * ZEROS_TENTHS_OF_S / 10 / 8;
}

size_t local_tcf_write(uint8_t *packet, unsigned version, unsigned data_type, size_t octets, bool end)
{
	size_t n = ifp_write_end(packet, version, data_type, end ? IFP_NON_ECM_SIG_END : IFP_NON_ECM_DATA);

	if (!octets)
		return n;
	packet[2] |= 0x80;
	packet[3] = (uint8_t)((octets - 1) >> 8);
	packet[4] = (uint8_t)(octets - 1);
	memset(packet + 5, 0, octets);
	return 5 + octets;
}
