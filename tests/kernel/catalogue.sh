#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# catalogue.sh - every scenario on a real kernel: nothing that the model forbids
#
# Usage: catalogue.sh URINGLAB KERNEL PATH...
#
# The kernel is built or fetched if it is not in the cache. A verdict of Ok or Allow
# unseen passes, Forbid and Trouble fail; what cannot run there is skipped, listed and
# counted. Trouble whose console names a function of known-splats.txt is a defect of that
# kernel that is known: it is listed and counts as skipped.
# RUNS is how often each scenario runs (5).
#
# Exit: 0 nothing failed, 1 otherwise.
[ $# -ge 3 ] || {
    echo "usage: $0 URINGLAB KERNEL PATH..." >&2
    exit 2
}
here=$(dirname "$0")
program=$1
kernel=$2
shift 2
out=$(mktemp) || exit 2
trap 'rm -f "$out"' EXIT
"$program" kernel run -k "$kernel" -n "${RUNS:-5}" "$@" >"$out" 2>&1
status=$?
cat "$out"
awk -v status=$status -v kernel="$kernel" '
function close_trouble() {
    if (trouble == "")
        return
    if (known == "")
        failed++
    else {
        skipped++
        excused++
        printf "known    %s: %s\n", trouble, known
    }
    trouble = ""
}
NR == FNR {
    if ($1 == kernel) {
        about = $0
        sub(/^[^ ]+ +[^ ]+ +/, "", about)
        defects[$2] = about
    }
    next
}
/^(Ok|Allow unseen|Forbid|Unknown|SKIP|Trouble) / { close_trouble() }
/^[0-9]+ Ok, / { close_trouble() }
/^(Ok|Allow unseen) / { passed++ }
/^(Forbid|Unknown) / { failed++ }
/^Trouble / {
    trouble = $2
    known = ""
}
trouble != "" {
    for (name in defects)
        if (index($0, name))
            known = name ", " defects[name]
}
/^SKIP / { skipped++ }
END {
    close_trouble()
    # A run that ended early says so by its status alone.
    if (status && !failed && !excused)
        failed++
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0 || !passed
}' "$here/known-splats.txt" "$out"
