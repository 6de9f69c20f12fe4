/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verbs.c - verbs.def as tables
 */
#include "scenarios/lang/verbs.h"

#include <string.h>

/* The short names of verbs.def; this file and nobody else uses them. */
enum {
	FILE_ = SCN_WANT_FILE,
	PIPE = SCN_WANT_PIPE,
	RING = SCN_WANT_RING,
	BUF = SCN_WANT_BUF,
	BARRIER = SCN_WANT_BARRIER,
	TASK = SCN_WANT_TASK,
	UBLK = SCN_WANT_UBLK,
	SQE = SCN_WANT_SQE,
	NUMBER = SCN_WANT_NUMBER,
	SOCKET = SCN_WANT_SOCKET,
	FUTEX = SCN_WANT_FUTEX,
	CHILD = SCN_WANT_CHILD,
	DISK = SCN_WANT_DISK,
	LISTENER = SCN_WANT_LISTENER,
	OPTIONAL = SCN_WANT_OPTIONAL,
};
#define FILE FILE_
enum {
#define SCN_KEY(id, word, kind, min, max) K_##id = 1 << SCN_KEY_##id,
#include "scenarios/lang/verbs.def"
	K_SQE = K_FLAGS | K_IOPRIO | K_USER_DATA | K_RING,
};

#define KIND_NUMBER SCN_KEY_NUMBER
#define KIND_FLAGS  SCN_KEY_BITS
#define KIND_MODE   SCN_KEY_MODES
#define KIND_OP     SCN_KEY_OPCODE
#define KIND_RING   SCN_KEY_OBJECT
#define KIND_LIST   SCN_KEY_SLOTS_LIST

const ScnKeyInfo scn_keys[SCN_KEY_COUNT_] = {
#define SCN_KEY(id, word, kind, min, max) [SCN_KEY_##id] = {word, KIND_##kind, min, max},
#include "scenarios/lang/verbs.def"
};

const ScnObjInfo scn_objs[SCN_OBJ_KIND_COUNT_] = {
#define SCN_OBJ(id, word, keys, needs) [SCN_OBJ_##id] = {word, keys, needs},
#include "scenarios/lang/verbs.def"
	[SCN_OBJ_BARRIER] = {"barrier", 0, 0},
	[SCN_OBJ_TAG] = {"tag", 0, 0},
};

static const ScnVerbInfo verbs[] = {
#define SCN_VERB(id, word, op1, op2, keys)                                               \
	{SCN_VERB_##id, 0, word, {op1, op2}, keys, false},
#include "scenarios/lang/verbs.def"
};

static const ScnVerbInfo ops[] = {
#define SCN_OP(id, op1, op2, keys)                                                       \
	{SCN_VERB_SQE, ABI_OP_##id, NULL, {op1, op2}, keys, false},
#include "scenarios/lang/verbs.def"
};

bool scn_verb_find(const char *word, ScnVerbInfo *ret)
{
	uint32_t op;

	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (verbs[i].word[0] == word[0] && strcmp(verbs[i].word, word) == 0) {
			*ret = verbs[i];
			return true;
		}
	}
	if (!abi_value(abi_ops, word, &op))
		return false;
	*ret = (ScnVerbInfo){
		.verb = SCN_VERB_SQE, .op = op, .keys = ~0u, .anything = true};
	for (gsize i = 0; i < G_N_ELEMENTS(ops); i++)
		if (ops[i].op == op)
			*ret = ops[i];
	ret->word = abi_name(abi_ops, op);
	return true;
}

const char *scn_verb_word(ScnVerb verb)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (verbs[i].verb == verb)
			return verbs[i].word;
	return "?";
}

void scn_verb_offer_all(ScnNear *near)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
		scn_near_offer(near, verbs[i].word);
	scn_near_offer_table(near, abi_ops);
	scn_near_offer(near, "repeat");
}

ScnKey scn_key_find(const char *word)
{
	guint i;

	for (i = 0; i < SCN_KEY_COUNT_; i++)
		if (scn_keys[i].word[0] == word[0] && strcmp(scn_keys[i].word, word) == 0)
			break;
	return (ScnKey)i;
}

char *scn_keys_text(uint32_t keys)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < SCN_KEY_COUNT_; i++)
		if (keys & 1u << i)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "",
					       scn_keys[i].word);
	if (out->len == 0)
		g_string_append(out, "no keys");
	return g_string_free(out, FALSE);
}

char *scn_join_or(const char *const *words, guint n)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		if (i)
			g_string_append(out, i + 1 == n ? " or " : ", ");
		g_string_append(out, words[i]);
	}
	return g_string_free(out, FALSE);
}

char *scn_want_text(uint32_t want)
{
	static const char *const texts[] = {
		"a file",  "a pipe",  "a socket", "a ring",    "a buffer",
		"a name",  "a task",  "an SQE",   "a number",  "a ublk device",
		"a futex", "a child", "a disk",   "a listener"};
	const char *words[G_N_ELEMENTS(texts)];
	guint n = 0;

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		if (want & 1u << i)
			words[n++] = texts[i];
	return scn_join_or(words, n);
}
