/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oracle.h - does a log agree with what a model allows?
 *
 * A log is several streams of labels. Inside of a stream the order is known; between
 * streams it is not, so every interleaving is tried at once: the oracle carries the set
 * of (automaton state, place in each stream) that agree with what it has read. Labels
 * that the observer could not see are steps that may happen at any time.
 *
 * Layer:  sim/explore; may include sim/base.
 * Owns:   SimOracle owns its tables and borrows the automaton; sim_oracle_free(). Made
 *         once, asked often: a question allocates only while the tables still grow.
 */
#ifndef SIM_EXPLORE_ORACLE_H
#define SIM_EXPLORE_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/automaton.h"

#define SIM_ORACLE_STREAMS_MAX 9u

typedef struct SimStream {
	const uint64_t *labels;
	uint32_t n;
} SimStream;

typedef struct SimSeen {
	const SimStream *streams; /* at most SIM_ORACLE_STREAMS_MAX, in no order */
	uint32_t streams_n;
	SimStream ends; /* behind all of them */
} SimSeen;

/* Where a log left what is allowed. */
typedef struct SimMiss {
	bool too_short;  /* all of it fits, but more must come */
	uint32_t fits;   /* labels that fit */
	uint64_t label;  /* else: the first that does not */
	uint32_t stream; /* its stream; streams_n = the ends */
	uint32_t index;  /* its place there */
	/* States there, ascending; borrowed from the oracle until its next question. */
	const uint32_t *states;
	uint32_t states_n;
} SimMiss;

typedef struct SimOracle SimOracle;

/* @hidden: labels that no log shows; NULL: all are shown. @a lives longer. */
SimOracle *sim_oracle_new(const SimAutomaton *a, bool (*hidden)(uint64_t label));
void sim_oracle_free(SimOracle *o);

/* Is @log an outcome? If not, *@ret_miss (may be NULL) says how far it is one. */
bool sim_oracle_check(SimOracle *o, const SimSeen *log, SimMiss *ret_miss);

#endif /* SIM_EXPLORE_ORACLE_H */
