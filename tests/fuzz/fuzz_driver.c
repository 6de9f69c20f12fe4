/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_driver.c - a main() for fuzz targets where no fuzzer is at hand
 *
 * Usage: fuzz_X FILE...   runs the target on each file; exit 0 if nobody aborted, 2 if a
 *        file cannot be read.
 */
#include <glib.h>
#include <stddef.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = NULL;
		gsize len;

		if (!g_file_get_contents(argv[i], &text, &len, &error)) {
			fprintf(stderr, "%s\n", error->message);
			return 2;
		}
		/* Said before, so that the last line names the file that aborts. */
		printf("  FUZZ    %s (%" G_GSIZE_FORMAT " bytes)\n", argv[i], len);
		fflush(stdout);
		LLVMFuzzerTestOneInput((const unsigned char *)text, len);
	}
	return 0;
}
