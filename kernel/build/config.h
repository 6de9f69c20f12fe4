/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - fragments of a kernel configuration
 *
 * A fragment has one CONFIG_NAME=VALUE a line, comments and empty lines; =n takes an
 * option away. Of several fragments the later ones win.
 *
 * Layer:  kernel.
 * Owns:   nothing.
 * Errors: GError `path:line: what`, or the options that did not come out as wanted.
 */
#ifndef KERNEL_BUILD_CONFIG_H
#define KERNEL_BUILD_CONFIG_H

#include <glib.h>
#include <stdbool.h>

/*
 * The fragments at @paths (NULL-terminated) as one text, each option once, comments
 * dropped. The caller frees. NULL with @error for a line that is none of the three.
 */
char *kernel_config_merge(const char *const *paths, GError **error);

/*
 * Does @have, a whole .config, say what @want, a merged fragment, says? Kconfig drops
 * silently what depends on something else; scenarios would then skip silently. The error
 * has every option that differs and what became of it.
 */
bool kernel_config_check(const char *want, const char *have, GError **error);

#endif /* KERNEL_BUILD_CONFIG_H */
