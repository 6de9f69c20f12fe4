/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_diff.c - the smallest scenario in which a rule makes a difference
 *
 * Files are tried from the smallest on, those that name the rule first. What is found is
 * shrunk: lines are left out one by one as long as the difference stays.
 */
#include "cli/profile_diff.h"

#include <string.h>

#include "cli/labels.h"
#include "model/world/world.h"
#include "scenarios/run/judge.h"

#define STATES_MAX 20000u /* a scenario that needs more is not the smallest */

/* One side: all that it can do. */
typedef struct Side {
	ScnScenario *scn;
	ScnModel *model;
	ScnReport *report;
	char *breaks;
} Side;

static void side_close(Side *s)
{
	g_clear_pointer(&s->report, scn_report_free);
	g_clear_pointer(&s->model, scn_model_free);
	g_clear_pointer(&s->scn, scn_scenario_free);
	g_clear_pointer(&s->breaks, g_free);
}

static bool side_open(Side *s, ScnSource *src, const Profile *profile, RuleId off)
{
	const ScnBindOptions bind = {.profile = profile,
				     .mutated = &off,
				     .mutated_n = off != RULE_NONE ? 1 : 0};
	const ScnJudgeOptions judge = {
		.explore = {.threads = 1, .states_max = STATES_MAX},
		.outcomes = SCN_OUTCOMES_ALL};

	s->scn = scn_load(src, NULL, 0, 0);
	if (s->scn)
		s->model = scn_model_new(src, s->scn, &bind);
	if (s->model)
		s->report = scn_judge(s->model, &judge);
	if (!s->report || s->report->cut_by != SIM_CUT_NONE || !s->report->automaton)
		return false;
	if (s->report->findings[0].verdict == SCN_VERDICT_NO)
		s->breaks = g_strdup(s->report->findings[0].why);
	return true;
}

/* Lines of a scenario that claim something: they are not what is compared. */
static bool is_claim(const char *line)
{
	static const char *const words[] = {"forall", "exists",  "never",
					    "always", "twin",    "question",
					    "rules",  "profile", "#"};

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_has_prefix(line, words[i]))
			return true;
	return false;
}

static char *join_lines(const GPtrArray *lines)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(out, "%s\n", (const char *)lines->pdata[i]);
	return g_string_free(out, FALSE);
}

typedef struct Search {
	RuleId rule;
	const Profile *a, *b;
} Search;

static void take_outcomes(const Side *x, const Side *y, ProfileWitness *ret)
{
	SimAutDiff d = {0};

	sim_automaton_compare(x->report->automaton, y->report->automaton, &d);
	if (d.has_only_a)
		ret->with = cli_labels_text(x->model, d.only_a, d.only_a_n);
	if (d.has_only_b)
		ret->without = cli_labels_text(y->model, d.only_b, d.only_b_n);
	ret->breaks = g_strdup(x->breaks);
	ret->breaks_without = g_strdup(y->breaks);
	sim_aut_diff_clear(&d);
}

static bool differ(const Side *x, const Side *y)
{
	SimAutDiff d = {0};
	bool same;

	sim_automaton_compare(x->report->automaton, y->report->automaton, &d);
	same = d.relation == SIM_AUT_EQUAL && g_strcmp0(x->breaks, y->breaks) == 0;
	sim_aut_diff_clear(&d);
	return !same;
}

/* Does @text show the rule? With @ret, how. */
static bool shows(const Search *s, const char *text, ProfileWitness *ret)
{
	const bool fact = rule_kind(s->rule) == RULE_FACT;
	g_autoptr(ScnSource) one = scn_source_new("with", text, strlen(text));
	g_autoptr(ScnSource) two = scn_source_new("without", text, strlen(text));
	Side x = {0}, y = {0};
	bool yes = side_open(&x, one, s->a, RULE_NONE) &&
		   side_open(&y, two, fact ? s->b : s->a, fact ? RULE_NONE : s->rule) &&
		   differ(&x, &y);

	if (yes && ret)
		take_outcomes(&x, &y, ret);
	side_close(&x);
	side_close(&y);
	return yes;
}

/* Leave out what is not needed, from the end, until nothing more can go. */
static char *shrink(const Search *s, const char *text)
{
	g_auto(GStrv) all = g_strsplit(text, "\n", -1);
	g_autoptr(GPtrArray) lines = g_ptr_array_new();
	bool again = true;

	for (char **l = all; *l; l++)
		if (**l)
			g_ptr_array_add(lines, *l);
	while (again) {
		again = false;
		for (guint i = lines->len; i-- > 0;) {
			char *line = g_ptr_array_index(lines, i);
			g_autofree char *less = NULL;

			g_ptr_array_remove_index(lines, i);
			less = join_lines(lines);
			if (shows(s, less, NULL))
				again = true;
			else
				g_ptr_array_insert(lines, (gint)i, line);
		}
	}
	return join_lines(lines);
}

static char *read_claimless(const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) all = NULL;
	g_autoptr(GPtrArray) lines = g_ptr_array_new();

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	all = g_strsplit(text, "\n", -1);
	for (char **l = all; *l; l++)
		if (!is_claim(*l))
			g_ptr_array_add(lines, *l);
	return join_lines(lines);
}

/* A line that opens with `rules` and has the word. */
static bool names_rule(const char *path, RuleId rule)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) words = NULL;
	const char *line;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return false;
	line = strstr(text, "\nrules ");
	if (!line)
		return false;
	words = g_strsplit_set(line + 1, " \n", 24);
	for (char **w = words + 1; *w && strcmp(*w, "profile") != 0; w++)
		if (**w && scn_rule_named(*w, rule))
			return true;
	return false;
}

void profile_witness_find(RuleId rule, const Profile *a, const Profile *b,
			  const GPtrArray *paths, ProfileWitness *ret)
{
	const Search s = {rule, a, b};

	*ret = (ProfileWitness){0};
	for (unsigned round = 0; round < 2 && !ret->path; round++) {
		for (guint i = 0; i < paths->len && !ret->path; i++) {
			const char *path = g_ptr_array_index(paths, i);
			g_autofree char *text = NULL;

			/* What only the profiles as a whole tell apart needs a name. */
			if (names_rule(path, rule) != (round == 0) ||
			    (round && rule_kind(rule) == RULE_FACT))
				continue;
			text = read_claimless(path);
			if (!text || !shows(&s, text, NULL))
				continue;
			ret->path = g_strdup(path);
			/* Of a fact nobody could say whether it is still the same. */
			ret->text = rule_kind(rule) == RULE_FACT ? g_steal_pointer(&text)
								 : shrink(&s, text);
			shows(&s, ret->text, ret);
		}
	}
}

void profile_witness_clear(ProfileWitness *w)
{
	g_free(w->path);
	g_free(w->text);
	g_free(w->with);
	g_free(w->without);
	g_free(w->breaks);
	g_free(w->breaks_without);
	*w = (ProfileWitness){0};
}

static guint lines_of(const char *path)
{
	g_autofree char *text = read_claimless(path);
	guint n = 0;

	for (const char *c = text ? text : ""; *c; c++)
		n += *c == '\n';
	return n;
}

static gint by_lines(gconstpointer a, gconstpointer b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	const guint n = lines_of(x), m = lines_of(y);

	return n != m ? (n < m ? -1 : 1) : strcmp(x, y);
}

void profile_sort_paths(GPtrArray *paths)
{
	g_ptr_array_sort(paths, by_lines);
}
