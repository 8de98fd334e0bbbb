/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of a span on a DAHDI card. */
#include "table_keys.h"

static const char *const policy_names[] = {"immediate", "half", "full"};
static const char *const at_fax_names[] = {"off", "fax-mode"};

const char *config_buffer_policy_name(enum config_buffer_policy p)
{
	return policy_names[p];
}

const char *config_echo_at_fax_name(enum config_echo_at_fax e)
{
	return at_fax_names[e];
}

static const char *choice_policy(unsigned i)
{
	return policy_names[i];
}

static const char *choice_at_fax(unsigned i)
{
	return at_fax_names[i];
}

const struct table_key table_dahdi_keys[TABLE_DAHDI_KEYS] = {
	{.name = "span",
	 .type = &value_uint,
	 FIELD(config_span, dahdi.span),
	 .max = 128,
	 .fallback = "0",
	 .help = "The number that DAHDI has given the span (dahdi_scan, /proc/dahdi). 0 stands for the number in "
		 "[span N]."},
	{.name = "buffers",
	 .type = &value_uint,
	 FIELD(config_span, dahdi.buffers),
	 .min = 2,
	 .max = 32,
	 .fallback = "16",
	 .help = "How many buffers the kernel has for each direction of a B channel. What is received waits in them: "
		 "with 16 of 160 octets nothing is lost if the gateway is held up for a third of a second. It costs "
		 "no delay."},
	{.name = "buffer_size",
	 .type = &value_uint,
	 FIELD(config_span, dahdi.buffer_size),
	 .min = 20,
	 .max = 160,
	 .fallback = "160",
	 .help = "Their size in octets: 160 is the block of 20 ms in which everything moves. A smaller one has to "
		 "divide it, makes send_delay finer and costs wakeups."},
	{.name = "buffer_policy",
	 .type = &value_choice,
	 FIELD(config_span, dahdi.policy),
	 .choice = choice_policy,
	 .count = 3,
	 .fallback = "immediate",
	 .help = "When the kernel begins to send: immediate is at once, half and full when so many of its buffers are "
		 "full. With immediate the delay is what send_delay says; the others make it longer."},
	{.name = "send_delay",
	 .type = &value_duration,
	 FIELD(config_span, dahdi.send_delay_ms),
	 .min = 5,
	 .max = 300,
	 .fallback = "40 ms",
	 .help = "How long what is sent waits in the kernel's buffers, and so how late the gateway may be before a "
		 "gap is heard, which costs a fax lines of its page. 20 ms will do with realtime = yes on a machine "
		 "that has nothing else to do; a busy or virtual one wants 100 ms or more."},
	{.name = "late",
	 .type = &value_duration,
	 FIELD(config_span, dahdi.late_ms),
	 .min = 1,
	 .max = 500,
	 .fallback = "10 ms",
	 .help = "A block that is served so long after it was due is counted as late, and logged now and then."},
	{.name = "echo_cancel",
	 .type = &value_bool,
	 FIELD(config_span, dahdi.echo_cancel),
	 .fallback = "yes",
	 .help = "Whether the echo canceller that system.conf gives a channel is on from the beginning of a call to "
		 "its first fax tone."},
	{.name = "echo_taps",
	 .type = &value_uint,
	 FIELD(config_span, dahdi.echo_taps),
	 .min = 32,
	 .max = 1024,
	 .fallback = "128",
	 .help = "The length of the echo that it cancels, 8 taps a millisecond: 32, 64, 128, 256, 512 or 1024."},
	{.name = "echo_at_fax",
	 .type = &value_choice,
	 FIELD(config_span, dahdi.echo_at_fax),
	 .choice = choice_at_fax,
	 .count = 2,
	 .fallback = "off",
	 .help = "What is done with it at the first fax tone: off, or the fax mode of its driver, and off where it "
		 "has none."},
	{.name = "rx_gain",
	 .type = &value_gain,
	 FIELD(config_span, dahdi.rx_gain_ddb),
	 .min = 12,
	 .fallback = "0 dB",
	 .help = "How much louder what is received is made. Other than 0 dB, octets do not pass unchanged; faxes want "
		 "0 dB."},
	{.name = "tx_gain",
	 .type = &value_gain,
	 FIELD(config_span, dahdi.tx_gain_ddb),
	 .min = 12,
	 .fallback = "0 dB",
	 .help = "The same for what is sent."},
};
