/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames over Ethernet: a cable between two interfaces (veth) in a network namespace of the test's own. It takes root;
 * without, the tests that need the cable are skipped, and say so.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "dahdi/line_tdmoe.h"
#include "dahdi/tdmoe_frame.h"
#include "tests/unit/fault.h"

#define OURS   "tdm0"
#define THEIRS "tdm1"
#define SUB    513

static const uint8_t our_mac[] = {0x02, 0, 0, 0, 0, 1}, their_mac[] = {0x02, 0, 0, 0, 0, 2};
static bool have_cable;
static int far = -1; /* a socket at the other end */

static struct tdmoe_eth_params params(void)
{
	struct tdmoe_eth_params p = {.interface = OURS, .subaddress = SUB, .gather_ms = 20};

	memcpy(p.remote_mac, their_mac, sizeof(their_mac));
	return p;
}

static bool run(const char *command)
{
	return !system(command);
}

static bool lay_cable(void)
{
	char command[300];

	snprintf(command, sizeof(command),
		 "exec 2>/dev/null; ip link add %s address 02:00:00:00:00:01 type veth peer name %s address "
		 "02:00:00:00:00:02 && "
		 "ip link set %s up && ip link set %s up",
		 OURS, THEIRS, OURS, THEIRS);
	return run(command);
}

static int set_up(void **state)
{
	if (unshare(CLONE_NEWNET))
		print_message("no network namespace may be made (%s): what needs a cable is skipped\n",
			      strerror(errno));
	else if (!(have_cable = lay_cable()))
		print_message("no veth could be made: what needs a cable is skipped\n");
	return 0;
}

static void open_far(void)
{
	struct sockaddr_ll a = {.sll_family = AF_PACKET, .sll_protocol = htons(TDMOE_ETHERTYPE)};

	if (!have_cable)
		skip();
	far = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(TDMOE_ETHERTYPE));
	assert_true(far >= 0);
	a.sll_ifindex = (int)if_nametoindex(THEIRS);
	assert_int_equal(bind(far, (struct sockaddr *)&a, sizeof(a)), 0);
}

static int close_far(void **state)
{
	if (far >= 0)
		close(far);
	far = -1;
	return 0;
}

static void far_send(const uint8_t *from, const uint8_t *to, uint16_t subaddress, const void *frame, size_t len)
{
	uint8_t buf[2000];

	memcpy(buf, to, 6);
	memcpy(buf + 6, from, 6);
	buf[12] = 0xD0;
	buf[13] = 0x0D;
	buf[14] = (uint8_t)(subaddress >> 8);
	buf[15] = (uint8_t)subaddress;
	memcpy(buf + 16, frame, len);
	assert_int_equal(send(far, buf, 16 + len, 0), 16 + len);
}

static void sends_what_dahdi_expects(void **state)
{
	const struct tdmoe_eth_params p = params();
	struct tdmoe_port *port;
	uint8_t frame[TDMOE_MAX_OCTETS], buf[2000];
	const struct tdmoe_frame f = {.samples = 8, .channels = 31, .counter = 0x1234};
	size_t len = tdmoe_frame_write_header(frame, &f) + 8 * 31;

	open_far();
	memset(frame + TDMOE_HEADER_OCTETS, 0x55, 8 * 31);
	assert_int_equal(tdmoe_eth_open(&port, &p), 0);
	assert_int_equal(port->gather_us, 20 * MS_US);
	assert_int_equal(port->ops->send(port, frame, len), 0);
	/* It waits for the others. */
	assert_int_equal(recv(far, buf, sizeof(buf), 0), -1);
	assert_int_equal(port->ops->flush(port), 0);
	assert_int_equal(recv(far, buf, sizeof(buf), 0), 16 + len);
	assert_memory_equal(buf, their_mac, 6);
	assert_memory_equal(buf + 6, our_mac, 6);
	assert_memory_equal(buf + 12, "\xD0\x0D\x02\x01\x08\x00\x12\x34\x00\x1F", 10);
	assert_memory_equal(buf + 16, frame, len);
	assert_int_equal(recv(far, buf, sizeof(buf), 0), -1);
	/* With nothing to send nothing goes out; too much at once is too much. */
	assert_int_equal(port->ops->flush(port), 0);
	assert_int_equal(port->ops->send(port, frame, 1499), EMSGSIZE);
	tdmoe_port_close(port);
}

static void batches_keep_their_order(void **state)
{
	const struct tdmoe_eth_params p = params();
	struct tdmoe_port *port;
	uint8_t octets[300] = {0}, buf[2000];
	const uint8_t *got;
	const char *why;

	open_far();
	assert_int_equal(tdmoe_eth_open(&port, &p), 0);
	for (unsigned i = 0; i < 100; i++) {
		octets[0] = (uint8_t)i;
		assert_int_equal(port->ops->send(port, octets, sizeof(octets)), 0);
		far_send(their_mac, our_mac, SUB, octets, sizeof(octets));
	}
	assert_int_equal(port->ops->flush(port), 0);
	for (unsigned i = 0; i < 100; i++) {
		ssize_t n = port->ops->recv(port, &got, &why);

		if (n == -EAGAIN) /* a batch that was not full says so once */
			n = port->ops->recv(port, &got, &why);
		assert_int_equal(n, sizeof(octets));
		assert_null(why);
		assert_int_equal(got[0], i);
		assert_int_equal(recv(far, buf, sizeof(buf), 0), 16 + sizeof(octets));
		assert_int_equal(buf[16], i);
	}
	tdmoe_port_close(port);
}

/* Those of others: from another host, to another one, to another sub-address, of another ethertype. */
static void hears_its_peer_alone(void **state)
{
	const struct tdmoe_eth_params p = params();
	static const uint8_t other_mac[] = {0x02, 0, 0, 0, 0, 3}, all[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	struct tdmoe_port *port;
	const uint8_t *got;
	const char *why;
	uint8_t arp[60] = {0};

	open_far();
	assert_int_equal(tdmoe_eth_open(&port, &p), 0);
	far_send(other_mac, our_mac, SUB, "1", 1);
	far_send(their_mac, other_mac, SUB, "2", 1);
	far_send(their_mac, all, SUB, "3", 1);
	far_send(their_mac, our_mac, SUB + 1, "4", 1);
	memcpy(arp, our_mac, 6);
	memcpy(arp + 6, their_mac, 6);
	arp[12] = 0x08;
	arp[13] = 0x06;
	assert_int_equal(send(far, arp, sizeof(arp), 0), sizeof(arp));
	far_send(their_mac, our_mac, SUB, "right", 5);
	assert_int_equal(port->ops->recv(port, &got, &why), 5);
	assert_memory_equal(got, "right", 5);
	assert_int_equal(port->ops->recv(port, &got, &why), -EAGAIN);
	assert_int_equal(port->ops->recv(port, &got, &why), -EAGAIN);
	tdmoe_port_close(port);
}

static void short_and_long_frames(void **state)
{
	const struct tdmoe_eth_params p = params();
	struct tdmoe_port *port;
	const uint8_t *got;
	const char *why;
	uint8_t frame[1498] = {8, 0, 0, 1, 0, 31};
	struct tdmoe_frame f;
	char from[TDMOE_FROM_OCTETS];

	open_far();
	assert_int_equal(tdmoe_eth_open(&port, &p), 0);
	far_send(their_mac, our_mac, SUB, frame, 0);
	assert_int_equal(port->ops->recv(port, &got, &why), 0);
	assert_non_null(tdmoe_frame_read(got, 0, &f));
	assert_int_equal(port->ops->recv(port, &got, &why), -EAGAIN);
	far_send(their_mac, our_mac, SUB, frame, sizeof(frame));
	assert_int_equal(port->ops->recv(port, &got, &why), sizeof(frame));
	assert_string_equal(tdmoe_frame_read(got, sizeof(frame), &f), "longer than its header says");
	assert_string_equal(port->ops->from(port, from), "02:00:00:00:00:02 sub-address 513 on tdm0");
	tdmoe_port_close(port);
}

/* The interface goes and one of the same name comes. */
static void survives_its_interface(void **state)
{
	const struct tdmoe_eth_params p = params();
	struct tdmoe_port *port;
	const uint8_t *got;
	const char *why;
	int err;

	open_far();
	assert_int_equal(tdmoe_eth_open(&port, &p), 0);
	assert_true(run("ip link del " OURS));
	close_far(NULL);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(port->ops->send(port, (const uint8_t *)"x", 1), 0);
		err = port->ops->flush(port);
		assert_int_not_equal(err, 0);
		port->ops->recv(port, &got, &why);
	}
	assert_int_equal(err, ENODEV);
	assert_true(lay_cable());
	open_far();
	assert_int_equal(port->ops->send(port, (const uint8_t *)"x", 1), 0);
	assert_int_equal(port->ops->flush(port), 0);
	far_send(their_mac, our_mac, SUB, "back", 4);
	assert_int_equal(port->ops->recv(port, &got, &why), 4);
	tdmoe_port_close(port);
}

static void count_event(enum line_event e, unsigned count, void *arg)
{
	((unsigned *)arg)[e] += count;
}

static void begin_or_end(void *arg)
{
}

static void begin(unsigned samples, void *arg)
{
	((unsigned *)arg)[LINE_EVENT_COUNT] += samples;
}

static void timeslot(unsigned ts, const uint8_t *rx, uint8_t *tx, size_t octets, void *arg)
{
	memcpy(tx, rx, octets);
}

static void dframe(const uint8_t *frame, size_t octets, void *arg)
{
}

/* A whole line: watched, so that each frame is answered at once. */
static void a_line_answers(void **state)
{
	unsigned seen[LINE_EVENT_COUNT + 1] = {0};
	const struct line_handlers h = {begin, timeslot, begin_or_end, dframe, count_event, seen};
	struct line_tdmoe_params p = {.timeslots = 31, .dchannel = 16, .prefix = "span 1", .eth = params()};
	uint8_t frame[TDMOE_MAX_OCTETS], buf[2000];
	struct loop *loop;
	struct line *l;

	open_far();
	p.eth.gather_ms = 0;
	assert_int_equal(loop_alloc(&loop, &clock_monotonic), 0);
	assert_int_equal(line_tdmoe_alloc(&l, &p, NULL), 0);
	assert_int_equal(line_start(l, loop, &h), 0);
	for (unsigned i = 0; i < 40; i++) {
		const struct tdmoe_frame f = {.samples = 8, .channels = 31, .counter = (uint16_t)i};

		memset(frame + tdmoe_frame_write_header(frame, &f), LINE_IDLE, 8 * 31);
		far_send(their_mac, our_mac, SUB, frame, TDMOE_HEADER_OCTETS + 8 * 31);
		assert_true(loop_step(loop, SEC_US) >= 0);
		assert_int_equal(recv(far, buf, sizeof(buf), 0), 16 + TDMOE_HEADER_OCTETS + 8 * 31);
		assert_int_equal(buf[16 + 3], i);
	}
	assert_int_equal(seen[LINE_EVENT_COUNT], 2 * LINE_BLOCK);
	line_free(l);
	loop_free(loop);
}

static void says_what_is_wrong(void **state)
{
	struct tdmoe_eth_params p = params();
	struct tdmoe_port *port = NULL;

	p.interface = "";
	assert_int_equal(tdmoe_eth_open(&port, &p), EINVAL);
	p.interface = NULL;
	assert_int_equal(tdmoe_eth_open(&port, &p), EINVAL);
	p.interface = "a-name-that-is-too-long";
	assert_int_equal(tdmoe_eth_open(&port, &p), EINVAL);
	p = params();
	p.remote_mac[0] = 0x01; /* many hosts */
	assert_int_equal(tdmoe_eth_open(&port, &p), EINVAL);
	memset(p.remote_mac, 0, sizeof(p.remote_mac));
	assert_int_equal(tdmoe_eth_open(&port, &p), EINVAL);
	p = params();
	p.interface = "nosuch0";
	assert_int_equal(tdmoe_eth_open(&port, &p), geteuid() ? EPERM : ENODEV);
	assert_null(port);
}

static int open_and_close(void *arg)
{
	const struct tdmoe_eth_params p = params();
	struct tdmoe_port *port;
	int err = tdmoe_eth_open(&port, &p);

	if (!err)
		tdmoe_port_close(port);
	return err;
}

static void survives_failing_allocation(void **state)
{
	if (!have_cable)
		skip();
	assert_int_equal(fault_run(open_and_close, NULL, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(sends_what_dahdi_expects, close_far),
		cmocka_unit_test_teardown(batches_keep_their_order, close_far),
		cmocka_unit_test_teardown(hears_its_peer_alone, close_far),
		cmocka_unit_test_teardown(short_and_long_frames, close_far),
		cmocka_unit_test_teardown(a_line_answers, close_far),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(survives_failing_allocation),
		cmocka_unit_test_teardown(survives_its_interface, close_far),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
