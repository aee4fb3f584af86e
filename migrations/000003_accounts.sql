-- Accounts, sessions and the places they are valid for. Not breaking: new tables only.

create table accounts (
  account text collate "C" primary key,
  password_hash text not null,
  grants jsonb not null,
  disabled_ms bigint,
  created_ms bigint not null
);

create table sessions (
  token_hash bytea primary key,
  account text collate "C" not null references accounts,
  created_ms bigint not null,
  expires_ms bigint not null
);
create index sessions_account_idx on sessions (account);

-- Wrong passwords by account: slows down guessing without locking anybody out for good.
create table sign_in_failures (
  account text collate "C" not null,
  at_ms bigint not null
);
create index sign_in_failures_account_idx on sign_in_failures (account, at_ms);

grant select, insert, update on accounts to sextant_service;
grant select, insert, delete on sessions, sign_in_failures to sextant_service;
