/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli.h - what the commands of uringlab share
 *
 * Layer:  cli; on top of everything. The only room that prints, exits or reads
 *         arguments.
 * Errors: GError up to the command; cli_fail() prints it. Exit status is the product:
 *         see CliExit.
 *
 * A new command is one file cmd_NAME.c with `int cmd_NAME(int argc, char **argv)`
 * (argv[0] is the name) and one row in commands.def.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "scenarios/run/scenario_model.h"
#include "sim/engine/drive.h"
#include "trace/record.h"

typedef enum CliExit {
	CLI_OK = 0,      /* as expected */
	CLI_DIFFERS = 1, /* a verdict is No, a file is not in order, runs differ */
	CLI_BAD = 2,     /* wrong argument, scenario or host */
	CLI_BUDGET = 3,  /* not finished: states, memory, time, or ^C */
} CliExit;

/* Of two results the one to exit with: bad input, then No, then a budget. */
CliExit cli_worse(CliExit a, CliExit b);

#define CLI_COMMAND(name, what) int cmd_##name(int argc, char **argv);
#include "cli/commands.def"

/* --- options (options.c) ------------------------------------------------------------ */

/* Which scenarios have labels for releases: those whose kernel is watched. */
typedef enum CliWatch {
	CLI_WATCH_NONE,
	CLI_WATCH_NAMED, /* a condition speaks of releases or references */
	CLI_WATCH_ALL,   /* there is a table */
} CliWatch;

typedef struct CliOptions {
	CliWatch watch; /* set by the command */
	/* scenario options */
	char *profile;  /* --profile: name, "all", or NULL */
	char **defines; /* -D */
	char **mutate;  /* --mutate */
	gboolean json;
	gboolean
		stats; /* --stats: durations and other numbers that differ between runs */
	/* exploration options */
	gint threads;
	gboolean exact, no_por, no_symmetry;
	gint64 states;
	char *memory, *time;
	/* what they mean, after cli_parse() */
	ScnDefine *define;
	uint32_t define_n;
	RuleId *mutated;
	uint32_t mutated_n;
	uint64_t memory_bytes, time_us;
} CliOptions;

void cli_options_done(CliOptions *o);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CliOptions, cli_options_done)

/*
 * A context with the text above and below the options; @examples is shown as it is. Then
 * the option groups that a command takes, then cli_parse().
 */
GOptionContext *cli_context(const char *args, const char *summary, const char *examples);
void cli_add_scenario_options(GOptionContext *ctx, CliOptions *o);
void cli_add_explore_options(GOptionContext *ctx, CliOptions *o);

/* Frees @ctx. False if the command is over: *ret_exit says how. @o may be NULL. */
bool cli_parse(GOptionContext *ctx, const char *command, int *argc, char ***argv,
	       CliOptions *o, int *ret_exit);

/* "uringlab COMMAND: MESSAGE" to stderr; returns CLI_BAD. */
int cli_fail(const char *command, const GError *error);
int cli_usage(const char *command, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* --- input (input.c) ---------------------------------------------------------------- */

/*
 * Paths of all scenarios behind @args: files, "-" for stdin, directories searched for
 * *.uring in order of name. NULL and @error if one of them cannot be used.
 */
GPtrArray *cli_paths(char **args, GError **error);
ScnSource *cli_read(const char *path, GError **error);
#define CLI_STDIN "<stdin>" /* path of what came from "-" */

/* Print what was said about @src to stderr, if anything. */
void cli_print_diags(const ScnSource *src);

/* One scenario, one profile, one combination of its sweeps, ready to run. */
typedef struct CliCase {
	ScnSource *src;
	ScnScenario *scn;
	ScnModel *model;
	uint32_t combo, combos; /* which of how many, from 0 */
} CliCase;

/* False and diagnostics in c->src if that is not possible. @profile NULL: the first. */
bool cli_case_open(CliCase *c, ScnSource *src, const CliOptions *o,
		   const Profile *profile, uint32_t combo);
void cli_case_close(CliCase *c); /* leaves src alone */

/* The profiles that @o asks for of @scn: array of const Profile *. NULL: unknown name. */
GPtrArray *cli_profiles(const ScnScenario *scn, const CliOptions *o, GError **error);

/*
 * For commands that run one single case: read @path, take the profile and combination
 * that @o pins down. False: everything is printed, *ret_exit is set. Ends with
 * cli_case_close() and scn_source_free(c->src).
 */
bool cli_case_single(const char *command, const char *path, const CliOptions *o,
		     CliCase *c, int *ret_exit);

/* "n=4 flags=IO_LINK" of the swept parameters, or "". Caller frees. */
char *cli_sweep_text(const ScnScenario *scn);

/* --- output (output.c) ----------------------------------------------------------------
 */

typedef enum CliColour {
	CLI_COLOUR_GOOD,
	CLI_COLOUR_BAD,
	CLI_COLOUR_UNSURE,
	CLI_COLOUR_DIM,
	CLI_COLOUR_BOLD,
	CLI_COLOUR_COUNT_,
} CliColour;

/* Is @out a terminal that wants colour (NO_COLOR and TERM=dumb are respected)? */
bool cli_colour_on(FILE *out);
const char *cli_colour(FILE *out, CliColour colour); /* escape sequence or "" */
const char *cli_colour_off(FILE *out);

/*
 * At exit, however it comes: stdout is flushed, and what could not be written makes the
 * exit status CLI_BAD; a reader that went away is no error.
 */
void cli_guard_output(void);

/* Is stdout gone? Then nothing more needs to be computed. */
bool cli_output_lost(void);

/* SimStepFn for replays; @ctx is a TraceRecord. Steps are numbered from 1. */
bool cli_record_step(void *ctx, const SimStep *step);

/* Print the steps of a schedule in words; @indent blanks in front. */
void cli_print_steps(const ScnModel *m, const SimAction *actions, uint32_t n,
		     unsigned indent);

/* The command line that runs the schedule again, in one line. */
void cli_print_replay(const CliCase *c, const CliOptions *o, const SimAction *actions,
		      uint32_t n, unsigned indent);
/* The same as text; caller frees. */
char *cli_replay_text(const CliCase *c, const CliOptions *o, const SimAction *actions,
		      uint32_t n);

/* --- stopping (stop.c)
 * ------------------------------------------------------------------ */

/* From now on ^C sets a flag; a second one ends the program. */
void cli_catch_interrupt(void);
bool cli_interrupted(void);
const volatile int *cli_interrupt_flag(void); /* for rooms below this one */

#endif /* CLI_CLI_H */
