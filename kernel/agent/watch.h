/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - when does the kernel let go of what is in a table?
 *
 * Releases are seen where they happen, by kprobes: fput() as it is called by the code of
 * resource nodes, and the end of a mapping of pages. Which object of the scenario it was
 * is told by the address of its struct file, asked for at the start of each run, or of
 * its memory; which ring, by the call around it. The order against CQEs is that of one
 * buffer with the tracepoint of each CQE and a clock that counts, so nothing is concluded
 * from times.
 *
 * A probe stands behind what must come before a release (the CQE of its tag), and before
 * anything that can only come after it; the tracepoint of a CQE stands between the CQE
 * and the moment at which anybody can see it. So what the kernel orders, the buffer has
 * in that order.
 *
 * Layer:  kernel/agent.
 * State:  a tracing instance of this process, which --trace does not share.
 */
#ifndef KERNEL_AGENT_WATCH_H
#define KERNEL_AGENT_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WATCH_RELEASES_MAX 512u
#define WATCH_OPCODE       "5" /* IORING_UNREGISTER_EVENTFD: that of rings' names */

typedef struct AgentRelease {
	uint64_t ctx; /* of the ring */
	int32_t at;   /* CQEs of the ring before it, -1: unknown */
	uint32_t ring, as;
} AgentRelease;

/* What was released in a run; "rel", "refs" and "blind" of an outcome. */
typedef struct AgentWatch {
	const char *blind; /* why nothing can be said, or NULL */
	AgentRelease releases[WATCH_RELEASES_MAX];
	uint32_t releases_n;
	uint32_t refs[128]; /* by name of the object: of its nodes, at the end */
	bool counted;       /* refs are known */
} AgentWatch;

struct AgentRun;

/* Probes on, before a scenario that has PROTO_WATCH lines, or off. */
void agent_watch(bool wanted);

/* At the start of a run, when its objects are there; at its end, before they go. */
void agent_watch_begin(const struct AgentRun *run);
void agent_watch_end(const struct AgentRun *run, AgentWatch *ret);

/* This process can call io_uring_register(2) on @ring, and does at the end of a run. */
bool agent_watch_names(const struct AgentRun *run, uint32_t ring);

/* --- watch_parse.c ------------------------------------------------------------------ */

/* Read the lines of @trace; they are cut up on the way. */
void agent_watch_parse(const struct AgentRun *run, int watcher, char *trace,
		       AgentWatch *ret);

/* --- watch_mem.c -------------------------------------------------------------------- */

/* @len bytes of the kernel's memory at @addr; false: not to be had. */
bool agent_kernel_read(uint64_t addr, void *buf, size_t len);

#endif /* KERNEL_AGENT_WATCH_H */
