/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slots.h - tags and releases where conditions speak of SQEs
 *
 * Layer:  scenarios/lang; not for other rooms.
 * Errors: none.
 * See:    ScnCond in scenario.h for the numbering.
 */
#ifndef SCENARIOS_LANG_SLOTS_H
#define SCENARIOS_LANG_SLOTS_H

#include "scenarios/lang/load.h"

/* Index that stands for the CQE of the tag @obj; all SQEs must be known. */
uint32_t scn_tag_index(const ScnLoad *l, uint32_t obj);

/* Buffers, pipes and files: what a table can hold. */
bool scn_is_resource(ScnObjKind kind);

/* Index that stands for the release of the resource @obj; all tags must be known. */
uint32_t scn_release_index(const ScnLoad *l, uint32_t obj);

#endif /* SCENARIOS_LANG_SLOTS_H */
