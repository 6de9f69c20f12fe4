/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd_cost.c - uringlab cost: what a scenario costs at best and at worst
 */
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "scenarios/run/cost.h"

static const char summary[] =
	"Count what the executions of scenarios cost: the cheapest and the dearest of "
	"each\n"
	"figure over every interleaving. One line a scenario and profile, so that "
	"designs\n"
	"of one job stand below each other; a figure that all executions share is "
	"printed\n"
	"once. Counted are\n"
	"  SQEs, CQEs (tags included), calls of io_uring_enter,\n"
	"  hops: task work items, punts: requests handed to io-wq,\n"
	"  nodes: resource nodes made, lookups: of table slots and leases,\n"
	"  refs: gets and puts of nodes and of block requests,\n"
	"  copied: bytes that a driver copied,\n"
	"  chain: operations that had to wait for each other, one behind the other.";

static const char examples[] = "  uringlab cost scenarios/flows\n"
			       "  uringlab cost -p linux-7 FILE.uring FILE2.uring\n";

#define STATES_MAX 2000000

static char *cell(const ScnCost *c, unsigned k)
{
	if (c->best[k] == c->worst[k])
		return g_strdup_printf("%" PRIu64, c->best[k]);
	return g_strdup_printf("%" PRIu64 "..%" PRIu64, c->best[k], c->worst[k]);
}

typedef struct CostRow {
	char *cells[SCN_COST_COUNT_ + 1]; /* the name last */
} CostRow;

typedef struct Cost {
	CliOptions o;
	gint64 states;
	GArray *rows; /* CostRow */
	JsonBuilder *j;
} Cost;

static void json_row(JsonBuilder *j, const CliCase *c, const ScnCost *cost)
{
	json_builder_begin_object(j);
	cli_json_case(j, c);
	cli_json_int(j, "states", (int64_t)cost->states);
	for (unsigned k = 0; k < SCN_COST_COUNT_; k++) {
		json_builder_set_member_name(j, scn_cost_name((ScnCostKind)k));
		json_builder_begin_object(j);
		cli_json_int(j, "best", (int64_t)cost->best[k]);
		cli_json_int(j, "worst", (int64_t)cost->worst[k]);
		json_builder_end_object(j);
	}
	json_builder_end_object(j);
}

static CliExit one_case(Cost *x, const CliCase *c)
{
	g_autofree char *sweep = cli_sweep_text(c->scn);
	CostRow row = {{NULL}};
	ScnCost cost;

	if (!scn_cost(c->model, (uint64_t)x->states, cli_interrupt_flag(), &cost)) {
		if (cli_interrupted())
			return CLI_BUDGET;
		fprintf(stderr,
			"uringlab cost: %s: more than %" G_GINT64_FORMAT " states\n",
			c->src->path, x->states);
		return CLI_BUDGET;
	}
	for (unsigned k = 0; k < SCN_COST_COUNT_; k++)
		row.cells[k] = cell(&cost, k);
	row.cells[SCN_COST_COUNT_] =
		g_strdup_printf("%s (%s)%s%s", c->scn->name,
				c->model->bound->profile->name, *sweep ? " " : "", sweep);
	g_array_append_val(x->rows, row);
	json_row(x->j, c, &cost);
	return CLI_OK;
}

static CliExit one_profile(Cost *x, ScnSource *src, const Profile *profile)
{
	CliExit exit = CLI_OK;
	CliCase c;

	for (uint32_t i = 0; (i == 0 || i < c.combos) && !cli_interrupted(); i++) {
		if (!cli_case_open(&c, src, &x->o, profile, i)) {
			cli_print_diags(src);
			return CLI_BAD;
		}
		exit = cli_worse(exit, one_case(x, &c));
		cli_case_close(&c);
	}
	return exit;
}

static CliExit one_file(Cost *x, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ScnSource) src = cli_read(path, &error);
	g_autoptr(ScnScenario) scn = NULL;
	g_autoptr(GPtrArray) which = NULL;
	CliExit exit = CLI_OK;

	if (!src)
		return (CliExit)cli_fail("cost", error);
	scn = scn_load(src, x->o.define, x->o.define_n, 0);
	if (!scn) {
		cli_print_diags(src);
		return CLI_BAD;
	}
	which = cli_profiles(scn, &x->o, &error);
	if (!which)
		return (CliExit)cli_fail("cost", error);
	for (guint i = 0; i < which->len && !cli_interrupted(); i++)
		exit = cli_worse(exit, one_profile(x, src, which->pdata[i]));
	return exit;
}

static void print_rows(const Cost *x)
{
	gsize width[SCN_COST_COUNT_];

	for (unsigned k = 0; k < SCN_COST_COUNT_; k++) {
		width[k] = strlen(scn_cost_name((ScnCostKind)k));
		for (guint i = 0; i < x->rows->len; i++)
			width[k] =
				MAX(width[k],
				    strlen(g_array_index(x->rows, CostRow, i).cells[k]));
	}
	for (unsigned k = 0; k < SCN_COST_COUNT_; k++)
		printf("%*s  ", (int)width[k], scn_cost_name((ScnCostKind)k));
	puts("scenario");
	for (guint i = 0; i < x->rows->len; i++) {
		const CostRow *row = &g_array_index(x->rows, CostRow, i);

		for (unsigned k = 0; k < SCN_COST_COUNT_; k++)
			printf("%*s  ", (int)width[k], row->cells[k]);
		puts(row->cells[SCN_COST_COUNT_]);
	}
}

static int all_files(Cost *x, char **args)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) paths = cli_paths(args, &error);
	CliExit exit = CLI_OK;

	if (!paths)
		return cli_fail("cost", error);
	cli_catch_interrupt();
	x->rows = g_array_new(FALSE, FALSE, sizeof(CostRow));
	x->j = json_builder_new();
	json_builder_begin_array(x->j);
	for (guint i = 0; i < paths->len && !cli_interrupted(); i++)
		exit = cli_worse(exit, one_file(x, paths->pdata[i]));
	if (cli_interrupted())
		exit = cli_worse(exit, CLI_BUDGET);
	json_builder_end_array(x->j);
	if (x->o.json)
		cli_json_print(x->j);
	else if (x->rows->len)
		print_rows(x);
	if (!x->o.json)
		g_object_unref(x->j);
	for (guint i = 0; i < x->rows->len; i++)
		for (unsigned k = 0; k <= SCN_COST_COUNT_; k++)
			g_free(g_array_index(x->rows, CostRow, i).cells[k]);
	g_array_unref(x->rows);
	return (int)exit;
}

int cmd_cost(int argc, char **argv)
{
	Cost x = {.states = STATES_MAX};
	GOptionContext *ctx = cli_context("FILE|FOLDER...", summary, examples);
	const GOptionEntry entries[] = {
		{"states", 0, 0, G_OPTION_ARG_INT64, &x.states,
		 "at most N states; default 2000000", "N"},
		G_OPTION_ENTRY_NULL,
	};
	int status;

	g_option_context_add_main_entries(ctx, entries, NULL);
	cli_add_scenario_options(ctx, &x.o);
	if (!cli_parse(ctx, "cost", &argc, &argv, &x.o, &status))
		; /* it said why */
	else if (argc < 2)
		status = cli_usage("cost", "FILE is needed");
	else if (x.states < 1)
		status = cli_usage("cost", "--states is positive");
	else
		status = all_files(&x, argv + 1);
	cli_options_done(&x.o);
	return status;
}
