/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * judge.c - explore once, twice if the graph turned out to be too large to keep
 */
#include "scenarios/run/judge.h"

#include <stdlib.h>

#include "sim/base/check.h"

const char *scn_verdict_word(ScnVerdict verdict)
{
	static const char *const words[SCN_VERDICT_COUNT_] = {
		[SCN_VERDICT_OK] = "Ok",
		[SCN_VERDICT_UNKNOWN] = "Unknown",
		[SCN_VERDICT_NO] = "No",
	};

	return words[verdict];
}

static ScnVerdict verdict_of(SimVerdict verdict)
{
	switch (verdict) {
	case SIM_VERDICT_HOLDS:
		return SCN_VERDICT_OK;
	case SIM_VERDICT_VIOLATED:
		return SCN_VERDICT_NO;
	case SIM_VERDICT_UNKNOWN:
		return SCN_VERDICT_UNKNOWN;
	case SIM_VERDICT_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return SCN_VERDICT_UNKNOWN;
}

/*
 * With the graph, unless that is only wanted for small ones and this is none: then once
 * more without, up to the budget of the caller.
 */
static SimExploration *explore(const ScnModel *m, const ScnJudgeOptions *opt)
{
	SimExploreOptions o = opt->explore;
	SimExploration *x;

	o.keep_edges = opt->outcomes != SCN_OUTCOMES_NONE;
	if (opt->outcomes != SCN_OUTCOMES_SMALL ||
	    (o.states_max && o.states_max <= SCN_OUTCOME_STATES_MAX))
		return sim_explore(&m->model, &o);
	o.states_max = SCN_OUTCOME_STATES_MAX;
	x = sim_explore(&m->model, &o);
	if (x->cut_by != SIM_CUT_STATES && x->cut_by != SIM_CUT_BYTES)
		return x;
	sim_exploration_free(x);
	o.states_max = opt->explore.states_max;
	o.keep_edges = false;
	return sim_explore(&m->model, &o);
}

static void take_finding(ScnReport *r, const ScnModel *m, SimExploration *x, uint32_t i)
{
	const uint32_t own = m->inner.props_count + SCN_COND_OWN;
	const SimPath *path = &x->props[i].path;
	ScnFinding *f = &r->findings[i];

	f->name = m->model.props[i].name;
	f->kind = m->model.props[i].kind;
	f->verdict = verdict_of(x->props[i].verdict);
	f->built_in = i < own;
	f->has_path = x->props[i].has_path;
	f->path = g_memdup2(path->actions, path->n * sizeof(SimAction));
	f->path_n = path->n;
	if (f->built_in && f->verdict == SCN_VERDICT_NO && f->has_path)
		f->why = scn_explain(m, i, f->path, f->path_n);
	r->verdict = MAX(r->verdict, f->verdict);
}

ScnReport *scn_judge(const ScnModel *m, const ScnJudgeOptions *opt)
{
	ScnReport *r = g_new0(ScnReport, 1);
	SimExploration *x = explore(m, opt);

	r->findings_n = m->model.props_count;
	r->findings = g_new0(ScnFinding, r->findings_n);
	for (uint32_t i = 0; i < r->findings_n; i++)
		take_finding(r, m, x, i);
	r->total = x->total;
	r->cut_by = x->cut_by;
	if (x->edges) {
		char *count;

		r->x = x;
		r->automaton = sim_automaton_build(&m->model, x);
		count = sim_automaton_count(r->automaton);
		r->outcomes = g_strdup(count);
		free(count);
	} else {
		sim_exploration_free(x);
	}
	return r;
}

void scn_report_free(ScnReport *r)
{
	if (!r)
		return;
	for (uint32_t i = 0; i < r->findings_n; i++) {
		g_free(r->findings[i].path);
		g_free(r->findings[i].why);
	}
	g_free(r->findings);
	g_free(r->outcomes);
	sim_automaton_free(r->automaton);
	sim_exploration_free(r->x);
	g_free(r);
}
