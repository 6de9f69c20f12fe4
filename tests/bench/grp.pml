/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * grp.pml - the scenario of tests/support/toy_grp.h for SPIN
 *
 * RINGS rings; on each one SQE group of a leader and MEMBERS members, linked to one
 * write. Every request is a process: queued, issued, completed, CQE posted. The leader
 * issues first; when its operation completes, the members are queued; each posts on
 * its own; the leader posts after the last of them, and then the write is queued.
 * Properties: no member posts after its leader, no write before its group.
 */
#ifndef RINGS
#define RINGS 2
#endif
#ifndef MEMBERS
#define MEMBERS 5
#endif

#define IDLE      0
#define QUEUED    1
#define INFLIGHT  2
#define COMPLETED 3
#define POSTED    4

typedef Ring {
    byte leader;
    byte member[MEMBERS];
    byte write;
    byte left /* members that have not posted */
}
Ring ring[RINGS];

proctype lead_req(byte r)
{
    byte i;

    ring[r].leader = INFLIGHT;
    atomic {
        ring[r].leader = COMPLETED;
        for (i : 0 .. MEMBERS - 1) { ring[r].member[i] = QUEUED }
        i = 0
    }
    atomic {
        ring[r].left == 0;
        ring[r].leader = POSTED;
        ring[r].write = QUEUED
    }
}

proctype member_req(byte r; byte m)
{
    atomic { ring[r].member[m] == QUEUED; ring[r].member[m] = INFLIGHT }
    ring[r].member[m] = COMPLETED;
    atomic {
        assert(ring[r].leader != POSTED);
        ring[r].member[m] = POSTED;
        ring[r].left--
    }
}

proctype write_req(byte r)
{
    atomic { ring[r].write == QUEUED; ring[r].write = INFLIGHT }
    ring[r].write = COMPLETED;
    atomic {
        assert(ring[r].leader == POSTED);
        ring[r].write = POSTED
    }
}

init {
    byte r, m;

    atomic {
        for (r : 0 .. RINGS - 1) {
            ring[r].leader = QUEUED;
            ring[r].left = MEMBERS;
            run lead_req(r);
            for (m : 0 .. MEMBERS - 1) { run member_req(r, m) }
            run write_req(r)
        }
        r = 0;
        m = 0
    }
}
