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
#
# What fails is run again, by itself and AGAIN times (20): on a host that is busy a guest
# may stand still where the agent counts on it to go on. What does not come again is
# listed as "once" and passes; what the kernel does differs from the model comes again.
# RUNS is how often each scenario runs (3).
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
out=$(mktemp) && again=$(mktemp) || exit 2
trap 'rm -f "$out" "$again"' EXIT
"$program" kernel run -k "$kernel" -n "${RUNS:-3}" "$@" >"$out" 2>&1
status=$?
cat "$out"

# The files of what failed: scenarios are named as their files are.
suspects=$(awk '/^(Forbid|Unknown|Trouble) / { sub(/:$/, "", $2); print $2 }' "$out" |
    sort -u | while read -r name; do find "$@" -name "$name.uring"; done)
if [ -n "$suspects" ]; then
    echo "--- again:"
    # shellcheck disable=SC2086 # paths of the catalogue have no blanks
    "$program" kernel run -k "$kernel" -n "${AGAIN:-20}" $suspects >"$again" 2>&1
    cat "$again"
fi
awk -v status=$status -v kernel="$kernel" '
function close_trouble() {
    if (trouble == "")
        return
    if (known != "") {
        skipped++
        excused++
        printf "known    %s: %s\n", trouble, known
    } else
        bad(trouble, "Trouble")
    trouble = ""
}
# A name of a swept scenario is followed by its parameters, of a plain one by a colon.
function key() {
    line = $0
    sub(/^[^ ]+ +/, "", line)
    sub(/: .*/, "", line)
    return line
}
# Trouble is told of a scenario, without its parameters.
function has(set, name, word,  k) {
    for (k in set)
        if (k == name || (word == "Trouble" && index(k, name " ") == 1))
            return 1
    return 0
}
function bad(name, word) {
    if (has(worse, name, word) || !has(better, name, word)) {
        failed++
        return
    }
    passed++
    excused++
    printf "once     %s: %s, and not when run again\n", name, word
}
FILENAME == ARGV[1] {
    if ($1 == kernel) {
        about = $0
        sub(/^[^ ]+ +[^ ]+ +/, "", about)
        defects[$2] = about
    }
    next
}
FILENAME == ARGV[2] {
    if (/^(Forbid|Unknown|Trouble) /)
        worse[key()] = 1
    if (/^(Ok|Allow unseen) /) {
        sub(/^Allow /, "")
        better[key()] = 1
    }
    next
}
/^(Ok|Allow unseen|Forbid|Unknown|SKIP|Trouble) / { close_trouble() }
/^[0-9]+ Ok, / { close_trouble() }
/^(Ok|Allow unseen) / { passed++ }
/^(Forbid|Unknown) / { bad(key(), $1) }
/^Trouble / {
    trouble = key()
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
}' "$here/known-splats.txt" "$again" "$out"
