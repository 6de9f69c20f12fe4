/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cause.c - what had to precede what, on executions written by hand
 *
 * Goal:   every kind of cause is derived where it should be, and accidents of a schedule
 *         are not taken for causes.
 * Method: arrows of the reduced view are printed as "event req -> event req (kind)", a
 *         star on the critical path, and compared with text written by hand.
 */
#include "trace/cause.h"

#include <string.h>

#include "tests/support/t_main.h"
#include "tests/unit/trace/t_record.h"

static void add_node(const Cause *cause, uint32_t node, GString *out)
{
	const SimEvent *ev = &cause_event(cause, node)->ev;

	g_string_append(out, event_name(ev->kind));
	if (event_who(ev->kind) == EVENT_WHO_REQ) {
		g_string_append_c(out, ' ');
		trace_add_req(cause->rec->names, ev->obj, out);
	}
}

static char *arrows_text(const TraceRecord *rec, bool all)
{
	g_autoptr(Cause) cause = cause_derive(rec);
	g_autofree bool *keep = cause_visible(cause, all);
	g_autoptr(Dag) dag = cause_arrows(cause, keep, all);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < dag->edges->len; i++) {
		const DagEdge *e = dag_edge(dag, i);

		add_node(cause, e->from, out);
		g_string_append(out, " -> ");
		add_node(cause, e->to, out);
		g_string_append_printf(out, " (%s)%s\n", cause_kind_name(e->kind),
				       e->critical ? " *" : "");
	}
	return g_string_free(out, FALSE);
}

static void expect(TraceNames *names, const Row *rows, uint32_t n, const char *want)
{
	g_autoptr(TraceNames) owned = names;
	g_autoptr(TraceRecord) rec = t_record(owned, rows, n, 0);
	g_autofree char *got = arrows_text(rec, false);

	ck_assert_str_eq(got, want);
}

START_TEST(flagship_arrows)
{
	expect(t_flagship_names(), flagship, (uint32_t)T_LEN(flagship),
	       "enter -> issue lead (program order) *\n"
	       "issue lead -> result lead (task work) *\n"
	       "result lead -> issue m1 (group)\n"
	       "result lead -> issue m2 (group) *\n"
	       "issue m1 -> wq_pick m1 (io-wq)\n"
	       "issue m2 -> wq_pick m2 (io-wq) *\n"
	       "wq_pick m1 -> result m1 (same request)\n"
	       "wq_pick m2 -> result m2 (same request) *\n"
	       "result m2 -> complete m2 (task work) *\n"
	       "result m1 -> complete m1 (task work)\n"
	       "complete m2 -> complete lead (group) *\n"
	       "complete m1 -> complete lead (group)\n"
	       "complete lead -> issue w (link) *\n"
	       "issue w -> wq_pick w (io-wq) *\n"
	       "wq_pick w -> result w (same request) *\n"
	       "result w -> complete w (task work) *\n"
	       "complete w -> ret (CQ) *\n");
}
END_TEST

/* Bytes come in two portions; the read needs both, the linked nop needs the read. */
START_TEST(pipe_wakes_reader)
{
	static const char *const labels[] = {"a", "n"};
	static const Row rows[] = {
		{0, P0, EV_ENTER, 0, 0, 2, 0, 0, 0},
		{0, P0, EV_ISSUE, 1, 0, 0, 0, 0, 0},
		{0, P0, EV_POLL_ARM, 1, 0, 0, 0, 1, 0},
		{1, P0, EV_FEED, 0, 0, 2, 0, 1, 0},
		{1, P0, EV_POLL_WAKE, 1, 0, 0, 0, 1, 0},
		{2, P0, EV_FEED, 0, 0, 2, 0, 1, 0},
		{3, P0, EV_TW_BEGIN, 0, 0, 1, 0, 0, 0},
		{3, P0, EV_TW_ITEM, 1, 0, TW_SUBMIT, 0, 0, 0},
		{3, P0, EV_ISSUE, 1, 0, 0, 0, 0, 0},
		{3, P0, EV_COMPLETE, 1, 0, 4, 0, 0, 0},
		{3, P0, EV_CQE, 1, 0, 4, 0, 0, 0},
		{3, P0, EV_START_NEXT, 2, 1, 0, 0, 0, 0},
		{3, P0, EV_ISSUE, 2, 0, 0, 0, 0, 0},
		{3, P0, EV_COMPLETE, 2, 0, 0, 0, 0, 0},
		{3, P0, EV_CQE, 2, 0, 0, 0, 0, 0},
	};
	TraceNames *names = t_names("pipe", labels, 2, 1);

	names->reqs[1].op = ABI_OP_READ;
	names->reqs[1].pipe = 1;
	expect(names, rows, T_LEN(rows),
	       "enter -> issue a (program order) *\n"
	       "enter -> feed (program order)\n"
	       "issue a -> poll_arm a (same request) *\n"
	       "poll_arm a -> task_add a (same request) *\n"
	       "feed -> task_add a (pipe)\n"
	       "feed -> feed (program order)\n"
	       "task_add a -> issue a (task work) *\n"
	       "feed -> issue a (program order)\n"
	       "issue a -> complete a (same request) *\n"
	       "complete a -> issue n (link) *\n"
	       "issue n -> complete n (same request) *\n");
}
END_TEST

START_TEST(failure_reaches_the_tail)
{
	static const char *const labels[] = {"a", "b", "c"};
	static const Row rows[] = {
		{0, P0, EV_ENTER, 0, 0, 3, 0, 0, 0},
		{0, P0, EV_ISSUE, 1, 0, 0, 0, 0, 0},
		{0, P0, EV_COMPLETE, 1, 0, -ABI_EIO, 0, 0, 0},
		{0, P0, EV_CQE, 1, 0, -ABI_EIO, 0, 0, 0},
		{0, P0, EV_FAIL_LINK, 1, 2, 0, 0, 0, 0},
		{0, P0, EV_FAIL_LINK, 1, 3, 0, 0, 0, 0},
		{1, P0, EV_CQE, 2, 0, -ABI_ECANCELED, 0, 0, 0},
		{1, P0, EV_CQE, 3, 0, -ABI_ECANCELED, 0, 0, 0},
	};

	expect(t_names("fail", labels, 3, 0), rows, T_LEN(rows),
	       "enter -> issue a (program order) *\n"
	       "issue a -> complete a (same request) *\n"
	       "complete a -> fail_link a (link) *\n"
	       "complete a -> fail_link a (link)\n"
	       "fail_link a -> complete b (link) *\n"
	       "fail_link a -> complete c (link)\n");
}
END_TEST

START_TEST(overflow_waits_for_room)
{
	static const char *const labels[] = {"a", "b"};
	static const Row rows[] = {
		{0, P0, EV_ENTER, 0, 0, 2, 0, 0, 0},
		{0, P0, EV_SUBMIT_START, 0, 0, 2, 0, 0, 0},
		{0, P0, EV_ISSUE, 1, 0, 0, 0, 0, 0},
		{0, P0, EV_CQE, 1, 0, 0, 0, 0, 0},
		{0, P0, EV_ISSUE, 2, 0, 0, 0, 0, 0},
		{0, P0, EV_OVERFLOW, 2, 0, 0, 0, 0, 0},
		{1, P0, EV_REAP, 0, 0, 1, 0, 0, 0},
		{2, P0, EV_ENTER, 0, 0, 0, 0, 0, 0},
		{2, P0, EV_OVERFLOW_FLUSH, 0, 0, 1, 0, 0, 0},
		{2, P0, EV_CQE, 2, 0, 0, 0, 0, 0},
		{3, P0, EV_REAP, 0, 0, 1, 0, 0, 0},
	};

	expect(t_names("overflow", labels, 2, 0), rows, T_LEN(rows),
	       "enter -> issue a (program order) *\n"
	       "issue a -> complete a (same request) *\n"
	       "issue a -> issue b (program order)\n"
	       "complete a -> reap (CQ) *\n"
	       "issue b -> cqe_overflow b (same request)\n"
	       "cqe_overflow b -> complete b (same request)\n"
	       "reap -> enter (program order) *\n"
	       "enter -> complete b (CQ) *\n"
	       "complete b -> reap (CQ) *\n");
}
END_TEST

/* Two workers and the order of two CQEs are accidents: no arrow between a and b. */
START_TEST(accidents_are_no_causes)
{
	static const char *const labels[] = {"a", "b"};
	static const Row rows[] = {
		{0, P0, EV_ENTER, 0, 0, 2, 0, 0, 0},
		{0, P0, EV_PUNT, 1, 0, 0, 0, 0, 0},
		{0, P0, EV_PUNT, 2, 0, 0, 0, 0, 0},
		{1, WQ, EV_WQ_PICK, 1, 0, 0, 0, 0, 0},
		{2, WQ, EV_WQ_PICK, 2, 0, 0, 0, 0, 0},
		{3, WQ, EV_CQE, 1, 0, 0, 0, 0, 0},
		{4, WQ, EV_CQE, 2, 0, 0, 0, 0, 0},
	};
	static const char *const lines[] = {"wq_pick a -> complete a",
					    "wq_pick b -> complete b"};
	g_autoptr(TraceNames) names = t_names("two", labels, 2, 0);
	g_autoptr(TraceRecord) rec = t_record(names, rows, T_LEN(rows), 0);
	g_autofree char *got = arrows_text(rec, false);

	for (int i = 0; i < T_LEN(lines); i++)
		ck_assert_ptr_nonnull(strstr(got, lines[i]));
	ck_assert_ptr_null(strstr(got, "wq_pick a -> wq_pick b"));
	ck_assert_ptr_null(strstr(got, "complete a -> complete b"));
	ck_assert_ptr_null(strstr(got, "complete a -> wq_pick b"));
}
END_TEST

/* The result of an enter is logged at the end, but stands before the next statement. */
START_TEST(results_go_where_they_returned)
{
	static const char *const labels[] = {"a"};
	static const Row rows[] = {
		{0, P0, EV_SQE, 1, 0, 0, 0, 0, 0},
		{1, P0, EV_ENTER, 0, 0, 1, 0, 0, 0},
		{1, P0, EV_SUBMIT_START, 0, 0, 1, 0, 0, 0},
		{1, P0, EV_ISSUE, 1, 0, 0, 0, 0, 0},
		{1, P0, EV_CQE, 1, 0, 0, 0, 0, 0},
		{2, P0, EV_FEED, 0, 0, 2, 0, 1, 0},
		{3, P0, EV_RET, 2, 0, 1, 0, 0, 0},
		{3, P0, EV_RET, 3, 0, 2, 0, 0, 0},
	};
	TraceNames *names = t_names("order", labels, 1, 1);

	trace_names_stmts(names, 1, 3);
	names->tasks[1].stmts[1] = (TraceStmt){.event = EV_SQE};
	names->tasks[1].stmts[2] = (TraceStmt){.event = EV_ENTER, .wait = 1, .ring = 1};
	names->tasks[1].stmts[3] = (TraceStmt){.event = EV_FEED};
	expect(names, rows, T_LEN(rows),
	       "enter -> issue a (program order) *\n"
	       "issue a -> complete a (same request) *\n"
	       "complete a -> ret (CQ) *\n"
	       "ret -> feed (program order) *\n");
}
END_TEST

/* A log of a kernel may hold numbers that no table has. */
START_TEST(strange_numbers_are_survived)
{
	static const char *const labels[] = {"a"};
	static const Row rows[] = {
		{0, 9, EV_ENTER, 0, 0, 1, 0, 0, 0},
		{0, 9, EV_ISSUE, 77, 0, 0, 0, 0, 0},
		{1, 9, EV_POLL_WAKE, 77, 0, 0, 0, 55, 0},
		{1, 9, EV_START_NEXT, 3, 99, 0, 0, 0, 0},
		{2, 9, EV_RET, 4, 0, 0, 0, 0, 0},
	};
	g_autoptr(TraceNames) names = t_names("odd", labels, 1, 0);
	g_autoptr(TraceRecord) rec = t_record(names, rows, T_LEN(rows), 0);
	g_autofree char *some = arrows_text(rec, false), *all = arrows_text(rec, true);

	ck_assert_ptr_nonnull(strstr(all, "?77"));
	ck_assert_ptr_nonnull(some);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("cause");
	TCase *tc = tcase_create("causes");

	tcase_add_test(tc, flagship_arrows);
	tcase_add_test(tc, pipe_wakes_reader);
	tcase_add_test(tc, failure_reaches_the_tail);
	tcase_add_test(tc, overflow_waits_for_room);
	tcase_add_test(tc, accidents_are_no_causes);
	tcase_add_test(tc, results_go_where_they_returned);
	tcase_add_test(tc, strange_numbers_are_survived);
	suite_add_tcase(suite, tc);
	return suite;
}
