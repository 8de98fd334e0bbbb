/* SPDX-License-Identifier: GPL-2.0-only */
/* RTCP beside a bearer's audio, and RTP beside its T.38. */
#include "bearer_rig.h"

static const struct media_policy with = {.nat = MEDIA_NAT_NO, .rtcp = true}, without = {.nat = MEDIA_NAT_NO};

struct got {
	unsigned count, byes, srs;
	struct rtcp_packet last;
};

/* The reports that wait at U; all are in order, and from the port beside RTP's. */
static struct got reports(struct rig *r, struct udp *u)
{
	struct addr from, expected = *media_socket_local(&r->bearer.rtp, ADDR_IPV4);
	struct got g = {.count = 0};
	uint8_t buf[RTCP_MAX_OCTETS];
	ssize_t n;

	addr_set_port(&expected, (uint16_t)(addr_port(&expected) + 1));
	while ((n = udp_recv(u, buf, sizeof(buf), &from)) >= 0) {
		assert_null(rtcp_read(buf, (size_t)n, r->tx.ssrc, &g.last));
		assert_true(addr_equal(&from, &expected));
		g.count++;
		g.byes += g.last.bye;
		g.srs += g.last.sr;
	}
	return g;
}

/* So long, with RTP from the peer. */
static void talk(struct rig *r, unsigned ms)
{
	for (; ms >= 20; ms -= 20) {
		rig_rtp(r, r->rtp, 0x2A);
		rig_step(r);
	}
}

static void report_in(struct rig *r, struct udp *u, const struct rtcp_packet *k)
{
	uint8_t buf[RTCP_MAX_OCTETS];
	size_t n = rtcp_write(k, buf, sizeof(buf));

	assert_true(n > 0);
	assert_int_equal(udp_send(u, media_socket_local(&r->bearer.rtcp, ADDR_IPV4), buf, n), 0);
}

static void test_reports(void **state)
{
	struct udp *peer;
	struct got g;
	struct rig r;

	rig_up_media(&r, true, &with);
	peer = rig_socket(&r, "192.0.2.9:7001");
	talk(&r, 60000);
	g = reports(&r, peer);
	assert_in_range(g.count, 10, 30); /* every 2 to 6.2 s */
	assert_int_equal(g.srs, g.count);
	assert_int_equal(g.last.ssrc, r.bearer.rtp_tx.ssrc);
	assert_in_range(g.last.packets, 2600, 3000);
	assert_int_equal(g.last.octets, g.last.packets * LINE_BLOCK);
	assert_true(g.last.has_block);
	assert_int_equal(g.last.block.lost, 0);
	assert_int_equal(g.last.block.fraction_256, 0);
	rig_close(&r);
}

static void test_bye(void **state)
{
	uint8_t buf[RTCP_MAX_OCTETS];
	struct rtcp_packet k;
	struct udp *peer;
	struct rig r;
	ssize_t n;

	rig_up_media(&r, true, &with);
	peer = rig_socket(&r, "192.0.2.9:7001");
	talk(&r, 1000);
	reports(&r, peer);
	bearer_close(&r.bearer);
	net_sim_run(r.net, r.timers.now_us + 20 * MS_US);
	n = udp_recv(peer, buf, sizeof(buf), NULL);
	assert_true(n > 0);
	assert_null(rtcp_read(buf, (size_t)n, r.tx.ssrc, &k));
	assert_true(k.bye);
	assert_true(udp_recv(peer, buf, sizeof(buf), NULL) < 0);
	rig_close(&r);
}

/* Other gateways died of RTCP during T.38. */
static void test_none_during_t38(void **state)
{
	struct udp *peer;
	struct rig r;

	rig_up_media(&r, true, &with);
	peer = rig_socket(&r, "192.0.2.9:7001");
	talk(&r, 10000);
	assert_true(reports(&r, peer).count > 0);
	rig_image(&r);
	rig_run(&r, 30000);
	assert_int_equal(reports(&r, peer).count, 0);
	/* back in audio they come again, after a while */
	rig_audio(&r);
	talk(&r, 400);
	assert_int_equal(reports(&r, peer).count, 0);
	talk(&r, 10000);
	assert_in_range(reports(&r, peer).count, 1, 6);
	/* and no BYE when the call ends in T.38 */
	rig_image(&r);
	bearer_close(&r.bearer);
	net_sim_run(r.net, r.timers.now_us + 20 * MS_US);
	assert_true(udp_recv(peer, (uint8_t[4]){0}, 4, NULL) < 0);
	rig_close(&r);
}

/* What the peer sent while nobody listened is none of its losses. */
static void test_no_loss_in_t38(void **state)
{
	struct bearer_report report;
	struct rig r;

	rig_up_media(&r, true, &with);
	talk(&r, 2000);
	rig_image(&r);
	for (unsigned i = 0; i < 6000; i++) { /* it goes on with RTP, also into a full socket */
		rig_rtp(&r, r.rtp, 0x2A);
		timers_run(&r.timers, r.timers.now_us + 20 * MS_US);
	}
	net_sim_run(r.net, r.timers.now_us);
	rig_audio(&r);
	talk(&r, 2000);
	bearer_report(&r.bearer, &report);
	assert_int_equal(report.rtp_missing, 0);
	assert_in_range(report.rtp_expected, 199, 201);
	rig_close(&r);
}

static void test_without(void **state)
{
	struct udp *peer;
	struct rig r;

	rig_up_media(&r, true, &without);
	peer = rig_socket(&r, "192.0.2.9:7001");
	talk(&r, 20000);
	assert_int_equal(reports(&r, peer).count, 0);
	assert_null(media_socket_local(&r.bearer.rtcp, ADDR_IPV4));
	/* the call goes to a peer that has it, and to one that has not */
	bearer_set_policy(&r.bearer, &with);
	assert_non_null(media_socket_local(&r.bearer.rtcp, ADDR_IPV4));
	bearer_set_policy(&r.bearer, &without);
	assert_null(media_socket_local(&r.bearer.rtcp, ADDR_IPV4));
	bearer_close(&r.bearer);
	bearer_set_policy(&r.bearer, &with); /* too late */
	assert_null(media_socket_local(&r.bearer.rtcp, ADDR_IPV4));
	rig_close(&r);
}

/* Somebody else has the port: the call goes on without. */
static void test_port_is_taken(void **state)
{
	struct rig r = {.media = without};
	struct udp *other;

	assert_int_equal(rig_open(&r, true), 0);
	other = rig_socket(&r, "192.0.2.1:4001");
	bearer_set_policy(&r.bearer, &with);
	assert_null(media_socket_local(&r.bearer.rtcp, ADDR_IPV4));
	assert_int_equal(r.lines, 1);
	rig_sockets(&r);
	rig_audio(&r);
	talk(&r, 10000);
	assert_true(udp_recv(other, (uint8_t[4]){0}, 4, NULL) < 0);
	rig_close(&r);
}

/* RFC 3605: the peer takes RTCP elsewhere. */
static void test_where_the_peer_says(void **state)
{
	struct media_desc m;
	struct udp *peer;
	struct rig r;

	rig_up_media(&r, true, &with);
	peer = rig_socket(&r, "192.0.2.10:53020");
	m = r.bearer.agreed;
	m.audio.rtcp = rig_addr("192.0.2.10:53020");
	bearer_agreed(&r.bearer, &m);
	talk(&r, 10000);
	assert_true(reports(&r, peer).count > 0);
	rig_close(&r);
}

static void test_what_the_peer_says(void **state)
{
	struct bearer_report report;
	struct rtcp_packet k = {.has_block = true};
	struct udp *peer;
	struct got g;
	struct rig r;

	rig_up_media(&r, true, &with);
	peer = rig_socket(&r, "192.0.2.9:7001");
	talk(&r, 10000);
	g = reports(&r, peer);
	bearer_report(&r.bearer, &report);
	assert_false(report.rtcp_heard || report.rtt_known);
	k.ssrc = r.tx.ssrc;
	k.block = (struct rtcp_block){.ssrc = r.bearer.rtp_tx.ssrc, .lost = 5, .jitter = 80};
	k.block.lsr = (uint32_t)(g.last.ntp >> 16);
	k.block.dlsr = 0;
	report_in(&r, peer, &k);
	/* strangers, and those who do not know the stream */
	k.block.lost = 99;
	report_in(&r, r.elsewhere, &k);
	k.ssrc++;
	report_in(&r, peer, &k);
	udp_send(peer, media_socket_local(&r.bearer.rtcp, ADDR_IPV4), "noise", 5);
	rig_step(&r);
	bearer_report(&r.bearer, &report);
	assert_true(report.rtcp_heard && report.rtt_known);
	assert_int_equal(report.peer_lost, 5);
	assert_int_equal(report.peer_jitter_ms, 10);
	assert_int_equal(report.rtcp_rx, 1);
	assert_int_equal(report.rtcp_bad, 2);
	assert_int_equal(report.foreign, 1);
	assert_true(report.rtt_ms < 6200);
	rig_close(&r);
}

/* ---- RTP beside T.38 ---- */

static void test_rtp_in_t38(void **state)
{
	static const struct media_policy keep = {.rtp_in_t38 = MEDIA_RTP_GOES_ON},
					 stop = {.rtp_in_t38 = MEDIA_RTP_STOPS};
	const bool goes_on = *state != NULL;
	uint32_t before = 0, after = 0;
	struct rig r;

	rig_up_media(&r, true, goes_on ? &keep : &stop);
	rig_run(&r, 100);
	assert_int_equal(rig_received(r.rtp, &before), 5);
	rig_image(&r);
	rig_run(&r, 10000);
	assert_int_equal(rig_received(r.rtp, &after), goes_on ? 500 : 0);
	if (goes_on)
		assert_int_equal(after - before, 500 * LINE_BLOCK);
	rig_close(&r);
}

/* T.38 from the first: there is no audio to keep. */
static void test_t38_at_once(void **state)
{
	struct rig r = {.media = {.rtp_in_t38 = MEDIA_RTP_GOES_ON, .rtcp = true}};

	assert_int_equal(rig_open(&r, true), 0);
	rig_sockets(&r);
	rig_image(&r);
	rig_run(&r, 10000);
	assert_int_equal(rig_received(r.rtp, NULL), 0);
	assert_int_equal(r.bearer.rtp.sent + r.bearer.rtcp.sent, 0);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_bye),
		cmocka_unit_test(test_none_during_t38),
		cmocka_unit_test(test_no_loss_in_t38),
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_port_is_taken),
		cmocka_unit_test(test_where_the_peer_says),
		cmocka_unit_test(test_what_the_peer_says),
		{"RTP stops in T.38", test_rtp_in_t38, NULL, NULL, NULL},
		{"RTP goes on in T.38", test_rtp_in_t38, NULL, NULL, (void *)1},
		cmocka_unit_test(test_t38_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
