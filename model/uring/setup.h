/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup.h - what io_uring_setup(2) grants
 *
 * Kernel: io_uring_create(), io_uring/io_uring.c.
 * Rules: .
 * Layer:  model/uring; may include model/abi, model/rules.
 * State:  none; pure functions.
 */
#ifndef MODEL_URING_SETUP_H
#define MODEL_URING_SETUP_H

#include <stdint.h>

#include "model/rules/rules.h"

#define URING_SQ_ENTRIES_MAX 32768u /* IORING_MAX_ENTRIES */
#define URING_CQ_ENTRIES_MAX 65536u /* IORING_MAX_CQ_ENTRIES */

/*
 * uring_setup_check - decide one io_uring_setup(2) call
 * @rules:    rules in force
 * @entries:  SQ entries asked for
 * @flags:    ABI_SETUP_*
 * @cq_in:    CQ entries asked for; read only with CQSIZE
 * @ret_sq, @ret_cq: granted entries, powers of two; set on success
 * @ret_rule: on refusal the rule that decided
 *
 * Return: 0, or the -errno that user space sees. Checks run in the kernel's order.
 */
int32_t uring_setup_check(const RuleSet *rules, uint32_t entries, uint32_t flags,
			  uint32_t cq_in, uint32_t *ret_sq, uint32_t *ret_cq,
			  RuleId *ret_rule);

#endif /* MODEL_URING_SETUP_H */
