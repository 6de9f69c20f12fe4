/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - what a campaign has seen so far, on disk
 *
 * FOLDER/results.jsonl has one JSON object a line. The agent's own lines of a scenario
 *are kept as they came, with three members more, so `uringlab check-log` reads the file
 *too:
 *
 *	{"hello":1,"release":...}                                after a boot
 *	{"key":K,"scenario":S,"combo":C,"n":9,"first":0,"seen":{...}}   and others of the
 *agent
 *	{"key":K,"scenario":S,"combo":C,"done":true,"splat":"none",...} last one of a
 *scenario
 *
 * Lines of a scenario are written together when it is done, by one write(2): whenever the
 * program ends, what the file has is complete but for the last line at most, and lines
 * without their "done" count for nothing. K is a hash of the kernel and of the program
 *that the agent got, so a changed scenario, kernel or number of runs is another one.
 *
 * Layer:  kernel.
 * Owns:   KernelJournal owns the file, locked; kernel_journal_free().
 * Errors: GError; KERNEL_JOURNAL_BUSY if another run holds the file.
 */
#ifndef KERNEL_VM_JOURNAL_H
#define KERNEL_VM_JOURNAL_H

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct KernelJournal KernelJournal;

typedef enum KernelJournalError {
	KERNEL_JOURNAL_FAILED,
	KERNEL_JOURNAL_BUSY,
} KernelJournalError;

#define KERNEL_JOURNAL_ERROR kernel_journal_error_quark()
GQuark kernel_journal_error_quark(void);

/*
 * The journal in @dir, made if need be. @resume: keep what is there; else begin anew.
 * @kernel is the hash of the kernel.
 */
KernelJournal *kernel_journal_open(const char *dir, const char *kernel, bool resume,
				   GError **error);
void kernel_journal_free(KernelJournal *j);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelJournal, kernel_journal_free)

/* Key of @program, lines for the agent; the caller frees. */
char *kernel_journal_key(const KernelJournal *j, const char *program);

/* Lines of @key (JsonObject *), "done" last, or NULL if it is not done. Borrowed. */
const GPtrArray *kernel_journal_find(const KernelJournal *j, const char *key);

/* The last hello that was kept, or NULL. Borrowed. */
const char *kernel_journal_hello(const KernelJournal *j);

typedef struct KernelJournalEntry {
	const char *key, *scenario;
	uint32_t combo;
	const GPtrArray *lines;                 /* char *, as the agent sent them */
	const char *splat, *splat_text, *stuck; /* the latter two may be NULL */
} KernelJournalEntry;

/* Keep it. False if it cannot be written: a full disk ends a campaign. */
bool kernel_journal_add(KernelJournal *j, const KernelJournalEntry *entry,
			GError **error);
bool kernel_journal_add_hello(KernelJournal *j, const char *line, GError **error);

#endif /* KERNEL_VM_JOURNAL_H */
