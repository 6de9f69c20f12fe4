#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# suite.sh - run one test suite, keep its output, leave its counts for tally.sh
#
# Usage: suite.sh DIR NAME COMMAND [ARG...]
#
# Output goes to DIR/NAME.log, "passed failed skipped" to DIR/NAME.count, the seconds that
# it took to DIR/../check-times/NAME, where plan.sh finds them next time. Counts are
# the lines of the log that have one of these two forms, added up:
#     12 passed, 0 failed[, 1 skipped]
#     100%: Checks: 12, Failures: 0, Errors: 0         (libcheck)
# A command that fails without counting a failure counts as one; so does one that
# succeeds without having run anything.
#
# Exit: 0 nothing failed, 1 otherwise.

[ $# -ge 3 ] || {
    echo "usage: $0 DIR NAME COMMAND [ARG...]" >&2
    exit 2
}
dir=$1
name=$2
shift 2
mkdir -p "$dir"
log=$dir/$name.log
rm -f "$dir/$name.count"
begin=$(date +%s)
"$@" >"$log" 2>&1 </dev/null
status=$?
seconds=$(($(date +%s) - begin))
mkdir -p "$dir/../check-times"
echo "$seconds" >"$dir/../check-times/$name"

# libcheck does not count what a CK_FORK=no run never came to; the status tells.
counts=$(awk -v status="$status" '
/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
    passed += $1
    failed += $3
    skipped += $5
}
/^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
    gsub(/,/, "")
    passed += $3 - $5 - $7
    failed += $5 + $7
}
END {
    if (status == 77 && !passed && !failed && !skipped)
        skipped = 1
    else if (status && !failed || !passed && !failed && !skipped)
        failed++
    printf "%d %d %d", passed, failed, skipped
}' "$log")
echo "$counts" >"$dir/$name.count"

# shellcheck disable=SC2086 # three words
set -- $counts
word=ok
[ "$2" -eq 0 ] || word=FAIL
line=$(printf '  %-4s %-16s %5d passed' "$word" "$name" "$1")
[ "$2" -eq 0 ] || line="$line, $2 failed"
[ "$3" -eq 0 ] || line="$line, $3 skipped"
if [ "$word" = ok ]; then
    echo "$line  (${seconds}s)"
    exit 0
fi
# One write, so that two suites that fail at once do not mix their lines.
excerpt=$(grep -nE '(FAIL|[Ee]rror|:[FE]:|differs|runtime error|warning:)' "$log" |
    grep -vE '^[0-9]+:[0-9]+%: Checks' | head -n 20)
[ -n "$excerpt" ] || excerpt=$(tail -n 20 "$log")
printf '%s  (%ss), status %s, see %s\n%s\n' "$line" "$seconds" "$status" "$log" \
    "$(echo "$excerpt" | sed 's/^/       | /')"
exit 1
