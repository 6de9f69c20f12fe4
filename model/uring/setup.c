/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * setup.c - ring sizes and flag consistency, check by check in the kernel's order
 */
#include "model/uring/setup.h"

#include <stdbool.h>

#include "model/abi/abi.h"

static uint32_t roundup_pow2(uint32_t n)
{
	uint32_t p = 1;

	while (p < n)
		p <<= 1;
	return p;
}

static bool flags_consistent(uint32_t flags)
{
	const uint32_t tw =
		ABI_SETUP_COOP_TASKRUN | ABI_SETUP_TASKRUN_FLAG | ABI_SETUP_DEFER_TASKRUN;

	if (flags & ABI_SETUP_CQE32 && flags & ABI_SETUP_CQE_MIXED)
		return false;
	if (flags & ABI_SETUP_REGISTERED_FD_ONLY && !(flags & ABI_SETUP_NO_MMAP))
		return false;
	if (flags & ABI_SETUP_SQPOLL && flags & tw)
		return false;
	if (flags & ABI_SETUP_TASKRUN_FLAG &&
	    !(flags & (ABI_SETUP_COOP_TASKRUN | ABI_SETUP_DEFER_TASKRUN)))
		return false;
	return !(flags & ABI_SETUP_DEFER_TASKRUN) || flags & ABI_SETUP_SINGLE_ISSUER;
}

/* Entries asked for, bounded; 0 = refused. */
static uint32_t bounded(uint32_t entries, uint32_t max, uint32_t flags)
{
	if (entries <= max)
		return entries;
	return flags & ABI_SETUP_CLAMP ? max : 0;
}

int32_t uring_setup_check(const RuleSet *rules, uint32_t entries, uint32_t flags,
			  uint32_t cq_in, uint32_t *ret_sq, uint32_t *ret_cq,
			  RuleId *ret_rule)
{
	uint32_t sq, cq;

	/* An unknown bit, looked at before anything else. */
	*ret_rule = RULE_A_3_MIXED;
	if (flags & ABI_SETUP_CQE_MIXED && rule_in(rules, RULE_A_3_MIXED))
		return -ABI_EINVAL;
	*ret_rule = RULE_A_1;
	sq = bounded(entries, URING_SQ_ENTRIES_MAX, flags);
	if (!sq) {
		if (rule_in(rules, RULE_A_1))
			return -ABI_EINVAL;
		sq = URING_SQ_ENTRIES_MAX;
	}
	sq = roundup_pow2(sq);

	*ret_rule = RULE_A_2;
	cq = 2 * sq;
	if (flags & ABI_SETUP_CQSIZE && rule_in(rules, RULE_A_2)) {
		cq = bounded(cq_in, URING_CQ_ENTRIES_MAX, flags);
		if (!cq)
			return -ABI_EINVAL;
		/* Rounded first, compared second: the order is the rule. */
		cq = roundup_pow2(cq);
		if (cq < sq)
			return -ABI_EINVAL;
	}

	*ret_rule = RULE_A_3;
	if (!flags_consistent(flags) && rule_in(rules, RULE_A_3))
		return -ABI_EINVAL;
	*ret_rule = RULE_A_3_PAIR;
	if (flags & ABI_SETUP_CQE_MIXED && cq < 2 && rule_in(rules, RULE_A_3_PAIR))
		return -ABI_EOVERFLOW;
	*ret_sq = sq;
	*ret_cq = cq;
	*ret_rule = RULE_NONE;
	return 0;
}
