/* SPDX-License-Identifier: GPL-2.0-only */
/* What DAHDI has, what is wrong with it, and which line of system.conf would mend it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "line_dahdi_own.h"

#define CTL	    "/dev/dahdi/ctl"
#define SYSTEM_CONF "/etc/dahdi/system.conf"
#define TEXT_OCTETS 128

/* "1-15,17-31": DAHDI's numbers of the channels of MASK. */
static const char *print_channels(const struct dahdi_survey *s, uint32_t mask, char text[TEXT_OCTETS])
{
	size_t len = 0;

	text[0] = '\0';
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		unsigned last = ts;

		if (!(mask >> ts & 1))
			continue;
		while (last + 1 < TIMESLOT_COUNT && mask >> (last + 1) & 1 &&
		       s->channo[last + 1] == s->channo[last] + 1)
			last++;
		if (len < TEXT_OCTETS)
			len += (size_t)snprintf(text + len, TEXT_OCTETS - len, last > ts ? "%s%u-%u" : "%s%u",
						len ? "," : "", s->channo[ts], s->channo[last]);
		ts = last;
	}
	return text;
}

static const char *sig_name(int sig)
{
	switch (sig) {
	case DABI_SIG_NONE:
		return "not set up";
	case DABI_SIG_CLEAR:
		return "set up as a B channel";
	case DABI_SIG_HDLCRAW:
		return "set up for HDLC without FCS";
	case DABI_SIG_HDLCFCS:
		return "set up as a D channel";
	case DABI_SIG_HARDHDLC:
		return "set up as a D channel (HDLC by the card)";
	case DABI_SIG_HDLCNET:
		return "set up as a network interface";
	case DABI_SIG_MTP2:
		return "set up for MTP2 (SS7)";
	case DABI_SIG_CAS:
	case DABI_SIG_EM:
	case DABI_SIG_EM_E1:
		return "set up for channel associated signalling";
	default:
		if (sig & DABI_SIG_DACS)
			return "cross-connected to another channel";
		if (sig & DABI_SIG_SLAVE)
			return "part of another channel";
		return sig & (DABI_SIG_FXS | DABI_SIG_FXO) ? "set up as an analogue port" : "set up for something else";
	}
}

static int open_ctl(struct dahdi *d, int *fdp, char *why)
{
	int fd = d->dev->open(CTL, O_RDWR, d->dev->arg);

	if (fd >= 0) {
		*fdp = fd;
		return 0;
	}
	if (fd == -ENOENT || fd == -ENXIO || fd == -ENODEV)
		snprintf(why, LINE_DAHDI_WHY_OCTETS,
			 "there is no " CTL
			 ": load DAHDI and the card's module (modprobe dahdi; dahdi_scan shows what is found)");
	else if (fd == -EACCES || fd == -EPERM)
		snprintf(why, LINE_DAHDI_WHY_OCTETS, "no permission for " CTL ": make the user one of the group dahdi");
	else
		snprintf(why, LINE_DAHDI_WHY_OCTETS, CTL ": %s", strerror(-fd));
	return fd == -ENXIO || fd == -ENODEV ? ENOENT : -fd;
}

/* There is no span of that number: says which there are. */
static void explain_no_span(struct dahdi *d, int ctl, char *why)
{
	char list[TEXT_OCTETS] = "";
	size_t len = 0;

	for (int n = 1; n <= DABI_MAX_SPANS && len + 5 < sizeof(list); n++) {
		struct dabi_spaninfo i = {.spanno = n};

		if (!d->dev->ioctl(ctl, DABI_SPANSTAT, &i, d->dev->arg))
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%d", len ? ", " : "", n);
	}
	snprintf(why, LINE_DAHDI_WHY_OCTETS,
		 "DAHDI has no span %u, but %s%s: is its card there (dahdi_scan), and is it assigned "
		 "(dahdi_span_assignments auto)?",
		 d->params.span, len ? "only " : "none at all", list);
}

static void survey_channels(struct dahdi *d, int ctl, struct dahdi_survey *s)
{
	int found = 0;

	for (int n = 1; n < DABI_MAX_CHANNELS && found < s->info.totalchans; n++) {
		struct dabi_params p = {.channo = n};

		if (d->dev->ioctl(ctl, DABI_GET_PARAMS, &p, d->dev->arg) || p.spanno != s->info.spanno)
			continue;
		found++;
		if (p.chanpos < 1 || p.chanpos >= TIMESLOT_COUNT)
			continue;
		s->channo[p.chanpos] = (unsigned)n;
		s->sigtype[p.chanpos] = p.sigtype;
		s->mulaw[p.chanpos] = p.curlaw == DABI_LAW_MULAW;
	}
}

int dahdi_survey(struct dahdi *d, struct dahdi_survey *s, char *why)
{
	int ctl, err;

	memset(s, 0, sizeof(*s));
	s->info.spanno = (int)d->params.span;
	err = open_ctl(d, &ctl, why);
	if (err)
		return err;
	err = d->dev->ioctl(ctl, DABI_SPANSTAT, &s->info, d->dev->arg);
	s->info.name[sizeof(s->info.name) - 1] = '\0';
	if (err == ENOTTY) {
		snprintf(why, LINE_DAHDI_WHY_OCTETS,
			 "the kernel's DAHDI has another interface than Faxspan was built for (2.4 to 3.x)");
	} else if (err) {
		explain_no_span(d, ctl, why);
		err = ENOENT;
	} else {
		survey_channels(d, ctl, s);
	}
	d->dev->close(ctl, d->dev->arg);
	return err;
}

/* All lines of system.conf, for a span that has none. */
static void explain_unconfigured(const struct dahdi *d, const struct dahdi_survey *s, char *why)
{
	uint32_t d_bit = 1u << d->params.dchannel, all = d->params.timeslots | d_bit;
	char span[TEXT_OCTETS] = "", b[TEXT_OCTETS], law[TEXT_OCTETS];

	/* A dynamic span has a line "dynamic=" in its place, or it would not be there. */
	if (!strncmp(s->info.spantype, "E1", 2))
		snprintf(span, sizeof(span), "\"span=%u,1,0,ccs,hdb3,crc4\", ", d->params.span);
	else if (!strncmp(s->info.spantype, "T1", 2))
		snprintf(span, sizeof(span), "\"span=%u,1,0,esf,b8zs\", ", d->params.span);
	snprintf(why, LINE_DAHDI_WHY_OCTETS,
		 "DAHDI span %u (%s) is not configured: write %s\"bchan=%s\", \"dchan=%u\" and \"%s=%s\" "
		 "into " SYSTEM_CONF ", then run dahdi_cfg",
		 d->params.span, s->info.name, span, print_channels(s, d->params.timeslots, b),
		 s->channo[d->params.dchannel], d->params.ulaw ? "mulaw" : "alaw", print_channels(s, all, law));
}

int dahdi_survey_check(const struct dahdi *d, const struct dahdi_survey *s, char *why)
{
	unsigned dchannel = d->params.dchannel;
	char text[TEXT_OCTETS];

	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		if (((d->params.timeslots | 1u << dchannel) >> ts & 1) && !s->channo[ts]) {
			snprintf(why, LINE_DAHDI_WHY_OCTETS,
				 "DAHDI span %u (%s) has %d channels: there is no timeslot %u", d->params.span,
				 s->info.name, s->info.totalchans, ts);
			return ENXIO;
		}
	}
	if (!s->info.numchans) {
		explain_unconfigured(d, s, why);
		return ENXIO;
	}
	if (s->info.alarms & DABI_ALARM_NOTOPEN) {
		snprintf(why, LINE_DAHDI_WHY_OCTETS,
			 "DAHDI span %u (%s) is shut down, or about to be unassigned: dahdi_cfg starts it",
			 d->params.span, s->info.name);
		return ENXIO;
	}
	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++) {
		if (!(d->params.timeslots >> ts & 1) || s->sigtype[ts] == DABI_SIG_CLEAR)
			continue;
		snprintf(why, LINE_DAHDI_WHY_OCTETS,
			 "channel %u (timeslot %u) is %s: write \"bchan=%s\" into " SYSTEM_CONF ", then run dahdi_cfg",
			 s->channo[ts], ts, sig_name(s->sigtype[ts]), print_channels(s, d->params.timeslots, text));
		return ENXIO;
	}
	if (s->sigtype[dchannel] == DABI_SIG_HDLCFCS || s->sigtype[dchannel] == DABI_SIG_HARDHDLC)
		return 0;
	snprintf(why, LINE_DAHDI_WHY_OCTETS,
		 "channel %u (timeslot %u) is %s: the D channel needs \"dchan=%u\" in " SYSTEM_CONF
		 ", then run dahdi_cfg",
		 s->channo[dchannel], dchannel, sig_name(s->sigtype[dchannel]), s->channo[dchannel]);
	return ENXIO;
}

void dahdi_survey_warn(const struct dahdi *d, const struct dahdi_survey *s)
{
	const char *wanted = d->params.ulaw ? "mulaw" : "alaw";
	uint32_t other = 0;
	char text[TEXT_OCTETS];

	for (unsigned ts = 1; ts < TIMESLOT_COUNT; ts++)
		other |= (d->params.timeslots >> ts & 1 && s->mulaw[ts] != d->params.ulaw ? 1u : 0) << ts;
	if (other)
		log_warning(d->params.prefix,
			    "DAHDI takes channels %s for %s and is noisy on them while they are closed: write "
			    "\"%s=%s\" into " SYSTEM_CONF ", then run dahdi_cfg; we set %s ourselves",
			    print_channels(s, other, text), d->params.ulaw ? "A-law" : "mu-law", wanted, text,
			    d->params.ulaw ? "mu-law" : "A-law");
}

void dahdi_survey_explain(const struct dahdi *d, const struct dahdi_chan *c, int err, char *why)
{
	if (err == EBUSY)
		snprintf(why, LINE_DAHDI_WHY_OCTETS,
			 "channel %u (timeslot %u) is in use by another process: fuser -v /dev/dahdi/* shows which",
			 c->channo, c->timeslot);
	else if (err == EACCES || err == EPERM)
		snprintf(why, LINE_DAHDI_WHY_OCTETS,
			 "no permission for channel %u (timeslot %u): make the user one of the group dahdi", c->channo,
			 c->timeslot);
	else
		snprintf(why, LINE_DAHDI_WHY_OCTETS, "channel %u (timeslot %u): %s", c->channo, c->timeslot,
			 strerror(err));
}
