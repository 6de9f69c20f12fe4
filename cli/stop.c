/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stop.c - ^C ends a computation, not the report on what it covered
 */
#include <signal.h>

#include "cli/cli.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	interrupted = 1;
	/* Whoever presses it twice means it. */
	signal(sig, SIG_DFL);
}

void cli_catch_interrupt(void)
{
	struct sigaction action = {.sa_handler = on_interrupt};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool cli_interrupted(void)
{
	return interrupted != 0;
}

const volatile int *cli_interrupt_flag(void)
{
	return &interrupted;
}
