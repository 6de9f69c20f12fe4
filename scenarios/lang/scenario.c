/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario.c - asking a loaded scenario, and giving it back
 */
#include "scenarios/lang/scenario.h"

#include <string.h>

#include "model/abi/abi.h"

bool scn_scenario_names_rule(const ScnScenario *s, const char *rule)
{
	const size_t n = strlen(rule);

	for (uint32_t i = 0; i < s->rules_n; i++) {
		const char *text = s->rules[i].text;

		if (strncmp(text, rule, n) == 0 && (text[n] == '\0' || text[n] == '/'))
			return true;
	}
	return false;
}

bool scn_scenario_sees(const ScnScenario *s, uint32_t obj)
{
	const ScnObjKind kind = s->objs[obj].kind;

	for (uint32_t i = 0; i < s->sqes_n; i++) {
		const ScnSqeRef *ref = &s->sqes[i];
		const ScnStmt *st = &s->tasks[ref->task].stmts[ref->stmt];

		for (uint32_t k = 0; st->op == ABI_OP_OPENAT && k < st->args_n; k++)
			if (!st->args[k].key && st->args[k].obj == (int32_t)obj)
				return false;
	}
	return kind == SCN_OBJ_BUF || kind == SCN_OBJ_PIPE || kind == SCN_OBJ_FILE;
}

bool scn_scenario_can_release(const ScnScenario *s)
{
	for (uint32_t t = 0; t < s->tasks_n; t++)
		for (uint32_t i = 0; i < s->tasks[t].stmts_n; i++) {
			const ScnVerb verb = s->tasks[t].stmts[i].verb;

			if (verb == SCN_VERB_REGISTER_FILES ||
			    verb == SCN_VERB_REGISTER_BUFFERS || verb == SCN_VERB_BREAD ||
			    verb == SCN_VERB_BWRITE)
				return true;
		}
	return false;
}

/* Indices of releases are behind those of SQEs and tags; see ScnCond. */
static bool expr_watches(const ScnExpr *e, uint32_t releases)
{
	if (!e)
		return false;
	if (e->kind == SCN_EXPR_REFS)
		return e->a_is_obj;
	if (e->kind == SCN_EXPR_POSTED)
		return e->a >= releases;
	if (e->kind == SCN_EXPR_BEFORE)
		return e->a >= releases || e->b >= releases;
	return expr_watches(e->l, releases) || expr_watches(e->r, releases);
}

bool scn_scenario_watches(const ScnScenario *s)
{
	uint32_t releases = s->sqes_n;

	for (uint32_t i = 0; i < s->objs_n; i++)
		releases += s->objs[i].kind == SCN_OBJ_TAG;
	for (uint32_t i = 0; i < s->conds_n; i++)
		if (expr_watches(s->conds[i].expr, releases))
			return scn_scenario_can_release(s);
	return false;
}

uint32_t scn_objs_before(const ScnScenario *s, uint32_t obj)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < obj; i++)
		n += s->objs[i].kind == s->objs[obj].kind;
	return n;
}

void scn_expr_free(ScnExpr *expr)
{
	if (!expr)
		return;
	scn_expr_free(expr->l);
	scn_expr_free(expr->r);
	g_free(expr->word);
	g_free(expr->items);
	g_free(expr);
}

static void stmt_clear(ScnStmt *stmt)
{
	for (uint32_t i = 0; i < stmt->args_n; i++)
		g_free(stmt->args[i].key);
	g_free(stmt->args);
	g_free(stmt->slots);
	g_free(stmt->results);
	g_free(stmt->label);
}

static void words_free(ScnWord *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		g_free(words[i].text);
	g_free(words);
}

static void tasks_free(ScnTask *tasks, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < tasks[i].stmts_n; j++)
			stmt_clear(&tasks[i].stmts[j]);
		g_free(tasks[i].stmts);
		g_free(tasks[i].name);
	}
	g_free(tasks);
}

void scn_scenario_free(ScnScenario *s)
{
	if (!s)
		return;
	for (uint32_t i = 0; i < s->params_n; i++) {
		g_free(s->params[i].name);
		g_free(s->params[i].text);
	}
	for (uint32_t i = 0; i < s->objs_n; i++)
		g_free(s->objs[i].name);
	for (uint32_t i = 0; i < s->conds_n; i++) {
		scn_expr_free(s->conds[i].expr);
		g_free(s->conds[i].text);
	}
	words_free(s->rules, s->rules_n);
	words_free(s->profiles, s->profiles_n);
	tasks_free(s->tasks, s->tasks_n);
	g_free(s->params);
	g_free(s->objs);
	g_free(s->conds);
	g_free(s->sqes);
	g_free(s->path);
	g_free(s->name);
	g_free(s->question);
	g_free(s->twin);
	g_free(s);
}
