/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.c - a guest for people: a shell on the terminal instead of the agent
 */
#include "kernel/vm/shell.h"

#include <elf.h>
#include <string.h>

#include "kernel/vm/cpio.h"

#define BUSYBOX "/bin/busybox"
#define TAG     "share"

/* Runs as process 1; the machine ends with the shell. */
static const char init[] =
	"#!" BUSYBOX " sh\n" BUSYBOX " mkdir -p /sbin /usr/bin /usr/sbin /mnt\n" BUSYBOX
	" --install -s\n"
	"export PATH=/bin:/sbin:/usr/bin:/usr/sbin HOME=/tmp TERM=vt100\n"
	"mount -t proc proc /proc\n"
	"mount -t sysfs sysfs /sys\n"
	"mount -t devtmpfs devtmpfs /dev\n"
	"mount -t tmpfs tmpfs /tmp\n"
	"mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null\n"
	"mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null\n"
	"for m in /modules/*; do [ -e \"$m\" ] && insmod \"$m\"; done\n"
	"grep -q uringlab.share /proc/cmdline && mount -t 9p -o "
	"trans=virtio,version=9p2000.L,msize=65536 " TAG " /mnt\n"
	"cd /tmp\n"
	"echo \"$(uname -sr): 'exit' ends the machine, ^A x kills it\"\n"
	"setsid cttyhack sh\n"
	"reboot -f\n";

/* A program without an interpreter to load needs no library either. */
static bool is_static(const char *path)
{
	g_autofree char *text = NULL;
	const Elf64_Ehdr *head;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, NULL) || len < sizeof(*head))
		return false;
	head = (const Elf64_Ehdr *)(const void *)text;
	if (memcmp(head->e_ident, ELFMAG, SELFMAG) ||
	    head->e_ident[EI_CLASS] != ELFCLASS64 ||
	    head->e_phentsize != sizeof(Elf64_Phdr) || head->e_phoff > len ||
	    (len - head->e_phoff) / sizeof(Elf64_Phdr) < head->e_phnum)
		return false;
	for (guint i = 0; i < head->e_phnum; i++) {
		const Elf64_Phdr *p =
			(const Elf64_Phdr *)(const void *)(text + head->e_phoff) + i;

		if (p->p_type == PT_INTERP)
			return false;
	}
	return true;
}

char *kernel_shell_busybox(GError **error)
{
	g_autofree char *path = g_find_program_in_path("busybox");

	if (path && is_static(path))
		return g_steal_pointer(&path);
	g_set_error(error, KERNEL_VM_ERROR, 0,
		    "%s; a shell in the guest needs a static one: apt-get install "
		    "busybox-static",
		    path ? "busybox here is not static" : "no busybox here");
	return NULL;
}

GByteArray *kernel_shell_initramfs(const char *busybox, const char *agent,
				   char *const *modules, GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	kernel_cpio_dir(out, "bin");
	if (!kernel_cpio_base(out, modules, error) ||
	    !kernel_cpio_copy(out, "bin/busybox", busybox, error) ||
	    !kernel_cpio_copy(out, "bin/uringlab-agent", agent, error))
		return NULL;
	kernel_cpio_file(out, "init", 0755, init, strlen(init));
	kernel_cpio_end(out);
	return g_steal_pointer(&out);
}

char **kernel_shell_argv(const KernelVmOptions *opt, const char *share)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *append = g_strjoin(" ", share ? "uringlab.share" : "quiet",
					    opt->append ? opt->append : "", NULL);
	KernelVmOptions with = *opt;
	static const char *const console[] = {
		"-chardev", "stdio,id=con,mux=on,signal=off", "-serial", "chardev:con",
		"-mon",     "chardev=con,mode=readline"};

	with.append = append;
	kernel_vm_machine(argv, &with);
	for (guint i = 0; i < G_N_ELEMENTS(console); i++)
		g_ptr_array_add(argv, g_strdup(console[i]));
	if (share) {
		/* A comma ends a value; two stand for one. */
		g_auto(GStrv) parts = g_strsplit(share, ",", -1);
		g_autofree char *path = g_strjoinv(",,", parts);

		g_ptr_array_add(argv, g_strdup("-fsdev"));
		g_ptr_array_add(argv, g_strdup_printf("local,id=share,path=%s,"
						      "security_model=none",
						      path));
		g_ptr_array_add(argv, g_strdup("-device"));
		g_ptr_array_add(argv,
				g_strdup("virtio-9p-pci,fsdev=share,mount_tag=" TAG));
	}
	g_ptr_array_add(argv, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&argv), FALSE);
}
