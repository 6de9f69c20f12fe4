/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_draw.c - plans of submissions, and pictures
 *
 * Goal:   links, groups, drains and windows become the right relations; pictures are the
 *         same bytes every time; too large ones are refused with the number to raise.
 * Method: plans are printed as "a>b link" and compared; pictures are made twice and
 *         compared, and looked through for what must be in them. How they look is for
 *         eyes: `make docs-img`.
 */
#include <string.h>

#include "model/abi/abi.h"
#include "tests/support/t_main.h"
#include "tests/unit/trace/t_record.h"
#include "trace/deps_draw.h"
#include "trace/run_draw.h"
#include "trace/states_draw.h"

/* --- sanitizers --------------------------------------------------------------------- */

/*
 * Graphviz and the libraries behind it keep memory until the process ends; see
 * tests/support/lsan.supp. Their frames are found by the slow unwinder only.
 */
const char *__lsan_default_suppressions(void);
const char *__asan_default_options(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libgvc.so\nleak:libgvplugin\nleak:libfontconfig.so\n"
	       "leak:libpango\nleak:libcairo\n";
}

const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0:print_suppressions=0";
}

/* --- plans ------------------------------------------------------------------------ */

#define L ABI_SQE_IO_LINK
#define H ABI_SQE_IO_HARDLINK
#define D ABI_SQE_IO_DRAIN
#define G ABI_SQE_GROUP

static const struct {
	const char *name;
	bool groups;
	uint32_t flags[6];
	const char *windows; /* a digit an SQE; '-' = never submitted */
	const char *want;
} plans[] = {
	{"loners", true, {0, 0}, "00", "a>b order"},
	{"a chain ends with the first plain one",
	 true,
	 {L, L, 0, 0},
	 "0000",
	 "a>b link, a>d order, b>c link"},
	{"hardlink by the flag of the first",
	 true,
	 {H, L, 0},
	 "000",
	 "a>b hardlink, b>c link"},
	{"a chain ends with its window", true, {L, 0}, "01", ""},
	{"a group is one element",
	 true,
	 {G | L, G, 0, 0},
	 "0000",
	 "{b:a} {c:a} a>d link"},
	{"a group behind a link", true, {L, G, 0}, "000", "{c:b} a>b link"},
	{"two groups, N to M", true, {G | L, 0, G, 0}, "0000", "{b:a} {d:c} a>c link"},
	{"an open group ends with its window", true, {L, G, G}, "000", "{c:b} a>b link"},
	{"without groups the bit says nothing",
	 false,
	 {G | L, G, 0},
	 "000",
	 "a>b link, a>c order"},
	{"drain waits for ends only",
	 true,
	 {L, 0, 0, D},
	 "0000",
	 "a>b link, a>c order, b>d drain, c>d order, c>d drain"},
	{"drain reaches over windows", true, {0, D}, "01", "a>b drain"},
	{"never submitted, never ordered", true, {L, 0}, "--", ""},
};

static Deps *deps_of(const uint32_t *flags, const char *windows, bool groups)
{
	Deps *deps = deps_new();

	deps->groups = groups;
	deps->title = g_strdup("plan");
	g_ptr_array_add(deps->tasks, g_strdup("P0"));
	for (uint32_t i = 0; windows[i]; i++) {
		const DepsReq req = {
			.label = g_strdup_printf("%c", 'a' + (int)i),
			.what = g_strdup("nop"),
			.flags = flags[i],
			.window = windows[i] == '-' ? DEPS_NONE
						    : (uint32_t)(windows[i] - '0'),
		};

		g_array_append_val(deps->reqs, req);
		if (windows[i] != '-' &&
		    (uint32_t)(windows[i] - '0') >= deps->windows->len) {
			const DepsWindow window = {.text = g_strdup("enter")};

			g_array_append_val(deps->windows, window);
		}
	}
	return deps;
}

static char *plan_text(const Deps *deps)
{
	static const char *const words[] = {
		[DEPS_ORDER] = "order",
		[DEPS_DRAIN] = "drain",
		[DEPS_LINK] = "link",
		[DEPS_HARDLINK] = "hardlink",
	};
	g_autoptr(DepsPlan) plan = deps_plan(deps);
	GString *out = g_string_new(NULL);
	const char *sep = "";

	for (guint i = 0; i < deps->reqs->len; i++)
		if (plan->leader[i] != DEPS_NONE && plan->leader[i] != i)
			g_string_append_printf(out, "{%s:%s} ", deps_req(deps, i)->label,
					       deps_req(deps, plan->leader[i])->label);
	for (guint i = 0; i < plan->edges->len; i++) {
		const DepsEdge *e = &g_array_index(plan->edges, DepsEdge, i);

		g_string_append_printf(out, "%s%s>%s %s", sep,
				       deps_req(deps, e->from)->label,
				       deps_req(deps, e->to)->label, words[e->kind]);
		sep = ", ";
	}
	return g_string_free(out, FALSE);
}

START_TEST(plan_row)
{
	g_autoptr(Deps) deps =
		deps_of(plans[_i].flags, plans[_i].windows, plans[_i].groups);
	g_autofree char *got = plan_text(deps);

	ck_assert_msg(g_str_equal(got, plans[_i].want), "%s: '%s', want '%s'",
		      plans[_i].name, got, plans[_i].want);
}
END_TEST

/* --- pictures --------------------------------------------------------------------- */

static char *rendered(Gv *gv, GvFormat format)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Gv) owned = gv;
	g_autoptr(GBytes) bytes = gv_render(owned, format, &error);
	gsize len;
	const char *data;

	ck_assert_msg(bytes != NULL, "%s", error ? error->message : "no error");
	data = g_bytes_get_data(bytes, &len);
	return g_strndup(data, len);
}

static char *draw_flagship(GvFormat format, DrawOptions options, uint64_t ns_per_step)
{
	g_autoptr(TraceNames) names = t_flagship_names();
	g_autoptr(TraceRecord) rec =
		t_record(names, flagship, (uint32_t)T_LEN(flagship), ns_per_step);

	return rendered(run_draw(rec, NULL, &options, NULL), format);
}

static const GvFormat text_formats[] = {GV_DOT, GV_SVG};

START_TEST(run_is_stable)
{
	const DrawOptions all = {.all_events = true};
	g_autofree char *a = draw_flagship(text_formats[_i], all, 1000);
	g_autofree char *b = draw_flagship(text_formats[_i], all, 1000);

	ck_assert_msg(strcmp(a, b) == 0, "two drawings of one execution differ");
	ck_assert_uint_gt(strlen(a), 1000);
}
END_TEST

START_TEST(run_shows_what_matters)
{
	g_autofree char *svg = draw_flagship(GV_SVG, (DrawOptions){0}, 0);
	static const char *const words[] = {"grp3&#45;link&#45;write",
					    "m2, m1, lead, w: all ok",
					    "CQ of r",
					    "io&#45;wq of P0",
					    "issue lead",
					    "critical path",
					    "returns 4"};

	for (int i = 0; i < T_LEN(words); i++)
		ck_assert_msg(strstr(svg, words[i]) != NULL, "no '%s'", words[i]);
	ck_assert_ptr_null(strstr(svg, "queued as task work: submit<"));
}
END_TEST

START_TEST(legend_can_be_left_out)
{
	g_autofree char *svg = draw_flagship(GV_SVG, (DrawOptions){.no_legend = true}, 0);

	ck_assert_ptr_null(strstr(svg, "critical path"));
}
END_TEST

START_TEST(png_and_pdf_are_made)
{
	static const GvFormat formats[] = {GV_PNG, GV_PDF};
	static const char *const magic[] = {"\x89PNG", "%PDF"};
	g_autofree char *data = draw_flagship(formats[_i], (DrawOptions){0}, 0);

	ck_assert(g_str_has_prefix(data, magic[_i]));
}
END_TEST

START_TEST(large_run_is_refused)
{
	const DrawOptions options = {.nodes_max = 10};
	g_autoptr(TraceNames) names = t_flagship_names();
	g_autoptr(TraceRecord) rec =
		t_record(names, flagship, (uint32_t)T_LEN(flagship), 0);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(run_draw(rec, NULL, &options, &error));
	ck_assert(g_error_matches(error, GV_ERROR, GV_ERROR_SIZE));
	ck_assert_str_eq(
		error->message,
		"this execution has 17 events to draw, more than --max-nodes 10");
}
END_TEST

START_TEST(group_is_a_box)
{
	const uint32_t flags[] = {G | L, G, 0, 0};
	g_autoptr(Deps) deps = deps_of(flags, "0000", true);
	g_autofree char *dot = rendered(deps_draw(deps, &(DrawOptions){0}, NULL), GV_DOT);
	g_autofree char *again =
		rendered(deps_draw(deps, &(DrawOptions){0}, NULL), GV_DOT);

	ck_assert_ptr_nonnull(strstr(dot, "subgraph cluster_group0"));
	ck_assert_ptr_nonnull(strstr(dot, "ltail=cluster_group0"));
	ck_assert_ptr_nonnull(strstr(dot, "all done: CQE a"));
	ck_assert_msg(strcmp(dot, again) == 0, "two drawings differ");
}
END_TEST

START_TEST(large_submission_is_refused)
{
	const uint32_t flags[] = {0, 0};
	const DrawOptions options = {.nodes_max = 1};
	g_autoptr(Deps) deps = deps_of(flags, "00", true);
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(deps_draw(deps, &options, &error));
	ck_assert(g_error_matches(error, GV_ERROR, GV_ERROR_SIZE));
}
END_TEST

/* --- states: two steps in either order, then the end ---------------------------------
 */

static void toy_action(const void *self, SimAction action, char *buf, size_t len)
{
	(void)self;
	g_snprintf(buf, (gulong)len, "step %u", action.kind);
}

static void toy_label(const void *self, uint64_t label, char *buf, size_t len)
{
	(void)self;
	g_snprintf(buf, (gulong)len, "seen %u", (unsigned)label);
}

static SimEdge toy_edges[] = {
	{.from = 0, .to = 1, .action = {.kind = 1}},
	{.from = 0, .to = 2, .action = {.kind = 2}, .first_label = 0, .labels_n = 1},
	{.from = 1, .to = 3, .action = {.kind = 2}, .first_label = 0, .labels_n = 1},
	{.from = 2, .to = 3, .action = {.kind = 1}},
	{.from = 3, .to = SIM_STATE_END},
};
static uint64_t toy_labels[] = {7};

static Gv *draw_toy(uint32_t nodes_max, GError **error)
{
	const SimModel model = {.action_text = toy_action, .label_text = toy_label};
	const DrawOptions options = {.nodes_max = nodes_max};
	SimExploration x = {.complete = true,
			    .total = {.states = 4, .finals = 1},
			    .edges = toy_edges,
			    .edges_n = G_N_ELEMENTS(toy_edges),
			    .labels = toy_labels,
			    .labels_n = 1};

	return states_draw(&model, &x, "toy", NULL, &options, error);
}

START_TEST(states_are_drawn)
{
	g_autofree char *dot = rendered(draw_toy(0, NULL), GV_DOT);

	ck_assert_ptr_nonnull(strstr(dot, "doublecircle"));
	ck_assert_ptr_nonnull(strstr(dot, "seen 7"));
	ck_assert_ptr_nonnull(strstr(dot, "s2 -> s3"));
	/* Nothing is decided in state 1, and nobody sees the way there. */
	ck_assert_ptr_nonnull(strstr(dot, "s0 -> s3"));
	ck_assert_ptr_nonnull(strstr(dot, "+ 1 more"));
}
END_TEST

START_TEST(many_states_are_refused)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(draw_toy(2, &error));
	ck_assert(g_str_has_prefix(error->message,
				   "3 states to draw, more than --max-nodes 2"));
}
END_TEST

START_TEST(unknown_format_is_an_error)
{
	g_autoptr(GError) error = NULL;
	GvFormat format;

	ck_assert(!gv_format_of("picture.gif", &format, &error));
	ck_assert_str_eq(error->message,
			 "picture.gif: a picture ends in .svg, .png, .pdf or .dot");
	ck_assert(gv_format_of("a.b/c.SVG", &format, NULL));
	ck_assert_int_eq(format, GV_SVG);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("draw");
	TCase *tc = tcase_create("plans");

	tcase_add_loop_test(tc, plan_row, 0, T_LEN(plans));
	suite_add_tcase(suite, tc);
	tc = tcase_create("pictures");
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, run_is_stable, 0, T_LEN(text_formats));
	tcase_add_test(tc, run_shows_what_matters);
	tcase_add_test(tc, legend_can_be_left_out);
	tcase_add_loop_test(tc, png_and_pdf_are_made, 0, 2);
	tcase_add_test(tc, large_run_is_refused);
	tcase_add_test(tc, group_is_a_box);
	tcase_add_test(tc, large_submission_is_refused);
	tcase_add_test(tc, states_are_drawn);
	tcase_add_test(tc, many_states_are_refused);
	tcase_add_test(tc, unknown_format_is_an_error);
	suite_add_tcase(suite, tc);
	return suite;
}
