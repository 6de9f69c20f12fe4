/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.h - enums of the engine as words for people
 *
 * Layer:  cli.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "sim/engine/drive.h"
#include "sim/explore/automaton.h"
#include "sim/explore/explore.h"

const char *cli_kind_word(SimPropKind kind); /* "forall" */
const char *cli_cut_word(SimCut cut);        /* "states" */
const char *cli_end_word(SimRunEnd end);     /* "finished" */
const char *cli_relation_word(SimAutRelation relation);

#endif /* CLI_WORDS_H */
