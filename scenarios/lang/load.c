/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.c - from a text to a ScnScenario, step by step
 *
 * A step goes on after errors of the one before: all mistakes of a file come at once.
 */
#include "scenarios/lang/load.h"

#include "scenarios/lang/source.h"
#include "scenarios/lang/sweep.h"

static void init(ScnLoad *l)
{
	l->out = g_new0(ScnScenario, 1);
	l->out->path = g_strdup(l->src->path);
	l->arena = scn_arena_new();
	l->names = g_hash_table_new(g_str_hash, g_str_equal);
	l->vars = g_array_new(FALSE, FALSE, sizeof(ScnVar));
	l->objs = g_array_new(FALSE, TRUE, sizeof(ScnObj));
	l->sqes = g_array_new(FALSE, FALSE, sizeof(ScnSqeRef));
	l->later = g_array_new(FALSE, FALSE, sizeof(ScnLater));
	l->pending = g_array_new(FALSE, TRUE, sizeof(uint32_t));
}

static void done(ScnLoad *l)
{
	g_array_unref(l->pending);
	g_array_unref(l->later);
	g_array_unref(l->vars);
	g_hash_table_unref(l->names);
	scn_arena_free(l->arena);
}

/* The tables that grew become the scenario's. */
static void hand_over(ScnLoad *l)
{
	l->out->objs_n = l->objs->len;
	l->out->objs = (ScnObj *)(void *)g_array_free(l->objs, FALSE);
	l->out->sqes_n = l->sqes->len;
	l->out->sqes = (ScnSqeRef *)(void *)g_array_free(l->sqes, FALSE);
	l->objs = l->sqes = NULL;
}

static void check_combination(ScnLoad *l)
{
	const ScnLoc start = {.line = 1, .col = 1, .end = 2};
	const uint32_t n = scn_sweep_combos(l->tree->items, l->defines, l->defines_n);

	if (n == 0)
		scn_diag(l->src, SCN_ERROR, start,
			 "the sweeps make more than %d combinations", SCN_COMBOS_MAX);
	else if (l->sweep_index >= n)
		scn_diag(l->src, SCN_ERROR, start,
			 "combination %u of the sweeps was asked for, there are %u (from "
			 "0)",
			 l->sweep_index, n);
}

ScnScenario *scn_load(ScnSource *src, const ScnDefine *defines, uint32_t defines_n,
		      uint32_t sweep_index)
{
	ScnLoad l = {.src = src,
		     .tree = scn_source_tree(src),
		     .defines = defines,
		     .defines_n = defines_n,
		     .sweep_index = sweep_index};

	init(&l);
	check_combination(&l);
	scn_declare_head(&l);
	scn_declare_objects(&l);
	scn_expand_tasks(&l);
	scn_bind_later(&l);
	scn_conditions(&l);
	hand_over(&l);
	done(&l);
	scn_source_finish_diags(src);
	if (src->errors == 0)
		return l.out;
	scn_scenario_free(l.out);
	return NULL;
}

uint32_t scn_sweep_count(ScnSource *src, const ScnDefine *defines, uint32_t defines_n)
{
	const ScnTree *tree = scn_source_tree(src);

	scn_source_finish_diags(src);
	return src->errors ? 0 : scn_sweep_combos(tree->items, defines, defines_n);
}
