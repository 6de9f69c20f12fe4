/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.c - --format=text|ftrace|ftrace-all|json
 */
#include "cli/format.h"

#include <string.h>

#include "cli/cli.h"
#include "sim/base/check.h"
#include "trace/ftrace.h"
#include "trace/json.h"
#include "trace/text.h"

void cli_add_format_option(GOptionContext *ctx, char **word)
{
	const GOptionEntry entries[] = {
		{"format", 0, 0, G_OPTION_ARG_STRING, word,
		 "print the log alone: text, ftrace, ftrace-all or json", "F"},
		G_OPTION_ENTRY_NULL,
	};

	g_option_context_add_main_entries(ctx, entries, NULL);
}

bool cli_format_parse(const char *command, const char *word, const char *other,
		      CliFormat *ret)
{
	static const char *const words[CLI_FORMAT_COUNT_] = {
		[CLI_FORMAT_TEXT] = "text",
		[CLI_FORMAT_FTRACE] = "ftrace",
		[CLI_FORMAT_FTRACE_ALL] = "ftrace-all",
		[CLI_FORMAT_JSON] = "json",
	};

	*ret = CLI_FORMAT_NONE;
	if (!word)
		return true;
	if (other) {
		cli_usage(command, "--format prints the log alone, without %s", other);
		return false;
	}
	for (int i = CLI_FORMAT_TEXT; i < CLI_FORMAT_COUNT_; i++)
		if (strcmp(words[i], word) == 0)
			*ret = (CliFormat)i;
	if (*ret == CLI_FORMAT_NONE)
		cli_usage(command,
			  "--format is text, ftrace, ftrace-all or json, not '%s'", word);
	return *ret != CLI_FORMAT_NONE;
}

void cli_format_print(CliFormat format, const TraceRecord *rec)
{
	g_autofree char *log = NULL;

	switch (format) {
	case CLI_FORMAT_TEXT:
		log = trace_text(rec);
		break;
	case CLI_FORMAT_FTRACE:
	case CLI_FORMAT_FTRACE_ALL:
		log = trace_ftrace(rec, format == CLI_FORMAT_FTRACE_ALL);
		break;
	case CLI_FORMAT_JSON:
		log = trace_json(rec);
		break;
	case CLI_FORMAT_NONE:
	case CLI_FORMAT_COUNT_:
		SIM_CHECK(false);
	}
	fputs(log, stdout);
}
