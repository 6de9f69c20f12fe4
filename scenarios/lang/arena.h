/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arena.h - memory that is given back all at once
 *
 * The parse tree of a file is built node by node, half of it may be thrown away by error
 * recovery, and it is freed as a whole: nobody has to say who owns what.
 *
 * Layer: scenarios/lang; GLib.
 * Owns:  its blocks, until scn_arena_free().
 */
#ifndef SCENARIOS_LANG_ARENA_H
#define SCENARIOS_LANG_ARENA_H

#include <glib.h>

typedef struct ScnArena ScnArena;

ScnArena *scn_arena_new(void);
void scn_arena_free(ScnArena *arena);

/* @size zeroed bytes, aligned for anything; never NULL. */
void *scn_arena_alloc(ScnArena *arena, gsize size);

/* A copy of @len bytes of @text, with a NUL behind. */
char *scn_arena_strndup(ScnArena *arena, const char *text, gsize len);

#define scn_arena_new0(arena, type) ((type *)scn_arena_alloc(arena, sizeof(type)))

#endif /* SCENARIOS_LANG_ARENA_H */
