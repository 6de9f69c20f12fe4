#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tally.sh - add up the counts that suite.sh left, as one line
#
# Usage: tally.sh DIR SUITE...
#
# A suite without counts did not run, because something that it needs was not built:
# that is one failure, never nothing.
#
# Exit: 0 nothing failed, 1 otherwise.

dir=$1
shift
passed=0
failed=0
skipped=0
for suite in "$@"; do
    if [ -r "$dir/$suite.count" ]; then
        read -r p f s <"$dir/$suite.count"
    else
        echo "  FAIL $suite did not run: what it needs was not built"
        p=0 f=1 s=0
    fi
    passed=$((passed + p))
    failed=$((failed + f))
    skipped=$((skipped + s))
done
line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
