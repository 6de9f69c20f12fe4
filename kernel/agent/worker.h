/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.h - the process that scenarios run in
 *
 * One process runs scenario after scenario; what hangs or crashes costs that process and
 * no more, and the next one goes on behind the run that did it. It is replaced from time
 * to time anyway, so that nothing of ours can pile up.
 *
 * Layer:  kernel/agent.
 * Owns:   AgentShared is one mapping of parent and worker. The parent writes the program,
 *         the worker the histogram, each while the other waits.
 */
#ifndef KERNEL_AGENT_WORKER_H
#define KERNEL_AGENT_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/agent/hist.h"
#include "kernel/agent/prog.h"

typedef struct AgentShared {
	bool enough; /* a run left something of the kernel stuck: no other one */
	AgentProg prog;
	AgentHist *hist;
	bool own_machine;
	uint32_t trace; /* ProtoTrace */
} AgentShared;

AgentShared *agent_shared_new(void); /* NULL without memory */

/*
 * Run sh->prog until sh->hist has all its runs. False and @why if that is not possible:
 * killed for want of progress, died of a signal.
 */
bool agent_worker_run(AgentShared *sh, char *why, size_t why_len);

#endif /* KERNEL_AGENT_WORKER_H */
