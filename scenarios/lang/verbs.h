/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verbs.h - the table of what may be written, by word
 *
 * Layer: scenarios/lang; may include model/abi.
 * Owns:  nothing; all tables are const.
 * See:   verbs.def (the rows).
 */
#ifndef SCENARIOS_LANG_VERBS_H
#define SCENARIOS_LANG_VERBS_H

#include "scenarios/lang/near.h"
#include "scenarios/lang/scenario.h"

#define SCN_OPERANDS_MAX 2 /* that verbs.def describes */

typedef enum ScnKey {
#define SCN_KEY(id, word, kind, min, max) SCN_KEY_##id,
#include "scenarios/lang/verbs.def"
	SCN_KEY_COUNT_,
} ScnKey;

/* What an operand may be: any of these. */
enum {
	SCN_WANT_FILE = 1 << 0,
	SCN_WANT_PIPE = 1 << 1,
	SCN_WANT_SOCKET = 1 << 2,
	SCN_WANT_RING = 1 << 3,
	SCN_WANT_BUF = 1 << 4,
	SCN_WANT_BARRIER = 1 << 5,
	SCN_WANT_TASK = 1 << 6,
	SCN_WANT_SQE = 1 << 7,
	SCN_WANT_NUMBER = 1 << 8,
	SCN_WANT_UBLK = 1 << 9,
	SCN_WANT_FUTEX = 1 << 10,
	SCN_WANT_CHILD = 1 << 11,
	SCN_WANT_DISK = 1 << 12,
	SCN_WANT_LISTENER = 1 << 13,
	SCN_WANT_ANYTHING = (1 << 14) - 1,
	SCN_WANT_OPTIONAL = 1 << 20,
};

typedef enum ScnKeyKind {
	SCN_KEY_NUMBER,
	SCN_KEY_BITS,
	SCN_KEY_MODES, /* of the opcode itself: ABI_MODE_* */
	SCN_KEY_OBJECT,
	SCN_KEY_OPCODE, /* by name */
	SCN_KEY_SLOTS_LIST,
} ScnKeyKind;

typedef struct ScnKeyInfo {
	const char *word;
	ScnKeyKind kind;
	int64_t min, max; /* of a number or flags */
} ScnKeyInfo;

/* One statement or one kind of object. */
typedef struct ScnVerbInfo {
	ScnVerb verb;
	uint32_t op; /* SCN_VERB_SQE: ABI_OP_* */
	const char *word;
	uint32_t operands[SCN_OPERANDS_MAX]; /* SCN_WANT_*; 0 = there is none */
	uint32_t keys;                       /* bit n = ScnKey n */
	bool anything;                       /* any operands, any keys */
} ScnVerbInfo;

typedef struct ScnObjInfo {
	const char *word;
	uint32_t keys, needs; /* bit n = ScnKey n */
} ScnObjInfo;

extern const ScnKeyInfo scn_keys[SCN_KEY_COUNT_];
extern const ScnObjInfo scn_objs[SCN_OBJ_KIND_COUNT_];

/* The statement that opens with @word; false if there is none. */
bool scn_verb_find(const char *word, ScnVerbInfo *ret);
void scn_verb_offer_all(ScnNear *near);

/* The key @word, or SCN_KEY_COUNT_. */
ScnKey scn_key_find(const char *word);

/* "submit, wait, flags"; "no keys" for none. Caller frees. */
char *scn_keys_text(uint32_t keys);

/* "a file, a pipe or a number". Caller frees. */
char *scn_want_text(uint32_t want);

/* @n words joined with commas and a last " or ". Caller frees. */
char *scn_join_or(const char *const *words, guint n);

#endif /* SCENARIOS_LANG_VERBS_H */
