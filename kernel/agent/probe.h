/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.h - what this kernel can do, found out by doing it
 *
 * Feature bits lie: bit 16 means groups on one kernel and something else on another.
 *
 * Layer:  kernel/agent.
 */
#ifndef KERNEL_AGENT_PROBE_H
#define KERNEL_AGENT_PROBE_H

#include <stdbool.h>

/* Does a group of two NOPs go through? */
bool agent_probe_groups(void);

/* 0, or errno of setting up the plainest ring. */
int agent_probe_ring(void);

/* Does NOP inject the result that it is told to? */
bool agent_probe_inject(void);

#endif /* KERNEL_AGENT_PROBE_H */
