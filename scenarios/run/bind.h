/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind.h - a scenario and a profile become the tables of the model
 *
 * Everything that the model does not know is refused here, at the place where it is
 * written: a scenario that binds is executed as it stands, nothing is left out silently.
 *
 * Layer:  scenarios/run; may include model tables, model/task, model/uring/setup,
 *         scenarios/lang.
 * Owns:   ScnBound owns its tables and borrows the scenario; scn_bound_free().
 * Errors: the second kind (bad input), as ScnDiag in the ScnSource.
 * Rules:  decide whether a ring can be set up at all.
 */
#ifndef SCENARIOS_RUN_BIND_H
#define SCENARIOS_RUN_BIND_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/profile/profile.h"
#include "model/task/conf.h"
#include "scenarios/lang/scenario.h"

typedef struct ScnBound {
	const ScnScenario *scn; /* borrowed */
	const Profile *profile; /* static */
	ModelConf *conf;
	uint16_t *number; /* [objs_n]: object i counted among its kind, from 1 */
	int32_t *setup;   /* [objs_n]: what the setup of ring i returns; may be 0 where
			     the scenario declares an error, never the other way round */
} ScnBound;

/* Which rules are in force. */
typedef struct ScnBindOptions {
	const Profile *profile; /* NULL: the first that the scenario names */
	const RuleId *mutated;  /* rules of the profile that are switched off */
	uint32_t mutated_n;
	bool watch; /* releases have labels: somebody watches the kernel */
} ScnBindOptions;

/* NULL if something is wrong; @src->errors says how much. */
ScnBound *scn_bind(ScnSource *src, const ScnScenario *scn, const ScnBindOptions *opt);
void scn_bound_free(ScnBound *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScnBound, scn_bound_free)

/*
 * Profile or switchable rule with this name, for words that come from outside of a
 * scenario. NULL, RULE_NONE and @error with a suggestion if there is none.
 */
const Profile *scn_profile_parse(const char *name, GError **error);
RuleId scn_rule_parse(const char *name, GError **error);

/* Does a scenario that names @word mean @rule? "S-8" also means S-8/1, S-8/3 ... */
bool scn_rule_named(const char *word, RuleId rule);

#define SCN_BIND_ERROR (scn_bind_error_quark())
GQuark scn_bind_error_quark(void);
typedef enum ScnBindError {
	SCN_BIND_ERROR_PROFILE,
	SCN_BIND_ERROR_RULE,
} ScnBindError;

/* Value of key @key of @stmt, or of operand @n by position; NULL if it was not given. */
const ScnArg *scn_arg_key(const ScnStmt *stmt, const char *key);
const ScnArg *scn_arg_operand(const ScnStmt *stmt, uint32_t n);

/* Bytes that a `short` result stands for: half, and at least one less than @len. */
int32_t scn_short_of(uint32_t len);

/* Does statement @stmt return a result that a scenario can declare? */
bool scn_stmt_returns(const ScnStmt *stmt);

#endif /* SCENARIOS_RUN_BIND_H */
