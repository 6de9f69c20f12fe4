#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# golden.sh - reports of explore, and docs/rules.md, against the ones that were kept
#
# Usage: golden.sh PROGRAM DIR...          compare every FILE.uring.expected below DIR
#        golden.sh PROGRAM --promote NAME  rewrite that of one scenario, show the diff
#
# NAME is a path, or the end of one without its suffix: "group/grp3-link-write". The
# report is that of `explore -p all --outcomes=20`, run from the top of the tree so that
# paths in it are the same everywhere.
#
# Exit: 0 all equal, 1 some differ, 2 usage.
cd "$(dirname "$0")/../.." || exit 2
[ $# -ge 2 ] || {
    echo "usage: $0 PROGRAM DIR... | $0 PROGRAM --promote NAME" >&2
    exit 2
}
program=$1
shift
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

report() {
    NO_COLOR=1 "$program" explore -p all --outcomes=20 "$1" >"$2" 2>&1 </dev/null
    status=$?
    [ $status -lt 128 ] || echo "status $status" >>"$2"
}

if [ "$1" = --promote ]; then
    name=${2%.uring}
    find scenarios tests/golden -path "*$name.uring" | sort >"$tmp/files"
    [ "$(wc -l <"$tmp/files")" -eq 1 ] || {
        echo "promote: S=$2 names $(wc -l <"$tmp/files") scenarios, not one" >&2
        cat "$tmp/files" >&2
        exit 2
    }
    file=$(cat "$tmp/files")
    report "$file" "$tmp/new"
    [ -e "$file.expected" ] || : >"$file.expected"
    diff -u "$file.expected" "$tmp/new" && echo "$file.expected: unchanged"
    cp "$tmp/new" "$file.expected"
    exit 0
fi

passed=0
failed=0
find "$@" -name '*.uring.expected' | sort >"$tmp/files"
while read -r expected; do
    file=${expected%.expected}
    report "$file" "$tmp/new"
    if cmp -s "$expected" "$tmp/new"; then
        passed=$((passed + 1))
        continue
    fi
    failed=$((failed + 1))
    echo "FAIL $file differs; if that is meant: make promote S=${file%.uring}"
    diff -u "$expected" "$tmp/new" | head -n 20 | sed 's/^/  /'
done <"$tmp/files"
if "$program" rules --markdown | cmp -s docs/rules.md -; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAIL docs/rules.md is out of date: make rules"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
