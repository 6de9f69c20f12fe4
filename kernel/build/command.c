/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.c - programs that we run on the host, and what they said
 */
#include "kernel/build/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/build/spec.h"

#define TAIL_LINES 12
#define TICK_MS    200  /* how often the stop flag is looked at */
#define GRACE_MS   5000 /* between SIGTERM and SIGKILL */
#define READ_BYTES 16384

typedef struct Running {
	const KernelCommand *how;
	GPid pid;
	int fds[2];       /* its stdout and stderr; -1 = closed */
	GString *text[2]; /* what came from them */
	gsize shown;      /* lines of stdout before it were handed out */
	FILE *log;
	gint64 stopped_at; /* when SIGTERM was sent; 0 = not */
} Running;

/* The last lines of @text, as they are. */
static const char *tail_of(const char *text)
{
	const char *p = text + strlen(text);

	for (guint lines = 0; p > text; p--)
		if (p[-1] == '\n' && ++lines > TAIL_LINES)
			break;
	return p;
}

/* What surrounds us must not change what a kernel is built from. */
static char **clean_environment(void)
{
	static const char *const unwanted[] = {
		"MAKEFLAGS",     "MFLAGS",     "MAKELEVEL",
		"MAKEOVERRIDES", "MAKEFILES",  "GNUMAKEFLAGS",
		"KCFLAGS",       "KAFLAGS",    "KCPPFLAGS",
		"CROSS_COMPILE", "ARCH",       "KBUILD_OUTPUT",
		"LLVM",          "CC",         "CFLAGS",
		"LDFLAGS",       "HOSTCFLAGS", "KCONFIG_CONFIG"};
	char **env = g_get_environ();

	for (guint i = 0; i < G_N_ELEMENTS(unwanted); i++)
		env = g_environ_unsetenv(env, unwanted[i]);
	return g_environ_setenv(env, "LC_ALL", "C", TRUE);
}

/* In the child. If we die without a word, it is not to go on alone. */
static void own_group(gpointer data)
{
	(void)data;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

/* Lines of stdout that have become complete. */
static void show_lines(Running *r)
{
	const GString *out = r->text[0];
	const char *end;

	while (r->how->line && (end = strchr(out->str + r->shown, '\n'))) {
		const char *from = out->str + r->shown;
		g_autofree char *line = g_strndup(from, (gsize)(end - from));

		r->shown += (gsize)(end - from) + 1;
		r->how->line(line, r->how->data);
	}
}

static void take(Running *r, int i)
{
	char buf[READ_BYTES];
	const ssize_t n = read(r->fds[i], buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close(r->fds[i]);
		r->fds[i] = -1;
		return;
	}
	g_string_append_len(r->text[i], buf, n);
	/* Flushed: people look at it while it grows. */
	if (r->log && fwrite(buf, 1, (size_t)n, r->log) == (size_t)n)
		fflush(r->log);
	if (i == 0)
		show_lines(r);
}

/* End the group if we are to stop: first politely, so that make removes its half. */
static void heed_stop(Running *r)
{
	const gint64 now = g_get_monotonic_time();

	if (!r->how->stop || !*r->how->stop)
		return;
	if (!r->stopped_at) {
		r->stopped_at = now;
		kill(-r->pid, SIGTERM);
	} else if (now - r->stopped_at > GRACE_MS * 1000) {
		kill(-r->pid, SIGKILL);
		if (r->how->ret_forced)
			*r->how->ret_forced = true;
	}
}

/* Until both pipes are closed; returns the wait status. */
static int attend(Running *r)
{
	int status = 0;

	while (r->fds[0] >= 0 || r->fds[1] >= 0) {
		struct pollfd fds[] = {
			{.fd = r->fds[0], .events = POLLIN},
			{.fd = r->fds[1], .events = POLLIN},
		};

		heed_stop(r);
		if (poll(fds, G_N_ELEMENTS(fds), TICK_MS) <= 0)
			continue;
		for (int i = 0; i < 2; i++)
			if (fds[i].revents)
				take(r, i);
	}
	/* It may close its output and go on. */
	while (waitpid(r->pid, &status, WNOHANG) == 0) {
		heed_stop(r);
		g_usleep(1000);
	}
	return status;
}

static bool ended_well(const Running *r, const char *line, int status, GError **error)
{
	g_autofree char *all = g_strconcat(r->text[0]->str, r->text[1]->str, NULL);
	g_autoptr(GError) end = NULL;
	const char *log = r->how->log;

	if (r->stopped_at) {
		g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_STOPPED,
			    "interrupted");
		return false;
	}
	if (g_spawn_check_wait_status(status, &end))
		return true;
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED, "%s: %s\n%s%s%s",
		    line, end->message, tail_of(all), log ? "all of it is in " : "",
		    log ? log : "");
	return false;
}

/* A program that is not here: say how to get it. */
static void add_package(const char *program, GError **error)
{
	static const char *const packages[][2] = {
		{"objcopy", "binutils"}, {"dpkg-deb", "dpkg"}, {"diff3", "diffutils"},
		{"apt-get", "apt"},      {"xz", "xz-utils"},   {"rm", "coreutils"},
		{"cp", "coreutils"},
	};
	const char *package = program;

	if (!g_error_matches(*error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(packages); i++)
		if (!strcmp(program, packages[i][0]))
			package = packages[i][1];
	g_clear_error(error);
	g_set_error(error, KERNEL_BUILD_ERROR, KERNEL_BUILD_FAILED,
		    "%s is not installed; as root: apt-get install -y "
		    "--no-install-recommends %s",
		    program, package);
}

bool kernel_command(const KernelCommand *how, const char *const *argv, char **ret_out,
		    GError **error)
{
	Running r = {.how = how};
	/* GLib does not write to what it takes without const. */
	char **words = (char **)(guintptr)argv;
	GError *why = NULL;
	g_autofree char *line = g_strjoinv(" ", words);
	g_auto(GStrv) env = clean_environment();
	bool ok;
	int status;

	if (!g_spawn_async_with_pipes(
		    how->dir, words, env, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
		    own_group, NULL, &r.pid, NULL, &r.fds[0], &r.fds[1], &why)) {
		add_package(argv[0], &why);
		g_propagate_error(error, why);
		return false;
	}
	r.text[0] = g_string_new(NULL);
	r.text[1] = g_string_new(NULL);
	r.log = how->log ? fopen(how->log, "ae") : NULL;
	if (r.log)
		fprintf(r.log, "$ %s\n", line);
	status = attend(&r);
	if (r.log)
		fclose(r.log);
	ok = ended_well(&r, line, status, error);
	if (ok && ret_out)
		*ret_out = g_string_free(g_steal_pointer(&r.text[0]), FALSE);
	if (r.text[0])
		g_string_free(r.text[0], TRUE);
	g_string_free(r.text[1], TRUE);
	return ok;
}

double kernel_command_cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_CHILDREN, &u);
	return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}
