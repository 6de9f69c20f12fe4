#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# logs.sh - executions in every look of --format, against the ones that were kept
#
# Usage: logs.sh PROGRAM             compare all
#        logs.sh PROGRAM --promote   rewrite all, show the differences: make promote-logs
#
# A row is NAME, exit status, arguments; NAME is a file of tests/golden/logs/ that holds
# stdout, run from there so that paths are the same everywhere.
#
# Exit: 0 all equal, 1 some differ, 2 usage.
[ $# -ge 1 ] || {
    echo "usage: $0 PROGRAM [--promote]" >&2
    exit 2
}
program=$(realpath "$1")
promote=$2
cd "$(dirname "$0")/logs" || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

row() {
    name=$1
    want=$2
    shift 2
    "$program" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    status=$?
    if [ -n "$promote" ]; then
        [ -e "$name" ] || : >"$name"
        diff -u "$name" "$tmp/out"
        cp "$tmp/out" "$name"
    fi
    if [ $status -eq "$want" ] && cmp -s "$name" "$tmp/out"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAIL $name: status $status, want $want; if meant: make promote-logs"
    diff -u "$name" "$tmp/out" | head -n 20 | sed 's/^/  /'
    sed 's/^/  /' "$tmp/err"
}

# Promoting makes a schedule anew too: what a random run says that breaks a condition.
if [ -n "$promote" ]; then
    sed 's/^forall .*/forall !posted(w)/' chain.uring >"$tmp/broken.uring"
    "$program" random --runs 1 "$tmp/broken.uring" | tail -n 1 |
        sed 's/.*--schedule //' >chain.schedule
fi
schedule=$(cat chain.schedule)
for format in text ftrace ftrace-all json; do
    row "replay.$format" 0 replay --format=$format -s "$schedule" chain.uring
done
row run.text 0 run --seed 3 --format=text chain.uring
row run.json 0 run --seed 3 --format=json chain.uring
row random.ftrace 0 random --seed 5 --runs 2 --format=ftrace chain.uring
row random.json 0 random --seed 5 --runs 2 --format=json chain.uring
# A schedule that leads nowhere: the log up to there on stdout, the rest on stderr.
row diverged.json 1 replay --format=json -s 1.1.1,99 chain.uring
grep -q 'is not possible here' "$tmp/err" || {
    failed=$((failed + 1))
    echo "FAIL diverged.json: stderr does not say what was possible"
}

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
