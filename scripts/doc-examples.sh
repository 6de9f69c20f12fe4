#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# doc-examples.sh - what the documents show is what the program does
#
# Usage: doc-examples.sh PROGRAM DOCUMENT...
#
#   ```uring     a complete scenario that loads without errors
#   ```console   lines "$ [build/]uringlab ..." are run from the root of the tree; what
#                follows up to the next one is their output, "..." stands for any lines.
#                Other commands are not run.
#
# Exit: 0 all as shown, 1 otherwise; the last line counts blocks and commands.
program=$1
shift
root=$PWD
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin"
ln -s "$root/$program" "$tmp/bin/uringlab"
PATH=$tmp/bin:$PATH
passed=0
failed=0

# Each block becomes a file NUMBER.uring or NUMBER.console with "path:line" on top.
for doc in "$@"; do
    awk -v dir="$tmp" -v doc="$doc" '
    /^```(uring|console)$/ {
        out = sprintf("%s/%s-%04d.%s", dir, gensub_path(doc), FNR, substr($0, 4))
        print doc ":" FNR >(out ".at")
        printf "" >out
        next
    }
    /^```/ { if (out) { close(out); close(out ".at") } out = ""; next }
    out { print >out }
    function gensub_path(s) { gsub(/[^A-Za-z0-9]/, "_", s); return s }
    ' "$doc"
done

# Lines of $1 against output $2; "..." matches any number of lines.
matches() {
    awk '
    function blank(s) { sub(/[ \t]+$/, "", s); return s }
    FNR == NR { want[++n] = blank($0); next }
    { got[++m] = blank($0) }
    END {
        while (n && want[n] == "") n--
        while (m && got[m] == "") m--
        i = j = 1
        while (i <= n) {
            if (want[i] ~ /^ *\.\.\.$/) {
                if (i == n) exit 0
                i++
                while (j <= m && got[j] != want[i]) j++
                if (j > m) { print "not found: " want[i]; exit 1 }
            }
            if (j > m || got[j] != want[i]) {
                print "shown:   " want[i]
                print "printed: " (j > m ? "(end)" : got[j])
                exit 1
            }
            i++
            j++
        }
        exit j <= m
    }' "$1" "$2"
}

good() { passed=$((passed + 1)); }
bad() {
    failed=$((failed + 1))
    echo "FAIL $1"
    sed 's/^/  /' "$2" | head -n 10
}

run_command() {
    [ -n "$command" ] || return 0
    case $command in
    uringlab* | build/uringlab*)
        sh -c "${command#build/}" >"$tmp/got" 2>&1 </dev/null
        if matches "$tmp/want" "$tmp/got" >"$tmp/why"; then
            good
        else
            bad "$at: $command" "$tmp/why"
        fi
        ;;
    esac
}

for block in "$tmp"/*.uring "$tmp"/*.console; do
    [ -e "$block" ] || continue
    at=$(cat "$block.at")
    case $block in
    *.uring)
        # Warnings are allowed: an example may leave out what does not matter to it.
        uringlab lint "$block" >"$tmp/why" 2>&1
        if grep -q ", 0 errors" "$tmp/why"; then good; else bad "$at" "$tmp/why"; fi
        ;;
    *.console)
        command=
        while IFS= read -r line; do
            case $line in
            '$ '*)
                run_command
                command=${line#??}
                : >"$tmp/want"
                ;;
            *) printf '%s\n' "$line" >>"$tmp/want" ;;
            esac
        done <"$block"
        run_command
        ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
