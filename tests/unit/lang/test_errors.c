/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_errors.c - what is said about bad scenarios, word for word
 *
 * Goal:   every message of the language stands here with its place; a file with several
 *         mistakes gets all of them in one pass, and nothing that only follows from one.
 * Method: snippets behind a head of four lines, and the exact list of messages.
 */
#include <string.h>

#include "scenarios/lang/scenario.h"
#include "tests/support/t_main.h"
#include "tests/unit/lang/t_said.h"

static char *load_and_say(const char *text, const ScnDefine *d, uint32_t n)
{
	g_autoptr(ScnSource) src = scn_source_new("t.uring", text, strlen(text));
	g_autoptr(ScnScenario) s = scn_load(src, d, n, 0);

	ck_assert((s == NULL) == (src->errors > 0));
	return said(src);
}

/* Lines 1 to 4, then the snippet from line 5 on. */
#define HEAD                                                                             \
	"uring \"t\"\nring r entries=8\nfile f size=4K; file g[2] size=4K\nbuf b "       \
	"size=4K\n"
#define TASK HEAD "task P { a: nop; e: enter r"

static const struct {
	const char *text, *want;
} bodies[] = {
	/* Line 6 on, inside of a task that has `a: nop` and `e: enter r`. */
	/* clang-format off */
	{"raed f b", "6:1: no statement starts with 'raed'; did you mean read?"},
	{"xyzzy", "6:1: no statement starts with 'xyzzy'"},
	{"read f", "6:1: read needs a buffer or a number as operand 2"},
	{"read f r", "6:8: 'r' is a ring; read takes a buffer or a number here"},
	{"read b b", "6:6: 'b' is a buffer; read takes a file, a pipe, a socket, an SQE, "
		     "a number, a ublk device or a disk here"},
	{"read f b b", "6:10: read takes no operand here"},
	{"read h b", "6:6: nothing is called 'h'"},
	{"read gg b", "6:6: nothing is called 'gg'"},
	{"read g b", "6:6: 'g' is a row of 2; say which one: g[0]"},
	{"read g[2] b", "6:6: 'g[2]' does not exist; 'g' ends at g[1]"},
	{"read g[-1] b", "6:8: index -1 is negative"},
	{"read f[0] b", "6:6: 'f' is a file and takes no index"},
	{"nop len=4", "6:5: 'nop' takes no len=, but inject, ioprio, user_data, ring, flags, mode"},
	{"read f b lem=4", "6:10: 'read' takes no lem=, but len, off, ioprio, user_data, ring, "
			   "flags, tag; did you mean len?"},
	{"exit len=4", "6:6: 'exit' takes no len=, but no keys"},
	{"nop ioprio=1 ioprio=2", "6:14: a second ioprio="},
	{"z: nop ioprio=z", "6:15: 'z' is the label of this very line, not a number"},
	{"z: close_fd z", "6:13: 'z' is the label of this very line; close_fd takes a file, a "
			  "pipe, a ring, an SQE or a number here"},
	{"nop ioprio=65536", "6:12: ioprio=65536 is out of range; 0 .. 65535 fits"},
	{"nop flags=IO_LNIK", "6:11: unknown flag 'IO_LNIK'; did you mean IO_LINK?"},
	{"nop flags=io_link", "6:11: unknown flag 'io_link'; did you mean IO_LINK?"},
	{"nop flags=GETEVENTS", "6:11: 'GETEVENTS' is a flag of enter, not of an SQE"},
	{"nop flags=IORING_SETUP_SQPOLL", "6:11: 'IORING_SETUP_SQPOLL' is a flag of a ring, "
					  "not of an SQE"},
	{"nop flags=0x100", "6:11: 0x100 does not fit in the 8 bits of sqe->flags"},
	{"nop inject=IO_LINK", "6:12: 'IO_LINK' is a flag; flags stand behind flags="},
	{"nop user_data=1/0", "6:16: division by zero"},
	{"nop user_data=1%(2-2)", "6:16: division by zero"},
	{"nop user_data=9223372036854775807+1", "6:34: the result does not fit in 64 bits"},
	{"nop user_data=9223372036854775808", "6:15: '9223372036854775808' does not fit in 64 bits"},
	{"nop user_data=9007199254740993M", "6:15: '9007199254740993M' does not fit in 64 bits"},
	{"nop user_data=64Q", "6:15: '64Q' is not a number; suffixes are K, M, G and ns, us, ms, s"},
	{"nop user_data=0x", "6:15: '0x' is not a number; suffixes are K, M, G and ns, us, ms, s"},
	{"nop user_data=f", "6:15: 'f' is a file, not a number"},
	{"nop user_data=a<1", "6:16: '<' makes a condition; a number is needed here"},
	{"nop user_data=!1", "6:15: '!' makes a condition; a number is needed here"},
	{"nop user_data=a.res", "6:15: .res is known only while a scenario runs; a number is "
				"needed here"},
	{"nop user_data=...", "6:15: '...' stands only behind '= '; a number is needed here"},
	{"nop user_data=g[0]", "6:15: 'g[..]' is not a number"},
	{"nop user_data=[a]", "6:15: a number is needed here"},
	{"nop ring=f", "6:10: 'f' is a file, not a ring"},
	{"nop ring=4", "6:10: ring= takes the name of a ring"},
	{"nop = short", "6:7: nop has no length that could be short"},
	{"nop = hang", "6:7: only a system call can hang; of an SQE say !posted(..) in a condition"},
	{"nop = 5000000000", "6:7: 5000000000 does not fit in the 32 bits of cqe->res"},
	{"nop = EIO", "6:7: warning: EIO is a positive number here; an error is -EIO"},
	{"nop = 1 = 2", "6:9: only one '= result'; alternatives are joined by '|'"},
	{"nop = 1 flags=GROUP", "6:9: keys come in front of the '= result'"},
	{"nop = 1, 2", "6:8: unexpected ','; expected end of line or an operator"},
	{"nop =", "6:6: unexpected end of line; expected a value"},
	{"read f b len=4 b", "6:16: operands come in front of the keys"},
	{"read f b len=8K", "6:14: warning: len=8192 is more than the 4096 bytes of buffer 'b'"},
	{"raed f b; enter r submit=1", "6:1: no statement starts with 'raed'; did you mean read?"},
	{"enter r submit=3", "6:16: warning: submit=3, but only 0 SQEs are queued here"},
	{"enter", "6:1: enter needs a ring as operand 1"},
	{"feed r 1", "6:6: 'r' is a ring; feed takes a pipe, a socket or a listener here"},
	{"feed f 1", "6:6: 'f' is a file; feed takes a pipe, a socket or a listener here"},
	{"kill f", "6:6: 'f' is a file; kill takes a task here"},
	{"kill Q", "6:6: nothing is called 'Q'"},
	{"barrier f", "6:9: 'f' is a file, not a barrier"},
	{"async_cancel e", "6:14: 'e' is an enter; async_cancel takes a file, a pipe, a socket, an SQE or a listener here"},
	{"fallocate e", "6:11: 'e' is an enter; fallocate takes a file, a pipe, a "
		     "socket, a ring, a buffer, a name, a task, an SQE, a number, a ublk device, "
		     "a futex, a child, a disk or a listener here"},
	{"async_cancel z", "6:14: nothing is called 'z'"},
	{"a: nop", "6:1: 'a' is already an SQE (line 5)"},
	{"f: nop", "6:1: 'f' is already a file (line 3)"},
	{"P: nop", "6:1: 'P' is already a task (line 5)"},
	{"EIO: nop", "6:1: 'EIO' is a name of the kernel and cannot be one of yours"},
	{" file: nop", "6:2: 'file' belongs outside of the task"},
	{" ring q entries=4", "6:2: 'ring' belongs outside of the task"},
	{"in: nop", "6:1: 'in' is a word of the language and cannot be a name"},
	{": nop", "6:1: a label is missing in front of ':'"},
	{"register_files r slots=[f:4]", "6:27: a tag is a name of yours: its CQE is called so"},
	{"register_files r slots=[b]", "6:25: 'b' is a buffer, which cannot go into this table"},
	{"register_buffers r slots=[f]", "6:27: 'f' is a file, which cannot go into this table"},
	{"register_files r slots=4", "6:24: slots= takes a list: slots=[x y:tag none]"},
	{"register_files r slots=[{f f}]", "6:25: slots have an order; there are no sets in slots=[..]"},
	{"register_files r slots=[f:e]", "6:27: 'e' is an enter, not a tag"},
	{"x: ", "6:4: unexpected end of line; expected a name"},
	{"x: 4", "6:4: unexpected '4'; expected a name"},
	{"4", "6:1: unexpected '4'; expected end of line, a name, '}' or 'repeat'"},
	{"read \"f\" b", "6:6: names are written without quotes"},
	{"repeat i in 0..3 { k: nop }", "6:20: 'k' is already an SQE (line 6)"},
	{"repeat a in 0..3 { nop }", "6:8: 'a' is already an SQE"},
	{"repeat i in 0..1 { repeat i in 0..1 { nop } }", "6:27: 'i' is already a variable "
							  "around this"},
	{"repeat i in 0..65536 { nop }", "6:13: this makes more than 65536 statements or rounds"},
	{"repeat i in 0..40000 { nop }", "6:24: more than 65536 statements"},
	{"repeat i in 0 { nop }", "6:15: unexpected '{'; expected an operator or '..'"},
	{"repeat in 0..3 { nop }", "6:8: 'in' is a word of the language and cannot be a name"},
	{"nop @", "6:5: '@' cannot stand here"},
	{"nop \\ x", "6:5: a backslash continues the line; nothing may follow it"},
	{"nop user_data=(1", "6:15: this '(' is never closed"},
	{"nop user_data=1)", "6:16: this ')' closes nothing"},
	/* clang-format on */
};

START_TEST(body_row)
{
	g_autofree char *text = g_strdup_printf(TASK "\n%s\n}\n", bodies[_i].text);
	g_autofree char *got = load_and_say(text, NULL, 0);

	ck_assert_msg(strcmp(got, bodies[_i].want) == 0, "%s\ngot:  %s\nwant: %s",
		      bodies[_i].text, got, bodies[_i].want);
}
END_TEST

static const struct {
	const char *text, *want;
} lines[] = {
	/* Line 6, behind a complete task. */
	/* clang-format off */
	{"forall x.res == 4", "6:8: nothing is called 'x'"},
	{"forall f.res == 4", "6:8: 'f' is a file, not a statement"},
	{"forall e.res == 4", "6:10: 'e' is an enter and has .ret, not .res"},
	{"forall a.ret == 4", "6:10: 'a' is an SQE and has .res, .flags and .bid, not .ret"},
	{"exists cq(r) == [a:1:65536]", "6:22: 65536 is no id of a buffer"},
	{"forall a.rse == 4", "6:10: no '.rse'; an SQE has .res, .flags and .bid, a system call has .ret"},
	{"forall a.res = 4", "6:14: '=' does not compare; write '=='"},
	{"forall a.res=4", "6:10: '=' does not compare; write '=='"},
	{"forall a.res == a.res", "6:14: one side of a comparison has to be a number"},
	{"forall a < e", "6:12: 'e' is an enter, not an SQE or a number"},
	{"forall a < 4", "6:8: 'a' is an SQE; a value of it is a.res or a.flags"},
	{"forall a == a", "6:10: the order of two CQEs is said with '<' or '>'"},
	{"forall a < a < a", "6:14: comparisons do not chain; write a < b && b < c"},
	{"forall a", "6:8: 'a' is an SQE and no condition; did you mean posted(a)?"},
	{"forall a.res", "6:8: this is a value and no condition; compare it"},
	{"forall 1", "6:8: this is a value and no condition; compare it"},
	{"forall refs(b)", "6:8: refs(..) is no condition by itself; compare it"},
	{"forall posted(a) == 1", "6:8: posted(..) is true or false; it cannot be compared"},
	{"forall psted(a)", "6:8: there is no psted(..); did you mean posted?"},
	{"forall posted(r)", "6:15: 'r' is a ring, not an SQE"},
	{"forall posted(4)", "6:15: the name of an SQE is needed here"},
	{"forall hung(a)", "6:13: 'a' is an SQE, not a task"},
	{"forall overflow(P)", "6:17: 'P' is a task, not a ring"},
	{"forall broken(4)", "6:15: the name of an invariant is needed here"},
	{"forall brokn(lost)", "6:8: there is no brokn(..); did you mean broken?"},
	{"forall broken(lost) == 1", "6:8: broken(..) is true or false; it cannot be compared"},
	{"forall count(b) == 1", "6:14: 'b' is a buffer, not a ring or an SQE"},
	{"forall refs(r) == 1", "6:13: 'r' is a ring, not a buffer, a file or an SQE"},
	{"exists cq(f) == [a]", "6:11: 'f' is a file, not a ring"},
	{"exists cq(r) == 4", "6:14: cq(..) is compared with a list: cq(r) == [a b c]"},
	{"exists cq(r) < [a]", "6:14: cq(..) is compared with '==' or '!='"},
	{"exists a.res == [a]", "6:14: a list is compared with the CQEs of a ring: cq(r) == [a b c]"},
	{"exists cq(r) == [a x]", "6:20: nothing is called 'x'"},
	{"exists cq(r) == [a e]", "6:20: 'e' is an enter, not an SQE"},
	{"exists cq(r) == [a, a]", "6:19: unexpected ','; expected a name, ']', '{' or ':'"},
	{"exists cq(r) == [a:5000000000]", "6:20: 5000000000 does not fit in the 32 bits of cqe->res"},
	{"exists cq(r) == [a {a a", "6:17: this '[' is never closed\n6:20: this '{' is never closed"},
	{"never posted(a) at edn", "6:20: 'at edn' does not exist, only 'at end'"},
	{"forall all a in 0..1 : posted(a)", "6:12: 'a' is already an SQE"},
	{"forall", "6:7: unexpected end of line; expected a value"},
	{"rign r entries=8", "6:1: no line starts with 'rign'; did you mean ring?"},
	{"nop", "6:1: a statement such as 'nop' belongs into a task { }"},
	{"x: nop", "6:1: a statement such as 'x' belongs into a task { }"},
	{"repeat i in 0..1 { }", "6:1: 'repeat' belongs into a task { }"},
	{"ring r3 flgs=IOPOLL entries=8", "6:9: 'ring' takes no flgs=, but flags, entries, cq; did "
					  "you mean flags?"},
	{"ring r3", "6:1: a ring needs entries="},
	{"ring r3 entires=8", "6:9: 'ring' takes no entires=, but flags, entries, cq; did "
			      "you mean entries?"},
	{"ring r3 xyzzy=8", "6:1: a ring needs entries=\n"
			    "6:9: 'ring' takes no xyzzy=, but flags, entries, cq"},
	{"ring r3 8", "6:9: only keys may follow here: key=value without blanks"},
	{"ring r3 entries = 8", "6:9: only keys may follow here: key=value without blanks"},
	{"ring \"r3\" entries=8", "6:6: names are written without quotes"},
	{"ring file entries=8", "6:6: 'file' is a word of the language and cannot be a name"},
	{"ring r entries=8", "6:1: 'r' is already a ring (line 2)"},
	{"ring q entries=-1", "6:16: entries=-1 is out of range; 0 .. 4294967295 fits"},
	{"ring q entries=0 = -EINVAL | -EPERM",
	 "6:20: the setup of a ring has one result: 0 or an error such as -EINVAL"},
	{"ring q entries=0 = ...",
	 "6:20: the setup of a ring has one result: 0 or an error such as -EINVAL"},
	{"ring q entries=0 = EINVAL",
	 "6:20: the setup of a ring has one result: 0 or an error such as -EINVAL"},
	{"ring q entries=0 = short", "6:20: nothing is called 'short'"},
	{"file q = 4", "6:10: only the setup of a ring has a result"},
	{"ring q entries=0 = -EINVAL; task Q { enter q }",
	 "6:44: there is no ring 'q': its setup fails with -EINVAL (line 6)"},
	{"ring q entries=0 = -EINVAL; task Q { nop ring=q; reap q }",
	 "6:47: there is no ring 'q': its setup fails with -EINVAL (line 6)\n"
	 "6:55: there is no ring 'q': its setup fails with -EINVAL (line 6)"},
	{"buf c", "6:1: a buf needs size="},
	{"pipe p size=4 fill=5", "6:1: fill=5 is more than the pipe holds"},
	{"file h[0]", "6:8: a row of 0; 1 .. 4096 is possible"},
	{"param f = 4", "3:1: 'f' is already a parameter (line 6)"},
	{"param IO_LINK = 4", "6:7: 'IO_LINK' is a name of the kernel and cannot be one of yours"},
	{"param q = z", "6:11: nothing is called 'z'"},
	{"param q 4", "6:9: unexpected '4'; expected '='"},
	{"sweep q in", "6:11: unexpected end of line; expected a value"},
	{"task P { }", "6:6: 'P' is already a task (line 5)"},
	{"task { q: nop }\nforall posted(q)", "6:6: unexpected '{'; expected a name"},
	{"tsak Q { q: nop }\nforall posted(q)", "6:1: no line starts with 'tsak'; did you mean task?"},
	{"task Q\n", "6:7: unexpected end of line; expected '{'"},
	{"task Q {\n nop\nforall posted(a)", "6:8: this '{' is never closed"},
	{"uring \"u\"", "6:1: a second 'uring'"},
	{"question \"\"", "6:10: 'question' is empty"},
	{"question \"x", "6:10: this text is not closed before the end of the line"},
	{"question \"\\n\"", "6:11: in a text only \\\" and \\\\ exist"},
	{"question x", "6:10: unexpected 'x'; expected a text in double quotes"},
	{"rules A-1 A-1", "6:11: 'A-1' is there twice"},
	{"rules A-1, A-2", "6:10: unexpected ','; expected end of line or a word"},
	{"rules", "6:6: unexpected end of line; expected a word"},
	{"/* x", "6:1: this comment is never closed"},
	{"}", "6:1: this '}' closes nothing"},
	{"\x01", "6:1: control byte 0x01 in a text file"},
	{"# \xff", "6:3: byte 0xff: this is not UTF-8"},
	{"\xe2\x80\x9c", "6:1: '\xe2\x80\x9c' cannot stand here"},
	/* clang-format on */
};

START_TEST(line_row)
{
	g_autofree char *text = g_strdup_printf(TASK " }\n%s\n", lines[_i].text);
	g_autofree char *got = load_and_say(text, NULL, 0);
	const char *want = lines[_i].want;

	ck_assert_msg(strcmp(got, want) == 0, "%s\ngot:  %s\nwant: %s", lines[_i].text,
		      got, want);
}
END_TEST

static const struct {
	const char *text, *want;
} files[] = {
	/* clang-format off */
	{"", "1:1: a scenario has a name: uring \"NAME\" is missing"},
	{"uring \"x\"", "1:1: nothing happens: a task { } is missing"},
	{"uring x\ntask P { }", "1:7: unexpected 'x'; expected a text in double quotes"},
	{"uring \"x\"\ntask P { nop }", "2:10: there is no ring to put this SQE into; declare "
					"one: ring r entries=8"},
	/* clang-format on */
};

START_TEST(file_row)
{
	g_autofree char *got = load_and_say(files[_i].text, NULL, 0);

	ck_assert_str_eq(got, files[_i].want);
}
END_TEST

START_TEST(five_at_once)
{
	g_autofree char *got =
		load_and_say(HEAD "rign q entries=8\n"
				  "task P {\n"
				  "  a: raed f b\n"
				  "  b1: read f b len=64Q\n"
				  "  c: nop flags=IO_LNIK = 1 = 2\n"
				  "}\n"
				  "forall a.res == 1 -> b1 < c -> b.res == 2\n",
			     NULL, 0);

	ck_assert_str_eq(got,
			 "5:1: no line starts with 'rign'; did you mean ring?\n"
			 "7:6: no statement starts with 'raed'; did you mean read?\n"
			 "8:20: '64Q' is not a number; suffixes are K, M, G and ns, us, "
			 "ms, s\n"
			 "9:28: only one '= result'; alternatives are joined by '|'\n"
			 "11:32: 'b' is a buffer, not a statement");
}
END_TEST

START_TEST(defines)
{
	static const struct {
		ScnDefine d;
		const char *want;
	} rows[] = {
		{{"m", "1"}, "1:1: -D m: there is no such parameter"},
		{{"lenn", "1"},
		 "1:1: -D lenn: there is no such parameter; did you mean len?"},
		{{"len", "8x"},
		 "2:7: -D len=8x: '8x' is not a number; suffixes are K, M, G "
		 "and ns, us, ms, s"},
		{{"len", "GRUOP"}, "2:7: -D len=GRUOP: nothing is called 'GRUOP'"},
		{{"len", "1\nring q entries=4"},
		 "2:7: -D len=1\nring q entries=4: this is not one value"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = load_and_say(
			"uring \"x\"\nparam len = 4\nring r entries=8\ntask P { nop }",
			&rows[i].d, 1);

		ck_assert_str_eq(got, rows[i].want);
	}
}
END_TEST

START_TEST(capped)
{
	g_autoptr(GString) text = g_string_new(HEAD "task P {\n");
	g_autoptr(ScnSource) src = NULL;
	const ScnDiag *last;

	for (int i = 0; i < 70; i++)
		g_string_append_printf(text, "x%d: raed f b\n", i);
	g_string_append(text, "}\n");
	src = scn_source_new("t", text->str, text->len);
	ck_assert_ptr_null(scn_load(src, NULL, 0, 0));
	ck_assert_uint_eq(src->errors, 70);
	ck_assert_uint_eq(src->diags->len, SCN_DIAGS_MAX + 1);
	last = src->diags->pdata[SCN_DIAGS_MAX];
	ck_assert_int_eq(last->severity, SCN_NOTE);
	ck_assert_str_eq(last->what, "20 more not shown");
}
END_TEST

/* The picture under a message: tabs are expanded, long lines cut around the place. */
START_TEST(picture)
{
	static const char text[] = "uring \"x\"\nring r entries=8\ntask P {\n"
				   "\ta:\tnop\tflags=IO_LNIK\n}\n";
	g_autoptr(ScnSource) src = scn_source_new("dir/x.uring", text, strlen(text));
	g_autofree char *got = NULL, *colour = NULL;

	ck_assert_ptr_null(scn_load(src, NULL, 0, 0));
	got = scn_diags_format(src, false);
	ck_assert_str_eq(
		got,
		"dir/x.uring:4:15: error: unknown flag 'IO_LNIK'; did you mean IO_LINK?\n"
		"    4 |         a:      nop     flags=IO_LNIK\n"
		"      |                               ^~~~~~~\n");
	colour = scn_diags_format(src, true);
	ck_assert_ptr_nonnull(strstr(colour, "\033[1;31merror:\033[0m unknown"));
}
END_TEST

START_TEST(long_line)
{
	g_autoptr(GString) text = g_string_new("uring \"x\"\n");
	g_autoptr(ScnSource) src = NULL;
	g_autofree char *got = NULL;

	for (int i = 0; i < 200000; i++)
		g_string_append(text, "@@@ \t");
	src = scn_source_new("t", text->str, text->len);
	ck_assert_ptr_null(scn_load(src, NULL, 0, 0));
	ck_assert_uint_eq(src->diags->len, SCN_DIAGS_MAX + 1);
	got = scn_diags_format(src, false);
	ck_assert_uint_lt(strlen(got), 50000);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lang_errors");
	TCase *tc = tcase_create("errors");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, body_row, 0, T_LEN(bodies));
	tcase_add_loop_test(tc, line_row, 0, T_LEN(lines));
	tcase_add_loop_test(tc, file_row, 0, T_LEN(files));
	tcase_add_test(tc, five_at_once);
	tcase_add_test(tc, defines);
	tcase_add_test(tc, capped);
	tcase_add_test(tc, picture);
	tcase_add_test(tc, long_line);
	suite_add_tcase(suite, tc);
	return suite;
}
