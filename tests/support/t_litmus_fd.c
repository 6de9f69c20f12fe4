/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_litmus_fd.c - SQEs of lines that open, close and hand descriptors on
 */
#include "tests/support/t_litmus_fd.h"

#include <stdlib.h>
#include <string.h>

#include "model/abi/abi.h"

/* Descriptors: pipe p, open from the start, and what an open or an install makes. */
enum { FD_P = 1, FD_OPENED, FDS };

#define IN(kind, n)  .in_kind = FILE_KIND_##kind, .in_file = (n)
#define OUT(kind, n) .file_kind = FILE_KIND_##kind, .file = (n)

static const struct {
	char letter;
	SqeConf sqe;
} letters[] = {
	/* clang-format off */
	{'o', {.op = ABI_OP_OPENAT, .file = 1}},
	{'n', {.op = ABI_OP_OPENAT, .file = 1, .mode = ABI_NO_SUCH_PATH}},
	{'k', {.op = ABI_OP_OPENAT, .file = 1, .mode = ABI_O_CREAT}},
	{'e', {.op = ABI_OP_OPENAT, .file = 1, .mode = ABI_O_CREAT | ABI_O_EXCL}},
	{'d', {.op = ABI_OP_OPENAT, .file = 1, .mode = ABI_O_DIRECTORY}},
	{'x', {.op = ABI_OP_OPENAT, .file = 1, .mode = ABI_O_CLOEXEC}},
	{'b', {.op = ABI_OP_OPENAT, .file_kind = FILE_KIND_BAD}},
	{'c', {.op = ABI_OP_CLOSE}},
	{'C', {.op = ABI_OP_CLOSE, .file_kind = FILE_KIND_PIPE, .file = 1, .fd = FD_P}},
	{'X', {.op = ABI_OP_CLOSE, .file_kind = FILE_KIND_REGULAR, .fd = FD_OPENED}},
	{'i', {.op = ABI_OP_FIXED_FD_INSTALL, .file_kind = FILE_KIND_FIXED, .opens = FD_OPENED}},
	{'j', {.op = ABI_OP_FIXED_FD_INSTALL, .file_kind = FILE_KIND_BAD, .opens = FD_OPENED}},
	{'R', {.op = ABI_OP_READ, .file_kind = FILE_KIND_PIPE, .file = 1, .fd = FD_P, .len = 1}},
	{'r', {.op = ABI_OP_READ, .file_kind = FILE_KIND_REGULAR, .fd = FD_OPENED, .len = 8, .results = 1, .results_n = 1}},
	{'q', {.op = ABI_OP_READ, .file_kind = FILE_KIND_FIXED, .len = 8, .results = 1, .results_n = 1}},
	{'p', {.op = ABI_OP_POLL_ADD, .file_kind = FILE_KIND_FIXED, .len = ABI_POLLIN}},
	{'y', {.op = ABI_OP_FSYNC, .file_kind = FILE_KIND_FIXED, .results = 1, .results_n = 1}},
	{'s', {.op = ABI_OP_SPLICE, IN(PIPE, 1), OUT(PIPE, 2), .len = 1}},
	{'S', {.op = ABI_OP_SPLICE, IN(PIPE, 1), OUT(PIPE, 2), .len = 2}},
	{'N', {.op = ABI_OP_SPLICE, IN(PIPE, 1), OUT(PIPE, 2), .len = 1, .mode = ABI_SPLICE_F_NONBLOCK}},
	{'t', {.op = ABI_OP_TEE, IN(PIPE, 1), OUT(PIPE, 2), .len = 1}},
	{'f', {.op = ABI_OP_SPLICE, IN(REGULAR, 1), OUT(PIPE, 2), .len = 2, .inject = 1}},
	{'E', {.op = ABI_OP_SPLICE, IN(REGULAR, 1), OUT(REGULAR, 1), .len = 1, .inject = 1}},
	{'T', {.op = ABI_OP_TEE, IN(PIPE, 1), OUT(REGULAR, 1), .len = 1}},
	{'w', {.op = ABI_OP_SPLICE, IN(BAD, 0), OUT(PIPE, 2), .len = 1}},
	{'W', {.op = ABI_OP_SPLICE, IN(PIPE, 1), OUT(BAD, 0), .len = 1}},
	{'v', {.op = ABI_OP_SPLICE, IN(PIPE, 1), OUT(FIXED, 0), .len = 1}},
	{'g', {.op = ABI_OP_TEE, IN(PIPE, 1), OUT(FIXED, 0), .len = 1}},
	{'z', {.op = ABI_OP_SPLICE, IN(FIXED, 0), OUT(PIPE, 2), .len = 1, .inject = 1}},
	{'u', {.op = ABI_OP_SPLICE, IN(FIXED, 0), OUT(FIXED, 0), .len = 1, .inject = 1}},
	{'V', {.op = ABI_OP_READV_FIXED, .file_kind = FILE_KIND_PIPE, .file = 1, .buf = 1, .len = 1}},
	{'M', {.op = ABI_OP_READV_FIXED, .file_kind = FILE_KIND_PIPE, .file = 1, .buf = 1}},
	{'F', {.op = ABI_OP_NOP, .mode = ABI_NOP_FILE | ABI_NOP_FIXED_FILE | ABI_NOP_TW, .file_kind = FILE_KIND_FIXED}},
	/* clang-format on */
};

void litmus_fd_conf(ModelConf *cf)
{
	cf->fds_n = FDS - 1;
	cf->fds = g_new0(uint16_t, FDS);
	cf->fds[FD_P] = (uint16_t)(cf->bufs_n + 1);
}

char *litmus_fd_sqe(SqeConf *sqe, const char *word)
{
	char *end;
	uint16_t slot = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		if (letters[i].letter == word[1])
			*sqe = letters[i].sqe;
	if (!sqe->op && !sqe->mode)
		g_error("no such SQE: %s", word);
	sqe->user_data = strtoul(word + 2, &end, 10);
	if (*end == ':' && end[1] == '*') {
		slot = SLOT_ALLOC;
		end += 2;
	} else if (*end == ':') {
		slot = (uint16_t)(strtoul(end + 1, &end, 10) + 1);
	}
	if (abi_op_vec_fixed(sqe->op))
		sqe->cmd.index = (uint16_t)(slot - 1);
	else if (sqe->file_kind == FILE_KIND_FIXED)
		sqe->file = (uint8_t)(slot - 1);
	else
		sqe->slot = slot;
	if (sqe->op == ABI_OP_OPENAT && !slot)
		sqe->opens = FD_OPENED;
	return end;
}
