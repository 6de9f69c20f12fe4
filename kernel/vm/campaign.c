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
 *   FRESH -> TODO    what it left hanging has spent its guest: for the runs that it
 *                    lacks                                  [go_on]
 */
#include "kernel/vm/campaign.h"

#include <string.h>

#include "kernel/agent/proto.h"
#include "kernel/compare/compile.h"
#include "kernel/vm/report.h"
#include "kernel/vm/result.h"

#define WINDOW       32 /* scenarios sent and not ended */
#define LIMIT_MS     10000
#define BOOT_MS      300000 /* a loaded host without KVM needs minutes */
#define SLACK_MS     20000  /* beyond the limit inside the guest: then it is dead */
#define BOOT_TRIES   4
#define PARTS_MAX    12     /* guests that one scenario may spend */
#define PART_RUNS    4      /* and one for so many runs that were asked for */
#define SETTLE_EVERY 16     /* ends between two looks at the console */
#define SETTLE_US    500000 /* or so long */

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
	ScnScenario *const *scns;
	GString **programs; /* [n] lines for the agent; empty: nothing to run */
	char **keys;        /* [n] of the journal; NULL: not kept */
	GPtrArray **lines;  /* [n] what the agent said of it: char * */
	Stage *stage;       /* [n] */
	uint32_t *parts;    /* [n] guests that it has spent */
	KernelVm *vm;
	uint32_t counts[STAGE_COUNT_];
	uint32_t fresh_n;  /* ends since the console was last looked at */
	gint64 settled_us; /* when that was */
	bool careful;      /* one at a time: a suspect is running */
	bool coarse;      /* the guest's timers are: on a loaded host some boots end so */
	bool spent;       /* what a scenario has left hangs: this guest is over */
	uint32_t spender; /* which one, if so */
	GError *error;    /* of the journal; ends the campaign */
} Campaign;

static void set_stage(Campaign *c, uint32_t i, Stage stage)
{
	c->counts[c->stage[i]]--;
	c->counts[stage]++;
	c->stage[i] = stage;
}

static void keep(Campaign *c, uint32_t i)
{
	const KernelResult *r = &c->report->results[i];
	const KernelJournalEntry entry = {
		.key = c->keys[i],
		.scenario = c->scns[i]->name,
		.combo = c->opt->combos ? c->opt->combos[i] : 0,
		.lines = c->lines[i],
		.splat = kernel_splat_name(r->splat),
		.splat_text = r->splat_text,
		.stuck = r->stuck,
	};

	if (c->keys[i] && !c->error)
		kernel_journal_add(c->opt->journal, &entry, &c->error);
	g_clear_pointer(&c->keys[i], g_free);
	g_ptr_array_set_size(c->lines[i], 0);
}

static void finish(Campaign *c, uint32_t i)
{
	set_stage(c, i, STAGE_DONE);
	c->report->results[i].done = true;
	if (c->scns[i])
		keep(c, i);
	if (c->opt->progress) {
		const KernelProgress now = {.done = c->counts[STAGE_DONE],
					    .n = c->report->n,
					    .boots = c->report->boots};

		c->opt->progress(&now, c->opt->progress_data);
	}
}

/* --- lines for the guest ------------------------------------------------------------ */

/* The line that makes the agent misbehave before it runs scenario @i, or "". */
static const char *fault_line(const KernelRunOptions *opt, uint32_t i)
{
	static const struct {
		const char *name, *line;
	} kinds[] = {
		{"hang", "! 1\n"},
		{"panic", "! 2\n"},
		{"warn", "! 3\n"},
	};
	g_auto(GStrv) faults = g_strsplit(opt->faults ? opt->faults : "", ",", -1);

	for (guint f = 0; faults[f]; f++)
		for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
			g_autofree char *mine =
				g_strdup_printf("%u:%s", i, kinds[k].name);

			if (!strcmp(faults[f], mine))
				return kinds[k].line;
		}
	return "";
}

/* Lines for the runs that scenario @i lacks; false and a reason in its result if there
 * are none. */
static bool compile(Campaign *c, uint32_t i, uint32_t id, GString *out)
{
	const KernelRunOptions *opt = c->opt;
	const uint32_t had = c->report->results[i].runs;
	const KernelCompileOptions co = {
		.id = id,
		.runs = MAX(opt->runs, 1) - had,
		.seed = opt->seed + had,
		.limit_ms = opt->limit_ms ? opt->limit_ms : LIMIT_MS,
		.watch = opt->watched && opt->watched[i],
		.plans = opt->plans ? opt->plans[i] : NULL,
	};

	g_string_append(out, fault_line(opt, i));
	return kernel_compile(c->scns[i], &co, out, &c->report->results[i].skip);
}

/* Whatever it has seen was in guests that cannot be trusted, or of another try. */
static void start_over(Campaign *c, uint32_t i)
{
	kernel_result_clear(&c->report->results[i]);
	g_ptr_array_set_size(c->lines[i], 0);
	if (!c->parts[i])
		return;
	c->parts[i] = 0;
	g_string_truncate(c->programs[i], 0);
	compile(c, i, i, c->programs[i]);
}

/* True: scenario @i, which has spent its guest, gets another for the rest of its runs. */
static bool go_on(Campaign *c, uint32_t i)
{
	const uint32_t most = MIN(PARTS_MAX, c->opt->runs / PART_RUNS);

	if (c->report->results[i].runs >= MAX(c->opt->runs, 1) || ++c->parts[i] >= most)
		return false;
	g_string_truncate(c->programs[i], 0);
	compile(c, i, i, c->programs[i]);
	set_stage(c, i, STAGE_TODO);
	return true;
}

/* --- lines of the guest ------------------------------------------------------------- */

/* One line of the agent about a scenario; what does not fit is noise and ignored. */
static void take_line(Campaign *c, const char *text)
{
	g_autoptr(JsonNode) node = json_from_string(text, NULL);
	JsonObject *line, *end;
	int64_t id;

	if (!node || !JSON_NODE_HOLDS_OBJECT(node))
		return;
	line = json_node_get_object(node);
	id = json_object_get_int_member_with_default(line, "id", -1);
	if (id < 0 || id >= c->report->n || c->stage[id] != STAGE_SENT)
		return;
	kernel_result_take(&c->report->results[id], line);
	if (c->keys[id])
		g_ptr_array_add(c->lines[id], g_strdup(text));
	if (!json_object_has_member(line, "end"))
		return;
	end = json_object_get_object_member(line, "end");
	c->report->guest_s +=
		(double)json_object_get_int_member_with_default(end, "us", 0) / 1e6;
	c->spent = json_object_has_member(end, "spent");
	c->spender = (uint32_t)id;
	set_stage(c, (uint32_t)id, STAGE_FRESH);
	c->fresh_n++;
}

/* --- guests ---------------------------------------------------------------------------
 */

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
		if (why == KERNEL_VM_LINE &&
		    kernel_report_hello(c->report, line, &c->coarse) &&
		    (!c->coarse || try == BOOT_TRIES - 1)) {
			if (c->opt->journal && !c->error)
				kernel_journal_add_hello(c->opt->journal, line,
							 &c->error);
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
		if (!c->parts[i])
			start_over(c, i);
		kernel_vm_send(c->vm, c->programs[i]->str);
		set_stage(c, i, STAGE_SENT);
	}
}

/* The guest is not to be trusted: whatever it touched since the last look is open again.
 */
static void suspect_all(Campaign *c)
{
	for (uint32_t i = 0; i < c->report->n; i++)
		if (c->stage[i] == STAGE_SENT || c->stage[i] == STAGE_FRESH) {
			start_over(c, i);
			set_stage(c, i, STAGE_SUSPECT);
		}
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
		if (c->stage[i] == STAGE_FRESH &&
		    !(c->spent && i == c->spender && go_on(c, i)))
			finish(c, i);
	c->fresh_n = 0;
}

/* The console after some ends, or after the guest went away. False: this guest is over.
 */
static bool look(Campaign *c, const char *why)
{
	g_autofree char *text = NULL;
	const KernelSplat splat = kernel_vm_splat(c->vm, &text);

	c->settled_us = g_get_monotonic_time();
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

/* What was sent and has not ended goes to another guest. */
static void unsend(Campaign *c)
{
	for (uint32_t i = 0; i < c->report->n; i++)
		if (c->stage[i] == STAGE_SENT)
			set_stage(c, i, c->careful ? STAGE_SUSPECT : STAGE_TODO);
}

static bool time_to_look(const Campaign *c)
{
	return c->fresh_n >= (c->careful ? 1 : SETTLE_EVERY) ||
	       (c->fresh_n && g_get_monotonic_time() - c->settled_us > SETTLE_US);
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
	c->spent = false;
	if (c->opt->trace) {
		g_autofree char *line = g_strdup_printf("T %u\n", c->opt->trace);

		kernel_vm_send(c->vm, line);
	}
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
			look(c, NULL);
			c->report->stopped = true;
			return;
		}
		if (why != KERNEL_VM_LINE) {
			look(c, why_text(why));
			return;
		}
		take_line(c, line);
		if (c->spent) {
			unsend(c);
			look(c, NULL);
			return;
		}
		if (time_to_look(c) && !look(c, NULL))
			return;
		if (c->error)
			return;
	}
}

/* --- the whole ---------------------------------------------------------------------- */

/* Take the results of scenario @i from the journal, if they are there. */
static bool recall(Campaign *c, uint32_t i)
{
	g_autoptr(GString) program = g_string_new(NULL);
	KernelResult *r = &c->report->results[i];
	const GPtrArray *lines;
	JsonObject *done;

	if (!c->opt->journal)
		return false;
	/* Its place in this campaign is not part of what it is. */
	compile(c, i, 0, program);
	c->keys[i] = kernel_journal_key(c->opt->journal, program->str);
	lines = kernel_journal_find(c->opt->journal, c->keys[i]);
	if (!lines)
		return false;
	for (guint l = 0; l < lines->len; l++)
		kernel_result_take(r, lines->pdata[l]);
	done = lines->pdata[lines->len - 1];
	r->splat = kernel_splat_parse(
		json_object_get_string_member_with_default(done, "splat", "none"));
	r->splat_text = g_strdup(
		json_object_get_string_member_with_default(done, "splat_text", NULL));
	g_clear_pointer(&c->keys[i], g_free);
	c->report->resumed++;
	return true;
}

static void compile_all(Campaign *c)
{
	for (uint32_t i = 0; i < c->report->n; i++) {
		c->report->results[i].outcomes = g_ptr_array_new_with_free_func(
			(GDestroyNotify)kernel_outcome_free);
		c->programs[i] = g_string_new(NULL);
		c->lines[i] = g_ptr_array_new_with_free_func(g_free);
		if (!c->scns[i] || !compile(c, i, i, c->programs[i]) || recall(c, i))
			finish(c, i);
	}
}

static void campaign_alloc(Campaign *c, ScnScenario *const *scns, uint32_t n)
{
	c->scns = scns;
	c->programs = g_new0(GString *, n + 1);
	c->keys = g_new0(char *, n + 1);
	c->lines = g_new0(GPtrArray *, n + 1);
	c->stage = g_new0(Stage, n + 1);
	c->parts = g_new0(uint32_t, n + 1);
	c->report->n = n;
	c->report->results = g_new0(KernelResult, n + 1);
	c->counts[STAGE_TODO] = n;
}

static void campaign_clear(Campaign *c)
{
	for (uint32_t i = 0; i < c->report->n; i++) {
		g_string_free(c->programs[i], TRUE);
		g_ptr_array_free(c->lines[i], TRUE);
		g_free(c->keys[i]);
	}
	g_free(c->programs);
	g_free(c->lines);
	g_free(c->keys);
	g_free(c->stage);
	g_free(c->parts);
	g_clear_pointer(&c->vm, kernel_vm_free);
}

/* A report without a guest still says of which kernel it is. */
static void recall_hello(Campaign *c)
{
	const char *hello =
		c->opt->journal ? kernel_journal_hello(c->opt->journal) : NULL;

	if (hello)
		kernel_report_hello(c->report, hello, &c->coarse);
}

KernelReport *kernel_run(ScnScenario *const *scns, uint32_t n,
			 const KernelRunOptions *opt, GError **error)
{
	const gint64 start = g_get_monotonic_time();
	g_autoptr(KernelReport) report = g_new0(KernelReport, 1);
	Campaign c = {.opt = opt, .report = report};

	campaign_alloc(&c, scns, n);
	recall_hello(&c);
	compile_all(&c);
	while (!c.error && !report->stopped && c.counts[STAGE_DONE] < n) {
		if (!boot(&c, &c.error))
			break;
		if (c.vm)
			work(&c);
		else
			report->stopped = true;
		g_clear_pointer(&c.vm, kernel_vm_free);
	}
	campaign_clear(&c);
	report->run_s = (double)(g_get_monotonic_time() - start) / 1e6;
	if (!c.error)
		return g_steal_pointer(&report);
	g_propagate_error(error, c.error);
	return NULL;
}
