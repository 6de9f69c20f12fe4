/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.c - what the guest says of one scenario, line by line
 */
#include "kernel/vm/result.h"

#include <string.h>

void kernel_result_clear(KernelResult *r)
{
	g_clear_pointer(&r->skip, g_free);
	g_clear_pointer(&r->stuck, g_free);
	g_clear_pointer(&r->splat_text, g_free);
	g_ptr_array_set_size(r->outcomes, 0);
	r->splat = KERNEL_SPLAT_NONE;
	r->runs = r->steered = r->hung = r->lost = 0;
	r->us = 0;
}

/* The texts of list @name; NULL if there is none. */
static char **texts_of(JsonObject *line, const char *name)
{
	JsonNode *node = json_object_get_member(line, name);
	JsonArray *list =
		node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
	char **out;

	if (!list)
		return NULL;
	out = g_new0(char *, json_array_get_length(list) + 1);
	for (guint i = 0; i < json_array_get_length(list); i++)
		out[i] = g_strdup(json_array_get_string_element(list, i));
	return out;
}

static bool take_seen(KernelResult *r, JsonObject *line)
{
	g_autoptr(KernelOutcome) o = NULL;

	o = kernel_outcome_parse(json_object_get_object_member(line, "seen"), NULL);
	if (!o)
		return false;
	o->n = (uint32_t)json_object_get_int_member_with_default(line, "n", 1);
	o->first = r->runs +
		   (uint32_t)json_object_get_int_member_with_default(line, "first", 0);
	o->trace = texts_of(line, "trace");
	/* A guest before this one may have seen it too. */
	for (guint i = 0; i < r->outcomes->len; i++) {
		KernelOutcome *old = r->outcomes->pdata[i];

		if (!strcmp(old->text, o->text)) {
			old->n += o->n;
			return true;
		}
	}
	g_ptr_array_add(r->outcomes, g_steal_pointer(&o));
	return true;
}

static void take_end(KernelResult *r, JsonObject *end)
{
	r->runs += (uint32_t)json_object_get_int_member_with_default(end, "runs", 0);
	r->steered +=
		(uint32_t)json_object_get_int_member_with_default(end, "steered", 0);
	r->hung += (uint32_t)json_object_get_int_member_with_default(end, "hung", 0);
	r->lost += (uint32_t)json_object_get_int_member_with_default(end, "lost", 0);
	r->us += (uint64_t)json_object_get_int_member_with_default(end, "us", 0);
}

void kernel_result_take(KernelResult *r, JsonObject *line)
{
	if (json_object_has_member(line, "seen") && !take_seen(r, line) && !r->stuck)
		r->stuck = g_strdup("the agent sent a line that is no outcome");
	if (json_object_has_member(line, "skip") && !r->skip)
		r->skip = g_strdup(json_object_get_string_member(line, "skip"));
	if (json_object_has_member(line, "stuck") && !r->stuck)
		r->stuck = g_strdup(json_object_get_string_member(line, "stuck"));
	if (json_object_has_member(line, "end"))
		take_end(r, json_object_get_object_member(line, "end"));
}
