/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/spandsp_machine.h"

#include "tests/sim/machine.h"
#include "t38/relay/mend_v17.h"
#include "tests/sim/machine_ears.h"
#include "tests/sim/machine_kind.h"
#include "tests/sim/machine_v8.h"
#include "tests/sim/t30_tester.h"

#define BLOCK_SAMPLES  160
#define SAMPLES_PER_MS 8

struct machine {
	fax_state_t *line; /* one of the two */
	t38_terminal_state_t *packet;
	t30_state_t *t30; /* inside that one */
	struct mend_v17 v17;
	struct machine_v8 *v8;	   /* a Super-G3's */
	struct t30_tester *tester; /* a scripted one's; then there is none of the above */
	const struct t30_report *report;
	struct machine_kind kind;
	struct machine_kind_state odd;
	struct machine_ears ears;
	bool caller;
	bool hung_up;
	bool done;
	int code;
	int pages_sent, pages_received; /* as they stood when it ended: spandsp's own counts go with the call */
	int rate;
	bool ecm;
	uint64_t now, dcs_at, mcf_at; /* samples */
	machine_ifp_h *ifp;
	void *ifp_arg;
	machine_frame_h *frame;
	void *frame_arg;
};

static void note_statistics(struct machine *m)
{
	t30_stats_t t;

	t30_get_transfer_statistics(m->t30, &t);
	m->pages_sent = t.pages_tx;
	m->pages_received = t.pages_rx;
	m->rate = t.bit_rate;
	m->ecm = t.error_correcting_mode;
}

static void on_phase_e(SPANDSP_OWNER(t30_state_t) void *arg, int code)
{
	struct machine *m = arg;

	if (m->done)
		return; /* spandsp says it again when it is told to end */
	m->done = true;
	m->code = code;
	note_statistics(m);
}

static void note_time(struct machine *m, const uint8_t *frame, size_t octets)
{
	unsigned what = octets > 2 ? frame[2] & 0xfe : 0; /* the X bit is the first of it (T.30 5.3.6.1) */

	if (what == T30_DCS && !m->dcs_at)
		m->dcs_at = m->now;
	if (what == T30_MCF && m->dcs_at)
		m->mcf_at = m->now;
}

static void on_frame(SPANDSP_OWNER(t30_state_t) void *arg, SPANDSP_BOOL incoming, const uint8_t *msg, int len)
{
	struct machine *m = arg;

	if (len > 0)
		note_time(m, msg, (size_t)len);
	if (incoming && len > 0)
		machine_kind_frame(&m->odd, msg, (size_t)len);
	if (m->frame && len > 0)
		m->frame(!incoming, msg, (size_t)len, m->frame_arg);
}

static int on_ifp(t38_core_state_t *core, void *arg, const uint8_t *buf, int len, int count)
{
	struct machine *m = arg;

	if (!m->hung_up && len > 0 && !machine_kind_is_mute(&m->odd))
		m->ifp(buf, (size_t)len, count > 0 ? (unsigned)count : 1, m->ifp_arg);
	return 0;
}

static void on_tester_ifp(const uint8_t *ifp, size_t len, unsigned copies, void *arg)
{
	struct machine *m = arg;

	if (!m->hung_up)
		m->ifp(ifp, len, copies, m->ifp_arg);
}

static int modems_for(unsigned modems)
{
	int set = 0;

	if (modems == 0)
		modems = FAX_MODEM_ALL;
	if (modems & FAX_MODEM_V27TER)
		set |= T30_SUPPORT_V27TER;
	if (modems & FAX_MODEM_V29)
		set |= T30_SUPPORT_V29;
	if (modems & FAX_MODEM_V17)
		set |= T30_SUPPORT_V17;
	return set;
}

static void set_up_t30(struct machine *m, const struct machine_params *p)
{
	t30_state_t *t = m->t30;

	t30_set_tx_ident(t, p->ident ? p->ident : "");
	t30_set_ecm_capability(t, p->ecm);
	t30_set_supported_modems(t, modems_for(p->modems));
	t30_set_supported_resolutions(t, T30_SUPPORT_STANDARD_RESOLUTION | T30_SUPPORT_FINE_RESOLUTION |
						 T30_SUPPORT_SUPERFINE_RESOLUTION | T30_SUPPORT_R8_RESOLUTION);
	m->kind = p->kind;
	machine_kind_init(&m->odd, &m->kind, t, p->caller && p->send_file && p->receive_file);
	t30_set_rx_encoding(t, T4_COMPRESSION_ITU_T6);
	t30_set_phase_e_handler(t, on_phase_e, m);
	t30_set_real_time_frame_handler(t, on_frame, m);
	if (p->send_file)
		t30_set_tx_file(t, p->send_file, -1, -1);
	if (p->receive_file)
		t30_set_rx_file(t, p->receive_file, -1);
}

static int begin(struct machine **mp, const struct machine_params *p)
{
	struct machine *m;

	if (p->send_file && access(p->send_file, R_OK))
		return EINVAL;
	m = calloc(1, sizeof(*m));
	if (!m)
		return ENOMEM;
	m->caller = p->caller;
	m->report = p->report;
	*mp = m;
	return 0;
}

static enum t30_side side_of(const struct machine_params *p)
{
	return p->caller ? T30_CALLER : T30_CALLED;
}

static int scripted(struct machine **mp, struct machine *m, int err)
{
	if (err)
		machine_free(m);
	else
		*mp = m;
	return err;
}

int machine_alloc(struct machine **mp, const struct machine_params *p)
{
	struct machine *m = NULL;
	int err = begin(&m, p);

	if (!err && p->script)
		return scripted(mp, m, t30_tester_line_alloc(&m->tester, p->script, side_of(p), p->report));
	if (err)
		return err;
	m->line = fax_init(NULL, p->caller);
	if (!m->line) {
		machine_free(m);
		return ENOMEM;
	}
	m->t30 = fax_get_t30_state(m->line);
	fax_set_transmit_on_idle(m->line, TRUE);
	fax_set_tep_mode(m->line, p->kind.tep);
	mend_v17_init(&m->v17, &m->line->modems.fast_modems.v17_rx); /* the tests are of gateways, not of its luck */
	machine_ears_init(&m->ears, m->line, p->kind.good_ears);
	set_up_t30(m, p);
	err = p->super_g3 ? machine_v8_alloc(&m->v8, p->caller, false) : 0;
	if (err)
		machine_free(m);
	else
		*mp = m;
	return err;
}

int machine_t38_alloc(struct machine **mp, const struct machine_params *p, machine_ifp_h *ifp, void *arg)
{
	struct t30_packet_style style = {.packet_ms = 0};
	struct machine *m = NULL;
	t38_core_state_t *core;
	int err;

	if (!ifp)
		return EINVAL;
	err = begin(&m, p);
	if (err)
		return err;
	m->ifp = ifp;
	m->ifp_arg = arg;
	if (p->style)
		style = *p->style;
	style.t38_version = p->t38_version;
	if (p->script)
		return scripted(mp, m,
				t30_tester_packet_alloc(&m->tester, p->script, side_of(p), p->report, &style,
							on_tester_ifp, m));
	m->packet = t38_terminal_init(NULL, p->caller, on_ifp, m);
	if (!m->packet) {
		machine_free(m);
		return ENOMEM;
	}
	m->t30 = t38_terminal_get_t30_state(m->packet);
	core = t38_terminal_get_t38_core_state(m->packet);
	t38_set_t38_version(core, (int)p->t38_version);
	t38_set_data_rate_management_method(core, 2); /* T.38 8.3: transferred TCF */
	t38_terminal_set_config(m->packet, 0);	      /* paced, as UDP needs it */
	t38_terminal_set_tep_mode(m->packet, FALSE);
	set_up_t30(m, p);
	*mp = m;
	return 0;
}

void machine_free(struct machine *m)
{
	if (!m)
		return;
	machine_hangup(m);
	machine_v8_free(m->v8);
	t30_tester_free(m->tester);
	if (m->line)
		fax_free(m->line);
	if (m->packet)
		t38_terminal_free(m->packet);
	free(m);
}

/* A Super-G3 that answers begins with V.8, and with T.30 when that has failed. */
static bool has_t30(const struct machine *m)
{
	enum machine_v8_state v8 = m->v8 ? machine_v8_state(m->v8) : MACHINE_V8_FELL_BACK;

	return m->caller ? v8 != MACHINE_V8_V34 : v8 == MACHINE_V8_FELL_BACK;
}

void machine_rx(struct machine *m, const int16_t *samples, size_t n)
{
	int16_t block[BLOCK_SAMPLES]; /* spandsp takes the offset out in place */
	size_t k;

	if (m->tester) {
		if (!m->hung_up)
			t30_tester_rx(m->tester, samples, n);
		return;
	}
	if (m->v8 && !m->hung_up)
		machine_v8_rx(m->v8, samples, n);
	while (n > 0 && m->line && !m->hung_up && has_t30(m)) {
		k = n < BLOCK_SAMPLES ? n : BLOCK_SAMPLES;
		memcpy(block, samples, k * sizeof(*samples));
		machine_ears_hear(&m->ears, block, k);
		fax_rx(m->line, block, (int)k);
		machine_kind_heard(&m->odd);
		samples += k;
		n -= k;
	}
}

void machine_tx(struct machine *m, int16_t *samples, size_t n)
{
	int k = 0;

	m->now += n;
	if (m->line && !m->hung_up && has_t30(m))
		k = fax_tx(m->line, samples, (int)n);
	if (machine_kind_is_mute(&m->odd))
		k = 0;
	if ((size_t)k < n)
		memset(samples + k, 0, (n - (size_t)k) * sizeof(*samples));
	if (m->v8 && !m->hung_up)
		machine_v8_tx(m->v8, samples, n);
	if (m->tester && !m->hung_up)
		t30_tester_tx(m->tester, samples, n);
}

void machine_t38_step(struct machine *m, size_t samples)
{
	m->now += samples;
	if (m->packet && !m->hung_up)
		t38_terminal_send_timeout(m->packet, (int)samples);
	if (m->tester && !m->hung_up)
		t30_tester_step(m->tester, samples);
}

void machine_t38_ifp(struct machine *m, const uint8_t *ifp, size_t len, uint16_t seq)
{
	if (m->tester) {
		if (!m->hung_up)
			t30_tester_ifp(m->tester, ifp, len, seq);
		return;
	}
	if (m->packet && !m->hung_up)
		t38_core_rx_ifp_packet(t38_terminal_get_t38_core_state(m->packet), ifp, (int)len, seq);
	machine_kind_heard(&m->odd);
}

void machine_hangup(struct machine *m)
{
	if (m->tester && !m->hung_up)
		t30_tester_hangup(m->tester);
	if (m->hung_up || !m->t30) {
		m->hung_up = true;
		return;
	}
	m->hung_up = true;
	if (!m->done)
		t30_terminate(m->t30);
}

void machine_result(const struct machine *m, struct machine_result *rp)
{
	struct machine now = *m;

	if (m->tester) {
		*rp = (struct machine_result){.done = m->report->done,
					      .success = m->report->success,
					      .text = m->report->success ? "as scripted" : "not as scripted"};
		return;
	}
	if (!m->done)
		note_statistics(&now);
	*rp = (struct machine_result){
		.done = now.done,
		.success = now.done && now.code == T30_ERR_OK,
		.code = now.code,
		.text = now.done ? t30_completion_code_to_str(now.code) : "under way",
		.pages_sent = now.pages_sent,
		.pages_received = now.pages_received,
		.rate = now.rate,
		.ecm = now.ecm,
		.document_ms = m->mcf_at ? (int)((m->mcf_at - m->dcs_at) / SAMPLES_PER_MS) : 0,
		.nonstandard = m->odd.nonstandard,
		.v34 = m->v8 && machine_v8_state(m->v8) == MACHINE_V8_V34,
	};
}

void machine_on_frame(struct machine *m, machine_frame_h *h, void *arg)
{
	m->frame = h;
	m->frame_arg = arg;
}
