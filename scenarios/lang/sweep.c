/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep.c - combinations counted like a number with mixed bases, the last digit fastest
 */
#include "scenarios/lang/sweep.h"

#include <string.h>

#include "scenarios/lang/flags.h"

const char *scn_define_find(const ScnDefine *defines, uint32_t n, const char *name)
{
	while (n-- > 0)
		if (strcmp(defines[n].name, name) == 0)
			return defines[n].value;
	return NULL;
}

void scn_define_eval(ScnLoad *l, const ScnItem *item, const char *define, int64_t *ret)
{
	g_autofree char *text = g_strdup_printf("param x = %s\n", define);
	g_autoptr(ScnSource) src = scn_source_new("-D", text, strlen(text));
	g_autoptr(ScnTree) tree = scn_tree_parse(src);
	ScnSource *real = l->src;
	const ScnItem *param = tree->items;

	*ret = 0;
	if (src->errors == 0 && param && !param->next && param->kind == SCN_ITEM_PARAM) {
		l->src = src;
		scn_eval(l, param->args, SCN_FLAGS_ALL, ret);
		l->src = real;
	} else if (src->errors == 0) {
		scn_diag(src, SCN_ERROR, item->name->span.loc, "this is not one value");
	}
	if (src->errors)
		scn_diag(l->src, SCN_ERROR, item->name->span.loc, "-D %s=%s: %s",
			 item->name->text, define,
			 ((const ScnDiag *)src->diags->pdata[0])->what);
}

void scn_define_check(ScnLoad *l)
{
	const ScnLoc start = {.line = 1, .col = 1, .end = 2};

	for (uint32_t i = 0; i < l->defines_n; i++) {
		const char *name = l->defines[i].name;
		const ScnName *known = scn_name_find(l, name);
		ScnNear near = scn_near(name);
		g_autofree char *hint = NULL;

		if (known && known->kind == SCN_NAME_PARAM)
			continue;
		for (uint32_t j = 0; j < l->out->params_n; j++)
			scn_near_offer(&near, l->out->params[j].name);
		hint = scn_near_hint(&near);
		scn_diag(l->src, SCN_ERROR, start, "-D %s: there is no such parameter%s",
			 name, hint);
	}
}

static uint32_t values_of(const ScnItem *item, const ScnDefine *defines, uint32_t n)
{
	uint32_t count = 0;

	if (item->kind != SCN_ITEM_SWEEP || scn_define_find(defines, n, item->name->text))
		return 1;
	for (const ScnNode *node = item->args; node; node = node->next)
		count++;
	return count;
}

uint32_t scn_sweep_combos(const ScnItem *from, const ScnDefine *defines, uint32_t n)
{
	uint64_t combos = 1;

	for (; from; from = from->next) {
		combos *= values_of(from, defines, n);
		if (combos > SCN_COMBOS_MAX)
			return 0;
	}
	return (uint32_t)combos;
}

const ScnNode *scn_sweep_value(ScnLoad *l, const ScnItem *item)
{
	const uint32_t inner = scn_sweep_combos(item->next, l->defines, l->defines_n);
	const uint32_t n = values_of(item, l->defines, l->defines_n);
	const ScnNode *node = item->args;
	uint32_t digit;

	/* Too many combinations: scn_load() has said so. */
	if (inner == 0)
		return node;
	for (digit = l->sweep_index / inner % n; digit; digit--)
		node = node->next;
	return node;
}
