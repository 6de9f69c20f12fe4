/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.h - what the guest says of one scenario, line by line
 *
 * Layer:  kernel; may include kernel/vm/campaign.h, json-glib.
 * Owns:   nothing; a result is its report's.
 * Errors: a line that is no outcome makes the result a stuck one.
 */
#ifndef KERNEL_VM_RESULT_H
#define KERNEL_VM_RESULT_H

#include <json-glib/json-glib.h>

#include "kernel/vm/campaign.h"

/* As before its first line. */
void kernel_result_clear(KernelResult *r);

/*
 * Add what one line of the agent, or of the journal, says about a scenario. The runs of
 * several guests add up: an "end" closes those of one.
 */
void kernel_result_take(KernelResult *r, JsonObject *line);

#endif /* KERNEL_VM_RESULT_H */
