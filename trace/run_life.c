/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_life.c - life times of resources
 *
 * A life begins when something is put into a table or a block request starts, and ends
 * with its release or the end of the request. In between it is lent: to a group, or to a
 * table of the ring.
 */
#include "trace/run_life.h"

#include "model/events/events.h"

static uint32_t blk_base(const TraceNames *names)
{
	return names->bufs_n + names->pipes_n + names->files_n;
}

bool run_life_of(const TraceNames *names, const SimEvent *ev, uint32_t *ret)
{
	switch ((int)ev->kind) {
	case EV_NODE_ALLOC:
	case EV_NODE_GET:
	case EV_NODE_PUT:
	case EV_NODE_RETIRE:
	case EV_RELEASE:
		*ret = ev->obj2;
		return true;
	case EV_BLK_START:
	case EV_BLK_DONE:
	case EV_DELIVER:
	case EV_COMMIT:
	case EV_LEASE:
	case EV_IMPORT:
	case EV_GIVEBACK:
	case EV_ZERO_FILL:
	case EV_COPY:
		*ret = blk_base(names) + ev->c;
		return true;
	default:
		return false;
	}
}

static void add_bytes(const char *what, const SimEvent *ev, GString *out)
{
	g_string_append(out, what);
	trace_add_res(ev->a, out);
}

bool run_life_label(const TraceNames *names, const SimEvent *ev, GString *out)
{
	static const char *const words[EV_COUNT_] = {
		[EV_NODE_ALLOC] = "in a table",  [EV_NODE_GET] = "+ ",
		[EV_NODE_PUT] = "\xe2\x88\x92 ", [EV_NODE_RETIRE] = "taken out",
		[EV_RELEASE] = "released",       [EV_BLK_START] = "starts",
		[EV_DELIVER] = "to the server",  [EV_LEASE] = "leased by ",
		[EV_GIVEBACK] = "given back",    [EV_IMPORT] = "used by ",
	};

	switch ((int)ev->kind) {
	case EV_BLK_DONE:
		add_bytes("ends: ", ev, out);
		return true;
	case EV_COMMIT:
		add_bytes("committed: ", ev, out);
		return true;
	case EV_ZERO_FILL:
		add_bytes("zeroed: ", ev, out);
		return true;
	case EV_COPY:
		add_bytes("copied: ", ev, out);
		return true;
	default:
		break;
	}
	if (ev->kind >= EV_COUNT_ || !words[ev->kind])
		return false;
	g_string_append(out, words[ev->kind]);
	if (ev->kind == EV_NODE_GET || ev->kind == EV_NODE_PUT || ev->kind == EV_LEASE ||
	    ev->kind == EV_IMPORT)
		trace_add_req(names, ev->obj, out);
	return true;
}

const GvEdgeStyle run_life_style = {"it lives", GV_SKY, "solid", "none", 5};
const GvEdgeStyle run_lent_style = {"it is lent", GV_GREEN, "solid", "none", 10};

void run_life_bar(Agedge_t *edge, unsigned life)
{
	const GvEdgeStyle *style = life > 1 ? &run_lent_style : &run_life_style;

	gv_set(edge, "weight", "8");
	if (!life) {
		gv_set(edge, "style", "invis");
		return;
	}
	gv_set(edge, "dir", "none");
	gv_set(edge, "penwidth", life > 1 ? "10" : "5");
	gv_set(edge, "color", style->color);
}

unsigned run_life_after(const SimEvent *ev, unsigned before)
{
	switch ((int)ev->kind) {
	case EV_NODE_ALLOC:
	case EV_BLK_START:
	case EV_LEASE:
		return before + 1;
	case EV_GIVEBACK:
	case EV_RELEASE:
		return before ? before - 1 : 0;
	case EV_BLK_DONE:
		return 0;
	default:
		return before;
	}
}
