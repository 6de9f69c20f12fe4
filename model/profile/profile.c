/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile.c - the table of profiles
 */
#include "model/profile/profile.h"

#include <string.h>

const Profile profiles[] = {
	{"linux-6.12", RULE_P_LINUX_6_12, "Linux 6.12, no groups"},
	{"linux-7", RULE_P_LINUX_7,
	 "Linux 7.x: drain by objects, task work item by item"},
	{"sqe-group", RULE_P_GROUP, "6.12 plus SQE groups as the series meant them"},
	{"sqe-group-v8", RULE_P_GROUP_V8, "6.12 plus SQE groups exactly as posted in V8"},
	{0},
};

const Profile *profile_find(const char *name)
{
	for (const Profile *p = profiles; p->name; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

RuleSet profile_rules(const Profile *profile)
{
	RuleSet set = {0};

	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++)
		if (rule_profiles((RuleId)i) & profile->bit)
			rule_put(&set, (RuleId)i, true);
	return set;
}
