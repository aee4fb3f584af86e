-- Printed labels: which serials were given out, to whom and when. Not breaking: new tables only.

-- The next serial of each series. Its row is the lock that puts two printers after each other.
create table label_series (
  kind text collate "C" primary key,
  next_serial bigint not null default 1,
  constraint label_series_kind_check check (kind in ('tube', 'box')),
  constraint label_series_next_serial_check check (next_serial between 1 and 100000000)
);

-- A run is on record before its first label is drawn: what is lost on the way to the printer is
-- printed again under the same serials, or never, but not given to somebody else.
create table label_runs (
  run text collate "C" primary key,
  kind text collate "C" not null,
  label_count integer not null,
  first_serial bigint,
  last_serial bigint,
  place_code text collate "C",
  person_ids integer[],
  layout text collate "C" not null,
  symbology text collate "C" not null,
  account text collate "C" not null,
  made_ms bigint not null,
  constraint label_runs_kind_check check (kind in ('tube', 'box', 'person')),
  constraint label_runs_count_check check (label_count between 1 and 5000),
  constraint label_runs_serials_check check (
    case when kind = 'person'
      then first_serial is null and last_serial is null and person_ids is not null
      else first_serial >= 1 and last_serial >= first_serial + label_count - 1
        and person_ids is null
    end
  ),
  -- The rule counts on; these two make sure that no serial is ever in two runs.
  constraint label_runs_tubes_once
    exclude using gist (int8range(first_serial, last_serial, '[]') with &&) where (kind = 'tube'),
  constraint label_runs_boxes_once
    exclude using gist (int8range(first_serial, last_serial, '[]') with &&) where (kind = 'box')
);
create index label_runs_made_idx on label_runs (made_ms desc, run);
create index label_runs_account_idx on label_runs (account, made_ms desc);

grant select, insert, update on label_series to sextant_service;
grant select, insert on label_runs to sextant_service;
