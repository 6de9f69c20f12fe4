/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_why.c - which rules forbid what a log shows
 *
 * A rule forbids an event if the model without the rule allows it. That is found out by
 * doing: one exploration a rule.
 */
#include <string.h>

#include "cli/kernel_judge.h"
#include "model/events/events.h"
#include "model/task/conf.h"
#include "trace/names.h"

/* How far @seen goes in the model without @rule: labels that fit; n + 1: all of it. */
static bool fits_without(const CliCase *c, const CliOptions *o, CliBudget *budget,
			 const CliSeen *seen, RuleId rule, uint32_t total,
			 uint32_t *ret_fits)
{
	g_autofree RuleId *off = g_new(RuleId, o->mutated_n + 1);
	const ScnBindOptions bind = {.profile = c->model->bound->profile,
				     .mutated = off,
				     .mutated_n = o->mutated_n + 1,
				     .watch = c->model->bound->conf->watched != NULL};
	const SimExploreOptions opt = cli_budget_options(budget, o);
	g_autoptr(ScnModel) m = NULL;
	g_autoptr(CliOracle) oracle = NULL;
	SimMiss miss;

	if (o->mutated_n)
		memcpy(off, o->mutated, o->mutated_n * sizeof(*off));
	off[o->mutated_n] = rule;
	m = scn_model_new(c->src, c->scn, &bind);
	if (m)
		oracle = cli_oracle_new(m, &opt);
	if (!oracle)
		return false;
	*ret_fits = total + 1;
	if (!cli_oracle_check(oracle, seen, &miss))
		*ret_fits = miss.fits;
	return true;
}

GArray *cli_forbidding(const CliCase *c, const CliOptions *o, CliBudget *budget,
		       const CliSeen *seen, uint32_t fits, bool *ret_cut)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(CliForbids));
	uint32_t total = seen->seen.ends.n;

	for (uint32_t i = 0; i < seen->seen.streams_n; i++)
		total += seen->seen.streams[i].n;
	*ret_cut = false;
	for (unsigned r = RULE_NONE + 1; r < RULE_COUNT_; r++) {
		uint32_t more;
		CliForbids found;

		if (rule_kind((RuleId)r) != RULE_SWITCH ||
		    !rule_in(&c->model->bound->conf->rules, (RuleId)r))
			continue;
		if (cli_budget_over(budget)) {
			*ret_cut = true;
			break;
		}
		if (!fits_without(c, o, budget, seen, (RuleId)r, total, &more)) {
			*ret_cut = true;
			continue;
		}
		if (more <= fits)
			continue;
		found = (CliForbids){.rule = (RuleId)r, .whole = more > total};
		g_array_append_val(out, found);
	}
	return out;
}

/* --- words ------------------------------------------------------------------------- */

static const char *stmt_name(const CliCase *c, uint64_t label)
{
	const ScnTask *task = &c->scn->tasks[label_place(label) - 1];

	return task->stmts[label_obj(label) - 1].label;
}

static bool has_stmt(const CliCase *c, uint64_t label)
{
	return label_place(label) - 1 < c->scn->tasks_n &&
	       label_obj(label) - 1 < c->scn->tasks[label_place(label) - 1].stmts_n;
}

char *cli_label_text(const CliCase *c, uint64_t label)
{
	const ScnModel *m = c->model;
	char text[128];

	if (label_class(label) == LABEL_RELEASE || label_class(label) == LABEL_REFS) {
		m->model.label_text(m->model.self, label, text, sizeof(text));
		return g_strdup(text);
	}
	if (label_class(label) != LABEL_CQE && !has_stmt(c, label))
		return g_strdup_printf("task %u has no statement %u", label_place(label),
				       label_obj(label));
	if (label_class(label) == LABEL_HANG)
		return g_strdup_printf("%s hangs", stmt_name(c, label));
	if (label_class(label) == LABEL_RET) {
		g_autoptr(GString) res = g_string_new(NULL);

		trace_add_res(label_value(label), res);
		return g_strdup_printf("%s returns %s", stmt_name(c, label), res->str);
	}
	if (label_obj(label) < 1 || label_obj(label) > m->names->reqs_n)
		return g_strdup_printf("a CQE of no SQE (%u), res %d", label_obj(label),
				       label_value(label));
	m->model.label_text(m->model.self, label, text, sizeof(text));
	return g_strdup_printf("CQE %s", text);
}

static void print_legal(const CliCase *c, const SimAutomaton *a, const SimMiss *miss,
			bool results)
{
	g_autoptr(GHashTable) said = g_hash_table_new(g_int64_hash, g_int64_equal);
	bool end = false;

	for (uint32_t i = 0; i < miss->states_n; i++) {
		const uint32_t s = miss->states[i];

		end = end || a->accepting[s];
		for (uint32_t e = a->first[s]; e < a->first[s + 1]; e++) {
			g_autofree char *text = NULL;

			if (!results && label_class(a->edges[e].label) != LABEL_CQE &&
			    label_class(a->edges[e].label) != LABEL_RELEASE)
				continue;
			if (!g_hash_table_add(said, &a->edges[e].label))
				continue;
			text = cli_label_text(c, a->edges[e].label);
			printf("    legal there: %s\n", text);
		}
	}
	if (end)
		printf("    legal there: the end\n");
	else if (g_hash_table_size(said) == 0)
		printf("    legal there: nothing, the model allows no outcome\n");
}

static void print_fits(const CliCase *c, const CliSeen *seen, const SimMiss *miss)
{
	const SimSeen *s = &seen->seen;
	g_autoptr(GString) text = g_string_new(NULL);

	/* Of several rings nobody knows how far each went: then only how many. */
	if (s->streams_n != 1 || miss->fits > s->streams[0].n) {
		printf("    fits: the first %u events\n", miss->fits);
		return;
	}
	for (uint32_t i = 0; i < miss->fits; i++) {
		g_autofree char *one = cli_label_text(c, s->streams[0].labels[i]);

		g_string_append_printf(text, "%s%s", i ? ", " : "", one);
	}
	printf("    fits: %s\n", miss->fits ? text->str : "nothing");
}

static void print_rules(const CliCase *c, const CliOptions *o, CliBudget *budget,
			const CliSeen *seen, uint32_t fits)
{
	bool cut;
	g_autoptr(GArray) rules = cli_forbidding(c, o, budget, seen, fits, &cut);

	for (guint i = 0; i < rules->len; i++) {
		const CliForbids *f = &g_array_index(rules, CliForbids, i);

		printf("    forbidden by: %s, %s%s\n", rule_name(f->rule),
		       rule_text(f->rule),
		       f->whole ? "" : " (but what follows is not allowed either)");
	}
	if (rules->len == 0)
		printf("    forbidden by: no rule alone%s\n",
		       cut ? ", as far as was tried" : "");
	else if (cut)
		printf("    and maybe more: the budget ended\n");
}

void cli_print_miss(const CliCase *c, const CliOptions *o, CliBudget *budget,
		    const CliOracle *oracle, const CliSeen *seen, const SimMiss *miss)
{
	g_autofree uint32_t *states =
		g_memdup2(miss->states, miss->states_n * sizeof(*states));
	g_autofree char *what =
		miss->too_short ? g_strdup("the end") : cli_label_text(c, miss->label);
	SimMiss kept = *miss;

	kept.states = states;
	print_fits(c, seen, &kept);
	printf("    not allowed: %s\n", what);
	print_legal(c, oracle->report->automaton, &kept, seen->results);
	print_rules(c, o, budget, seen, kept.fits);
}
