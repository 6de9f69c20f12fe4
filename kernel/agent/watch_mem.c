/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch_mem.c - memory of the kernel, through /proc/kcore
 */
#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include "kernel/agent/watch.h"

#define SEGMENTS_MAX 64

static struct {
	int fd; /* 0: not tried, -1: there is none */
	Elf64_Phdr segments[SEGMENTS_MAX];
	uint32_t n;
} core;

static bool core_open(void)
{
	Elf64_Ehdr head;
	ssize_t bytes;

	if (core.fd)
		return core.fd > 0;
	core.fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	if (core.fd <= 0) {
		core.fd = -1;
		return false;
	}
	if (pread(core.fd, &head, sizeof(head), 0) != sizeof(head) ||
	    head.e_phentsize != sizeof(Elf64_Phdr)) {
		close(core.fd);
		core.fd = -1;
		return false;
	}
	core.n = head.e_phnum < SEGMENTS_MAX ? head.e_phnum : SEGMENTS_MAX;
	bytes = (ssize_t)(core.n * sizeof(Elf64_Phdr));
	if (pread(core.fd, core.segments, (size_t)bytes, (off_t)head.e_phoff) != bytes)
		core.n = 0;
	return true;
}

bool agent_kernel_read(uint64_t addr, void *buf, size_t len)
{
	if (!core_open())
		return false;
	for (uint32_t i = 0; i < core.n; i++) {
		const Elf64_Phdr *p = &core.segments[i];
		const uint64_t off = addr - p->p_vaddr;

		if (p->p_type == PT_LOAD && addr >= p->p_vaddr && off < p->p_memsz)
			return pread(core.fd, buf, len, (off_t)(p->p_offset + off)) ==
			       (ssize_t)len;
	}
	return false;
}
