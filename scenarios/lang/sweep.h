/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep.h - which combination of swept parameters, and what -D says
 *
 * Layer: scenarios/lang; not for other rooms.
 * State: none beyond ScnLoad.
 */
#ifndef SCENARIOS_LANG_SWEEP_H
#define SCENARIOS_LANG_SWEEP_H

#include "scenarios/lang/load.h"

/* The profile of a file that names none. */
#define SCN_PROFILE_DEFAULT "sqe-group"

/* The value given to @name by -D, or NULL; the last one counts. */
const char *scn_define_find(const ScnDefine *defines, uint32_t n, const char *name);

/* Evaluate the text @define; what is wrong with it is said at @item. */
void scn_define_eval(ScnLoad *l, const ScnItem *item, const char *define, int64_t *ret);

/* Say which -D names no parameter. */
void scn_define_check(ScnLoad *l);

/* The value of sweep @item in the combination of this load. */
const ScnNode *scn_sweep_value(ScnLoad *l, const ScnItem *item);

/* Combinations of all sweeps behind @from that are not pinned; 0 if too many. */
uint32_t scn_sweep_combos(const ScnItem *from, const ScnDefine *defines, uint32_t n);

#endif /* SCENARIOS_LANG_SWEEP_H */
