/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_judge.c - does the model allow what a real kernel did?
 */
#include "cli/kernel_judge.h"

#include "model/events/events.h"

static bool is_result(uint64_t label)
{
	return label_class(label) != LABEL_CQE;
}

CliOracle *cli_oracle_new(const ScnModel *m, const SimExploreOptions *opt)
{
	const ScnJudgeOptions jo = {.explore = *opt, .outcomes = SCN_OUTCOMES_ALL};
	g_autoptr(ScnReport) r = scn_judge(m, &jo);
	CliOracle *o;

	if (!r->automaton)
		return NULL;
	o = g_new0(CliOracle, 1);
	o->all = sim_oracle_new(r->automaton, NULL);
	o->cqes = sim_oracle_new(r->automaton, is_result);
	o->report = g_steal_pointer(&r);
	return o;
}

void cli_oracle_free(CliOracle *o)
{
	if (!o)
		return;
	sim_oracle_free(o->all);
	sim_oracle_free(o->cqes);
	scn_report_free(o->report);
	g_free(o);
}

void cli_seen_outcome(const KernelOutcome *o, CliSeen *ret)
{
	const uint32_t n = MIN(o->rings_n, SIM_ORACLE_STREAMS_MAX);

	for (uint32_t i = 0; i < n; i++)
		ret->streams[i] = (SimStream){o->rings[i].labels, o->rings[i].n};
	ret->seen = (SimSeen){
		.streams = ret->streams, .streams_n = n, .ends = {o->ends, o->ends_n}};
	ret->results = true;
}

bool cli_setups_agree(const CliCase *c, const KernelOutcome *o, uint32_t *ret_obj,
		      int32_t *ret_res)
{
	const ScnBound *bound = c->model->bound;
	uint32_t at = 0;

	for (uint32_t i = 0; i < bound->scn->objs_n && at < o->setups_n; i++) {
		if (bound->scn->objs[i].kind != SCN_OBJ_RING ||
		    bound->scn->objs[i].setup == 0)
			continue;
		*ret_obj = i;
		*ret_res = o->setups[at++];
		if (*ret_res != bound->setup[i])
			return false;
	}
	return true;
}

void cli_seen_run(const KernelLogRun *run, CliSeen *ret)
{
	G_STATIC_ASSERT(KERNEL_LOG_RINGS_MAX <= SIM_ORACLE_STREAMS_MAX);
	for (uint32_t i = 0; i < run->rings_n; i++)
		ret->streams[i] = (SimStream){run->cqes + run->cq_at[i],
					      run->cq_at[i + 1] - run->cq_at[i]};
	ret->seen = (SimSeen){.streams = ret->streams,
			      .streams_n = run->rings_n,
			      .ends = {run->ends, run->ends_n}};
	ret->results = run->results;
}

bool cli_oracle_check(CliOracle *o, const CliSeen *seen, SimMiss *ret_miss)
{
	return sim_oracle_check(seen->results ? o->all : o->cqes, &seen->seen, ret_miss);
}
