#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants.sh - are kernels caught that get one thing about groups or leases wrong?
#
# Usage: mutants.sh URINGLAB GUEST LEASE SERIES MUTANT...
#
# GUEST and LEASE are the programs of `make check-lease`. A MUTANT is a patch on top of
# the folder SERIES, that of linux-6.12-groups. Each is built over the last one, and runs
# the catalogue of groups and what touches them, or the leases, as its line "Suite:" says.
# A mutant is caught by a Forbid, a guest in trouble, or a failed check. One that says why
# in a line "Survives:" need not be. Its kernel is removed from the cache.
#
# A probe is such a patch with "Holds:" in place of "Breaks:": it lets the suite go where
# the series by itself does not. Nothing may fail, and the suite must say what it tried.
#
# Exit: 0 all caught and every probe holds, 1 otherwise, 2 usage.
[ $# -ge 5 ] || {
    echo "usage: $0 URINGLAB GUEST LEASE SERIES MUTANT..." >&2
    exit 2
}
program=$1
guest=$2
lease=$3
series=$(cd "$4" && pwd) || exit 2
shift 4
kernel=linux-6.12-groups
topics='groups defects drain cancel linktimeouts defer silence'
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
caught=0
survived=0
known=0
held=0
broken=0

# run SUITE: what caught it, or nothing.
run() {
    case $1 in
    catalogue)
        # shellcheck disable=SC2046 # one word a file
        set -- $(for t in $topics; do echo "scenarios/catalogue/$t/*.uring"; done)
        # Where much hangs it takes long, and less is enough; ^C reports what is done.
        timeout -s INT 90 "$program" kernel run -k $kernel --series "$tmp/series" -n 3 \
            --steer 0 --limit 5000 --campaign "$tmp/campaign" "$@" >"$tmp/out" 2>&1
        sed -n -E 's/^(Forbid|Trouble) +([a-z0-9-]+).*/\1 \2/p' "$tmp/out" | uniq
        ;;
    lease)
        timeout 300 "$guest" --first --series "$tmp/series" $kernel "$lease" \
            >"$tmp/out" 2>&1
        sed -n -E 's/^FAIL (.*)/\1/p' "$tmp/out"
        ;;
    esac
}

# probe FILE: what the last run of its suite says.
probe() {
    what="$name ($(sed -n 's/^Holds: //p' "$1"))"
    if [ -z "$found" ] && grep -q '^ *tried: ' "$tmp/out" 2>/dev/null; then
        held=$((held + 1))
        echo "holds    $what: $(sed -n 's/^ *tried: //p' "$tmp/out" | uniq | paste -sd,)"
    else
        broken=$((broken + 1))
        echo "BROKEN   $what: $(echo "${found:-nothing was tried}" | paste -sd,)"
    fi
}

try() {
    name=$(basename "$1" .patch)
    rm -rf "$tmp/series"
    mkdir "$tmp/series"
    cp "$series"/*.patch "$tmp/series"
    cp "$1" "$tmp/series/9999-$name.patch"
    found=
    rm -f "$tmp/out"
    if "$program" kernel build $kernel --series "$tmp/series" >"$tmp/build" 2>&1; then
        found=$(run "$(sed -n 's/^Suite: //p' "$1")")
        # Only what was made for this goes.
        entry=$(sed -n -E 's,^(/.*-[0-9a-f]+)/vmlinux \(new;.*,\1,p' "$tmp/build")
        [ -n "$entry" ] && rm -rf "$entry" "$entry.lock"
    else
        cat "$tmp/build"
    fi
    if grep -q '^Holds: ' "$1"; then
        probe "$1"
    elif [ -n "$found" ]; then
        caught=$((caught + 1))
        n=$(echo "$found" | wc -l)
        echo "caught   $name ($(sed -n 's/^Breaks: //p' "$1")):" \
            "$(echo "$found" | head -n 3 | paste -sd, | sed 's/,/, /g')" \
            "$([ "$n" -gt 3 ] && echo "and $((n - 3)) more")"
    elif grep -q '^Survives: ' "$1"; then
        known=$((known + 1))
        echo "known    $name: $(sed -n 's/^Survives: //p' "$1")"
    else
        survived=$((survived + 1))
        echo "SURVIVED $name"
    fi
}

for mutant; do
    try "$mutant"
done
echo "$caught of $((caught + survived + known)) mutants caught, $known known to survive"
echo "$held of $((held + broken)) probes hold"
[ $((survived + broken)) -eq 0 ]
