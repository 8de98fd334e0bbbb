/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line_dahdi_abi: what the driver uses of the kernel's DAHDI interface: request numbers, structs, events, alarms.
 *
 * Written here and not taken from <dahdi/user.h>, because Debian has that only in dahdi-source, which brings a compiler
 * tool chain for kernel modules with it; and because a card maker's tree has its own copy of it. The interface is
 * fixed: the size of each struct is part of its request's number, so a kernel that differed would answer ENOTTY.
 * tests/unit/test_line_dahdi_abi.c compares all of it with the real header where that is installed.
 */
#ifndef DAHDI_LINE_DAHDI_ABI_H
#define DAHDI_LINE_DAHDI_ABI_H

#include <stdint.h>
#include <sys/ioctl.h>

#define DABI_CODE	   0xDA
#define DABI_MAX_CHANNELS  1024
#define DABI_MAX_SPANS	   128
#define DABI_MAX_BUFFERS   32
#define DABI_MAX_EVENTS	   64  /* in a channel's queue */
#define DABI_ELAST	   500 /* for errno: there are events to be fetched first */
#define DABI_CHUNK_SAMPLES 8   /* the kernel moves octets in steps of so many */

/* Of a channel. CHANNO is also read, on /dev/dahdi/ctl: the channel that is asked about. */
struct dabi_params {
	int channo, spanno, chanpos;
	int sigtype, sigcap;
	int rxisoffhook, rxbits, txbits, txhooksig, rxhooksig;
	int curlaw, idlebits;
	char name[40];
	int prewinktime, preflashtime, winktime, flashtime, starttime, rxwinktime, rxflashtime;
	int debouncetime, pulsebreaktime, pulsemaketime, pulseaftertime;
	uint32_t chan_alarms;
};

struct dabi_spaninfo {
	int spanno;
	char name[20], desc[40];
	int alarms, txlevel, rxlevel;
	int bpvcount, crc4count, ebitcount, fascount;
	uint32_t fecount, cvcount, becount, prbs, errsec;
	int irqmisses;
	int syncsrc;
	int numchans;	/* those that are configured */
	int totalchans; /* those of the span */
	int totalspans, lbo, lineconfig;
	char lboname[40], location[40], manufacturer[40], devicetype[40];
	int irq, linecompat;
	char spantype[6];
} __attribute__((packed));

struct dabi_bufferinfo {
	int txbufpolicy, rxbufpolicy, numbufs, bufsize, readbufs, writebufs;
};

struct dabi_gains {
	int chan;
	uint8_t rxgain[256], txgain[256];
};

struct dabi_echocancel {
	uint32_t tap_length; /* 0: off */
	uint32_t param_count;
};

#define DABI_FLUSH	    _IOW(DABI_CODE, 3, int)
#define DABI_GET_PARAMS	    _IOWR(DABI_CODE, 5, struct dabi_params)
#define DABI_GETEVENT	    _IOR(DABI_CODE, 8, int)
#define DABI_SPANSTAT	    _IOWR(DABI_CODE, 10, struct dabi_spaninfo)
#define DABI_SETGAINS	    _IOW(DABI_CODE, 16, struct dabi_gains)
#define DABI_SET_BUFINFO    _IOW(DABI_CODE, 27, struct dabi_bufferinfo)
#define DABI_AUDIOMODE	    _IOW(DABI_CODE, 32, int)
#define DABI_ECHOCANCEL	    _IOW(DABI_CODE, 33, struct dabi_echocancel)
#define DABI_SPECIFY	    _IOW(DABI_CODE, 38, int)
#define DABI_SETLAW	    _IOW(DABI_CODE, 39, int)
#define DABI_ECHOCANCEL_FAX _IOW(DABI_CODE, 102, int)
#define DABI_BUFFER_EVENTS  _IOW(DABI_CODE, 105, int)

enum { DABI_FLUSH_READ = 1, DABI_FLUSH_WRITE = 2, DABI_FLUSH_EVENT = 4, DABI_FLUSH_ALL = 7 };
enum { DABI_POLICY_IMMEDIATE = 0, DABI_POLICY_WHEN_FULL = 1, DABI_POLICY_HALF_FULL = 2 };
enum { DABI_LAW_DEFAULT = 0, DABI_LAW_MULAW = 1, DABI_LAW_ALAW = 2 };

enum {
	DABI_SIG_NONE = 0,
	DABI_SIG_EM = 1 << 6,
	DABI_SIG_CLEAR = 1 << 7,
	DABI_SIG_HDLCRAW = 1 << 8 | DABI_SIG_CLEAR,
	DABI_SIG_HDLCFCS = 1 << 9 | DABI_SIG_HDLCRAW,
	DABI_SIG_HDLCNET = 1 << 10 | DABI_SIG_HDLCFCS,
	DABI_SIG_SLAVE = 1 << 11,
	DABI_SIG_FXO = 1 << 12, /* a bit of 0 to 2 beside it says which */
	DABI_SIG_FXS = 1 << 13,
	DABI_SIG_CAS = 1 << 15,
	DABI_SIG_DACS = 1 << 16,
	DABI_SIG_EM_E1 = 1 << 17,
	DABI_SIG_HARDHDLC = 1 << 19 | DABI_SIG_CLEAR,
	DABI_SIG_MTP2 = 1 << 20 | DABI_SIG_HDLCFCS,
};

enum {
	DABI_ALARM_RECOVER = 1 << 0,
	DABI_ALARM_LOOPBACK = 1 << 1,
	DABI_ALARM_YELLOW = 1 << 2,
	DABI_ALARM_RED = 1 << 3,
	DABI_ALARM_BLUE = 1 << 4,
	DABI_ALARM_NOTOPEN = 1 << 5,
	DABI_ALARM_LOS = 1 << 8,
	DABI_ALARM_LFA = 1 << 9,
	DABI_ALARM_LMFA = 1 << 10,
};

enum {
	DABI_EVENT_NONE = 0,
	DABI_EVENT_ALARM = 4,
	DABI_EVENT_NOALARM = 5,
	DABI_EVENT_ABORT = 6,
	DABI_EVENT_OVERRUN = 7,
	DABI_EVENT_BADFCS = 8,
	DABI_EVENT_EC_DISABLED = 19,
	DABI_EVENT_REMOVED = 20,
	DABI_EVENT_TX_CED = 23,
	DABI_EVENT_RX_CED = 24,
	DABI_EVENT_TX_CNG = 25,
	DABI_EVENT_RX_CNG = 26,
	DABI_EVENT_EC_NLP_DISABLED = 27,
	DABI_EVENT_EC_NLP_ENABLED = 28,
	DABI_EVENT_READ_OVERRUN = 29,
	DABI_EVENT_WRITE_UNDERRUN = 30,
};

#endif
