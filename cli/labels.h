/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * labels.h - an outcome as one line
 *
 * Layer:  cli.
 */
#ifndef CLI_LABELS_H
#define CLI_LABELS_H

#include <stdint.h>

#include "scenarios/run/scenario_model.h"

/*
 * "m2:64K m1:64K lead:-EIO | P0: 4 hang": the CQEs in order, then what the system calls
 * of each task returned. With several rings each CQE says its own. Caller frees.
 */
char *cli_labels_text(const ScnModel *m, const uint64_t *labels, uint32_t n);

#endif /* CLI_LABELS_H */
