/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_output.c - results of `uringlab kernel run` for machines: JSON, KTAP, records
 *
 * A record has one line a scenario file: path, verdict, outcomes seen, outcomes allowed,
 * tabs between them; `uringlab rules` reads it. It says which kernel, and no time.
 */
#include "cli/kernel_output.h"

#include "cli/json.h"
#include "cli/kernel_cmd.h"

struct KernelOutput {
	JsonBuilder *json; /* or NULL */
	bool ktap;
	char *record;        /* path, or NULL */
	GString *head;       /* of the record */
	GHashTable *records; /* path -> Record */
	uint32_t n;
	uint32_t count[KERNEL_WORD_COUNT_];
};

typedef struct Record {
	KernelWord word;
	uint32_t seen, allowed;
	bool many; /* what is allowed was not counted */
} Record;

const char *kernel_word(KernelWord word)
{
	static const char *const words[KERNEL_WORD_COUNT_] = {
		[KERNEL_WORD_OK] = "Ok",           [KERNEL_WORD_UNSEEN] = "Allow unseen",
		[KERNEL_WORD_SKIP] = "SKIP",       [KERNEL_WORD_UNKNOWN] = "Unknown",
		[KERNEL_WORD_TROUBLE] = "Trouble", [KERNEL_WORD_FORBID] = "Forbid",
	};

	return words[word];
}

KernelOutput *kernel_output_new(bool json, bool ktap, const char *record)
{
	KernelOutput *out = g_new0(KernelOutput, 1);

	out->json = json ? json_builder_new() : NULL;
	out->ktap = ktap;
	out->record = g_strdup(record);
	out->head = g_string_new(NULL);
	out->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return out;
}

void kernel_output_free(KernelOutput *out)
{
	if (!out)
		return;
	g_clear_object(&out->json);
	g_free(out->record);
	g_string_free(out->head, TRUE);
	g_hash_table_destroy(out->records);
	g_free(out);
}

bool kernel_output_prints(const KernelOutput *out)
{
	return out->json || out->ktap;
}

void kernel_output_begin(KernelOutput *out, const char *kernel, const KernelImage *image,
			 const char *profile, const KernelReport *report, bool stats)
{
	const char *release = report->release ? report->release : "?";

	g_string_printf(out->head, "# kernel %s %s\n# from %s, profile %s\n", kernel,
			release, image->version ? image->version : "this machine",
			profile);
	if (image->applied)
		g_string_append_printf(out->head, "# with series %s of %u patches\n",
				       image->applied->hash, image->applied->total);
	if (out->ktap)
		printf("KTAP version 1\n# kernel %s, release %s, profile %s\n1..%u\n",
		       kernel, release, profile, report->n);
	if (!out->json)
		return;
	json_builder_begin_object(out->json);
	cli_json_string(out->json, "kernel", kernel);
	cli_json_string(out->json, "release", release);
	cli_json_string(out->json, "version", image->version);
	if (image->applied) {
		json_builder_set_member_name(out->json, "series");
		kernel_series_json(out->json, image->applied);
	}
	cli_json_string(out->json, "profile", profile);
	cli_json_int(out->json, "boots", report->boots);
	if (stats)
		cli_json_int(out->json, "guest_us", (int64_t)(report->guest_s * 1e6));
	json_builder_set_member_name(out->json, "cases");
	json_builder_begin_array(out->json);
}

/* --- one case ------------------------------------------------------------------------
 */

static void json_line(JsonBuilder *j, const KernelLine *line)
{
	json_builder_begin_object(j);
	cli_json_case(j, line->c);
	cli_json_string(j, "verdict", kernel_word(line->word));
	cli_json_string(j, "why", line->why);
	cli_json_int(j, "runs", line->res->runs);
	cli_json_int(j, "steered", line->res->steered);
	cli_json_int(j, "seen", line->seen);
	cli_json_int(j, "bad", line->bad);
	json_builder_set_member_name(j, "allowed");
	if (line->allowed)
		json_builder_add_int_value(j, line->allowed);
	else
		json_builder_add_null_value(j);
	json_builder_set_member_name(j, "outcomes");
	json_builder_begin_array(j);
	for (guint i = 0; line->texts && i < line->texts->len; i++) {
		const KernelOutcome *o = line->res->outcomes->pdata[i];

		json_builder_begin_object(j);
		cli_json_int(j, "n", o->n);
		cli_json_string(j, "text", line->texts->pdata[i]);
		json_builder_end_object(j);
	}
	json_builder_end_array(j);
	if (line->res->splat != KERNEL_SPLAT_NONE)
		cli_json_string(j, "console", line->res->splat_text);
	json_builder_end_object(j);
}

/* What was allowed and did not come is no failure of anybody: it is said, and passes. */
static void ktap_line(uint32_t n, const KernelLine *line)
{
	g_autofree char *sweep = cli_sweep_text(line->c->scn);
	const bool ok = line->word <= KERNEL_WORD_SKIP;

	printf("%sok %u %s%s%s", ok ? "" : "not ", n, line->c->scn->name,
	       *sweep ? " " : "", sweep);
	if (line->word == KERNEL_WORD_SKIP)
		printf(" # SKIP %s", line->why ? line->why : "");
	printf("\n");
	if (line->word != KERNEL_WORD_OK && line->word != KERNEL_WORD_SKIP)
		printf("# %s: %u of %u outcomes in %u runs and %u steered%s%s\n",
		       kernel_word(line->word), line->seen, line->allowed,
		       line->res->runs, line->res->steered, line->why ? ": " : "",
		       line->why ? line->why : "");
	for (guint i = 0; line->bad && i < line->texts->len; i++)
		printf("# %s\n", (const char *)line->texts->pdata[i]);
}

void kernel_output_line(KernelOutput *out, const KernelLine *line)
{
	Record *r = g_hash_table_lookup(out->records, line->c->src->path);

	out->n++;
	out->count[line->word]++;
	if (out->json)
		json_line(out->json, line);
	if (out->ktap)
		ktap_line(out->n, line);
	if (!r) {
		r = g_new0(Record, 1);
		g_hash_table_insert(out->records, g_strdup(line->c->src->path), r);
	}
	r->word = MAX(r->word, line->word);
	r->seen += line->seen;
	r->allowed += line->allowed;
	r->many = r->many || !line->allowed;
}

/* --- the end -------------------------------------------------------------------------
 */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool write_record(const KernelOutput *out, GError **error)
{
	g_autoptr(GString) text = g_string_new(out->head->str);
	g_autofree char **paths =
		(char **)g_hash_table_get_keys_as_array(out->records, NULL);
	const guint n = g_hash_table_size(out->records);

	if (n)
		qsort(paths, n, sizeof(*paths), by_text);
	for (guint i = 0; i < n; i++) {
		const Record *r = g_hash_table_lookup(out->records, paths[i]);

		g_string_append_printf(text, "%s\t%s\t%u\t", paths[i],
				       kernel_word(r->word), r->seen);
		if (r->many)
			g_string_append(text, "-\n");
		else
			g_string_append_printf(text, "%u\n", r->allowed);
	}
	return g_file_set_contents(out->record, text->str, (gssize)text->len, error);
}

bool kernel_output_end(KernelOutput *out, GError **error)
{
	if (out->json) {
		json_builder_end_array(out->json);
		json_builder_set_member_name(out->json, "totals");
		json_builder_begin_object(out->json);
		for (int i = 0; i < KERNEL_WORD_COUNT_; i++)
			cli_json_int(out->json, kernel_word((KernelWord)i),
				     out->count[i]);
		json_builder_end_object(out->json);
		json_builder_end_object(out->json);
		cli_json_print(g_steal_pointer(&out->json));
	}
	return !out->record || write_record(out, error);
}
