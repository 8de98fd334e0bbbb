/* SPDX-License-Identifier: GPL-2.0-only */
/* dynspan: DAHDI's dynamic spans created and destroyed, and spans taken from their channels and given back, as a
 * card is when it is pulled. */
#ifndef DAHDI_VM_DYNSPAN_H
#define DAHDI_VM_DYNSPAN_H

/* DRIVER "loc" or "eth" at ADDRESS, of 31 channels. 0 or errno. */
int dynspan_create(const char *driver, const char *address);
int dynspan_destroy(const char *driver, const char *address);

/* Takes span NUMBER out of service, or puts it back as that number with its first channel FIRST. 0, ENOENT, or
 * errno. */
int dynspan_unassign(unsigned number);
int dynspan_assign(unsigned number, unsigned first);

/* Runs dahdi_cfg on the file. 0 or EIO. */
int dynspan_configure(const char *file);

#endif
