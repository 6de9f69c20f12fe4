/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_report.c - verdicts on what a real kernel did, in words
 */
#include <string.h>

#include "cli/kernel_cmd.h"
#include "cli/kernel_judge.h"
#include "cli/labels.h"
#include "kernel/build/spec.h"
#include "model/events/events.h"

/* --- verdicts ------------------------------------------------------------------------
 */

typedef struct KernelVerdict {
	const char *word;
	uint32_t distinct, bad;     /* outcomes seen; of these not allowed */
	const KernelOutcome *worst; /* the first that is not allowed */
	KernelMiss miss;
	char *allowed; /* how many outcomes the model allows, decimal; NULL = unknown */
} KernelVerdict;

static void verdict_clear(KernelVerdict *v)
{
	g_free(v->miss.states);
	g_free(v->allowed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KernelVerdict, verdict_clear)

static void judge(const ScnReport *r, const GPtrArray *outcomes, KernelVerdict *v)
{
	g_autofree char *seen = NULL;

	v->distinct = outcomes->len;
	v->allowed = g_strdup(r->outcomes);
	for (guint i = 0; i < outcomes->len; i++) {
		const KernelOutcome *o = outcomes->pdata[i];
		KernelMiss miss = {0};

		if (cli_kernel_allowed(r->automaton, o, &miss))
			continue;
		if (v->bad++) {
			g_free(miss.states);
			continue;
		}
		v->worst = o;
		v->miss = miss;
	}
	seen = g_strdup_printf("%u", v->distinct);
	if (v->bad)
		v->word = r->automaton->partial ? "Unknown" : "Forbid";
	else
		v->word = g_strcmp0(seen, v->allowed) == 0 ? "Ok" : "Allow unseen";
}

static char *label_text(const ScnModel *m, uint64_t label)
{
	char text[128];

	if (label_class(label) == LABEL_HANG)
		return g_strdup_printf("task %u hangs in its statement %u",
				       label_place(label), label_obj(label));
	if (label_class(label) == LABEL_RET)
		return g_strdup_printf("task %u, statement %u returns %d",
				       label_place(label), label_obj(label),
				       label_value(label));
	m->model.label_text(m->model.self, label, text, sizeof(text));
	return g_strdup_printf("CQE %s", text);
}

static void print_miss(const CliCase *c, const SimAutomaton *a, const KernelVerdict *v)
{
	g_autofree char *what = v->miss.too_short ? g_strdup("the end")
						  : label_text(c->model, v->miss.label);

	printf("    not allowed: %s, first seen in run %u; legal there:\n", what,
	       v->worst->first);
	for (uint32_t i = 0; i < v->miss.states_n; i++) {
		const uint32_t s = v->miss.states[i];

		for (uint32_t e = a->first[s]; e < a->first[s + 1]; e++) {
			g_autofree char *text = label_text(c->model, a->edges[e].label);

			printf("      %s\n", text);
		}
		if (a->accepting[s])
			printf("      the end\n");
	}
}

static void print_outcome(const CliCase *c, const SimAutomaton *a, const KernelOutcome *o)
{
	uint32_t n;
	g_autofree uint64_t *labels = kernel_outcome_labels(o, &n);
	g_autofree char *text = cli_labels_text(c->model, labels, n);

	printf("  %8u  %s%s\n", o->n, text,
	       cli_kernel_allowed(a, o, NULL) ? "" : "   <- Forbid");
}

/* One case, with what was seen of it. */
void kernel_report_case(KernelCmd *k, const CliCase *c, const GPtrArray *outcomes,
			uint32_t runs)
{
	const ScnJudgeOptions opt = {.explore = cli_budget_options(&k->budget, &k->o),
				     .outcomes = SCN_OUTCOMES_ALL};
	g_autoptr(ScnReport) r = scn_judge(c->model, &opt);
	g_autofree char *sweep = cli_sweep_text(c->scn);
	g_auto(KernelVerdict) v = {0};

	if (!r->automaton) {
		printf("%-13s %s %s: out of budget\n", "Unknown", c->scn->name, sweep);
		k->trouble++;
		return;
	}
	judge(r, outcomes, &v);
	printf("%-13s %s%s%s: %u of %s outcomes in %u runs\n", v.word, c->scn->name,
	       *sweep ? " " : "", sweep, v.distinct - v.bad, v.allowed ? v.allowed : "?",
	       runs);
	k->forbid += v.bad > 0;
	k->ok += strcmp(v.word, "Ok") == 0;
	k->unseen += strcmp(v.word, "Allow unseen") == 0;
	if (v.bad || k->verbose)
		for (guint i = 0; i < outcomes->len; i++)
			print_outcome(c, r->automaton, outcomes->pdata[i]);
	if (v.bad)
		print_miss(c, r->automaton, &v);
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
		kernel_report_case(k, c, res->outcomes, res->runs);
	for (guint i = 0; k->log_file && i < res->outcomes->len; i++) {
		const KernelOutcome *o = res->outcomes->pdata[i];

		fprintf(k->log_file,
			"{\"scenario\":\"%s\",\"combo\":%u,\"n\":%u,\"seen\":%s}\n",
			c->scn->name, c->combo, o->n, o->text);
	}
}

int kernel_report_sum(const KernelCmd *k)
{
	printf("%u Ok, %u Allow unseen, %u Forbid, %u SKIP, %u in trouble\n", k->ok,
	       k->unseen, k->forbid, k->skip, k->trouble);
	return k->forbid || k->trouble ? CLI_DIFFERS : CLI_OK;
}
