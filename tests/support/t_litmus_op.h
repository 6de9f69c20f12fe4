/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_litmus_op.h - what the letters of SQEs in lines of litmus mean
 *
 * Layer:  tests; t_litmus.c only.
 */
#ifndef TESTS_SUPPORT_T_LITMUS_OP_H
#define TESTS_SUPPORT_T_LITMUS_OP_H

#include "model/task/conf.h"

enum { PIPE_P = 1, PIPE_Q = 2, SOCK_IN = 3, SOCK_OUT = 4, PIPES = 4 };

/* Resources of rows with tables: two buffers, then the pipes and the file. */
enum { RES_A = 1, RES_B, RES_P, RES_Q, RES_F = RES_P + PIPES };

/* Op and fields of @op. */
void litmus_op_set(SqeConf *sqe, char op);

/* Flags by their letters in [@from, @to). */
void litmus_op_flags(SqeConf *sqe, const char *from, const char *to);

/* D1:f fetch, D1:c8 commit, D1:p provide, D1:r0 register, D1:u0 unregister. */
void litmus_op_cmd(SqeConf *sqe, const char *what);

#endif /* TESTS_SUPPORT_T_LITMUS_OP_H */
