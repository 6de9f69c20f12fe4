#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# trace.sh - tracepoints and probes of a guest reach the report, in JSON and KTAP too
#
# Usage: trace.sh URINGLAB KERNEL SCENARIO     (of one outcome, with a read)
#
# Exit: 0 all passed, 1 otherwise.
[ $# -eq 3 ] || {
    echo "usage: $0 URINGLAB KERNEL SCENARIO" >&2
    exit 2
}
program=$1
kernel=$2
scenario=$3
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

# has PATTERN NAME: in what was printed last
has() {
    if grep -q "$1" "$tmp/out"; then
        passed=$((passed + 1))
        echo "ok   $2"
    else
        failed=$((failed + 1))
        echo "FAIL $2: no '$1' in"
        head -n 20 "$tmp/out"
    fi
}

run() {
    "$program" kernel run -k "$kernel" --campaign "$tmp/campaign" "$@" "$scenario" \
        >"$tmp/out" 2>&1
}

run --trace-nodes
has 'io_uring_submit_req: .*user_data 0x1,.*<- ' "a tracepoint with its SQE"
has 'io_rsrc_node_alloc: ' "a resource node is made"
run --ktap
has '^KTAP version 1$' "KTAP says so"
has '^1\.\.1$' "and how many"
has '^ok 1 ' "the scenario is ok"
run --json
has '"verdict" : "Ok"' "JSON has the verdict"
has '"release" : "[0-9]' "and the release"
run --json --stats
has '"guest_us" : [1-9]' "and how long the guest worked"
[ "$(tail -c 3 "$tmp/out" | tr -d '\n ')" = '}' ] || echo "more than JSON" >"$tmp/out"
has '^}$' "and nothing behind it"
run --record "$tmp/record"
cp "$tmp/record" "$tmp/out"
has '^# kernel [a-z0-9.-]* [0-9]' "a record names its kernel"
has "^$scenario	Ok	" "and has the verdict of the file"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
