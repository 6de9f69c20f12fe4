/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - the log of an execution, in the look that --format asks for
 *
 * Layer:  cli.
 * Owns:   nothing; the word belongs to the command.
 */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <glib.h>
#include <stdbool.h>

#include "trace/record.h"

/* With --format nothing but the log goes to stdout. */
typedef enum CliFormat {
	CLI_FORMAT_NONE, /* the report of the command */
	CLI_FORMAT_TEXT,
	CLI_FORMAT_FTRACE,
	CLI_FORMAT_FTRACE_ALL, /* events without a tracepoint too */
	CLI_FORMAT_JSON,
	CLI_FORMAT_COUNT_,
} CliFormat;

void cli_add_format_option(GOptionContext *ctx, char **word);

/*
 * What @word (NULL: not given) means. False and a message if it means nothing, or if
 * @other (NULL: none), an option that asks for another look, was given too.
 */
bool cli_format_parse(const char *command, const char *word, const char *other,
		      CliFormat *ret);

void cli_format_print(CliFormat format, const TraceRecord *rec);

#endif /* CLI_FORMAT_H */
