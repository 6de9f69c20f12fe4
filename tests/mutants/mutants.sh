#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mutants.sh - switch each rule off in turn; some scenario must notice
#
# Usage: mutants.sh PROGRAM DIR...
#        mutants.sh --one PROGRAM FILES RULE
#
# A rule of kind SWITCH is caught by a scenario below DIR whose verdict is No without it
# (exit 1). The scenarios that name the rule are asked first, then all others. A rule
# that nobody misses is a failure, unless tests/mutants/survivors.txt has it with a
# reason; a survivor there that is caught after all is a failure too. A program that
# crashes without a rule is a failure: what goes wrong must be seen by an invariant.
#
# Exit: 0 all as expected, 1 otherwise; the last line counts rules.
here=$(dirname "$0")
survivors=$here/survivors.txt

# "caught RULE by FILE", "crash RULE in FILE" or "alive RULE"
one() {
    program=$1
    files=$2
    rule=$3
    pattern=$(echo "$rule" | sed 's/[.*/]/\\&/g')
    family=$(echo "${rule%%/*}" | sed 's/[.*/]/\\&/g')
    named="^rules.*[[:space:]]($pattern|$family)([[:space:]]|\$)"
    {
        xargs grep -lE "$named" <"$files"
        xargs grep -LE "$named" <"$files"
    } | while read -r file; do
        # What has not shown after that many states is left to other scenarios.
        "$program" explore -q -p all --states 200000 --mutate "$rule" "$file" \
            >/dev/null 2>&1 </dev/null
        status=$?
        case $status in
        0 | 3) continue ;;
        1) echo "caught $rule by $file" ;;
        2) continue ;;
        *) echo "crash $rule in $file, status $status" ;;
        esac
        break
    done
}

if [ "$1" = --one ]; then
    shift
    found=$(one "$@")
    echo "${found:-alive $3}"
    exit
fi

program=$1
shift
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
find "$@" -name '*.uring' | sort >"$tmp/files"
tests/tidy/rules.sh | awk '$3 == "SWITCH" { print $2 }' >"$tmp/rules"
xargs -n 1 -P "${JOBS:-2}" "$0" --one "$program" "$tmp/files" <"$tmp/rules" |
    sort >"$tmp/found"

awk '
FILENAME ~ /survivors/ {
    if ($0 !~ /^#/ && NF)
        excused[$1] = 1
    next
}
$1 == "caught" && $2 in excused {
    print "FAIL " $2 " is in survivors.txt but is caught by " $4
    failed++
    next
}
$1 == "caught" {
    passed++
    caught++
    print "  " $2 " is missed by " $4
    next
}
$1 == "alive" && $2 in excused {
    passed++
    print "  " $2 " survives, see survivors.txt"
    next
}
{
    failed++
    print "FAIL " ($1 == "alive" ? $2 " is missed by no scenario" : $0)
}
END {
    printf "mutants caught: %d of %d\n", caught, passed + failed
    printf "%d passed, %d failed\n", passed, failed
    exit failed || !passed
}
' "$survivors" "$tmp/found"
