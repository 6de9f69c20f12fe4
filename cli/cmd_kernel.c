/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_kernel.c - uringlab kernel: the same scenarios on a real kernel, judged by the
 *model
 *
 *	list    the kernels that kernel/ describes, and which are in the cache
 *	build   make or fetch one
 *	fixup   go on with a series that did not apply
 *	run     run scenarios on it and compare
 *	check   the old name of check-log
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cli/kernel_cmd.h"
#include "cli/kernel_steer.h"

static const char summary[] =
	"Run scenarios on a real kernel and ask the model whether it allows what was "
	"seen.\n"
	"Verdicts: Ok (all that is allowed was seen), Allow unseen (nothing else was, "
	"but\n"
	"not all), Forbid (the model does not allow it: a bug of one of the two), SKIP.";

static const char examples[] =
	"  uringlab kernel list                          what there is\n"
	"  uringlab kernel build linux-6.12              once, then cached\n"
	"  uringlab kernel build linux-6.12 --series PATH   with an mbox, or a folder\n"
	"  uringlab kernel fixup linux-6.12 --series PATH   go on after doing it by "
	"hand\n"
	"  uringlab kernel run -k linux-7 -n 100 FILE.uring\n"
	"  uringlab kernel run -k host FILE.uring        on the kernel of this machine\n"
	"  uringlab kernel run --resume scenarios/catalogue   go on after ^C\n"
	"  uringlab kernel shell linux-6.12 --share .    this folder is /mnt there\n"
	"  uringlab kernel run -k linux-7 --log log.json scenarios/catalogue\n"
	"  uringlab check-log FILE.uring log.json        judge the log again\n";

static void case_free(gpointer data)
{
	KernelCase *k = data;

	cli_oracle_free(k->oracle);
	g_free(k->plans);
	cli_case_close(&k->c);
	if (k->owns_src)
		scn_source_free(k->c.src);
	g_free(k);
}

/* --- cases ---------------------------------------------------------------------------
 */

/* Can it be run under the profile that it names first? If not, the mistake is its own. */
static bool is_scenario(const KernelCmd *k, const char *path)
{
	ScnSource *src = cli_read(path, NULL);
	CliCase c;
	bool ok = false;

	if (src && cli_case_open(&c, src, &k->o, NULL, 0)) {
		cli_case_close(&c);
		ok = true;
	}
	if (src)
		scn_source_free(src);
	return ok;
}

/* All combinations of one file under the profile of the kernel. */
static bool open_file(KernelCmd *k, const char *path, const Profile *profile,
		      GError **error)
{
	ScnSource *src = cli_read(path, error);
	uint32_t combos = 1;

	if (!src)
		return false;
	for (uint32_t i = 0; i < combos; i++) {
		KernelCase *kc = g_new0(KernelCase, 1);

		if (!cli_case_open(&kc->c, src, &k->o, profile, i)) {
			const bool its_own = !is_scenario(k, path);

			if (its_own)
				cli_print_diags(src);
			g_free(kc);
			if (i == 0)
				scn_source_free(src);
			if (its_own) {
				g_set_error(error, KERNEL_BUILD_ERROR,
					    KERNEL_BUILD_FAILED, "%s cannot be run",
					    path);
				return false;
			}
			k->count[KERNEL_WORD_SKIP]++;
			if (!kernel_output_prints(k->out))
				printf("%-13s %s: the model cannot run it under %s\n",
				       "SKIP", path, profile->name);
			return true;
		}
		kc->owns_src = i == 0;
		combos = kc->c.combos;
		g_ptr_array_add(k->cases, kc);
	}
	return true;
}

static bool open_all(KernelCmd *k, char **args, GError **error)
{
	g_autoptr(GPtrArray) paths = cli_paths(args, error);
	const char *name = k->o.profile ? k->o.profile : k->spec->profile;
	const Profile *profile = profile_find(name);

	if (!paths)
		return false;
	if (!profile) {
		g_set_error(error, KERNEL_BUILD_ERROR, 0, "no profile '%s'", name);
		return false;
	}
	for (guint i = 0; i < paths->len; i++)
		if (!open_file(k, paths->pdata[i], profile, error))
			return false;
	return true;
}

/* What the model allows of each case, and the way there. */
static void explore_all(KernelCmd *k)
{
	const SimExploreOptions opt = cli_budget_options(&k->budget, &k->o);

	for (guint i = 0; i < k->cases->len; i++) {
		KernelCase *kc = k->cases->pdata[i];

		kc->oracle = cli_oracle_new(kc->c.model, &opt);
		if (kc->oracle)
			kc->plans = kernel_steer_plans(kc->c.model, kc->oracle,
						       (uint32_t)MAX(k->steer, 0));
	}
	cli_budget_clear(&k->budget);
}

/* --- run -------------------------------------------------------------------------------
 */

/* Numbers that make no sense are said before a guest boots. */
static const char *bad_number(const KernelCmd *k)
{
	if (k->runs < 1)
		return "-n is 1 or more";
	if (k->steer < 0)
		return "--steer is 0 or more";
	if (k->cpus == 0 || k->cpus < -1 || k->cpus > 64)
		return "--cpus is 1 to 64";
	if (k->limit_ms < 1)
		return "--limit is a number of milliseconds, 1 or more";
	return NULL;
}

/* False: the disk was full, say. */
static bool close_log(KernelCmd *k)
{
	const bool failed = k->log_file && ferror(k->log_file);

	return (!k->log_file || fclose(k->log_file) == 0) && !failed;
}

static int cannot_write(const char *path)
{
	fprintf(stderr, "uringlab kernel: %s: %s\n", path, g_strerror(errno));
	return CLI_BAD;
}

/* --record replaces its file at the end, which should not fail after a long run. */
static bool can_replace(const char *path)
{
	g_autofree char *dir = g_path_get_dirname(path);

	if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
		errno = EISDIR;
		return false;
	}
	return g_access(dir, W_OK | X_OK) == 0;
}

static int run(KernelCmd *k, char **args)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(KernelImage) image = NULL;
	g_autoptr(KernelReport) report = NULL;
	int status;

	if (k->o.json && k->ktap)
		return cli_usage("kernel", "either --json or --ktap");
	if (bad_number(k))
		return cli_usage("kernel", "%s", bad_number(k));
	if (k->record && !can_replace(k->record))
		return cannot_write(k->record);
	k->out = kernel_output_new(k->o.json, k->ktap, k->record);
	cli_catch_interrupt();
	image = kernel_cmd_image(k, false, &error);
	if (!image || !open_all(k, args, &error))
		return kernel_cmd_fail(error);
	if (k->log) {
		k->log_file = fopen(k->log, "we");
		if (!k->log_file)
			return cannot_write(k->log);
	}
	cli_budget_start(&k->budget, &k->o);
	explore_all(k);
	report = kernel_cmd_guests(k, image, &error);
	if (!report)
		return kernel_cmd_fail(error);
	kernel_report_begin(k, image, report);
	if (report->resumed)
		fprintf(stderr, "%u of them were seen before\n", report->resumed);
	for (uint32_t i = 0; i < report->n; i++)
		kernel_report_result(k, k->cases->pdata[i], &report->results[i]);
	status = kernel_report_sum(k);
	if (k->o.stats && !k->o.json && !k->ktap)
		kernel_report_speed(report);
	if (!close_log(k)) {
		fprintf(stderr, "uringlab kernel: %s: cannot write all of it\n", k->log);
		return CLI_BAD;
	}
	return report->stopped ? CLI_BUDGET : status;
}

/* --- the command
 * ------------------------------------------------------------------------ */

static int dispatch(KernelCmd *k, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(KernelSpec) spec = NULL;
	const char *what = argc > 1 ? argv[1] : "";
	int status;

	k->o.watch = k->watch ? CLI_WATCH_ALL : CLI_WATCH_NAMED;
	if (k->abort && strcmp(what, "fixup") != 0)
		return cli_usage("kernel", "--abort is for fixup");
	if (!strcmp(what, "list"))
		return argc == 2 ? kernel_cmd_list(k)
				 : cli_usage("kernel", "list takes no argument");
	if ((!strcmp(what, "build") || !strcmp(what, "fixup") ||
	     !strcmp(what, "shell")) &&
	    argc == 3) {
		g_free(k->kernel);
		k->kernel = g_strdup(argv[2]);
	}
	spec = kernel_cmd_spec(k->kernel ? k->kernel : "linux-6.12", &error);
	if (!spec)
		return cli_fail("kernel", error);
	if (!k->kernel)
		k->kernel = g_strdup(spec->name);
	k->spec = spec;
	k->cases = g_ptr_array_new_with_free_func(case_free);
	if (!strcmp(what, "build"))
		status = kernel_cmd_build(k);
	else if (!strcmp(what, "fixup") && argc < 4)
		status = kernel_cmd_fixup(k);
	else if (!strcmp(what, "shell") && argc < 4)
		status = kernel_cmd_shell(k);
	else if (!strcmp(what, "run") && argc > 2)
		status = run(k, argv + 2);
	else
		status =
			cli_usage("kernel", "list, build NAME, fixup NAME, shell NAME or "
					    "run FILE...");
	g_ptr_array_free(k->cases, TRUE);
	return status;
}

static void cmd_clear(KernelCmd *k)
{
	g_free(k->kernel);
	g_free(k->log);
	g_free(k->console);
	g_free(k->series);
	g_free(k->package);
	g_free(k->campaign);
	g_free(k->accel);
	g_free(k->share);
	g_free(k->record);
	kernel_output_free(k->out);
	cli_options_done(&k->o);
}

int cmd_kernel(int argc, char **argv)
{
	KernelCmd k = {.runs = 1, .seed = 1, .steer = 100, .cpus = -1, .limit_ms = 10000};
	const GOptionEntry entries[] = {
		{"kernel", 'k', 0, G_OPTION_ARG_STRING, &k.kernel,
		 "the kernel (linux-6.12)", "NAME"},
		{"runs", 'n', 0, G_OPTION_ARG_INT, &k.runs, "runs of each scenario (1)",
		 "N"},
		{"steer", 0, 0, G_OPTION_ARG_INT, &k.steer,
		 "tries to force each outcome that did not come by itself (100)", "N"},
		{"seed", 0, 0, G_OPTION_ARG_INT64, &k.seed, "of the jitter (1)", "N"},
		{"limit", 0, 0, G_OPTION_ARG_INT, &k.limit_ms,
		 "a scenario without progress is killed (10000)", "MS"},
		{"log", 0, 0, G_OPTION_ARG_FILENAME, &k.log,
		 "write what was seen, one JSON object a line", "FILE"},
		{"console", 0, 0, G_OPTION_ARG_FILENAME, &k.console,
		 "keep the guest's console there", "FILE"},
		{"campaign", 0, 0, G_OPTION_ARG_FILENAME, &k.campaign,
		 "folder for results as they come (in the cache)", "DIR"},
		{"resume", 0, 0, G_OPTION_ARG_NONE, &k.resume,
		 "take from there what has been seen already", NULL},
		{"accel", 0, 0, G_OPTION_ARG_STRING, &k.accel,
		 "auto, tcg or kvm (auto: kvm if a guest boots with it)", "HOW"},
		{"cpus", 0, 0, G_OPTION_ARG_INT, &k.cpus,
		 "of the guest (what the kernel file says, or 2)", "N"},
		{"share", 0, 0, G_OPTION_ARG_FILENAME, &k.share,
		 "shell: folder to see at /mnt", "DIR"},
		{"series", 0, 0, G_OPTION_ARG_FILENAME, &k.series,
		 "patches on top: a folder or an mbox", "PATH"},
		{"jobs", 0, 0, G_OPTION_ARG_INT, &k.jobs, "of make (all CPUs)", "N"},
		{"abort", 0, 0, G_OPTION_ARG_NONE, &k.abort, "fixup: give the tree up",
		 NULL},
		{"keep", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &k.keep, NULL, NULL},
		{"trace", 0, 0, G_OPTION_ARG_NONE, &k.trace,
		 "show the tracepoints of io_uring, once for each outcome", NULL},
		{"trace-sched", 0, 0, G_OPTION_ARG_NONE, &k.trace_sched,
		 "the same, and who ran when", NULL},
		{"trace-nodes", 0, 0, G_OPTION_ARG_NONE, &k.trace_nodes,
		 "the same, and the life of resource nodes and block requests", NULL},
		{"watch", 0, 0, G_OPTION_ARG_NONE, &k.watch,
		 "judge releases in every scenario with tables, not only where a "
		 "condition speaks of them",
		 NULL},
		{"ktap", 0, 0, G_OPTION_ARG_NONE, &k.ktap,
		 "print KTAP, as kernel tests do", NULL},
		{"record", 0, 0, G_OPTION_ARG_FILENAME, &k.record,
		 "write the verdict of each scenario file, for uringlab rules", "FILE"},
		{"verbose", 'v', 0, G_OPTION_ARG_NONE, &k.verbose,
		 "list the outcomes that were seen", NULL},
		G_OPTION_ENTRY_NULL,
	};
	GOptionContext *ctx =
		cli_context("list|build|fixup|run|shell [FILE...]", summary, examples);
	int status;

	if (argc > 1 && !strcmp(argv[1], "check")) {
		g_option_context_free(ctx);
		return cmd_check_log(argc - 1, argv + 1);
	}
	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_scenario_options(ctx, &k.o);
	cli_add_explore_options(ctx, &k.o);
	if (cli_parse(ctx, "kernel", &argc, &argv, &k.o, &status))
		status = dispatch(&k, argc, argv);
	cmd_clear(&k);
	return status;
}
