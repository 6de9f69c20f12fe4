/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.c - what one execution on a real kernel looked like from outside
 */
#include "kernel/compare/outcome.h"

#include <string.h>

#include "model/events/events.h"

G_DEFINE_QUARK(kernel_outcome_error, kernel_outcome_error)

#define PLACE_MAX LABEL_PLACE_MAX
#define OBJ_MAX   65535

void kernel_outcome_free(KernelOutcome *o)
{
	if (!o)
		return;
	for (uint32_t i = 0; i < o->rings_n; i++)
		g_free(o->rings[i].labels);
	g_free(o->rings);
	g_free(o->loose.labels);
	g_free(o->ends);
	g_free(o->setups);
	g_strfreev(o->trace);
	g_free(o->text);
	g_free(o);
}

static bool refuse(GError **error, const char *what)
{
	g_set_error(error, KERNEL_OUTCOME_ERROR, 0, "%s", what);
	return false;
}

static JsonArray *array_of(JsonNode *node)
{
	return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

/* Integer @i of @row within @min .. @max. */
static bool number_at(JsonArray *row, guint i, int64_t min, int64_t max, int64_t *ret)
{
	JsonNode *node;

	if (!row || i >= json_array_get_length(row))
		return false;
	node = json_array_get_element(row, i);
	if (!JSON_NODE_HOLDS_VALUE(node) ||
	    json_node_get_value_type(node) != G_TYPE_INT64)
		return false;
	*ret = json_node_get_int(node);
	return *ret >= min && *ret <= max;
}

static bool parse_cq(KernelOutcome *o, JsonArray *cq, GError **error)
{
	const guint rings = json_array_get_length(cq);

	if (rings > PLACE_MAX)
		return refuse(error, "more rings than a label can name");
	o->rings = g_new0(KernelCq, rings + 1);
	o->rings_n = rings;
	for (guint r = 0; r < rings; r++) {
		JsonArray *list = array_of(json_array_get_element(cq, r));
		const guint n = list ? json_array_get_length(list) : 0;

		if (!list)
			return refuse(error, "\"cq\" has something that is no list");
		o->rings[r].labels = g_new0(uint64_t, n + 1);
		o->rings[r].n = n;
		for (guint i = 0; i < n; i++) {
			JsonArray *row = array_of(json_array_get_element(list, i));
			int64_t sqe, res, flags;

			if (!number_at(row, 0, 0, OBJ_MAX, &sqe) ||
			    !number_at(row, 1, INT32_MIN, INT32_MAX, &res) ||
			    !number_at(row, 2, 0, UINT32_MAX, &flags))
				return refuse(error, "a CQE is [sqe,res,flags]");
			o->rings[r].labels[i] =
				label_make(LABEL_CQE, r + 1, (unsigned)sqe,
					   (unsigned)flags, (int32_t)res);
		}
	}
	return true;
}

/* An end with its place in the order of tasks and statements. */
typedef struct End {
	uint64_t place, label;
} End;

/* Put @label behind the first @at CQEs and what is there already. */
static bool insert(KernelCq *cq, int64_t at, uint64_t label)
{
	uint32_t i = 0;
	int64_t cqes = 0;

	while (i < cq->n && (cqes < at || label_class(cq->labels[i]) != LABEL_CQE))
		cqes += label_class(cq->labels[i++]) == LABEL_CQE;
	if (cqes < at)
		return false;
	cq->labels = g_renew(uint64_t, cq->labels, cq->n + 2);
	memmove(cq->labels + i + 1, cq->labels + i, (cq->n - i) * sizeof(*cq->labels));
	cq->labels[i] = label;
	cq->n++;
	return true;
}

/* Releases: [ring, CQEs of the ring before it or -1, object] in their order. */
static bool parse_releases(KernelOutcome *o, JsonNode *node, GError **error)
{
	JsonArray *list = array_of(node);

	if (!node)
		return true;
	if (!list)
		return refuse(error, "\"rel\" is no list");
	o->watched = true;
	for (guint i = 0; i < json_array_get_length(list); i++) {
		JsonArray *row = array_of(json_array_get_element(list, i));
		int64_t ring, at, obj;
		uint64_t label;

		if (!number_at(row, 0, 1, o->rings_n, &ring) ||
		    !number_at(row, 1, -1, INT32_MAX, &at) ||
		    !number_at(row, 2, 1, OBJ_MAX, &obj))
			return refuse(error, "a release is [ring,place,object]");
		label = label_make(LABEL_RELEASE, (unsigned)ring, (unsigned)obj, 0, 0);
		if (!insert(at < 0 ? &o->loose : &o->rings[ring - 1], MAX(at, 0), label))
			return refuse(error, "a release behind more CQEs than there are");
	}
	return true;
}

/* What is held at the end: [object, references], objects ascending. */
static bool parse_refs(KernelOutcome *o, GArray *ends, JsonNode *node, GError **error)
{
	JsonArray *list = array_of(node);

	if (!node)
		return true;
	if (!list)
		return refuse(error, "\"refs\" is no list");
	o->counted = true;
	for (guint i = 0; i < json_array_get_length(list); i++) {
		JsonArray *row = array_of(json_array_get_element(list, i));
		int64_t obj, refs;
		End end;

		if (!number_at(row, 0, 1, OBJ_MAX, &obj) ||
		    !number_at(row, 1, 1, INT32_MAX, &refs))
			return refuse(error, "references are [object,number]");
		end.place = (uint64_t)(PLACE_MAX + 1) << 32 | (uint64_t)obj;
		end.label = label_make(LABEL_REFS, 0, (unsigned)obj, 0, (int32_t)refs);
		g_array_append_val(ends, end);
	}
	return true;
}

static bool parse_ends(GArray *ends, JsonArray *list, LabelClass cls, GError **error)
{
	for (guint i = 0; i < json_array_get_length(list); i++) {
		JsonArray *row = array_of(json_array_get_element(list, i));
		int64_t task, stmt, value = 0;
		End end;

		if (!number_at(row, 0, 1, PLACE_MAX, &task) ||
		    !number_at(row, 1, 1, OBJ_MAX, &stmt) ||
		    (cls == LABEL_RET &&
		     !number_at(row, 2, INT32_MIN, INT32_MAX, &value)))
			return refuse(error, "a result is [task,stmt,value], a hang "
					     "[task,stmt]");
		end.place = (uint64_t)task << 32 | (uint64_t)stmt;
		end.label = label_make(cls, (unsigned)task, (unsigned)stmt, 0,
				       (int32_t)value);
		g_array_append_val(ends, end);
	}
	return true;
}

static int by_place(const void *a, const void *b)
{
	const End *x = a, *y = b;

	return (x->place > y->place) - (x->place < y->place);
}

static JsonArray *member_array(JsonObject *obj, const char *name, GError **error)
{
	JsonArray *array = array_of(json_object_get_member(obj, name));

	if (!array)
		g_set_error(error, KERNEL_OUTCOME_ERROR, 0, "no list \"%s\"", name);
	return array;
}

static char *text_of(JsonObject *seen)
{
	g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);

	json_node_set_object(node, seen);
	return json_to_string(node, FALSE);
}

static bool parse_setups(KernelOutcome *o, JsonNode *node, GError **error)
{
	JsonArray *list = array_of(node);

	if (!node)
		return true;
	if (!list)
		return refuse(error, "\"setup\" is no list");
	o->setups_n = json_array_get_length(list);
	o->setups = g_new0(int32_t, o->setups_n + 1);
	for (guint i = 0; i < o->setups_n; i++) {
		int64_t res;

		if (!number_at(list, i, -4095, 0, &res))
			return refuse(error, "\"setup\" has 0 or -errno for each ring");
		o->setups[i] = (int32_t)res;
	}
	return true;
}

KernelOutcome *kernel_outcome_parse(JsonObject *seen, GError **error)
{
	g_autoptr(KernelOutcome) o = g_new0(KernelOutcome, 1);
	g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(End));
	JsonArray *cq = member_array(seen, "cq", error);
	JsonArray *ovf = cq ? member_array(seen, "ovf", error) : NULL;
	JsonArray *ret = ovf ? member_array(seen, "ret", error) : NULL;
	JsonArray *hang = ret ? member_array(seen, "hang", error) : NULL;

	if (!hang || !parse_cq(o, cq, error) ||
	    !parse_ends(ends, ret, LABEL_RET, error) ||
	    !parse_ends(ends, hang, LABEL_HANG, error) ||
	    !parse_setups(o, json_object_get_member(seen, "setup"), error) ||
	    !parse_releases(o, json_object_get_member(seen, "rel"), error) ||
	    !parse_refs(o, ends, json_object_get_member(seen, "refs"), error))
		return NULL;
	for (guint i = 0; i < o->rings_n; i++) {
		int64_t left;

		if (!number_at(ovf, i, 0, 1, &left)) {
			refuse(error, "\"ovf\" has 0 or 1 for each ring");
			return NULL;
		}
		o->rings[i].overflown = left;
	}
	g_array_sort(ends, by_place);
	o->ends_n = ends->len;
	o->ends = g_new0(uint64_t, ends->len + 1);
	for (guint i = 0; i < ends->len; i++)
		o->ends[i] = g_array_index(ends, End, i).label;
	o->blind = json_object_has_member(seen, "blind");
	o->n = 1;
	o->text = text_of(seen);
	return g_steal_pointer(&o);
}

uint64_t *kernel_outcome_labels(const KernelOutcome *o, uint32_t *ret_n)
{
	uint32_t n = o->ends_n + o->loose.n, at = 0;
	uint64_t *labels;

	for (uint32_t i = 0; i < o->rings_n; i++)
		n += o->rings[i].n;
	labels = g_new(uint64_t, n + 1);
	for (uint32_t i = 0; i < o->rings_n; i++)
		for (uint32_t k = 0; k < o->rings[i].n; k++)
			labels[at++] = o->rings[i].labels[k];
	for (uint32_t i = 0; i < o->loose.n; i++)
		labels[at++] = o->loose.labels[i];
	for (uint32_t i = 0; i < o->ends_n; i++)
		labels[at++] = o->ends[i];
	*ret_n = n;
	return labels;
}
