-- Rows for a city's day. Breaking: `specimens.state` is gone; what boxes, accessions, plates and
-- releases say of a specimen stands in their own rows and is read from there (decision 0022).

-- A fact's body is kept as it came; jsonb takes twice the room for a list of people.
alter table facts alter column body type json using body::text::json;

-- Which derived rows a subject has: 1 duties, 2 findings, 4 slots, added up; 7 is not known.
alter table subjects add column derived smallint not null default 7;

alter table specimens
  -- What subjects without a row of their own say: [[group, subject, rank, names, values], …], 0
  -- where a name or value stands elsewhere (`adapters/postgres/specimens.ts`).
  add column said json,
  -- The other subjects that speak of the tube: its boxes, accessions, plates, releases.
  add column speakers text[] collate "C" not null default '{}',
  add column derived smallint not null default 7;
update specimens set
  said = coalesce((
    select json_agg(json_build_array('seal', spoken.key, spoken.value ->> 'rank',
      (select json_agg(named.key order by named.key collate "C")
       from jsonb_each(spoken.value -> 'values') named),
      (select json_agg(named.value order by named.key collate "C")
       from jsonb_each(spoken.value -> 'values') named)))
    from jsonb_each(state #> '{groups,seal}') spoken), '[]'),
  speakers = coalesce((
    select array_agg(distinct spoken.key order by spoken.key)
    from jsonb_each(state -> 'groups') named, jsonb_each(named.value) spoken
    where named.key <> 'seal'), '{}');
alter table specimens
  drop column state,
  alter column said set not null,
  alter column influences drop not null;
update specimens set influences = null where influences = '[]';

-- A specimen changes its stage a dozen times. With room in its page and no index on what
-- changes, each time costs one small write and no index entry.
drop index specimens_open_idx;
alter table specimens set (fillfactor = 80);
drop index specimens_path_idx;
create index specimens_path_idx on specimens (path);

-- How many specimens stand where, kept by whoever moves one: a screen never counts them.
create table specimen_counts (
  path text collate "C" not null,
  -- '' for a tube that no round owns.
  round text collate "C" not null,
  stage text not null,
  -- When they came to the stage, rounded down, and fall due, rounded up; -1 when they never do.
  since_ms bigint not null,
  due_ms bigint not null,
  done boolean not null,
  specimens integer not null,
  constraint specimen_counts_pkey primary key (path, round, stage, since_ms, due_ms)
);
insert into specimen_counts (path, round, stage, since_ms, due_ms, done, specimens)
select path, coalesce(round, ''), stage,
  case when done or since_ms is null then -1 else since_ms - since_ms % 300000 end,
  case when done or due_ms is null then -1 else due_ms + 299999 - (due_ms + 299999) % 300000 end,
  done, count(*)
from specimens group by 1, 2, 3, 4, 5, 6;
grant select, insert, update, delete on specimen_counts to sextant_service;

-- What coverage had counted for a tube before it changed: whoever follows the record takes that
-- back before counting what stands now.
create table coverage_changes (
  receipt bigint not null,
  tube text collate "C" not null,
  -- Since which receipt it had counted so.
  since_receipt bigint not null,
  round text not null,
  members integer[] not null,
  constraint coverage_changes_pkey primary key (receipt, tube)
);
grant select, insert on coverage_changes to sextant_service;

-- Whoever was sampled away from home; the others are found among the tubes of their own places.
create table sampled_elsewhere (
  person integer not null,
  tube text collate "C" not null,
  constraint sampled_elsewhere_pkey primary key (person, tube)
);
insert into sampled_elsewhere (person, tube)
select distinct member, tube
from specimens cross join unnest(members) as member
  left join persons p on p.id = member
  left join households h on h.id = p.household_id
  left join places home on home.code = h.place_code
where home.path is null or not (home.path = specimens.path
  or starts_with(home.path, specimens.path || '/'));
grant select, insert, delete on sampled_elsewhere to sextant_service;

-- Whoever has ever moved, by whatever way: their tubes may lie at places that are no longer theirs.
create table person_moves (
  person integer constraint person_moves_pkey primary key
);
grant select on person_moves to sextant_service;
create function note_person_move() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.person_moves (person) values (new.id) on conflict do nothing;
  return null;
end
$$;
revoke execute on function note_person_move() from public;
create trigger persons_moved after update of household_id on persons
for each row when (old.household_id is distinct from new.household_id)
execute function note_person_move();
