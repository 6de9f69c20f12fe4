/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - what the kernel says of itself while a scenario runs
 *
 * Tracepoints of tracefs, in a guest of its own only: the trace buffer of anybody else's
 * machine is left alone. The life of resource nodes is followed with kprobes.
 *
 * Layer:  kernel/agent.
 * State:  descriptors of this process.
 */
#ifndef KERNEL_AGENT_TRACE_H
#define KERNEL_AGENT_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Switch the events of @what (ProtoTrace bits) on; false: this kernel has no tracefs. */
bool agent_trace_on(uint32_t what);

/* Forget what was recorded. */
void agent_trace_begin(void);

/* The lines recorded since, without the head, cut at @len; bytes in @buf. */
size_t agent_trace_read(char *buf, size_t len);

#endif /* KERNEL_AGENT_TRACE_H */
