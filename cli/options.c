/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.c - options that several commands take, and what their words mean
 */
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "sim/explore/explore.h"

void cli_options_done(CliOptions *o)
{
	g_free(o->profile);
	g_strfreev(o->defines);
	g_strfreev(o->mutate);
	g_free(o->memory);
	g_free(o->time);
	for (uint32_t i = 0; i < o->define_n; i++)
		g_free((void *)(uintptr_t)o->define[i].name);
	g_free(o->define);
	g_free(o->mutated);
}

int cli_fail(const char *command, const GError *error)
{
	fprintf(stderr, "uringlab %s: %s\n", command, error->message);
	return CLI_BAD;
}

int cli_usage(const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "uringlab %s: ", command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry 'uringlab %s --help'.\n", command);
	return CLI_BAD;
}

GOptionContext *cli_context(const char *args, const char *summary, const char *examples)
{
	GOptionContext *ctx = g_option_context_new(args);
	g_autofree char *text = g_strdup_printf("Examples:\n%s", examples);

	g_option_context_set_summary(ctx, summary);
	g_option_context_set_description(ctx, text);
	return ctx;
}

void cli_add_scenario_options(GOptionContext *ctx, CliOptions *o)
{
	const GOptionEntry entries[] = {
		{"profile", 'p', 0, G_OPTION_ARG_STRING, &o->profile,
		 "kernel to mirror: a name, or all that the scenario names", "P|all"},
		{"define", 'D', 0, G_OPTION_ARG_STRING_ARRAY, &o->defines,
		 "give a param another value, or pin a sweep", "NAME=VALUE"},
		{"mutate", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->mutate,
		 "switch a rule off (may be repeated)", "RULE"},
		{"json", 0, 0, G_OPTION_ARG_NONE, &o->json, "print JSON", NULL},
		{"stats", 0, 0, G_OPTION_ARG_NONE, &o->stats,
		 "print durations and speed too", NULL},
		G_OPTION_ENTRY_NULL,
	};

	g_option_context_add_main_entries(ctx, entries, NULL);
}

void cli_add_explore_options(GOptionContext *ctx, CliOptions *o)
{
	const GOptionEntry entries[] = {
		{"threads", 'j', 0, G_OPTION_ARG_INT, &o->threads, "worker threads", "N"},
		{"exact", 0, 0, G_OPTION_ARG_NONE, &o->exact,
		 "compare whole states, not fingerprints", NULL},
		{"no-por", 0, 0, G_OPTION_ARG_NONE, &o->no_por,
		 "switch partial-order reduction off", NULL},
		{"no-symmetry", 0, 0, G_OPTION_ARG_NONE, &o->no_symmetry,
		 "switch member symmetry off", NULL},
		{"states", 0, 0, G_OPTION_ARG_INT64, &o->states,
		 "stop after N states (verdict Unknown)", "N"},
		{"memory", 0, 0, G_OPTION_ARG_STRING, &o->memory,
		 "stop at that much memory; default half of the machine's", "2G"},
		{"time", 0, 0, G_OPTION_ARG_STRING, &o->time, "stop after that time",
		 "10s"},
		G_OPTION_ENTRY_NULL,
	};

	g_option_context_add_main_entries(ctx, entries, NULL);
}

typedef struct Unit {
	const char *name;
	uint64_t factor;
} Unit;

/* A number and one of @units; the unit without a name is the default. */
static bool parse_quantity(const char *text, const Unit *units, uint64_t *ret)
{
	char *end;
	const guint64 n = g_ascii_strtoull(text, &end, 10);

	if (end == text || !g_ascii_isdigit(text[0]))
		return false;
	for (; units->name; units++) {
		if (g_ascii_strcasecmp(end, units->name) != 0)
			continue;
		if (n > UINT64_MAX / units->factor)
			return false;
		*ret = n * units->factor;
		return true;
	}
	return false;
}

static bool take_budgets(const char *command, CliOptions *o)
{
	static const Unit bytes[] = {{"", 1},          {"k", 1 << 10},   {"m", 1 << 20},
				     {"g", 1 << 30},   {"kib", 1 << 10}, {"mib", 1 << 20},
				     {"gib", 1 << 30}, {NULL, 0}};
	static const Unit times[] = {
		{"", 1000000},   {"us", 1},         {"ms", 1000},       {"s", 1000000},
		{"m", 60000000}, {"min", 60000000}, {"h", 3600000000u}, {NULL, 0}};

	if (o->memory && !parse_quantity(o->memory, bytes, &o->memory_bytes)) {
		cli_usage(command, "--memory takes a number with K, M or G, not '%s'",
			  o->memory);
		return false;
	}
	if (o->time && !parse_quantity(o->time, times, &o->time_us)) {
		cli_usage(command, "--time takes a number with ms, s, m or h, not '%s'",
			  o->time);
		return false;
	}
	if (o->threads < 0 || o->threads > (gint)SIM_EXPLORE_THREADS_MAX) {
		cli_usage(command, "--threads is 1 to %u", SIM_EXPLORE_THREADS_MAX);
		return false;
	}
	if (o->states < 0) {
		cli_usage(command, "--states is a number of states");
		return false;
	}
	return true;
}

static bool take_defines(const char *command, CliOptions *o)
{
	const guint n = o->defines ? g_strv_length(o->defines) : 0;

	o->define = g_new0(ScnDefine, n + 1);
	for (guint i = 0; i < n; i++) {
		char *name = g_strdup(o->defines[i]), *eq = strchr(name, '=');

		if (!eq || eq == name) {
			cli_usage(command, "-D takes NAME=VALUE, not '%s'", name);
			g_free(name);
			return false;
		}
		*eq = '\0';
		o->define[o->define_n++] = (ScnDefine){.name = name, .value = eq + 1};
	}
	return true;
}

static bool take_mutations(const char *command, CliOptions *o)
{
	const guint n = o->mutate ? g_strv_length(o->mutate) : 0;

	o->mutated = g_new0(RuleId, n + 1);
	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) error = NULL;
		const RuleId rule = scn_rule_parse(o->mutate[i], &error);

		if (error) {
			cli_fail(command, error);
			return false;
		}
		o->mutated[o->mutated_n++] = rule;
	}
	return true;
}

static bool take_profile(const char *command, const CliOptions *o)
{
	g_autoptr(GError) error = NULL;

	if (!o->profile || strcmp(o->profile, "all") == 0 ||
	    scn_profile_parse(o->profile, &error))
		return true;
	cli_fail(command, error);
	return false;
}

bool cli_parse(GOptionContext *ctx, const char *command, int *argc, char ***argv,
	       CliOptions *o, int *ret_exit)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *prgname = g_strdup_printf("uringlab %s", command);
	bool ok;

	g_set_prgname(prgname);
	ok = g_option_context_parse(ctx, argc, argv, &error);
	g_option_context_free(ctx);
	*ret_exit = CLI_BAD;
	if (!ok) {
		cli_usage(command, "%s", error->message);
		return false;
	}
	return !o || (take_budgets(command, o) && take_defines(command, o) &&
		      take_mutations(command, o) && take_profile(command, o));
}
