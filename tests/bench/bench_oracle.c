/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_oracle.c - log lines a second through reader and oracle
 *
 * Usage: bench_oracle [LINES]   (200000); best of five, CPU time. Wanted: 100 000 lines/s
 *        of each form. What is explored once for the whole log is not in it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/compare/log.h"
#include "model/events/events.h"
#include "scenarios/run/judge.h"
#include "sim/explore/oracle.h"

#define ROUNDS 5

static const char one_ring[] = "uring \"one\"\nring r entries=8\ntask P0 {\n"
			       "\ta: nop flags=ASYNC\n\tb: nop\n\tc: nop flags=ASYNC\n"
			       "\tenter r wait=3\n}\ntask P1 {\n\tpeek r\n}\n";
static const char two_rings[] = "uring \"two\"\nring r entries=8\nring q entries=8\n"
				"task P0 {\n\ta: nop flags=ASYNC\n\tb: nop\n"
				"\tenter r wait=2\n}\ntask P1 {\n"
				"\tc: nop flags=ASYNC ring=q\n\td: nop ring=q\n"
				"\tenter q wait=2\n}\n";

typedef struct Bench {
	const ScnScenario *scn;
	SimAutomaton *a;
	uint64_t outcomes;
} Bench;

/* One outcome as a line of the agent. */
static void add_json(const uint64_t *labels, uint32_t n, uint32_t rings, GString *out)
{
	g_string_append(out, "{\"combo\":0,\"n\":1,\"seen\":{\"cq\":[");
	for (uint32_t r = 1; r <= rings; r++) {
		bool first = true;

		g_string_append(out, r > 1 ? ",[" : "[");
		for (uint32_t i = 0; i < n; i++) {
			if (label_class(labels[i]) != LABEL_CQE ||
			    label_place(labels[i]) != r)
				continue;
			g_string_append_printf(out, "%s[%u,%d,%u]", first ? "" : ",",
					       label_obj(labels[i]),
					       label_value(labels[i]),
					       label_cqe_flags(labels[i]));
			first = false;
		}
		g_string_append_c(out, ']');
	}
	g_string_append(out, "],\"ret\":[");
	for (uint32_t i = 0, k = 0; i < n; i++)
		if (label_class(labels[i]) == LABEL_RET)
			g_string_append_printf(out, "%s[%u,%u,%d]", k++ ? "," : "",
					       label_place(labels[i]),
					       label_obj(labels[i]),
					       label_value(labels[i]));
	g_string_append(out, "],\"hang\":[]}}\n");
}

/* The same as plain text, a line an event. */
static void add_text(const Bench *b, const uint64_t *labels, uint32_t n, GString *out)
{
	g_string_append(out, "run\n");
	for (uint32_t i = 0; i < n; i++) {
		const unsigned obj = label_obj(labels[i]);

		if (label_class(labels[i]) == LABEL_CQE)
			g_string_append_printf(out, "cqe %u %d\n", obj,
					       label_value(labels[i]));
		else
			g_string_append_printf(out, "ret %s %d\n",
					       b->scn->tasks[label_place(labels[i]) - 1]
						       .stmts[obj - 1]
						       .label,
					       label_value(labels[i]));
	}
}

static GString *make_log(const Bench *b, uint32_t rings, bool json, uint32_t lines)
{
	GString *out = g_string_new(NULL);

	for (uint64_t k = 0, made = 0; made < lines; k = (k + 1) % b->outcomes) {
		uint64_t *labels;
		uint32_t n;

		sim_automaton_outcome(b->a, k, &labels, &n);
		if (json)
			add_json(labels, n, rings, out);
		else
			add_text(b, labels, n, out);
		made += json ? 1 : n + 1;
		free(labels);
	}
	return out;
}

/* Lines a second; a log made from the automaton must be allowed by it. */
static double ask(const Bench *b, SimOracle *o, const GString *text)
{
	g_autoptr(KernelLog) log = kernel_log_new("bench", text->str, text->len, b->scn);
	const clock_t start = clock();
	KernelLogRun run;

	while (kernel_log_next(log, &run, NULL)) {
		SimStream streams[KERNEL_LOG_RINGS_MAX];
		const SimSeen seen = {.streams = streams,
				      .streams_n = run.rings_n,
				      .ends = {run.ends, run.ends_n}};

		for (uint32_t i = 0; i < run.rings_n; i++)
			streams[i] = (SimStream){run.cqes + run.cq_at[i],
						 run.cq_at[i + 1] - run.cq_at[i]};
		if (!sim_oracle_check(o, &seen, NULL)) {
			fprintf(stderr, "line %d is refused\n", (int)run.line);
			exit(1);
		}
	}
	return (double)kernel_log_lines(log) * CLOCKS_PER_SEC /
	       (double)MAX(clock() - start, 1);
}

static void bench(const char *text, uint32_t rings, uint32_t lines)
{
	g_autoptr(ScnSource) src = scn_source_new("bench", text, strlen(text));
	g_autoptr(ScnScenario) scn = scn_load(src, NULL, 0, 0);
	const ScnBindOptions bind = {.profile = profile_find("linux-6.12")};
	g_autoptr(ScnModel) m = scn_model_new(src, scn, &bind);
	const ScnJudgeOptions opt = {.outcomes = SCN_OUTCOMES_ALL};
	g_autoptr(ScnReport) r = scn_judge(m, &opt);
	const Bench b = {.scn = scn,
			 .a = r->automaton,
			 .outcomes = g_ascii_strtoull(r->outcomes, NULL, 10)};
	SimOracle *o = sim_oracle_new(r->automaton, NULL);

	for (int json = 1; json >= 0; json--) {
		GString *log = make_log(&b, rings, json, lines);
		double best = 0;

		for (int i = 0; i < ROUNDS; i++)
			best = MAX(best, ask(&b, o, log));
		printf("%u ring%s, %s outcomes, %s: %.0f lines/s\n", rings,
		       rings > 1 ? "s" : "", r->outcomes, json ? "JSON" : "text", best);
		g_string_free(log, TRUE);
	}
	sim_oracle_free(o);
}

int main(int argc, char **argv)
{
	const uint32_t lines = argc > 1 ? (uint32_t)atoi(argv[1]) : 200000;

	bench(one_ring, 1, lines);
	bench(two_rings, 2, lines);
	return 0;
}
