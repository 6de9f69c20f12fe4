#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# demo.sh - explore one scenario, print its verdicts, draw it
#
# Usage: demo.sh PROGRAM SCENARIO DIR
#
# Pictures go to DIR, as SVG and PNG; they are drawn again only if the program or the
# scenario is newer.
#
# Exit: that of the first step that fails.
program=$1
scenario=$2
dir=$3
name=$(basename "$scenario" .uring)
set -e
mkdir -p "$dir"

echo "\$ cat $scenario"
cat "$scenario"
echo
echo "\$ $program explore $scenario"
"$program" explore "$scenario"

# draw OUTPUT OPTION...: find prints what is newer, which is portable where -nt is not.
draw() {
    out=$1
    shift
    if [ ! -e "$out" ] || [ -n "$(find -L "$program" "$scenario" -newer "$out")" ]; then
        "$program" graph "$scenario" "$@" -o "$out"
    fi
    echo "  $out"
}

echo
echo "What the submission asks for:"
draw "$dir/$name.svg"
draw "$dir/$name.png"
echo "One execution, the witness of the exists condition:"
draw "$dir/$name-witness.svg" --witness 2
draw "$dir/$name-witness.png" --witness 2
