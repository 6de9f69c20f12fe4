/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arena.c - a bump allocator over a list of blocks
 */
#include "scenarios/lang/arena.h"

#include <string.h>

#define BLOCK_BYTES ((gsize)64 * 1024)
#define ALIGN       ((gsize)16)

struct ScnArena {
	GPtrArray *blocks;
	char *at;   /* next free byte of the newest small block */
	gsize left; /* bytes behind @at */
};

ScnArena *scn_arena_new(void)
{
	ScnArena *arena = g_new0(ScnArena, 1);

	arena->blocks = g_ptr_array_new_with_free_func(g_free);
	return arena;
}

void scn_arena_free(ScnArena *arena)
{
	if (!arena)
		return;
	g_ptr_array_unref(arena->blocks);
	g_free(arena);
}

void *scn_arena_alloc(ScnArena *arena, gsize size)
{
	void *mem;

	size = (size + ALIGN - 1) & ~(ALIGN - 1);
	/* A large piece gets a block of its own and leaves the current one in use. */
	if (size > BLOCK_BYTES / 8) {
		mem = g_malloc0(size);
		g_ptr_array_add(arena->blocks, mem);
		return mem;
	}
	if (size > arena->left) {
		arena->at = g_malloc0(BLOCK_BYTES);
		arena->left = BLOCK_BYTES;
		g_ptr_array_add(arena->blocks, arena->at);
	}
	mem = arena->at;
	arena->at += size;
	arena->left -= size;
	return mem;
}

char *scn_arena_strndup(ScnArena *arena, const char *text, gsize len)
{
	char *copy = scn_arena_alloc(arena, len + 1);

	memcpy(copy, text, len);
	return copy;
}
