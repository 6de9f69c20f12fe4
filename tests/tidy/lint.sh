#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lint.sh - every check of the tree itself, one line each
#
# Usage: lint.sh [CHECK...]     (without arguments: all, in the order below)
#
# A check is a command that prints what it found as path:line: text and fails. MAKE
# names the make to use for the checks that are make rules; BUILD is its build folder.
#
# Exit: 0 all clean, 1 otherwise; the last line counts.

cd "$(dirname "$0")/../.." || exit 2
MAKE=${MAKE:-make}
BUILD=${BUILD:-build/release}
rooms="sim model trace scenarios kernel cli tests"

# Generated files live below build/, so all that is found here was written by hand.
files() {
    # shellcheck disable=SC2086
    find $rooms "$@" | sort
}

check_layers() { tests/tidy/check-layers.sh .; }
check_headers_gcc() { $MAKE --no-print-directory -k hdr-gcc; }
check_headers_clang() { $MAKE --no-print-directory -k hdr-clang; }
check_format() { files -name '*.[ch]' | xargs clang-format --dry-run -Werror; }
check_text() { tests/tidy/check-text.sh .; }
check_rules() { tests/tidy/check-rules.sh .; }
check_index() { tests/tidy/check-index.sh .; }
check_words() { tests/tidy/check-words.sh .; }

# The parts of a unit that only another configuration compiles are not looked at:
# cppcheck would try every combination of macros.
check_cppcheck() {
    mkdir -p "$BUILD/cppcheck"
    files -name '*.c' >"$BUILD/cppcheck.files"
    cppcheck --quiet --error-exitcode=1 --std=c11 \
        --enable=warning,performance,portability \
        --inline-suppr --suppressions-list=tests/tidy/cppcheck.txt --library=gtk \
        --max-configs=1 --template='{file}:{line}: {severity}: {message} [{id}]' \
        --cppcheck-build-dir="$BUILD/cppcheck" -j "$(nproc)" -I. -D_GNU_SOURCE \
        --file-list="$BUILD/cppcheck.files"
}

check_shell() {
    bad=0
    for script in $(find scripts tests .ci cli docs -type f | sort); do
        case $(head -n 1 "$script" 2>/dev/null | tr -d '\0') in
        '#!/bin/sh'*) sh -n "$script" || bad=1 ;;
        '#!'*bash*) bash -n "$script" || bad=1 ;;
        *) continue ;;
        esac
        [ -x "$script" ] || [ "$script" = .ci/run ] || {
            echo "$script:1: opens with #! but is not executable"
            bad=1
        }
        if command -v shellcheck >/dev/null 2>&1; then
            shellcheck -f gcc "$script" || bad=1
        fi
    done
    return $bad
}

[ $# -gt 0 ] ||
    set -- layers headers_gcc headers_clang format text words rules index cppcheck shell
passed=0
failed=0
mkdir -p "$BUILD"
for check in "$@"; do
    if "check_$check" >"$BUILD/lint.log" 2>&1; then
        passed=$((passed + 1))
        echo "  ok   $check"
    else
        failed=$((failed + 1))
        echo "  FAIL $check"
    fi
    # What is not an error (a file above the soft limit) is shown too.
    grep -v '^$' "$BUILD/lint.log" | head -n 60
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
