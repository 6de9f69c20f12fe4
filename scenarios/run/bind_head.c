/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_head.c - profiles and rules by name, with a suggestion for a wrong one
 */
#include <string.h>

#include "scenarios/lang/near.h"
#include "scenarios/run/bind_priv.h"

G_DEFINE_QUARK(scn_bind_error, scn_bind_error)

static char *profile_hint(const char *name)
{
	ScnNear near = scn_near(name);
	GString *all;

	for (const Profile *p = profiles; p->name; p++)
		scn_near_offer(&near, p->name);
	if (near.best)
		return scn_near_hint(&near);
	all = g_string_new("; there are");
	for (const Profile *p = profiles; p->name; p++)
		g_string_append_printf(all, "%s %s", p == profiles ? "" : ",", p->name);
	return g_string_free(all, FALSE);
}

static char *rule_hint(const char *name)
{
	ScnNear near = scn_near(name);

	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++)
		scn_near_offer(&near, rule_name((RuleId)i));
	return scn_near_hint(&near);
}

const Profile *scn_profile_parse(const char *name, GError **error)
{
	const Profile *p = profile_find(name);

	if (!p) {
		g_autofree char *hint = profile_hint(name);

		g_set_error(error, SCN_BIND_ERROR, SCN_BIND_ERROR_PROFILE,
			    "unknown profile '%s'%s", name, hint);
	}
	return p;
}

RuleId scn_rule_parse(const char *name, GError **error)
{
	const RuleId rule = rule_find(name);

	if (rule == RULE_NONE) {
		g_autofree char *hint = rule_hint(name);

		g_set_error(error, SCN_BIND_ERROR, SCN_BIND_ERROR_RULE,
			    "unknown rule '%s'%s", name, hint);
	} else if (rule_kind(rule) != RULE_SWITCH) {
		g_set_error(error, SCN_BIND_ERROR, SCN_BIND_ERROR_RULE,
			    "rule %s follows from the code as a whole and cannot be "
			    "switched off",
			    name);
		return RULE_NONE;
	}
	return rule;
}

bool scn_rule_named(const char *word, RuleId rule)
{
	const char *name = rule_name(rule);
	const size_t n = strlen(word);

	return strncmp(name, word, n) == 0 && (name[n] == '\0' || name[n] == '/');
}

static bool any_rule_named(const char *word)
{
	for (unsigned i = RULE_NONE + 1; i < RULE_COUNT_; i++)
		if (scn_rule_named(word, (RuleId)i))
			return true;
	return false;
}

void bind_head(Bind *b)
{
	for (uint32_t i = 0; i < b->scn->profiles_n; i++) {
		const ScnWord *word = &b->scn->profiles[i];

		if (!profile_find(word->text)) {
			g_autofree char *hint = profile_hint(word->text);

			BIND_ERROR(b, word->loc, "unknown profile '%s'%s", word->text,
				   hint);
		}
	}
	for (uint32_t i = 0; i < b->scn->rules_n; i++) {
		const ScnWord *word = &b->scn->rules[i];

		if (!any_rule_named(word->text)) {
			g_autofree char *hint = rule_hint(word->text);

			BIND_ERROR(b, word->loc, "unknown rule '%s'%s", word->text, hint);
		}
	}
}
