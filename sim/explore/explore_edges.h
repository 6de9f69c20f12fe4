/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explore_edges.h - the edges that one worker has found, before they are numbered
 *
 * Edges of one state lie in a row, in the order of enabled(). States are named by their
 * ids in the visited set, permutations and labels by their place in the same buffer.
 *
 * Layer:  sim/explore.
 * Owns:   its arrays; edge_buf_done() frees them.
 */
#ifndef SIM_EXPLORE_EXPLORE_EDGES_H
#define SIM_EXPLORE_EXPLORE_EDGES_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/explore.h"

/* SimEdge.to until the successor is known, and for ever if the run was cut before. */
#define EDGE_TO_DROPPED (UINT32_MAX - 1)

#define EDGE_PERMS_MAX 65536u /* SimEdge.perm has 16 bits */

typedef struct EdgeBuf {
	SimEdge *edges;
	uint64_t edges_n, edges_cap;
	uint64_t *labels;
	uint64_t labels_n, labels_cap;
	uint8_t (*perms)[SIM_PERM_MAX]; /* 0 is the identity */
	uint32_t perms_n;
	uint32_t *perm_slots;  /* open addressing: index + 1 */
	uint32_t perm_slots_n; /* power of two; at most half are taken */
} EdgeBuf;

void edge_buf_done(EdgeBuf *b);

/*
 * Append an edge to EDGE_TO_DROPPED with the visible labels of @log; @perm is NULL for
 * the identity. False if labels or permutations have outgrown what SimEdge can name.
 */
bool edge_buf_add(EdgeBuf *b, uint32_t from, SimAction action, const SimLog *log,
		  const uint8_t *perm);

uint64_t edge_buf_bytes(const EdgeBuf *b);

#endif /* SIM_EXPLORE_EXPLORE_EDGES_H */
