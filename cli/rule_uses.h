/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rule_uses.h - where a rule is decided, which tests and scenarios name it, and what
 *               kernels said
 *
 * Read from the source tree when asked, not at build time: the answer is that of the
 * tree one works in.
 *
 * Layer:  cli.
 * Owns:   RuleUses owns all strings; rule_uses_free().
 */
#ifndef CLI_RULE_USES_H
#define CLI_RULE_USES_H

#include <glib.h>
#include <stdint.h>

#include "model/rules/rules.h"

typedef struct RulePlace {
	char *path; /* relative to the tree */
	uint32_t line;
} RulePlace;

/* What one kernel said in scenarios that name a rule; from kernel/verdicts. */
typedef struct RuleKernel {
	char *name, *release;
	uint32_t ok, unseen, forbid, other; /* scenarios; other = SKIP or trouble */
} RuleKernel;

typedef struct RuleUses {
	GArray *code[RULE_COUNT_];         /* RulePlace, in order of path and line */
	GArray *unit[RULE_COUNT_];         /* RulePlace: rows of unit tables */
	GPtrArray *scenarios[RULE_COUNT_]; /* paths */
	GArray *kernels[RULE_COUNT_];      /* RuleKernel, by name of the kernel */
	bool has_code; /* there is a tree to look at; an installed program has none */
} RuleUses;

/*
 * Look through model/, tests/unit/{model,run}, scenarios/ and kernel/verdicts below
 * @tree. NULL and @error if that fails.
 */
RuleUses *rule_uses_new(const char *tree, GError **error);
void rule_uses_free(RuleUses *u);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleUses, rule_uses_free)

/* "RULE_G_5" of G-5, as the code writes it. */
const char *rule_symbol(RuleId rule);

#endif /* CLI_RULE_USES_H */
