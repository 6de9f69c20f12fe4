/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * campaign.c - many scenarios on one kernel: boots, survives, reports
 *
 * A scenario is
 *   TODO -> SENT     its lines are queued for the guest     [feed]
 *   SENT -> FRESH    its end has come                       [take_end]
 *   FRESH -> DONE    the console was clean after that       [settle_fresh]
 *   SENT, FRESH -> SUSPECT   the guest died or complained   [suspect_all]
 *   SUSPECT -> SENT  alone in its guest                     [feed]
 */
#include "kernel/vm/campaign.h"

#include <string.h>

#include "kernel/agent/proto.h"
#include "kernel/compare/compile.h"

#define WINDOW       32 /* scenarios sent and not ended */
#define LIMIT_MS     10000
#define BOOT_MS      300000 /* a loaded host without KVM needs minutes */
#define SLACK_MS     20000  /* beyond the limit inside the guest: then it is dead */
#define BOOT_TRIES   3
#define SETTLE_EVERY 16 /* ends between two looks at the console */

G_DEFINE_QUARK(kernel_run_error, kernel_run_error)

typedef enum Stage {
	STAGE_TODO,
	STAGE_SENT,
	STAGE_FRESH,
	STAGE_DONE,
	STAGE_SUSPECT,
	STAGE_COUNT_,
} Stage;

typedef struct Campaign {
	const KernelRunOptions *opt;
	KernelReport *report;
	GString **programs; /* [n] lines for the agent; NULL: nothing to run */
	Stage *stage;       /* [n] */
	KernelVm *vm;
	uint32_t counts[STAGE_COUNT_];
	uint32_t fresh_n; /* ends since the console was last looked at */
	bool careful;     /* one at a time: a suspect is running */
} Campaign;

void kernel_report_free(KernelReport *report)
{
	if (!report)
		return;
	for (uint32_t i = 0; i < report->n; i++) {
		KernelResult *r = &report->results[i];

		g_free(r->skip);
		g_free(r->stuck);
		g_free(r->splat_text);
		g_ptr_array_free(r->outcomes, TRUE);
	}
	g_free(report->results);
	g_free(report->release);
	g_free(report);
}

static void set_stage(Campaign *c, uint32_t i, Stage stage)
{
	c->counts[c->stage[i]]--;
	c->counts[stage]++;
	c->stage[i] = stage;
}

static void result_clear(KernelResult *r)
{
	g_clear_pointer(&r->skip, g_free);
	g_clear_pointer(&r->stuck, g_free);
	g_clear_pointer(&r->splat_text, g_free);
	g_ptr_array_set_size(r->outcomes, 0);
	r->splat = KERNEL_SPLAT_NONE;
	r->runs = r->hung = r->lost = 0;
}

static void finish(Campaign *c, uint32_t i)
{
	set_stage(c, i, STAGE_DONE);
	c->report->results[i].done = true;
	if (c->opt->progress) {
		const KernelProgress now = {.done = c->counts[STAGE_DONE],
					    .n = c->report->n,
					    .boots = c->report->boots};

		c->opt->progress(&now, c->opt->progress_data);
	}
}

/* --- lines of the guest ------------------------------------------------------------- */

static bool take_seen(KernelResult *r, JsonObject *line)
{
	g_autoptr(KernelOutcome) o = NULL;

	o = kernel_outcome_parse(json_object_get_object_member(line, "seen"), NULL);
	if (!o)
		return false;
	o->n = (uint32_t)json_object_get_int_member_with_default(line, "n", 1);
	o->first = (uint32_t)json_object_get_int_member_with_default(line, "first", 0);
	g_ptr_array_add(r->outcomes, g_steal_pointer(&o));
	return true;
}

static void take_end(Campaign *c, uint32_t i, JsonObject *end)
{
	KernelResult *r = &c->report->results[i];

	r->runs = (uint32_t)json_object_get_int_member_with_default(end, "runs", 0);
	r->hung = (uint32_t)json_object_get_int_member_with_default(end, "hung", 0);
	r->lost = (uint32_t)json_object_get_int_member_with_default(end, "lost", 0);
	r->us = (uint64_t)json_object_get_int_member_with_default(end, "us", 0);
	c->report->guest_s += (double)r->us / 1e6;
	set_stage(c, i, STAGE_FRESH);
	c->fresh_n++;
}

/* One line of the agent about a scenario; what does not fit is noise and ignored. */
static void take_line(Campaign *c, const char *text)
{
	g_autoptr(JsonNode) node = json_from_string(text, NULL);
	JsonObject *line;
	KernelResult *r;
	int64_t id;

	if (!node || !JSON_NODE_HOLDS_OBJECT(node))
		return;
	line = json_node_get_object(node);
	id = json_object_get_int_member_with_default(line, "id", -1);
	if (id < 0 || id >= c->report->n || c->stage[id] != STAGE_SENT)
		return;
	r = &c->report->results[id];
	if (json_object_has_member(line, "seen") && !take_seen(r, line) && !r->stuck)
		r->stuck = g_strdup("the agent sent a line that is no outcome");
	if (json_object_has_member(line, "skip") && !r->skip)
		r->skip = g_strdup(json_object_get_string_member(line, "skip"));
	if (json_object_has_member(line, "stuck") && !r->stuck)
		r->stuck = g_strdup(json_object_get_string_member(line, "stuck"));
	if (json_object_has_member(line, "end"))
		take_end(c, (uint32_t)id, json_object_get_object_member(line, "end"));
}

/* --- guests ---------------------------------------------------------------------------
 */

static bool take_hello(Campaign *c, const char *text)
{
	g_autoptr(JsonNode) node = json_from_string(text, NULL);
	JsonObject *hello;

	if (!node || !JSON_NODE_HOLDS_OBJECT(node))
		return false;
	hello = json_node_get_object(node);
	if (!json_object_has_member(hello, "hello"))
		return false;
	g_free(c->report->release);
	c->report->release = g_strdup(
		json_object_get_string_member_with_default(hello, "release", "?"));
	c->report->groups =
		json_object_get_boolean_member_with_default(hello, "groups", FALSE);
	return true;
}

static bool boot(Campaign *c, GError **error)
{
	const guint limit = c->opt->boot_ms ? c->opt->boot_ms : BOOT_MS;

	for (guint try = 0; try < BOOT_TRIES; try++) {
		const gint64 start = g_get_monotonic_time();
		g_autofree char *line = NULL;
		KernelVmWhy why;

		c->vm = kernel_vm_start(&c->opt->vm, error);
		if (!c->vm)
			return false;
		c->report->boots++;
		why = kernel_vm_line(c->vm, limit, c->opt->stop, &line);
		if (why == KERNEL_VM_LINE && take_hello(c, line)) {
			if (!c->report->boot_s)
				c->report->boot_s =
					(double)(g_get_monotonic_time() - start) / 1e6;
			return true;
		}
		g_clear_pointer(&c->vm, kernel_vm_free);
		if (why == KERNEL_VM_STOPPED)
			return true;
	}
	g_set_error(error, KERNEL_RUN_ERROR, 0,
		    "no guest came up in %u tries of %u s each; its console is in %s",
		    BOOT_TRIES, limit / 1000,
		    c->opt->vm.console ? c->opt->vm.console : "no file");
	return false;
}

/* Queue the next scenarios. */
static void feed(Campaign *c)
{
	const Stage from = c->careful ? STAGE_SUSPECT : STAGE_TODO;
	const uint32_t window = c->careful ? 1 : WINDOW;

	for (uint32_t i = 0;
	     i < c->report->n && c->counts[STAGE_SENT] < window && c->counts[from]; i++) {
		if (c->stage[i] != from)
			continue;
		result_clear(&c->report->results[i]);
		kernel_vm_send(c->vm, c->programs[i]->str);
		set_stage(c, i, STAGE_SENT);
	}
}

/* The guest is not to be trusted: whatever it touched since the last look is open again.
 */
static void suspect_all(Campaign *c)
{
	for (uint32_t i = 0; i < c->report->n; i++)
		if (c->stage[i] == STAGE_SENT || c->stage[i] == STAGE_FRESH)
			set_stage(c, i, STAGE_SUSPECT);
	c->fresh_n = 0;
}

/* The one that ran alone is known to be the cause. */
static void blame(Campaign *c, KernelSplat splat, const char *text, const char *why)
{
	for (uint32_t i = 0; i < c->report->n; i++) {
		KernelResult *r = &c->report->results[i];

		if (c->stage[i] != STAGE_SENT && c->stage[i] != STAGE_FRESH)
			continue;
		r->splat = splat;
		g_free(r->splat_text);
		r->splat_text = g_strdup(text);
		if (why && !r->stuck)
			r->stuck = g_strdup(why);
		finish(c, i);
	}
	c->fresh_n = 0;
}

static void settle_fresh(Campaign *c)
{
	for (uint32_t i = 0; i < c->report->n; i++)
		if (c->stage[i] == STAGE_FRESH)
			finish(c, i);
	c->fresh_n = 0;
}

/* The console after some ends, or after the guest went away. False: this guest is over.
 */
static bool look(Campaign *c, const char *why)
{
	g_autofree char *text = NULL;
	const KernelSplat splat = kernel_vm_splat(c->vm, &text);

	if (splat == KERNEL_SPLAT_NONE && !why) {
		settle_fresh(c);
		return true;
	}
	if (c->careful || c->counts[STAGE_SENT] + c->counts[STAGE_FRESH] == 1)
		blame(c, splat, text, why);
	else
		suspect_all(c);
	return false;
}

static const char *why_text(KernelVmWhy why)
{
	static const char *const texts[KERNEL_VM_WHY_COUNT_] = {
		[KERNEL_VM_TIMEOUT] = "the guest does not answer any more",
		[KERNEL_VM_GONE] = "the guest went away",
		[KERNEL_VM_OOPS] = "the kernel died",
	};

	return texts[why];
}

/* Work with one guest until nothing is left for it or it cannot be used any more. */
static void work(Campaign *c)
{
	const guint patience =
		(c->opt->limit_ms ? c->opt->limit_ms : LIMIT_MS) + SLACK_MS;

	c->careful = c->counts[STAGE_SUSPECT] > 0;
	if (c->careful)
		kernel_vm_send(c->vm, "c 1\n");
	for (;;) {
		g_autofree char *line = NULL;
		KernelVmWhy why;

		feed(c);
		if (!c->counts[STAGE_SENT]) {
			look(c, NULL);
			return;
		}
		why = kernel_vm_line(c->vm, patience, c->opt->stop, &line);
		if (why == KERNEL_VM_STOPPED) {
			settle_fresh(c);
			c->report->stopped = true;
			return;
		}
		if (why != KERNEL_VM_LINE) {
			look(c, why_text(why));
			return;
		}
		take_line(c, line);
		if (c->fresh_n >= (c->careful ? 1 : SETTLE_EVERY) && !look(c, NULL))
			return;
	}
}

/* --- the whole ---------------------------------------------------------------------- */

static void compile_all(Campaign *c, ScnScenario *const *scns)
{
	const KernelRunOptions *opt = c->opt;

	for (uint32_t i = 0; i < c->report->n; i++) {
		const KernelCompileOptions co = {
			.id = i,
			.runs = MAX(opt->runs, 1),
			.seed = opt->seed,
			.limit_ms = opt->limit_ms ? opt->limit_ms : LIMIT_MS,
		};

		c->report->results[i].outcomes = g_ptr_array_new_with_free_func(
			(GDestroyNotify)kernel_outcome_free);
		c->programs[i] = g_string_new(NULL);
		if (!scns[i] || !kernel_compile(scns[i], &co, c->programs[i],
						&c->report->results[i].skip))
			finish(c, i);
	}
}

KernelReport *kernel_run(ScnScenario *const *scns, uint32_t n,
			 const KernelRunOptions *opt, GError **error)
{
	const gint64 start = g_get_monotonic_time();
	g_autoptr(KernelReport) report = g_new0(KernelReport, 1);
	g_autofree GString **programs = g_new0(GString *, n + 1);
	g_autofree Stage *stage = g_new0(Stage, n + 1);
	Campaign c = {.opt = opt, .report = report, .programs = programs, .stage = stage};
	bool ok = true;

	report->n = n;
	report->results = g_new0(KernelResult, n + 1);
	c.counts[STAGE_TODO] = n;
	compile_all(&c, scns);
	while (ok && !report->stopped && c.counts[STAGE_DONE] < n) {
		ok = boot(&c, error);
		if (ok && !c.vm)
			report->stopped = true;
		else if (ok)
			work(&c);
		g_clear_pointer(&c.vm, kernel_vm_free);
	}
	for (uint32_t i = 0; i < n; i++)
		g_string_free(programs[i], TRUE);
	report->run_s = (double)(g_get_monotonic_time() - start) / 1e6;
	return ok ? g_steal_pointer(&report) : NULL;
}
