/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_model.c - the model behind its seam: bytes make a scenario and choose its steps
 *
 * Property: the contract of sim/engine/model.h in every state that is come by:
 *           - enabled() stays within actions_max, writes nothing else, leaves the world
 *             alone; actions differ, variants of one step are adjacent;
 *           - apply() gives the same world and events twice, within events_max;
 *           - a private step is hidden, as are its variants, and commutes with every
 *             enabled step of another actor: both orders are possible and end in the
 *             same world, and it is private behind that step, too; steps of its own
 *             actor stay possible;
 *           - canon() moves at most once, and the image has the renamed steps enabled;
 *           - no invariant breaks, but for the known defects of a profile;
 *           - conditions that are always true stay so;
 *           - the execution ends, and closing it stays within events_max.
 * Seeds:    tests/fuzz/corpus/model/; fuzz_driver.c replays them without a fuzzer.
 * Failure:  aborts; what was going on is printed as a scenario and its schedule.
 */
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "model/events/events.h"
#include "model/world/step.h"
#include "model/world/world.h"
#include "scenarios/run/scenario_model.h"
#include "scenarios/run/schedule.h"
#include "tests/fuzz/model_text.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define STEPS_MAX 4096u /* more is no progress */
#define GUARD     8u    /* actions behind actions_max, which nobody may write */

typedef struct Actions {
	SimAction *a; /* actions_max + GUARD */
	uint32_t n;
} Actions;

/* A world and what the last step to it logged. */
typedef struct Place {
	unsigned char *world;
	SimLog log;
} Place;

enum { NOW, NEXT, AGAIN, OTHER, PLACES };

typedef struct Fuzz {
	const ScnModel *m;
	const SimModel *model;
	Place at[PLACES];
	Actions now, then;
} Fuzz;

/* What to print when somebody aborts: the model checks itself as well. */
static struct {
	const char *text;
	GArray *path;
	SimAction pair[2]; /* a private step and the one it has to commute with */
	struct sigaction before;
} current;

static void show_current(int sig)
{
	if (current.text && current.path) {
		char *schedule = scn_schedule_text((const SimAction *)current.path->data,
						   current.path->len);

		fprintf(stderr, "%s# schedule %s\n", current.text, schedule);
		if (current.pair[0].kind) {
			char *pair = scn_schedule_text(current.pair, 2);

			fprintf(stderr, "# in front of its last step: %s\n", pair);
		}
		current.text = NULL;
	}
	sigaction(sig, &current.before, NULL);
	raise(sig);
}

/* --- places ----------------------------------------------------------------------- */

static void fuzz_open(Fuzz *f, const ScnModel *m)
{
	*f = (Fuzz){.m = m, .model = &m->model};
	for (int i = 0; i < PLACES; i++) {
		f->at[i].world = g_malloc0(f->model->world_bytes);
		f->at[i].log.cap = f->model->events_max;
		f->at[i].log.ev = g_new0(SimEvent, f->model->events_max);
	}
	f->now.a = g_new0(SimAction, f->model->actions_max + GUARD);
	f->then.a = g_new0(SimAction, f->model->actions_max + GUARD);
}

static void fuzz_close(Fuzz *f)
{
	for (int i = 0; i < PLACES; i++) {
		g_free(f->at[i].world);
		g_free(f->at[i].log.ev);
	}
	g_free(f->now.a);
	g_free(f->then.a);
}

static void step(Fuzz *f, int to, int from, SimAction action)
{
	Place *ret = &f->at[to];

	if (to != from)
		memcpy(ret->world, f->at[from].world, f->model->world_bytes);
	ret->log.n = 0;
	f->model->apply(f->model->self, ret->world, action, &ret->log);
}

static bool same_world(const Fuzz *f, int a, int b)
{
	return memcmp(f->at[a].world, f->at[b].world, f->model->world_bytes) == 0;
}

static bool broken(const Fuzz *f, int at)
{
	uint32_t req;

	return world_fault(f->m->bound->conf, f->at[at].world, false, &req) != FAULT_NONE;
}

static void look(const Fuzz *f, int at, Actions *ret)
{
	memset(ret->a, 0xa5, (f->model->actions_max + GUARD) * sizeof(*ret->a));
	ret->n = f->model->enabled(f->model->self, f->at[at].world, ret->a);
	SIM_CHECK(ret->n <= f->model->actions_max);
	for (uint32_t i = 0; i < GUARD * sizeof(*ret->a); i++)
		SIM_CHECK(((unsigned char *)(ret->a + f->model->actions_max))[i] == 0xa5);
}

/* --- actions ---------------------------------------------------------------------- */

static bool same_step(SimAction a, SimAction b)
{
	return a.kind == b.kind && a.actor == b.actor && a.obj == b.obj;
}

static bool has_action(const Actions *in, SimAction action)
{
	for (uint32_t i = 0; i < in->n; i++)
		if (same_step(in->a[i], action) && in->a[i].variant == action.variant)
			return true;
	return false;
}

static bool has_private(const Actions *in, SimAction action)
{
	for (uint32_t i = 0; i < in->n; i++)
		if (same_step(in->a[i], action) && in->a[i].variant == action.variant)
			return in->a[i].flags & SIM_ACT_PRIVATE;
	return false;
}

static void check_actions(const Fuzz *f, const Actions *now)
{
	for (uint32_t i = 0; i < now->n; i++) {
		const SimAction a = now->a[i];

		SIM_CHECK(a.kind && a.actor < f->model->actors);
		SIM_CHECK(!(a.flags & ~SIM_ACT_PRIVATE));
		SIM_CHECK(a.variant == 0 || (i && same_step(now->a[i - 1], a) &&
					     now->a[i - 1].variant + 1 == a.variant));
		for (uint32_t k = 0; k < i; k++)
			SIM_CHECK(a.variant || !same_step(now->a[k], a));
		SIM_CHECK(a.variant == 0 || now->a[i - 1].flags == a.flags);
	}
}

/* The same step twice from equal worlds: equal worlds and events. */
static void check_apply(Fuzz *f, SimAction action)
{
	const SimLog *a = &f->at[NEXT].log, *b = &f->at[AGAIN].log;

	memset(f->at[AGAIN].log.ev, 0x5a, f->model->events_max * sizeof(SimEvent));
	step(f, NEXT, NOW, action);
	step(f, AGAIN, NOW, action);
	SIM_CHECK(same_world(f, NEXT, AGAIN));
	SIM_CHECK(a->n == b->n && !memcmp(a->ev, b->ev, a->n * sizeof(SimEvent)));
	for (uint32_t i = 0; i < a->n; i++)
		SIM_CHECK(a->ev[i].kind && a->ev[i].kind < EV_COUNT_ &&
			  a->ev[i].actor < f->model->actors);
}

/*
 * A flush does its second half at once if nobody can come in between, else in a step of
 * its own; where that is the only thing that can happen the two are one.
 */
static void finish_flush(Fuzz *f, int at)
{
	look(f, at, &f->then);
	if (f->then.n == 1 && f->then.a[0].kind == STEP_RETIRE)
		step(f, at, at, f->then.a[0]);
}

/* NEXT is NOW after @private: @other commutes with it. */
static void check_pair(Fuzz *f, SimAction private, SimAction other)
{
	step(f, OTHER, NOW, other);
	/* Nothing happens behind a broken invariant; it must not be missed either. */
	if (broken(f, OTHER)) {
		if (!broken(f, NEXT)) {
			step(f, AGAIN, NEXT, other);
			SIM_CHECK(broken(f, AGAIN));
		}
		return;
	}
	/* Task work breaks into its own task, which goes on with @private behind it. */
	if (other.actor == private.actor) {
		look(f, NEXT, &f->then);
		SIM_CHECK(broken(f, NEXT) || has_action(&f->then, other));
		return;
	}
	look(f, OTHER, &f->then);
	SIM_CHECK(has_private(&f->then, private));
	step(f, AGAIN, OTHER, private);
	if (broken(f, NEXT)) {
		SIM_CHECK(broken(f, AGAIN));
		return;
	}
	look(f, NEXT, &f->then);
	SIM_CHECK(has_action(&f->then, other));
	step(f, OTHER, NEXT, other);
	if (!same_world(f, AGAIN, OTHER))
		finish_flush(f, AGAIN);
	SIM_CHECK(same_world(f, AGAIN, OTHER));
}

static void check_private(Fuzz *f, SimAction action)
{
	step(f, NEXT, NOW, action);
	for (uint32_t i = 0; i < f->at[NEXT].log.n; i++)
		SIM_CHECK(f->at[NEXT].log.ev[i].label == 0);
	for (uint32_t i = 0; i < f->now.n; i++)
		if (!same_step(f->now.a[i], action)) {
			current.pair[0] = action;
			current.pair[1] = f->now.a[i];
			check_pair(f, action, f->now.a[i]);
		}
	current.pair[0].kind = 0;
}

/* --- symmetry --------------------------------------------------------------------- */

/* The step that @a becomes when requests are renamed. */
static SimAction renamed(SimAction a, const uint8_t *perm)
{
	switch ((StepKind)a.kind) {
	case STEP_ISSUE:
	case STEP_TW_ITEM:
	case STEP_WQ_ISSUE:
	case STEP_WQ_POST:
	case STEP_WQ_FREE:
	case STEP_TIMER:
	case STEP_NET:
		a.obj = perm[a.obj];
		return a;
	case STEP_NONE:
	case STEP_STMT:
	case STEP_SUBMIT:
	case STEP_END:
	case STEP_FLUSH:
	case STEP_TW_BEGIN:
	case STEP_WAIT:
	case STEP_RETURN:
	case STEP_WAKE:
	case STEP_RETIRE:
	case STEP_QUIESCE:
	case STEP_EXIT:
	case STEP_CANCEL:
	case STEP_CONTROL:
	case STEP_DEVICE:
	case STEP_LEAVE:
	case STEP_CLOSE:
	case STEP_RESCHED:
	case STEP_KIND_COUNT_:
		break;
	}
	return a;
}

static void check_canon(Fuzz *f)
{
	unsigned char *once = f->at[AGAIN].world, *twice = f->at[OTHER].world;
	const size_t bytes = f->model->world_bytes;
	uint8_t perm[SIM_PERM_MAX], still[SIM_PERM_MAX];

	memcpy(once, f->at[NOW].world, bytes);
	if (!f->model->canon(f->model->self, once, perm))
		SIM_CHECK(same_world(f, NOW, AGAIN));
	memcpy(twice, once, bytes);
	SIM_CHECK(!f->model->canon(f->model->self, twice, still));
	SIM_CHECK(same_world(f, AGAIN, OTHER));
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		SIM_CHECK(still[i] == i && perm[i] < SIM_PERM_MAX);
	look(f, AGAIN, &f->then);
	SIM_CHECK(f->then.n == f->now.n);
	for (uint32_t i = 0; i < f->now.n; i++)
		SIM_CHECK(has_action(&f->then, renamed(f->now.a[i], perm)));
}

/* --- one execution ---------------------------------------------------------------- */

/*
 * Defects of the kernels that are mirrored: the series as posted has several; a drain
 * that counts CQEs (D-3) waits for ever once something behind it was counted before it.
 */
static bool known_defect(const ScnBound *bound, WorldFault fault)
{
	if (bound->profile->bit == RULE_P_GROUP_V8)
		return true;
	return fault == FAULT_LOST && bound->conf->drains &&
	       rule_on(bound->conf, RULE_D_3);
}

/* Conditions of the text, behind the built-in ones, are all true by their form. */
static void check_judge(const Fuzz *f, bool final)
{
	const uint64_t bits = f->model->judge(f->model->self, f->at[NOW].world, final);
	const ScnBound *bound = f->m->bound;
	uint32_t req;
	const WorldFault fault = world_fault(bound->conf, f->at[NOW].world, final, &req);

	SIM_CHECK((bits & 1) == (fault == FAULT_NONE));
	SIM_CHECK(fault == FAULT_NONE || known_defect(bound, fault));
	for (uint32_t i = f->m->inner.props_count + SCN_COND_OWN;
	     i < f->model->props_count; i++)
		SIM_CHECK(bits >> i & 1 ||
			  (!final && f->model->props[i].kind == SIM_PROP_FORALL));
}

static void run(Fuzz *f, FuzzBytes *bytes)
{
	f->model->init(f->model->self, f->at[NOW].world);
	for (;;) {
		SimAction action;

		look(f, NOW, &f->now);
		check_actions(f, &f->now);
		check_judge(f, f->now.n == 0);
		if (!f->now.n)
			break;
		if (f->model->canon)
			check_canon(f);
		action = f->now.a[fuzz_take(bytes, f->now.n)];
		g_array_append_val(current.path, action);
		SIM_CHECK(current.path->len <= STEPS_MAX);
		check_apply(f, action);
		for (uint32_t i = 0; i < f->now.n; i++)
			if (f->now.a[i].flags & SIM_ACT_PRIVATE)
				check_private(f, f->now.a[i]);
		step(f, NOW, NOW, action);
	}
	f->at[NEXT].log.n = 0;
	f->model->final(f->model->self, f->at[NOW].world, &f->at[NEXT].log);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const ScnBindOptions options = {0};
	FuzzBytes bytes = {.at = data, .n = size};
	g_autofree char *text = fuzz_model_text(&bytes);
	g_autoptr(ScnSource) src = scn_source_new("fuzz.uring", text, strlen(text));
	g_autoptr(ScnScenario) scn = scn_load(src, NULL, 0, 0);
	g_autoptr(ScnModel) m = scn ? scn_model_new(src, scn, &options) : NULL;
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(SimAction));
	struct sigaction show = {.sa_handler = show_current};
	Fuzz f;

	current.text = text;
	current.path = path;
	sigaction(SIGABRT, &show, &current.before);
	if (!m) {
		g_autofree char *said = scn_diags_format(src, false);

		fputs(said, stderr);
	}
	SIM_CHECK(m);
	fuzz_open(&f, m);
	run(&f, &bytes);
	fuzz_close(&f);
	current.text = NULL;
	current.path = NULL;
	sigaction(SIGABRT, &current.before, NULL);
	return 0;
}
