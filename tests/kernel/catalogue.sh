#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# catalogue.sh - every scenario on a real kernel: nothing that the model forbids
#
# Usage: catalogue.sh URINGLAB KERNEL PATH...
#
# The kernel is built or fetched if it is not in the cache. A verdict of Ok or Allow
# unseen passes, Forbid and Trouble fail; what cannot run there is skipped, listed and
# counted.
# RUNS is how often each scenario runs (5).
#
# Exit: 0 nothing failed, 1 otherwise.
[ $# -ge 3 ] || {
    echo "usage: $0 URINGLAB KERNEL PATH..." >&2
    exit 2
}
program=$1
kernel=$2
shift 2
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT
"$program" kernel run -k "$kernel" -n "${RUNS:-5}" "$@" >"$out" 2>&1
status=$?
cat "$out"
awk -v status=$status '
/^(Ok|Allow unseen) / { passed++ }
/^(Forbid|Trouble|Unknown) / { failed++ }
/^SKIP / { skipped++ }
END {
    # A run that ended early says so by its status alone.
    if (status && !failed)
        failed++
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0 || !passed
}' "$out"
