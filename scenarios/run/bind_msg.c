/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_msg.c - messages from ring to ring
 *
 * One to a ring with DEFER_TASKRUN is a request of that ring on its way: numbered behind
 * the SQEs and tags.
 */
#include "model/abi/abi.h"
#include "model/events/events.h"
#include "scenarios/run/bind_priv.h"

/* The ring that it goes to by task work, or NULL. */
static const ScnObj *remote_ring(const ScnScenario *scn, const ScnStmt *stmt)
{
	const ScnArg *to = scn_arg_operand(stmt, 0);
	const ScnObj *ring = to && to->obj >= 0 ? &scn->objs[to->obj] : NULL;

	return ring && stmt->op == ABI_OP_MSG_RING && ring->kind == SCN_OBJ_RING &&
			       ring->flags & ABI_SETUP_DEFER_TASKRUN
		       ? ring
		       : NULL;
}

uint32_t bind_remotes(const ScnScenario *scn)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < scn->sqes_n; i++) {
		const ScnSqeRef *ref = &scn->sqes[i];

		n += remote_ring(scn, &scn->tasks[ref->task].stmts[ref->stmt]) != NULL;
	}
	return n;
}

static void bind_remote(Bind *b, const ScnStmt *stmt, SqeConf *sqe, uint32_t req)
{
	const uint32_t message = b->conf->sqes_n + b->counts[SCN_OBJ_TAG] + ++b->remotes;

	if (message > MODEL_REQS_MAX) {
		BIND_ERROR(b, stmt->loc,
			   "more than %u SQEs, tags and messages are not "
			   "modelled",
			   MODEL_REQS_MAX);
		return;
	}
	sqe->target = message;
	b->conf->sqes[message] = (SqeConf){.op = ABI_OP_MSG_RING,
					   .ring = sqe->file,
					   .task = b->conf->rings[sqe->file].submitter,
					   .file_kind = FILE_KIND_NONE,
					   .target = req};
}

void bind_message(Bind *b, const ScnStmt *stmt, SqeConf *sqe, uint32_t req)
{
	const ScnArg *to = scn_arg_operand(stmt, 0), *res = scn_arg_key(stmt, "result");
	const ScnArg *flags = scn_arg_key(stmt, "index");

	sqe->inject = res ? (int32_t)res->value : 0;
	bind_mode(b, stmt, sqe, ABI_MODE_MSG);
	sqe->cmd.index = flags ? (uint16_t)flags->value : 0;
	/* Which ones a condition can see, and that do not make it another's CQE. */
	if (sqe->cmd.index & ~(unsigned)(ABI_CQE_BUFFER | ABI_CQE_SOCK_NONEMPTY))
		BIND_ERROR(b, flags->loc,
			   "of the flags of a CQE a message may have BUFFER "
			   "and SOCK_NONEMPTY here");
	if (to->obj < 0 || b->scn->objs[to->obj].kind != SCN_OBJ_RING) {
		bind_file(b, stmt, sqe);
		return;
	}
	sqe->file_kind = FILE_KIND_NONE;
	sqe->file = (uint8_t)b->number[to->obj];
	if ((uint32_t)to->obj == stmt->ring)
		BIND_ERROR(b, to->loc, "a message to the ring itself is not modelled");
	else if (remote_ring(b->scn, stmt))
		bind_remote(b, stmt, sqe, req);
}
