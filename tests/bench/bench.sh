#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bench.sh - our figures beside those of SPIN and Rumur, from one run on one machine
#
# Usage: bench.sh BUILD       (RINGS=2 MEMBERS=5 RUNS=3 in the environment)
#
# "wall" and "cpu" are medians of RUNS whole processes, start included, in seconds: what
# an answer costs. On a busy machine compare cpu. What SPIN and Rumur need to generate
# and compile their checkers is not in it. states/s is by cpu seconds of the row.
#
# Numbers, never pass or fail.
build=$1
RINGS=${RINGS:-2}
MEMBERS=${MEMBERS:-5}
RUNS=${RUNS:-3}
here=$(dirname "$0")
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

# median COMMAND...: run it RUNS times; output of the last in $tmp/out; sets wall, cpu.
median() {
    : >"$tmp/runs"
    for _ in $(seq "$RUNS"); do
        times >"$tmp/before"
        begin=$(date +%s%N)
        "$@" >"$tmp/out" 2>&1
        end=$(date +%s%N)
        times >"$tmp/after"
        awk -v wall=$((end - begin)) '
        function seconds(x, t) { split(x, t, /[ms]/); return t[1] * 60 + t[2] }
        FNR == 2 { cpu = seconds($1) + seconds($2) - cpu }
        END { printf "%.4f %.4f\n", wall / 1e9, cpu }' "$tmp/before" "$tmp/after" \
            >>"$tmp/runs"
    done
    middle=$(((RUNS + 1) / 2))
    wall=$(cut -d' ' -f1 "$tmp/runs" | sort -n | sed -n "${middle}p")
    cpu=$(cut -d' ' -f2 "$tmp/runs" | sort -n | sed -n "${middle}p")
}

# row NAME STATES BYTES
row() {
    awk -v name="$1" -v states="$2" -v bytes="$3" -v wall="$wall" -v cpu="$cpu" 'BEGIN {
        rate = cpu > 0 ? sprintf("%.0f", states / cpu) : "-"
        printf "%-34s %9s %9.3f %9.3f %10s %8s\n", name, states, wall, cpu, rate, bytes
    }'
}

ours() {
    median "$build/tests/bench/bench_explore" "$RINGS" "$MEMBERS" 1 "$2"
    line=$(grep -E '^[12] thread' "$tmp/out" | head -n 1)
    # The name has blanks: take the columns from the right.
    row "$1" "$(echo "$line" | awk '{ print $(NF - 6) }')" \
        "$(echo "$line" | awk '{ print $NF }')"
}

spin_row() {
    name=$1
    shift
    gcc -O2 -w -DSAFETY -DMEMLIM=6000 "$@" -o "$tmp/pan" "$tmp/pan.c" || return
    median "$tmp/pan" -m200000
    states=$(awk '/states, stored/ { print $1 }' "$tmp/out")
    row "$name" "$states" "$(awk '/states, stored/ { n = $1 }
        /actual memory usage for states/ { printf "%.1f", $1 * 1048576 / n }' "$tmp/out")"
}

rumur_row() {
    sed "s/RING_T/$2/; s/MEMBER_T/$3/; s/MEMBERS_N/$MEMBERS/" "$here/grp.m" >"$tmp/grp.m"
    rumur --deadlock-detection off --threads 1 --output "$tmp/rumur.c" "$tmp/grp.m" &&
        gcc -O3 -mcx16 -w -o "$tmp/rumur" "$tmp/rumur.c" -lpthread || return
    median "$tmp/rumur"
    row "$1" "$(awk '/states, .* rules fired in/ { print $1 }' "$tmp/out")" -
}

grep -m 1 'model name' /proc/cpuinfo | sed 's/.*: */machine: /; s/$/, '"$(nproc)"' cores/'
echo "load when started: $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "$RINGS rings x (leader + $MEMBERS members -> linked write), medians of $RUNS runs"
printf '%-34s %9s %9s %9s %10s %8s\n' "" states "wall s" "cpu s" states/s B/state
ours "uringlab, all states, 1 thread" 0
ours "uringlab, all states, 2 threads" 1
ours "uringlab, whole states compared" 2
ours "uringlab, symmetry, 1 thread" 3
(
    cd "$tmp" && spin -a -DRINGS="$RINGS" -DMEMBERS="$MEMBERS" "$OLDPWD/$here/grp.pml"
) >"$tmp/spin.log" 2>&1 || cat "$tmp/spin.log"
spin_row "SPIN, all states" -DNOREDUCE
spin_row "SPIN, partial-order reduction"
rumur_row "Rumur, all states" "0..$((RINGS - 1))" "0..$((MEMBERS - 1))"
rumur_row "Rumur, symmetry" "scalarset($RINGS)" "scalarset($MEMBERS)"

echo
echo "whole processes, medians of $RUNS runs"
scenario=$(find scenarios/catalogue -name grp3-link-write.uring)
median "$build/uringlab" explore -q "$scenario"
printf '%-34s %9s wall %9s cpu\n' "3-request group linked to a write" "$wall" "$cpu"
median "$build/uringlab" graph "$scenario" -o "$tmp/deps.svg"
printf '%-34s %9s wall %9s cpu\n' "its dependency graph as SVG" "$wall" "$cpu"

for bench in "$build"/tests/bench/bench_*; do
    case $bench in
    *.o | *.d | *bench_explore) continue ;;
    esac
    echo
    echo "$(basename "$bench"):"
    "$bench"
done
