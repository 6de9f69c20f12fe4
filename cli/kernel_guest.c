/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_guest.c - uringlab kernel run and shell: guests and what surrounds them
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/kernel_cmd.h"
#include "kernel/vm/accel.h"
#include "kernel/agent/proto.h"
#include "kernel/vm/cpio.h"
#include "kernel/vm/shell.h"

#define FAULTS "URINGLAB_TEST_FAULTS" /* what KernelRunOptions.faults says; for tests */

/* Files of one command below run/ in the cache; removed when it ends. */
typedef struct Guest {
	char *dir, *initrd, *console, *agent, *append;
	KernelVmOptions vm; /* points to the above */
} Guest;

static void guest_clear(Guest *g)
{
	if (g->initrd)
		g_remove(g->initrd);
	g_free(g->dir);
	g_free(g->initrd);
	g_free(g->console);
	g_free(g->agent);
	g_free(g->append);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Guest, guest_clear)

static bool guest_init(Guest *g, const KernelCmd *k, const KernelImage *image,
		       GError **error)
{
	g_autofree char *exe = g_file_read_link("/proc/self/exe", error);
	const bool faults = g_getenv(FAULTS) != NULL;

	g->dir = exe ? kernel_cache_dir("run", error) : NULL;
	if (!g->dir)
		return false;
	g->agent = g_strconcat(exe, "-agent", NULL);
	g->initrd = g_strdup_printf("%s/%s-%d.cpio", g->dir, k->kernel, (int)getpid());
	g->console = k->console ? g_strdup(k->console)
				: g_strdup_printf("%s/%s-%d.log", g->dir, k->kernel,
						  (int)getpid());
	g->append = g_strconcat(k->spec->append ? k->spec->append : "",
				faults ? " uringlab.test" : "", NULL);
	g->vm = (KernelVmOptions){
		.image = image->vmlinux,
		.initrd = g->initrd,
		.agent = g->agent,
		.console = g->console,
		.append = g->append,
		.memory_mb = k->spec->memory_mb,
		.tsc_khz = image->vmlinux ? kernel_vm_tsc_khz() : 0,
	};
	return true;
}

static bool write_initrd(const Guest *g, const GByteArray *data, GError **error)
{
	if (!g->vm.image)
		return true;
	return data &&
	       g_file_set_contents(g->initrd, (const char *)data->data, data->len, error);
}

/* Needs the initramfs in place: it may boot a guest to find out. */
static bool choose_accel(Guest *g, const KernelCmd *k, GError **error)
{
	KernelAccel accel = KERNEL_ACCEL_AUTO;

	if (k->accel && !kernel_accel_parse(k->accel, &accel)) {
		g_set_error(error, KERNEL_RUN_ERROR, 0,
			    "--accel is auto, tcg or kvm, not '%s'", k->accel);
		return false;
	}
	if (k->cpus > 0)
		g->vm.cpus = (guint)k->cpus;
	g->vm.kvm = kernel_accel_kvm(accel, &g->vm, g->dir, cli_interrupt_flag());
	if (!g->vm.kvm && k->cpus <= 0)
		g->vm.cpus = k->spec->cpus;
	return true;
}

/* --- run ----------------------------------------------------------------------------
 */

static void on_progress(const KernelProgress *now, void *data)
{
	const KernelCmd *k = data;

	if (k->budget.terminal)
		fprintf(stderr, "\r%u of %u, %u boots ", now->done, now->n, now->boots);
}

/* What tells this kernel from another one. */
static char *kernel_hash(const KernelImage *image)
{
	struct utsname uts;

	if (image->hash)
		return g_strdup(image->hash);
	uname(&uts);
	return g_strdup_printf("%s %s", uts.release, uts.version);
}

/* True with NULL: another run has the file and nobody asked for it. */
static bool open_journal(const KernelCmd *k, const KernelImage *image,
			 KernelJournal **ret, GError **error)
{
	g_autofree char *sub = g_strconcat("campaigns/", k->kernel, NULL);
	g_autofree char *dir =
		k->campaign ? g_strdup(k->campaign) : kernel_cache_dir(sub, error);
	g_autofree char *hash = kernel_hash(image);
	g_autoptr(GError) why = NULL;

	if (!dir)
		return false;
	*ret = kernel_journal_open(dir, hash, k->resume, &why);
	if (*ret || (g_error_matches(why, KERNEL_JOURNAL_ERROR, KERNEL_JOURNAL_BUSY) &&
		     !k->campaign && !k->resume))
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

KernelReport *kernel_cmd_guests(KernelCmd *k, const KernelImage *image, GError **error)
{
	g_auto(Guest) g = {0};
	g_autoptr(GByteArray) initrd = NULL;
	g_autoptr(KernelJournal) journal = NULL;
	g_autofree ScnScenario **scns = g_new0(ScnScenario *, k->cases->len + 1);
	g_autofree uint32_t *combos = g_new0(uint32_t, k->cases->len + 1);
	g_autofree char **plans = g_new0(char *, k->cases->len + 1);
	g_autofree bool *watched = g_new0(bool, k->cases->len + 1);
	KernelReport *report;

	if (!guest_init(&g, k, image, error) || !open_journal(k, image, &journal, error))
		return NULL;
	if (image->vmlinux)
		initrd = kernel_initramfs(g.agent, image->modules, error);
	if (!write_initrd(&g, initrd, error) || !choose_accel(&g, k, error))
		return NULL;
	for (guint i = 0; i < k->cases->len; i++) {
		const KernelCase *kc = k->cases->pdata[i];

		scns[i] = kc->c.scn;
		combos[i] = kc->c.combo;
		plans[i] = kc->plans;
		watched[i] = kc->c.model->bound->conf->watched != NULL;
	}
	const KernelRunOptions opt = {
		.vm = g.vm,
		.runs = (uint32_t)MAX(k->runs, 1),
		.seed = (uint64_t)k->seed,
		.limit_ms = (uint32_t)MAX(k->limit_ms, 0),
		.stop = cli_interrupt_flag(),
		.journal = journal,
		.combos = combos,
		.plans = plans,
		.watched = watched,
		.trace = (kernel_cmd_traces(k) ? PROTO_TRACE_URING : 0) |
			 (k->trace_sched ? PROTO_TRACE_SCHED : 0) |
			 (k->trace_nodes ? PROTO_TRACE_NODES : 0),
		.faults = g_getenv(FAULTS),
		.progress = on_progress,
		.progress_data = k,
	};
	report = kernel_run(scns, k->cases->len, &opt, error);
	if (k->budget.terminal)
		fprintf(stderr, "\r\033[K");
	/* After a failure the console is what is left to look at. */
	if (report && !k->console)
		g_remove(g.console);
	return report;
}

/* --- shell --------------------------------------------------------------------------
 */

static int spawn_shell(const Guest *g, const char *share, GError **error)
{
	g_auto(GStrv) argv = kernel_shell_argv(&g->vm, share);
	int status;

	/* The terminal is QEMU's: ^C goes to the guest. */
	if (!g_spawn_sync(NULL, argv, NULL,
			  G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL,
			  NULL, NULL, &status, error) ||
	    !g_spawn_check_wait_status(status, error))
		return CLI_BAD;
	return CLI_OK;
}

int kernel_cmd_shell(KernelCmd *k)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *busybox = kernel_shell_busybox(&error);
	g_autofree char *share =
		k->share ? g_canonicalize_filename(k->share, NULL) : NULL;
	g_autoptr(KernelImage) image = NULL;
	g_autoptr(GByteArray) initrd = NULL;
	g_auto(Guest) g = {0};
	int status;

	if (!busybox)
		return kernel_cmd_fail(error);
	cli_catch_interrupt();
	image = kernel_cmd_image(k, false, &error);
	if (!image)
		return kernel_cmd_fail(error);
	if (!image->vmlinux)
		return cli_usage("kernel", "%s is the kernel that you have a shell on",
				 k->kernel);
	if (!guest_init(&g, k, image, &error))
		return kernel_cmd_fail(error);
	/* The probe for KVM needs the agent's hello; the shell comes second. */
	initrd = kernel_initramfs(g.agent, image->modules, &error);
	if (!write_initrd(&g, initrd, &error) || !choose_accel(&g, k, &error))
		return kernel_cmd_fail(error);
	g_byte_array_unref(initrd);
	initrd = kernel_shell_initramfs(busybox, g.agent, image->modules, &error);
	if (!write_initrd(&g, initrd, &error))
		return kernel_cmd_fail(error);
	status = spawn_shell(&g, share, &error);
	return error ? kernel_cmd_fail(error) : status;
}
