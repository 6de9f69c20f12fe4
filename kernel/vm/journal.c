/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.c - what a campaign has seen so far, on disk
 */
#include "kernel/vm/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_NAME "results.jsonl"
#define KEY_LEN   16

G_DEFINE_QUARK(kernel_journal_error, kernel_journal_error)

struct KernelJournal {
	int fd;
	char *path, *kernel, *hello;
	GHashTable *done; /* key to GPtrArray of JsonObject * */
};

void kernel_journal_free(KernelJournal *j)
{
	if (!j)
		return;
	if (j->fd >= 0)
		close(j->fd);
	g_free(j->path);
	g_free(j->kernel);
	g_free(j->hello);
	if (j->done)
		g_hash_table_destroy(j->done);
	g_free(j);
}

static void fail(const KernelJournal *j, KernelJournalError code, GError **error)
{
	g_set_error(error, KERNEL_JOURNAL_ERROR, code, "%s: %s", j->path,
		    code == KERNEL_JOURNAL_BUSY ? "another run writes it"
						: g_strerror(errno));
}

/* --- reading ------------------------------------------------------------------------
 */

/* Lines of scenarios that are not done yet gather in @open until their last one comes. */
static void load_line(KernelJournal *j, GHashTable *open, const char *text)
{
	g_autoptr(JsonNode) node = json_from_string(text, NULL);
	GPtrArray *lines;
	JsonObject *line;
	const char *key;

	if (!node || !JSON_NODE_HOLDS_OBJECT(node))
		return;
	line = json_node_get_object(node);
	if (json_object_has_member(line, "hello")) {
		g_free(j->hello);
		j->hello = g_strdup(text);
		return;
	}
	key = json_object_get_string_member_with_default(line, "key", NULL);
	if (!key)
		return;
	lines = g_hash_table_lookup(open, key);
	if (!lines) {
		lines = g_ptr_array_new_with_free_func((GDestroyNotify)json_object_unref);
		g_hash_table_insert(open, g_strdup(key), lines);
	}
	g_ptr_array_add(lines, json_object_ref(line));
	if (!json_object_has_member(line, "done"))
		return;
	g_hash_table_replace(j->done, g_strdup(key), g_ptr_array_ref(lines));
	g_hash_table_remove(open, key);
}

/* All complete lines; a torn last one is cut off, so that what follows is readable. */
static bool load(KernelJournal *j, GError **error)
{
	g_autoptr(GHashTable) open = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	char *end;

	if (!g_file_get_contents(j->path, &text, NULL, error))
		return false;
	end = strrchr(text, '\n');
	end = end ? end + 1 : text;
	*end = '\0';
	if (ftruncate(j->fd, end - text)) {
		fail(j, KERNEL_JOURNAL_FAILED, error);
		return false;
	}
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		load_line(j, open, lines[i]);
	return true;
}

KernelJournal *kernel_journal_open(const char *dir, const char *kernel, bool resume,
				   GError **error)
{
	g_autoptr(KernelJournal) j = g_new0(KernelJournal, 1);

	j->kernel = g_strdup(kernel);
	j->path = g_build_filename(dir, FILE_NAME, NULL);
	j->done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					(GDestroyNotify)g_ptr_array_unref);
	g_mkdir_with_parents(dir, 0755);
	j->fd = g_open(j->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (j->fd < 0) {
		fail(j, KERNEL_JOURNAL_FAILED, error);
		return NULL;
	}
	if (flock(j->fd, LOCK_EX | LOCK_NB)) {
		fail(j, KERNEL_JOURNAL_BUSY, error);
		return NULL;
	}
	if (resume)
		return load(j, error) ? g_steal_pointer(&j) : NULL;
	if (ftruncate(j->fd, 0) == 0)
		return g_steal_pointer(&j);
	fail(j, KERNEL_JOURNAL_FAILED, error);
	return NULL;
}

char *kernel_journal_key(const KernelJournal *j, const char *program)
{
	g_autofree char *both = g_strconcat(j->kernel, "\n", program, NULL);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, both, -1);

	return g_strndup(sum, KEY_LEN);
}

const GPtrArray *kernel_journal_find(const KernelJournal *j, const char *key)
{
	return g_hash_table_lookup(j->done, key);
}

const char *kernel_journal_hello(const KernelJournal *j)
{
	return j->hello;
}

/* --- writing ------------------------------------------------------------------------
 */

static bool write_all(KernelJournal *j, const char *text, size_t len, GError **error)
{
	while (len) {
		const ssize_t n = write(j->fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail(j, KERNEL_JOURNAL_FAILED, error);
			return false;
		}
		text += n;
		len -= (size_t)n;
	}
	return true;
}

bool kernel_journal_add_hello(KernelJournal *j, const char *line, GError **error)
{
	g_autofree char *text = NULL;

	if (g_strcmp0(j->hello, line) == 0)
		return true;
	g_free(j->hello);
	j->hello = g_strdup(line);
	text = g_strconcat(line, "\n", NULL);
	return write_all(j, text, strlen(text), error);
}

/* @line with what tells whose it is. */
static void put_line(GString *out, JsonNode *node, const KernelJournalEntry *entry)
{
	JsonObject *line = json_node_get_object(node);
	g_autofree char *text = NULL;

	json_object_remove_member(line, "id");
	json_object_set_string_member(line, "key", entry->key);
	json_object_set_string_member(line, "scenario", entry->scenario);
	json_object_set_int_member(line, "combo", entry->combo);
	text = json_to_string(node, FALSE);
	g_string_append(out, text);
	g_string_append_c(out, '\n');
}

bool kernel_journal_add(KernelJournal *j, const KernelJournalEntry *entry, GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(JsonNode) last = json_node_new(JSON_NODE_OBJECT);
	g_autoptr(JsonObject) done = json_object_new();

	for (guint i = 0; i < entry->lines->len; i++) {
		g_autoptr(JsonNode) node = json_from_string(entry->lines->pdata[i], NULL);

		if (node && JSON_NODE_HOLDS_OBJECT(node))
			put_line(out, node, entry);
	}
	json_object_set_boolean_member(done, "done", TRUE);
	json_object_set_string_member(done, "splat", entry->splat);
	if (entry->splat_text)
		json_object_set_string_member(done, "splat_text", entry->splat_text);
	if (entry->stuck)
		json_object_set_string_member(done, "stuck", entry->stuck);
	json_node_set_object(last, done);
	put_line(out, last, entry);
	return write_all(j, out->str, out->len, error);
}
