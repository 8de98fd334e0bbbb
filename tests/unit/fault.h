/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fault: failing allocations and counting leaks in unit tests. Our own objects' malloc, calloc, realloc, strdup and
 * free go through here (the linker's --wrap); the libraries' do not.
 */
#ifndef UNIT_FAULT_H
#define UNIT_FAULT_H

#include <stddef.h>

/* Allocations of ours that are alive now. */
size_t fault_alive(void);

/* Runs BODY again and again, the first time with the 1st allocation failing, then with the 2nd, ... until a run in
 * which none failed. BODY returns 0 or errno. Asserts (cmocka) that every run with a failure returned ENOMEM (or 0, if
 * TOLERANT), that the last returned 0, and that no run left anything allocated. Returns the number of allocations of a
 * whole run. */
unsigned fault_run(int (*body)(void *arg), void *arg, int tolerant);

#endif
