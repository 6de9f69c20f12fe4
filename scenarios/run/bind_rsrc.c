/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind_rsrc.c - tables of files and buffers, tags, ublk devices and block requests
 *
 * Everything is counted before it is used: a world has room for as many nodes as the
 * statements of its scenario could ever make.
 */
#include "model/abi/abi.h"
#include "model/ublk/ublk.h"
#include "model/uring/state.h"
#include "scenarios/run/bind_priv.h"
#include "sim/base/check.h"

#define SLOTS_MAX   1024u
#define REQUEST_MAX (1u << 20) /* bytes */
#define PARTS_MAX   32u
#define FILES_MOST  1024u  /* RLIMIT_NOFILE, as it is by default */
#define BUFS_MOST   16384u /* IORING_MAX_REG_BUFFERS */

uint32_t bind_pipes(const Bind *b)
{
	return b->counts[SCN_OBJ_PIPE] + 2u * b->counts[SCN_OBJ_SOCKET] +
	       b->counts[SCN_OBJ_LISTENER];
}

uint16_t bind_resource(const Bind *b, uint32_t obj)
{
	uint32_t n = b->number[obj];

	if (b->scn->objs[obj].kind != SCN_OBJ_BUF)
		n += b->counts[SCN_OBJ_BUF];
	if (b->scn->objs[obj].kind == SCN_OBJ_FILE)
		n += bind_pipes(b);
	return (uint16_t)n;
}

static bool is_table(ScnVerb verb)
{
	return verb >= SCN_VERB_REGISTER_FILES && verb <= SCN_VERB_CLONE_BUFFERS;
}

static bool is_register(ScnVerb verb)
{
	return verb == SCN_VERB_REGISTER_FILES || verb == SCN_VERB_REGISTER_BUFFERS;
}

static unsigned table_of(ScnVerb verb)
{
	return verb <= SCN_VERB_UPDATE_FILES ? RSRC_FILES : RSRC_BUFS;
}

/* Slots of the largest table there is. */
static uint32_t most_of(ScnVerb verb)
{
	return table_of(verb) == RSRC_FILES ? FILES_MOST : BUFS_MOST;
}

static uint32_t slots_of(const ScnStmt *stmt)
{
	const ScnArg *nr = scn_arg_key(stmt, "nr");

	return nr ? (uint32_t)nr->value : stmt->slots_n;
}

/* Tags are numbered behind the SQEs; each belongs to one ring. */
static uint16_t tag_of(Bind *b, const ScnSlot *slot, uint32_t ring)
{
	uint32_t req;

	if (slot->tag < 0)
		return 0;
	req = b->conf->sqes_n + b->number[slot->tag];
	if (b->conf->sqes[req].ring)
		BIND_ERROR(b, slot->loc, "tag %s stands for one element, not for two",
			   b->scn->objs[slot->tag].name);
	b->conf->sqes[req] = (SqeConf){
		.op = ABI_OP_NOP, .ring = (uint8_t)b->number[ring], .user_data = req};
	return (uint16_t)req;
}

/* The elements of @stmt; the first one's index. */
static uint16_t add_elems(Bind *b, const ScnStmt *stmt, uint32_t n)
{
	const uint32_t first = b->elems->len;

	for (uint32_t i = 0; i < n; i++) {
		const ScnSlot *slot = i < stmt->slots_n ? &stmt->slots[i] : NULL;
		RsrcConf el = {0};

		if (slot) {
			el.tag = tag_of(b, slot, stmt->ring);
			el.skip = slot->kind == SCN_SLOT_SKIP;
			if (slot->kind == SCN_SLOT_OBJ) {
				el.res = bind_resource(b, slot->obj);
				el.fd = b->fd_of[slot->obj];
			} else if (slot->kind == SCN_SLOT_BAD)
				el.res = RSRC_BAD;
		}
		g_array_append_val(b->elems, el);
	}
	b->nodes += 2 * n + 1;
	b->conf->resources = true;
	return (uint16_t)first;
}

/* Ring to copy from. */
static unsigned clone_source(const Bind *b, const ScnStmt *stmt)
{
	return b->number[scn_arg_operand(stmt, 0)->obj];
}

static uint32_t key_or(const ScnStmt *stmt, const char *key, uint32_t otherwise)
{
	const ScnArg *arg = scn_arg_key(stmt, key);

	return arg ? (uint32_t)arg->value : otherwise;
}

static void bind_clone(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *off = scn_arg_key(stmt, "off");

	to->kind = STMT_CLONE;
	to->obj = (uint16_t)clone_source(b, stmt);
	to->n = key_or(stmt, "nr", 0);
	to->flags = key_or(stmt, "at", 0);
	to->replace = (stmt->flags & ABI_REGISTER_DST_REPLACE) != 0;
	/* A place beyond all tables is refused before it is looked at. */
	to->wait = off && off->value > 0 ? (uint32_t)MIN(off->value, UINT32_MAX) : 0;
	b->nodes += b->conf->rings[to->ring].slots_max[RSRC_BUFS] + 1u;
}

void bind_table(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *off = scn_arg_key(stmt, "off"), *nr = scn_arg_key(stmt, "nr");

	if (nr && stmt->slots_n)
		BIND_ERROR(b, nr->loc, "either slots= or nr= of empty ones");
	to->ring = (uint8_t)b->number[stmt->ring];
	to->flags = table_of(stmt->verb);
	to->kind = STMT_UNREGISTER;
	b->nodes += 2;
	b->conf->resources = true;
	if (stmt->verb == SCN_VERB_ALLOC_RANGE) {
		to->kind = STMT_ALLOC_RANGE;
		to->n = slots_of(stmt);
		to->wait = off ? (uint32_t)CLAMP(off->value, 0, UINT16_MAX) : 0;
		if (to->n + to->wait > SLOTS_MAX)
			BIND_ERROR(b, stmt->loc, "more than %u slots are not modelled",
				   SLOTS_MAX);
		return;
	}
	if (stmt->verb == SCN_VERB_CLONE_BUFFERS) {
		bind_clone(b, stmt, to);
		return;
	}
	if (stmt->verb == SCN_VERB_UNREGISTER_FILES ||
	    stmt->verb == SCN_VERB_UNREGISTER_BUFFERS)
		return;
	to->kind = is_register(stmt->verb) ? STMT_REGISTER : STMT_UPDATE;
	to->n = slots_of(stmt);
	to->wait = off && off->value > 0 ? (uint32_t)MIN(off->value, UINT32_MAX) : 0;
	if (is_register(stmt->verb) && nr && to->n > most_of(stmt->verb))
		return; /* refused before anything is done (R1-30/many) */
	if (to->n > SLOTS_MAX)
		BIND_ERROR(b, stmt->loc, "more than %u slots are not modelled",
			   SLOTS_MAX);
	else
		to->obj = add_elems(b, stmt, to->n);
}

void bind_files_update(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *off = scn_arg_operand(stmt, 0);

	sqe->file_kind = FILE_KIND_NONE;
	bind_mode(b, stmt, sqe, ABI_MODE_OPEN);
	if (sqe->mode & ~(uint32_t)ABI_FILE_INDEX_ALLOC || !sqe->mode == !off)
		BIND_ERROR(b, stmt->loc,
			   "files_update takes its first slot, or "
			   "mode=FILE_INDEX_ALLOC instead");
	if (sqe->mode)
		sqe->slot = SLOT_ALLOC;
	if (off && (off->value < 0 || off->value > UINT16_MAX))
		BIND_ERROR(b, off->loc, "the first slot is from 0 to %u", UINT16_MAX);
	sqe->at = off ? (uint32_t)off->value : 0;
	sqe->elems_n = (uint16_t)stmt->slots_n;
	for (uint32_t i = 0; i < stmt->slots_n; i++)
		if (stmt->slots[i].tag >= 0)
			BIND_ERROR(b, stmt->slots[i].loc,
				   "an SQE cannot set tags, only update_files can");
	sqe->elems = add_elems(b, stmt, stmt->slots_n);
}

void bind_cmd(Bind *b, const ScnStmt *stmt, SqeConf *sqe)
{
	const ScnArg *dev = scn_arg_operand(stmt, 0), *buf = scn_arg_operand(stmt, 1);
	const ScnArg *cmd = scn_arg_key(stmt, "cmd"), *res = scn_arg_key(stmt, "result");

	if (!cmd)
		BIND_ERROR(b, stmt->loc, "a uring_cmd needs cmd=");
	else if (cmd->value > UINT8_MAX)
		BIND_ERROR(b, cmd->loc,
			   "that is a command of /dev/ublk-control: write control");
	sqe->file_kind = FILE_KIND_UBLK;
	sqe->file = (uint8_t)b->number[dev->obj];
	if (buf)
		sqe->buf = (uint8_t)b->number[buf->obj];
	sqe->cmd = (UblkCmdConf){.cmd = cmd ? (uint8_t)cmd->value : 0,
				 .tag = (uint16_t)key_or(stmt, "tag", 0),
				 .q = (uint16_t)key_or(stmt, "q", 0),
				 .index = (uint16_t)key_or(stmt, "index", 0),
				 .fallback = key_or(stmt, "fallback", 0) != 0,
				 .nr = (uint16_t)key_or(stmt, "nr", 1),
				 .result = res ? (int32_t)res->value : 0};
	b->nodes++;
}

static bool is_bio(ScnVerb verb)
{
	return verb >= SCN_VERB_BREAD && verb <= SCN_VERB_BZERO;
}

static bool has_data(ScnVerb verb)
{
	return verb == SCN_VERB_BREAD || verb == SCN_VERB_BWRITE;
}

/* The largest request that its device takes. */
static uint32_t largest_of(const Bind *b, const ScnStmt *stmt)
{
	const ScnObj *dev = &b->scn->objs[scn_arg_operand(stmt, 0)->obj];

	return dev->size && has_data(stmt->verb) ? (uint32_t)MIN(dev->size, REQUEST_MAX)
						 : REQUEST_MAX;
}

/*
 * Bytes of each request: what is submitted at once and lies side by side is one request
 * if it is not too long; what is too long is split.
 */
static uint32_t part_of(const Bind *b, const ScnStmt *stmt)
{
	const uint32_t most = largest_of(b, stmt), nr = MAX(key_or(stmt, "nr", 1), 1);
	const uint32_t one = key_or(stmt, "len", 0) / nr;

	return one < most ? most / MAX(one, 1) * MAX(one, 1) : most;
}

static uint32_t parts_of(const Bind *b, const ScnStmt *stmt)
{
	const uint32_t len = key_or(stmt, "len", 0), part = part_of(b, stmt);

	return len > part && part ? MIN((len + part - 1) / part, PARTS_MAX) : 1;
}

static void check_bio(Bind *b, const ScnStmt *stmt)
{
	const ScnArg *len = scn_arg_key(stmt, "len"), *nr = scn_arg_key(stmt, "nr");

	if (stmt->verb != SCN_VERB_BFLUSH &&
	    (!len || len->value % 512 || len->value == 0 || len->value > REQUEST_MAX))
		BIND_ERROR(b, len ? len->loc : stmt->loc,
			   "a block request needs len=, in sectors of 512 bytes; at most "
			   "1M");
	/* io_uring has a plug from three on. */
	if (nr && len &&
	    (nr->value < 3 || nr->value > 16 || len->value % nr->value ||
	     len->value / nr->value % 512))
		BIND_ERROR(b, nr->loc, "nr= is from 3 to 16, each of whole sectors");
}

void bind_bio(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const uint32_t first = b->conf->blks_n + 1, parts = parts_of(b, stmt);
	const uint32_t len = key_or(stmt, "len", 0), part = part_of(b, stmt);

	check_bio(b, stmt);
	if (b->scn->objs[scn_arg_operand(stmt, 0)->obj].flags & ABI_UBLK_BATCH_IO)
		BIND_ERROR(b, stmt->loc,
			   "requests of a device with BATCH_IO are not modelled yet");
	to->kind = STMT_BIO;
	to->obj = (uint16_t)first;
	for (uint32_t i = 0; i < parts; i++)
		b->conf->blks[++b->conf->blks_n] = (BlkConf){
			.dev = (uint8_t)b->number[scn_arg_operand(stmt, 0)->obj],
			.len = parts == 1 ? len : MIN(part, len - i * part),
			.first = (uint16_t)first,
			.more = (uint16_t)(i ? 0 : parts - 1),
			.write = stmt->verb == SCN_VERB_BWRITE,
			.no_data = !has_data(stmt->verb),
			.zeroes = stmt->verb == SCN_VERB_BZERO,
			.plug = scn_arg_key(stmt, "nr") != NULL};
	/* Not for the same task's sum: it is there if it is needed. */
	if (stmt->verb == SCN_VERB_BZERO)
		b->conf->blks[++b->conf->blks_n] =
			(BlkConf){.dev = b->conf->blks[first].dev,
				  .len = len,
				  .first = (uint16_t)(first + 1),
				  .write = true,
				  .instead = true};
}

static bool has_kill(const Bind *b)
{
	for (uint32_t t = 0; t < b->scn->tasks_n; t++)
		for (uint32_t i = 0; i < b->scn->tasks[t].stmts_n; i++)
			if (b->scn->tasks[t].stmts[i].verb == SCN_VERB_KILL)
				return true;
	return false;
}

static void check_iod(Bind *b, const ScnStmt *stmt, const StmtConf *to)
{
	if (to->wait >= b->conf->ublks[to->obj].depth)
		BIND_ERROR(b, stmt->loc, "tags are from 0 to %u",
			   b->conf->ublks[to->obj].depth - 1u);
	/* The first process that maps the descriptions is the only one (U-13). */
	if (has_kill(b))
		BIND_ERROR(b, stmt->loc, "iod and kill together are not modelled");
}

void bind_control(Bind *b, const ScnStmt *stmt, StmtConf *to)
{
	const ScnArg *cmd = scn_arg_key(stmt, "cmd"), *tag = scn_arg_key(stmt, "tag");

	to->kind = STMT_CONTROL;
	to->obj = b->number[scn_arg_operand(stmt, 0)->obj];
	if (stmt->verb != SCN_VERB_CONTROL) {
		to->n = stmt->verb == SCN_VERB_IOD ? UBLK_LOOK_IOD : UBLK_LOOK_OPEN;
		to->wait = tag ? (uint32_t)tag->value : 0;
		if (stmt->verb == SCN_VERB_IOD)
			check_iod(b, stmt, to);
		return;
	}
	to->n = cmd ? (uint32_t)cmd->value : 0;
	if (!cmd || cmd->value <= UINT8_MAX)
		BIND_ERROR(b, cmd ? cmd->loc : stmt->loc,
			   "control needs cmd= of /dev/ublk-control, as START_DEV");
}

static void bind_devices(Bind *b)
{
	uint32_t tags = 0;

	b->conf->ublks_n = b->counts[SCN_OBJ_UBLK];
	b->conf->ublks = g_new0(UblkConf, b->conf->ublks_n + 1);
	for (uint32_t i = 0; i < b->scn->objs_n; i++) {
		const ScnObj *obj = &b->scn->objs[i];

		if (obj->kind != SCN_OBJ_UBLK)
			continue;
		if (obj->size && (obj->size % 4096 || obj->size > REQUEST_MAX))
			BIND_ERROR(b, obj->loc,
				   "size= of a device, the largest request, is in pages, "
				   "up to 1M");
		if (obj->timeout &&
		    (obj->timeout % 1000000 || obj->timeout / 1000 > INT32_MAX))
			BIND_ERROR(b, obj->loc,
				   "timeout= of a device is in ms, up to 2147 s");
		b->conf->ublks[b->number[i]] =
			(UblkConf){.flags = obj->flags,
				   .timeout_us = (uint32_t)(obj->timeout / 1000),
				   .depth = (uint16_t)obj->entries,
				   .tag_at = (uint16_t)tags};
		tags += obj->entries;
		if (tags > UINT8_MAX)
			BIND_ERROR(b, obj->loc, "more than %u tags are not modelled",
				   UINT8_MAX);
	}
	b->conf->tags_n = tags;
	b->conf->resources |= b->conf->ublks_n > 0;
}

/* What the scenario does itself. */
static void note_control(Bind *b, const ScnStmt *stmt)
{
	UblkConf *dev = &b->conf->ublks[b->number[scn_arg_operand(stmt, 0)->obj]];
	const uint32_t cmd = key_or(stmt, "cmd", 0);

	if (cmd == ABI_UBLK_ADD_DEV)
		dev->by_hand |= UBLK_HAND_ADD;
	else if (cmd == ABI_UBLK_SET_PARAMS)
		dev->by_hand |= UBLK_HAND_PARAMS;
	else if (cmd == ABI_UBLK_START_DEV)
		dev->by_hand |= UBLK_HAND_START;
}

/* The largest table that a statement registers in each ring. */
static void note_slots(Bind *b, const ScnStmt *stmt)
{
	RingConf *ring = &b->conf->rings[b->number[stmt->ring]];
	const unsigned table = table_of(stmt->verb);

	if (is_register(stmt->verb) && slots_of(stmt) <= SLOTS_MAX &&
	    slots_of(stmt) > ring->slots_max[table])
		ring->slots_max[table] = (uint16_t)slots_of(stmt);
}

/*
 * A clone has as many slots as its source may have, from its first on; the source may be
 * a clone itself, so this is done until nothing grows. Each slot may become pages that
 * tables share.
 */
static void note_clone(Bind *b, const ScnStmt *stmt, bool last)
{
	RingConf *to = &b->conf->rings[b->number[stmt->ring]];
	const RingConf *from = &b->conf->rings[clone_source(b, stmt)];
	const uint32_t nr = key_or(stmt, "nr", 0), off = key_or(stmt, "off", 0);
	uint32_t slots =
		nr && nr < from->slots_max[RSRC_BUFS] ? nr : from->slots_max[RSRC_BUFS];

	if (last)
		b->conf->maps_n += slots;
	if (off < SLOTS_MAX)
		slots += off;
	if (slots > SLOTS_MAX && last)
		BIND_ERROR(b, stmt->loc, "more than %u slots are not modelled",
			   SLOTS_MAX);
	else if (slots <= SLOTS_MAX && slots > to->slots_max[RSRC_BUFS])
		to->slots_max[RSRC_BUFS] = (uint16_t)slots;
}

static void note_clones(Bind *b)
{
	for (uint32_t round = 0; round <= b->conf->rings_n; round++)
		for (uint32_t t = 0; t < b->scn->tasks_n; t++)
			for (uint32_t i = 0; i < b->scn->tasks[t].stmts_n; i++) {
				const ScnStmt *stmt = &b->scn->tasks[t].stmts[i];

				if (stmt->verb == SCN_VERB_CLONE_BUFFERS)
					note_clone(b, stmt, round == b->conf->rings_n);
			}
}

/* What nobody could add is added by the scenario, which sees that. */
static void check_unprivileged(Bind *b)
{
	const uint32_t not_for_it =
		ABI_UBLK_SUPPORT_ZERO_COPY | ABI_UBLK_USER_COPY | ABI_UBLK_AUTO_BUF_REG;

	for (uint32_t i = 0; i < b->scn->objs_n; i++) {
		const ScnObj *obj = &b->scn->objs[i];
		const UblkConf *dev = &b->conf->ublks[b->number[i]];

		if (obj->kind != SCN_OBJ_UBLK ||
		    !(obj->flags & ABI_UBLK_UNPRIVILEGED_DEV))
			continue;
		if (obj->flags & not_for_it && !(dev->by_hand & UBLK_HAND_ADD))
			BIND_ERROR(b, obj->loc,
				   "nobody can add an UNPRIVILEGED_DEV with these flags: "
				   "control with ADD_DEV says so");
		if (obj->timeout)
			BIND_ERROR(b, obj->loc,
				   "timeout= of an UNPRIVILEGED_DEV is not modelled");
	}
}

void bind_tables(Bind *b)
{
	uint32_t bios = 0;

	bind_devices(b);
	b->conf->buf_bytes = g_new0(uint32_t, b->conf->bufs_n + 1);
	for (uint32_t i = 0; i < b->scn->objs_n; i++)
		if (b->scn->objs[i].kind == SCN_OBJ_BUF)
			b->conf->buf_bytes[b->number[i]] =
				(uint32_t)MIN(b->scn->objs[i].size, UINT32_MAX);
	for (uint32_t t = 0; t < b->scn->tasks_n; t++) {
		for (uint32_t i = 0; i < b->scn->tasks[t].stmts_n; i++) {
			const ScnStmt *stmt = &b->scn->tasks[t].stmts[i];

			if (is_table(stmt->verb))
				note_slots(b, stmt);
			if (is_bio(stmt->verb))
				bios += parts_of(b, stmt) +
					(stmt->verb == SCN_VERB_BZERO);
			if (stmt->verb == SCN_VERB_CONTROL)
				note_control(b, stmt);
		}
	}
	note_clones(b);
	check_unprivileged(b);
	b->conf->blks = g_new0(BlkConf, bios + 1);
	for (uint32_t r = 1; r <= b->conf->rings_n; r++) {
		for (unsigned table = 0; table < 2; table++) {
			b->conf->rings[r].slots_at[table] = (uint16_t)b->conf->slots_n;
			b->conf->slots_n += b->conf->rings[r].slots_max[table];
		}
	}
}

void bind_tables_end(Bind *b)
{
	ModelConf *cf = b->conf;

	cf->elems_n = b->elems->len;
	cf->elems = g_memdup2(b->elems->data, b->elems->len * sizeof(RsrcConf));
	bind_fds_end(b);
	if (!cf->resources)
		return;
	cf->nodes_n = b->nodes + cf->rings_n + cf->blks_n;
	cf->driver_bytes = ublk_world_bytes(cf);
}

void bind_watched(Bind *b)
{
	/* Which of several it is nobody outside could tell. */
	if (b->conf->blks_n == 1)
		b->conf->watched_blk = (uint16_t)(b->scn->objs_n + 1);
	b->conf->watched =
		g_new0(uint16_t, model_kbuf_base(b->conf) + b->conf->rings_n + 1);
	for (uint32_t i = 0; i < b->scn->objs_n; i++) {
		const ScnObjKind kind = b->scn->objs[i].kind;

		if (scn_scenario_sees(b->scn, i))
			b->conf->watched[bind_resource(b, i)] = (uint16_t)(i + 1);
		else if (kind == SCN_OBJ_RING)
			b->conf->watched[model_kbuf_base(b->conf) + b->number[i]] =
				(uint16_t)(i + 1);
	}
}
