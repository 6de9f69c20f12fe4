/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_net.h - explorations without an explorer: written by hand, or made naively
 *
 * Layer: tests. What the automaton is tested with must not depend on the explorer that
 *        uses it.
 * Owns:  free what net_parse() and net_explore() return with net_free().
 */
#ifndef TESTS_SUPPORT_T_NET_H
#define TESTS_SUPPORT_T_NET_H

#include "sim/explore/explore.h"

/*
 * Edges between numbered states, "from:labels:to", separated by blanks. A label is one
 * letter; no letter is a hidden edge; "." for to is SIM_STATE_END. "0:ab:1 1::." is the
 * word ab. Sorted by from by the caller.
 */
SimExploration *net_parse(const char *text);

/* An empty exploration to put edges into, in the order of from. */
SimExploration *net_new(void);
void net_add(SimExploration *x, uint32_t from, const uint64_t *labels, uint16_t labels_n,
	     uint32_t to);

/* Every reachable state by linear search, modulo canon() if @symmetric. */
SimExploration *net_explore(const SimModel *model, bool symmetric);

void net_free(SimExploration *x);

#endif /* TESTS_SUPPORT_T_NET_H */
