/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_judge.h - does the model allow what a real kernel did?
 *
 * Layer:  cli; the only place where observations of kernel/ meet automata of the model.
 * Owns:   nothing.
 */
#ifndef CLI_KERNEL_JUDGE_H
#define CLI_KERNEL_JUDGE_H

#include "kernel/compare/outcome.h"
#include "sim/explore/automaton.h"

/* Where an observation left what the model allows. */
typedef struct KernelMiss {
	bool too_short;   /* it ended where more must come */
	uint64_t label;   /* the first label that was not possible, if not */
	uint32_t *states; /* automaton states before it; the caller frees with g_free() */
	uint32_t states_n;
} KernelMiss;

/*
 * Is @o an outcome of @a? CQEs of one ring keep their order, those of several rings may
 * be interleaved in any way, because nobody outside can order them: the set of states
 * after each prefix is carried along. If not, @ret_miss says where the longest prefix
 * ended.
 */
bool cli_kernel_allowed(const SimAutomaton *a, const KernelOutcome *o,
			KernelMiss *ret_miss);

#endif /* CLI_KERNEL_JUDGE_H */
