#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# judge.sh - explore scenarios under every profile they name; each file counts as one
#
# Usage: judge.sh PROGRAM DIR... [-- OPTION...]
#
# A scenario passes if all its conditions hold in all its combinations (exit 0). A budget
# that runs out is a failure here: unknown is not a pass.
#
# Exit: 0 all pass, 1 otherwise; the last line counts.
program=$1
shift
dirs=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    dirs="$dirs $1"
    shift
done
[ $# -eq 0 ] || shift
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
export ASAN_OPTIONS="detect_leaks=1:$ASAN_OPTIONS" G_SLICE=always-malloc

# shellcheck disable=SC2086 # a list of folders
find $dirs -name '*.uring' | sort >"$tmp/files"
passed=0
failed=0
while read -r file; do
    if "$program" explore -p all -q "$@" "$file" >"$tmp/out" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        status=$?
        failed=$((failed + 1))
        echo "FAIL $file, status $status"
        head -n 20 "$tmp/out" | sed 's/^/  /'
    fi
done <"$tmp/files"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
