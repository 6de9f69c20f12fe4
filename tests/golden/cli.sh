#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cli.sh - the program from outside: exit status, streams, what happens at the edges
#
# Usage: cli.sh PROGRAM
#
# Each row runs one command line and compares its exit status and one thing that its
# output must contain. Exit: 0 all good, 1 some are not, 2 usage.
[ $# -eq 1 ] || {
    echo "usage: $0 PROGRAM" >&2
    exit 2
}
program=$(realpath "$1")
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 2
unset NO_COLOR

cat >good.uring <<'END'
uring "good"
question "Which of two workers is first?"
rules I-15
profile linux-6.12 sqe-group
ring r entries=8
task P0 {
    a: nop flags=ASYNC
    b: nop flags=ASYNC
    e: enter r wait=2 = 2
}
forall cq(r) == [{a:0 b:0}]
exists a < b
exists b < a
END
sed 's/exists b < a/forall a < b/; s/"good"/"no"/' good.uring >no.uring
sed 's/flags=ASYNC/flags=ASYCN/' good.uring >bad.uring
sed 's/^ring r .*/sweep n in 2, 4, 8\nring r entries=n/; s/"good"/"sweep"/' good.uring \
    >sweep.uring
{
    echo 'uring "large"'
    echo 'profile sqe-group'
    echo 'ring r entries=64'
    echo 'task P0 {'
    i=0
    while [ $i -lt 20 ]; do
        echo "    k[$i]: nop flags=ASYNC"
        i=$((i + 1))
    done
    echo '    enter r wait=20'
    echo '}'
} >large.uring
# Alike members whose representatives are no images of one path.
cat >three.uring <<'END'
uring "three"
profile sqe-group
ring r entries=4
task P0 {
    lead: nop flags=GROUP
    a: nop flags=GROUP
    b: nop flags=GROUP
    c: nop
    enter r = 4
}
forall c < lead
END
cat >why.uring <<'END'
uring "why"
profile linux-6.12
ring r entries=8
task P0 {
    b: nop flags=IO_LINK
    a: badop
    enter r
}
END
# Alike members, and a condition that fails: the schedule is told in real worlds.
cat >alike.uring <<'END'
uring "alike"
profile sqe-group
ring r entries=8
task P0 {
    lead: nop flags=GROUP|CQE_SKIP_SUCCESS
    m2: nop flags=GROUP
    m3: nop flags=GROUP
    last: nop inject=-EIO
    enter r = 4
}
exists posted(lead)
forall count(r) == 9
END
cp good.uring 'with blank.uring'
mkdir empty tree tree/deep
cp good.uring tree/deep/x.uring
cp good.uring tree/a.uring
: >nothing.uring
printf 'uring "z"\0' >nul.uring

passed=0
failed=0
verdict() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $2"
        head -n 5 out err | sed 's/^/  /'
    fi
}

# row STATUS TEXT ARG...: exit status and a line of stdout or stderr that holds TEXT
row() {
    want=$1
    text=$2
    shift 2
    "$program" "$@" >out 2>err </dev/null
    status=$?
    [ $status -eq "$want" ] && cat out err | grep -qF -e "$text"
    verdict $? "uringlab $*: status $status, want $want and '$text'"
}

row 0 'Usage: uringlab' --help
row 0 'uringlab 0.' --version
row 2 "unknown command 'explroe'; did you mean explore?" explroe
row 2 'no file given' explore
row 2 'Unknown option --frob' explore --frob good.uring
for command in explore run random replay automaton profile cost rules why fmt lint graph \
    kernel; do
    row 0 'Examples:' $command --help
done

row 0 'good (linux-6.12): Ok' explore good.uring
row 0 'good (sqe-group): Ok' explore -p all good.uring
row 0 'good (sqe-group): Ok' explore -p sqe-group good.uring
row 0 '2 outcomes' explore good.uring
row 0 'a:0 b:0 | P0: 2' explore --outcomes good.uring
row 0 'uringlab replay three.uring --schedule' explore -w --outcomes three.uring
row 0 '...  1 more' explore --outcomes=1 good.uring
row 1 'No      forall a < b' explore no.uring
row 1 'uringlab replay no.uring --schedule ' explore no.uring
row 2 "unknown flag 'ASYCN'; did you mean ASYNC?" explore bad.uring
row 2 "some files cannot be run" explore no.uring bad.uring
row 2 "unknown profile 'linux'; there are linux-6.12, " explore -p linux good.uring
row 1 'No      forall count(r) == 9' explore alike.uring
row 2 "unknown rule 'L-44'" explore --mutate L-44 good.uring
row 0 '3 combinations: 3 Ok' explore sweep.uring
row 0 'sweep (linux-6.12) n=4: Ok' explore -D n=4 sweep.uring
row 2 'there is no such parameter' explore -D m=4 sweep.uring
row 2 '-D takes NAME=VALUE' explore -D n sweep.uring
row 0 '2 runs: 2 Ok' explore tree
row 2 'no *.uring file in directory' explore empty
row 2 'nosuch.uring' explore nosuch.uring
row 2 'nothing.uring:1:1: error' explore nothing.uring
row 2 'nul.uring: not a text' explore nul.uring
row 2 '/dev/zero: larger than 16 MiB' explore /dev/zero
row 2 'tree: Is a directory' graph tree
row 3 'stopped by states' explore --states 50 large.uring
row 3 'stopped by memory' explore --memory 1M large.uring
row 3 'stopped by time at' explore --time 100ms large.uring
row 3 '"cut_by" : "states"' explore --json --states 50 large.uring
row 2 "--memory takes a number" explore --memory much large.uring
row 2 "--time takes a number" explore --time soon large.uring
row 2 '--threads is 1 to' explore -j 1000 good.uring
row 0 '"verdict" : "Ok"' explore --json good.uring
row 0 '"uring"' explore --dump-ast=json good.uring
row 0 'finished after' run good.uring
row 0 'time/us' run --format=text good.uring
row 2 "not 'xml'" run --format=xml good.uring
row 2 'without --json' run --format=json --json good.uring
row 2 'without --trace' run --format=json --trace good.uring
row 3 '"event":"sqe"' run --format=json --steps 3 good.uring
row 1 '# seed 20' random --format=text --runs 20 no.uring
row 2 "not 'xml'" random --format=xml good.uring
row 2 "not 'xml'" replay --format=xml -s 1.1.1 good.uring
row 0 'tracer: nop' replay --format=ftrace -s 1.1.1 good.uring
row 0 '"latency_ns"' run --json good.uring
row 3 'not finished' run --steps 3 good.uring
row 2 'pin its sweeps with -D' run sweep.uring
row 0 '2 distinct outcomes seen' random good.uring
row 1 'No: forall a < b' random no.uring
row 0 '"distinct_outcomes" : 2' random --json good.uring
row 0 'linux-7' profile list
row 0 '"profile" : "sqe-group-v8"' profile list --json
row 2 'list takes no argument' profile list x
row 2 'diff takes two profiles' profile diff linux-7
row 2 "ACTION is list or diff, not 'frob'" profile frob
row 0 'differ in 0 rules' profile diff linux-7 linux-7 good.uring
row 1 'no scenario shows it' profile diff sqe-group sqe-group-v8 good.uring
row 2 'there.uring: No such file' profile diff linux-6.12 linux-7 there.uring
row 2 "unknown flag 'ASYCN'" profile diff linux-6.12 linux-7 good.uring bad.uring
row 2 'list takes no argument' kernel list x
row 2 '--limit is a number of milliseconds' kernel run --limit 0 good.uring
row 2 '--abort is for fixup' kernel run --abort good.uring
row 2 'nodir/x: No such file' kernel run --record nodir/x good.uring
row 2 'tree: Is a directory' kernel run --record tree good.uring
row 2 '--misses is 0 or more' check-log --misses -1 good.uring seen.log
row 0 'good (linux-6.12)' cost good.uring
row 0 '"enters"' cost --json good.uring
row 3 'more than 3 states' cost --states 3 good.uring
row 2 'FILE is needed' cost
row 2 '--states is positive' cost --states 0 good.uring

row 0 '2' automaton count good.uring
row 0 'b:0 a:0' automaton list good.uring
row 0 'Ok' automaton accept good.uring 'b a'
row 0 'Ok' automaton accept good.uring 'b:0 a | P0: 2'
row 1 'there could come: b:0' automaton accept good.uring 'a a'
row 1 'agrees up to place 2' automaton accept good.uring 'a b | P0: 3'
row 2 "there is no SQE 'x'" automaton accept good.uring 'x'
row 0 'equal' automaton compare good.uring --with sqe-group
row 0 'equal' automaton compare good.uring no.uring
row 0 'digraph' automaton dot good.uring
row 0 '"dot" : "digraph' automaton dot --json good.uring
row 2 "not 'frob'" automaton frob good.uring
row 2 '--max is not negative' automaton list --max -1 good.uring
row 2 '--steps is at least 1' random --steps 0 good.uring
row 0 'digraph' graph good.uring
row 0 '"dot" : "digraph' graph --json good.uring
row 0 '"sqes" : 2' graph --json good.uring
row 0 '"finals" : 2' graph --json --what states -o states.dot good.uring
row 0 '"summary" : ' graph --json --what run -o run.dot good.uring
row 0 's to draw' graph --stats -o deps.dot good.uring
row 2 'more than --max-nodes 2' graph --what states --max-nodes 2 good.uring
row 3 'cut after 20 states' graph --what states --states 20 good.uring
row 3 '"cut_by" : "states"' graph --json --what states --states 20 good.uring
row 3 'Unknown' graph --witness 1 --states 3 good.uring
row 3 'cut after 1 steps' graph --what run --time 0 good.uring
row 0 'decided by' rules L-4
row 0 '2 rules; --tree DIR' rules L-4
row 2 "unknown rule 'L-44'" rules L-44
row 0 '| L-4 |' rules --markdown L-4
row 0 '1 files, 0 errors, 0 warnings' lint good.uring
row 2 "unknown flag 'ASYCN'" lint bad.uring
row 0 'uring' fmt good.uring
row 2 'ASYCN' lint --json bad.uring
row 0 'it can happen' why good.uring 'b < a'
row 1 'S-8/1 (io_init_req)' why why.uring 'a.res == 0'
row 1 'L-9 (io_submit_fail_init)' why why.uring 'b.res == 0'
row 1 'it follows from the others' why good.uring 'a.res == 7'
row 1 '"forbidden_by"' why --json why.uring 'a.res == 0'
row 2 'a file and an expression' why good.uring
row 2 "nothing is called 'zz'" why good.uring 'zz.res == 0'
row 2 'pin its sweeps with -D' why sweep.uring 'count(r) == 0'
row 2 '--schedule is needed' replay good.uring
row 2 'no action has kind 0' replay good.uring -s 0
row 1 'is not possible here' replay good.uring -s 99
row 2 'nosuch' replay good.uring -s @nosuch

# A counterexample ends with the command that shows it again.
"$program" explore no.uring >out 2>err
tail -n 1 out | sed "s|^uringlab|'$program'|" >again.sh
sh again.sh >out 2>err && grep -qx 'broken here: forall a < b' out
verdict $? 'the last line of a report replays its counterexample'
sed 's/exists b < a/forall a < b/' 'with blank.uring' >'also blank.uring'
"$program" explore 'also blank.uring' >out 2>err
tail -n 1 out | sed "s|^uringlab|'$program'|" >again.sh
sh again.sh >out 2>err && grep -qx 'broken here: forall a < b' out
verdict $? 'a path with a blank is quoted'
"$program" explore - <no.uring >out 2>err
tail -n 1 out | sed "s|^uringlab|'$program'|" >again.sh
sh again.sh <no.uring >out 2>err && grep -qx 'broken here: forall a < b' out
verdict $? 'stdin is replayed from stdin'

# What goes out is the same every time and never coloured when nobody looks.
"$program" explore -p all --outcomes tree sweep.uring no.uring >one 2>err
"$program" explore -p all --outcomes -j 2 tree sweep.uring no.uring >two 2>>err
cmp -s one two
verdict $? 'two threads print what one prints'
"$program" explore no.uring 2>&1 | grep -q "$(printf '\033')"
[ $? -eq 1 ]
verdict $? 'no colour in a pipe'

# A reader that leaves is no error; a full disk is.
{
    "$program" explore -p all tree no.uring 2>err
    echo $? >status
} | head -n 1 >out
[ "$(cat status)" -eq 1 ] && [ ! -s err ]
verdict $? 'a closed pipe is silent'
if [ -w /dev/full ]; then
    "$program" explore good.uring >/dev/full 2>err
    [ $? -eq 2 ] && grep -q 'No space left' err
    verdict $? 'a full disk is an error'
    # More than a buffer, so that it shows before the end; help exits by itself.
    for words in 'random --runs 50 --format=text no.uring' 'rules' 'explore --help'; do
        # shellcheck disable=SC2086 # words of a command line
        "$program" $words >/dev/full 2>err
        [ $? -eq 2 ] && grep -q 'uringlab: stdout: ' err
        verdict $? "a full disk is an error of: $words"
    done
fi
"$program" rules 2>err | head -n 1 >out
[ ! -s err ]
verdict $? 'a pipe that closes in the middle is silent'
"$program" rules >&- 2>err
[ $? -eq 2 ] && grep -q 'uringlab: stdout: ' err
verdict $? 'a closed stdout is an error'

# ^C ends with what was covered.
"$program" explore large.uring >out 2>err &
pid=$!
sleep 1
kill -INT $pid
wait $pid
[ $? -eq 3 ] && grep -q 'stopped by ^C at' out
verdict $? '^C prints what was covered, status 3'
"$program" cost --json good.uring large.uring >out 2>err &
pid=$!
sleep 1
kill -INT $pid
wait $pid
[ $? -eq 3 ] && grep -q '"good"' out && [ "$(tail -n 1 out)" = ']' ]
verdict $? '^C of cost leaves complete JSON, status 3'

# fmt rewrites in place and has nothing to say afterwards.
"$program" fmt -i good.uring && "$program" fmt --check good.uring >out 2>err
verdict $? 'fmt -i, then --check'
printf 'uring    "q"\nprofile linux-6.12\nring r entries=1\ntask P0 { nop\n}\n' \
    >ugly.uring
"$program" fmt --check ugly.uring >out 2>err
[ $? -eq 1 ] && grep -q 'ugly.uring: not in canonical form' out
verdict $? 'fmt --check of what is not canonical'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
