/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/sipside/x_headers.h"

#include <stdio.h>

const char *x_headers_print(const struct x_headers_of *of, char *buf)
{
	char id[CALL_ID_OCTETS];

	snprintf(buf, X_HEADERS_OCTETS,
		 "X-Faxspan-Call: %s\r\nX-Faxspan-Span: %u\r\nX-Faxspan-Timeslot: %u\r\nX-Faxspan-Route: %.40s\r\n",
		 call_id_print(of->call, id), of->span, of->timeslot, of->route);
	return buf;
}
