/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * t_net.c - the naive explorer and the parser of hand-made graphs
 *
 * Slow and obvious on purpose. net_explore() numbers states breadth first and keeps
 * state 0 as init() made it, as explore.h says.
 */
#include "tests/support/t_net.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"

SimExploration *net_new(void)
{
	SimExploration *x = g_new0(SimExploration, 1);

	x->complete = true;
	x->perms = g_malloc0(sizeof(*x->perms));
	for (uint32_t i = 0; i < SIM_PERM_MAX; i++)
		x->perms[0][i] = (uint8_t)i;
	x->perms_n = 1;
	return x;
}

/* Room that an array of @n has: a power of two, so that it need not be remembered. */
static uint64_t room(uint64_t n)
{
	uint64_t r = n > 0 ? 16 : 0;

	while (r < n)
		r *= 2;
	return r;
}

void net_add(SimExploration *x, uint32_t from, const uint64_t *labels, uint16_t labels_n,
	     uint32_t to)
{
	if (room(x->edges_n + 1) > room(x->edges_n))
		x->edges = g_renew(SimEdge, x->edges, room(x->edges_n + 1));
	if (room(x->labels_n + labels_n) > room(x->labels_n))
		x->labels = g_renew(uint64_t, x->labels, room(x->labels_n + labels_n));
	x->edges[x->edges_n++] = (SimEdge){
		.from = from,
		.to = to,
		.first_label = (uint32_t)x->labels_n,
		.labels_n = labels_n,
		.action = {.kind = 1},
	};
	for (uint16_t i = 0; i < labels_n; i++)
		x->labels[x->labels_n++] = labels[i];
}

SimExploration *net_parse(const char *text)
{
	SimExploration *x = net_new();
	char **words = g_strsplit(text, " ", -1);

	for (char **w = words; *w; w++) {
		char **part = g_strsplit(*w, ":", -1);
		uint64_t labels[16];
		uint16_t n = 0;

		if (**w) {
			SIM_CHECK(g_strv_length(part) == 3);
			for (; part[1][n]; n++)
				labels[n] = (uint64_t)part[1][n];
			net_add(x, (uint32_t)strtoul(part[0], NULL, 10), labels, n,
				part[2][0] == '.' ? SIM_STATE_END
						  : (uint32_t)strtoul(part[2], NULL, 10));
		}
		g_strfreev(part);
	}
	g_strfreev(words);
	return x;
}

void net_free(SimExploration *x)
{
	g_free(x->edges);
	g_free(x->labels);
	g_free(x->perms);
	g_free(x);
}

/* --- the naive explorer --------------------------------------------------------------
 */

typedef struct Net {
	const SimModel *model;
	SimExploration *x;
	bool symmetric;
	uint8_t *worlds; /* of all states found */
	uint32_t n;
} Net;

static uint32_t find_state(Net *net, const uint8_t *world)
{
	const size_t bytes = net->model->world_bytes;

	for (uint32_t i = 0; i < net->n; i++)
		if (memcmp(net->worlds + i * bytes, world, bytes) == 0)
			return i;
	net->worlds = g_realloc(net->worlds, (net->n + 1) * bytes);
	memcpy(net->worlds + net->n * bytes, world, bytes);
	return net->n++;
}

static uint16_t find_perm(SimExploration *x, const uint8_t *perm)
{
	for (uint32_t i = 0; i < x->perms_n; i++)
		if (memcmp(x->perms[i], perm, SIM_PERM_MAX) == 0)
			return (uint16_t)i;
	x->perms = g_realloc(x->perms, (x->perms_n + 1) * sizeof(*x->perms));
	memcpy(x->perms[x->perms_n], perm, SIM_PERM_MAX);
	return (uint16_t)x->perms_n++;
}

static void add_edge(Net *net, uint32_t from, uint32_t to, SimAction action,
		     const SimLog *log, uint16_t perm)
{
	uint64_t labels[64];
	uint16_t n = 0;

	for (uint32_t i = 0; i < log->n; i++)
		if (log->ev[i].label)
			labels[n++] = log->ev[i].label;
	net_add(net->x, from, labels, n, to);
	net->x->edges[net->x->edges_n - 1].action = action;
	net->x->edges[net->x->edges_n - 1].perm = perm;
}

static void expand(Net *net, uint32_t state)
{
	const SimModel *model = net->model;
	const size_t bytes = model->world_bytes;
	SimAction *actions = g_new0(SimAction, model->actions_max + 1);
	SimEvent *events = g_new0(SimEvent, model->events_max + 1);
	uint8_t *from = g_malloc(bytes), *world = g_malloc(bytes);
	SimLog log = {.ev = events, .cap = model->events_max};
	uint32_t n;

	memcpy(from, net->worlds + state * bytes, bytes);
	n = model->enabled(model->self, from, actions);
	for (uint32_t i = 0; i < n; i++) {
		uint8_t perm[SIM_PERM_MAX];
		uint16_t id = 0;

		memcpy(world, from, bytes);
		log.n = 0;
		model->apply(model->self, world, actions[i], &log);
		if (net->symmetric && model->canon(model->self, world, perm))
			id = find_perm(net->x, perm);
		add_edge(net, state, find_state(net, world), actions[i], &log, id);
	}
	log.n = 0;
	if (n == 0 && model->final)
		model->final(model->self, from, &log);
	if (n == 0)
		add_edge(net, state, SIM_STATE_END, (SimAction){0}, &log, 0);
	g_free(actions);
	g_free(events);
	g_free(from);
	g_free(world);
}

SimExploration *net_explore(const SimModel *model, bool symmetric)
{
	Net net = {.model = model, .x = net_new(), .symmetric = symmetric};
	uint8_t *world = g_malloc0(model->world_bytes);

	model->init(model->self, world);
	find_state(&net, world);
	g_free(world);
	for (uint32_t s = 0; s < net.n; s++)
		expand(&net, s);
	net.x->total.states = net.n;
	g_free(net.worlds);
	return net.x;
}
