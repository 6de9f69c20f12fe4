/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_report.c - verdicts on what a real kernel did, in words
 */
#include <string.h>

#include "cli/kernel_cmd.h"
#include "cli/kernel_judge.h"
#include "cli/labels.h"

/* --- verdicts ------------------------------------------------------------------------
 */

typedef struct KernelVerdict {
	const char *word;
	uint32_t distinct, bad;     /* outcomes seen; of these not allowed */
	const KernelOutcome *worst; /* the first that is not allowed */
} KernelVerdict;

static bool allowed(CliOracle *oracle, const KernelOutcome *o)
{
	CliSeen seen;

	cli_seen_outcome(o, &seen);
	return cli_oracle_check(oracle, &seen, NULL);
}

static KernelVerdict judge(CliOracle *oracle, const GPtrArray *outcomes)
{
	KernelVerdict v = {.distinct = outcomes->len};
	g_autofree char *seen = g_strdup_printf("%u", v.distinct);

	for (guint i = 0; i < outcomes->len; i++) {
		if (allowed(oracle, outcomes->pdata[i]))
			continue;
		if (v.bad++ == 0)
			v.worst = outcomes->pdata[i];
	}
	if (v.bad)
		v.word = oracle->report->automaton->partial ? "Unknown" : "Forbid";
	else
		v.word = g_strcmp0(seen, oracle->report->outcomes) == 0 ? "Ok"
									: "Allow unseen";
	return v;
}

static void print_outcome(const CliCase *c, CliOracle *oracle, const KernelOutcome *o)
{
	uint32_t n;
	g_autofree uint64_t *labels = kernel_outcome_labels(o, &n);
	g_autofree char *text = cli_labels_text(c->model, labels, n);

	printf("  %8u  %s%s\n", o->n, text, allowed(oracle, o) ? "" : "   <- Forbid");
}

static void print_worst(KernelCmd *k, const CliCase *c, CliOracle *oracle,
			const KernelOutcome *worst)
{
	CliSeen seen;
	SimMiss miss;

	cli_seen_outcome(worst, &seen);
	if (cli_oracle_check(oracle, &seen, &miss))
		return;
	printf("  first seen in run %u\n", worst->first);
	cli_print_miss(c, &k->o, &k->budget, oracle, &seen, &miss);
}

/* One case, with what was seen of it. */
static void report_case(KernelCmd *k, const CliCase *c, const GPtrArray *outcomes,
			uint32_t runs)
{
	const SimExploreOptions opt = cli_budget_options(&k->budget, &k->o);
	g_autoptr(CliOracle) oracle = cli_oracle_new(c->model, &opt);
	g_autofree char *sweep = cli_sweep_text(c->scn);
	KernelVerdict v;

	if (!oracle) {
		printf("%-13s %s %s: out of budget\n", "Unknown", c->scn->name, sweep);
		k->trouble++;
		return;
	}
	v = judge(oracle, outcomes);
	printf("%-13s %s%s%s: %u of %s outcomes in %u runs\n", v.word, c->scn->name,
	       *sweep ? " " : "", sweep, v.distinct - v.bad,
	       oracle->report->outcomes ? oracle->report->outcomes : "?", runs);
	k->forbid += v.bad > 0;
	k->ok += strcmp(v.word, "Ok") == 0;
	k->unseen += strcmp(v.word, "Allow unseen") == 0;
	if (v.bad || k->verbose)
		for (guint i = 0; i < outcomes->len; i++)
			print_outcome(c, oracle, outcomes->pdata[i]);
	if (v.bad)
		print_worst(k, c, oracle, v.worst);
}

static char *json_text(const char *text)
{
	g_autoptr(JsonNode) node = json_node_new(JSON_NODE_VALUE);

	json_node_set_string(node, text);
	return json_to_string(node, FALSE);
}

void kernel_report_begin(const KernelCmd *k, const KernelReport *report)
{
	const char *release = report->release ? report->release : "?";
	g_autofree char *text = json_text(release);

	printf("%s: release %s, %u boots, first up in %.1f s, %u scenarios in %.1f s\n",
	       k->spec->name, release, report->boots, report->boot_s, report->n,
	       report->run_s);
	if (k->log_file)
		fprintf(k->log_file,
			"{\"kernel\":\"%s\",\"release\":%s,\"profile\":\"%s\"}\n",
			k->spec->name, text,
			k->o.profile ? k->o.profile : k->spec->profile);
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

void kernel_report_result(KernelCmd *k, const CliCase *c, const KernelResult *res)
{
	if (!res->done)
		return;
	if (res->skip) {
		printf("%-13s %s: %s\n", "SKIP", c->scn->name, res->skip);
		k->skip++;
		return;
	}
	if (res->stuck || res->splat != KERNEL_SPLAT_NONE) {
		printf("%-13s %s: %s (console: %s)\n%s", "Trouble", c->scn->name,
		       res->stuck ? res->stuck : "the kernel complains",
		       kernel_splat_name(res->splat),
		       res->splat_text ? res->splat_text : "");
		k->trouble++;
	}
	if (res->outcomes->len)
		report_case(k, c, res->outcomes, res->runs);
	if (k->log_file)
		write_log(k, c, res);
}

int kernel_report_sum(const KernelCmd *k)
{
	printf("%u Ok, %u Allow unseen, %u Forbid, %u SKIP, %u in trouble\n", k->ok,
	       k->unseen, k->forbid, k->skip, k->trouble);
	return k->forbid || k->trouble ? CLI_DIFFERS : CLI_OK;
}
