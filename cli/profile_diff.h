/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_diff.h - the smallest scenario in which a rule makes a difference
 *
 * Layer:  cli.
 * Owns:   ProfileWitness owns its strings; profile_witness_clear().
 * Errors: none: a scenario that cannot be loaded shows nothing.
 *
 * A rule of kind SWITCH is switched off in the profile that has it. A FACT cannot be
 * switched: there the two profiles are compared. What is compared is what an application
 * sees, and which invariant is broken.
 */
#ifndef CLI_PROFILE_DIFF_H
#define CLI_PROFILE_DIFF_H

#include "cli/cli.h"

typedef struct ProfileWitness {
	char *path;                    /* where it was found; NULL: nowhere */
	char *text;                    /* what is left of it */
	char *with, *without;          /* an outcome of only one side, or NULL */
	char *breaks, *breaks_without; /* a broken invariant, or NULL */
} ProfileWitness;

/* @a has the rule, @b does not. @paths: scenario files, smaller ones first. */
void profile_witness_find(RuleId rule, const Profile *a, const Profile *b,
			  const GPtrArray *paths, ProfileWitness *ret);
void profile_witness_clear(ProfileWitness *w);

/* Sort files by what is in them: fewer statements first. */
void profile_sort_paths(GPtrArray *paths);

#endif /* CLI_PROFILE_DIFF_H */
