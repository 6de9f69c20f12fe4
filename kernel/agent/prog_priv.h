/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prog_priv.h - what the files of prog share
 *
 * Layer:  kernel/agent, prog*.c only.
 */
#ifndef KERNEL_AGENT_PROG_PRIV_H
#define KERNEL_AGENT_PROG_PRIV_H

#include "kernel/agent/prog.h"

/* Numbers of things begin at 1. */
static inline bool prog_within(int64_t value, uint32_t max)
{
	return value >= 1 && value <= max;
}

/* prog_plan.c: a plan, and a step of the one that came last. False: it does not fit. */
bool prog_plan_add(AgentProg *prog, const int64_t *a);
bool prog_step_add(AgentProg *prog, int letter, const int64_t *a);

#endif /* KERNEL_AGENT_PROG_PRIV_H */
