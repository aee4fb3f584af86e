-- Devices in the field, what they are given, and people who move or turn out to be one. Not
-- breaking: new tables, and functions that answer as before when asked as before.

create table devices (
  device text collate "C" primary key,
  label text not null,
  -- SHA-256 of a key of 256 random bits: nothing that could be guessed, so nothing slow is needed.
  key_hash bytea not null,
  account text collate "C" not null references accounts,
  app text not null,
  -- Place of the last package it was given.
  place text,
  registered_ms bigint not null,
  last_seen_ms bigint not null,
  kept_seq bigint not null default 0,
  waiting integer not null default 0,
  clock_ahead_ms bigint,
  -- Every number up to this one is on record: where a search for gaps begins.
  complete_seq bigint not null default 0,
  lost_ms bigint,
  lost_by text,
  lost_reason text
);
create index devices_account_idx on devices (account);

-- Runs of person numbers given to devices for walk-ins; nobody else is given one of them.
create table person_number_runs (
  first_number integer primary key,
  last_number integer not null,
  device text collate "C" not null references devices,
  reserved_ms bigint not null,
  constraint person_number_runs_order_check check (last_number >= first_number)
);
create index person_number_runs_device_idx on person_number_runs (device, first_number);

-- Numbers that turned out to be another person's. Always points at a number that is not merged.
create table person_merges (
  person_id integer primary key references persons,
  into_person_id integer not null references persons,
  constraint person_merges_other_check check (person_id <> into_person_id)
);
create index person_merges_into_idx on person_merges (into_person_id);

-- Who changed in the register, one by one, in the order of commits: every writer holds the lock
-- of the numbers. Servers keep their memory of the register by it.
create table person_changes (
  serial bigint generated always as identity primary key,
  person_id integer not null references persons,
  changed_ms bigint not null
);

-- Packages ask for what is open at and below one place.
create index duties_path_idx on duties (path) where ended_ms is null;
create index subjects_path_idx on subjects (prefix, path)
  where prefix in ('entry', 'box', 'point');
create index specimens_path_idx on specimens (path) where not done;

-- The greatest person number given out or kept for a device.
create function last_person_number() returns integer
language sql stable security definer set search_path = pg_catalog, public, pg_temp
return greatest(
  (select coalesce(max(p.id), 0) from public.persons p),
  (select coalesce(max(r.last_number), 0) from public.person_number_runs r)
);

-- An import, too, numbers on from the last number kept. The function stays as it is otherwise.
do $$
declare
  written constant text := pg_get_functiondef('roster_write_new'::regproc);
  counted constant text := '(select coalesce(max(p.id), 0) from public.persons p)';
begin
  if position(counted in written) = 0 then
    raise exception 'roster_write_new counts persons in another way';
  end if;
  execute replace(written, counted, 'public.last_person_number()');
end
$$;

-- Rule PE-16. The run a device draws from: its last one until half of that is on the register.
create function reserve_person_numbers(for_device text, how_many integer, at_ms bigint)
returns table (first_number integer, last_number integer)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  held record;
begin
  select r.first_number, r.last_number into held
  from public.person_number_runs r where r.device = for_device order by r.first_number desc limit 1;
  if found and 2 * (
    select count(*) from public.persons p where p.id between held.first_number and held.last_number
  ) < held.last_number - held.first_number + 1 then
    return query select held.first_number, held.last_number;
    return;
  end if;
  perform pg_advisory_xact_lock(20220326, 2);
  return query
  insert into public.person_number_runs as r (first_number, last_number, device, reserved_ms)
  select n.last + 1, n.last + how_many, for_device, at_ms
  from (select public.last_person_number() as last) n
  returning r.first_number, r.last_number;
end
$$;

-- The household of a room at a place, made when it is new; a person whose room is not known is a
-- household of their own (rule PE-12).
create function household_at(at_place text, in_room text, of_person integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  wanted constant text := coalesce(nullif(in_room, ''), '~' || of_person);
  home integer;
begin
  select h.id into home from public.households h
  where h.place_code = at_place and h.label = wanted;
  if home is null then
    insert into public.households (id, place_code, label)
    select coalesce(max(h.id), 0) + 1, at_place, wanted from public.households h
    returning households.id into home;
  end if;
  return home;
end
$$;

-- Rule PE-18. One number turned out to be another person: the other keeps name and home, and takes
-- over a document where it has none. Null when done, `same` when it was done before, else a code.
create function merge_persons(of_person integer, into_person integer, on_day date, at_ms bigint)
returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  before integer;
  papers record;
begin
  perform pg_advisory_xact_lock(20220326, 2);
  select m.into_person_id into before from public.person_merges m where m.person_id = of_person;
  if before = into_person then
    return 'same';
  elsif before is not null then
    return 'persons.already-merged';
  elsif of_person = into_person
    or exists (select from public.person_merges m where m.person_id = into_person) then
    return 'persons.cannot-merge';
  elsif (select count(*) from public.persons p where p.id in (of_person, into_person)) < 2 then
    return 'persons.unknown-person';
  end if;
  update public.person_merges m set into_person_id = into_person
  where m.into_person_id = of_person;
  insert into public.person_merges (person_id, into_person_id) values (of_person, into_person);
  update public.persons p set left_on = coalesce(p.left_on, on_day) where p.id = of_person;
  delete from public.person_names n where n.person_id = of_person
  returning n.document_type, n.document_number, n.document_hash, n.phone into papers;
  if found then
    update public.person_names n
    set document_type = coalesce(n.document_type, papers.document_type),
      document_number = coalesce(n.document_number, papers.document_number),
      document_hash = case when n.document_type is null then papers.document_hash
        else n.document_hash end,
      phone = coalesce(n.phone, papers.phone)
    where n.person_id = into_person;
  end if;
  insert into public.person_changes (person_id, changed_ms)
  values (of_person, at_ms), (into_person, at_ms);
  return null;
end
$$;

-- Rule PE-17. Somebody moves to a household, or to a room at a place.
create function move_person(
  of_person integer, to_household integer, at_place text, in_room text, at_ms bigint
) returns table (household_id integer, from_place text, place_code text, is_new boolean)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  lived record;
  home integer := to_household;
begin
  perform pg_advisory_xact_lock(20220326, 2);
  select p.household_id, p.left_on, h.place_code into lived
  from public.persons p join public.households h on h.id = p.household_id
  where p.id = of_person;
  if not found then
    return;
  end if;
  home := coalesce(home, public.household_at(at_place, in_room, of_person));
  if home is distinct from lived.household_id or lived.left_on is not null then
    update public.persons p set household_id = home, left_on = null where p.id = of_person;
    insert into public.person_changes (person_id, changed_ms) values (of_person, at_ms);
  end if;
  return query
  select h.id, lived.place_code, h.place_code, home is distinct from lived.household_id
  from public.households h where h.id = home;
end
$$;

-- Rules PE-13, PE-16. One person, on the spot, under a number kept for a device where one is
-- named: the person on record when the document is known or the same home has the same name and
-- birth, else a new number. A kept number of somebody on record is merged into theirs, since
-- tubes may name it already.
drop function register_person(text, text, date, text, text, text, text, text);
create function register_person(
  of_name text, of_sex text, of_born_on date, of_document_type text, of_document_number text,
  of_phone text, at_place text, in_room text, kept_number integer, on_day date, at_ms bigint
) returns table (person_id integer, is_new boolean, merged boolean, refused text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  hash constant bytea := public.document_hash(
    (select s.key from public.register_secrets s where s.name = 'document'),
    of_document_type, of_document_number);
  known integer;
  home integer;
  fresh integer;
begin
  perform pg_advisory_xact_lock(20220326, 2);
  if kept_number is not null then
    select m.into_person_id into known
    from public.person_merges m where m.person_id = kept_number;
    if known is not null then
      return query select known, false, true, null::text;
      return;
    end if;
    if exists (select from public.persons p where p.id = kept_number) then
      return query
      select kept_number, false, false, case when exists (
        select from public.person_names n
        where n.person_id = kept_number and n.name = of_name and n.document_hash is not distinct from hash
      ) then null else 'persons.number-taken' end;
      return;
    end if;
    if not exists (
      select from public.person_number_runs r
      where kept_number between r.first_number and r.last_number
    ) then
      return query select kept_number, false, false, 'persons.number-not-kept';
      return;
    end if;
  end if;
  select n.person_id into known from public.person_names n where n.document_hash = hash;
  if known is null then
    select min(p.id) into known
    from public.households h
    join public.persons p on p.household_id = h.id and p.born_on is not distinct from of_born_on
    join public.person_names n on n.person_id = p.id and n.name = of_name
    where h.place_code = at_place and (h.label = in_room or (in_room = '' and h.label like '~%'))
      and (hash is null or n.document_hash is null);
  end if;
  if known is not null then
    update public.persons p set left_on = null where p.id = known and p.left_on is not null;
    if found then
      insert into public.person_changes (person_id, changed_ms) values (known, at_ms);
    end if;
    if kept_number is not null then
      insert into public.persons (id, household_id, left_on)
      select kept_number, p.household_id, on_day from public.persons p where p.id = known;
      perform public.merge_persons(kept_number, known, on_day, at_ms);
    end if;
    return query select known, false, kept_number is not null, null::text;
    return;
  end if;
  fresh := coalesce(kept_number, public.last_person_number() + 1);
  home := public.household_at(at_place, in_room, fresh);
  insert into public.persons (id, household_id, sex, born_on)
  values (fresh, home, of_sex, of_born_on);
  insert into public.person_names
    (person_id, name, document_type, document_number, document_hash, phone)
  values (fresh, of_name, of_document_type, of_document_number, hash, of_phone);
  insert into public.person_changes (person_id, changed_ms) values (fresh, at_ms);
  return query select fresh, true, false, null::text;
end
$$;

-- Promise P6. The persons of a place for one device, or those of some numbers who live there, by
-- column: masked names, and hashes of document numbers under a salt of that device and place. One
-- reading on record with everybody in it. Persons are null when they are more than the device may
-- have, and then nothing is read.
create function field_persons(
  by_actor text, for_reason text, at_path text, for_device text, only_persons integer[],
  persons_max integer
) returns table (salt text, persons json)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  own_salt constant text := left(encode(sha256(
    (select s.key from public.register_secrets s where s.name = 'document')
      || convert_to('field:' || for_device || ':' || at_path, 'UTF8')), 'hex'), 32);
  below constant text :=
    replace(replace(replace(at_path, '\', '\\'), '%', '\%'), '_', '\_') || '/%';
  found_ids integer[];
begin
  select coalesce(array_agg(f.id), '{}') into found_ids from (
    select p.id
    from public.places l
    join public.households h on h.place_code = l.code
    join public.persons p on p.household_id = h.id
    where (l.path = at_path or l.path like below) and p.left_on is null
      and (only_persons is null or p.id = any (only_persons))
    limit persons_max + 1
  ) f;
  if cardinality(found_ids) > persons_max then
    return query select own_salt, null::json;
    return;
  end if;
  if cardinality(found_ids) > 0 then
    insert into public.name_reads (actor, reason, purpose, place_path, person_ids)
    values (by_actor, for_reason, 'read', at_path, found_ids);
  end if;
  return query
  select own_salt, json_build_object(
    'id', coalesce(json_agg(f.id), '[]'), 'household', coalesce(json_agg(f.household_id), '[]'),
    'sex', coalesce(json_agg(f.sex), '[]'), 'bornYear', coalesce(json_agg(f.born), '[]'),
    'name', coalesce(json_agg(f.name), '[]'), 'hash', coalesce(json_agg(f.hash), '[]'))
  from (
    select p.id, p.household_id, p.sex, extract(year from p.born_on)::integer as born,
      coalesce(left(n.name, 1), '') || '○' as name,
      case when n.document_type <> 'household-book' then left(encode(sha256(
        convert_to(own_salt || ':' || n.document_number, 'UTF8')), 'hex'), 16) end as hash
    from public.persons p left join public.person_names n on n.person_id = p.id
    where p.id = any (found_ids) order by p.id
  ) f;
end
$$;

revoke execute on function
  last_person_number, reserve_person_numbers, household_at, merge_persons, move_person,
  register_person, field_persons
  from public;
grant execute on function
  reserve_person_numbers, merge_persons, move_person, register_person, field_persons
  to sextant_service;

grant select, insert, update on devices to sextant_service;
grant select on person_number_runs, person_merges, person_changes to sextant_service;
