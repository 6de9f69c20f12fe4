/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - misbehave on command, so that the host can be tested
 *
 * Layer:  kernel/agent; libc only.
 */
#ifndef KERNEL_AGENT_FAULT_H
#define KERNEL_AGENT_FAULT_H

#include <stdbool.h>

/* Kind as PROTO_FAULT has it; may not return. False: not a test, or no such kind. */
bool agent_fault(int kind);

#endif /* KERNEL_AGENT_FAULT_H */
