/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_litmus_fd.h - SQEs of lines that open, close and hand descriptors on
 *
 *   %o1 opens file f        %o1:2 into slot 2        %o1:* into one that is chosen
 *   %k1 with O_CREAT        %e1 and O_EXCL           %n1 a path that is not there
 *   %d1 with O_DIRECTORY    %x1 with O_CLOEXEC       %b1 below a bad descriptor
 *   %c1:2 closes slot 2     %C1 pipe p               %X1 what was opened
 *   %i1:2 installs what is in slot 2                 %j1 without FIXED_FILE
 *   %R1 reads pipe p        %r1 what was opened      %q1:2 8 bytes of the file in slot 2
 *   %p1:2 polls slot 2      %y1:2 fsync of it
 *   %s1, %S1 splice of 1, 2 bytes from pipe p to q, %N1 with NONBLOCK, %t1 tee
 *   %f1 splice of 2 bytes, of which there is 1, of a file to q
 *   %E1 between files       %T1 tee to a file        %w1, %W1 from, to a bad descriptor
 *   %z1 splice from slot 0 to q                      %v1:2, %g1:2 splice, tee p to slot 2
 *   %V1:2, %M1:2 readv_fixed of 1 byte, of none, from pipe p by slot 2 of the buffers
 *   %F1:2 nop by task work with the file in slot 2
 *   %u1:2 splice from slot 0 to slot 2
 *
 * Layer: tests.
 */
#ifndef TESTS_SUPPORT_T_LITMUS_FD_H
#define TESTS_SUPPORT_T_LITMUS_FD_H

#include <glib.h>

#include "model/task/conf.h"

/* The descriptors of such a line; buffers are counted. */
void litmus_fd_conf(ModelConf *cf);

/* Fill @sqe from "%o1:2"; what follows in @word. */
char *litmus_fd_sqe(SqeConf *sqe, const char *word);

#endif /* TESTS_SUPPORT_T_LITMUS_FD_H */
