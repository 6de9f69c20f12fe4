/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_litmus_op.c - what the letters of SQEs in lines of litmus mean
 */
#include "tests/support/t_litmus_op.h"

#include <glib.h>
#include <stdlib.h>

#include "model/abi/abi.h"

/* Letters of SQEs; the fields that are not 0. */
static const struct {
	char letter;
	SqeConf sqe;
} letters[] = {
	/* clang-format off */
	{'N', {.op = ABI_OP_NOP}},
	{'n', {.op = ABI_OP_NOP, .mode = ABI_NOP_TW}},
	{'x', {.op = ABI_OP_NOP, .mode = ABI_NOP_FILE, .file_kind = FILE_KIND_BAD}},
	{'b', {.op = ABI_OP_NOP, .bad_ioprio = true}},
	{'O', {.op = ABI_OP_INVALID}},
	{'T', {.op = ABI_OP_LINK_TIMEOUT, .us = 20000}},
	{'t', {.op = ABI_OP_LINK_TIMEOUT, .us = 5000000}},
	{'U', {.op = ABI_OP_TIMEOUT, .us = 20000}},
	{'c', {.op = ABI_OP_TIMEOUT, .us = 20000, .count = 1}},
	{'d', {.op = ABI_OP_TIMEOUT, .us = 20000, .count = 2}},
	{'e', {.op = ABI_OP_TIMEOUT, .us = 20000, .mode = ABI_TIMEOUT_ETIME_SUCCESS}},
	{'m', {.op = ABI_OP_TIMEOUT, .us = 20000, .count = 3, .mode = ABI_TIMEOUT_MULTISHOT}},
	{'u', {.op = ABI_OP_TIMEOUT_REMOVE, .us = 60000, .mode = ABI_TIMEOUT_UPDATE}},
	{'l', {.op = ABI_OP_TIMEOUT_REMOVE, .us = 60000, .mode = ABI_LINK_TIMEOUT_UPDATE}},
	{'C', {.op = ABI_OP_ASYNC_CANCEL}},
	{'A', {.op = ABI_OP_ASYNC_CANCEL, .mode = ABI_CANCEL_ANY}},
	{'F', {.op = ABI_OP_ASYNC_CANCEL, .mode = ABI_CANCEL_FD | ABI_CANCEL_ALL, .file_kind = FILE_KIND_PIPE, .file = PIPE_P}},
	{'E', {.op = ABI_OP_ASYNC_CANCEL, .mode = ABI_CANCEL_OP, .victim = ABI_OP_POLL_ADD}},
	{'P', {.op = ABI_OP_POLL_ADD, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = ABI_POLLIN}},
	{'M', {.op = ABI_OP_POLL_ADD, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = ABI_POLLIN, .mode = ABI_POLL_MULTI}},
	{'G', {.op = ABI_OP_POLL_ADD, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = ABI_POLLIN}},
	{'K', {.op = ABI_OP_POLL_REMOVE}},
	{'Y', {.op = ABI_OP_POLL_REMOVE, .mode = ABI_POLL_UPDATE_EVENTS, .len = ABI_POLLOUT}},
	{'V', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2}},
	{'W', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .mode = ABI_MSG_WAITALL}},
	{'X', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .mode = ABI_MSG_DONTWAIT}},
	{'v', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT}},
	{'a', {.op = ABI_OP_READ, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT}},
	{'Z', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT, .mode = ABI_RECV_MULTISHOT}},
	{'+', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT, .mode = ABI_MSG_WAITALL}},
	{'<', {.op = ABI_OP_READ, .file_kind = FILE_KIND_REGULAR, .file = 1, .len = 8, .results = 0, .results_n = 1, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT}},
	{'s', {.op = ABI_OP_SEND, .file_kind = FILE_KIND_PIPE, .file = SOCK_OUT, .len = 2, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT}},
	{'$', {.op = ABI_OP_SEND, .file_kind = FILE_KIND_PIPE, .file = SOCK_OUT, .len = 2, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT, .mode = ABI_RECVSEND_BUNDLE}},
	{'~', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 4, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT, .mode = ABI_RECVSEND_BUNDLE}},
	{'*', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT, .mode = ABI_RECV_MULTISHOT | ABI_RECVSEND_BUNDLE}},
	{'=', {.op = ABI_OP_RECVMSG, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 24, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT, .mode = ABI_RECV_MULTISHOT}},
	{'^', {.op = ABI_OP_SENDMSG, .file_kind = FILE_KIND_PIPE, .file = SOCK_OUT, .len = 2, .mode = ABI_RECVSEND_BUNDLE}},
	{'p', {.op = ABI_OP_READ_MULTISHOT, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = 2, .buf = 1, .flags = ABI_SQE_BUFFER_SELECT}},
	{'q', {.op = ABI_OP_READ_MULTISHOT, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = 2}},
	{'B', {.op = ABI_OP_PROVIDE_BUFFERS, .len = 2, .count = 2, .buf = 1}},
	{'H', {.op = ABI_OP_REMOVE_BUFFERS, .len = 1, .buf = 1}},
	{'h', {.op = ABI_OP_RECV, .file_kind = FILE_KIND_PIPE, .file = SOCK_IN, .len = 2, .mode = ABI_RECV_MULTISHOT}},
	{'S', {.op = ABI_OP_SEND, .file_kind = FILE_KIND_PIPE, .file = SOCK_OUT, .len = 2}},
	{'j', {.op = ABI_OP_MSG_RING, .file = 2, .inject = 7}},
	{'!', {.op = ABI_OP_MSG_RING, .file = 2, .mode = ABI_MSG_RING_CQE_SKIP}},
	{'g', {.op = ABI_OP_MSG_RING, .file_kind = FILE_KIND_PIPE, .file = PIPE_P}},
	{'o', {.op = ABI_OP_MSG_RING, .file_kind = FILE_KIND_BAD}},
	{'y', {.op = ABI_OP_FSYNC, .file_kind = FILE_KIND_PIPE, .file = PIPE_P}},
	{'f', {.op = ABI_OP_READ, .file_kind = FILE_KIND_BAD, .len = 1}},
	{'R', {.op = ABI_OP_READ, .file_kind = FILE_KIND_PIPE, .file = PIPE_P, .len = 1}},
	{'Q', {.op = ABI_OP_READ, .file_kind = FILE_KIND_PIPE, .file = PIPE_Q, .len = 1}},
	/* 4 of 8, or all */
	{'r', {.op = ABI_OP_READ, .file_kind = FILE_KIND_REGULAR, .file = 1, .len = 8, .results = 0, .results_n = 1}},
	{'w', {.op = ABI_OP_WRITE, .file_kind = FILE_KIND_REGULAR, .file = 1, .len = 8, .results = 1, .results_n = 1}},
	/* clang-format on */
};

void litmus_op_cmd(SqeConf *sqe, const char *what)
{
	static const struct {
		char word;
		uint8_t cmd;
	} cmds[] = {
		{'f', ABI_UBLK_FETCH_REQ},         {'c', ABI_UBLK_COMMIT_AND_FETCH_REQ},
		{'p', ABI_UBLK_PROVIDE_IO_BUF},    {'r', ABI_UBLK_REGISTER_IO_BUF},
		{'u', ABI_UBLK_UNREGISTER_IO_BUF},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cmds); i++)
		if (cmds[i].word == *what)
			sqe->cmd.cmd = cmds[i].cmd;
	if (*what == 'c')
		sqe->cmd.result = (int32_t)strtol(what + 1, NULL, 10);
	else
		sqe->cmd.index = (uint16_t)strtoul(what + 1, NULL, 10);
}

/* What works on tables and devices; false: @op is nothing of that kind. */
static bool set_table_op(SqeConf *sqe, char op)
{
	switch (op) {
	case 'i': /* a byte from a slot of the table of files */
		sqe->op = ABI_OP_READ;
		sqe->file_kind = FILE_KIND_FIXED;
		sqe->len = 1;
		return true;
	case 'I': /* from pipe p into buffer a by a slot of the table of buffers */
	case 'k': /* to pipe q from pages of a block request there */
		sqe->op = op == 'I' ? ABI_OP_READ_FIXED : ABI_OP_WRITE_FIXED;
		sqe->file_kind = FILE_KIND_PIPE;
		sqe->file = op == 'I' ? PIPE_P : PIPE_Q;
		sqe->buf = op == 'I' ? RES_A : 0;
		sqe->len = 1;
		return true;
	case 'z': /* from fixed file 0 into buffer a by a slot */
		sqe->op = ABI_OP_READ_FIXED;
		sqe->file_kind = FILE_KIND_FIXED;
		sqe->buf = RES_A;
		sqe->len = 1;
		return true;
	case 'J':
		sqe->op = ABI_OP_FILES_UPDATE;
		return true;
	case 'L': /* from pipe p into the leased pages */
		sqe->op = ABI_OP_READ;
		sqe->file_kind = FILE_KIND_PIPE;
		sqe->file = PIPE_P;
		sqe->len = 1;
		return true;
	case 'D':
		sqe->op = ABI_OP_URING_CMD;
		sqe->file_kind = FILE_KIND_UBLK;
		sqe->file = 1;
		return true;
	default:
		return false;
	}
}

void litmus_op_set(SqeConf *sqe, char op)
{
	if (set_table_op(sqe, op))
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
		if (letters[i].letter == op) {
			*sqe = letters[i].sqe;
			return;
		}
	}
	g_error("no such SQE: %c", op);
}

void litmus_op_flags(SqeConf *sqe, const char *from, const char *to)
{
	static const struct {
		char word;
		uint8_t flag;
	} words[] = {
		{'L', ABI_SQE_IO_LINK},  {'H', ABI_SQE_IO_HARDLINK},
		{'A', ABI_SQE_ASYNC},    {'S', ABI_SQE_CQE_SKIP_SUCCESS},
		{'g', ABI_SQE_GROUP},    {'B', ABI_SQE_BUFFER_SELECT},
		{'D', ABI_SQE_IO_DRAIN}, {'F', ABI_SQE_FIXED_FILE},
	};

	for (; from < to; from++)
		for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
			if (words[i].word == *from)
				sqe->flags |= words[i].flag;
}
