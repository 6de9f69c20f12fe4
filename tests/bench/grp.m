-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- grp.m - the scenario of tests/support/toy_grp.h for Rumur (Murphi)
--
-- See grp.pml for the scenario. RING_T and MEMBER_T are replaced before use: by ranges
-- (0..1) for the full space, by scalarset(2) for the reduction by symmetry.

const
  MEMBERS: MEMBERS_N;

type
  ring_t: RING_T;
  member_t: MEMBER_T;
  state_t: enum { IDLE, QUEUED, INFLIGHT, COMPLETED, POSTED };

var
  leader: array[ring_t] of state_t;
  member: array[ring_t] of array[member_t] of state_t;
  write: array[ring_t] of state_t;
  left: array[ring_t] of 0..MEMBERS; -- members that have not posted

startstate begin
  for r: ring_t do
    leader[r] := QUEUED;
    write[r] := IDLE;
    left[r] := MEMBERS;
    for m: member_t do
      member[r][m] := IDLE;
    end;
  end;
end;

ruleset r: ring_t do
  rule "leader issues" leader[r] = QUEUED ==> begin
    leader[r] := INFLIGHT;
  end;
  rule "leader completes" leader[r] = INFLIGHT ==> begin
    leader[r] := COMPLETED;
    for m: member_t do
      member[r][m] := QUEUED;
    end;
  end;
  rule "leader posts" leader[r] = COMPLETED & left[r] = 0 ==> begin
    leader[r] := POSTED;
    write[r] := QUEUED;
  end;
  rule "write issues" write[r] = QUEUED ==> begin
    write[r] := INFLIGHT;
  end;
  rule "write completes" write[r] = INFLIGHT ==> begin
    write[r] := COMPLETED;
  end;
  rule "write posts" write[r] = COMPLETED ==> begin
    write[r] := POSTED;
  end;
  ruleset m: member_t do
    rule "member issues" member[r][m] = QUEUED ==> begin
      member[r][m] := INFLIGHT;
    end;
    rule "member completes" member[r][m] = INFLIGHT ==> begin
      member[r][m] := COMPLETED;
    end;
    rule "member posts" member[r][m] = COMPLETED ==> begin
      member[r][m] := POSTED;
      left[r] := left[r] - 1;
    end;
  end;
  invariant "leader after its members"
    leader[r] = POSTED -> forall m: member_t do member[r][m] = POSTED end;
  invariant "write after its group"
    write[r] != IDLE -> leader[r] = POSTED;
end;
