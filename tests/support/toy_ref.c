/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * toy_ref.c - breadth first with GLib containers
 */
#include "tests/support/toy_ref.h"

#include <string.h>
#include <glib.h>

/* Found so far, in order; a state's steps beside it. */
typedef struct Found {
	GPtrArray *worlds; /* of GBytes, owned by the table */
	GArray *steps;     /* uint32_t */
	GHashTable *table; /* GBytes to nothing */
} Found;

static void find(Found *f, const void *world, size_t bytes, uint32_t steps)
{
	GBytes *key = g_bytes_new(world, bytes);

	if (g_hash_table_contains(f->table, key)) {
		g_bytes_unref(key);
		return;
	}
	g_hash_table_add(f->table, key);
	g_ptr_array_add(f->worlds, key);
	g_array_append_val(f->steps, steps);
}

static void decide(ToyRef *ref, const SimModel *model, const void *world, bool final,
		   uint32_t steps)
{
	const uint64_t bits = model->judge(model->self, world, final);

	for (uint32_t i = 0; i < model->props_count; i++) {
		const SimPropKind kind = model->props[i].kind;
		const bool is = bits >> i & 1;
		const bool hit = (kind == SIM_PROP_ALWAYS && !is) ||
				 (kind == SIM_PROP_NEVER && is) ||
				 (kind == SIM_PROP_FORALL && final && !is) ||
				 (kind == SIM_PROP_EXISTS && final && is);

		if (hit && !(ref->decided >> i & 1)) {
			ref->decided |= UINT64_C(1) << i;
			ref->steps[i] = steps;
		}
	}
}

ToyRef toy_ref_explore(const SimModel *model)
{
	ToyRef ref = {0};
	g_autofree SimAction *actions = g_new(SimAction, model->actions_max + 1);
	g_autofree SimEvent *events = g_new(SimEvent, model->events_max + 1);
	g_autofree uint8_t *world = g_malloc0(model->world_bytes);
	Found f = {
		.worlds = g_ptr_array_new(),
		.steps = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
		.table = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
					       (GDestroyNotify)g_bytes_unref, NULL),
	};

	model->init(model->self, world);
	find(&f, world, model->world_bytes, 0);
	for (guint at = 0; at < f.worlds->len; at++) {
		const void *from =
			g_bytes_get_data(g_ptr_array_index(f.worlds, at), NULL);
		const uint32_t steps = g_array_index(f.steps, uint32_t, at);
		const uint32_t n = model->enabled(model->self, from, actions);

		decide(&ref, model, from, n == 0, steps);
		ref.finals += n == 0;
		for (uint32_t i = 0; i < n; i++) {
			SimLog log = {.ev = events, .cap = model->events_max};

			memcpy(world, from, model->world_bytes);
			model->apply(model->self, world, actions[i], &log);
			ref.transitions++;
			find(&f, world, model->world_bytes, steps + 1);
		}
	}
	ref.states = f.worlds->len;
	g_ptr_array_unref(f.worlds);
	g_array_unref(f.steps);
	g_hash_table_unref(f.table);
	return ref;
}
