/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * symmetry.c - candidates from the way SQEs are written, then each condition has a veto
 */
#include "scenarios/run/symmetry.h"

#include <string.h>

#include "model/abi/abi.h"
#include "sim/base/check.h"

/* --- a condition as canonical text -------------------------------------------------- */

/* SQE @sqe after the exchange of @x and @y. */
static uint32_t swap(uint32_t sqe, uint32_t x, uint32_t y)
{
	return sqe == x ? y : sqe == y ? x : sqe;
}

static char *text_of(const ScnExpr *e, uint32_t x, uint32_t y);

static int compare_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All operands below equal operators, so that a && (b && c) is one list of three. */
static void collect(const ScnExpr *e, ScnExprKind kind, uint32_t x, uint32_t y,
		    GPtrArray *out)
{
	if (e->kind != kind) {
		g_ptr_array_add(out, text_of(e, x, y));
		return;
	}
	collect(e->l, kind, x, y, out);
	collect(e->r, kind, x, y, out);
}

static void sort_and_join(GPtrArray *texts, GString *out)
{
	g_ptr_array_sort(texts, compare_text);
	for (guint i = 0; i < texts->len; i++)
		g_string_append_printf(out, " %s", (char *)texts->pdata[i]);
}

static void add_items(const ScnExpr *e, uint32_t x, uint32_t y, GString *out)
{
	for (uint32_t i = 0; i < e->items_n;) {
		g_autoptr(GPtrArray) set = g_ptr_array_new_with_free_func(g_free);
		const uint32_t number = e->items[i].set;

		do {
			const ScnCqItem *item = &e->items[i];

			g_ptr_array_add(set, g_strdup_printf("%u:%d:%d:%d:%u",
							     swap(item->sqe, x, y),
							     item->has_res, item->res,
							     item->has_bid, item->bid));
			i++;
		} while (number && i < e->items_n && e->items[i].set == number);
		g_string_append_c(out, '{');
		sort_and_join(set, out);
		g_string_append_c(out, '}');
	}
}

static bool about_request(const ScnExpr *e)
{
	switch (e->kind) {
	case SCN_EXPR_BEFORE:
	case SCN_EXPR_RES:
	case SCN_EXPR_FLAGS:
	case SCN_EXPR_BID:
	case SCN_EXPR_POSTED:
	case SCN_EXPR_ISSUED:
	case SCN_EXPR_PUNTED:
	case SCN_EXPR_ZEROED:
		return true;
	case SCN_EXPR_COUNT:
	case SCN_EXPR_REFS:
		return !e->a_is_obj;
	case SCN_EXPR_CONST:
	case SCN_EXPR_NOT:
	case SCN_EXPR_AND:
	case SCN_EXPR_OR:
	case SCN_EXPR_IMPLIES:
	case SCN_EXPR_RET:
	case SCN_EXPR_CQ:
	case SCN_EXPR_HUNG:
	case SCN_EXPR_OVERFLOW:
	case SCN_EXPR_BROKEN:
		return false;
	case SCN_EXPR_KIND_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return false;
}

static void add_leaf(const ScnExpr *e, uint32_t x, uint32_t y, GString *out)
{
	const bool req = about_request(e);

	g_string_append_printf(out, " %d %d %u %u %u %" G_GINT64_FORMAT, e->cmp,
			       e->a_is_obj, req ? swap(e->a, x, y) : e->a,
			       e->kind == SCN_EXPR_BEFORE ? swap(e->b, x, y) : e->b,
			       e->stmt, e->value);
	add_items(e, x, y, out);
}

static char *text_of(const ScnExpr *e, uint32_t x, uint32_t y)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "(%d", e->kind);
	if (e->kind == SCN_EXPR_AND || e->kind == SCN_EXPR_OR) {
		g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

		collect(e, e->kind, x, y, parts);
		sort_and_join(parts, out);
	} else if (e->l) {
		g_autofree char *l = text_of(e->l, x, y);
		g_autofree char *r = e->r ? text_of(e->r, x, y) : NULL;

		g_string_append_printf(out, " %s %s", l, r ? r : "");
	} else {
		add_leaf(e, x, y, out);
	}
	g_string_append_c(out, ')');
	return g_string_free(out, FALSE);
}

static bool conditions_allow(const ScnScenario *scn, uint32_t x, uint32_t y)
{
	for (uint32_t i = 0; i < scn->conds_n; i++) {
		g_autofree char *one = text_of(scn->conds[i].expr, 0, 0);
		g_autofree char *two = text_of(scn->conds[i].expr, x, y);

		if (strcmp(one, two) != 0)
			return false;
	}
	return true;
}

/* --- candidates ------------------------------------------------------------------- */

static bool same_results(const ScnStmt *a, const ScnStmt *b)
{
	if (a->results_n != b->results_n)
		return false;
	for (uint32_t i = 0; i < a->results_n; i++)
		if (a->results[i].kind != b->results[i].kind ||
		    a->results[i].value != b->results[i].value)
			return false;
	return true;
}

static const ScnStmt *stmt_of(const ScnScenario *scn, uint32_t req)
{
	const ScnSqeRef *ref = &scn->sqes[req - 1];

	return &scn->tasks[ref->task].stmts[ref->stmt];
}

static bool same_device(const ModelConf *conf, const SqeConf *x, const SqeConf *y)
{
	if (x->results_n != y->results_n)
		return false;
	for (uint32_t i = 0; i < x->results_n; i++)
		if (conf->results[x->results + i] != conf->results[y->results + i])
			return false;
	return true;
}

static bool alike(const ScnBound *bound, uint32_t a, uint32_t b)
{
	const SqeConf *x = &bound->conf->sqes[a], *y = &bound->conf->sqes[b];

	/* A notification would have to go with its send. */
	return x->op == y->op && !x->notif && !y->notif && x->peer == y->peer &&
	       x->bad_field == y->bad_field && x->len == y->len &&
	       x->inject == y->inject && x->has_inject == y->has_inject &&
	       x->mode == y->mode && x->us == y->us && x->count == y->count &&
	       x->bad_ioprio == y->bad_ioprio &&
	       ((x->flags ^ y->flags) & ~ABI_SQE_GROUP) == 0 && x->ring == y->ring &&
	       x->task == y->task && x->file_kind == y->file_kind && x->file == y->file &&
	       x->buf == y->buf && x->at == y->at && same_device(bound->conf, x, y) &&
	       same_results(stmt_of(bound->scn, a), stmt_of(bound->scn, b));
}

/* Request @req - 1 is just before @req in its task, with nothing in between. */
static bool adjacent(const ScnScenario *scn, uint32_t req)
{
	const ScnSqeRef *a = &scn->sqes[req - 2], *b = &scn->sqes[req - 1];

	return a->task == b->task && a->stmt + 1 == b->stmt;
}

/*
 * Give the run of members first .. last, all of one group and without its leader, their
 * classes: each joins the class of its left neighbour or opens its own.
 */
static void classify(ScnBound *bound, uint32_t first, uint32_t last, uint8_t *next)
{
	uint8_t *cls = bound->conf->sym_class;

	for (uint32_t req = first + 1; req <= last && req < PROP_SYM_MAX; req++) {
		if (!alike(bound, req - 1, req) ||
		    !conditions_allow(bound->scn, req - 2, req - 1))
			continue;
		if (!cls[req - 1]) {
			if (*next == UINT8_MAX)
				return;
			cls[req - 1] = ++*next;
		}
		cls[req] = cls[req - 1];
	}
}

static void find_classes(ScnBound *bound)
{
	const ModelConf *conf = bound->conf;
	uint8_t next = 0;

	for (uint32_t req = 1; req <= conf->sqes_n; req++) {
		uint32_t last = req;

		if (!(conf->sqes[req].flags & ABI_SQE_GROUP))
			continue;
		/* The leader is req; its members follow up to one without GROUP. */
		while (last < conf->sqes_n && conf->sqes[last].flags & ABI_SQE_GROUP &&
		       adjacent(bound->scn, last + 1))
			last++;
		if (last > req + 1)
			classify(bound, req + 1, last, &next);
		req = last;
	}
	bound->conf->sym = next > 0;
}

void scn_symmetry_find(ScnBound *bound, ScnConds *conds)
{
	ModelConf *conf = bound->conf;

	/*
	 * Members have user_data of their own, by which they can be found. What they hold
	 * of tables is in arrays that canon() does not rename.
	 */
	if (conf->cancels || conf->resources)
		return;
	/* canon() renames all requests of a world, exchanged or not. */
	if (conf->reqs_n >= SIM_PERM_MAX)
		return;
	find_classes(bound);
	if (conf->sym && prop_set_symmetry(conds->prop, conf->sym_class, conf->reqs_n))
		return;
	memset(conf->sym_class, 0, conf->reqs_n + 1);
	conf->sym = false;
}
