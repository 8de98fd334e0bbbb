/* SPDX-License-Identifier: GPL-2.0-only */
#include "pri_guard.h"

#include "gateway/base/isdn.h"

/* Q.921 table 5: an unnumbered frame has the two low bits of its control octet set; UI is 000 0 0011. */
#define CONTROL_IS_U(c) (((c)&3) == 3)
#define CONTROL_NO_P(c) ((c) & ~0x10)
#define CONTROL_UI	0x03

#define Q931_PD			   0x08
#define SERVICE_PD		   0x03
#define SERVICE_PD_2		   0x43
#define Q931_DISCONNECT		   0x45
#define Q931_RESTART		   0x46
#define Q931_RELEASE		   0x4D
#define Q931_RESTART_ACK	   0x4E
#define Q931_RELEASE_COMPLETE	   0x5A
#define Q931_STATUS		   0x7D
#define Q931_IE_CAUSE		   0x08
#define Q931_IE_CHANNEL		   0x18
#define Q931_IE_CALLING_SUBADDRESS 0x6D
#define Q931_IE_CALLED_SUBADDRESS  0x71
#define Q931_IE_NONE		   0x77 /* Q.931 table 4-3: reserved */
#define IE_CHANGE_STATUS	   0x01

/* Reads M. False if it is none of these protocols, or too short. */
bool pri_message_read(const uint8_t *m, size_t octets, struct pri_message *p)
{
	const unsigned n = octets >= 3 ? m[1] & 0x0F : 0;

	if (octets < 3 + n || (m[0] != Q931_PD && m[0] != SERVICE_PD && m[0] != SERVICE_PD_2))
		return false;
	*p = (struct pri_message){.is_service = m[0] != Q931_PD,
				  .cref_octets = n,
				  .type = m[2 + n],
				  .theirs = n && !(m[2] & 0x80),
				  .elements = m + 3 + n,
				  .octets = octets - 3 - n};
	for (unsigned i = 0; i < n && i < 2; i++)
		p->cref = p->cref << 8 | (i ? m[3] : m[2] & 0x7Fu);
	return true;
}

/* The first element of a message that has NAME, of *NP octets; NULL: there is none that is whole. */
static const uint8_t *find_element(const struct pri_message *m, uint8_t name, size_t *np)
{
	const uint8_t *p = m->elements;
	size_t left = m->octets;

	while (left >= 2) {
		const size_t n = p[0] & 0x80 ? 1 : 2 + (size_t)p[1];

		if (n > left)
			break;
		if (p[0] == name) {
			*np = n;
			return p;
		}
		p += n;
		left -= n;
	}
	return NULL;
}

/* The cause value (Q.931 4.5.12) of a message, 0 if it has none. */
unsigned pri_message_cause(const struct pri_message *m)
{
	size_t n;
	const uint8_t *p = find_element(m, Q931_IE_CAUSE, &n);

	if (!p)
		return 0;
	/* Octet 3a is there when octet 3 has no extension bit. */
	if (n >= 4 && p[2] & 0x80)
		return p[3] & 0x7F;
	return n >= 5 ? p[4] & 0x7F : 0;
}

bool pri_message_clears(const struct pri_message *m)
{
	return !m->is_service &&
	       (m->type == Q931_DISCONNECT || m->type == Q931_RELEASE || m->type == Q931_RELEASE_COMPLETE);
}

/*
 * libpri sends a SERVICE message back as it came where we have not enabled it, and its debug output reads past
 * elements that are cut: so only those that belong there are let through, Change status and Channel identification,
 * whole. Both must be there, and name a channel: without one libpri takes the D channel itself for lost, and with a
 * call reference it would change a call's channel.
 */
static bool service_is_sound(const struct pri_message *m)
{
	const uint8_t *p = m->elements, *end = p + m->octets;
	bool status = false, channel = false;

	for (; p < end; p += 2 + p[1]) {
		if (end - p < 3 || p[1] < 1 || end - p < 2 + p[1])
			return false;
		if (p[0] == IE_CHANGE_STATUS)
			status = true;
		else if (p[0] == Q931_IE_CHANNEL && p[1] >= 3)
			channel = (p[2] & 3) == 1; /* Q.931 4.5.13: as the octets that follow say */
		else
			return false;
	}
	return status && channel && !m->cref;
}

/*
 * A RESTART, or its acknowledgement, of the D channel (Q.931 4.5.13, octet 3, bit 3): nobody can mean that. libpri
 * would remember it with the global call reference, and every RESTART that we send later would name no channel.
 */
static bool restart_is_of_dchannel(const struct pri_message *m)
{
	struct pri_message rest = *m;
	const uint8_t *p;
	size_t n;

	while ((p = find_element(&rest, Q931_IE_CHANNEL, &n))) {
		if (n > 2 && p[2] & 4)
			return true;
		rest.octets -= (size_t)(p + n - rest.elements);
		rest.elements = p + n;
	}
	return false;
}

static bool restarts(const struct pri_message *m)
{
	return m->type == Q931_RESTART || m->type == Q931_RESTART_ACK;
}

/* True if libpri must not see a message. */
bool pri_message_is_harmful(const struct pri_message *m)
{
	if (m->is_service && !service_is_sound(m))
		return true;
	/* Q.931 4.3: two octets on a primary rate, one is taken too. libpri keeps one call record for all messages
	 * without a call reference (those of supplementary services, which we do not use), and a SETUP or RELEASE may
	 * spoil it. */
	if (m->cref_octets < 1 || m->cref_octets > 2)
		return true;
	if (m->is_service)
		return false;
	/* Q.931 5.5, 5.8.3.2: RESTART is for the global call reference, and that is for nothing else. libpri does not
	 * check: it would turn a live call into a restart record, which cannot be cleared any more, or ring with the
	 * global one. */
	if (m->cref)
		return restarts(m);
	return restarts(m) ? restart_is_of_dchannel(m) : m->type != Q931_STATUS;
}

/*
 * Q.931 4.5.8, 4.5.9: a subaddress has no more than 20 octets. Of a longer one libpri keeps the length but not the
 * octets, and copies that many over what stands behind its own. Its name is taken from it: it is then an element that
 * nobody knows, and the rest of the message is read (Q.931 5.8.7.1).
 */
void pri_message_hide_subaddresses(uint8_t *elements, size_t octets)
{
	for (size_t at = 0; at + 2 <= octets;) {
		uint8_t *p = elements + at;

		if (!(p[0] & 0x80) && p[1] > 1 + ISDN_SUBADDRESS_OCTETS &&
		    (p[0] == Q931_IE_CALLING_SUBADDRESS || p[0] == Q931_IE_CALLED_SUBADDRESS))
			p[0] = Q931_IE_NONE;
		at += p[0] & 0x80 ? 1 : 2 + (size_t)p[1];
	}
}

/* Looks at a frame before libpri does. Returns NULL, or why it is dropped. */
const char *pri_frame_fault(const uint8_t *f, size_t octets)
{
	if (octets < 3)
		return "too short";
	if (octets > PRI_FRAME_OCTETS)
		return "too long";
	if ((f[0] & PRI_ADDRESS_0_MASK) != PRI_ADDRESS_0 || f[1] != PRI_ADDRESS_1)
		return "not for SAPI 0, TEI 0";
	if (!CONTROL_IS_U(f[2]))
		return octets < 4 ? "control field cut" : NULL;
	/* Broadcast SETUPs and TEI management have no place on a primary rate. */
	return CONTROL_NO_P(f[2]) == CONTROL_UI ? "unnumbered information" : NULL;
}
