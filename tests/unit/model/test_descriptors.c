/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_descriptors.c - descriptors that are opened, closed, installed: every outcome
 *
 * Goal:   as in test_litmus.c, the set of CQE sequences is exactly the expected one, and
 * a row fails without each of the rules that it names. Method: the notation is that of
 * t_litmus.h and t_litmus_fd.h; kernels showed the values in
 * scenarios/catalogue/descriptors.
 */
#include "tests/support/t_litmus_row.h"
#include "tests/support/t_main.h"

#define L7 "linux-7"

static const LitmusRow rows[] = {
	/* clang-format off */
	{"open, then read in one link", "@F-- %o1:1[L] %q2:1[L] %c3:1", "1:0 2:8 3:0", "", {0}},
	{"the same on 7.x", "@F-- %o1:1[L] %q2:1[L] %c3:1", "1:0 2:8 3:0", "", {.profile = L7}},
	{"read beside the open", "@F-- %k1:1 %q2:1", "2:-9 1:0", "I-6/creat", {0}},
	{"no table", "%o1:0[H] %o2:*[H] %c3:0", "1:-6 2:-23 3:-6", "L-4/hard S-13", {0}},
	{"no such slot", "@F-- %o1:2[H] %c2:2[H] %c3:1", "1:-22 2:-22 3:-9", "L-4/hard S-13", {0}},
	{"the path first", "@F- %n1:7[H] %d2:7[H] %b3:7", "1:-2 2:-20 3:-9", "L-4/hard S-13", {0}},
	{"over an occupied slot", "@Fp1 %o1:0", "101:0 1:0", "R1-34/over", {0}},
	{"over a slot with a reader", "@Fp1 i1:0 ; %o2:0 |p|", "2:0 1:1 101:0", "I-3 R1-34/over", {0}},
	{"chosen one after the other", "@F-p- %o1:* ; %o2:* ; %o3:*", "1:0 2:2 3:-23", "", {0}},
	{"where it was closed last", "@Fpppp %c1:1 ; %c2:3 ; %o3:* ; %o4:*", "1:0 2:0 3:3 4:1", "R1-34/hint", {0}},
	{"behind where it was opened last", "@F---- %o1:1 ; %o2:*", "1:0 2:2", "R1-34/hint", {0}},
	{"an occupied slot moves no hint", "@F--p- %o1:2 ; %o2:*", "1:0 2:0", "R1-34/over", {0}},
	{"within a range", "@F---- @A2=1 %o1:* ; %o2:* ; %o3:0", "1:2 2:-23 3:0", "R1-34/range", {0}},
	{"chosen for an update", "@F-p- J1:*qqq ; J2:*q", "1:2 2:-23", "R1-33/alloc", {0}},
	{"until a bad one", "@F--- J1:*q!q ; J2:*-q", "1:1 2:-9", "R1-33/alloc", {0}},
	{"cancelled or begun", "@F- %o1:0[A] C2:1", "2:-114 1:-125 / 2:-114 1:0 / 2:0 1:-125", "I-19 I-19/begun", {0}},
	{"fixed in init", "@F- N1[L] %o2:0[FL] %c3:0[F]", "1:-125 2:-9 3:-9", "L-9 L-12 S-11/open", {0}},
	{"no cloexec", "@F- N1[L] %x2:0", "1:-125 2:-22", "L-9 L-12 S-11/cloexec", {0}},
	{"cloexec of a plain one", "%x1", "1:0", "", {0}},
	{"a slot and a descriptor", "@Fp N1[L] %C2:0", "1:-125 2:-22", "L-9 L-12 S-11/both", {0}},
	{"by a worker", "@F- %o1:0[LA] %q2:0", "1:0 2:8", "", {0}},
	{"closed under its reader", "@Fp1 i1:0 %c2:0 i3:0 |p|", "2:0 3:-9 1:1 101:0", "I-3", {0}},
	{"cached or not", "%o1 N2", "1:0 2:0 / 2:0 1:0", "I-6/open", {0}},
	{"created", "%k1[L] %c2:0", "1:0 2:-6", "", {0}},
	{"it is there already", "%e1[L] N2", "1:-17 2:-125", "L-4", {0}},
	{"opened, read, closed", "%o1 ; %r2 ; %X3 ; %r4 ; %X5", "1:0 2:8 3:0 4:-9 5:-9", "", {0}},
	{"not known yet", "%o1[H] %r2", "1:0 2:-9", "", {0}},
	{"closed, the reader stays", "%R1 %C2 %R3 |p|", "2:0 3:-9 1:1", "I-3 S-19/kept", {0}},
	{"closed before its turn", "Q1[L] %R2 %C3 |q|", "3:0 1:1 2:-9", "I-3", {0}},
	{"looked up before the punt", "@Fp |p| %q1:0[A] %c2:0 ; N3", "1:1 2:0 3:0 / 2:0 1:1 3:0", "", {0}},
	{"installed", "@Ff1 %i1:0[FL] %c2:0 ; %r3 ; %X4", "1:0 101:0 2:0 3:8 4:0", "", {0}},
	{"nothing to install", "@F- %i1:0[FL] N2 ; N3[L] %j4", "1:-9 2:-125 3:-125 4:-9", "L-4 L-9 L-12 S-11/install", {0}},
	{"poll of a slot", "@Fp1 %p1:0[F] %c2:0 |p|", "2:0 1:1 101:0", "", {0}},
	{"poll of nothing", "@F- %p1:0[FL] N2 N3", "1:-9 3:0 2:-125", "L-4", {0}},
	{"poll of nothing by a worker", "@F- %p1:0[FLA] N2", "1:-9 2:-125", "L-4", {0}},
	{"fsync of nothing", "@F- %y1:0[FL] N2 N3", "3:0 1:-9 2:-125", "I-7/fsync L-4", {0}},
	{"splice by a worker", "|p| %s1 N2", "1:1 2:0 / 2:0 1:1", "I-7/splice", {0}},
	{"splice waits for data", "%s1[L] Q2 |p|", "1:1 2:1", "", {0}},
	{"splice wakes a read", "Q1 %s2 |p|", "1:1 2:1 / 2:1 1:1", "I-3", {0}},
	{"short splice", "|p| %S1[L] N2", "1:1 2:-125", "I-8/splice L-4", {0}},
	{"short file", "%f1[L] N2", "1:1 2:-125", "I-8/splice L-4", {0}},
	{"splice that must not wait", "%N1[L] N2", "1:-11 2:-125", "L-4", {0}},
	{"splice at the end of a pipe", "%s1[L] N2 |c|", "1:0 2:-125", "I-8/splice L-4", {0}},
	{"tee leaves the bytes", "|p| %t1[L] Q2[L] R3", "1:1 2:1 3:1", "", {0}},
	{"not without a pipe", "%E1[H] %T2", "1:-22 2:-22", "L-4/hard S-13", {0}},
	{"bad descriptors of a splice", "%w1[L] N2 ; %W3[L] N4", "1:-9 2:-125 3:-9 4:-125", "L-4", {0}},
	{"cancelled splice", "%s1 C2:1", "1:-4 2:-114 / 2:-114 1:-4 / 2:0 1:-125", "I-19", {0}},
	{"splice looks late", "@Ff |p| %v1:0[F] %c2:0", "2:0 1:-9", "R1-6/splice", {0}},
	{"tee looks early", "@Fp |p| %g1:0[F] %c2:0", "1:-22 2:0 / 2:0 1:-22", "", {0}},
	{"splice holds its slot", "@Fp1 %z1 @f0=- |p|", "1:1 101:0", "", {0}},
	{"one node for two slots", "@Fp1f2 %u1:1[F] @f1=- @f0=- |p|", "1:1 102:0 101:0", "R1-14 R1-3", {0}},
	{"a node for each of two slots", "@Fp1f2 %u1:1[F] @f1=- @f0=- |p|", "1:1 101:0 102:0", "R2-9/splice", {.profile = L7}},
	{"nothing in the slot", "@F- %z1[L] N2", "1:-9 2:-125", "L-4", {0}},
	{"vectored fixed read", "@Ba1 |p| %V1:0 @b0=-", "1:1 101:0", "R2-5/vec", {.profile = L7}},
	{"the same on 6.12", "@Ba %V1:0", "1:-22", "", {0}},
	{"nothing to read", "@Ba |p| %M1:0[L] N2", "1:-14 2:-125", "KB-8 L-4", {.profile = L7}},
	{"nop of a slot", "@Fp1 %F1:0 %c2:0", "2:0 1:0 101:0", "I-9/fixed", {.profile = L7}},
	{"nop of an empty slot", "@F- %F1:0[L] N2", "1:-9 2:-125", "I-9/fixed L-4", {.profile = L7}},
	/* clang-format on */
};

START_TEST(row)
{
	litmus_row_holds(&rows[_i], litmus_outcomes);
}
END_TEST

START_TEST(row_needs)
{
	litmus_row_needs(&rows[_i], litmus_outcomes);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("descriptors");
	TCase *tc = tcase_create("cases");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, row, 0, T_LEN(rows));
	tcase_add_loop_test(tc, row_needs, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
