/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_args.c - arguments of a statement, and whether it returns something
 */
#include <string.h>

#include "scenarios/run/bind.h"
#include "sim/base/check.h"

const ScnArg *scn_arg_key(const ScnStmt *stmt, const char *key)
{
	for (uint32_t i = 0; i < stmt->args_n; i++)
		if (stmt->args[i].key && strcmp(stmt->args[i].key, key) == 0)
			return &stmt->args[i];
	return NULL;
}

const ScnArg *scn_arg_operand(const ScnStmt *stmt, uint32_t n)
{
	for (uint32_t i = 0; i < stmt->args_n; i++)
		if (!stmt->args[i].key && n-- == 0)
			return &stmt->args[i];
	return NULL;
}

bool scn_stmt_returns(const ScnStmt *stmt)
{
	switch (stmt->verb) {
	case SCN_VERB_ENTER:
	case SCN_VERB_FEED:
	case SCN_VERB_TAKE:
	case SCN_VERB_EMPTY:
	case SCN_VERB_CLOSE:
	case SCN_VERB_REAP:
	case SCN_VERB_ENABLE:
	case SCN_VERB_RESTRICT:
	case SCN_VERB_PEEK:
	case SCN_VERB_REGISTER_FILES:
	case SCN_VERB_UNREGISTER_FILES:
	case SCN_VERB_UPDATE_FILES:
	case SCN_VERB_REGISTER_BUFFERS:
	case SCN_VERB_UNREGISTER_BUFFERS:
	case SCN_VERB_UPDATE_BUFFERS:
	case SCN_VERB_ALLOC_RANGE:
	case SCN_VERB_CLONE_BUFFERS:
	case SCN_VERB_BREAD:
	case SCN_VERB_BWRITE:
	case SCN_VERB_BYTES:
	case SCN_VERB_ZEROES:
	case SCN_VERB_STALE:
	case SCN_VERB_WAKE:
	case SCN_VERB_END:
	case SCN_VERB_SYNC_CANCEL:
	case SCN_VERB_BFLUSH:
	case SCN_VERB_BDISCARD:
	case SCN_VERB_BZERO:
	case SCN_VERB_CONTROL:
	case SCN_VERB_OPEN_CHAR:
	case SCN_VERB_IOD:
	case SCN_VERB_REGISTER_PBUF_RING:
	case SCN_VERB_UNREGISTER_PBUF_RING:
	case SCN_VERB_PBUF_STATUS:
	case SCN_VERB_DUP:
	case SCN_VERB_BOUNDED:
	case SCN_VERB_UNBOUNDED:
		return true;
	case SCN_VERB_SQE:
	case SCN_VERB_BARRIER:
	case SCN_VERB_EXIT:
	case SCN_VERB_KILL:
	case SCN_VERB_STORE:
	case SCN_VERB_SIGNAL:
	case SCN_VERB_SLEEP:
	case SCN_VERB_GIVE:
		return false;
	case SCN_VERB_COUNT_:
		break;
	}
	SIM_CHECK(false);
	return false;
}
