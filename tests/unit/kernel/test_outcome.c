/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_outcome.c - lines of the agent as labels
 *
 * Goal:   labels in the order that the automaton has them; what is no outcome is refused.
 * Method: labels are built by hand with label_make().
 */
#include "kernel/compare/outcome.h"

#include "model/events/events.h"
#include "tests/support/t_main.h"

static KernelOutcome *parse(const char *text, GError **error)
{
	g_autoptr(JsonNode) node = json_from_string(text, error);

	ck_assert_msg(node != NULL, "%s: no JSON", text);
	return kernel_outcome_parse(json_node_get_object(node), error);
}

START_TEST(one_ring)
{
	g_autoptr(KernelOutcome) o =
		parse("{\"cq\":[[[2,-125,0],[1,8,2]]],\"ovf\":[1],"
		      "\"ret\":[[2,1,8],[1,3,-22]],\"hang\":[[1,4]]}",
		      NULL);
	const uint64_t want[] = {
		label_make(LABEL_CQE, 1, 2, 0, -125), label_make(LABEL_CQE, 1, 1, 2, 8),
		label_make(LABEL_RET, 1, 3, 0, -22),  label_make(LABEL_HANG, 1, 4, 0, 0),
		label_make(LABEL_RET, 2, 1, 0, 8),
	};
	g_autofree uint64_t *labels = NULL;
	uint32_t n;

	ck_assert_ptr_nonnull(o);
	ck_assert(o->rings[0].overflown);
	labels = kernel_outcome_labels(o, &n);
	ck_assert_uint_eq(n, T_LEN(want));
	for (uint32_t i = 0; i < n; i++)
		ck_assert_msg(labels[i] == want[i], "label %u", i);
}
END_TEST

START_TEST(rings_are_kept_apart)
{
	g_autoptr(KernelOutcome) o = parse("{\"cq\":[[],[[3,0,0]]],\"ovf\":[0,0],"
					   "\"ret\":[],\"hang\":[]}",
					   NULL);

	ck_assert_ptr_nonnull(o);
	ck_assert_uint_eq(o->rings_n, 2);
	ck_assert_uint_eq(o->rings[0].n, 0);
	ck_assert_uint_eq(o->rings[1].n, 1);
	ck_assert(o->rings[1].labels[0] == label_make(LABEL_CQE, 2, 3, 0, 0));
}
END_TEST

START_TEST(releases_have_places)
{
	g_autoptr(KernelOutcome) o =
		parse("{\"cq\":[[[1,0,0],[2,0,0]],[]],\"ovf\":[0,0],\"ret\":[[1,1,0]],"
		      "\"hang\":[],\"rel\":[[1,1,7],[1,1,8],[2,-1,9],[1,2,7]],"
		      "\"refs\":[[7,2]]}",
		      NULL);
	const uint64_t want[] = {
		label_make(LABEL_CQE, 1, 1, 0, 0),
		label_make(LABEL_RELEASE, 1, 7, 0, 0),
		label_make(LABEL_RELEASE, 1, 8, 0, 0),
		label_make(LABEL_CQE, 1, 2, 0, 0),
		label_make(LABEL_RELEASE, 1, 7, 0, 0),
		label_make(LABEL_RELEASE, 2, 9, 0, 0),
		label_make(LABEL_RET, 1, 1, 0, 0),
		label_make(LABEL_REFS, 0, 7, 0, 2),
	};
	g_autofree uint64_t *labels = NULL;
	uint32_t n;

	ck_assert_ptr_nonnull(o);
	ck_assert(o->watched && o->counted);
	labels = kernel_outcome_labels(o, &n);
	ck_assert_uint_eq(n, T_LEN(want));
	for (uint32_t i = 0; i < n; i++)
		ck_assert_msg(labels[i] == want[i], "label %u", i);
}
END_TEST

START_TEST(nobody_watched)
{
	g_autoptr(KernelOutcome) o =
		parse("{\"cq\":[[]],\"ovf\":[0],\"ret\":[],\"hang\":[]}", NULL);

	ck_assert_ptr_nonnull(o);
	ck_assert(!o->watched && !o->counted);
}
END_TEST

static const char *const refused[] = {
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[],\"hang\":[],\"rel\":5}",
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[],\"hang\":[],\"rel\":[[2,0,1]]}",
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[],\"hang\":[],\"rel\":[[1,1,1]]}",
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[],\"hang\":[],\"rel\":[[1,0,0]]}",
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[],\"hang\":[],\"refs\":[[1,0]]}",
	"{}",
	"{\"cq\":[],\"ovf\":[],\"ret\":[]}",
	"{\"cq\":[5],\"ovf\":[0],\"ret\":[],\"hang\":[]}",
	"{\"cq\":[[[1,0]]],\"ovf\":[0],\"ret\":[],\"hang\":[]}",
	"{\"cq\":[[[1,\"0\",0]]],\"ovf\":[0],\"ret\":[],\"hang\":[]}",
	"{\"cq\":[[[70000,0,0]]],\"ovf\":[0],\"ret\":[],\"hang\":[]}",
	"{\"cq\":[[[1,4294967296,0]]],\"ovf\":[0],\"ret\":[],\"hang\":[]}",
	"{\"cq\":[[]],\"ovf\":[],\"ret\":[],\"hang\":[]}",
	"{\"cq\":[[]],\"ovf\":[2],\"ret\":[],\"hang\":[]}",
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[[0,1,0]],\"hang\":[]}",
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[[1,1]],\"hang\":[]}",
	"{\"cq\":[[]],\"ovf\":[0],\"ret\":[],\"hang\":[7]}",
};

START_TEST(refused_row)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(KernelOutcome) o = parse(refused[_i], &error);

	ck_assert_msg(!o, "accepted: %s", refused[_i]);
	ck_assert_msg(error != NULL, "no reason: %s", refused[_i]);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("kernel_outcome");
	TCase *tc = tcase_create("labels");

	tcase_add_test(tc, one_ring);
	tcase_add_test(tc, rings_are_kept_apart);
	tcase_add_test(tc, releases_have_places);
	tcase_add_test(tc, nobody_watched);
	tcase_add_loop_test(tc, refused_row, 0, T_LEN(refused));
	suite_add_tcase(suite, tc);
	return suite;
}
