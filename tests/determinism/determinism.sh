#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# determinism.sh - the same question gets the same answer, however it is asked
#
# Usage: determinism.sh PROGRAM DIR...
#        determinism.sh --one PROGRAM FILE...
#
# For each scenario below DIR, under every profile that it names:
#   twice     two processes print the same bytes; addresses differ between them (ASLR),
#             so what depends on one shows
#   threads   two threads print the bytes that one prints, witnesses included
#   reduced   without partial order, without symmetry, and without both comparing whole
#             states: the same verdicts, the same number of outcomes, the same first ones
# What is too large without reductions (STATES) is compared as far as it goes and said.
#
# Exit: 0 all equal, 1 otherwise; the last line counts scenarios.
STATES=400000
OUTCOMES=200

# What no reduction may change, out of the JSON.
answers() {
    grep -vE '^ *"(states|transitions|finals|depth|steps|replay|cut_by)" :' "$1"
}

explore() {
    out=$1
    shift
    "$program" explore -p all --json "$@" "$file" >"$tmp/$out" 2>"$tmp/err"
    status=$?
    [ $status -le 1 ] || [ $status -eq 3 ] || {
        echo "FAIL $file $*: status $status"
        head -n 5 "$tmp/err" | sed 's/^/  /'
        return 1
    }
}

same() {
    cmp -s "$tmp/$1" "$tmp/$2" || {
        echo "FAIL $file: $3 differs"
        diff "$tmp/$1" "$tmp/$2" | head -n 10 | sed 's/^/  /'
        return 1
    }
}

one() {
    file=$1
    explore once || return
    explore again || return
    same once again "a second process" || return
    explore two -j 2 || return
    same once two "-j 2" || return
    explore base --states "$STATES" --outcomes="$OUTCOMES" || return
    [ $status -ne 3 ] || {
        echo "large $file: more than $STATES states, reductions not compared"
        echo "ok $file"
        return
    }
    answers "$tmp/base" >"$tmp/base.answers"
    # With one combination of parameters the whole automaton can be compared.
    "$program" automaton dot "$file" >"$tmp/base.dot" 2>/dev/null && whole=y || whole=
    for flags in --no-por --no-symmetry "--no-por --no-symmetry --exact"; do
        # shellcheck disable=SC2086 # words
        explore off --states "$STATES" --outcomes="$OUTCOMES" $flags || return
        [ $status -ne 3 ] || {
            echo "large $file: more than $STATES states with $flags, not compared"
            continue
        }
        answers "$tmp/off" >"$tmp/off.answers"
        same base.answers off.answers "$flags" || return
        [ -n "$whole" ] || continue
        # shellcheck disable=SC2086 # words
        "$program" automaton dot $flags "$file" >"$tmp/off.dot" 2>/dev/null
        same base.dot off.dot "automaton with $flags" || return
    done
    echo "ok $file"
}

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
if [ "$1" = --one ]; then
    program=$2
    shift 2
    for file in "$@"; do
        one "$file"
    done
    exit
fi

program=$1
shift
find "$@" -name '*.uring' | sort >"$tmp/files"
# A few files a process: a long one does not hold up the rest.
xargs -n 4 -P "${JOBS:-2}" "$0" --one "$program" <"$tmp/files" >"$tmp/out" 2>&1
grep -v '^ok ' "$tmp/out" | sort
all=$(wc -l <"$tmp/files")
passed=$(grep -c '^ok ' "$tmp/out")
echo "$passed passed, $((all - passed)) failed"
[ "$passed" -eq "$all" ] && [ "$all" -gt 0 ]
