/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_record.h - executions written by hand, one row an event
 *
 * Layer:  tests. Shared by the suites of trace/; everything static.
 */
#ifndef TESTS_UNIT_TRACE_T_RECORD_H
#define TESTS_UNIT_TRACE_T_RECORD_H

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "model/rules/rules.h"
#include "sim/base/check.h"
#include "trace/record.h"

typedef struct Row {
	uint64_t step;
	uint16_t actor, kind, obj, obj2;
	int32_t a;
	uint32_t b, c;
	uint16_t rule;
} Row;

enum { DEV, P0, WQ }; /* actors of a scenario with one task */
enum { LEAD = 1, M1, M2, W };

#define FLAGSHIP_LEN 65536

/* design.md's grp3-link-write: lead {m1 m2} -> w; m1 is slower than m2. */
static const Row flagship[] = {
	/* clang-format off */
	/* step actor kind             obj   obj2  a */
	{  0, P0,  EV_SQE,           LEAD, 0,    0, 0, 0, 0},
	{  1, P0,  EV_SQE,           M1,   0,    0, 0, 0, 0},
	{  2, P0,  EV_SQE,           M2,   0,    0, 0, 0, 0},
	{  3, P0,  EV_SQE,           W,    0,    0, 0, 0, 0},
	{  4, P0,  EV_ENTER,         0,    0,    4, 0, 0, 0},
	{  4, P0,  EV_SUBMIT_START,  0,    0,    4, 0, 0, 0},
	{  4, P0,  EV_SUBMIT_REQ,    LEAD, 0,    0, ABI_SQE_GROUP | ABI_SQE_IO_LINK, 0, 0},
	{  4, P0,  EV_GROUP_OPEN,    LEAD, 0,    0, 0, 0, RULE_G_4},
	{  4, P0,  EV_SUBMIT_REQ,    M1,   0,    0, ABI_SQE_GROUP, 0, 0},
	{  4, P0,  EV_GROUP_ADD,     M1,   LEAD, 0, 0, 0, RULE_G_4},
	{  4, P0,  EV_SUBMIT_REQ,    M2,   0,    0, 0, 0, 0},
	{  4, P0,  EV_GROUP_ADD,     M2,   LEAD, 0, 0, 0, RULE_G_4},
	{  4, P0,  EV_GROUP_CLOSE,   LEAD, 0,    3, 0, 0, RULE_G_4},
	{  4, P0,  EV_SUBMIT_REQ,    W,    0,    0, 0, 0, 0},
	{  4, P0,  EV_LINK,          W,    LEAD, 0, 0, 0, 0},
	{  4, P0,  EV_ISSUE,         LEAD, 0,    0, 0, 0, 0},
	{  4, P0,  EV_SUBMIT_END,    0,    0,    4, 0, 0, 0},
	{  5, P0,  EV_BLOCK,         0,    0,    4, 0, 0, 0},
	{  6, DEV, EV_TW_ADD,        LEAD, 0,    TW_COMPLETE, 0, 0, 0},
	{  7, P0,  EV_TW_BEGIN,      0,    0,    1, 0, 0, 0},
	{  7, P0,  EV_TW_ITEM,       LEAD, 0,    TW_COMPLETE, 0, 0, 0},
	{  7, P0,  EV_COMPLETE,      LEAD, 0,    FLAGSHIP_LEN, 0, 0, 0},
	{  7, P0,  EV_FLUSH,         0,    0,    1, 0, 0, 0},
	{  7, P0,  EV_LEADER_DONE,   LEAD, 0,    2, 0, 0, RULE_G_20},
	{  7, P0,  EV_MEMBER_QUEUED, M1,   LEAD, 0, 0, 0, RULE_G_20},
	{  7, P0,  EV_TW_ADD,        M1,   0,    TW_SUBMIT, 0, 0, 0},
	{  7, P0,  EV_MEMBER_QUEUED, M2,   LEAD, 0, 0, 0, RULE_G_20},
	{  7, P0,  EV_TW_ADD,        M2,   0,    TW_SUBMIT, 0, 0, 0},
	{  8, P0,  EV_TW_BEGIN,      0,    0,    2, 0, 0, 0},
	{  8, P0,  EV_TW_ITEM,       M1,   0,    TW_SUBMIT, 0, 0, 0},
	{  8, P0,  EV_ISSUE,         M1,   0,    0, 0, 0, 0},
	{  8, P0,  EV_PUNT,          M1,   0,    0, 0, 0, 0},
	{  8, P0,  EV_TW_ITEM,       M2,   0,    TW_SUBMIT, 0, 0, 0},
	{  8, P0,  EV_ISSUE,         M2,   0,    0, 0, 0, 0},
	{  8, P0,  EV_PUNT,          M2,   0,    0, 0, 0, 0},
	{  9, WQ,  EV_WQ_PICK,       M1,   0,    0, 0, 0, 0},
	{ 10, WQ,  EV_WQ_PICK,       M2,   0,    0, 0, 0, 0},
	{ 11, WQ,  EV_COMPLETE,      M2,   0,    FLAGSHIP_LEN, 0, 0, 0},
	{ 11, WQ,  EV_TW_ADD,        M2,   0,    TW_COMPLETE, 0, 0, 0},
	{ 12, WQ,  EV_COMPLETE,      M1,   0,    FLAGSHIP_LEN, 0, 0, 0},
	{ 12, WQ,  EV_TW_ADD,        M1,   0,    TW_COMPLETE, 0, 0, 0},
	{ 13, P0,  EV_TW_BEGIN,      0,    0,    2, 0, 0, 0},
	{ 13, P0,  EV_TW_ITEM,       M2,   0,    TW_COMPLETE, 0, 0, 0},
	{ 13, P0,  EV_TW_ITEM,       M1,   0,    TW_COMPLETE, 0, 0, 0},
	{ 13, P0,  EV_FLUSH,         0,    0,    2, 0, 0, 0},
	{ 13, P0,  EV_CQE,           M2,   0,    FLAGSHIP_LEN, 0, 0, 0},
	{ 13, P0,  EV_CQE,           M1,   0,    FLAGSHIP_LEN, 0, 0, 0},
	{ 13, P0,  EV_CQE,           LEAD, 0,    FLAGSHIP_LEN, 0, 0, RULE_G_22},
	{ 13, P0,  EV_FREE,          M2,   0,    0, 0, 0, 0},
	{ 13, P0,  EV_FREE,          M1,   0,    0, 0, 0, 0},
	{ 13, P0,  EV_START_NEXT,    W,    LEAD, 0, 0, 0, 0},
	{ 13, P0,  EV_TW_ADD,        W,    0,    TW_SUBMIT, 0, 0, 0},
	{ 13, P0,  EV_FREE,          LEAD, 0,    0, 0, 0, 0},
	{ 14, P0,  EV_TW_BEGIN,      0,    0,    1, 0, 0, 0},
	{ 14, P0,  EV_TW_ITEM,       W,    0,    TW_SUBMIT, 0, 0, 0},
	{ 14, P0,  EV_ISSUE,         W,    0,    0, 0, 0, 0},
	{ 14, P0,  EV_PUNT,          W,    0,    0, 0, 0, 0},
	{ 15, WQ,  EV_WQ_PICK,       W,    0,    0, 0, 0, 0},
	{ 16, WQ,  EV_COMPLETE,      W,    0,    FLAGSHIP_LEN, 0, 0, 0},
	{ 16, WQ,  EV_TW_ADD,        W,    0,    TW_COMPLETE, 0, 0, 0},
	{ 17, P0,  EV_TW_BEGIN,      0,    0,    1, 0, 0, 0},
	{ 17, P0,  EV_TW_ITEM,       W,    0,    TW_COMPLETE, 0, 0, 0},
	{ 17, P0,  EV_FLUSH,         0,    0,    1, 0, 0, 0},
	{ 17, P0,  EV_CQE,           W,    0,    FLAGSHIP_LEN, 0, 0, 0},
	{ 17, P0,  EV_FREE,          W,    0,    0, 0, 0, 0},
	{ 18, P0,  EV_RET,           5,    0,    4, 0, 0, 0},
	/* clang-format on */
};

/* One task P0, one ring r; labels and statements are filled by the caller's rows. */
static inline TraceNames *t_names(const char *title, const char *const *labels,
				  uint32_t reqs, uint32_t pipes)
{
	TraceNames *names = trace_names_new(reqs, 1, pipes, 1, 0, 1);

	names->title = g_strdup(title);
	names->rings[1].name = g_strdup("r");
	names->tasks[1].name = g_strdup("P0");
	names->bufs[1] = g_strdup("b");
	for (uint32_t i = 1; i <= reqs; i++) {
		names->reqs[i].label = g_strdup(labels[i - 1]);
		names->reqs[i].user_data = i;
		names->reqs[i].ring = 1;
		names->reqs[i].task = 1;
	}
	for (uint32_t i = 1; i <= pipes; i++)
		names->pipes[i].name = g_strdup_printf("p%u", i);
	return names;
}

/* N SQEs, then one enter that waits for all of them. */
static inline void t_submit_all(TraceNames *names)
{
	const uint32_t n = names->reqs_n;

	trace_names_stmts(names, 1, n + 1);
	for (uint32_t i = 1; i <= n; i++)
		names->tasks[1].stmts[i] = (TraceStmt){
			.text = g_strdup(names->reqs[i].label), .event = EV_SQE};
	names->tasks[1].stmts[n + 1] =
		(TraceStmt){.text = g_strdup_printf("enter r submit=%u wait=%u", n, n),
			    .event = EV_ENTER,
			    .wait = n,
			    .ring = 1};
}

static inline TraceNames *t_flagship_names(void)
{
	static const char *const labels[] = {"lead", "m1", "m2", "w"};
	static const uint8_t ops[] = {ABI_OP_READ, ABI_OP_WRITE, ABI_OP_WRITE,
				      ABI_OP_WRITE};
	static const uint8_t flags[] = {ABI_SQE_GROUP | ABI_SQE_IO_LINK, ABI_SQE_GROUP, 0,
					0};
	TraceNames *names = t_names("grp3-link-write", labels, 4, 0);

	for (int i = 0; i < 4; i++) {
		names->reqs[i + 1].op = ops[i];
		names->reqs[i + 1].flags = flags[i];
		names->reqs[i + 1].len = FLAGSHIP_LEN;
	}
	names->rings[1].flags = ABI_SETUP_SINGLE_ISSUER | ABI_SETUP_DEFER_TASKRUN;
	names->profile = g_strdup("sqe-group");
	t_submit_all(names);
	return names;
}

/* Rows of one step must be adjacent. @ns_per_step 0: no clock. */
static inline TraceRecord *t_record(const TraceNames *names, const Row *rows, uint32_t n,
				    uint64_t ns_per_step)
{
	TraceRecord *rec = trace_record_new(names, NULL);

	for (uint32_t i = 0; i < n;) {
		SimEvent ev[64] = {{0}};
		const uint64_t step = rows[i].step;
		uint32_t m = 0;

		for (; i < n && rows[i].step == step; i++) {
			const Row *r = &rows[i];

			SIM_CHECK(m < 64);
			ev[m++] = (SimEvent){.kind = r->kind,
					     .actor = r->actor,
					     .obj = r->obj,
					     .obj2 = r->obj2,
					     .a = r->a,
					     .b = r->b,
					     .c = r->c,
					     .rule = r->rule,
					     .where = 1,
					     .label = r->kind == EV_CQE};
		}
		trace_record_add(rec, step, ns_per_step ? step * ns_per_step : step,
				 (SimAction){.kind = 1, .actor = (uint8_t)ev[0].actor},
				 ev, m);
	}
	return rec;
}

#endif /* TESTS_UNIT_TRACE_T_RECORD_H */
