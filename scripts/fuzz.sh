#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fuzz.sh - replay the corpus of each fuzz target; each input counts as one
#
# Usage: fuzz.sh DIR TARGET...     programs are DIR/fuzz_TARGET
#
# Exit: 0 every property held, 1 otherwise; the last line counts.
dir=$1
shift
passed=0
failed=0
for target in "$@"; do
    corpus=tests/fuzz/corpus/$target
    inputs=$(find "$corpus" -type f 2>/dev/null | wc -l)
    [ "$inputs" -gt 0 ] || {
        echo "FAIL $target has no corpus in $corpus"
        failed=$((failed + 1))
        continue
    }
    if find "$corpus" -type f -print0 | sort -z |
        xargs -0 "$dir/fuzz_$target" >/dev/null 2>&1; then
        passed=$((passed + inputs))
        continue
    fi
    # One by one, to say which.
    list=$(find "$corpus" -type f | sort)
    for input in $list; do
        if out=$("$dir/fuzz_$target" "$input" 2>&1); then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "FAIL $input"
            echo "$out" | tail -n 5 | sed 's/^/  /'
        fi
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
