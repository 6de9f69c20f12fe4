/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.c - the rows of rules.def as tables
 */
#include "model/rules/rules.h"

#include <string.h>

static const struct {
	const char *name, *function, *text;
	uint32_t profiles;
	RuleKind kind;
} rows[RULE_COUNT_] = {
	[RULE_NONE] = {"none", "", "", 0, RULE_FACT},
#define RULE(id, nm, prof, kd, fn, tx)                                                   \
	[RULE_##id] = {nm, fn, tx, RULE_P_##prof, RULE_##kd},
#include "model/rules/rules.def"
};

const char *rule_name(RuleId rule)
{
	return rows[rule].name;
}

const char *rule_text(RuleId rule)
{
	return rows[rule].text;
}

const char *rule_function(RuleId rule)
{
	return rows[rule].function;
}

uint32_t rule_profiles(RuleId rule)
{
	return rows[rule].profiles;
}

RuleKind rule_kind(RuleId rule)
{
	return rows[rule].kind;
}

RuleId rule_find(const char *name)
{
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (RuleId)i;
	return RULE_NONE;
}
