/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.c - a process that speaks the agent's protocol: QEMU, or the agent itself
 */
#include "kernel/vm/vm.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/agent/proto.h"

#define TICK_MS    100 /* how often the console and the stop flag are looked at */
#define READ_BYTES 65536
#define TSC_TRIES  100
#define TSC_US     50000 /* long enough for one part in ten thousand */

/* An oops ends the machine at once, so that it is noticed and the rest can go on. */
#define CMDLINE                                                                          \
	"console=ttyS0 loglevel=5 panic=-1 oops=panic nokaslr no_hash_pointers "         \
	"mitigations=off tsc=reliable"

G_DEFINE_QUARK(kernel_vm_error, kernel_vm_error)

struct KernelVm {
	GPid pid;
	int in, out; /* towards the guest, from the guest */
	GString *to, *from;
	gsize from_at;  /* lines before it were handed out */
	char *console;  /* file, or NULL */
	gsize splat_at; /* the console was searched up to here */
	bool oops;
	KernelSplat splat; /* found by ourselves while waiting, not handed out yet */
	char *splat_text;
};

static bool set_nonblocking(int fd, GError **error)
{
	return g_unix_set_fd_nonblocking(fd, TRUE, error);
}

/* In the child: ^C is for us alone, and it is not to outlive us. */
static void own_group(gpointer data)
{
	(void)data;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

KernelVm *kernel_vm_start(const KernelVmOptions *opt, GError **error)
{
	g_auto(GStrv) argv = kernel_vm_argv(opt);
	g_autoptr(KernelVm) vm = g_new0(KernelVm, 1);
	const GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
				  (opt->quiet ? G_SPAWN_STDERR_TO_DEV_NULL : 0);

	vm->in = vm->out = -1;
	vm->to = g_string_new(NULL);
	vm->from = g_string_new(NULL);
	if (opt->image && opt->console) {
		vm->console = g_strdup(opt->console);
		if (!g_file_set_contents(opt->console, "", 0, error))
			return NULL;
	}
	if (!g_spawn_async_with_pipes(NULL, argv, NULL, flags, own_group, NULL, &vm->pid,
				      &vm->in, &vm->out, NULL, error))
		return NULL;
	if (!set_nonblocking(vm->in, error) || !set_nonblocking(vm->out, error))
		return NULL;
	/* A guest that is gone shows as end of file, not as a signal to us. */
	signal(SIGPIPE, SIG_IGN);
	return g_steal_pointer(&vm);
}

void kernel_vm_free(KernelVm *vm)
{
	if (!vm)
		return;
	if (vm->in >= 0)
		close(vm->in);
	if (vm->out >= 0)
		close(vm->out);
	if (vm->pid) {
		kill(-vm->pid, SIGKILL);
		kill(vm->pid, SIGKILL);
		while (waitpid(vm->pid, NULL, 0) < 0 && errno == EINTR)
			;
		g_spawn_close_pid(vm->pid);
	}
	g_string_free(vm->to, TRUE);
	g_string_free(vm->from, TRUE);
	g_free(vm->console);
	g_free(vm->splat_text);
	g_free(vm);
}

void kernel_vm_send(KernelVm *vm, const char *text)
{
	g_string_append(vm->to, text);
}

char *kernel_vm_console(const KernelVm *vm)
{
	char *text = NULL;

	if (!vm->console || !g_file_get_contents(vm->console, &text, NULL, NULL))
		return g_strdup("");
	return text;
}

/* Search what the console has said since the last look, whole lines only. */
static void look_at_console(KernelVm *vm)
{
	g_autofree char *text = kernel_vm_console(vm), *found = NULL;
	const gsize len = strlen(text);
	KernelSplat splat;
	char *end;

	if (len <= vm->splat_at)
		return;
	end = strrchr(text + vm->splat_at, '\n');
	if (!end)
		return;
	end[1] = '\0';
	splat = kernel_splat_find(text + vm->splat_at, &found);
	vm->splat_at = (gsize)(end + 1 - text);
	if (splat == KERNEL_SPLAT_NONE)
		return;
	vm->splat = MAX(vm->splat, splat);
	vm->oops = vm->oops || splat == KERNEL_SPLAT_OOPS;
	if (vm->splat_text) {
		char *both = g_strconcat(vm->splat_text, found, NULL);

		g_free(vm->splat_text);
		vm->splat_text = both;
	} else {
		vm->splat_text = g_steal_pointer(&found);
	}
}

KernelSplat kernel_vm_splat(KernelVm *vm, char **ret_text)
{
	KernelSplat splat;

	look_at_console(vm);
	splat = vm->splat;
	vm->splat = KERNEL_SPLAT_NONE;
	if (splat != KERNEL_SPLAT_NONE)
		*ret_text = g_steal_pointer(&vm->splat_text);
	return splat;
}

static bool take_line(KernelVm *vm, char **ret)
{
	const char *from = vm->from->str + vm->from_at;
	const char *end = strchr(from, '\n');

	if (!end)
		return false;
	*ret = g_strndup(from, (gsize)(end - from));
	vm->from_at += (gsize)(end - from) + 1;
	if (vm->from_at > READ_BYTES) {
		g_string_erase(vm->from, 0, (gssize)vm->from_at);
		vm->from_at = 0;
	}
	return true;
}

/* Move bytes both ways for at most one tick. False: the other side has closed. */
static bool pump(KernelVm *vm)
{
	struct pollfd fds[] = {
		{.fd = vm->out, .events = POLLIN},
		{.fd = vm->to->len ? vm->in : -1, .events = POLLOUT},
	};
	char buf[READ_BYTES];
	ssize_t n;

	if (poll(fds, G_N_ELEMENTS(fds), TICK_MS) < 0)
		return errno == EINTR;
	if (fds[1].revents) {
		n = write(vm->in, vm->to->str, vm->to->len);
		if (n > 0)
			g_string_erase(vm->to, 0, n);
		else if (errno != EAGAIN && errno != EINTR)
			return false;
	}
	if (fds[0].revents) {
		n = read(vm->out, buf, sizeof(buf));
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		if (n > 0)
			g_string_append_len(vm->from, buf, n);
	}
	return true;
}

KernelVmWhy kernel_vm_line(KernelVm *vm, guint timeout_ms, const volatile int *stop,
			   char **ret)
{
	const gint64 end = g_get_monotonic_time() + (gint64)timeout_ms * 1000;
	gint64 look = g_get_monotonic_time() + TICK_MS * 1000;

	for (;;) {
		const gint64 now = g_get_monotonic_time();
		bool alive;

		if (take_line(vm, ret))
			return KERNEL_VM_LINE;
		if (stop && *stop)
			return KERNEL_VM_STOPPED;
		if (now >= look) {
			look_at_console(vm);
			look = now + TICK_MS * 1000;
		}
		if (vm->oops)
			return KERNEL_VM_OOPS;
		if (now >= end)
			return KERNEL_VM_TIMEOUT;
		alive = pump(vm);
		if (!alive && !strchr(vm->from->str + vm->from_at, '\n')) {
			look_at_console(vm);
			return vm->oops ? KERNEL_VM_OOPS : KERNEL_VM_GONE;
		}
	}
}

static void add(GPtrArray *argv, const char *key, const char *fmt, ...)
	G_GNUC_PRINTF(3, 4);
static void add(GPtrArray *argv, const char *key, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g_ptr_array_add(argv, g_strdup(key));
	g_ptr_array_add(argv, g_strdup_vprintf(fmt, ap));
	va_end(ap);
}

#if defined(__x86_64__)
/* Both counters at one time: whoever is preempted in between tries again. */
static void tsc_sample(gint64 *ret_us, guint64 *ret_tsc)
{
	gint64 before;

	for (int i = 0; i < TSC_TRIES; i++) {
		before = g_get_monotonic_time();
		*ret_tsc = __builtin_ia32_rdtsc();
		*ret_us = g_get_monotonic_time();
		if (*ret_us - before <= 2)
			return;
	}
}

guint kernel_vm_tsc_khz(void)
{
	gint64 from_us, to_us;
	guint64 from, to;

	tsc_sample(&from_us, &from);
	g_usleep(TSC_US);
	tsc_sample(&to_us, &to);
	return (guint)((to - from) * 1000 / (guint64)(to_us - from_us));
}
#else
guint kernel_vm_tsc_khz(void)
{
	return 0;
}
#endif

void kernel_vm_machine(GPtrArray *argv, const KernelVmOptions *opt)
{
	static const char *const fixed[] = {
		"-M",         "q35",      "-nodefaults", "-no-user-config",
		"-no-reboot", "-display", "none",
	};
	const guint cpus = opt->cpus ? opt->cpus : 2;
	g_autofree char *tsc = NULL;

	g_ptr_array_add(argv, g_strdup("qemu-system-x86_64"));
	for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
		g_ptr_array_add(argv, g_strdup(fixed[i]));
	add(argv, "-accel", "%s", opt->kvm ? "kvm" : "tcg,thread=multi");
	add(argv, "-cpu", "%s", opt->kvm ? "host" : "max");
	/* The table that lists CPUs for kernels without ACPI has one line a socket. */
	add(argv, "-smp", "%u,sockets=%u", cpus, cpus);
	add(argv, "-m", "%uM", opt->memory_mb ? opt->memory_mb : 512);
	add(argv, "-kernel", "%s", opt->image);
	add(argv, "-initrd", "%s", opt->initrd);
	if (opt->tsc_khz && !opt->kvm)
		tsc = g_strdup_printf(" tsc_early_khz=%u", opt->tsc_khz);
	add(argv, "-append", CMDLINE "%s%s%s", tsc ? tsc : "", opt->append ? " " : "",
	    opt->append ? opt->append : "");
}

char **kernel_vm_argv(const KernelVmOptions *opt)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();

	if (!opt->image) {
		g_ptr_array_add(argv, g_strdup(opt->agent));
		g_ptr_array_add(argv, NULL);
		return (char **)g_ptr_array_free(g_steal_pointer(&argv), FALSE);
	}
	kernel_vm_machine(argv, opt);
	add(argv, "-chardev", "file,id=con,path=%s",
	    opt->console ? opt->console : "/dev/null");
	add(argv, "-serial", "chardev:con");
	add(argv, "-chardev", "stdio,id=agent,signal=off");
	add(argv, "-device", "virtio-serial-pci");
	add(argv, "-device", "virtserialport,chardev=agent,name=%s", PROTO_PORT);
	g_ptr_array_add(argv, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&argv), FALSE);
}

bool kernel_vm_kvm_works(const KernelVmOptions *opt, guint timeout_ms,
			 const volatile int *stop)
{
	KernelVmOptions kvm = *opt;
	g_autoptr(KernelVm) vm = NULL;
	g_autofree char *line = NULL;

	kvm.kvm = kvm.quiet = true;
	vm = kernel_vm_start(&kvm, NULL);
	return vm && kernel_vm_line(vm, timeout_ms, stop, &line) == KERNEL_VM_LINE;
}
