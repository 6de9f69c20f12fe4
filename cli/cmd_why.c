/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_why.c - uringlab why: the rules that forbid something, or an execution that shows
 * it
 *
 * What cannot happen is forbidden by a set of rules if it can happen without them. Sets
 * are tried in order of their size, each by exploring the model that lacks them, so that
 * what is found is a smallest explanation. A rule whose absence changes nothing alone can
 * still be part of a larger set, next to one whose absence changes something.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/budget.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/words.h"

#define SET_MAX 3u /* rules in an explanation */

static const char summary[] =
	"Say why something cannot happen: the smallest sets of rules without which it "
	"could.\n"
	"EXPR is an expression as behind exists: 'm1 < lead', 'w.res == 64K'. If it can\n"
	"happen, a shortest execution that shows it follows. Exit status 0: it can, 1: "
	"it\n"
	"cannot.";

static const char examples[] = "  uringlab why FILE.uring 'lead < m1'\n"
			       "  uringlab why -p sqe-group-v8 FILE.uring 'posted(w)'\n";

typedef struct Set {
	RuleId rules[SET_MAX];
	uint32_t n;
} Set;

typedef struct Why {
	CliOptions *o;
	CliBudget budget;
	CliCase c; /* the scenario with nothing but the question as its condition */
	uint64_t states, transitions; /* of it as it is */
	GArray *found;                /* Set, all of one size */
	ScnReport *witness;           /* of the first set, or of the question itself */
	ScnModel *without;            /* the model without the first set */
	bool cut;                     /* something was not explored to its end */
} Why;

/* --- the question ---------------------------------------------------------------------
 */

/* The scenario of @path with the question behind its last line. */
static ScnSource *read_with(const char *path, const char *expr, GError **error)
{
	g_autoptr(ScnSource) src = cli_read(path, error);
	g_autofree char *text = NULL;

	if (!src)
		return NULL;
	text = g_strdup_printf("%.*s\nexists %s\n", (int)src->len, src->text, expr);
	return scn_source_new(path, text, strlen(text));
}

/* Only the question is judged. */
static void drop_others(ScnScenario *scn)
{
	for (uint32_t i = 0; i + 1 < scn->conds_n; i++) {
		scn_expr_free(scn->conds[i].expr);
		g_free(scn->conds[i].text);
	}
	scn->conds[0] = scn->conds[scn->conds_n - 1];
	scn->conds_n = 1;
}

static bool question_open(Why *w, ScnSource *src)
{
	const CliOptions *o = w->o;
	const ScnBindOptions bind = {.profile =
					     o->profile ? profile_find(o->profile) : NULL,
				     .mutated = o->mutated,
				     .mutated_n = o->mutated_n};

	w->c = (CliCase){.src = src};
	w->c.combos = scn_sweep_count(src, o->define, o->define_n);
	if (w->c.combos)
		w->c.scn = scn_load(src, o->define, o->define_n, 0);
	if (!w->c.scn)
		return false;
	drop_others(w->c.scn);
	w->c.model = scn_model_new(src, w->c.scn, &bind);
	return w->c.model != NULL;
}

/* --- sets of rules --------------------------------------------------------------------
 */

static const ScnFinding *answer_of(const ScnReport *r)
{
	const ScnFinding *last = NULL;

	for (uint32_t i = 0; i < r->findings_n; i++)
		if (!r->findings[i].built_in)
			last = &r->findings[i];
	return last;
}

static ScnReport *judge(Why *w, const ScnModel *m)
{
	const ScnJudgeOptions opt = {.explore = cli_budget_options(&w->budget, w->o),
				     .outcomes = SCN_OUTCOMES_NONE};
	ScnReport *r = scn_judge(m, &opt);

	cli_budget_clear(&w->budget);
	w->cut |= r->cut_by != SIM_CUT_NONE;
	return r;
}

/*
 * The question without @set; *@ret_changes: the model behaves differently, whatever the
 * answer. True: it can happen.
 */
static bool happens_without(Why *w, const Set *set, bool *ret_changes)
{
	g_autofree RuleId *off = g_new(RuleId, w->o->mutated_n + SET_MAX);
	const ScnBindOptions bind = {.profile = w->c.model->bound->profile,
				     .mutated = off,
				     .mutated_n = w->o->mutated_n + set->n};
	g_autoptr(ScnModel) m = NULL;
	g_autoptr(ScnReport) r = NULL;

	if (w->o->mutated_n)
		memcpy(off, w->o->mutated, w->o->mutated_n * sizeof(*off));
	memcpy(off + w->o->mutated_n, set->rules, set->n * sizeof(*off));
	*ret_changes = false;
	m = scn_model_new(w->c.src, w->c.scn, &bind);
	if (!m)
		return false;
	r = judge(w, m);
	*ret_changes =
		r->total.states != w->states || r->total.transitions != w->transitions;
	if (answer_of(r)->verdict != SCN_VERDICT_OK)
		return false;
	if (!w->found->len) {
		w->witness = g_steal_pointer(&r);
		w->without = g_steal_pointer(&m);
	}
	return true;
}

static bool in_force(const Why *w, RuleId rule)
{
	return rule_kind(rule) == RULE_SWITCH &&
	       rule_in(&w->c.model->bound->conf->rules, rule);
}

static bool has(const Set *set, RuleId rule)
{
	for (uint32_t i = 0; i < set->n; i++)
		if (set->rules[i] == rule)
			return true;
	return false;
}

static bool same(const Set *a, const Set *b)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (!has(b, a->rules[i]))
			return false;
	return true;
}

static bool known(const GArray *sets, const Set *set)
{
	for (guint i = 0; i < sets->len; i++)
		if (same(&g_array_index(sets, Set, i), set))
			return true;
	return false;
}

/* Every set of @from with one rule more; those that change something go to @ret. */
static void widen(Why *w, const GArray *from, GArray *ret)
{
	for (guint i = 0; i < from->len; i++) {
		for (unsigned r = RULE_NONE + 1; r < RULE_COUNT_; r++) {
			Set set = g_array_index(from, Set, i);
			bool changes;

			if (!in_force(w, (RuleId)r) || has(&set, (RuleId)r))
				continue;
			set.rules[set.n++] = (RuleId)r;
			if (known(ret, &set) || known(w->found, &set))
				continue;
			if (cli_budget_over(&w->budget)) {
				w->cut = true;
				return;
			}
			if (happens_without(w, &set, &changes))
				g_array_append_val(w->found, set);
			else if (changes)
				g_array_append_val(ret, set);
		}
	}
}

static void find_sets(Why *w)
{
	g_autoptr(GArray) sets = g_array_new(FALSE, FALSE, sizeof(Set));
	const Set none = {.n = 0};

	g_array_append_val(sets, none);
	for (uint32_t n = 0; n < SET_MAX && !w->found->len && !w->cut; n++) {
		GArray *wider = g_array_new(FALSE, FALSE, sizeof(Set));

		widen(w, sets, wider);
		g_array_unref(sets);
		sets = wider;
	}
}

/* --- words ----------------------------------------------------------------------------
 */

static void print_set(const Set *set)
{
	for (uint32_t i = 0; i < set->n; i++)
		printf("  %s %s (%s): %s\n", i ? "and" : "   ", rule_name(set->rules[i]),
		       rule_function(set->rules[i]), rule_text(set->rules[i]));
}

/* Options that switch off what else is switched off, and the set. */
static void print_path(const Why *w, const Set *set)
{
	const ScnFinding *f = answer_of(w->witness);
	CliOptions o = *w->o;
	g_autofree RuleId *off = g_new(RuleId, o.mutated_n + SET_MAX);

	if (o.mutated_n)
		memcpy(off, o.mutated, o.mutated_n * sizeof(*off));
	if (set)
		memcpy(off + o.mutated_n, set->rules, set->n * sizeof(*off));
	o.mutated = off;
	o.mutated_n += set ? set->n : 0;
	cli_print_steps(w->without ? w->without : w->c.model, f->path, f->path_n, 4);
	cli_print_replay(&w->c, &o, f->path, f->path_n, 4);
}

static int print_text(const Why *w, const char *expr)
{
	if (w->witness && !w->found->len) {
		printf("%s: it can happen, for example so:\n", expr);
		print_path(w, NULL);
		return CLI_OK;
	}
	printf("%s: it cannot happen (%" PRIu64 " states)\n", expr, w->states);
	for (guint i = 0; i < w->found->len; i++) {
		const Set *set = &g_array_index(w->found, Set, i);

		printf(i ? "  or\n" : "  because of\n");
		print_set(set);
	}
	if (w->found->len) {
		printf("  Without the first it could happen:\n");
		print_path(w, &g_array_index(w->found, Set, 0));
	} else if (!w->cut) {
		printf("  No %u rules that can be switched off would let it happen: it "
		       "follows from the others.\n",
		       SET_MAX);
	}
	if (w->cut)
		printf("  Stopped by a budget: there may be smaller sets, or others.\n");
	return w->found->len || !w->cut ? CLI_DIFFERS : CLI_BUDGET;
}

static int print_json(const Why *w, const char *expr)
{
	const bool can = w->witness && !w->found->len;
	JsonBuilder *j = json_builder_new();

	json_builder_begin_object(j);
	cli_json_case(j, &w->c);
	cli_json_string(j, "question", expr);
	cli_json_bool(j, "possible", can);
	json_builder_set_member_name(j, "forbidden_by");
	json_builder_begin_array(j);
	for (guint i = 0; i < w->found->len; i++) {
		const Set *set = &g_array_index(w->found, Set, i);

		json_builder_begin_array(j);
		for (uint32_t k = 0; k < set->n; k++)
			json_builder_add_string_value(j, rule_name(set->rules[k]));
		json_builder_end_array(j);
	}
	json_builder_end_array(j);
	cli_json_bool(j, "complete", !w->cut);
	json_builder_end_object(j);
	cli_json_print(j);
	if (can)
		return CLI_OK;
	return w->found->len || !w->cut ? CLI_DIFFERS : CLI_BUDGET;
}

/* --- the command ----------------------------------------------------------------------
 */

static int answer(Why *w, const char *expr)
{
	g_autoptr(ScnReport) r = judge(w, w->c.model);
	ScnVerdict verdict = answer_of(r)->verdict;

	w->states = r->total.states;
	w->transitions = r->total.transitions;
	if (verdict == SCN_VERDICT_UNKNOWN) {
		fprintf(stderr, "uringlab why: stopped by %s: not known\n",
			cli_cut_word(r->cut_by));
		return CLI_BUDGET;
	}
	w->found = g_array_new(FALSE, FALSE, sizeof(Set));
	w->cut = false;
	if (verdict == SCN_VERDICT_OK)
		w->witness = g_steal_pointer(&r);
	else
		find_sets(w);
	return w->o->json ? print_json(w, expr) : print_text(w, expr);
}

static int why(CliOptions *o, const char *path, const char *expr)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ScnSource) src = read_with(path, expr, &error);
	Why w = {.o = o};
	int status = CLI_BAD;

	if (!src)
		return cli_fail("why", error);
	cli_catch_interrupt();
	cli_budget_start(&w.budget, o);
	if (!question_open(&w, src))
		cli_print_diags(src);
	else if (w.c.combos > 1)
		cli_usage("why", "%s has %u combinations; pin its sweeps with -D", path,
			  w.c.combos);
	else
		status = answer(&w, expr);
	g_clear_pointer(&w.witness, scn_report_free);
	g_clear_pointer(&w.without, scn_model_free);
	g_clear_pointer(&w.found, g_array_unref);
	cli_case_close(&w.c);
	return status;
}

int cmd_why(int argc, char **argv)
{
	g_auto(CliOptions) o = {0};
	GOptionContext *ctx = cli_context("FILE EXPR", summary, examples);
	int status;

	cli_add_scenario_options(ctx, &o);
	cli_add_explore_options(ctx, &o);
	if (!cli_parse(ctx, "why", &argc, &argv, &o, &status))
		return status;
	if (argc != 3)
		return cli_usage("why", "a file and an expression are needed");
	if (o.profile && strcmp(o.profile, "all") == 0)
		return cli_usage("why", "--profile all makes no sense here; name one");
	return why(&o, argv[1], argv[2]);
}
