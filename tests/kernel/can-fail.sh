#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# can-fail.sh - would a model that is wrong be noticed? A log that is?
#
# Usage: can-fail.sh URINGLAB KERNEL PATH...
#
# The scenarios run once on KERNEL. Then rules of the model are switched off one at a
# time, and what the kernel did is judged again: each must end in Forbid. Then one log is
# doctored by hand, two CQEs swapped, one dropped, one result changed, and must be
# refused, the original accepted.
#
# RULES, separated by blanks, in place of those below.
#
# Exit: 0 all were noticed, 1 otherwise.
[ $# -ge 3 ] || {
    echo "usage: $0 URINGLAB KERNEL PATH..." >&2
    exit 2
}
program=$1
kernel=$2
shift 2
rules=${RULES:-"A-1 A-3 A-8 A-13 A-15 A-21 A-22 C-8 D-7 I-3 I-8 I-19 L-4 L-4/hard L-8
    S-4 S-8/8 S-12 S-20 T-1 T-5"}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

# tell OK TEXT: OK is the status of a test.
tell() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
        echo "ok   $2"
    else
        failed=$((failed + 1))
        echo "FAIL $2"
    fi
}

judge() {
    "$program" kernel run -k "$kernel" -n 3 --steer 0 --campaign "$tmp/campaign" "$@" \
        >"$tmp/out" 2>&1
}

judge "$@"
tell $? "nothing is forbidden to begin with"
[ "$failed" = 0 ] || tail -n 5 "$tmp/out"
for rule in $rules; do
    judge --resume --mutate "$rule" "$@"
    status=$?
    count=$(sed -n 's/.* \([0-9]*\) Forbid,.*/\1/p' "$tmp/out")
    [ "$status" = 1 ] && [ "${count:-0}" -gt 0 ]
    tell $? "without $rule: ${count:-no} Forbid"
done

# Three CQEs of one chain, in the order of their numbers and all 0.
chain=scenarios/catalogue/links/chain-runs-in-order.uring
"$program" kernel run -k "$kernel" --log "$tmp/log" --campaign "$tmp/chain" "$chain" \
    >"$tmp/out" 2>&1
tell $? "a log of $chain"
first='\[1,0,0\]'
second='\[2,0,0\]'

# doctored NAME STATUS SED
doctored() {
    sed "$3" "$tmp/log" >"$tmp/doctored"
    "$program" check-log "$chain" "$tmp/doctored" >"$tmp/out" 2>&1
    status=$?
    good=$([ "$status" = "$2" ]; echo $?)
    # A change that changed nothing would prove nothing.
    [ "$2" = 0 ] || {
        grep -q Forbid "$tmp/out" && ! cmp -s "$tmp/log" "$tmp/doctored"
    } || good=1
    tell "$good" "$1: check-log ends with $status"
    [ "$good" = 0 ] || cat "$tmp/out"
}

doctored "as it was" 0 ''
doctored "two CQEs swapped" 1 "s/$first,$second/[2,0,0],[1,0,0]/"
doctored "one CQE dropped" 1 "s/$second,//"
doctored "one result changed" 1 "s/$second/[2,-5,0]/"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
