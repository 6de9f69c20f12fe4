/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.h - large zeroed memory that costs nothing until it is touched
 *
 * Layer:  sim/base; libc only.
 * Owns:   the caller owns what pages_map() returns and gives the same size back.
 * Errors: pages_map() returns NULL when the host has no more; the explorer turns that
 *         into a cut, as if a budget had run out.
 */
#ifndef SIM_BASE_PAGES_H
#define SIM_BASE_PAGES_H

#include <stddef.h>

/* @bytes of zeroed memory, page aligned, or NULL. */
void *pages_map(size_t bytes);

/* The same, never as huge pages: for memory of which little may ever be touched. */
void *pages_map_small(size_t bytes);

/* Undo either; NULL is allowed. */
void pages_unmap(void *pages, size_t bytes);

#endif /* SIM_BASE_PAGES_H */
