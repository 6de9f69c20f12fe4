/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_judge.c - does the model allow what a real kernel did?
 */
#include "cli/kernel_judge.h"

#include "model/events/events.h"

/* What a log does not show: bit 0 results, bit 1 releases, bit 2 references left. */
#define HIDES_RESULTS  1u
#define HIDES_RELEASES 2u
#define HIDES_REFS     4u

static bool is_hidden(uint64_t label, unsigned hides)
{
	switch (label_class(label)) {
	case LABEL_RET:
	case LABEL_HANG:
		return hides & HIDES_RESULTS;
	case LABEL_RELEASE:
		return hides & HIDES_RELEASES;
	case LABEL_REFS:
		return hides & HIDES_REFS;
	case LABEL_HIDDEN:
	case LABEL_CQE:
	case LABEL_CLASS_COUNT_:
		break;
	}
	return false;
}

#define HIDDEN(n)                                                                        \
	static bool hidden_##n(uint64_t label)                                           \
	{                                                                                \
		return is_hidden(label, n);                                              \
	}
HIDDEN(1)
HIDDEN(2)
HIDDEN(3)
HIDDEN(4)
HIDDEN(5)
HIDDEN(6)
HIDDEN(7)

static bool (*const hidden[CLI_ORACLE_VIEWS])(uint64_t label) = {
	NULL, hidden_1, hidden_2, hidden_3, hidden_4, hidden_5, hidden_6, hidden_7};

CliOracle *cli_oracle_new(const ScnModel *m, const SimExploreOptions *opt)
{
	const ScnJudgeOptions jo = {.explore = *opt, .outcomes = SCN_OUTCOMES_ALL};
	g_autoptr(ScnReport) r = scn_judge(m, &jo);
	CliOracle *o;

	if (!r->automaton)
		return NULL;
	o = g_new0(CliOracle, 1);
	o->watched = m->bound->conf->watched != NULL;
	o->report = g_steal_pointer(&r);
	return o;
}

void cli_oracle_free(CliOracle *o)
{
	if (!o)
		return;
	for (unsigned i = 0; i < CLI_ORACLE_VIEWS; i++)
		sim_oracle_free(o->views[i]);
	scn_report_free(o->report);
	g_free(o);
}

void cli_seen_outcome(const KernelOutcome *o, CliSeen *ret)
{
	uint32_t n = MIN(o->rings_n, SIM_ORACLE_STREAMS_MAX - 1);

	for (uint32_t i = 0; i < n; i++)
		ret->streams[i] = (SimStream){o->rings[i].labels, o->rings[i].n};
	if (o->loose.n)
		ret->streams[n++] = (SimStream){o->loose.labels, o->loose.n};
	ret->seen = (SimSeen){
		.streams = ret->streams, .streams_n = n, .ends = {o->ends, o->ends_n}};
	ret->results = true;
	ret->watched = o->watched;
	ret->counted = o->counted;
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
	uint32_t n = run->rings_n;

	G_STATIC_ASSERT(KERNEL_LOG_RINGS_MAX < SIM_ORACLE_STREAMS_MAX);
	for (uint32_t i = 0; i < run->rings_n; i++)
		ret->streams[i] = (SimStream){run->cqes + run->cq_at[i],
					      run->cq_at[i + 1] - run->cq_at[i]};
	if (run->loose_n)
		ret->streams[n++] = (SimStream){run->loose, run->loose_n};
	ret->seen = (SimSeen){.streams = ret->streams,
			      .streams_n = n,
			      .ends = {run->ends, run->ends_n}};
	ret->results = run->results;
	ret->watched = run->watched;
	ret->counted = run->counted;
}

bool cli_oracle_check(CliOracle *o, const CliSeen *seen, SimMiss *ret_miss)
{
	unsigned hides = seen->results ? 0 : HIDES_RESULTS;

	/* A model without labels for releases has nothing to hide. */
	if (o->watched)
		hides |= (seen->watched ? 0 : HIDES_RELEASES) |
			 (seen->counted ? 0 : HIDES_REFS);
	if (!o->views[hides])
		o->views[hides] = sim_oracle_new(o->report->automaton, hidden[hides]);
	return sim_oracle_check(o->views[hides], &seen->seen, ret_miss);
}
