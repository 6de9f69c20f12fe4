/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_prop.h - histories as short texts, for the tests of trace/prop.h
 *
 * Layer: tests.
 */
#ifndef TESTS_UNIT_TRACE_T_PROP_H
#define TESTS_UNIT_TRACE_T_PROP_H

#include <check.h>
#include <stdlib.h>

#include "model/abi/abi.h"
#include "model/events/events.h"
#include "trace/prop.h"

/*
 * "c1:-5" CQE of request 1, res -5; "c1:1/2" with buffer 2; "m1:0" the same with F_MORE;
 * "i1" issue; "w1" punt; "f1:-22" init failed; "g2" "p2" request uses, lets go of buffer
 * 2; "r1.3:4" statement 3 of task 1 returns 4. All on ring 1; "C1:0" is a CQE in ring 2.
 */
static inline SimEvent event_of(const char *word)
{
	char *at = (char *)(uintptr_t)(word + 1);
	SimEvent ev = {.where = word[0] == 'C' ? 2 : 1};

	switch (word[0]) {
	case 'm':
		ev.b = ABI_CQE_MORE;
		ev.kind = EV_CQE;
		break;
	case 'c':
	case 'C':
		ev.kind = EV_CQE;
		break;
	case 'i':
		ev.kind = EV_ISSUE;
		break;
	case 'w':
		ev.kind = EV_PUNT;
		break;
	case 'f':
		ev.kind = EV_REQ_FAILED;
		break;
	case 'g':
	case 'p':
		ev.kind = word[0] == 'g' ? EV_BUF_GET : EV_BUF_PUT;
		ev.obj2 = (uint16_t)strtoul(at, &at, 10);
		return ev;
	case 'r':
		ev.kind = EV_RET;
		ev.actor = (uint16_t)strtoul(at, &at, 10);
		at++;
		break;
	default:
		ck_abort_msg("no event is written like %s", word);
	}
	ev.obj = (uint16_t)strtoul(at, &at, 10);
	if (*at == ':')
		ev.a = (int32_t)strtol(at + 1, &at, 10);
	if (*at == '/')
		ev.b |= ABI_CQE_BUFFER | (uint32_t)strtoul(at + 1, NULL, 10) << 16;
	return ev;
}

static inline void feed(const PropProgram *p, void *state, const char *history)
{
	g_auto(GStrv) words = g_strsplit(history, " ", -1);

	for (char **w = words; *w; w++) {
		SimEvent ev;

		if (!**w)
			continue;
		ev = event_of(*w);
		prop_step(p, state, &ev);
	}
}

/* The rest of a PropAtom that matches a list of CQEs of ring 1. */
#define LIST(list)                                                                       \
	{                                                                                \
		PROP_CQ, .a = 1, .items = (list), .items_n = G_N_ELEMENTS(list)          \
	}

#endif /* TESTS_UNIT_TRACE_T_PROP_H */
