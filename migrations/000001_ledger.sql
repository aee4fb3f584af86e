-- The record and what follows from it. Not breaking: the first migration.
-- Instants are integers of milliseconds since 1970 (`_ms`), exactly as the pure half has them.

do $$
begin
  create role sextant_service nologin;
exception
  -- Roles belong to the whole cluster: another of its databases may be making it just now.
  when duplicate_object or unique_violation then null;
end
$$;

-- One row: the last numbers given out. Its row lock is what serialises units of work.
create table ledger_head (
  only_row boolean primary key default true check (only_row),
  receipt bigint not null,
  lamport bigint not null,
  device_seq bigint not null
);
insert into ledger_head (receipt, lamport, device_seq) values (0, 0, 0);

create table facts (
  receipt bigint primary key,
  id text collate "C" not null,
  kind text not null,
  subject text collate "C" not null,
  place text not null,
  device_id text collate "C" not null,
  device_seq bigint not null,
  lamport bigint not null,
  at_ms bigint not null,
  received_ms bigint not null,
  actor text not null,
  body jsonb not null,
  constraint facts_id_key unique (id),
  constraint facts_device_number_key unique (device_id, device_seq)
);
create index facts_subject_idx on facts (subject);

create table influences (
  source text collate "C" not null,
  id text collate "C" not null,
  subject text collate "C" not null,
  fact jsonb not null,
  constraint influences_pkey primary key (source, id)
);
create index influences_subject_idx on influences (subject);

create table subjects (
  subject text collate "C" primary key,
  prefix text not null,
  state jsonb not null,
  last_rank text collate "C" not null,
  fact_count integer not null,
  influences jsonb not null,
  stage text not null,
  since_ms bigint,
  holder text,
  place text,
  path text collate "C" not null,
  done boolean not null,
  receipt bigint not null
);
create index subjects_stage_idx on subjects (prefix, done, stage);
create index subjects_receipt_idx on subjects (receipt);

create table specimens (
  tube text collate "C" primary key,
  state jsonb not null,
  influences jsonb not null,
  stage text not null,
  since_ms bigint,
  due_ms bigint,
  holder text,
  place text,
  path text collate "C" not null,
  done boolean not null,
  round text,
  members integer[] not null,
  counted boolean not null,
  coverage_receipt bigint not null
);
create index specimens_open_idx on specimens (stage, since_ms) where not done;
create index specimens_coverage_idx on specimens (coverage_receipt);

create table duties (
  subject text collate "C" not null,
  key text not null,
  kind text not null,
  account text,
  link text,
  person integer,
  owner text not null,
  place text not null,
  path text collate "C" not null,
  since_ms bigint not null,
  due_ms bigint not null,
  ended_ms bigint,
  ending text,
  constraint duties_pkey primary key (subject, key)
);
create index duties_open_idx on duties (account, link, due_ms) where ended_ms is null;

create table findings (
  subject text collate "C" not null,
  key text not null,
  code text not null,
  owner text not null,
  place text not null,
  path text collate "C" not null,
  at_ms bigint not null,
  details jsonb not null,
  constraint findings_pkey primary key (subject, key)
);

-- The promise that nothing scarce is given twice, kept by the database itself (P4).
create table slots (
  resource text collate "C" not null,
  index integer not null,
  subject text collate "C" not null,
  constraint slots_pkey primary key (resource, index)
);
create index slots_subject_idx on slots (subject);

-- Who was owed a sample when the round was opened: one bit a person.
create table round_rosters (
  round text primary key,
  persons integer not null,
  bits bytea not null
);

-- What the deployment remembers between starts: a driven clock's time, the key of documents.
create table deployment (
  key text primary key,
  value jsonb not null
);

grant select, insert, update on deployment to sextant_service;
grant select on facts, influences, subjects, specimens, duties, findings, slots, round_rosters
  to sextant_service;
-- Append-only is a privilege: the service may add facts and never change or remove one.
grant insert on facts to sextant_service;
grant select, update on ledger_head to sextant_service;
grant insert, update, delete on influences, subjects, specimens, duties, findings, slots
  to sextant_service;
grant insert on round_rosters to sextant_service;
