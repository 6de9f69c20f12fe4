/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain.c - what a built-in property objects to, in the words of the scenario
 */
#include "model/events/events.h"
#include "scenarios/run/judge.h"
#include "sim/base/check.h"
#include "trace/text.h"

/* One execution stepped by hand, with the state of the conditions kept beside. */
typedef struct Walk {
	const ScnModel *m;
	void *world;
	SimEvent *events;
	SimLog log;
} Walk;

static void walk_start(Walk *w, const ScnModel *m)
{
	w->m = m;
	w->world = g_malloc0(m->model.world_bytes + 1);
	w->events = g_new0(SimEvent, m->model.events_max + 1);
	w->log = (SimLog){.ev = w->events, .cap = m->model.events_max};
	m->model.init(m->model.self, w->world);
}

static void walk_step(Walk *w, SimAction action)
{
	w->log.n = 0;
	w->m->model.apply(w->m->model.self, w->world, action, &w->log);
}

/* Can nothing happen any more? */
static bool walk_final(const Walk *w)
{
	const SimModel *model = &w->m->model;
	g_autofree SimAction *actions = g_new0(SimAction, model->actions_max + 1);

	return model->enabled(model->self, w->world, actions) == 0;
}

static void walk_end(Walk *w)
{
	g_free(w->world);
	g_free(w->events);
}

static char *explain_fault(Walk *w, const SimAction *path, uint32_t n)
{
	const ModelConf *conf = w->m->bound->conf;
	GString *out = g_string_new(NULL);
	uint32_t req = 0;
	WorldFault fault;
	char state[256] = "";

	for (uint32_t i = 0; i < n; i++)
		walk_step(w, path[i]);
	fault = world_fault(conf, w->world, walk_final(w), &req);
	if (fault == FAULT_NONE) {
		g_string_free(out, TRUE);
		return NULL;
	}
	g_string_append(out, world_fault_name(fault));
	if (req) {
		world_req_text(conf, w->world, req, state, sizeof(state));
		g_string_append(out, ": ");
		trace_add_req(w->m->names, req, out);
		g_string_append_printf(out, "%s%s%s", state[0] ? " (" : "", state,
				       state[0] ? ")" : "");
	}
	return g_string_free(out, FALSE);
}

static char *undeclared_text(const ScnModel *m, const SimEvent *ev)
{
	GString *out = g_string_new(NULL);

	if (ev->kind == EV_RET)
		trace_add_stmt(m->names, ev->actor, ev->obj, out);
	else
		trace_add_req(m->names, ev->obj, out);
	g_string_append(out, ev->kind == EV_RET ? " returns " : " ends with ");
	trace_add_res(ev->a, out);
	g_string_append(out, ", which is not declared");
	return g_string_free(out, FALSE);
}

static char *setup_text(const ScnBound *bound, uint32_t obj)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "the setup of %s returns ",
			       bound->scn->objs[obj].name);
	trace_add_res(bound->setup[obj], out);
	g_string_append(out, ", which is not declared");
	return g_string_free(out, FALSE);
}

/* The first event after which a result is there that nobody declared. */
static char *explain_declared(Walk *w, const SimAction *path, uint32_t n)
{
	const PropProgram *prop = w->m->conds->prop;
	g_autofree void *state = g_malloc0(prop_state_bytes(prop) + 1);

	if (w->m->conds->setup_obj >= 0)
		return setup_text(w->m->bound, (uint32_t)w->m->conds->setup_obj);
	for (uint32_t i = 0; i < n; i++) {
		walk_step(w, path[i]);
		for (uint32_t e = 0; e < w->log.n; e++) {
			prop_step(prop, state, &w->events[e]);
			if (prop_undeclared(prop, state))
				return undeclared_text(w->m, &w->events[e]);
		}
	}
	return NULL;
}

/* The statement that @task did not return from: the last one that its HANG names. */
static void add_hung(const Walk *w, uint32_t task, GString *out)
{
	for (uint32_t e = 0; e < w->log.n; e++) {
		const SimEvent *ev = &w->events[e];

		if (ev->kind == EV_HANG && ev->actor == task) {
			trace_add_stmt(w->m->names, task, ev->obj, out);
			g_string_append(out, " of ");
		}
	}
	trace_add_actor(w->m->names, task, out);
	g_string_append(out, " never returns");
}

static char *explain_hang(Walk *w, const SimAction *path, uint32_t n)
{
	const ModelConf *conf = w->m->bound->conf;
	GString *out = g_string_new(NULL);

	for (uint32_t i = 0; i < n; i++)
		walk_step(w, path[i]);
	w->log.n = 0;
	if (w->m->model.final)
		w->m->model.final(w->m->model.self, w->world, &w->log);
	for (uint32_t t = 1; t <= conf->apps_n; t++) {
		if (!world_hung(conf, w->world, t))
			continue;
		if (out->len)
			g_string_append(out, "; ");
		add_hung(w, t, out);
	}
	return g_string_free(out, FALSE);
}

char *scn_explain(const ScnModel *m, uint32_t prop, const SimAction *path, uint32_t n)
{
	char *text;
	Walk w;

	SIM_CHECK(prop < m->model.props_count);
	walk_start(&w, m);
	if (prop < m->inner.props_count)
		text = explain_fault(&w, path, n);
	else if (prop - m->inner.props_count == SCN_COND_DECLARED)
		text = explain_declared(&w, path, n);
	else if (prop - m->inner.props_count == SCN_COND_NO_HANG)
		text = explain_hang(&w, path, n);
	else
		text = NULL;
	walk_end(&w);
	return text;
}
