/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages.c - anonymous mappings, with huge pages where they pay
 */
#include "sim/base/pages.h"

#include <sys/mman.h>

#include "sim/base/check.h"

/* Below this a huge page would cost more to clear than it saves in TLB misses. */
#define PAGES_HUGE_FROM_BYTES ((size_t)4 << 20)

void *pages_map(size_t bytes)
{
	void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	/* Advice only: a kernel without huge pages is slower, nothing else. */
	if (bytes >= PAGES_HUGE_FROM_BYTES)
		(void)madvise(pages, bytes, MADV_HUGEPAGE);
	return pages;
}

void pages_unmap(void *pages, size_t bytes)
{
	if (pages)
		SIM_CHECK(munmap(pages, bytes) == 0);
}
