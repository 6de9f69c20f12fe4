/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - programs that we run on the host, and what they said
 *
 * Layer:  kernel.
 * Owns:   nothing.
 * Errors: GError: cannot be started, or ended badly; the message has the command and the
 *         last lines of its output.
 */
#ifndef KERNEL_BUILD_COMMAND_H
#define KERNEL_BUILD_COMMAND_H

#include <glib.h>
#include <stdbool.h>

/*
 * Run @argv (NULL-terminated) in folder @dir (NULL: ours) and wait. Output and errors are
 * appended to file @log (NULL: kept for the message only). With @ret_out, standard output
 * goes there instead, and the caller frees it.
 */
bool kernel_command(const char *const *argv, const char *dir, const char *log,
		    char **ret_out, GError **error);

/* The same for words given one by one: KERNEL_COMMAND(dir, log, out, error, "tar", "x")
 */
#define KERNEL_COMMAND(dir, log, out, error, ...)                                        \
	kernel_command((const char *const[]){__VA_ARGS__, NULL}, dir, log, out, error)

/* CPU time, in s, of all commands that have ended so far. */
double kernel_command_cpu_s(void);

#endif /* KERNEL_BUILD_COMMAND_H */
