/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_check_log.c - uringlab check-log: does the model allow what a log shows?
 *
 * The log may come from `uringlab kernel run --log`, from another machine, or from awk;
 * kernel/compare/log.h has its forms. Each combination of a sweep is explored when the
 * log first speaks of it, and then asked for every execution.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/json.h"
#include "cli/kernel_judge.h"
#include "cli/kernel_steer.h"
#include "model/events/events.h"

#define COUNT_MAX 4096u /* outcomes that are counted where releases are labelled */

static const char summary[] =
	"Ask the model whether it allows what a log shows: CQEs in the order of their "
	"ring,\n"
	"results of system calls if the log has them. On failure: the first event that "
	"is\n"
	"not allowed, what was legal there, and the rules that forbid it.";

static const char examples[] =
	"  uringlab check-log FILE.uring seen.json       from kernel run --log\n"
	"  dmesg | my-filter | uringlab check-log FILE.uring -\n"
	"  uringlab check-log --mutate L-4 FILE.uring seen.json\n"
	"\n"
	"A log in plain text; JSON lines are described in docs/kernel-logs.md:\n"
	"  run                       begins an execution\n"
	"  cqe m1 -EIO               a CQE: label or user_data of its SQE, res, flags=N\n"
	"  release f                 a buffer, pipe or file is let go of, here\n"
	"  ret P0.3 2                what a system call returned (hang P0.3: never)\n"
	"A run without ret or hang says nothing about system calls.\n";

typedef struct LogCase {
	CliCase c;
	bool open;
	CliOracle *oracle;  /* NULL: out of budget */
	GHashTable *hashes; /* of the allowed executions */
	uint64_t runs, bad, unsure;
	bool some_silent; /* runs without results: outcomes cannot be counted */
} LogCase;

typedef struct CheckLog {
	CliOptions o;
	CliBudget budget;
	gint misses; /* --misses */
	const Profile *profile;
	ScnSource *src;
	GPtrArray *cases; /* LogCase *, by combination; NULL: not asked for */
	uint64_t executions;
} CheckLog;

static void case_free(gpointer data)
{
	LogCase *lc = data;

	if (!lc)
		return;
	cli_oracle_free(lc->oracle);
	g_clear_pointer(&lc->hashes, g_hash_table_unref);
	if (lc->open)
		cli_case_close(&lc->c);
	g_free(lc);
}

/* The case of combination @combo, explored; NULL: said why, *ret_exit is set. */
static LogCase *get_case(CheckLog *k, uint32_t combo, int *ret_exit)
{
	const SimExploreOptions opt = cli_budget_options(&k->budget, &k->o);
	LogCase *lc;

	if (combo < k->cases->len && k->cases->pdata[combo])
		return k->cases->pdata[combo];
	lc = g_new0(LogCase, 1);
	lc->open = cli_case_open(&lc->c, k->src, &k->o, k->profile, combo);
	if (!lc->open || combo >= lc->c.combos) {
		cli_print_diags(k->src);
		*ret_exit = lc->open ? cli_usage("check-log",
						 "the log speaks of combination %u, "
						 "but there are %u",
						 combo, lc->c.combos)
				     : CLI_BAD;
		case_free(lc);
		return NULL;
	}
	lc->oracle = cli_oracle_new(lc->c.model, &opt);
	lc->hashes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	if (k->cases->len <= combo)
		g_ptr_array_set_size(k->cases, (gint)combo + 1);
	k->cases->pdata[combo] = lc;
	return lc;
}

/* --- one execution ----------------------------------------------------------------- */

static bool is_watched(uint64_t label)
{
	return label_class(label) == LABEL_RELEASE || label_class(label) == LABEL_REFS;
}

/* Releases make no other outcome of it: not every log has them. */
static uint64_t mix(uint64_t hash, const SimStream *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n; i++) {
		if (is_watched(s->labels[i]))
			continue;
		hash = ((hash ^ s->labels[i]) * UINT64_C(0x9e3779b97f4a7c15)) ^
		       hash >> 29;
		n++;
	}
	return (hash ^ n) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Remember that this outcome was seen. */
static void count(LogCase *lc, const SimSeen *seen)
{
	uint64_t hash = mix(0, &seen->ends);

	for (uint32_t i = 0; i < seen->streams_n; i++)
		hash = mix(hash, &seen->streams[i]);
	if (!g_hash_table_contains(lc->hashes, &hash))
		g_hash_table_add(lc->hashes, g_memdup2(&hash, sizeof(hash)));
}

static void tell(CheckLog *k, LogCase *lc, const KernelLogRun *run, const CliSeen *seen,
		 const SimMiss *miss)
{
	g_autofree char *sweep = cli_sweep_text(lc->c.scn);

	if (k->o.json || lc->bad + lc->unsure > (uint64_t)MAX(k->misses, 0))
		return;
	printf("  %s%s%s, line %" PRIu64 ", %u times:\n", lc->c.scn->name,
	       *sweep ? " " : "", sweep, run->line, run->n);
	cli_print_miss(&lc->c, &k->o, &k->budget, lc->oracle, seen, miss);
}

static void check_run(CheckLog *k, LogCase *lc, const KernelLogRun *run)
{
	CliSeen seen;
	SimMiss miss;

	lc->runs += run->n;
	if (!lc->oracle)
		return;
	cli_seen_run(run, &seen);
	lc->some_silent = lc->some_silent || !run->results;
	if (cli_oracle_check(lc->oracle, &seen, &miss)) {
		if (run->results)
			count(lc, &seen.seen);
		return;
	}
	if (lc->oracle->report->automaton->partial)
		lc->unsure++;
	else
		lc->bad++;
	tell(k, lc, run, &seen, &miss);
}

/* --- the log ----------------------------------------------------------------------- */

static int walk(CheckLog *k, KernelLog *log)
{
	g_autoptr(GError) error = NULL;
	KernelLogRun run;
	int status = CLI_OK;

	while (kernel_log_next(log, &run, &error)) {
		LogCase *lc;

		if (!k->profile && kernel_log_profile(log) && !k->cases->len) {
			k->profile = scn_profile_parse(kernel_log_profile(log), &error);
			if (!k->profile)
				return cli_fail("check-log", error);
		}
		lc = get_case(k, run.combo < 0 ? 0 : (uint32_t)run.combo, &status);
		if (!lc)
			return status;
		check_run(k, lc, &run);
		k->executions++;
	}
	return error ? cli_fail("check-log", error) : CLI_OK;
}

/* Distinct outcomes that the model allows, in decimal; caller frees. */
static char *allowed(const LogCase *lc)
{
	if (!lc->oracle->watched)
		return g_strdup(lc->oracle->report->outcomes);
	return g_strdup_printf("%u", kernel_steer_count(lc->oracle, COUNT_MAX));
}

static const char *verdict(const LogCase *lc)
{
	g_autofree char *seen = NULL, *most = NULL;

	if (!lc->oracle || lc->unsure)
		return "Unknown";
	if (lc->bad)
		return "Forbid";
	if (lc->some_silent)
		return "Ok";
	seen = g_strdup_printf("%u", g_hash_table_size(lc->hashes));
	most = allowed(lc);
	return g_strcmp0(seen, most) == 0 ? "Ok" : "Allow unseen";
}

static int exit_of(const LogCase *lc)
{
	if (!lc->oracle || lc->unsure)
		return CLI_BUDGET;
	return lc->bad ? CLI_DIFFERS : CLI_OK;
}

static void print_case(const LogCase *lc)
{
	g_autofree char *sweep = cli_sweep_text(lc->c.scn);
	g_autofree char *most = lc->oracle ? allowed(lc) : NULL;

	printf("%-13s %s%s%s (%s): ", verdict(lc), lc->c.scn->name, *sweep ? " " : "",
	       sweep, lc->c.model->bound->profile->name);
	if (!lc->oracle)
		printf("out of budget\n");
	else if (lc->some_silent)
		printf("%" PRIu64 " runs\n", lc->runs);
	else
		printf("%u of %s outcomes in %" PRIu64 " runs\n",
		       g_hash_table_size(lc->hashes), most, lc->runs);
}

static void json_case(JsonBuilder *j, const LogCase *lc)
{
	g_autofree char *most = lc->oracle ? allowed(lc) : NULL;

	json_builder_begin_object(j);
	cli_json_case(j, &lc->c);
	cli_json_string(j, "verdict", verdict(lc));
	cli_json_int(j, "runs", (int64_t)lc->runs);
	cli_json_int(j, "bad", (int64_t)lc->bad);
	cli_json_int(j, "seen", g_hash_table_size(lc->hashes));
	cli_json_string(j, "allowed", most);
	json_builder_end_object(j);
}

static int report(CheckLog *k, const KernelLog *log)
{
	JsonBuilder *j = k->o.json ? json_builder_new() : NULL;
	int status = CLI_OK;

	if (j) {
		json_builder_begin_object(j);
		cli_json_string(j, "kernel", kernel_log_kernel(log));
		json_builder_set_member_name(j, "cases");
		json_builder_begin_array(j);
	}
	for (guint i = 0; i < k->cases->len; i++) {
		const LogCase *lc = k->cases->pdata[i];

		if (!lc)
			continue;
		status = cli_worse(status, exit_of(lc));
		if (j)
			json_case(j, lc);
		else
			print_case(lc);
	}
	if (j) {
		json_builder_end_array(j);
		json_builder_end_object(j);
		cli_json_print(j);
	}
	return status;
}

static int check(CheckLog *k, const char *path, const char *text, gsize len)
{
	g_autoptr(ScnScenario) scn = NULL;
	g_autoptr(KernelLog) log = NULL;
	gint64 start;
	int status;

	scn = scn_load(k->src, k->o.define, k->o.define_n, 0);
	if (!scn) {
		cli_print_diags(k->src);
		return CLI_BAD;
	}
	log = kernel_log_new(path, text, len, scn);
	start = g_get_monotonic_time();
	status = walk(k, log);
	if (status != CLI_OK)
		return status;
	start = g_get_monotonic_time() - start;
	if (k->executions == 0)
		return cli_usage("check-log", "%s has no run of %s", path, scn->name);
	status = report(k, log);
	if (k->o.stats && !k->o.json)
		printf("  %" PRIu64 " lines, %" PRIu64 " executions in %.3f s: %.0f "
		       "lines/s, explorations included\n",
		       kernel_log_lines(log), k->executions, (double)start / 1e6,
		       (double)kernel_log_lines(log) * 1e6 / (double)MAX(start, 1));
	return status;
}

static char *read_log(const char *path, gsize *ret_len, GError **error)
{
	const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
	char *text;

	return g_file_get_contents(file, &text, ret_len, error) ? text : NULL;
}

static int run(CheckLog *k, const char *file, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize len = 0;
	int status;

	if (strcmp(file, "-") == 0 && strcmp(path, "-") == 0)
		return cli_usage("check-log", "only one of both can come from stdin");
	if (k->o.profile)
		k->profile = scn_profile_parse(k->o.profile, &error);
	if (k->o.profile && !k->profile)
		return cli_fail("check-log", error);
	text = read_log(path, &len, &error);
	k->src = text ? cli_read(file, &error) : NULL;
	if (!k->src)
		return cli_fail("check-log", error);
	cli_catch_interrupt();
	cli_budget_start(&k->budget, &k->o);
	k->cases = g_ptr_array_new_with_free_func(case_free);
	status = check(k, path, text, len);
	g_ptr_array_free(k->cases, TRUE);
	scn_source_free(k->src);
	return status;
}

int cmd_check_log(int argc, char **argv)
{
	CheckLog k = {.misses = 1, .o = {.watch = CLI_WATCH_ALL}};
	const GOptionEntry entries[] = {
		{"misses", 0, 0, G_OPTION_ARG_INT, &k.misses,
		 "explain that many of each combination (1)", "N"},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx = cli_context("FILE LOG", summary, examples);
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_scenario_options(ctx, &k.o);
	cli_add_explore_options(ctx, &k.o);
	if (!cli_parse(ctx, "check-log", &argc, &argv, &k.o, &status))
		;
	else if (argc != 3)
		status = cli_usage("check-log", "a scenario and a log are needed");
	else if (k.misses < 0)
		status = cli_usage("check-log", "--misses is 0 or more");
	else
		status = run(&k, argv[1], argv[2]);
	cli_options_done(&k.o);
	return status;
}
