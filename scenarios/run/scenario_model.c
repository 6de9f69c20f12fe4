/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario_model.c - every callback: the world first, then the conditions
 */
#include "scenarios/run/scenario_model.h"

#include "model/events/events.h"
#include "model/world/world.h"
#include "scenarios/run/names.h"
#include "scenarios/run/symmetry.h"
#include "sim/base/check.h"
#include "trace/text.h"

static void *cond_state(const ScnModel *m, void *world)
{
	return (unsigned char *)world + m->inner.world_bytes;
}

static const void *cond_state_c(const ScnModel *m, const void *world)
{
	return (const unsigned char *)world + m->inner.world_bytes;
}

static void model_init(const void *self, void *world)
{
	const ScnModel *m = self;

	m->inner.init(m->inner.self, world);
}

static uint32_t model_enabled(const void *self, const void *world, SimAction *ret)
{
	const ScnModel *m = self;
	const uint32_t n = m->inner.enabled(m->inner.self, world, ret);

	/* Invisible to an observer, but not to the conditions. */
	if (m->nothing_private || m->any_issue_seen)
		for (uint32_t i = 0; i < n; i++)
			if (m->nothing_private || m->issue_seen[world_issues(ret[i])])
				ret[i].flags &= (uint16_t)~SIM_ACT_PRIVATE;
	return n;
}

static void model_apply(const void *self, void *world, SimAction action, SimLog *log)
{
	const ScnModel *m = self;
	const uint32_t first = log->n;

	m->inner.apply(m->inner.self, world, action, log);
	for (uint32_t i = first; i < log->n; i++)
		prop_step(m->conds->prop, cond_state(m, world), &log->ev[i]);
}

static void model_final(const void *self, const void *world, SimLog *log)
{
	const ScnModel *m = self;

	m->inner.final(m->inner.self, world, log);
}

/* --- conditions ------------------------------------------------------------------- */

typedef struct Observer {
	const ModelConf *conf;
	const void *world;
	bool final;
} Observer;

static uint32_t observe(const void *ctx, PropAtomKind kind, uint32_t obj)
{
	const Observer *o = ctx;

	if (kind == PROP_HUNG)
		return world_hung(o->conf, o->world, obj);
	if (kind == PROP_OVERFLOW)
		return world_overflow(o->conf, o->world, obj);
	if (kind == PROP_BROKEN) {
		uint32_t req;

		return world_fault(o->conf, o->world, o->final, &req) == obj;
	}
	SIM_CHECK(kind == PROP_REQ_REFS);
	return world_refs(o->conf, o->world, obj);
}

/* Does anybody look at conditions of this kind now? */
static bool looked_at(SimPropKind kind, bool final)
{
	return final || kind == SIM_PROP_ALWAYS || kind == SIM_PROP_NEVER;
}

static uint64_t model_judge(const void *self, const void *world, bool final)
{
	const ScnModel *m = self;
	const Observer observer = {m->bound->conf, world, final};
	const PropEnv env = {.ctx = &observer, .observe = observe};
	const uint32_t first = m->inner.props_count;
	uint64_t bits = m->inner.judge(m->inner.self, world, final);
	uint32_t req;

	/* What a condition speaks of is judged by that condition. */
	if (!(bits & 1) &&
	    m->conds->spoken_of >> world_fault(m->bound->conf, world, final, &req) & 1)
		bits |= 1;
	for (uint32_t i = 0; i < m->conds->n; i++) {
		if (!looked_at(m->conds->props[i].kind, final))
			continue;
		if (prop_eval(m->conds->prop, i, cond_state_c(m, world), &env))
			bits |= UINT64_C(1) << (first + i);
	}
	return bits;
}

/* --- symmetry --------------------------------------------------------------------- */

static bool model_canon(const void *self, void *world, uint8_t *ret_perm)
{
	const ScnModel *m = self;
	uint8_t own[SIM_PERM_MAX], scratch[SCN_MODEL_PERMUTE_MAX];
	uint8_t *perm = ret_perm ? ret_perm : own;

	if (!m->inner.canon(m->inner.self, world, perm))
		return false;
	prop_permute(m->conds->prop, cond_state(m, world), perm, scratch);
	return true;
}

static uint64_t model_relabel(const void *self, uint64_t label, const uint8_t *perm)
{
	const ScnModel *m = self;

	return m->inner.relabel(m->inner.self, label, perm);
}

/* --- the rest is passed on ---------------------------------------------------------- */

static uint64_t model_delay_ns(const void *self, const void *world, SimAction action,
			       uint64_t r)
{
	const ScnModel *m = self;

	return m->inner.delay_ns(m->inner.self, world, action, r);
}

static void add_obj(const TraceNames *names, SimAction action, char letter, GString *out)
{
	switch (letter) {
	case 'r':
		trace_add_req(names, action.obj, out);
		return;
	case 'q':
		trace_add_ring(names, action.obj, out);
		return;
	case 't':
		trace_add_stmt(names, action.actor, action.obj, out);
		return;
	default:
		SIM_CHECK(!"unknown letter in the words of a step");
	}
}

static void model_action_text(const void *self, SimAction action, char *buf, size_t len)
{
	const ScnModel *m = self;
	g_autoptr(GString) out = g_string_new(NULL);
	int32_t res;

	for (const char *w = world_step_words(action); *w; w++) {
		if (*w == '%' && w[1])
			add_obj(m->names, action, *++w, out);
		else
			g_string_append_c(out, *w);
	}
	switch (world_step_answer(m->bound->conf, action, &res)) {
	case WORLD_ANSWER_RESULT:
		g_string_append(out, ": ");
		trace_add_res(res, out);
		break;
	case WORLD_ANSWER_MISS:
		g_string_append(out, ": not in the page cache");
		break;
	case WORLD_ANSWER_NONE:
		break;
	}
	g_strlcpy(buf, out->str, len);
}

static void model_event_text(const void *self, const SimEvent *ev, char *buf, size_t len)
{
	const ScnModel *m = self;
	g_autoptr(GString) out = g_string_new(NULL);

	trace_add_event(m->names, ev, out);
	g_strlcpy(buf, out->str, len);
}

static void model_actor_text(const void *self, uint32_t actor, char *buf, size_t len)
{
	const ScnModel *m = self;
	g_autoptr(GString) out = g_string_new(NULL);

	trace_add_actor(m->names, actor, out);
	g_strlcpy(buf, out->str, len);
}

static const char *watched_name(const ScnModel *m, uint64_t label)
{
	const ScnScenario *scn = m->bound->scn;
	const unsigned obj = label_obj(label);

	if (obj == scn->objs_n + 1)
		return "block request";
	return obj >= 1 && obj <= scn->objs_n ? scn->objs[obj - 1].name : "?";
}

static void model_label_text(const void *self, uint64_t label, char *buf, size_t len)
{
	const ScnModel *m = self;
	g_autoptr(GString) out = g_string_new(NULL);

	switch (label_class(label)) {
	case LABEL_CQE:
		trace_add_req(m->names, label_obj(label), out);
		g_string_append_c(out, ':');
		trace_add_res(label_value(label), out);
		if (label_cqe_flags(label))
			g_string_append_printf(out, "/%u", label_cqe_flags(label));
		break;
	case LABEL_RET:
	case LABEL_HANG:
		trace_add_stmt(m->names, label_place(label), label_obj(label), out);
		g_string_append(out, label_class(label) == LABEL_RET ? "=" : " hangs");
		if (label_class(label) == LABEL_RET)
			trace_add_res(label_value(label), out);
		break;
	case LABEL_RELEASE:
		g_string_append_printf(out, "%s released", watched_name(m, label));
		break;
	case LABEL_REFS:
		g_string_append_printf(out, "refs(%s)=%d", watched_name(m, label),
				       label_value(label));
		break;
	case LABEL_HIDDEN:
	case LABEL_CLASS_COUNT_:
		break;
	}
	g_strlcpy(buf, out->str, len);
}

/* --- making ----------------------------------------------------------------------- */

static void join_props(ScnModel *m)
{
	const uint32_t first = m->inner.props_count;

	SIM_CHECK(first + m->conds->n <= SIM_PROPS_MAX);
	m->props = g_new0(SimProp, first + m->conds->n);
	for (uint32_t i = 0; i < first; i++)
		m->props[i] = m->inner.props[i];
	for (uint32_t i = 0; i < m->conds->n; i++)
		m->props[first + i] = m->conds->props[i];
	m->model.props = m->props;
	m->model.props_count = first + m->conds->n;
}

/*
 * Note what @e looks at that is no CQE and no result. Taking a private step first leaves
 * out states in between, so what a condition on every state looks at is not private.
 */
static void note_hidden(ScnModel *m, const ScnExpr *e)
{
	if (!e)
		return;
	if (e->kind == SCN_EXPR_ISSUED) {
		m->issue_seen[e->a + 1] = true;
		m->any_issue_seen = true;
	} else if (e->kind == SCN_EXPR_PUNTED || e->kind == SCN_EXPR_REFS ||
		   e->kind == SCN_EXPR_ZEROED || e->kind == SCN_EXPR_HUNG ||
		   e->kind == SCN_EXPR_OVERFLOW) {
		m->nothing_private = true;
	}
	note_hidden(m, e->l);
	note_hidden(m, e->r);
}

static void note_watched(ScnModel *m)
{
	const ScnScenario *scn = m->bound->scn;

	m->issue_seen = g_new0(bool, m->bound->conf->reqs_n + 1);
	for (uint32_t i = 0; i < scn->conds_n; i++)
		if (looked_at(m->conds->props[SCN_COND_OWN + i].kind, false))
			note_hidden(m, scn->conds[i].expr);
}

static void wrap(ScnModel *m)
{
	SimModel *model = &m->model;

	*model = m->inner;
	model->self = m;
	model->name = m->bound->scn->name;
	model->world_bytes = m->inner.world_bytes + prop_state_bytes(m->conds->prop);
	model->init = model_init;
	model->enabled = model_enabled;
	model->apply = model_apply;
	model->judge = model_judge;
	model->final = m->inner.final ? model_final : NULL;
	model->canon = m->bound->conf->sym && m->inner.canon ? model_canon : NULL;
	model->relabel = m->inner.relabel ? model_relabel : NULL;
	model->delay_ns = m->inner.delay_ns ? model_delay_ns : NULL;
	model->action_text = model_action_text;
	model->event_text = model_event_text;
	model->actor_text = model_actor_text;
	model->label_text = model_label_text;
	join_props(m);
}

ScnModel *scn_model_new(ScnSource *src, const ScnScenario *scn, const ScnBindOptions *opt)
{
	g_autoptr(ScnModel) m = g_new0(ScnModel, 1);

	m->bound = scn_bind(src, scn, opt);
	if (!m->bound)
		return NULL;
	m->conds = scn_conds_new(src, m->bound);
	if (!m->conds)
		return NULL;
	if (prop_state_bytes(m->conds->prop) <= SCN_MODEL_PERMUTE_MAX)
		scn_symmetry_find(m->bound, m->conds);
	m->names = scn_names_new(m->bound);
	world_model(m->bound->conf, &m->inner);
	note_watched(m);
	wrap(m);
	return g_steal_pointer(&m);
}

void scn_model_free(ScnModel *m)
{
	if (!m)
		return;
	trace_names_free(m->names);
	scn_conds_free(m->conds);
	scn_bound_free(m->bound);
	g_free(m->props);
	g_free(m->issue_seen);
	g_free(m);
}
