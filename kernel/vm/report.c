/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.c - what is reported of a campaign and its kernel
 */
#include "kernel/vm/report.h"

#define TICK_NS 1000000 /* coarser timers: it took its own for broken */

void kernel_report_free(KernelReport *report)
{
	if (!report)
		return;
	for (uint32_t i = 0; i < report->n; i++) {
		KernelResult *r = &report->results[i];

		g_free(r->skip);
		g_free(r->stuck);
		g_free(r->splat_text);
		g_ptr_array_free(r->outcomes, TRUE);
	}
	g_free(report->results);
	g_free(report->release);
	g_free(report);
}

bool kernel_report_hello(KernelReport *report, const char *text, bool *ret_coarse)
{
	g_autoptr(JsonNode) node = json_from_string(text, NULL);
	JsonObject *hello;

	if (!node || !JSON_NODE_HOLDS_OBJECT(node))
		return false;
	hello = json_node_get_object(node);
	if (!json_object_has_member(hello, "hello"))
		return false;
	g_free(report->release);
	report->release = g_strdup(
		json_object_get_string_member_with_default(hello, "release", "?"));
	report->groups =
		json_object_get_boolean_member_with_default(hello, "groups", FALSE);
	*ret_coarse =
		json_object_get_int_member_with_default(hello, "tick_ns", 1) > TICK_NS;
	return true;
}
