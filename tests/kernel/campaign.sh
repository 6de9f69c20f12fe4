#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# campaign.sh - a guest that hangs or dies costs its scenario; a killed run goes on
#
# Usage: campaign.sh URINGLAB KERNEL SCENARIO...     (at least five)
#
# KERNEL may be "host": then the agent stands for the guest and no QEMU is needed.
#
# Exit: 0 all passed, 1 otherwise, 77 if this host has no io_uring (host only).
[ $# -ge 7 ] || {
    echo "usage: $0 URINGLAB KERNEL SCENARIO... (five at least)" >&2
    exit 2
}
program=$1
kernel=$2
shift 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

# check NAME COMMAND...: COMMAND decides.
check() {
    name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok   $name"
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        sed 's/^/     /' "$tmp/out"
    fi
}

run() {
    "$program" kernel run -k "$kernel" -n 3 --limit 500 "$@" >"$tmp/out" 2>&1
}

lines() { # how many lines of the file match
    grep -c "$1" "$2" 2>/dev/null
}

equal() { [ "$1" = "$2" ]; }

run --campaign "$tmp/plain" "$@"
status=$?
if [ "$kernel" = host ] && grep -q 'io_uring_setup' "$tmp/out"; then
    echo "no io_uring here"
    exit 77
fi
check "all run, none in trouble" equal "$status" 0
check "each leaves its results" equal "$(lines '"done"' "$tmp/plain/results.jsonl")" $#

# The second hangs, the fourth takes the kernel with it, the third makes it complain.
export URINGLAB_AGENT_TEST=1
faults=1:hang,3:panic
trouble=2
# The agent has no console to complain on.
[ "$kernel" = host ] || {
    faults=$faults,2:warn
    trouble=3
}
export URINGLAB_TEST_FAULTS=$faults
run --campaign "$tmp/faults" "$@"
check "trouble is said by the exit status" equal $? 1
check "only the bad ones are in trouble" equal "$(lines '^Trouble' "$tmp/out")" $trouble
check "the others have verdicts" \
    equal "$(lines '^\(Ok\|Allow unseen\|SKIP\)' "$tmp/out")" $(($# - 2))
check "results of all are kept" equal "$(lines '"done"' "$tmp/faults/results.jsonl")" $#
check "of these the bad ones say why" \
    equal "$(lines '"stuck":\|"splat":"[A-Zo]' "$tmp/faults/results.jsonl")" $trouble
unset URINGLAB_TEST_FAULTS URINGLAB_AGENT_TEST

# Cut behind the second scenario, in the middle of a line, as if killed there.
keep=$(grep -n '"done"' "$tmp/plain/results.jsonl" | sed -n '2s/:.*//p')
{
    head -n "$keep" "$tmp/plain/results.jsonl"
    sed -n "$((keep + 1))p" "$tmp/plain/results.jsonl" | head -c 20
} >"$tmp/cut"
cp "$tmp/cut" "$tmp/plain/results.jsonl"
run --campaign "$tmp/plain" --resume "$@"
check "a resumed run ends well" equal $? 0
check "it takes what was there" grep -q '^2 of them were seen before' "$tmp/out"
check "and does the rest" equal "$(lines '"done"' "$tmp/plain/results.jsonl")" $#
check "verdicts are complete" \
    equal "$(lines '^\(Ok\|Allow unseen\|SKIP\)' "$tmp/out")" $#
run --campaign "$tmp/plain" --resume -n 4 "$@"
check "another number of runs is another question" \
    equal "$(lines 'seen before' "$tmp/out")" 0
run --campaign "$tmp/plain" --resume -n 4 "$@"
check "nothing is left to do" grep -q "^$# of them were seen before" "$tmp/out"

# ^C: what is complete is reported, and the exit status says that it is not all.
"$program" kernel run -k "$kernel" -n 100000 --campaign "$tmp/stop" "$@" \
    >"$tmp/out" 2>&1 &
pid=$!
sleep 2
kill -INT $pid
wait $pid
check "^C has an exit status of its own" equal $? 3

# A real kill: what had been written stays whole.
"$program" kernel run -k "$kernel" -n 100000 --campaign "$tmp/kill" "$@" \
    >"$tmp/out" 2>&1 &
pid=$!
sleep 2
kill -9 $pid 2>/dev/null
wait $pid 2>/dev/null
run --campaign "$tmp/kill" --resume "$@"
check "after kill -9 too" equal $? 0

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
