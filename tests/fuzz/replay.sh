#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# replay.sh - run every fuzz target once over each file of its corpus
#
# Usage: replay.sh DIR     (DIR holds the programs fuzz_X, run from the root of the tree)
#
# Exit: 0 all files survived, 1 otherwise; 2 usage.

[ $# -eq 1 ] || {
    echo "usage: $0 DIR" >&2
    exit 2
}
passed=0
failed=0
for corpus in tests/fuzz/corpus/*/; do
    name=$(basename "$corpus")
    [ -x "$1/fuzz_$name" ] || continue
    for seed in "$corpus"*; do
        if "$1/fuzz_$name" "$seed" >"$1/$name.log" 2>&1; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "FAIL $1/fuzz_$name $seed"
            tail -n 5 "$1/$name.log"
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
