/* SPDX-License-Identifier: GPL-2.0-only */
/* spandsp_machine: what a fax machine, a modem or a keypad by spandsp needs to be told, in the words of 0.0.6 or of
 * version 3. */
#ifndef SIM_SPANDSP_MACHINE_H
#define SIM_SPANDSP_MACHINE_H

#include "t38/spandsp_version.h"

#if SPANDSP_3

#define SPANDSP_V8(parms)	      ((parms).jm_cm)
#define SPANDSP_V8_PROTOCOL(parms)    ((parms).jm_cm.protocols)
#define spandsp_dtmf_tx_init(dtmf)    dtmf_tx_init((dtmf), NULL, NULL)
#define t30_set_supported_resolutions t30_set_supported_bilevel_resolutions
#define t30_set_rx_encoding	      t30_set_supported_output_compressions

#define T30_SUPPORT_STANDARD_RESOLUTION	 T4_RESOLUTION_R8_STANDARD
#define T30_SUPPORT_FINE_RESOLUTION	 T4_RESOLUTION_R8_FINE
#define T30_SUPPORT_SUPERFINE_RESOLUTION T4_RESOLUTION_R8_SUPERFINE
#define T30_SUPPORT_R8_RESOLUTION	 0
#define T30_SUPPORT_T4_1D_COMPRESSION	 T4_COMPRESSION_T4_1D
#define T30_SUPPORT_T4_2D_COMPRESSION	 T4_COMPRESSION_T4_2D
#define T30_SUPPORT_T6_COMPRESSION	 T4_COMPRESSION_T6
#define T4_COMPRESSION_ITU_T6		 T4_COMPRESSION_T6
#define T30_SUPPORT_215MM_WIDTH		 T4_SUPPORT_WIDTH_215MM
#define T30_SUPPORT_255MM_WIDTH		 T4_SUPPORT_WIDTH_255MM
#define T30_SUPPORT_303MM_WIDTH		 T4_SUPPORT_WIDTH_303MM
#define T30_SUPPORT_A4_LENGTH		 T4_SUPPORT_LENGTH_A4
#define T30_SUPPORT_B4_LENGTH		 T4_SUPPORT_LENGTH_B4
#define T30_SUPPORT_US_LETTER_LENGTH	 T4_SUPPORT_LENGTH_US_LETTER
#define T30_SUPPORT_UNLIMITED_LENGTH	 T4_SUPPORT_LENGTH_UNLIMITED

#else

#define SPANDSP_V8(parms)	   (parms)
#define SPANDSP_V8_PROTOCOL(parms) ((parms).protocol)
#define spandsp_dtmf_tx_init(dtmf) dtmf_tx_init((dtmf))

#endif
#endif
