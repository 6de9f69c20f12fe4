/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf.c - allocate and free the tables of a ModelConf
 */
#include "model/task/conf.h"

#include <glib.h>

#include "model/abi/abi.h"

ModelConf *model_conf_new(uint32_t reqs, uint32_t tasks, uint32_t rings, uint32_t pipes,
			  uint32_t stmts, uint32_t results, uint32_t barriers)
{
	ModelConf *cf = g_new0(ModelConf, 1);

	cf->sqes = g_new0(SqeConf, reqs + 1);
	cf->reqs_n = reqs;
	cf->sqes_n = reqs;
	cf->tasks = g_new0(TaskConf, tasks + 1);
	cf->tasks_n = tasks;
	cf->apps_n = tasks;
	cf->rings = g_new0(RingConf, rings + 1);
	cf->rings_n = rings;
	cf->pipes = g_new0(PipeConf, pipes + 1);
	cf->pipes_n = pipes;
	cf->stmts = g_new0(StmtConf, stmts + 1);
	cf->results = g_new0(int32_t, results + 1);
	cf->results_n = results;
	cf->barrier_tasks = g_new0(uint16_t, barriers + 1);
	cf->barriers_n = barriers;
	cf->sym_class = g_new0(uint8_t, reqs + 1);
	cf->restricts = g_new0(RestrictConf, 2);
	return cf;
}

void model_conf_derive(ModelConf *cf)
{
	bool written[UINT8_MAX + 1] = {false};

	cf->files_apart = true;
	cf->workers_lock = cf->words_n || cf->groups;
	/* Requests end before they are done, and that a worker sleeps is seen. */
	cf->cancels |= cf->closes || cf->limits;
	for (uint32_t i = 1; i <= cf->reqs_n; i++) {
		const SqeConf *sqe = &cf->sqes[i];

		cf->timers |= sqe->op == ABI_OP_TIMEOUT || sqe->op == ABI_OP_LINK_TIMEOUT;
		cf->races |= sqe->op == ABI_OP_LINK_TIMEOUT && sqe->us < MODEL_LONG_US;
		cf->cancels |= sqe->op == ABI_OP_ASYNC_CANCEL ||
			       sqe->op == ABI_OP_TIMEOUT_REMOVE ||
			       sqe->op == ABI_OP_POLL_REMOVE ||
			       sqe->op == ABI_OP_LINK_TIMEOUT;
		cf->allocs |= sqe->slot == SLOT_ALLOC;
		cf->workers_lock |= sqe->file_kind == FILE_KIND_DISK;
		cf->notifies |= sqe->notif != 0;
		cf->drains |= (sqe->flags & ABI_SQE_IO_DRAIN) != 0;
		if (!abi_op_writes(sqe->op))
			continue;
		if (sqe->file_kind == FILE_KIND_FIXED)
			cf->files_apart = false;
		if (sqe->file_kind != FILE_KIND_REGULAR)
			continue;
		if (written[sqe->file])
			cf->files_apart = false;
		written[sqe->file] = true;
	}
}

void model_conf_free(ModelConf *cf)
{
	if (!cf)
		return;
	g_free(cf->sqes);
	g_free(cf->elems);
	g_free(cf->word_fill);
	g_free(cf->syncs);
	g_free(cf->restricts);
	g_free(cf->buf_bytes);
	g_free(cf->groups);
	g_free(cf->fds);
	g_free(cf->watched);
	g_free(cf->ublks);
	g_free(cf->blks);
	g_free(cf->tasks);
	g_free(cf->rings);
	g_free(cf->pipes);
	g_free(cf->stmts);
	g_free(cf->results);
	g_free(cf->barrier_tasks);
	g_free(cf->sym_class);
	g_free(cf);
}
