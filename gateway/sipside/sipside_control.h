/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sipside_control: what an operator sees of the SIP thread.
 */
#ifndef GATEWAY_SIPSIDE_CONTROL_H
#define GATEWAY_SIPSIDE_CONTROL_H

#include "gateway/sipside/sipside.h"

/* Answers M, a MSG_COMMAND for the SIP thread. Columns: control.c. */
void sipside_control(struct sipside *s, const struct msg *m);

#endif
