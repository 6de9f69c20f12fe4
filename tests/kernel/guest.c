/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.c - run a static program as process 1 of a kernel and show what it says
 *
 * Usage: guest [--first] [--series PATH] KERNEL PROGRAM
 *
 * The program says what it has to say on the agent's port, line by line, and "end" at the
 * end; --first is content with the first failure. Exit: 0, or 1 for a line that starts
 * with FAIL, no end, or a console with a splat; 77 if the kernel is not there.
 */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "kernel/build/image.h"
#include "kernel/vm/cpio.h"
#include "kernel/vm/vm.h"

#define SILENCE_MS 180000 /* a slow kernel on a loaded host */

static KernelImage *image_of(const char *name, const char *series, KernelSpec **ret_spec)
{
	const KernelImageOptions opt = {.build = false, .series = series};
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = kernel_spec_dir(&error), *path = NULL;
	KernelImage *image = NULL;

	if (dir) {
		g_autofree char *leaf = g_strconcat(name, ".kernel", NULL);

		path = g_build_filename(dir, leaf, NULL);
		*ret_spec = kernel_spec_load(path, &error);
		if (*ret_spec)
			image = kernel_image_get(*ret_spec, &opt, &error);
	}
	if (!image)
		fprintf(stderr, "guest: %s\n", error->message);
	return image;
}

typedef struct Count {
	guint passed, failed;
} Count;

static void fail(Count *n, const char *what, const char *more)
{
	printf("FAIL %s%s\n", what, more);
	n->failed++;
}

/* What the guest says, until its end. */
static void listen(KernelVm *vm, bool first, Count *n)
{
	bool end = false;

	while (!end && !(first && n->failed)) {
		g_autofree char *line = NULL;
		const KernelVmWhy why = kernel_vm_line(vm, SILENCE_MS, NULL, &line);

		if (why != KERNEL_VM_LINE) {
			fail(n, "the guest ",
			     why == KERNEL_VM_TIMEOUT ? "says nothing any more"
			     : why == KERNEL_VM_OOPS  ? "died"
						      : "is gone");
			return;
		}
		end = g_str_equal(line, "end");
		n->passed += g_str_has_prefix(line, "ok ");
		n->failed += g_str_has_prefix(line, "FAIL ");
		if (!end && !g_str_equal(line, "hello"))
			printf("%s\n", line);
		fflush(stdout);
	}
}

static bool run(const KernelSpec *spec, const KernelImage *image, const char *program,
		const char *dir, bool first)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GByteArray) initramfs =
		kernel_initramfs(program, image->modules, &error);
	g_autofree char *initrd = g_build_filename(dir, "initrd", NULL);
	g_autofree char *console = g_build_filename(dir, "console", NULL);
	g_autofree char *text = NULL;
	const KernelVmOptions opt = {.image = image->vmlinux,
				     .initrd = initrd,
				     .console = console,
				     .append = spec->append,
				     .memory_mb = spec->memory_mb,
				     .cpus = spec->cpus,
				     .tsc_khz = kernel_vm_tsc_khz()};
	g_autoptr(KernelVm) vm = NULL;
	Count n = {0};

	if (initramfs && g_file_set_contents(initrd, (const char *)initramfs->data,
					     (gssize)initramfs->len, &error))
		vm = kernel_vm_start(&opt, &error);
	if (!vm) {
		fprintf(stderr, "guest: %s\n", error->message);
		return false;
	}
	listen(vm, first, &n);
	if (kernel_vm_splat(vm, &text) != KERNEL_SPLAT_NONE)
		fail(&n, "the console complains:\n", text);
	printf("%u passed, %u failed\n", n.passed, n.failed);
	return !n.failed;
}

int main(int argc, char **argv)
{
	g_autoptr(KernelSpec) spec = NULL;
	g_autoptr(KernelImage) image = NULL;
	g_autofree char *dir = NULL;
	const char *series = NULL;
	bool first = false, good;

	for (; argc > 3 && g_str_has_prefix(argv[1], "--"); argc--, argv++) {
		if (g_str_equal(argv[1], "--first")) {
			first = true;
		} else if (argc > 4 && g_str_equal(argv[1], "--series")) {
			series = argv[2];
			argc--;
			argv++;
		} else {
			break;
		}
	}
	if (argc != 3) {
		fprintf(stderr,
			"usage: guest [--first] [--series PATH] KERNEL PROGRAM\n");
		return 2;
	}
	image = image_of(argv[1], series, &spec);
	if (!image)
		return 77;
	dir = g_dir_make_tmp("guest-XXXXXX", NULL);
	if (!dir)
		return 2;
	good = run(spec, image, argv[2], dir, first);
	for (const char *const *leaf = (const char *const[]){"initrd", "console", NULL};
	     *leaf; leaf++) {
		g_autofree char *path = g_build_filename(dir, *leaf, NULL);

		g_unlink(path);
	}
	g_rmdir(dir);
	return good ? 0 : 1;
}
