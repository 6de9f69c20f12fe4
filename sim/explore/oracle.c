/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * oracle.c - walk an automaton with all interleavings of a log at once
 *
 * Level k holds every place that k labels of the log lead to. Places of a level are found
 * again through a small hash table, so that two ways to the same place are one.
 */
#include "sim/explore/oracle.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "sim/base/check.h"

#define STREAMS  (SIM_ORACLE_STREAMS_MAX + 1) /* the last one: the ends */
#define NO_STATE UINT32_MAX

typedef struct Place {
	uint32_t state;
	uint32_t at[STREAMS];
} Place;

typedef struct Level {
	Place *places;
	uint32_t n, max;
	uint32_t *slots; /* index of a place + 1, 0 = free; hashed by the place */
	uint32_t slots_n;
} Level;

struct SimOracle {
	const SimAutomaton *a;
	bool *hidden; /* [edges], or NULL */
	Level now, next;
	uint32_t *states; /* of the last miss */
	uint32_t states_max;
};

SimOracle *sim_oracle_new(const SimAutomaton *a, bool (*hidden)(uint64_t label))
{
	const uint32_t edges = a->states_n ? a->first[a->states_n] : 0;
	SimOracle *o = g_new0(SimOracle, 1);

	o->a = a;
	if (hidden) {
		o->hidden = g_new0(bool, edges + 1);
		for (uint32_t e = 0; e < edges; e++)
			o->hidden[e] = hidden(a->edges[e].label);
	}
	return o;
}

static void level_done(Level *l)
{
	g_free(l->places);
	g_free(l->slots);
}

void sim_oracle_free(SimOracle *o)
{
	if (!o)
		return;
	level_done(&o->now);
	level_done(&o->next);
	g_free(o->states);
	g_free(o->hidden);
	g_free(o);
}

/* --- levels ------------------------------------------------------------------------ */

static uint32_t place_hash(const Place *p)
{
	uint64_t hash = p->state;

	for (uint32_t i = 0; i < STREAMS; i++)
		hash = (hash ^ p->at[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

static void slot_put(Level *l, uint32_t place)
{
	uint32_t i = place_hash(&l->places[place]) & (l->slots_n - 1);

	while (l->slots[i])
		i = (i + 1) & (l->slots_n - 1);
	l->slots[i] = place + 1;
}

/* Room for one more: at most half of the slots are taken. */
static void level_grow(Level *l)
{
	if (l->n == l->max) {
		l->max = l->max ? 2 * l->max : 8;
		l->places = g_renew(Place, l->places, l->max);
	}
	if (2 * l->n < l->slots_n)
		return;
	l->slots_n = 2 * l->max;
	g_free(l->slots);
	l->slots = g_new0(uint32_t, l->slots_n);
	for (uint32_t i = 0; i < l->n; i++)
		slot_put(l, i);
}

static void level_add(Level *l, const Place *p)
{
	uint32_t i;

	level_grow(l);
	for (i = place_hash(p) & (l->slots_n - 1); l->slots[i];
	     i = (i + 1) & (l->slots_n - 1))
		if (memcmp(&l->places[l->slots[i] - 1], p, sizeof(*p)) == 0)
			return;
	l->places[l->n++] = *p;
	l->slots[i] = l->n;
}

static void level_clear(Level *l)
{
	l->n = 0;
	if (l->slots_n)
		memset(l->slots, 0, l->slots_n * sizeof(*l->slots));
}

/* --- steps ------------------------------------------------------------------------- */

/* Where @label leads from @state; NO_STATE if nowhere, or if nobody can have seen it. */
static uint32_t step(const SimOracle *o, uint32_t state, uint64_t label)
{
	const SimAutomaton *a = o->a;
	const uint32_t end = a->first[state + 1];
	uint32_t low = a->first[state], high = end;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (a->edges[middle].label < label)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == end || a->edges[low].label != label || (o->hidden && o->hidden[low]))
		return NO_STATE;
	return a->edges[low].to;
}

/* Add what hidden labels lead to; the level grows while it is walked. */
static void close_hidden(const SimOracle *o, Level *l)
{
	for (uint32_t i = 0; o->hidden && i < l->n; i++) {
		const uint32_t state = l->places[i].state;

		for (uint32_t e = o->a->first[state]; e < o->a->first[state + 1]; e++) {
			Place to = l->places[i];

			to.state = o->a->edges[e].to;
			if (o->hidden[e])
				level_add(l, &to);
		}
	}
}

/* The streams that may give the next label at @p: the others, else the ends. */
static uint32_t first_open(const SimSeen *log, const Place *p, uint32_t from)
{
	for (; from < log->streams_n; from++)
		if (p->at[from] < log->streams[from].n)
			break;
	return from;
}

static uint64_t label_at(const SimSeen *log, const Place *p, uint32_t stream)
{
	if (stream == log->streams_n)
		return log->ends.labels[p->at[stream]];
	return log->streams[stream].labels[p->at[stream]];
}

static void try_stream(SimOracle *o, const SimSeen *log, const Place *p, uint32_t stream)
{
	Place to = *p;

	to.state = step(o, p->state, label_at(log, p, stream));
	if (to.state == NO_STATE)
		return;
	to.at[stream]++;
	level_add(&o->next, &to);
}

static void expand(SimOracle *o, const SimSeen *log)
{
	level_clear(&o->next);
	for (uint32_t i = 0; i < o->now.n; i++) {
		const Place *p = &o->now.places[i];
		uint32_t s = first_open(log, p, 0);

		if (s == log->streams_n && p->at[s] < log->ends.n)
			try_stream(o, log, p, s);
		for (; s < log->streams_n; s = first_open(log, p, s + 1))
			try_stream(o, log, p, s);
	}
	close_hidden(o, &o->next);
}

/* --- the answer -------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void tell_miss(SimOracle *o, const SimSeen *log, uint32_t fits, uint32_t total,
		      SimMiss *ret)
{
	*ret = (SimMiss){.too_short = fits == total, .fits = fits};
	if (o->states_max < o->now.n) {
		o->states_max = o->now.n;
		o->states = g_renew(uint32_t, o->states, o->states_max);
	}
	for (uint32_t i = 0; i < o->now.n; i++)
		o->states[i] = o->now.places[i].state;
	if (o->now.n)
		qsort(o->states, o->now.n, sizeof(*o->states), by_number);
	for (uint32_t i = 0; i < o->now.n; i++)
		if (i == 0 || o->states[i] != o->states[ret->states_n - 1])
			o->states[ret->states_n++] = o->states[i];
	ret->states = o->states;
	if (ret->too_short)
		return;
	if (o->now.n) {
		const Place *p = &o->now.places[0];

		ret->stream = first_open(log, p, 0);
		ret->index = p->at[ret->stream];
		ret->label = label_at(log, p, ret->stream);
	} else { /* the empty language: nothing fits */
		const Place start = {0};

		ret->stream = first_open(log, &start, 0);
		ret->label = label_at(log, &start, ret->stream);
	}
}

/*
 * One stream and nothing hidden: one place a level, no table. False says nothing: the
 * slow way tells how far it goes.
 */
static bool walk_straight(const SimOracle *o, const SimSeen *log)
{
	const SimStream *parts[] = {log->streams, &log->ends};
	uint32_t state = 0;

	if (o->hidden || log->streams_n != 1 || o->a->states_n == 0)
		return false;
	for (uint32_t s = 0; s < 2; s++)
		for (uint32_t i = 0; i < parts[s]->n && state != NO_STATE; i++)
			state = step(o, state, parts[s]->labels[i]);
	return state != NO_STATE && o->a->accepting[state];
}

bool sim_oracle_check(SimOracle *o, const SimSeen *log, SimMiss *ret_miss)
{
	const Place start = {0};
	uint32_t total = log->ends.n, fits = 0;

	SIM_CHECK(log->streams_n <= SIM_ORACLE_STREAMS_MAX);
	if (walk_straight(o, log))
		return true;
	for (uint32_t i = 0; i < log->streams_n; i++)
		total += log->streams[i].n;
	level_clear(&o->now);
	if (o->a->states_n)
		level_add(&o->now, &start);
	close_hidden(o, &o->now);
	for (; fits < total; fits++) {
		Level swap = o->now;

		expand(o, log);
		if (o->next.n == 0)
			break;
		o->now = o->next;
		o->next = swap;
	}
	for (uint32_t i = 0; fits == total && i < o->now.n; i++)
		if (o->a->accepting[o->now.places[i].state])
			return true;
	if (ret_miss)
		tell_miss(o, log, fits, total, ret_miss);
	return false;
}
