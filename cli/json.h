/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - JSON output of the commands, and verdicts as JSON
 *
 * Layer:  cli.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <json-glib/json-glib.h>

#include "cli/cli.h"
#include "scenarios/run/judge.h"

/* Member @name of the open object. */
void cli_json_string(JsonBuilder *j, const char *name, const char *value);
void cli_json_int(JsonBuilder *j, const char *name, int64_t value);
void cli_json_bool(JsonBuilder *j, const char *name, bool value);

/* What identifies a case: file, name, profile, parameters. */
void cli_json_case(JsonBuilder *j, const CliCase *c);

/* One report as members of the open object. */
void cli_json_report(JsonBuilder *j, const CliCase *c, const CliOptions *o,
		     const ScnReport *r);

/* Print the finished tree to stdout and free @j. */
void cli_json_print(JsonBuilder *j);

#endif /* CLI_JSON_H */
