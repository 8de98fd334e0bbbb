/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GATEWAY_VERSION_H
#define GATEWAY_VERSION_H

#define FAXSPAN_VERSION "0.1"

#endif
