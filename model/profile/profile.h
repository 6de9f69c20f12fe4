/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile.h - named sets of rules: which kernel is mirrored
 *
 * A profile is data, never an #ifdef: one bit of the rule table's profile column.
 *
 * Layer:  model/profile; may include sim/base, model/abi, model/rules.
 * Owns:   nothing.
 */
#ifndef MODEL_PROFILE_PROFILE_H
#define MODEL_PROFILE_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/rules/rules.h"

typedef struct Profile {
	const char *name;
	uint32_t bit; /* RULE_P_* */
	const char *what;
} Profile;

/* All profiles, ends with {NULL}. */
extern const Profile profiles[];

/* Profile with this name, or NULL. */
const Profile *profile_find(const char *name);

/* The rules that @profile has in force. */
RuleSet profile_rules(const Profile *profile);

#endif /* MODEL_PROFILE_PROFILE_H */
