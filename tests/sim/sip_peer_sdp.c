/* SPDX-License-Identifier: GPL-2.0-only */
/* Session descriptions of the peer, as text (RFC 4566, T.38 annex D). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sip_peer_priv.h"

#define SDP_ROOM (PEER_TEXT_OCTETS / 2)

static void put(char *sdp, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void put(char *sdp, const char *fmt, ...)
{
	size_t at = strlen(sdp);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sdp + at, SDP_ROOM - at, fmt, ap);
	va_end(ap);
}

/* Reading */

static void read_connection(const char *line, struct addr *ap)
{
	char host[64];

	if (sscanf(line, "c=IN IP%*[46] %63[^/\r\n ]", host) == 1)
		addr_parse(ap, host, 0);
}

static void read_media(const char *line, const struct addr *session, struct peer_line *l)
{
	unsigned port = 0;

	memset(l, 0, sizeof(*l));
	sscanf(line, "m=%15s %u %23s %63[^\r\n]", l->media, &port, l->proto, l->formats);
	l->used = port != 0;
	l->addr = *session;
	addr_set_port(&l->addr, (uint16_t)port);
	l->alaw_pt = 8;
	l->t38.max_bit_rate = 14400;
	l->t38.error_correction = T38_EC_REDUNDANCY;
	l->image = l->used && !strcmp(l->media, "image") && !strcasecmp(l->proto, "udptl") &&
		   !strcasecmp(l->formats, "t38");
	if (!l->used || strcmp(l->media, "audio") || strcmp(l->proto, "RTP/AVP"))
		return;
	for (const char *f = l->formats; *f; f += strcspn(f, " "), f += strspn(f, " ")) {
		int pt = atoi(f);

		if (pt != 0 && pt != 8)
			continue;
		l->audio = true;
		l->codec = pt == 8 ? CODEC_PCMA : CODEC_PCMU;
		return;
	}
}

static void read_audio(const char *line, struct peer_line *l)
{
	char name[32], value[40];
	unsigned pt;

	if (sscanf(line, "a=rtpmap:%u %31[^/\r\n]", &pt, name) == 2 && !strcasecmp(name, "PCMA") && pt != 8) {
		l->alaw_pt = pt;
		if (!l->audio)
			l->codec = CODEC_PCMA;
		l->audio = true;
	} else if (sscanf(line, "a=rtpmap:%u %31[^/\r\n]", &pt, name) == 2 && !strcasecmp(name, "telephone-event")) {
		l->event_pt = pt;
	} else if (sscanf(line, "a=gpmd:%u %39[^\r\n]", &pt, value) == 2 && !strcmp(value, "vbd=yes")) {
		l->vbd = true;
		l->vbd_pt = pt;
	}
}

static void read_t38(const char *line, struct media_t38 *t)
{
	char value[40] = "";

	if (sscanf(line, "a=T38FaxVersion:%u", &t->version) == 1 ||
	    sscanf(line, "a=T38MaxBitRate:%u", &t->max_bit_rate) == 1 ||
	    sscanf(line, "a=T38FaxMaxBuffer:%u", &t->max_buffer_octets) == 1 ||
	    sscanf(line, "a=T38FaxMaxDatagram:%u", &t->max_datagram_octets) == 1)
		return;
	if (sscanf(line, "a=T38FaxUdpEC:%39[^\r\n ]", value) == 1) {
		t->error_correction = !strcasecmp(value, "t38UDPFEC")	       ? T38_EC_FEC
				      : !strcasecmp(value, "t38UDPRedundancy") ? T38_EC_REDUNDANCY
									       : T38_EC_NONE;
	} else if (sscanf(line, "a=T38FaxRateManagement:%39[^\r\n ]", value) == 1) {
		t->rate_management = !strcasecmp(value, "localTCF") ? T38_LOCAL_TCF : T38_TRANSFERRED_TCF;
	} else if (!strncmp(line, "a=T38FaxFillBitRemoval", 22)) {
		t->fill_bit_removal = line[22] != ':' || line[23] != '0';
	}
}

void speer_sdp_read(const char *text, struct peer_sdp *sp)
{
	struct addr session = {0};
	struct peer_line *l = NULL;

	memset(sp, 0, sizeof(*sp));
	addr_parse(&session, "0.0.0.0", 0);
	for (const char *s = text; *s; s += strcspn(s, "\n"), s += *s == '\n') {
		if (!strncmp(s, "m=", 2)) {
			if (sp->nlines == PEER_LINES)
				break;
			l = &sp->lines[sp->nlines++];
			read_media(s, &session, l);
		} else if (!strncmp(s, "c=", 2) && l) {
			uint16_t port = addr_port(&l->addr);

			read_connection(s, &l->addr);
			addr_set_port(&l->addr, port);
		} else if (!strncmp(s, "c=", 2)) {
			read_connection(s, &session);
		} else if (l && !strncmp(s, "a=T38", 5)) {
			read_t38(s, &l->t38);
		} else if (l && l->used && !strcmp(l->media, "audio")) {
			read_audio(s, l);
		}
	}
	for (unsigned i = 0; i < sp->nlines; i++)
		sp->lines[i].t38.addr = sp->lines[i].addr;
}

static const struct peer_line *find_audio(const struct peer_sdp *s)
{
	for (unsigned i = 0; i < s->nlines; i++) {
		if (s->lines[i].audio)
			return &s->lines[i];
	}
	return NULL;
}

static const struct peer_line *find_image(const struct peer_sdp *s)
{
	for (unsigned i = 0; i < s->nlines; i++) {
		if (s->lines[i].image)
			return &s->lines[i];
	}
	return NULL;
}

bool speer_sdp_has_image(const struct peer_sdp *s)
{
	return find_image(s) != NULL;
}

/* Writing */

static void begin(struct peer_call *c, char *sdp)
{
	const struct addr *media = &c->peer->params.media;
	int ip = addr_family(media) == ADDR_IPV6 ? 6 : 4;
	char host[ADDR_TEXT_OCTETS];

	addr_print_host(media, host);
	sdp[0] = '\0';
	put(sdp, "v=0\r\no=peer %u %u IN IP%d %s\r\ns=call\r\n", 1000 + c->id, ++c->sdp_version, ip, host);
	put(sdp, "c=IN IP%d %s\r\nt=0 0\r\n", ip, host);
}

static void put_audio(struct peer_call *c, enum media_codec only, bool one, char *sdp)
{
	enum media_codec first = one ? only : c->params.codec;
	unsigned other = first == CODEC_PCMA ? 0 : 8, event = c->params.digits_pt ? c->params.digits_pt : 101;
	bool own = c->params.alaw_pt && first == CODEC_PCMA, beside = own && c->params.vbd;
	unsigned pt = own && !beside ? c->params.alaw_pt : 8 - other;

	put(sdp, "m=audio %u %s %u", addr_port(udp_local(c->rtp)),
	    c->params.transport ? c->params.transport : "RTP/AVP", pt);
	if (!one && !c->params.one_codec)
		put(sdp, " %u", other);
	if (beside)
		put(sdp, " %u", c->params.alaw_pt);
	if (c->params.digits)
		put(sdp, " %u\r\na=rtpmap:%u telephone-event/8000", event, event);
	if (beside)
		put(sdp, "\r\na=rtpmap:%u PCMA/8000", c->params.alaw_pt);
	if (c->params.vbd)
		put(sdp, "\r\na=gpmd:%u vbd=yes", beside ? c->params.alaw_pt : pt);
	put(sdp, "\r\na=rtpmap:%u %s/8000\r\n", pt, first == CODEC_PCMA ? "PCMA" : "PCMU");
	if (!one && !c->params.one_codec)
		put(sdp, "a=rtpmap:%u %s/8000\r\n", other, first == CODEC_PCMA ? "PCMU" : "PCMA");
	put(sdp, "a=ptime:20\r\na=sendrecv\r\n");
}

static void put_image(struct peer_call *c, enum udptl_sim_kind kind, char *sdp)
{
	const struct sip_peer_call_params *p = &c->params;

	put(sdp, "m=image %u udptl t38\r\n", addr_port(udp_local(c->udptl_socket ? c->udptl_socket : c->rtp)));
	if (p->t38_attributes) {
		put(sdp, "%s", p->t38_attributes);
		return;
	}
	put(sdp, "a=T38FaxVersion:%u\r\na=T38MaxBitRate:14400\r\na=T38FaxRateManagement:%sTCF\r\n",
	    p->t38_version, p->local_tcf ? "local" : "transferred");
	put(sdp, "a=T38FaxMaxBuffer:2000\r\na=T38FaxMaxDatagram:%u\r\n", p->max_datagram ? p->max_datagram : 400);
	if (kind != UDPTL_SIM_NONE)
		put(sdp, "a=T38FaxUdpEC:%s\r\n", kind == UDPTL_SIM_FEC ? "t38UDPFEC" : "t38UDPRedundancy");
}

static void put_declined(const struct peer_line *l, char *sdp)
{
	put(sdp, "m=%s 0 %s %s\r\n", l->media, l->proto, l->formats);
}

static void note_line(struct peer_sdp *s, bool image, bool used)
{
	struct peer_line *l = &s->lines[s->nlines++];

	memset(l, 0, sizeof(*l));
	strcpy(l->media, image ? "image" : "audio");
	strcpy(l->proto, image ? "udptl" : "RTP/AVP");
	strcpy(l->formats, image ? "t38" : "8");
	l->used = used;
	l->image = image && used;
	l->audio = !image && used;
}

void speer_sdp_offer(struct peer_call *c, bool audio, bool image, char *sdp)
{
	struct peer_sdp *s = &c->sent_offer;
	unsigned before = c->lines.nlines;

	begin(c, sdp);
	s->nlines = 0;
	if (audio) {
		put_audio(c, CODEC_PCMA, false, sdp);
		note_line(s, false, true);
	} else if (image && c->params.reinvite_two_lines) {
		note_line(s, false, false);
		put_declined(&s->lines[0], sdp);
	}
	c->offered_image = image;
	if (image) {
		put_image(c, c->params.error_correction, sdp);
		note_line(s, true, true);
	}
	/* Never fewer lines than before (RFC 3264 8). */
	while (s->nlines < before) {
		bool was_image = !strcmp(c->lines.lines[s->nlines].media, "image");

		note_line(s, was_image, false);
		put_declined(&s->lines[s->nlines - 1], sdp);
	}
}

static enum udptl_sim_kind answer_kind(const struct peer_call *c, const struct peer_line *l)
{
	if (l->t38.error_correction == T38_EC_NONE)
		return UDPTL_SIM_NONE;
	if (l->t38.error_correction == T38_EC_REDUNDANCY && c->params.error_correction == UDPTL_SIM_FEC)
		return UDPTL_SIM_REDUNDANCY;
	return c->params.error_correction;
}

static void write_answer(struct peer_call *c, const struct peer_sdp *offer, const struct peer_line *audio,
			 const struct peer_line *image, char *sdp)
{
	begin(c, sdp);
	c->offered_image = false;
	for (unsigned i = 0; i < offer->nlines; i++) {
		const struct peer_line *l = &offer->lines[i];

		if (l == audio)
			put_audio(c, l->codec, true, sdp);
		else if (l == image)
			put_image(c, answer_kind(c, l), sdp);
		else
			put_declined(l, sdp);
	}
}

static void apply(struct peer_call *c, const struct peer_line *audio, const struct peer_line *image)
{
	if (image)
		speer_media_t38(c, image);
	else if (audio)
		speer_media_audio(c, audio);
	else
		speer_media_none(c);
}

unsigned speer_sdp_answer(struct peer_call *c, const struct peer_sdp *offer, bool first, bool apply_it, char *sdp)
{
	const struct sip_peer_call_params *p = &c->params;
	const struct peer_line *audio = find_audio(offer), *image = find_image(offer);

	if (image && p->t38 == PEER_T38_IS_SILENT && !first)
		return 0;
	if (image && p->t38 == PEER_T38_REFUSES && !audio)
		return p->t38_refuse_status ? p->t38_refuse_status : 488;
	if (image && p->t38 != PEER_T38_ACCEPTS) {
		image = NULL;
	} else if (image && audio) {
		/* One of the two: our machine is on the one or on the other. */
		if (p->take_image_of_both)
			audio = NULL;
		else
			image = NULL;
	}
	if (!audio && !image && p->t38 != PEER_T38_PORT_ZERO)
		return 488;
	write_answer(c, offer, audio, image, sdp);
	c->lines = *offer;
	if (apply_it && (audio || image))
		apply(c, audio, image);
	return 200;
}

void speer_sdp_apply(struct peer_call *c, const struct peer_sdp *answer)
{
	const struct peer_line *audio = find_audio(answer), *image = find_image(answer);

	c->lines = c->sent_offer;
	/* Taken both of both: the image, as ours is a fax. */
	if ((audio || image) && c->result.state < PEER_CLEARING)
		apply(c, audio, image);
}
