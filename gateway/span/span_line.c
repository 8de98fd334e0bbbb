/* SPDX-License-Identifier: GPL-2.0-only */
#include "gateway/span/span_line.h"

#include <errno.h>
#include <string.h>

#include "dahdi/line_dahdi.h"
#include "dahdi/line_tdmoe.h"
#include "gateway/base/log.h"

static void log_tdmoe_failure(const struct config_span *s, const char *prefix, int err)
{
	char addr[ADDR_TEXT_OCTETS];

	if (!*s->tdmoe_interface)
		log_error(prefix, "cannot open the tdmoe line on %s: %s", addr_print(&s->tdmoe_local, addr),
			  strerror(err));
	else
		log_error(prefix, "cannot open the tdmoe line on interface %s: %s", s->tdmoe_interface,
			  err == ENODEV	 ? "there is no such interface"
			  : err == EPERM ? "that needs CAP_NET_RAW; see faxspan.service"
					 : strerror(err));
}

static int alloc_tdmoe(struct line **lp, const struct config_span *s, const char *prefix, struct net *net)
{
	struct line_tdmoe_params p = {
		.local = s->tdmoe_local,
		.peer = s->tdmoe_peer,
		.eth.interface = s->tdmoe_interface,
		.eth.subaddress = (uint16_t)s->tdmoe_subaddress,
		.eth.gather_ms = s->tdmoe_gather_ms,
		.timeslots = config_span_timeslots(s),
		.dchannel = s->dchannel,
		.ulaw = s->law == CODEC_PCMU,
		.prefix = prefix,
	};
	int err;

	memcpy(p.eth.remote_mac, s->tdmoe_mac, sizeof(p.eth.remote_mac));
	err = line_tdmoe_alloc(lp, &p, net);
	if (err)
		log_tdmoe_failure(s, prefix, err);
	return err;
}

static int alloc_dahdi(struct line **lp, const struct config_span *s, const char *prefix)
{
	static const enum line_dahdi_policy policies[] = {
		[BUFFERS_IMMEDIATE] = LINE_DAHDI_IMMEDIATE,
		[BUFFERS_HALF] = LINE_DAHDI_HALF,
		[BUFFERS_FULL] = LINE_DAHDI_FULL,
	};
	const struct config_dahdi *c = &s->dahdi;
	const struct line_dahdi_params p = {
		.span = c->span,
		.timeslots = s->timeslots,
		.dchannel = s->dchannel,
		.ulaw = s->law == CODEC_PCMU,
		.buffers = c->buffers,
		.buffer_size = c->buffer_size,
		.policy = policies[c->policy],
		.send_delay_ms = c->send_delay_ms,
		.late_ms = c->late_ms,
		.echo = c->echo_cancel,
		.echo_taps = c->echo_taps,
		.echo_fax_mode = c->echo_at_fax == ECHO_AT_FAX_MODE,
		.rx_gain_ddb = c->rx_gain_ddb,
		.tx_gain_ddb = c->tx_gain_ddb,
		.patient = true,
		.prefix = prefix,
	};
	char why[LINE_DAHDI_WHY_OCTETS];
	int err = line_dahdi_alloc(lp, &p, &line_dahdi_kernel, why);

	if (err)
		log_error(prefix, "cannot open the DAHDI line: %s", why);
	return err;
}

int span_line_alloc(struct line **lp, const struct config_span *s, const char *prefix, struct net *net)
{
	return s->line_kind == LINE_DAHDI ? alloc_dahdi(lp, s, prefix) : alloc_tdmoe(lp, s, prefix, net);
}
