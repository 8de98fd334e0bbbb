/* SPDX-License-Identifier: GPL-2.0-only */
#include "media_policy.h"

const char *media_nat_name(enum media_nat n)
{
	switch (n) {
	case MEDIA_NAT_NO:
		return "no";
	case MEDIA_NAT_SYMMETRIC:
		return "symmetric";
	case MEDIA_NAT_LATCH:
		return "latch";
	case MEDIA_NAT_COUNT:
		break;
	}
	return "?";
}

const char *media_rtp_in_t38_name(enum media_rtp_in_t38 r)
{
	switch (r) {
	case MEDIA_RTP_STOPS:
		return "stop";
	case MEDIA_RTP_GOES_ON:
		return "keep";
	case MEDIA_RTP_COUNT:
		break;
	}
	return "?";
}

const char *media_dtmf_name(enum media_dtmf d)
{
	switch (d) {
	case MEDIA_DTMF_INBAND:
		return "inband";
	case MEDIA_DTMF_EVENTS:
		return "events";
	case MEDIA_DTMF_COUNT:
		break;
	}
	return "?";
}
