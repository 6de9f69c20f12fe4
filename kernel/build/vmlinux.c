/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmlinux.c - the ELF file inside a bzImage
 *
 * Kernel: Documentation/arch/x86/boot.rst: setup_sects at 0x1f1, magic at 0x202,
 *         payload_offset at 0x248, payload_length at 0x24c; the payload ends with the
 *         unpacked size in four bytes.
 *
 * Started through PVH, QEMU loads it as it is: the guest does not unpack it, which saves
 * a second or more without KVM.
 */
#include <string.h>

#include "kernel/build/command.h"
#include "kernel/build/image.h"

#define SECTOR 512u

static guint32 word_at(const guint8 *data, gsize at)
{
	return (guint32)data[at] | (guint32)data[at + 1] << 8 |
	       (guint32)data[at + 2] << 16 | (guint32)data[at + 3] << 24;
}

/* The program that unpacks data which starts like @payload, or NULL. */
static const char *unpacker(const guint8 *payload)
{
	static const struct {
		const char *magic, *program;
		gsize len;
	} kinds[] = {
		{"\x28\xb5\x2f\xfd", "zstd", 4},
		{"\xfd"
		 "7zXZ",
		 "xz", 5},
		{"\x02\x21\x4c\x18", "lz4", 4},
		{"\x1f\x8b", "gzip", 2},
	};

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!memcmp(payload, kinds[i].magic, kinds[i].len))
			return kinds[i].program;
	return NULL;
}

static bool refuse(GError **error, const char *path, const char *what)
{
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s", path, what);
	return false;
}

bool kernel_vmlinux_extract(const char *path, const char *to, GError **error)
{
	g_autofree char *text = NULL, *packed = g_strconcat(to, ".packed", NULL);
	g_autofree char *cmd = NULL, *from_q = NULL, *to_q = NULL;
	const KernelCommand how = {0};
	const char *program;
	const guint8 *data;
	gsize len, start, n;

	if (!g_file_get_contents(path, &text, &len, error))
		return false;
	data = (const guint8 *)text;
	if (len < 0x250 || memcmp(data + 0x202, "HdrS", 4))
		return refuse(error, path, "not a bzImage");
	start = (gsize)((data[0x1f1] ? data[0x1f1] : 4) + 1) * SECTOR +
		word_at(data, 0x248);
	n = word_at(data, 0x24c);
	if (n < 8 || start > len || n > len - start)
		return refuse(error, path, "its payload is not inside the file");
	program = unpacker(data + start);
	if (!program)
		return refuse(error, path,
			      "its payload is packed in a way not known here");
	/* gzip carries its size itself; for the others it is appended by the build. */
	if (strcmp(program, "gzip"))
		n -= 4;
	if (!g_file_set_contents(packed, text + start, (gssize)n, error))
		return false;
	from_q = g_shell_quote(packed);
	to_q = g_shell_quote(to);
	cmd = g_strdup_printf("%s -dc <%s >%s && rm %s", program, from_q, to_q, from_q);
	return KERNEL_COMMAND(&how, NULL, error, "sh", "-c", cmd);
}
