#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# units.sh - run libcheck programs, all of them even after a failure
#
# Usage: units.sh PROGRAM...
#
# Each prints its own summary, which suite.sh adds up. Under a sanitizer the tests of a
# program run in one process: a report must end it, and leaks show at its end.
#
# Exit: 0 all passed, 1 otherwise.

failed=0
# A busy machine is no failure: what hangs is ended, what is slow is not.
export CK_TIMEOUT_MULTIPLIER=20
export G_SLICE=always-malloc
export ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1:$ASAN_OPTIONS"
export UBSAN_OPTIONS="print_stacktrace=1:$UBSAN_OPTIONS"
export TSAN_OPTIONS="halt_on_error=1:$TSAN_OPTIONS"
for program in "$@"; do
    run=
    case $program in
    *asan/* | *tiny/*) export CK_FORK=no ;;
    # TSan of gcc 12 does not know every layout that a newer kernel randomises to.
    *tsan/*)
        export CK_FORK=no
        setarch -R true 2>/dev/null && run="setarch -R"
        ;;
    esac
    $run "$program" || {
        echo "FAIL $program, status $?"
        failed=1
    }
done
exit $failed
