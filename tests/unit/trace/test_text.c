/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_text.c - logs and summaries, byte for byte
 *
 * Goal:   the three looks of a log (text, ftrace, JSON lines) are exactly what
 *         docs/trace-format.md promises, and equal executions give equal bytes.
 * Method: a short execution by hand; the expected text is written out.
 */
#include "trace/text.h"

#include <string.h>

#include "tests/support/t_main.h"
#include "tests/unit/trace/t_record.h"
#include "trace/ftrace.h"
#include "trace/json.h"

static const Row shorty[] = {
	{0, P0, EV_SUBMIT_REQ, 1, 0, 0, ABI_SQE_IO_LINK, 0, 0},
	{0, P0, EV_SUBMIT_REQ, 2, 0, 0, 0, 0, 0},
	{0, P0, EV_LINK, 2, 1, 0, 0, 0, 0},
	{0, P0, EV_CQE, 1, 0, -ABI_EIO, 0, 0, 0},
	{0, P0, EV_FAIL_LINK, 1, 2, 0, 0, 0, RULE_L_5},
	{12, WQ, EV_CQE, 2, 0, -ABI_ECANCELED, 0, 0, 0},
};

static TraceNames *shorty_names(void)
{
	static const char *const labels[] = {"a", "b"};
	TraceNames *names = t_names("shorty", labels, 2, 0);

	names->reqs[1].flags = ABI_SQE_IO_LINK;
	names->reqs[1].op = ABI_OP_READ;
	names->reqs[2].user_data = 0xbeef;
	return names;
}

START_TEST(text_without_clock)
{
	g_autoptr(TraceNames) names = shorty_names();
	g_autoptr(TraceRecord) rec = t_record(names, shorty, T_LEN(shorty), 0);
	g_autofree char *got = trace_text(rec);

	ck_assert_str_eq(got,
			 "step  actor       event                                 rule\n"
			 "   0  P0          a accepted, flags IO_LINK\n"
			 "   0  P0          b accepted, flags 0\n"
			 "   0  P0          b linked behind a\n"
			 "   0  P0          CQE a: -EIO\n"
			 "   0  P0          a fails, so b behind it is cancelled  L-5\n"
			 "  12  iou-wrk P0  CQE b: -ECANCELED\n");
}
END_TEST

START_TEST(text_with_clock)
{
	g_autoptr(TraceNames) names = shorty_names();
	g_autoptr(TraceRecord) rec = t_record(names, shorty, T_LEN(shorty), 1034);
	g_autofree char *got = trace_text(rec);

	ck_assert(g_str_has_prefix(got, "time/us  actor"));
	ck_assert_ptr_nonnull(strstr(got, "\n  0.000  P0          a accepted"));
	ck_assert_ptr_nonnull(strstr(got, "\n 12.408  iou-wrk P0  CQE b: -ECANCELED\n"));
}
END_TEST

START_TEST(ftrace_look)
{
	static const char head0[] = "              P0-1001    [000] .....     0.000000: ";
	static const char head12[] =
		"      iou-wrk-P0-1002    [000] .....     0.000012: ";
	g_autoptr(TraceNames) names = shorty_names();
	g_autoptr(TraceRecord) rec = t_record(names, shorty, T_LEN(shorty), 0);
	g_autofree char *got = trace_ftrace(rec, false);
	g_autofree char *want = g_strdup_printf(
		"# tracer: nop\n#\n"
		"%sio_uring_submit_req: ring 00000000c0000100, req 00000000e0000100, "
		"user_data 0x1, opcode READ, flags 0x4, sq_thread 0\n"
		"%sio_uring_submit_req: ring 00000000c0000100, req 00000000e0000200, "
		"user_data 0xbeef, opcode NOP, flags 0x0, sq_thread 0\n"
		"%sio_uring_link: ring 00000000c0000100, request 00000000e0000200 linked "
		"after 00000000e0000100\n"
		"%sio_uring_complete: ring 00000000c0000100, req 00000000e0000100, "
		"user_data 0x1, result -5, cflags 0x0 extra1 0 extra2 0 \n"
		"%sio_uring_fail_link: ring 00000000c0000100, request 00000000e0000100, "
		"user_data 0x1, opcode READ, link 00000000e0000200\n"
		"%sio_uring_complete: ring 00000000c0000100, req 00000000e0000200, "
		"user_data 0xbeef, result -125, cflags 0x0 extra1 0 extra2 0 \n",
		head0, head0, head0, head0, head0, head12);

	ck_assert_str_eq(got, want);
}
END_TEST

START_TEST(json_lines)
{
	g_autoptr(TraceNames) names = shorty_names();
	g_autoptr(TraceRecord) rec = t_record(names, shorty, T_LEN(shorty), 0);
	g_autofree char *got = trace_json(rec);
	g_auto(GStrv) lines = g_strsplit(got, "\n", -1);

	ck_assert_uint_eq(g_strv_length(lines), 8); /* head, six events, "" */
	ck_assert_str_eq(
		lines[0],
		"{\"uringlab_trace\":1,\"scenario\":\"shorty\",\"profile\":\"\","
		"\"timed\":false,\"outcome\":\"a (-EIO), b (-ECANCELED)\",\"sqes\":["
		"{\"req\":\"a\",\"op\":\"read\",\"flags\":[\"IO_LINK\"],\"user_data\":1,"
		"\"len\":0,\"ring\":\"r\",\"task\":\"P0\"},"
		"{\"req\":\"b\",\"op\":\"nop\",\"flags\":[],\"user_data\":48879,"
		"\"len\":0,\"ring\":\"r\",\"task\":\"P0\"}]}");
	ck_assert_str_eq(lines[4],
			 "{\"step\":0,\"actor\":\"P0\",\"event\":\"complete\","
			 "\"ring\":\"r\",\"req\":\"a\",\"res\":-5,\"cqe_flags\":0,"
			 "\"seen\":true,\"text\":\"CQE a: -EIO\"}");
	ck_assert_str_eq(lines[5],
			 "{\"step\":0,\"actor\":\"P0\",\"event\":\"fail_link\","
			 "\"ring\":\"r\",\"req\":\"a\",\"other\":\"b\",\"rule\":\"L-5\","
			 "\"text\":\"a fails, so b behind it is cancelled\"}");
}
END_TEST

/* Every kind of event has a text, a line of JSON and, maybe, one of ftrace. */
START_TEST(every_kind_has_a_text)
{
	const Row row = {.kind = (uint16_t)_i, .actor = P0, .obj = 1, .obj2 = 2, .a = 1};
	g_autoptr(TraceNames) names = shorty_names();
	g_autoptr(TraceRecord) rec = t_record(names, &row, 1, 0);
	g_autofree char *text = trace_text(rec), *json = trace_json(rec);
	g_autofree char *ftrace = trace_ftrace(rec, true);

	ck_assert_ptr_null(strchr(text, '%'));
	ck_assert_ptr_nonnull(strstr(json, event_name((EventKind)_i)));
	ck_assert_ptr_nonnull(strstr(ftrace, ": "));
}
END_TEST

static const struct {
	const char *name;
	Row rows[3];
	int n;
	const char *want;
} summaries[] = {
	{"all ok",
	 {{0, P0, EV_CQE, 2, 0, 0, 0, 0, 0}, {1, P0, EV_CQE, 1, 0, 0, 0, 0, 0}},
	 2,
	 "b, a: all ok"},
	{"one fails",
	 {{0, P0, EV_CQE, 1, 0, -5, 0, 0, 0}, {1, P0, EV_CQE, 2, 0, 0, 0, 0, 0}},
	 2,
	 "a (-EIO), b"},
	{"hang",
	 {{0, P0, EV_CQE, 1, 0, 0, 0, 0, 0}, {1, P0, EV_HANG, 3, 0, 0, 0, 0, 0}},
	 2,
	 "a: all ok; P0 hangs in statement 3"},
	{"nothing", {{0, P0, EV_SQE, 1, 0, 0, 0, 0, 0}}, 1, "no CQE"},
};

START_TEST(summary_row)
{
	g_autoptr(TraceNames) names = shorty_names();
	g_autoptr(TraceRecord) rec =
		t_record(names, summaries[_i].rows, (uint32_t)summaries[_i].n, 0);
	g_autofree char *got = trace_summary(rec);

	ck_assert_msg(g_str_equal(got, summaries[_i].want), "%s: '%s', want '%s'",
		      summaries[_i].name, got, summaries[_i].want);
}
END_TEST

static const struct {
	int64_t res;
	const char *want;
} results[] = {
	{0, "0"},       {-5, "-EIO"},   {1023, "1023"},   {1024, "1K"},
	{1025, "1025"}, {65536, "64K"}, {-4096, "-4096"}, {-125, "-ECANCELED"},
};

START_TEST(result_row)
{
	g_autoptr(GString) got = g_string_new(NULL);

	trace_add_res(results[_i].res, got);
	ck_assert_str_eq(got->str, results[_i].want);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("text");
	TCase *tc = tcase_create("logs");

	tcase_add_test(tc, text_without_clock);
	tcase_add_test(tc, text_with_clock);
	tcase_add_test(tc, ftrace_look);
	tcase_add_test(tc, json_lines);
	tcase_add_loop_test(tc, every_kind_has_a_text, EV_NONE + 1, EV_COUNT_);
	tcase_add_loop_test(tc, summary_row, 0, T_LEN(summaries));
	tcase_add_loop_test(tc, result_row, 0, T_LEN(results));
	suite_add_tcase(suite, tc);
	return suite;
}
