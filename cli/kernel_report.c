/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_report.c - verdicts on what a real kernel did, in words
 */
#include <inttypes.h>
#include <string.h>

#include "cli/kernel_cmd.h"
#include "cli/kernel_judge.h"
#include "cli/kernel_steer.h"
#include "cli/labels.h"

/* --- verdicts ------------------------------------------------------------------------
 */

#define UNSEEN_MAX 4u    /* shown of a case without --verbose */
#define COUNT_MAX  4096u /* outcomes that are counted as an observer sees them */

/* The outcomes as kernel_steer_goal() has them: what is left on an overflow list at the
 * end, and the order of CQEs of several rings, make no difference. */
static GHashTable *kernel_report_goals(const GPtrArray *outcomes)
{
	GHashTable *goals =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	for (guint i = 0; i < outcomes->len; i++) {
		uint32_t n;
		g_autofree uint64_t *labels =
			kernel_outcome_labels(outcomes->pdata[i], &n);
		const uint64_t goal = kernel_steer_goal(labels, n);

		g_hash_table_add(goals, g_memdup2(&goal, sizeof(goal)));
	}
	return goals;
}

typedef struct KernelVerdict {
	KernelWord word;
	uint32_t good, bad;         /* different outcomes seen */
	uint32_t allowed;           /* by the model; 0: many, or not known */
	const KernelOutcome *worst; /* the first that is not allowed */
} KernelVerdict;

static bool allowed(const CliCase *c, CliOracle *oracle, const KernelOutcome *o)
{
	uint32_t obj;
	int32_t res;
	CliSeen seen;

	if (!cli_setups_agree(c, o, &obj, &res))
		return false;
	cli_seen_outcome(o, &seen);
	return cli_oracle_check(oracle, &seen, NULL);
}

static KernelVerdict judge(const CliCase *c, CliOracle *oracle, const GPtrArray *outcomes)
{
	KernelVerdict v = {.allowed = kernel_steer_count(oracle, COUNT_MAX)};
	g_autoptr(GHashTable) goals = kernel_report_goals(outcomes);

	for (guint i = 0; i < outcomes->len; i++) {
		if (allowed(c, oracle, outcomes->pdata[i]))
			continue;
		if (v.bad++ == 0)
			v.worst = outcomes->pdata[i];
	}
	v.good = g_hash_table_size(goals) - MIN(v.bad, g_hash_table_size(goals));
	if (v.bad)
		v.word = oracle->report->automaton->partial ? KERNEL_WORD_UNKNOWN
							    : KERNEL_WORD_FORBID;
	else
		v.word = v.good == v.allowed ? KERNEL_WORD_OK : KERNEL_WORD_UNSEEN;
	return v;
}

/* A line of ftrace; what it says of a user_data is said of an SQE too. */
static void print_trace(const CliCase *c, const char *line)
{
	static const char key[] = "user_data 0x";
	const char *at = strstr(line, key);
	/* The upper half is the agent's. */
	const guint64 sqe =
		at ? (guint32)g_ascii_strtoull(at + strlen(key), NULL, 16) : 0;

	printf("    %s", line);
	if (sqe >= 1 && sqe <= c->model->names->reqs_n)
		printf("  <- %s", c->model->names->reqs[sqe].label);
	putchar('\n');
}

/* An outcome in words; caller frees. */
static char *outcome_text(const CliCase *c, CliOracle *oracle, const KernelOutcome *o)
{
	uint32_t n;
	g_autofree uint64_t *labels = kernel_outcome_labels(o, &n);
	g_autofree char *text = cli_labels_text(c->model, labels, n);

	return g_strconcat(text, allowed(c, oracle, o) ? "" : "   <- Forbid", NULL);
}

static void print_outcome(const CliCase *c, CliOracle *oracle, const KernelOutcome *o)
{
	g_autofree char *text = outcome_text(c, oracle, o);

	printf("  %8u  %s\n", o->n, text);
	for (char **line = o->trace; line && *line; line++)
		print_trace(c, *line);
}

static void print_worst(KernelCmd *k, const CliCase *c, CliOracle *oracle,
			const KernelOutcome *worst)
{
	uint32_t obj;
	int32_t res;
	CliSeen seen;
	SimMiss miss;

	if (!cli_setups_agree(c, worst, &obj, &res)) {
		printf("  not allowed: setup of %s returns %d\n  legal there: %d\n",
		       c->scn->objs[obj].name, res, c->model->bound->setup[obj]);
		return;
	}
	cli_seen_outcome(worst, &seen);
	if (cli_oracle_check(oracle, &seen, &miss))
		return;
	printf("  first seen in run %u\n", worst->first);
	cli_print_miss(c, &k->o, &k->budget, oracle, &seen, &miss);
}

typedef struct UnseenCtx {
	const CliCase *c;
	const GPtrArray *outcomes;
} UnseenCtx;

/* Labels that @labels has in common with what was seen, at most: where it turns off. */
static uint32_t common(const UnseenCtx *u, const uint64_t *labels, uint32_t n)
{
	uint32_t most = 0;

	for (guint i = 0; i < u->outcomes->len; i++) {
		uint32_t len, k = 0;
		g_autofree uint64_t *seen =
			kernel_outcome_labels(u->outcomes->pdata[i], &len);

		while (k < len && k < n && seen[k] == labels[k])
			k++;
		most = MAX(most, k);
	}
	return most;
}

static void print_unseen(void *ctx, const uint64_t *labels, uint32_t n)
{
	const UnseenCtx *u = ctx;
	const uint32_t at = common(u, labels, n);
	g_autofree char *text = cli_labels_text(u->c->model, labels, n);
	g_autofree char *step =
		at < n ? cli_label_text(u->c, labels[at]) : g_strdup("the end");

	printf("    unseen: %s; to be steered: %s\n", text, step);
}

static uint32_t count_blind(const GPtrArray *outcomes)
{
	uint32_t n = 0;

	for (guint i = 0; i < outcomes->len; i++)
		n += ((const KernelOutcome *)outcomes->pdata[i])->blind;
	return n;
}

/* One case, with what was seen of it. */
static void print_case(KernelCmd *k, const KernelCase *kc, const KernelResult *res,
		       const KernelVerdict *v)
{
	const CliCase *c = &kc->c;
	const GPtrArray *outcomes = res->outcomes;
	CliOracle *oracle = kc->oracle;
	g_autofree char *sweep = cli_sweep_text(c->scn);

	printf("%-13s %s%s%s: %u of ", kernel_word(v->word), c->scn->name,
	       *sweep ? " " : "", sweep, v->good);
	if (v->allowed)
		printf("%u", v->allowed);
	else
		printf("%s", oracle->report->outcomes);
	printf(" outcomes in %u runs", res->runs);
	if (res->steered)
		printf(" and %u steered", res->steered);
	if (count_blind(outcomes))
		printf(", releases not seen in %u", count_blind(outcomes));
	printf("\n");
	if (v->bad || k->verbose || kernel_cmd_traces(k))
		for (guint i = 0; i < outcomes->len; i++)
			print_outcome(c, oracle, outcomes->pdata[i]);
	if (v->bad)
		print_worst(k, c, oracle, v->worst);
	if (!v->bad && v->good != v->allowed) {
		g_autoptr(GHashTable) goals = kernel_report_goals(outcomes);
		UnseenCtx u = {.c = c, .outcomes = outcomes};

		kernel_steer_unseen(oracle, goals, k->verbose ? UINT32_MAX : UNSEEN_MAX,
				    print_unseen, &u);
	}
}

/* Judge @line by what was seen, and say so unless machines are told. */
static void report_case(KernelCmd *k, const KernelCase *kc, KernelLine *line)
{
	const GPtrArray *outcomes = line->res->outcomes;
	KernelVerdict v;

	if (!kc->oracle) {
		g_autofree char *sweep = cli_sweep_text(kc->c.scn);

		line->word = MAX(line->word, KERNEL_WORD_UNKNOWN);
		line->why = line->why ? line->why : "out of budget";
		if (!kernel_output_prints(k->out))
			printf("%-13s %s %s: out of budget\n",
			       kernel_word(KERNEL_WORD_UNKNOWN), kc->c.scn->name, sweep);
		return;
	}
	v = judge(&kc->c, kc->oracle, outcomes);
	line->word = MAX(line->word, v.word);
	line->seen = v.good;
	line->bad = v.bad;
	line->allowed = v.allowed;
	for (guint i = 0; i < outcomes->len; i++)
		g_ptr_array_add(line->texts,
				outcome_text(&kc->c, kc->oracle, outcomes->pdata[i]));
	if (!kernel_output_prints(k->out))
		print_case(k, kc, line->res, &v);
}

static char *json_text(const char *text)
{
	g_autoptr(JsonNode) node = json_node_new(JSON_NODE_VALUE);

	json_node_set_string(node, text);
	return json_to_string(node, FALSE);
}

/* @release is JSON already. */
static void log_begin(const KernelCmd *k, const KernelImage *image, const char *release,
		      const char *profile)
{
	const KernelApplied *applied = image->applied;
	g_autofree char *version = json_text(image->version);

	fprintf(k->log_file,
		"{\"kernel\":\"%s\",\"release\":%s,\"profile\":\"%s\",\"version\":%s",
		k->spec->name, release, profile, version);
	if (applied)
		fprintf(k->log_file, ",\"series\":\"%s\",\"patches\":[", applied->hash);
	for (guint i = 0; applied && i < applied->patches->len; i++) {
		const KernelPatchApplied *patch = applied->patches->pdata[i];

		fprintf(k->log_file, "%s\"%s\"", i ? "," : "",
			kernel_patch_state_word(patch->state));
	}
	fprintf(k->log_file, "%s}\n", applied ? "]" : "");
}

void kernel_report_begin(const KernelCmd *k, const KernelImage *image,
			 const KernelReport *report)
{
	const char *release = report->release ? report->release : "?";
	const char *profile = k->o.profile ? k->o.profile : k->spec->profile;
	g_autofree char *text = json_text(release);

	if (!kernel_output_prints(k->out))
		printf("%s: release %s, %u boots, first up in %.1f s, %u scenarios in "
		       "%.1f s\n",
		       k->spec->name, release, report->boots, report->boot_s, report->n,
		       report->run_s);
	kernel_output_begin(k->out, k->spec->name, image, profile, report, k->o.stats);
	if (k->log_file)
		log_begin(k, image, text, profile);
}

static void write_log(const KernelCmd *k, const CliCase *c, const KernelResult *res)
{
	g_autofree char *name = json_text(c->scn->name);

	for (guint i = 0; i < res->outcomes->len; i++) {
		const KernelOutcome *o = res->outcomes->pdata[i];

		fprintf(k->log_file,
			"{\"scenario\":%s,\"combo\":%u,\"n\":%u,\"seen\":%s}\n", name,
			c->combo, o->n, o->text);
	}
}

void kernel_report_result(KernelCmd *k, const KernelCase *kc, const KernelResult *res)
{
	const CliCase *c = &kc->c;
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	KernelLine line = {.c = c, .res = res, .texts = texts};
	const bool quiet = kernel_output_prints(k->out);

	if (!res->done)
		return;
	if (res->skip) {
		line.word = KERNEL_WORD_SKIP;
		line.why = res->skip;
		if (!quiet)
			printf("%-13s %s: %s\n", kernel_word(line.word), c->scn->name,
			       res->skip);
	} else if (res->stuck || res->splat != KERNEL_SPLAT_NONE) {
		line.word = KERNEL_WORD_TROUBLE;
		line.why = res->stuck ? res->stuck : "the kernel complains";
		if (!quiet)
			printf("%-13s %s: %s (console: %s)\n%s", kernel_word(line.word),
			       c->scn->name, line.why, kernel_splat_name(res->splat),
			       res->splat_text ? res->splat_text : "");
	}
	if (!res->skip && res->outcomes->len)
		report_case(k, kc, &line);
	kernel_output_line(k->out, &line);
	k->count[line.word]++;
	if (k->log_file && !res->skip)
		write_log(k, c, res);
}

void kernel_report_speed(const KernelReport *report)
{
	uint64_t runs = 0;

	for (uint32_t i = 0; i < report->n; i++)
		runs += report->results[i].runs + report->results[i].steered;
	printf("  %" PRIu64 " runs in %.2f s of the guest's time: %.0f/s\n", runs,
	       report->guest_s, (double)runs / MAX(report->guest_s, 1e-6));
}

int kernel_report_sum(KernelCmd *k)
{
	g_autoptr(GError) error = NULL;

	if (!kernel_output_prints(k->out))
		printf("%u Ok, %u Allow unseen, %u Forbid, %u SKIP, %u in trouble\n",
		       k->count[KERNEL_WORD_OK], k->count[KERNEL_WORD_UNSEEN],
		       k->count[KERNEL_WORD_FORBID], k->count[KERNEL_WORD_SKIP],
		       k->count[KERNEL_WORD_TROUBLE] + k->count[KERNEL_WORD_UNKNOWN]);
	if (!kernel_output_end(k->out, &error))
		return cli_fail("kernel", error);
	return k->count[KERNEL_WORD_FORBID] || k->count[KERNEL_WORD_TROUBLE] ||
			       k->count[KERNEL_WORD_UNKNOWN]
		       ? CLI_DIFFERS
		       : CLI_OK;
}
