/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spandsp_version: spandsp with its structures open, 0.0.6 or what is to become version 3. Everything that includes
 * spandsp includes it through this header, and is written for 0.0.6; what version 3 calls otherwise is given its old
 * name here.
 */
#ifndef T38_SPANDSP_VERSION_H
#define T38_SPANDSP_VERSION_H

#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <spandsp.h>
#include <spandsp/arctan2.h>
#include <spandsp/version.h>

#if SPANDSP_RELEASE_DATE < 20120000 /* 0.0.6 */

#define SPANDSP_3 0
/* In version 3 the handlers get no longer the object they are of. */
#define SPANDSP_OWNER(type) type *owner,
#define SPANDSP_BOOL	    int
/* A handler of samples as spandsp keeps it. */
#define SPANDSP_TX_HANDLER(f)  ((span_tx_handler_t *)&(f))
#define spandsp_log_to(log, f) span_log_set_message_handler((log), (f))
#define SPANDSP_LOG_ARG

#else /* 3 */

#define SPANDSP_3 1
#define SPANDSP_OWNER(type)
#define SPANDSP_BOOL	       bool
#define SPANDSP_TX_HANDLER(f)  ((span_tx_handler_t) & (f))
#define spandsp_log_to(log, f) span_log_set_message_handler((log), (f), NULL)
#define SPANDSP_LOG_ARG	       void *nobody,

typedef span_put_bit_func_t put_bit_func_t;
typedef span_get_bit_func_t get_bit_func_t;

#define fsk_rx_signal_cutoff	fsk_rx_set_signal_cutoff
#define v17_rx_signal_cutoff	v17_rx_set_signal_cutoff
#define v29_rx_signal_cutoff	v29_rx_set_signal_cutoff
#define v27ter_rx_signal_cutoff v27ter_rx_set_signal_cutoff
#define saturate		saturate16
#ifndef TRUE
#define TRUE  true
#define FALSE false
#endif

#endif
#endif
