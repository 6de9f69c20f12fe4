/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_vm.c - what surrounds a guest: splats on its console, its initramfs, its command
 *
 * Goal:   a kernel that complains is noticed and one that does not is left alone; the
 *         initramfs has what the format asks for.
 * Method: console lines as kernels print them; the archive is read back by hand.
 */
#include "kernel/vm/cpio.h"
#include "kernel/vm/shell.h"
#include "kernel/vm/splat.h"
#include "kernel/vm/vm.h"

#include <string.h>
#include <unistd.h>

#include "tests/support/t_main.h"

static const struct {
	const char *text;
	KernelSplat splat;
	const char *first; /* first line of the report */
} consoles[] = {
	/* clang-format off */
	{"", KERNEL_SPLAT_NONE, NULL},
	{"[    0.1] tsc: Unable to calibrate against PIT\n", KERNEL_SPLAT_NONE, NULL},
	{"[    1.000000] WARNING: CPU: 0 PID: 7 at io_uring/io_uring.c:1 f+0x1/0x2\n[    1.1] more\n",
	 KERNEL_SPLAT_WARN, "WARNING: CPU: 0 PID: 7 at io_uring/io_uring.c:1 f+0x1/0x2\n"},
	{"[    1.000000][   T42] BUG: KASAN: slab-use-after-free in f\n", KERNEL_SPLAT_KASAN,
	 "BUG: KASAN: slab-use-after-free in f\n"},
	{"[    2.0] BUG: kernel NULL pointer dereference, address: 0\n", KERNEL_SPLAT_OOPS,
	 "BUG: kernel NULL pointer dereference, address: 0\n"},
	{"[    2.0] BUG: soft lockup - CPU#1 stuck\n", KERNEL_SPLAT_WARN,
	 "BUG: soft lockup - CPU#1 stuck\n"},
	{"[    2.0] WARNING: CPU: 0\n[    2.1] Kernel panic - not syncing: Fatal\n",
	 KERNEL_SPLAT_OOPS, "WARNING: CPU: 0\n"},
	/* clang-format on */
};

START_TEST(splat_row)
{
	g_autofree char *text = NULL;
	const KernelSplat got = kernel_splat_find(consoles[_i].text, &text);

	ck_assert_msg(got == consoles[_i].splat, "%s is %s", consoles[_i].text,
		      kernel_splat_name(got));
	ck_assert((text != NULL) == (consoles[_i].first != NULL));
	if (text)
		ck_assert_msg(g_str_has_prefix(text, consoles[_i].first), "report is %s",
			      text);
}
END_TEST

START_TEST(cpio_entries)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	const char *p;

	kernel_cpio_file(out, "init", 0755, "abcde", 5);
	kernel_cpio_end(out);
	p = (const char *)out->data;
	ck_assert_int_eq(strncmp(p, "070701", 6), 0);
	ck_assert_int_eq(strncmp(p + 14, "000081ED", 8), 0); /* mode 0100755 */
	ck_assert_int_eq(strncmp(p + 54, "00000005", 8), 0); /* size */
	ck_assert_str_eq(p + 110, "init");
	/* 110 + "init\0" = 115, padded to 116; then 5 bytes, padded to 124. */
	ck_assert_int_eq(memcmp(p + 116, "abcde", 5), 0);
	ck_assert_int_eq(strncmp(p + 124, "070701", 6), 0);
	ck_assert_str_eq(p + 124 + 110, "TRAILER!!!");
	ck_assert_uint_eq(out->len % 4, 0);
}
END_TEST

START_TEST(qemu_command)
{
	const KernelVmOptions opt = {
		.image = "vmlinux", .initrd = "i", .append = "quiet", .tsc_khz = 2400000};
	const KernelVmOptions host = {.agent = "agent"};
	g_auto(GStrv) argv = kernel_vm_argv(&opt), alone = kernel_vm_argv(&host);
	g_autofree char *line = g_strjoinv(" ", argv);

	ck_assert_ptr_nonnull(strstr(line, "-accel tcg,thread=multi"));
	ck_assert_ptr_nonnull(strstr(line, "-kernel vmlinux"));
	ck_assert_ptr_nonnull(strstr(line, " tsc_early_khz=2400000 quiet"));
	ck_assert_ptr_nonnull(strstr(line, "-smp 2,sockets=2"));
	ck_assert_ptr_null(strstr(line, "-netdev"));
	ck_assert_str_eq(alone[0], "agent");
	ck_assert_ptr_null(alone[1]);
}
END_TEST

/* A guest for people: the terminal is its console, and no agent waits behind a port. */
START_TEST(shell_command)
{
	const KernelVmOptions opt = {.image = "vmlinux", .initrd = "i", .kvm = true};
	g_auto(GStrv) argv = kernel_shell_argv(&opt, "/a,b");
	g_auto(GStrv) alone = kernel_shell_argv(&opt, NULL);
	g_autofree char *line = g_strjoinv(" ", argv);
	g_autofree char *plain = g_strjoinv(" ", alone);

	ck_assert_ptr_nonnull(strstr(line, "-accel kvm -cpu host"));
	ck_assert_ptr_nonnull(strstr(line, "-chardev stdio,id=con,mux=on"));
	ck_assert_ptr_nonnull(strstr(line, "path=/a,,b,security_model=none"));
	ck_assert_ptr_nonnull(strstr(line, "uringlab.share"));
	ck_assert_ptr_null(strstr(line, "virtserialport"));
	ck_assert_ptr_null(strstr(plain, "fsdev"));
	ck_assert_ptr_null(strstr(plain, "uringlab.share"));
}
END_TEST

/* Only a static busybox runs where there is nothing else. */
START_TEST(shell_busybox)
{
	g_autofree char *dir = g_dir_make_tmp("uringlab-vm-XXXXXX", NULL);
	g_autofree char *fake = g_build_filename(dir, "busybox", NULL);
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *path = g_strdup(g_getenv("PATH"));
	g_autoptr(GError) none = NULL, dynamic = NULL;

	g_setenv("PATH", dir, TRUE);
	ck_assert_ptr_null(kernel_shell_busybox(&none));
	ck_assert_ptr_nonnull(strstr(none->message, "apt-get install busybox-static"));
	ck_assert_int_eq(symlink(self, fake), 0);
	ck_assert_ptr_null(kernel_shell_busybox(&dynamic));
	ck_assert_ptr_nonnull(strstr(dynamic->message, "not static"));
	g_setenv("PATH", path, TRUE);
	ck_assert_int_eq(unlink(fake), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("kernel_vm");
	TCase *tc = tcase_create("vm");

	tcase_add_loop_test(tc, splat_row, 0, T_LEN(consoles));
	tcase_add_test(tc, cpio_entries);
	tcase_add_test(tc, qemu_command);
	tcase_add_test(tc, shell_command);
	tcase_add_test(tc, shell_busybox);
	suite_add_tcase(suite, tc);
	return suite;
}
