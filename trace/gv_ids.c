/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gv_ids.c - an id discipline for libcgraph
 */
#include "trace/gv_ids.h"

#include <glib.h>

#include "sim/base/check.h"

/* AGINEDGE and AGOUTEDGE share their numbers. */
enum { KIND_GRAPH, KIND_NODE, KIND_EDGE, KINDS };

typedef struct Ids {
	Agraph_t *g;
	GHashTable *by_name[KINDS]; /* name -> 1 + place in names; looked up only */
	GPtrArray *names[KINDS]; /* strings of g, as libcgraph wants; NULL = anonymous */
} Ids;

static int kind_of(int objtype)
{
	return objtype == AGRAPH ? KIND_GRAPH : objtype == AGNODE ? KIND_NODE : KIND_EDGE;
}

static void *ids_open(Agraph_t *g, Agdisc_t *disc)
{
	Ids *ids = g_new0(Ids, 1);

	(void)disc;
	ids->g = g;
	for (int k = 0; k < KINDS; k++) {
		ids->names[k] = g_ptr_array_new();
		ids->by_name[k] = g_hash_table_new(g_str_hash, g_str_equal);
	}
	return ids;
}

static long ids_map(void *state, int objtype, char *str, IDTYPE *id, int create)
{
	Ids *ids = state;
	const int k = kind_of(objtype);
	const guint known =
		str ? GPOINTER_TO_UINT(g_hash_table_lookup(ids->by_name[k], str)) : 0;
	char *name;

	if (known) {
		*id = known;
		return TRUE;
	}
	if (!create)
		return FALSE;
	name = str ? agstrdup(ids->g, str) : NULL;
	g_ptr_array_add(ids->names[k], name);
	if (name)
		g_hash_table_insert(ids->by_name[k], name,
				    GUINT_TO_POINTER(ids->names[k]->len));
	*id = ids->names[k]->len;
	return TRUE;
}

/* Nothing asks for a number of its own choice. */
static long ids_alloc(void *state, int objtype, IDTYPE id)
{
	(void)state, (void)objtype, (void)id;
	SIM_CHECK(!"gv_ids: a number was asked for");
	return FALSE;
}

static void ids_free(void *state, int objtype, IDTYPE id)
{
	(void)state, (void)objtype, (void)id;
}

static void ids_register(void *state, int objtype, void *obj)
{
	(void)state, (void)objtype, (void)obj;
}

static char *ids_print(void *state, int objtype, IDTYPE id)
{
	const GPtrArray *names = ((Ids *)state)->names[kind_of(objtype)];

	return id >= 1 && id <= names->len ? names->pdata[id - 1] : NULL;
}

static void ids_close(void *state)
{
	Ids *ids = state;

	for (int k = 0; k < KINDS; k++) {
		g_hash_table_unref(ids->by_name[k]);
		g_ptr_array_unref(ids->names[k]);
	}
	g_free(ids);
}

Agdisc_t *gv_ids(void)
{
	static Agiddisc_t ids = {
		.open = ids_open,
		.map = ids_map,
		.alloc = ids_alloc,
		.free = ids_free,
		.print = ids_print,
		.close = ids_close,
		.idregister = ids_register,
	};
	static Agdisc_t disc = {.id = &ids};

	return &disc;
}
