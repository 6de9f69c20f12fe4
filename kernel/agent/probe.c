/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.c - what this kernel can do, found out by doing it
 */
#include "kernel/agent/probe.h"

#include <stdint.h>
#include <stdlib.h>

#include "kernel/agent/rawring.h"
#include "model/abi/abi.h"

/* Submit @n SQEs on a new ring and collect their CQEs in @seen; false if any is missing.
 */
static bool try_sqes(const RawSqe *sqes, uint32_t n, RawSeen *seen)
{
	RawRing ring;
	bool ok;

	raw_ring_init(&ring);
	if (raw_ring_open(&ring, 8, 0, ABI_SETUP_SUBMIT_ALL, n + 8) < 0)
		return false;
	for (uint32_t i = 0; i < n; i++)
		raw_ring_fill(&ring, &sqes[i]);
	ok = raw_ring_enter(&ring, n, 0, ABI_ENTER_GETEVENTS) == (int)n;
	raw_ring_reap(&ring, UINT32_MAX);
	ok = ok && ring.log_n == n;
	for (uint32_t i = 0; ok && i < n; i++)
		seen[i] = ring.log[i];
	raw_ring_close(&ring);
	raw_ring_log_free(&ring);
	return ok;
}

bool agent_probe_groups(void)
{
	const RawSqe sqes[] = {
		{.opcode = ABI_OP_NOP, .flags = ABI_SQE_GROUP, .user_data = 1},
		{.opcode = ABI_OP_NOP, .user_data = 2},
	};
	RawSeen seen[2];

	return try_sqes(sqes, 2, seen) && seen[0].res == 0 && seen[1].res == 0;
}

int agent_probe_ring(void)
{
	RawRing ring;
	int err;

	raw_ring_init(&ring);
	err = raw_ring_open(&ring, 1, 0, 0, 1);
	raw_ring_close(&ring);
	raw_ring_log_free(&ring);
	return -err;
}

bool agent_probe_inject(void)
{
	const RawSqe sqe = {.opcode = ABI_OP_NOP,
			    .op_flags = RAW_NOP_INJECT,
			    .len = (uint32_t)-ABI_EIO,
			    .user_data = 1};
	RawSeen seen;

	return try_sqes(&sqe, 1, &seen) && seen.res == -ABI_EIO;
}
