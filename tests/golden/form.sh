#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# form.sh - every scenario is in the layout of `uringlab fmt`, and lint has no warning
#
# Usage: form.sh PROGRAM DIR...
#
# Exit: 0 all good, 1 some are not, 2 usage.
[ $# -ge 2 ] || {
    echo "usage: $0 PROGRAM DIR..." >&2
    exit 2
}
program=$1
shift
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
find "$@" -name '*.uring' | sort >"$tmp/files"
while read -r file; do
    if "$program" fmt --check "$file" >"$tmp/out" 2>&1 </dev/null &&
        "$program" lint "$file" >"$tmp/out" 2>&1 </dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $file"
        sed 's/^/  /' "$tmp/out"
    fi
done <"$tmp/files"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
