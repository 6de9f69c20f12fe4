/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ublk_look.c - what a task sees of a device: may it open it, which request is described
 *
 * Kernel: include/uapi/linux/ublk_cmd.h as facts; sizes are checked below.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/agent/run.h"

/* struct ublksrv_io_desc */
typedef struct Iod {
	uint32_t op_flags, sectors;
	uint64_t start, addr;
} Iod;
_Static_assert(sizeof(Iod) == 24, "size of struct ublksrv_io_desc");

/* The char device once more: who has it open is not asked, so it says -EBUSY. */
int64_t agent_ublk_open_again(const AgentUblk *u)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/ublkc%d", u->id);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Bytes of the request that the description of @tag tells of. */
int64_t agent_ublk_described(const AgentRun *run, uint32_t ublk, uint32_t tag)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t len = run->prog->ublks[ublk].depth * sizeof(Iod);
	const size_t size = (len + page - 1) / page * page;
	const Iod *iods = mmap(NULL, size, PROT_READ, MAP_SHARED, run->ublks[ublk].fd, 0);
	int64_t ret;

	if (iods == MAP_FAILED)
		return -errno;
	ret = (int64_t)__atomic_load_n(&iods[tag].sectors, __ATOMIC_RELAXED) << 9;
	munmap((void *)(uintptr_t)iods, size);
	return ret;
}
