/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.h - a scenario as lines for the guest agent
 *
 * The defaults that a scenario leaves out are those of scenarios/run: a transfer without
 * len= is as long as its buffer, a ring belongs to the first task that uses it. They are
 * written a second time here on purpose: both sides of a comparison share tables, no
 * code.
 *
 * Layer:  kernel; may include scenarios/lang, model/abi and kernel/agent/proto.h.
 * Owns:   nothing; the caller owns the text.
 * Errors: a scenario that the agent cannot run is no error: *ret_skip says why.
 */
#ifndef KERNEL_COMPARE_COMPILE_H
#define KERNEL_COMPARE_COMPILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "scenarios/lang/scenario.h"

typedef struct KernelCompileOptions {
	uint32_t id;       /* comes back in every line of the agent */
	uint32_t runs;     /* repetitions inside the guest, >= 1 */
	uint64_t seed;     /* of the jitter of runs 1 .. runs-1 */
	uint32_t limit_ms; /* without progress, then the process is killed */
	bool watch;        /* releases are looked for */
	const char *plans; /* lines from PROTO_PLAN on, or NULL */
} KernelCompileOptions;

/*
 * Append the lines of @s to @out, PROTO_SCENARIO to PROTO_GO. False if the agent cannot
 * run it: @out is untouched and *@ret_skip a reason that the caller frees.
 */
bool kernel_compile(const ScnScenario *s, const KernelCompileOptions *opt, GString *out,
		    char **ret_skip);

#endif /* KERNEL_COMPARE_COMPILE_H */
