-- A phone restored from a copy counts from an earlier number than it told before. Not breaking: new
-- columns, filled as if each device had last told its greatest number.

alter table devices
  -- What it told last, and by its own clock when: a message that was on its way for long is older.
  add column told_seq bigint not null default 0,
  add column told_clock_ms bigint,
  add column went_back_ms bigint,
  add column went_back_from bigint,
  add column went_back_to bigint,
  add column went_back_account text collate "C";
update devices set told_seq = kept_seq, told_clock_ms = last_seen_ms + clock_ahead_ms;
