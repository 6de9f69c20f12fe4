/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grow.h - room for one more in a plain array
 *
 * Layer:  sim/base; glib for g_renew.
 * Owns:   nothing; the caller frees @ptr with g_free().
 * Errors: no memory aborts, as everywhere with GLib.
 */
#ifndef SIM_BASE_GROW_H
#define SIM_BASE_GROW_H

#include <glib.h>

/* Make @ptr hold at least @need elements; @cap is its room, doubled when it is too small.
 */
#define SIM_GROW(ptr, need, cap)                                                         \
	do {                                                                             \
		if (__builtin_expect((need) > (cap), 0)) {                               \
			while ((need) > (cap))                                           \
				(cap) = (cap) ? 2 * (cap) : 16;                          \
			(ptr) = g_realloc_n((ptr), (cap), sizeof(*(ptr)));               \
		}                                                                        \
	} while (0)

#endif /* SIM_BASE_GROW_H */
