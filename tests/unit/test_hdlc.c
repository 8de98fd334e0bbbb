/* SPDX-License-Identifier: GPL-2.0-only */
/* The D channel's HDLC against spandsp's, bit by bit, and against itself under damage. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "t38/spandsp_version.h"

#include "dahdi/hdlc.h"

#define FRAMES	  200
#define LINE_ROOM 200000

struct heard {
	unsigned n, errors[3], status[8];
	struct {
		size_t len;
		uint8_t octets[HDLC_FRAME_OCTETS];
	} frame[FRAMES];
};

static struct heard sent, heard;
static uint8_t line[LINE_ROOM];
static struct dhdlc_rx rx;
static struct dhdlc_tx tx;

static void on_frame(const uint8_t *frame, size_t octets, void *arg)
{
	struct heard *h = arg;

	assert_true(h->n < FRAMES && octets <= HDLC_FRAME_OCTETS);
	h->frame[h->n].len = octets;
	memcpy(h->frame[h->n++].octets, frame, octets);
}

static void on_error(enum hdlc_error e, void *arg)
{
	((struct heard *)arg)->errors[e]++;
}

static void on_spandsp(void *arg, const uint8_t *frame, int len, int ok)
{
	struct heard *h = arg;

	if (len < 0)
		return;
	assert_true(ok);
	on_frame(frame, (size_t)len, h);
}

static int setup(void **state)
{
	memset(&sent, 0, sizeof(sent));
	memset(&heard, 0, sizeof(heard));
	dhdlc_rx_init(&rx, on_frame, on_error, &heard);
	dhdlc_tx_init(&tx);
	srand(1);
	return 0;
}

static void make_frame(size_t len)
{
	uint8_t frame[HDLC_FRAME_OCTETS];

	/* Much that needs zeros put in. */
	for (size_t i = 0; i < len; i++)
		frame[i] = rand() % 3 ? (uint8_t)rand() : rand() % 2 ? 0xFF : 0x7E;
	frame[0] = len % 2 ? 0xFF : 0; /* what an idle line, or the frame before, might be confused by */
	on_frame(frame, len, &sent);
}

static void make_frames(void)
{
	for (unsigned i = 0; i < FRAMES; i++)
		make_frame(i == 0 ? HDLC_FRAME_OCTETS : (size_t)(HDLC_FRAME_MIN_OCTETS + rand() % 60));
}

static void assert_all_heard(void)
{
	assert_int_equal(heard.n, sent.n);
	for (unsigned i = 0; i < sent.n; i++) {
		assert_int_equal(heard.frame[i].len, sent.frame[i].len);
		assert_memory_equal(heard.frame[i].octets, sent.frame[i].octets, sent.frame[i].len);
	}
}

/* Sends all of SENT, in pieces of the line of differing length, with idle between or not. Returns the line's octets. */
static size_t send_all(void)
{
	size_t len = 0;
	unsigned i = 0;

	while (i < sent.n || dhdlc_tx_waiting(&tx)) {
		size_t n = (size_t)(1 + rand() % 200);
		unsigned burst = (unsigned)rand() % 8;

		for (; burst && i < sent.n; burst--) {
			int err = dhdlc_tx_frame(&tx, sent.frame[i].octets, sent.frame[i].len);

			if (err)
				break;
			i++;
		}
		assert_true(len + n + 4 < LINE_ROOM);
		dhdlc_tx_octets(&tx, line + len, n);
		len += n;
	}
	dhdlc_tx_octets(&tx, line + len, 4);
	return len + 4;
}

static void spandsp_hears_us(void **state)
{
	hdlc_rx_state_t *s = hdlc_rx_init(NULL, FALSE, TRUE, 1, on_spandsp, &heard);
	hdlc_rx_stats_t stats;
	size_t len;

	make_frames();
	len = send_all();
	for (size_t i = 0; i < len; i++) {
		for (int bit = 7; bit >= 0; bit--)
			hdlc_rx_put_bit(s, line[i] >> bit & 1);
	}
	hdlc_rx_get_stats(s, &stats);
	assert_all_heard();
	assert_int_equal(stats.crc_errors, 0);
	assert_int_equal(stats.length_errors, 0);
	assert_int_equal(stats.aborts, 0);
	hdlc_rx_free(s);
}

static void on_underflow(void *arg)
{
	*(bool *)arg = true;
}

/* SHIFT bits of nothing come first: frames need not begin on an octet of the timeslot. */
static void hear_spandsp(unsigned shift)
{
	bool idle = false;
	hdlc_tx_state_t *s = hdlc_tx_init(NULL, FALSE, 1, FALSE, on_underflow, &idle);
	unsigned next = 0, tail = 64, nbits = shift;
	uint8_t octet = 0;

	hdlc_tx_flags(s, 3);
	while (next < sent.n || !idle || tail--) {
		if (idle && next < sent.n) {
			idle = false;
			hdlc_tx_frame(s, sent.frame[next].octets, sent.frame[next].len);
			next++;
		}
		octet = (uint8_t)(octet << 1 | hdlc_tx_get_bit(s));
		if (++nbits == 8) {
			dhdlc_rx_octets(&rx, &octet, 1);
			nbits = 0;
		}
	}
	hdlc_tx_free(s);
}

static void we_hear_spandsp(void **state)
{
	make_frames();
	for (unsigned shift = 0; shift < 8; shift++) {
		heard.n = 0;
		dhdlc_rx_reset(&rx);
		hear_spandsp(shift);
		assert_all_heard();
	}
	for (unsigned e = 0; e < 3; e++)
		assert_int_equal(heard.errors[e], 0);
}

static void we_hear_us(void **state)
{
	size_t len, i = 0;

	make_frames();
	len = send_all();
	while (i < len) {
		size_t n = (size_t)(1 + rand() % 300);

		if (n > len - i)
			n = len - i;
		dhdlc_rx_octets(&rx, line + i, n);
		i += n;
	}
	assert_all_heard();
}

/* SABME (Q.921 table 5) with SAPI 0, TEI 0, P=1, written out by hand: bits as they go on the line. */
static void sends_the_bits_of_q921(void **state)
{
	static const uint8_t sabme[] = {0x00, 0x01, 0x7F};
	static const char expected[] = "01111110"
				       "00000000"
				       "10000000"
				       "111110110"	  /* a zero is put in after five ones */
				       "0010011000101010" /* FCS 5464, low octet first */
				       "01111110"
				       "0111111";
	char got[80] = "";

	for (unsigned pos = 0; pos < 64; pos++) {
		if (pos % 8 == 0)
			dhdlc_tx_octets(&tx, line, 1);
		if (!pos)
			assert_int_equal(dhdlc_tx_frame(&tx, sabme, sizeof(sabme)), 0);
		got[pos] = (char)('0' + (line[0] >> (7 - pos % 8) & 1));
	}
	assert_string_equal(got, expected);
}

static void fcs_is_q921s(void **state)
{
	/* The check value of CRC-16/X-25 in the common catalogues. */
	assert_int_equal(dhdlc_fcs((const uint8_t *)"123456789", 9), 0x906E);
	assert_int_equal(dhdlc_fcs((const uint8_t *)"", 0), 0);
}

static void idles_with_flags(void **state)
{
	dhdlc_tx_octets(&tx, line, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(line[i], 0x7E);
	make_frame(20);
	dhdlc_tx_frame(&tx, sent.frame[0].octets, 20);
	dhdlc_tx_octets(&tx, line, 200);
	assert_int_equal(dhdlc_tx_waiting(&tx), 0);
	/* Wherever the frame has left the octets' border, the same octet again and again, and none but flags. */
	for (unsigned i = 41; i < 200; i++)
		assert_int_equal(line[i], line[40]);
	assert_int_equal(__builtin_popcount(line[40]), 6);
	dhdlc_rx_octets(&rx, (const uint8_t *)"\x7E", 1);
	dhdlc_rx_octets(&rx, line, 200);
	assert_all_heard();
}

static void queue_is_bounded(void **state)
{
	uint8_t frame[HDLC_FRAME_OCTETS + 1] = {0};

	assert_int_equal(dhdlc_tx_frame(&tx, frame, HDLC_FRAME_OCTETS + 1), EMSGSIZE);
	assert_int_equal(dhdlc_tx_frame(&tx, frame, HDLC_FRAME_MIN_OCTETS - 1), EMSGSIZE);
	assert_int_equal(dhdlc_tx_frame(&tx, frame, 0), EMSGSIZE);
	for (unsigned i = 0; i < HDLC_TX_QUEUE; i++)
		assert_int_equal(dhdlc_tx_frame(&tx, frame, 3), 0);
	assert_int_equal(dhdlc_tx_frame(&tx, frame, 3), ENOBUFS);
	/* The frame being sent keeps its place until it is out. */
	dhdlc_tx_octets(&tx, line, 4);
	assert_int_equal(dhdlc_tx_frame(&tx, frame, 3), ENOBUFS);
	dhdlc_tx_octets(&tx, line, 6);
	assert_int_equal(dhdlc_tx_frame(&tx, frame, 3), 0);
	dhdlc_tx_init(&tx);
	assert_int_equal(dhdlc_tx_waiting(&tx), 0);
}

/* Feeds "0" and "1" as bits, filled up to an octet with flags' zeros at the end of TEXT. */
static void feed_bits(const char *text)
{
	unsigned n = 0;
	uint8_t octet = 0;

	for (; *text; text++) {
		if (*text != '0' && *text != '1')
			continue;
		octet = (uint8_t)(octet << 1 | (*text == '1'));
		if (++n % 8 == 0)
			dhdlc_rx_octets(&rx, &octet, 1);
	}
	assert_int_equal(n % 8, 0);
}

static void knows_what_is_wrong(void **state)
{
	feed_bits("01111110 00000000 10000000 11111111"); /* cut off */
	assert_int_equal(heard.errors[HDLC_ABORT], 1);
	feed_bits("11111111 11111111 01111110 11111111 11111111"); /* going idle is no abort */
	assert_int_equal(heard.errors[HDLC_ABORT], 1);
	feed_bits("01111110 00000000 00000000 00000000 00000000 00000000 01111110");
	assert_int_equal(heard.errors[HDLC_BAD_FCS], 1);
	feed_bits("00000000 00000000 00000000 00000000 01111110"); /* four octets with FCS */
	assert_int_equal(heard.errors[HDLC_BAD_LENGTH], 1);
	feed_bits("00000000 00000000 00000000 00000000 00000000 0000 01111110 0111"); /* half an octet too many */
	assert_int_equal(heard.errors[HDLC_BAD_LENGTH], 2);
	assert_int_equal(heard.n, 0);
}

static void shared_zeros_are_flags(void **state)
{
	/* Q.921 2.2 lets a receiver meet them: the zero of one flag is the zero of the next. */
	feed_bits("01111110 1111110 1111110 1111110 1111110 1111110 1111110 1111110 1111110");
	for (unsigned e = 0; e < 3; e++)
		assert_int_equal(heard.errors[e], 0);
}

static void drops_the_endless_frame_once(void **state)
{
	memset(line, 0, 4000);
	line[0] = 0x7E;
	dhdlc_rx_octets(&rx, line, 4000);
	assert_int_equal(heard.errors[HDLC_BAD_LENGTH], 1);
	make_frame(30);
	dhdlc_rx_octets(&rx, line, send_all());
	assert_all_heard();
	assert_int_equal(heard.errors[HDLC_BAD_LENGTH], 1);
}

static void reset_waits_for_a_flag(void **state)
{
	make_frame(40);
	dhdlc_tx_frame(&tx, sent.frame[0].octets, 40);
	dhdlc_tx_octets(&tx, line, 60);
	dhdlc_rx_octets(&rx, line, 20);
	dhdlc_rx_reset(&rx);
	dhdlc_rx_octets(&rx, line + 20, 60 - 20);
	assert_int_equal(heard.n, 0);
	dhdlc_rx_reset(&rx);
	dhdlc_rx_octets(&rx, line, 60);
	assert_all_heard();
	for (unsigned e = 0; e < 3; e++)
		assert_int_equal(heard.errors[e], 0);
}

/* The short cut for repeated octets must change nothing: octet by octet into a receiver whose short cut is off. */
static void short_cut_changes_nothing(void **state)
{
	static struct heard slow_heard;
	static struct dhdlc_rx slow;

	memset(&slow_heard, 0, sizeof(slow_heard));
	dhdlc_rx_init(&slow, on_frame, on_error, &slow_heard);
	make_frames();
	for (unsigned run = 0; run < 40; run++) {
		size_t len;

		heard.n = slow_heard.n = 0;
		len = send_all();
		for (unsigned k = 0; k < run; k++)
			memset(line + rand() % (int)(len - 50), rand(), (size_t)(1 + rand() % 50));
		dhdlc_rx_octets(&rx, line, len);
		for (size_t i = 0; i < len; i++) {
			slow.steady = false;
			dhdlc_rx_octets(&slow, line + i, 1);
		}
		assert_int_equal(heard.n, slow_heard.n);
		assert_memory_equal(heard.errors, slow_heard.errors, sizeof(heard.errors));
		assert_int_equal(rx.ones, slow.ones);
		assert_int_equal(rx.bits, slow.bits);
		assert_int_equal(rx.len, slow.len);
		assert_int_equal(rx.in_frame, slow.in_frame);
	}
}

/* Whatever single bit is turned: no frame that was not sent is heard, and at most two are lost. */
static void every_turned_bit_is_found(void **state)
{
	size_t len;

	make_frame(25);
	make_frame(12);
	make_frame(31);
	len = send_all();
	for (size_t bit = 0; bit < len * 8; bit++) {
		line[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		setup(NULL);
		dhdlc_rx_octets(&rx, line, len);
		line[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		assert_in_range(heard.n, 1, 3);
		make_frame(25);
		make_frame(12);
		make_frame(31);
		for (unsigned i = 0, k = 0; i < heard.n; i++, k++) {
			while (k < 3 && (heard.frame[i].len != sent.frame[k].len ||
					 memcmp(heard.frame[i].octets, sent.frame[k].octets, sent.frame[k].len)))
				k++;
			assert_true(k < 3);
		}
	}
}

static void names_its_errors(void **state)
{
	assert_string_equal(hdlc_error_name(HDLC_ABORT), "abort");
	assert_string_equal(hdlc_error_name(HDLC_BAD_FCS), "bad FCS");
	assert_string_equal(hdlc_error_name(HDLC_BAD_LENGTH), "bad length");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(spandsp_hears_us, setup),
		cmocka_unit_test_setup(we_hear_spandsp, setup),
		cmocka_unit_test_setup(we_hear_us, setup),
		cmocka_unit_test_setup(sends_the_bits_of_q921, setup),
		cmocka_unit_test(fcs_is_q921s),
		cmocka_unit_test_setup(idles_with_flags, setup),
		cmocka_unit_test_setup(queue_is_bounded, setup),
		cmocka_unit_test_setup(knows_what_is_wrong, setup),
		cmocka_unit_test_setup(shared_zeros_are_flags, setup),
		cmocka_unit_test_setup(drops_the_endless_frame_once, setup),
		cmocka_unit_test_setup(reset_waits_for_a_flag, setup),
		cmocka_unit_test_setup(short_cut_changes_nothing, setup),
		cmocka_unit_test_setup(every_turned_bit_is_found, setup),
		cmocka_unit_test(names_its_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
