/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hist.h - outcomes seen and how often, in memory that child and parent share
 *
 * The child writes, the parent reads when the child is gone; what a child that crashed
 * had seen before is not lost.
 *
 * Layer:  kernel/agent; libc only.
 * Owns:   AgentHist is one shared mapping, made once.
 */
#ifndef KERNEL_AGENT_HIST_H
#define KERNEL_AGENT_HIST_H

#include <stdbool.h>
#include <stdint.h>

#define HIST_BYTES (4u << 20)

typedef struct HistEntry {
	uint64_t hash;  /* of the text */
	uint64_t goal;  /* proto_hash() of the outcome */
	uint32_t n;     /* times seen */
	uint32_t first; /* run that saw it first, from 0 */
	uint32_t len;   /* bytes of text that follow, NUL included */
	uint32_t trace; /* bytes of trace behind it, NUL included, padded to 8; or 0 */
	uint32_t next;  /* offset of the entry behind this one */
} HistEntry;

typedef struct AgentHist {
	uint32_t runs;    /* completed, steered ones left out */
	uint32_t steered; /* completed by a plan */
	uint32_t plan;    /* the plan being tried */
	uint32_t hung;    /* of these, with a task that hangs */
	uint32_t lost;    /* outcomes that found no room */
	uint32_t entries; /* distinct outcomes */
	uint32_t used;    /* bytes of data in use */
	uint32_t skipped; /* the scenario cannot run; why says so */
	char why[128];
	char data[];
} AgentHist;

AgentHist *agent_hist_new(void); /* NULL without memory */
void agent_hist_clear(AgentHist *h);

/* An outcome of a run, as it is counted. */
typedef struct HistSeen {
	const char *text;
	uint32_t len;
	uint64_t goal;
	bool hung, steered;
	const char *trace; /* kept if the outcome is new; NULL: none */
} HistSeen;

/* Count @seen and its run. */
void agent_hist_add(AgentHist *h, const HistSeen *seen);

/* Was an outcome with this proto_hash() seen? */
bool agent_hist_has(const AgentHist *h, uint64_t goal);

#endif /* KERNEL_AGENT_HIST_H */
