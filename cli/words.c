/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.c - tables of words
 */
#include "cli/words.h"

#include "cli/cli.h"

const char *cli_kind_word(SimPropKind kind)
{
	static const char *const words[SIM_PROP_KIND_COUNT_] = {
		[SIM_PROP_ALWAYS] = "always",
		[SIM_PROP_NEVER] = "never",
		[SIM_PROP_FORALL] = "forall",
		[SIM_PROP_EXISTS] = "exists",
	};

	return words[kind];
}

const char *cli_cut_word(SimCut cut)
{
	static const char *const words[SIM_CUT_COUNT_] = {
		[SIM_CUT_NONE] = "nothing",      [SIM_CUT_STATES] = "states",
		[SIM_CUT_BYTES] = "memory",      [SIM_CUT_ASKED] = "time",
		[SIM_CUT_FIRST] = "first found",
	};

	return cut == SIM_CUT_ASKED && cli_interrupted() ? "^C" : words[cut];
}

const char *cli_end_word(SimRunEnd end)
{
	static const char *const words[SIM_RUN_END_COUNT_] = {
		[SIM_RUN_FINAL] = "finished",
		[SIM_RUN_LIMIT] = "not finished",
		[SIM_RUN_STOPPED] = "stopped",
		[SIM_RUN_DIVERGED] = "diverged",
	};

	return words[end];
}

const char *cli_relation_word(SimAutRelation relation)
{
	static const char *const words[SIM_AUT_RELATION_COUNT_] = {
		[SIM_AUT_EQUAL] = "equal",       [SIM_AUT_SUBSET] = "subset",
		[SIM_AUT_SUPERSET] = "superset", [SIM_AUT_OVERLAP] = "overlap",
		[SIM_AUT_DISJOINT] = "disjoint",
	};

	return words[relation];
}
