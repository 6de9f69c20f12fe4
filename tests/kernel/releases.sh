#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# releases.sh - would a release at the wrong time be noticed?
#
# Usage: releases.sh URINGLAB KERNEL RULE...
#
# Scenarios without tags, whose CQEs say nothing of releases, run on KERNEL and must fit.
# Without each RULE of the model what the kernel did must be forbidden. Then one log is
# doctored by hand: the release in front of the CQE that it must follow, dropped, twice,
# and, where there are any, another count of references.
#
# Exit: 0 all were noticed, 1 otherwise.
[ $# -ge 3 ] || {
    echo "usage: $0 URINGLAB KERNEL RULE..." >&2
    exit 2
}
program=$1
kernel=$2
shift 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0
nodes=scenarios/catalogue/nodes
clone=scenarios/catalogue/clones/pages-live-as-long-as-one-table.uring

# tell OK TEXT: OK is the status of a test.
tell() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
        echo "ok   $2"
    else
        failed=$((failed + 1))
        echo "FAIL $2"
        tail -n 12 "$tmp/out"
    fi
}

judge() {
    "$program" kernel run -k "$kernel" -n 3 --steer 0 --campaign "$tmp/campaign" "$@" \
        "$nodes/cancelled-reader-lets-the-queue-go.uring" \
        "$nodes/failing-registration-releases-upwards-on-612.uring" \
        "$nodes/two-slots-two-nodes-on-7.uring" "$clone" >"$tmp/out" 2>&1
}

judge --log "$tmp/log"
tell $? "releases are as the model has them"
grep -c '"rel":\[\[' "$tmp/log" >"$tmp/out"
[ "$(cat "$tmp/out")" -ge 3 ]
tell $? "and they were seen"
for rule; do
    judge --resume --mutate "$rule"
    [ $? = 1 ] && grep -q ' released$' "$tmp/out"
    tell $? "without $rule a release is forbidden"
done

# doctored NAME STATUS SED
doctored() {
    sed "$3" "$tmp/log" >"$tmp/doctored"
    "$program" check-log "$clone" "$tmp/doctored" >"$tmp/out" 2>&1
    good=$([ $? = "$2" ]; echo $?)
    # A change that changed nothing would prove nothing.
    [ "$2" = 0 ] || {
        grep -q Forbid "$tmp/out" && ! cmp -s "$tmp/log" "$tmp/doctored"
    } || good=1
    tell "$good" "$1"
}

# The read is the only CQE of ring 2, the buffer is object 4.
doctored "the log as it was" 0 ''
doctored "released before the read is done" 1 's/"rel":\[\[2,1,4\]\]/"rel":[[2,0,4]]/'
doctored "released by the other ring" 1 's/"rel":\[\[2,1,4\]\]/"rel":[[1,0,4]]/'
doctored "never released" 1 's/"rel":\[\[2,1,4\]\]/"rel":[]/'
doctored "released twice" 1 's/"rel":\[\[2,1,4\]\]/"rel":[[2,1,4],[2,1,4]]/'
doctored "nobody watched: nothing is said" 0 's/,"rel":\[\[2,1,4\]\]//'
if grep -q '"refs":' "$tmp/log"; then
    doctored "held three times at the end" 1 's/"refs":\[[^}]*\]/"refs":[[4,3]]/'
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
