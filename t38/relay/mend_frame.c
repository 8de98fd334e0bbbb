/* SPDX-License-Identifier: GPL-2.0-only */
/* Which mend a T.30 frame calls for. */
#include "mend.h"
#include "relay_own.h"

void mend_frame(struct relay *r, bool from_line, const uint8_t *frame, int len)
{
	bool x = frame[2] & 1;

	switch (frame[2] & 0xfe) {
	case FCF_FTT:
	case FCF_RTN:
	case FCF_RTP:
		mend_retrain(r, from_line);
		break;
	case FCF_CFR:
		if (x)
			mend_cfr(r, from_line);
		break;
	case FCF_CTC:
		if (x)
			mend_ctc(r, from_line, frame, len);
		break;
	case FCF_DIS:
		if (x) /* DTC */
			mend_dtc(r);
		break;
	}
	mend_buffer_mode(r);
}
