/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * udptl: UDPTL packets (ITU-T T.38 9.1 and annex D's ASN.1), pure: reading, writing, and the sender's memory.
 */
#ifndef T38_UDPTL_H
#define T38_UDPTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/base/media.h"

#define UDPTL_MAX_OCTETS      1400 /* longest datagram we build; longer ones are read up to UDPTL_READ_OCTETS */
#define UDPTL_READ_OCTETS     4096
#define UDPTL_MAX_IFP	      1024 /* longest IFP packet taken */
#define UDPTL_MAX_SECONDARY   64   /* most redundancy entries read */
#define UDPTL_MAX_FEC_SPAN    32
#define UDPTL_MAX_FEC_ENTRIES 32

struct udptl_field {
	const uint8_t *p;
	size_t len;
};

/* A packet, in place: fields point into what was read. */
struct udptl_packet {
	uint16_t seq;
	struct udptl_field primary;
	enum t38_error_correction kind; /* what it carries behind the primary; EC_NONE: nothing (or no entries) */
	unsigned nsecondary;		/* redundancy: secondary[0] is seq-1, [1] seq-2, ... */
	struct udptl_field secondary[UDPTL_MAX_SECONDARY];
	/* FEC: entry i is the exclusive or of fec_span packets, nfec apart (deployed peers read fec-npackets so):
	 * seq - nfec + i, seq - 2 * nfec + i, ... seq - fec_span * nfec + i. */
	unsigned fec_span, nfec;
	struct udptl_field fec[UDPTL_MAX_FEC_ENTRIES];
};

/* The sequence number entry ENTRY of K's FEC covers, MEMBER 0 (the newest) to fec_span - 1. */
static inline uint16_t udptl_fec_member(uint16_t seq, unsigned nfec, unsigned entry, unsigned member)
{
	return (uint16_t)(seq + entry - nfec * (member + 1));
}

/* Reads a packet. Returns NULL, or what is wrong with it (static text). Lengths per ASN.1 PER, fragments refused. */
const char *udptl_read(const void *p, size_t len, struct udptl_packet *pp);

/* Writes a packet. Returns its length, or 0 when it does not fit ROOM. */
size_t udptl_write(const struct udptl_packet *k, void *p, size_t room);

/* The sender: numbers packets, remembers them, adds redundancy or FEC within the peer's datagram limit. */
#define UDPTL_TX_MEMORY 32

struct udptl_tx {
	enum t38_error_correction ec;
	unsigned depth_control, depth_image; /* entries wished for; fewer when the limit is reached */
	unsigned depth_most;		     /* when they are deepened */
	unsigned at_least, more;	     /* see udptl_tx_deepen() */
	unsigned fec_span, fec_entries;
	size_t max_octets; /* of a datagram */
	uint16_t seq;	   /* of the next packet */
	unsigned remembered;
	bool together; /* the next packet goes at once with the last one */
	struct {
		bool together; /* with the one before */
		uint16_t len;
		uint8_t ifp[UDPTL_MAX_IFP];
	} memory[UDPTL_TX_MEMORY]; /* by seq % UDPTL_TX_MEMORY */
};

struct udptl_tx_params {
	enum t38_error_correction ec;
	unsigned depth_control, depth_image; /* redundancy: earlier packets wished for in each */
	unsigned fec_span, fec_entries;	     /* FEC: packets that an entry covers, entries wished for in each */
	/*
	 * The peer's T38FaxMaxDatagram as it stands in its SDP; 0 or absurd values are treated sanely: under 150 it is
	 * taken as the size of an IFP and the datagram may be that much per entry, and never less than 150; over
	 * UDPTL_MAX_OCTETS it is cut.
	 */
	unsigned max_datagram;
	unsigned depth_most; /* redundancy where the network loses packets: see udptl_tx_deepen() */
};

void udptl_tx_init(struct udptl_tx *tx, const struct udptl_tx_params *p);
/* From now on so; what was sent is remembered, and the numbers go on. */
void udptl_tx_renew(struct udptl_tx *tx, const struct udptl_tx_params *p);

/*
 * From now on each packet carries AT_LEAST entries of redundancy, or MORE than wished for, whichever are more; not more
 * than depth_most, nor than the datagram has room for. Where none are wished for there are none.
 */
void udptl_tx_deepen(struct udptl_tx *tx, unsigned at_least, unsigned more);

/*
 * The next packet is sent together with the last one (TOGETHER), or later, as at first. What is sent together overtakes
 * each other easily, so depth does not count packets but times: at a page's end there are eight at once, and each of
 * them carries those before it, and more as deep as wished for.
 */
void udptl_tx_next(struct udptl_tx *tx, bool together);
/* Builds the datagram of the next IFP packet. CONTROL picks the redundancy depth. Returns its length, 0 when IFP is too
 * long (EMSGSIZE). */
size_t udptl_tx_build(struct udptl_tx *tx, const uint8_t *ifp, size_t len, bool control, uint8_t *out, size_t room);

#endif
