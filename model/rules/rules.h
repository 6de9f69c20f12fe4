/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - every semantic decision the model takes: ids, names, texts
 *
 * Layer:  model/rules; may include sim/base only. Tables, no behaviour.
 * Owns:   nothing; all tables are const.
 * See:    rules.def (the rows), docs/rules.md (generated from them).
 */
#ifndef MODEL_RULES_RULES_H
#define MODEL_RULES_RULES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum RuleId {
	RULE_NONE,
#define RULE(id, name, profiles, kind, function, text) RULE_##id,
#include "model/rules/rules.def"
	RULE_COUNT_,
} RuleId;

/* Which kernels a rule belongs to; a profile is one of these bits (model/profile). */
enum {
	RULE_P_LINUX_6_12 = 1 << 0,
	RULE_P_GROUP_V8 = 1 << 1, /* the series as posted, defects included */
	RULE_P_GROUP = 1 << 2,    /* as it was meant */
	RULE_P_LINUX_7 = 1 << 3,
	RULE_P_GROUPS = RULE_P_GROUP_V8 | RULE_P_GROUP,
	RULE_P_BASE_6_12 = RULE_P_LINUX_6_12 | RULE_P_GROUPS,
	RULE_P_PLAIN = RULE_P_LINUX_6_12 | RULE_P_LINUX_7,
	RULE_P_ALL = RULE_P_PLAIN | RULE_P_GROUPS,
};

typedef enum RuleKind {
	RULE_SWITCH, /* the code asks rule_on(): can be switched off, is a mutant */
	RULE_FACT,   /* follows from the code as a whole; an invariant or scenario pins it
		      */
	RULE_KIND_COUNT_,
} RuleKind;

/* Static rows; @rule must be a real one. */
const char *rule_name(RuleId rule);     /* "G-5", as the specification has it */
const char *rule_text(RuleId rule);     /* one sentence */
const char *rule_function(RuleId rule); /* kernel function that decides */
uint32_t rule_profiles(RuleId rule);
RuleKind rule_kind(RuleId rule);

/* Rule with this name, or RULE_NONE. Case matters. */
RuleId rule_find(const char *name);

#define RULE_WORDS ((RULE_COUNT_ + 63) / 64)

/* A set of rules; which ones are in force. */
typedef struct RuleSet {
	uint64_t bits[RULE_WORDS];
} RuleSet;

static inline bool rule_in(const RuleSet *set, RuleId rule)
{
	return set->bits[rule / 64] >> (rule % 64) & 1;
}
static inline void rule_put(RuleSet *set, RuleId rule, bool on)
{
	if (on)
		set->bits[rule / 64] |= UINT64_C(1) << (rule % 64);
	else
		set->bits[rule / 64] &= ~(UINT64_C(1) << (rule % 64));
}

#endif /* MODEL_RULES_RULES_H */
