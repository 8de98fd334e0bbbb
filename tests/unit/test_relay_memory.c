/* SPDX-License-Identifier: GPL-2.0-only */
/* However long a page is, the relay keeps no more of it than at the beginning: spandsp's memory counts too. */
#include <malloc.h>

#include "t38/relay/relay.h"

static long held_octets, most_octets;
static unsigned calls;

/* Each call of the relay's, with what it leaves allocated. */
#define COUNTED(call)                                                                                                  \
	do {                                                                                                           \
		size_t before_octets = mallinfo2().uordblks;                                                           \
		call;                                                                                                  \
		held_octets += (long)(mallinfo2().uordblks - before_octets);                                           \
		most_octets = held_octets > most_octets ? held_octets : most_octets;                                   \
		calls++;                                                                                               \
	} while (0)

static void counted_rx(struct relay *r, const int16_t *samples, size_t n)
{
	COUNTED(relay_rx(r, samples, n));
}

static void counted_tx(struct relay *r, int16_t *samples, size_t n)
{
	COUNTED(relay_tx(r, samples, n));
}

static void counted_ifp(struct relay *r, const uint8_t *ifp, size_t len, uint16_t seq)
{
	COUNTED(relay_ifp(r, ifp, len, seq));
}

#define relay_rx  counted_rx
#define relay_tx  counted_tx
#define relay_ifp counted_ifp
#include "tests/unit/relay_wire.h"

static void test_noise(void **state)
{
	const struct page_format noise = {.rows = 1100, .kind = PAGE_NOISE};

	assert_int_equal(page_make_mixed(sent, 1, &noise, 1, 5), 0);
	for (unsigned i = 0; i < 4; i++) {
		struct wire w = {0};
		struct page_report rep;

		held_octets = most_octets = calls = 0;
		wire_init(&w, i & 1, &standard, i & 2, FAX_MODEM_ALL);
		wire_run(&w);
		assert_true(page_compare(sent, received, &rep));
		assert_true(calls > 2 * 50 * 240); /* 4 minutes */
		assert_true(relay_stats(w.relay).ifp_in + relay_stats(w.relay).ifp_out > 2000);
		assert_int_equal(most_octets, 0);
		wire_fini(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_noise),
	};

	return wire_run_group(tests);
}
