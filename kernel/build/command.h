/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - programs that we run on the host, and what they said
 *
 * Each runs in a process group of its own, without standard input, in the C locale and
 * without the variables by which an outer make or a user's shell would change a kernel
 * build. When *stop is set, the whole group is ended and the command fails with
 * KERNEL_BUILD_STOPPED: so ^C, which reaches only us, leaves nothing running.
 *
 * Layer:  kernel.
 * Owns:   nothing.
 * Errors: GError: cannot be started, and then with the package that has it, or ended
 *         badly; the message has the command and the last lines of its output.
 */
#ifndef KERNEL_BUILD_COMMAND_H
#define KERNEL_BUILD_COMMAND_H

#include <glib.h>
#include <stdbool.h>

typedef struct KernelCommand {
	const char *dir;          /* folder to run in; NULL: ours */
	const char *log;          /* file that gets all output appended, or NULL */
	const volatile int *stop; /* set by a signal handler; may be NULL */
	void (*line)(const char *text, void *data); /* each line of stdout, or NULL */
	void *data;
	bool *ret_forced; /* set if it had to be killed after *stop; may be NULL */
} KernelCommand;

/*
 * Run @argv (NULL-terminated) and wait. With @ret_out, standard output goes there and the
 * caller frees it.
 */
bool kernel_command(const KernelCommand *how, const char *const *argv, char **ret_out,
		    GError **error);

/* The same for words given one by one: KERNEL_COMMAND(&how, out, error, "tar", "x") */
#define KERNEL_COMMAND(how, out, error, ...)                                             \
	kernel_command(how, (const char *const[]){__VA_ARGS__, NULL}, out, error)

/* CPU time, in s, of all commands that have ended so far. */
double kernel_command_cpu_s(void);

#endif /* KERNEL_BUILD_COMMAND_H */
