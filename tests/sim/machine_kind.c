/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/spandsp_machine.h"

#include "tests/sim/machine_kind.h"

#define FRAME_FCF 2
#define FCF_NSF	  0x20
#define FCF_NSC	  0x21
#define FCF_NSS	  0x22
#define FCF_DIS	  0x80

/* T.30's phases and states as spandsp counts them, which it keeps to itself. */
#define PHASE_CED    1
#define PHASE_CNG    2
#define STATE_F_TCF  7
#define OPERATION_RX 1

/* Of no real manufacturer (T.30 5.3.6.2.8: country, provider, and what these two understand). */
static const uint8_t nonstandard[] = {0xad, 0x00, 0x36, 0x46, 0x61, 0x78, 0x21, 0x7e, 0x01, 0x02, 0x03, 0x04};

/* The entry of spandsp's table of rates at which a sender begins. */
static int first_step(const struct machine_kind *k, int as_negotiated)
{
	static const struct {
		unsigned rate;
		int modem;
	} steps[] = {
		{14400, MACHINE_V17_FIRST}, {12000, MACHINE_V17_FIRST}, {9600, MACHINE_V17_FIRST},
		{9600, MACHINE_V29_FIRST},  {7200, MACHINE_V17_FIRST},	{7200, MACHINE_V29_FIRST},
		{4800, MACHINE_ANY_MODEM},  {2400, MACHINE_ANY_MODEM},
	};

	for (int i = 0; i < (int)(sizeof(steps) / sizeof(steps[0])); i++)
		if (steps[i].rate == k->first_rate && (!k->first_modem || steps[i].modem == (int)k->first_modem))
			return i;
	return as_negotiated;
}

static int on_phase_b(SPANDSP_OWNER(t30_state_t) void *arg, int fcf)
{
	struct machine_kind_state *s = arg;
	t30_state_t *t = s->t30;

	if ((fcf & 0xfe) != FCF_DIS) /* nor DTC, which has the same code but for the X bit */
		return T30_ERR_OK;
	if (t->operation_in_progress == OPERATION_RX && t->tx_file[0]) {
		t4_rx_release(&t->t4.rx); /* what it has received before: spandsp forgets it */
		t->operation_in_progress = 0;
	}
	if (s->turns && s->sent)
		t->tx_file[0] = '\0';
	s->sent = true;
	t->current_fallback = first_step(s->kind, t->current_fallback);
	if (s->kind->first_rate)
		t->current_permitted_modems = t->supported_modems;
	if (s->kind->insists_on_ecm)
		t->error_correcting_mode = true;
	return T30_ERR_OK;
}

/* Asked when the document's last page is sent: true makes it an EOM, false an EOP. */
static int has_more(SPANDSP_OWNER(t30_state_t) void *arg, int event)
{
	const struct machine_kind_state *s = arg;

	return s->turns;
}

static int codings_of(unsigned codings)
{
	return T30_SUPPORT_T4_1D_COMPRESSION | /* every machine has it */
	       (!codings || codings & MACHINE_MR ? T30_SUPPORT_T4_2D_COMPRESSION : 0) |
	       (!codings || codings & MACHINE_MMR ? T30_SUPPORT_T6_COMPRESSION : 0);
}

void machine_kind_init(struct machine_kind_state *s, const struct machine_kind *k, t30_state_t *t30, bool turns)
{
	*s = (struct machine_kind_state){.kind = k, .t30 = t30, .turns = turns};
	t30_set_supported_compressions(t30, codings_of(k->codings));
	t30_set_minimum_scan_line_time(t30, (int)k->min_scan_ms);
	t30_set_supported_image_sizes(t30, T30_SUPPORT_215MM_WIDTH | T30_SUPPORT_A4_LENGTH | T30_SUPPORT_B4_LENGTH |
						   T30_SUPPORT_US_LETTER_LENGTH | T30_SUPPORT_UNLIMITED_LENGTH |
						   (k->wide ? T30_SUPPORT_255MM_WIDTH | T30_SUPPORT_303MM_WIDTH : 0));
	t30_set_phase_b_handler(t30, on_phase_b, s);
	t30_set_document_handler(t30, has_more, s);
	if (!k->nonstandard)
		return;
	t30_set_tx_nsf(t30, nonstandard, sizeof(nonstandard));
	t30_set_tx_nsc(t30, nonstandard, sizeof(nonstandard));
	t30_set_tx_nss(t30, nonstandard, sizeof(nonstandard));
}

void machine_kind_heard(struct machine_kind_state *s)
{
	t30_stats_t stats;

	if (s->t30->state != STATE_F_TCF)
		return;
	if (s->kind->takes_any_tcf)
		s->t30->tcf_most_zeros = 3 * 14400;
	if (!s->kind->bad_above)
		return;
	t30_get_transfer_statistics(s->t30, &stats);
	if ((unsigned)stats.bit_rate > s->kind->bad_above)
		s->t30->tcf_current_zeros = s->t30->tcf_most_zeros = 0;
}

/* spandsp 0.0.6 keeps these frames in memory of its own, and forgets the last one when another comes. */
static void free_kept(t30_exchanged_info_t *info, uint8_t fcf)
{
	uint8_t **keptp = fcf == FCF_NSF ? &info->nsf : fcf == FCF_NSC ? &info->nsc : &info->nss;

	free(*keptp);
	*keptp = NULL;
}

void machine_kind_frame(struct machine_kind_state *s, const uint8_t *frame, size_t octets)
{
	uint8_t fcf = octets > FRAME_FCF ? frame[FRAME_FCF] : 0;

	if (fcf != FCF_NSF && fcf != FCF_NSC && (fcf & 0xfe) != FCF_NSS)
		return;
	free_kept(&s->t30->rx_info, fcf);
	if (octets == sizeof(nonstandard) + FRAME_FCF + 1)
		s->nonstandard = !memcmp(frame + FRAME_FCF + 1, nonstandard, sizeof(nonstandard));
}

bool machine_kind_is_mute(const struct machine_kind_state *s)
{
	if (!s->kind)
		return false; /* not set up yet */
	return (s->kind->no_cng && s->t30->phase == PHASE_CNG) || (s->kind->no_ced && s->t30->phase == PHASE_CED);
}
