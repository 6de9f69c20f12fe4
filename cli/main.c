/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - find the command and run it
 */
#include <locale.h>
#include <string.h>

#include "cli/cli.h"
#include "scenarios/lang/near.h"

#define VERSION "0.6"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
#define CLI_COMMAND(name, what) {#name, cmd_##name, what},
#include "cli/commands.def"
};

/* A blank that C does not allow in a name is '-' for people. */
static char *typed_name(const char *name)
{
	return g_strdelimit(g_strdup(name), "_", '-');
}

static void print_help(FILE *out)
{
	fputs("Usage: uringlab COMMAND [OPTION...] [FILE...]\n"
	      "\n"
	      "What can happen on an io_uring, over every interleaving, and why.\n"
	      "\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *name = typed_name(commands[i].name);

		fprintf(out, "  %-10s %s\n", name, commands[i].what);
	}
	fputs("\n"
	      "Examples:\n"
	      "  uringlab explore scenarios/catalogue/links\n"
	      "  uringlab explore --outcomes FILE.uring\n"
	      "  uringlab COMMAND --help\n"
	      "  uringlab --version\n"
	      "\n"
	      "Exit status: 0 as expected, 1 a verdict differs, 2 bad input or host, 3 "
	      "out "
	      "of budget\n"
	      "(also after ^C).\n",
	      out);
}

static int unknown_command(const char *name)
{
	ScnNear near = scn_near(name);
	g_autofree char *hint = NULL;
	char *names[G_N_ELEMENTS(commands)];

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		names[i] = typed_name(commands[i].name);
		scn_near_offer(&near, names[i]);
	}
	hint = scn_near_hint(&near);
	fprintf(stderr, "uringlab: unknown command '%s'%s\n", name, hint);
	fputs("Try 'uringlab --help'.\n", stderr);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_free(names[i]);
	return CLI_BAD;
}

CliExit cli_worse(CliExit a, CliExit b)
{
	static const int rank[] = {
		[CLI_OK] = 0, [CLI_BUDGET] = 1, [CLI_DIFFERS] = 2, [CLI_BAD] = 3};

	return rank[a] >= rank[b] ? a : b;
}

int main(int argc, char **argv)
{
	cli_guard_output();
	setlocale(LC_CTYPE, "");
	g_set_prgname("uringlab");
	if (argc < 2) {
		print_help(stderr);
		return CLI_BAD;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return CLI_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("uringlab " VERSION);
		return CLI_OK;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *name = typed_name(commands[i].name);

		if (strcmp(argv[1], name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	return unknown_command(argv[1]);
}
