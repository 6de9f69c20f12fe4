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
	uint64_t hash;
	uint32_t n;     /* times seen */
	uint32_t first; /* run that saw it first, from 0 */
	uint32_t len;   /* bytes of text that follow, NUL included, padded to 8 */
	uint32_t next;  /* offset of the entry behind this one */
} HistEntry;

typedef struct AgentHist {
	uint32_t runs;    /* completed */
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

/* Count @text as the outcome of run h->runs, and that run as completed. */
void agent_hist_add(AgentHist *h, const char *text, uint32_t len, bool hung);

#endif /* KERNEL_AGENT_HIST_H */
