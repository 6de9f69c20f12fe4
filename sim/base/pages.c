/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.c - anonymous mappings, with huge pages where they pay
 */
#include "sim/base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

#include "sim/base/check.h"

/* Below this a huge page would cost more to clear than it saves in TLB misses. */
#define PAGES_HUGE_FROM_BYTES ((size_t)4 << 20)
#define PAGES_HUGE_BYTES      ((size_t)2 << 20)
#define PAGES_BYTES           ((size_t)4096)

void *pages_map_small(size_t bytes)
{
	void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

void *pages_map(size_t bytes)
{
	const size_t huge = PAGES_HUGE_BYTES;
	char *pages, *aligned;
	size_t head;

	if (bytes < PAGES_HUGE_FROM_BYTES)
		return pages_map_small(bytes);
	/* Only an aligned mapping can be huge from its first byte on: trim a larger one.
	 */
	pages = pages_map_small(bytes + huge);
	if (!pages)
		return NULL;
	head = -(uintptr_t)pages & (huge - 1);
	aligned = pages + head;
	if (head)
		SIM_CHECK(munmap(pages, head) == 0);
	bytes = (bytes + PAGES_BYTES - 1) & ~(PAGES_BYTES - 1);
	SIM_CHECK(munmap(aligned + bytes, huge - head) == 0);
	/* Advice only: a kernel without huge pages is slower, nothing else. */
	(void)madvise(aligned, bytes, MADV_HUGEPAGE);
	return aligned;
}

void pages_unmap(void *pages, size_t bytes)
{
	if (pages)
		SIM_CHECK(munmap(pages, bytes) == 0);
}
