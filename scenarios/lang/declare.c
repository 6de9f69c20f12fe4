/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * declare.c - the lines outside of tasks: head, parameters, objects
 */
#include <string.h>

#include "scenarios/lang/flags.h"
#include "scenarios/lang/load.h"
#include "scenarios/lang/near.h"
#include "scenarios/lang/print.h"
#include "scenarios/lang/sweep.h"

static void take_text(ScnLoad *l, const ScnItem *item, char **ret)
{
	if (*ret)
		scn_diag(l->src, SCN_ERROR, item->at.loc, "a second '%s'", item->word);
	else if (item->args->text[0] == '\0')
		scn_diag(l->src, SCN_ERROR, item->args->span.loc, "'%s' is empty",
			 item->word);
	else
		*ret = g_strdup(item->args->text);
}

static void take_words(ScnLoad *l, const ScnItem *item, ScnWord **words, uint32_t *n)
{
	for (const ScnNode *node = item->args; node; node = node->next) {
		bool twice = false;

		for (uint32_t i = 0; i < *n; i++)
			twice |= strcmp((*words)[i].text, node->text) == 0;
		if (twice) {
			scn_diag(l->src, SCN_ERROR, node->span.loc, "'%s' is there twice",
				 node->text);
			continue;
		}
		*words = g_renew(ScnWord, *words, *n + 1);
		(*words)[(*n)++] = (ScnWord){g_strdup(node->text), node->span.loc};
	}
}

static void add_param(ScnLoad *l, const ScnItem *item, int64_t value, char *text)
{
	ScnScenario *out = l->out;
	const ScnName name = {.kind = SCN_NAME_PARAM,
			      .index = out->params_n,
			      .loc = item->name->span.loc};

	if (!scn_name_add(l, item->name->text, name)) {
		g_free(text);
		return;
	}
	out->params = g_renew(ScnParam, out->params, out->params_n + 1);
	out->params[out->params_n++] = (ScnParam){.name = g_strdup(item->name->text),
						  .value = value,
						  .text = text,
						  .swept = item->kind == SCN_ITEM_SWEEP};
}

/* A parameter's value: what -D says, the combination of this load, or what is written. */
static void take_param(ScnLoad *l, const ScnItem *item)
{
	const char *define = scn_define_find(l->defines, l->defines_n, item->name->text);
	const ScnNode *node = item->args;
	GString *text;
	int64_t value = 0;

	if (define) {
		scn_define_eval(l, item, define, &value);
		add_param(l, item, value, g_strdup(define));
		return;
	}
	for (const ScnNode *each = item->args; each; each = each->next)
		if (!scn_eval(l, each, SCN_FLAGS_ALL, &value))
			value = 0;
	if (item->kind == SCN_ITEM_SWEEP)
		node = scn_sweep_value(l, item);
	scn_eval(l, node, SCN_FLAGS_ALL, &value);
	text = g_string_new(NULL);
	scn_print_node(text, node);
	add_param(l, item, value, g_string_free(text, FALSE));
}

/* Is the word `uring` there at all, on a line that could be parsed or not? */
static bool has_uring(const ScnLoad *l)
{
	const GArray *toks = l->tree->tokens.toks;

	for (guint i = 0; i < toks->len; i++)
		if (g_array_index(toks, ScnTok, i).kind == SCN_TOK_URING)
			return true;
	return false;
}

static void check_head(ScnLoad *l)
{
	const ScnLoc start = {.line = 1, .col = 1, .end = 2};
	ScnScenario *out = l->out;

	scn_define_check(l);
	if (out->profiles_n == 0) {
		out->profiles = g_new0(ScnWord, 1);
		out->profiles[out->profiles_n++] =
			(ScnWord){g_strdup(SCN_PROFILE_DEFAULT), start};
	}
	if (!out->name && !has_uring(l))
		scn_diag(l->src, SCN_ERROR, start,
			 "a scenario has a name: uring \"NAME\" is missing");
}

void scn_declare_head(ScnLoad *l)
{
	ScnScenario *out = l->out;

	for (const ScnItem *item = l->tree->items; item; item = item->next) {
		switch ((int)item->tok) {
		case SCN_TOK_URING:
			take_text(l, item, &out->name);
			break;
		case SCN_TOK_QUESTION:
			take_text(l, item, &out->question);
			break;
		case SCN_TOK_TWIN:
			take_text(l, item, &out->twin);
			break;
		case SCN_TOK_RULES:
			take_words(l, item, &out->rules, &out->rules_n);
			break;
		case SCN_TOK_PROFILE:
			take_words(l, item, &out->profiles, &out->profiles_n);
			break;
		case SCN_TOK_PARAM:
		case SCN_TOK_SWEEP:
			take_param(l, item);
			break;
		default:
			break;
		}
	}
	check_head(l);
}

static void set_obj_key(ScnObj *obj, ScnKey key, int64_t value)
{
	switch ((int)key) {
	case SCN_KEY_ENTRIES:
		obj->entries = (uint32_t)value;
		break;
	case SCN_KEY_CQ:
		obj->cq = (uint32_t)value;
		break;
	case SCN_KEY_FLAGS:
		obj->flags |= (uint32_t)value;
		break;
	case SCN_KEY_SIZE:
		obj->size = (uint64_t)value;
		break;
	case SCN_KEY_FULL:
		obj->full = value != 0;
		break;
	case SCN_KEY_FILL:
		obj->fill = (uint64_t)value;
		break;
	case SCN_KEY_TIMEOUT:
		obj->timeout = (uint64_t)value;
		break;
	case SCN_KEY_NR:
	case SCN_KEY_DEPTH:
		obj->entries = (uint32_t)value;
		break;
	default:
		break;
	}
}

/* Needed keys that misspelt ones of @item most likely are: those were complained of. */
static uint32_t misspelt_needs(const ScnObjInfo *info, const ScnItem *item)
{
	uint32_t found = 0;

	for (const ScnKeyArg *arg = item->keys; arg; arg = arg->next) {
		const ScnKey key = scn_key_find(arg->key);
		ScnNear near = scn_near(arg->key);

		if (key != SCN_KEY_COUNT_ && info->keys & 1u << key)
			continue;
		for (guint i = 0; i < SCN_KEY_COUNT_; i++)
			if (info->keys & 1u << i)
				scn_near_offer(&near, scn_keys[i].word);
		if (near.best)
			found |= 1u << scn_key_find(near.best);
	}
	return found & info->needs;
}

/* Whose flags= an object takes. */
static unsigned flags_of(ScnObjKind kind)
{
	if (kind == SCN_OBJ_UBLK)
		return SCN_FLAGS_UBLK;
	return kind == SCN_OBJ_SOCKET || kind == SCN_OBJ_LISTENER ? SCN_FLAGS_SOCK
								  : SCN_FLAGS_SETUP;
}

/* All keys of @item into @obj; complaints name the key. */
static void take_obj_keys(ScnLoad *l, const ScnItem *item, ScnObj *obj)
{
	const ScnObjInfo *info = &scn_objs[obj->kind];
	uint32_t seen = 0;

	for (const ScnKeyArg *arg = item->keys; arg; arg = arg->next) {
		const ScnKey key = scn_key_take(l, arg, info->word, info->keys, &seen);
		int64_t value;

		if (key == SCN_KEY_COUNT_)
			continue;
		if (scn_eval_key(l, key, arg->value, flags_of(obj->kind), &value))
			set_obj_key(obj, key, value);
	}
	if (seen & 1u << SCN_KEY_CQ)
		obj->flags |= ABI_SETUP_CQSIZE;
	seen |= misspelt_needs(info, item);
	if (info->needs & ~seen) {
		g_autofree char *keys = scn_keys_text(info->needs & ~seen);

		scn_diag(l->src, SCN_ERROR, item->at.loc, "a %s needs %s=", info->word,
			 keys);
	}
	if (obj->kind == SCN_OBJ_PIPE && obj->size && obj->fill > obj->size)
		scn_diag(l->src, SCN_ERROR, item->span.loc,
			 "fill=%" G_GUINT64_FORMAT " is more than the pipe holds",
			 obj->fill);
}

/* `= -EINVAL`: io_uring_setup(2) refuses such a ring. */
static void take_setup(ScnLoad *l, const ScnItem *item, ScnObj *obj)
{
	const ScnNode *node = item->result;
	int64_t value;

	if (!node)
		return;
	if (obj->kind != SCN_OBJ_RING) {
		scn_diag(l->src, SCN_ERROR, node->span.loc,
			 "only the setup of a ring has a result");
		return;
	}
	if (node->kind != SCN_NODE_DOTS &&
	    !(node->kind == SCN_NODE_BINARY && node->op == SCN_TOK_BAR)) {
		if (!scn_eval(l, node, SCN_FLAGS_NONE, &value))
			return;
		if (value <= 0 && value >= -4095) {
			obj->setup = (int32_t)value;
			return;
		}
	}
	scn_diag(l->src, SCN_ERROR, node->span.loc,
		 "the setup of a ring has one result: 0 or an error such as -EINVAL");
}

static void add_obj(ScnLoad *l, const ScnObj *like, const char *name)
{
	const ScnName entry = {
		.kind = SCN_NAME_OBJ, .index = l->objs->len, .loc = like->loc};
	ScnObj obj = *like;

	/* The object comes first: its kind is what a complaint about the name would say.
	 */
	obj.name = g_strdup(name);
	g_array_append_val(l->objs, obj);
	scn_name_add(l, name, entry);
}

static void add_obj_array(ScnLoad *l, const ScnItem *item, const ScnObj *like)
{
	const char *base = item->name->text;
	ScnName entry = {
		.kind = SCN_NAME_OBJ_ARRAY, .index = l->objs->len, .loc = like->loc};
	int64_t n;

	if (!scn_eval(l, item->name->a, SCN_FLAGS_NONE, &n))
		n = 1;
	if (n < 1 || n > SCN_ARRAY_MAX) {
		scn_diag(l->src, SCN_ERROR, item->name->a->span.loc,
			 "a row of %" G_GINT64_FORMAT "; 1 .. %d is possible", n,
			 SCN_ARRAY_MAX);
		n = 1;
	}
	entry.count = (uint32_t)n;
	for (int64_t i = 0; i < n; i++) {
		g_autofree char *name =
			g_strdup_printf("%s[%" G_GINT64_FORMAT "]", base, i);

		add_obj(l, like, name);
	}
	scn_name_add(l, base, entry);
}

static ScnObjKind obj_kind(ScnTokKind tok)
{
	if (tok == SCN_TOK_RING)
		return SCN_OBJ_RING;
	if (tok == SCN_TOK_FILE)
		return SCN_OBJ_FILE;
	if (tok == SCN_TOK_SOCKET)
		return SCN_OBJ_SOCKET;
	if (tok == SCN_TOK_UBLK)
		return SCN_OBJ_UBLK;
	if (tok == SCN_TOK_FUTEX)
		return SCN_OBJ_FUTEX;
	if (tok == SCN_TOK_DISK)
		return SCN_OBJ_DISK;
	if (tok == SCN_TOK_CHILD)
		return SCN_OBJ_CHILD;
	if (tok == SCN_TOK_LISTENER)
		return SCN_OBJ_LISTENER;
	return tok == SCN_TOK_PIPE ? SCN_OBJ_PIPE : SCN_OBJ_BUF;
}

void scn_declare_objects(ScnLoad *l)
{
	for (const ScnItem *item = l->tree->items; item; item = item->next) {
		ScnObj obj = {.loc = item->span.loc};

		if (item->kind != SCN_ITEM_OBJ)
			continue;
		obj.kind = obj_kind(item->tok);
		take_obj_keys(l, item, &obj);
		take_setup(l, item, &obj);
		if (item->name->kind == SCN_NODE_INDEX)
			add_obj_array(l, item, &obj);
		else
			add_obj(l, &obj, item->name->text);
	}
}

/* What is declared by being used: a barrier, a tag. */
static uint32_t declare_by_use(ScnLoad *l, const ScnNode *node, ScnObjKind kind,
			       const char *what)
{
	const char *text = scn_name_text(l, node);
	const ScnName *name = text ? scn_name_find(l, text) : NULL;
	const ScnObj obj = {.kind = kind, .loc = node->span.loc};

	if (!text)
		return SCN_STATEMENTS_MAX;
	if (!name) {
		add_obj(l, &obj, text);
		return l->objs->len - 1;
	}
	if (name->kind == SCN_NAME_OBJ &&
	    g_array_index(l->objs, ScnObj, name->index).kind == kind)
		return name->index;
	scn_diag(l->src, SCN_ERROR, node->span.loc, "'%s' is %s, not %s", text,
		 scn_name_what(l, name), what);
	return SCN_STATEMENTS_MAX;
}

uint32_t scn_declare_barrier(ScnLoad *l, const ScnNode *node)
{
	return declare_by_use(l, node, SCN_OBJ_BARRIER, "a barrier");
}

int32_t scn_declare_notif(ScnLoad *l, const ScnStmt *stmt)
{
	const ScnObj obj = {.kind = SCN_OBJ_TAG, .loc = stmt->loc};
	const char *row = strchr(stmt->label, '[');
	const int n = row ? (int)(row - stmt->label) : (int)strlen(stmt->label);
	g_autofree char *name =
		g_strdup_printf("%.*s_notif%s", n, stmt->label, row ? row : "");

	add_obj(l, &obj, name);
	return (int32_t)l->objs->len - 1;
}

uint32_t scn_declare_tag(ScnLoad *l, const ScnNode *node)
{
	return declare_by_use(l, node, SCN_OBJ_TAG, "a tag");
}
