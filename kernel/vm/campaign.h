/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * campaign.h - many scenarios on one kernel: boots, survives, reports
 *
 * Scenarios are sent ahead in a window, so that the guest never waits for the host. When
 * the guest hangs, dies or complains on its console, those of the window that have no
 * result, or got theirs since the console was last clean, are run again one at a time in
 * fresh guests: then it is known whose fault it was.
 *
 * Layer:  kernel; may include scenarios/lang.
 * Owns:   KernelReport owns its results; kernel_report_free().
 * Errors: GError if no guest can be had at all or the journal cannot be written. A
 * scenario that cannot run, hangs the guest or kills it is a result, not an error.
 */
#ifndef KERNEL_VM_CAMPAIGN_H
#define KERNEL_VM_CAMPAIGN_H

#include "kernel/compare/outcome.h"
#include "kernel/vm/journal.h"
#include "kernel/vm/vm.h"
#include "scenarios/lang/scenario.h"

typedef struct KernelProgress {
	uint32_t done, n, boots;
} KernelProgress;

typedef struct KernelRunOptions {
	KernelVmOptions vm;
	uint32_t runs;            /* of each scenario; 0 = 1 */
	uint64_t seed;            /* of the jitter */
	const bool *watched;      /* [n] releases are looked for; NULL: nowhere */
	char *const *plans;       /* [n] lines from PROTO_PLAN on; NULL: none at all */
	uint32_t trace;           /* ProtoTrace bits: lines come with new outcomes */
	uint32_t limit_ms;        /* a scenario without progress is killed; 0 = 10 000 */
	uint32_t boot_ms;         /* until the hello; 0 = 300 000 */
	const volatile int *stop; /* set by a signal handler; may be NULL */
	KernelJournal *journal;   /* takes what is done, gives what is; may be NULL */
	const uint32_t *combos;   /* [n] for readers of the journal; NULL: all 0 */
	const char *faults; /* for tests: "3:hang,7:panic"; see proto.h. NULL: none */
	void (*progress)(const KernelProgress *now, void *data); /* may be NULL */
	void *progress_data;
} KernelRunOptions;

typedef struct KernelResult {
	bool done;           /* false: the campaign was stopped before */
	char *skip;          /* why it cannot run here, or NULL */
	char *stuck;         /* why it has fewer runs than asked for, or NULL */
	KernelSplat splat;   /* what the kernel said meanwhile */
	char *splat_text;    /* console lines, or NULL */
	uint32_t runs;       /* completed, those by a plan left out */
	uint32_t steered;    /* completed by a plan */
	uint32_t hung;       /* of these, with a task that never returned */
	uint32_t lost;       /* outcomes that the guest had no room for */
	uint64_t us;         /* spent in the guest */
	GPtrArray *outcomes; /* KernelOutcome *, in order of first sight */
} KernelResult;

typedef struct KernelReport {
	KernelResult *results; /* [n], in the order of the scenarios */
	uint32_t n;
	char *release;    /* uname -r of the guest */
	bool groups;      /* it has SQE groups */
	bool stopped;     /* by *stop */
	uint32_t boots;   /* guests started */
	uint32_t resumed; /* scenarios whose results came from the journal */
	double boot_s;    /* start to hello, of the first one */
	double run_s;     /* all of it, boots included */
	double guest_s;   /* spent in scenarios, by the clock of the guests */
} KernelReport;

#define KERNEL_RUN_ERROR kernel_run_error_quark()
GQuark kernel_run_error_quark(void);

/*
 * Run each of @scns (n of them, NULL entries are reported as done without outcomes) on
 * the kernel that @opt names. The same scenarios, options and kernel need not give the
 * same counts, nor the same outcomes: that is what the repetitions are for.
 */
KernelReport *kernel_run(ScnScenario *const *scns, uint32_t n,
			 const KernelRunOptions *opt, GError **error);
void kernel_report_free(KernelReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelReport, kernel_report_free)

#endif /* KERNEL_VM_CAMPAIGN_H */
