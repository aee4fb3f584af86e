-- The registers: places, households, persons, names. Not breaking: new tables only.
--
-- Names stand in `person_names` and nowhere else. The service role cannot read them from the
-- table: only the functions below read, match and change them, and every reading is written to
-- `name_reads` by the function that reads. The functions run with the rights of their owner, so
-- they name every table without relying on the caller's search path.

do $$
begin
  create role sextant_service nologin;
exception
  -- Roles belong to the whole cluster: another of its databases may be making it just now.
  when duplicate_object or unique_violation then null;
end
$$;

create table places (
  code text primary key,
  parent_code text references places,
  path text not null,
  kind text not null,
  label_zh text not null,
  label_en text,
  constraint places_kind_check
    check (kind in ('city', 'district', 'town', 'community', 'compound', 'building')),
  constraint places_path_check
    check (path = code or (parent_code is not null and path like '%' || parent_code || '/' || code))
);
create index places_parent_idx on places (parent_code);
create index places_path_idx on places (path text_pattern_ops);

-- A label that begins with ~ is not a room: see rule PE-12.
create table households (
  id integer primary key,
  place_code text not null,
  label text not null,
  constraint households_place_code_fkey foreign key (place_code) references places,
  constraint households_place_label_key unique (place_code, label),
  constraint households_id_check check (id >= 1)
);
create index households_unknown_room_idx on households (place_code) where label like '~%';

create table persons (
  id integer primary key,
  household_id integer not null,
  sex text,
  born_on date,
  left_on date,
  constraint persons_household_id_fkey foreign key (household_id) references households,
  constraint persons_sex_check check (sex in ('m', 'f', 'x')),
  constraint persons_id_check check (id >= 1)
);
create index persons_household_idx on persons (household_id);

create table person_names (
  person_id integer primary key,
  name text not null,
  document_type text,
  document_number text,
  document_hash bytea,
  phone text,
  constraint person_names_person_id_fkey foreign key (person_id) references persons,
  constraint person_names_document_hash_key unique (document_hash),
  constraint person_names_document_check
    check ((document_type is null) = (document_number is null))
);

-- Who read which names, when and why. Holds numbers, never a name.
create table name_reads (
  id bigint generated always as identity primary key,
  read_at timestamptz not null default clock_timestamp(),
  actor text not null,
  reason text not null,
  purpose text not null,
  place_path text,
  person_ids integer[] not null,
  constraint name_reads_purpose_check check (purpose in ('read', 'search', 'correct', 'erase')),
  constraint name_reads_reason_check check (length(btrim(reason)) between 1 and 500),
  constraint name_reads_actor_check check (length(btrim(actor)) between 1 and 200)
);
create index name_reads_read_at_idx on name_reads (read_at);

-- The key of the document hashes never leaves the database: without it, a hash of eighteen
-- digits is undone by trying all of them. 244 random bits of two version 4 UUIDs, then SHA-256.
create table register_secrets (
  name text primary key,
  key bytea not null
);
insert into register_secrets (name, key)
values ('document', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

-- An import in progress: rows as read, and which person on record each one is. Not logged, and
-- empty whenever no import runs; nothing outlives a crash.
create unlogged table roster_staging (
  row_no integer not null,
  place_code text not null,
  room text not null,
  name text not null,
  sex text,
  born_on date,
  document_type text,
  document_number text,
  phone text
);
create unlogged table roster_matches (
  row_no integer not null,
  person_id integer not null,
  rank integer not null,
  ties bigint not null
);

-- Null for a document that does not tell persons apart: a household book is everybody's in it.
-- Stable and not immutable because convert_to is: otherwise it would be called and not inlined.
create function document_hash(secret bytea, of_type text, of_number text) returns bytea
language sql stable parallel safe
return case when of_type <> 'household-book'
  then sha256(secret || sha256(secret || convert_to(of_type || ':' || of_number, 'UTF8'))) end;

-- One import at a time; false when another one runs. Numbers are given out under a lock of their
-- own, so that walk-ins are registered while an import is still reading its file.
create function roster_begin() returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not pg_try_advisory_xact_lock(20220326, 1) then
    return false;
  end if;
  truncate public.roster_staging, public.roster_matches;
  return true;
end
$$;

-- Rule PE-9. Rows of the file that say the same person again; they leave the staging table.
create function roster_refuse_twice()
returns table (row_no integer, field text, value text, code text, first_row integer)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set work_mem = '128MB' as $$
begin
  analyze public.roster_staging;
  return query
  with shared as (
    select s.document_type, s.document_number, min(s.row_no) as first_row
    from public.roster_staging s where s.document_type <> 'household-book'
    group by s.document_type, s.document_number having count(*) > 1
  )
  delete from public.roster_staging s using shared d
  where s.document_type = d.document_type and s.document_number = d.document_number
    and s.row_no > d.first_row
  returning s.row_no, 'document_number', s.document_number, 'persons.document-twice', d.first_row;
  -- Same home, name and birth: only two different documents make it two persons. Where the first
  -- row has none, nobody can say which of the others it is.
  return query
  with loose as materialized (
    select s.place_code, s.room, s.name, s.born_on, min(s.row_no) as first_loose_row
    from public.roster_staging s
    where s.document_type is null or s.document_type = 'household-book'
    group by s.place_code, s.room, s.name, s.born_on
  ), shared as (
    select l.place_code, l.room, l.name, l.born_on, l.first_loose_row, min(s.row_no) as first_row
    from loose l
    join public.roster_staging s on s.place_code = l.place_code and s.room = l.room
      and s.name = l.name and s.born_on is not distinct from l.born_on
    group by l.place_code, l.room, l.name, l.born_on, l.first_loose_row
    having count(*) > 1
  )
  delete from public.roster_staging s using shared d
  where s.place_code = d.place_code and s.room = d.room and s.name = d.name
    and s.born_on is not distinct from d.born_on and s.row_no > d.first_row
    and (d.first_loose_row = d.first_row or s.document_type is null
      or s.document_type = 'household-book')
  returning s.row_no, 'name', s.name, 'persons.twice-in-household', d.first_row;
end
$$;

-- Rule PE-10. Which person on record each staged row is; returns the rows that cannot be told.
-- Rank 1: same document. Then only where not both have a document: 2 and 3 same home, name and
-- birth; 4 and 5 same home and name, one birth not known; 6 and 7 same place, name and birth, one
-- room not known. Odd ranks: the person on record has a document and the row has none.
create function roster_match()
returns table (row_no integer, field text, value text, code text, first_row integer)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set work_mem = '128MB' as $$
declare
  secret constant bytea := (select s.key from public.register_secrets s where s.name = 'document');
begin
  perform pg_advisory_xact_lock(20220326, 2);
  if not exists (select from public.persons) then
    return;
  end if;
  insert into public.roster_matches (row_no, person_id, rank, ties)
  select s.row_no, n.person_id, 1, 1
  from public.roster_staging s
  join public.person_names n
    on n.document_hash = public.document_hash(secret, s.document_type, s.document_number);
  analyze public.roster_matches;
  insert into public.roster_matches (row_no, person_id, rank, ties)
  with loose as materialized (
    select s.row_no, s.place_code, s.room, s.name, s.born_on,
      s.document_type is not null and s.document_type <> 'household-book' as has_document
    from public.roster_staging s
    where not exists (select from public.roster_matches m where m.row_no = s.row_no)
  ), same_home as (
    select l.row_no, p.id as person_id, l.has_document,
      case when p.born_on is not distinct from l.born_on then 2 else 4 end as rank
    from loose l
    join public.households h on h.place_code = l.place_code and h.label = l.room
    join public.persons p on p.household_id = h.id
      and (p.born_on = l.born_on or p.born_on is null or l.born_on is null)
    join public.person_names n on n.person_id = p.id and n.name = l.name
    where l.room <> ''
  ), room_unknown_in_file as (
    select l.row_no, p.id as person_id, l.has_document, 6 as rank
    from loose l
    join public.households h on h.place_code = l.place_code
    join public.persons p on p.household_id = h.id
      and (p.born_on = l.born_on
        or (p.born_on is null and l.born_on is null and h.label like '~%'))
    join public.person_names n on n.person_id = p.id and n.name = l.name
    where l.room = ''
  ), room_unknown_on_record as (
    select l.row_no, p.id as person_id, l.has_document, 6 as rank
    from loose l
    join public.households h on h.place_code = l.place_code and h.label like '~%'
    join public.persons p on p.household_id = h.id and p.born_on = l.born_on
    join public.person_names n on n.person_id = p.id and n.name = l.name
    where l.room <> ''
  ), candidate as (
    select c.row_no, c.person_id,
      c.rank + case when n.document_hash is null then 0 else 1 end as rank
    from (
      select * from same_home
      union all select * from room_unknown_in_file
      union all select * from room_unknown_on_record
    ) c
    join public.person_names n on n.person_id = c.person_id
    where n.document_hash is null or not c.has_document
  ), ranked as (
    select c.row_no, c.person_id, c.rank,
      rank() over (partition by c.row_no order by c.rank) as standing,
      count(*) over (partition by c.row_no, c.rank) as ties
    from candidate c
  )
  select r.row_no, r.person_id, r.rank, r.ties from ranked r where r.standing = 1;
  return query
  with contested as (
    select m.row_no,
      case
        when m.ties > 1 then 'persons.several-match'
        when row_number() over (partition by m.person_id order by m.rank, m.row_no) > 1
          then 'persons.matches-another-row'
      end as code
    from public.roster_matches m
  ), refused as (
    select c.row_no, min(c.code) as code from contested c where c.code is not null group by c.row_no
  ), forgotten as (
    delete from public.roster_matches m using refused r where m.row_no = r.row_no
  ), unstaged as (
    delete from public.roster_staging s using refused r where s.row_no = r.row_no
    returning s.row_no, s.name, r.code
  )
  select u.row_no, 'name', u.name, u.code, null::integer from unstaged u order by u.row_no;
end
$$;

-- Rule PE-10. Makes the rooms of all staged rows and writes those that nobody on record matches:
-- new persons get the next numbers in the order of the file.
--
-- Where more persons come than there are (the first roster of a district), building the indexes
-- and checking the references once at the end costs a third of doing both row by row. Readers of
-- the register wait meanwhile.
create function roster_write_new() returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set work_mem = '128MB' as $$
declare
  secret constant bytea := (select s.key from public.register_secrets s where s.name = 'document');
  last_household integer := (select coalesce(max(h.id), 0) from public.households h);
  last_person constant integer := (select coalesce(max(p.id), 0) from public.persons p);
  is_bulk constant boolean := 10000 + last_person <
    (select count(*) from public.roster_staging) - (select count(*) from public.roster_matches);
  written integer;
begin
  if is_bulk then
    alter table public.person_names
      drop constraint person_names_person_id_fkey, drop constraint person_names_document_hash_key;
    alter table public.persons drop constraint persons_household_id_fkey;
    alter table public.households
      drop constraint households_place_code_fkey, drop constraint households_place_label_key;
    drop index public.persons_household_idx;
  end if;
  insert into public.households (id, place_code, label)
  select last_household + row_number() over (order by w.first_row), w.place_code, w.room
  from (
    select s.place_code, s.room, min(s.row_no) as first_row
    from public.roster_staging s where s.room <> '' group by s.place_code, s.room
  ) w
  where not exists (
    select from public.households h where h.place_code = w.place_code and h.label = w.room
  );
  last_household := (select coalesce(max(h.id), 0) from public.households h);
  with numbered as materialized (
    select s.*, last_person + row_number() over (order by s.row_no) as person_id,
      last_household + count(*) filter (where s.room = '') over (order by s.row_no) as own_household
    from public.roster_staging s
    where not exists (select from public.roster_matches m where m.row_no = s.row_no)
  ), own_homes as (
    insert into public.households (id, place_code, label)
    select n.own_household, n.place_code, '~' || n.person_id from numbered n where n.room = ''
  ), people as (
    insert into public.persons (id, household_id, sex, born_on)
    select n.person_id, coalesce(h.id, n.own_household), n.sex, n.born_on
    from numbered n
    left join public.households h
      on n.room <> '' and h.place_code = n.place_code and h.label = n.room
  )
  insert into public.person_names
    (person_id, name, document_type, document_number, document_hash, phone)
  select n.person_id, n.name, n.document_type, n.document_number,
    public.document_hash(secret, n.document_type, n.document_number), n.phone
  from numbered n;
  get diagnostics written = row_count;
  if is_bulk then
    alter table public.households
      add constraint households_place_label_key unique (place_code, label),
      add constraint households_place_code_fkey foreign key (place_code) references public.places;
    create index persons_household_idx on public.persons (household_id);
    alter table public.persons add constraint persons_household_id_fkey
      foreign key (household_id) references public.households;
    alter table public.person_names
      add constraint person_names_document_hash_key unique (document_hash),
      add constraint person_names_person_id_fkey foreign key (person_id) references public.persons;
  end if;
  if written > 1000 then
    analyze public.households;
    analyze public.persons;
    analyze public.person_names;
  end if;
  return written;
end
$$;

-- Rule PE-10. Brings persons on record up to the file: what the file leaves empty stays, a home
-- that the file states less precisely stays, and somebody who had left has come back.
create function roster_write_known() returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set work_mem = '128MB' as $$
declare
  secret constant bytea := (select s.key from public.register_secrets s where s.name = 'document');
  last_household constant integer := (select coalesce(max(h.id), 0) from public.households h);
  written integer;
begin
  if not exists (select from public.roster_matches) then
    return 0;
  end if;
  insert into public.households (id, place_code, label)
  select last_household + row_number() over (order by m.row_no), s.place_code, '~' || m.person_id
  from public.roster_matches m
  join public.roster_staging s on s.row_no = m.row_no
  join public.persons p on p.id = m.person_id
  join public.households h on h.id = p.household_id
  join public.places lives on lives.code = h.place_code
  join public.places stated on stated.code = s.place_code
  where s.room = '' and lives.path <> stated.path and not starts_with(lives.path, stated.path || '/')
    and not exists (
      select from public.households o
      where o.place_code = s.place_code and o.label = '~' || m.person_id
    );
  with wanted as materialized (
    select m.person_id, s.sex, s.born_on, s.name, s.document_type, s.document_number, s.phone,
      case
        when s.room = '' and (lives.path = stated.path or starts_with(lives.path, stated.path || '/'))
          then p.household_id
        else h.id
      end as household_id
    from public.roster_matches m
    join public.roster_staging s on s.row_no = m.row_no
    join public.persons p on p.id = m.person_id
    join public.households home on home.id = p.household_id
    join public.places lives on lives.code = home.place_code
    join public.places stated on stated.code = s.place_code
    left join public.households h on h.place_code = s.place_code
      and h.label = case when s.room = '' then '~' || m.person_id else s.room end
  ), people as (
    update public.persons p
    set household_id = w.household_id, sex = coalesce(w.sex, p.sex),
      born_on = coalesce(w.born_on, p.born_on), left_on = null
    from wanted w
    where p.id = w.person_id and (p.household_id <> w.household_id or p.left_on is not null
      or p.sex is distinct from coalesce(w.sex, p.sex)
      or p.born_on is distinct from coalesce(w.born_on, p.born_on))
    returning p.id
  ), named as (
    update public.person_names n
    set name = w.name, phone = coalesce(w.phone, n.phone),
      document_type = coalesce(fresh.document_type, n.document_type),
      document_number = coalesce(fresh.document_number, n.document_number),
      document_hash = coalesce(
        public.document_hash(secret, fresh.document_type, fresh.document_number), n.document_hash)
    from wanted w
    left join lateral (
      -- A document that identifies is never overwritten by another row's.
      select w.document_type, w.document_number
      where not exists (
        select from public.person_names k
        where k.person_id = w.person_id and k.document_hash is not null
      )
    ) fresh on true
    where n.person_id = w.person_id and (n.name <> w.name
      or n.phone is distinct from coalesce(w.phone, n.phone)
      or n.document_type is distinct from coalesce(fresh.document_type, n.document_type)
      or n.document_number is distinct from coalesce(fresh.document_number, n.document_number))
    returning n.person_id
  )
  select count(*) into written from (select id from people union select person_id from named) c;
  return written;
end
$$;

-- Empties the staging tables at the end of an import: they hold names.
create function roster_end() returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  truncate public.roster_staging, public.roster_matches;
end
$$;

-- Rule PE-13. One person, on the spot: the person on record when the document is known or the
-- same home has the same name and birth, else a new number.
create function register_person(
  of_name text, of_sex text, of_born_on date, of_document_type text, of_document_number text,
  of_phone text, at_place text, in_room text
) returns table (person_id integer, is_new boolean)
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
    return query select known, false;
    return;
  end if;
  fresh := (select coalesce(max(p.id), 0) + 1 from public.persons p);
  select h.id into home from public.households h
  where h.place_code = at_place and h.label = in_room and in_room <> '';
  if home is null then
    insert into public.households (id, place_code, label)
    select coalesce(max(h.id), 0) + 1, at_place, coalesce(nullif(in_room, ''), '~' || fresh)
    from public.households h
    returning households.id into home;
  end if;
  insert into public.persons (id, household_id, sex, born_on)
  values (fresh, home, of_sex, of_born_on);
  insert into public.person_names
    (person_id, name, document_type, document_number, document_hash, phone)
  values (fresh, of_name, of_document_type, of_document_number, hash, of_phone);
  return query select fresh, true;
end
$$;

-- Promise P6. The names of some persons, and who asked for them, in one call.
create function read_names(by_actor text, for_reason text, of_persons integer[])
returns table (
  person_id integer, name text, document_type text, document_number text, phone text
)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into public.name_reads (actor, reason, purpose, person_ids)
  values (by_actor, for_reason, 'read', of_persons);
  return query
  select n.person_id, n.name, n.document_type, n.document_number, n.phone
  from public.person_names n where n.person_id = any (of_persons) order by n.person_id;
end
$$;

-- Promise P6. Persons at or below a place whose name begins with the query, or whose document or
-- telephone number is the query. What was typed is not kept: it is a name.
create function search_names(
  by_actor text, for_reason text, at_path text, query text, rows_max integer
) returns table (
  person_id integer, name text, document_type text, document_number text, phone text
)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  secret constant bytea := (select s.key from public.register_secrets s where s.name = 'document');
  pattern constant text := replace(replace(replace(query, '\', '\\'), '%', '\%'), '_', '\_') || '%';
  below constant text :=
    replace(replace(replace(at_path, '\', '\\'), '%', '\%'), '_', '\_') || '/%';
  found_ids integer[];
begin
  if query ~ '[0-9]' then
    -- Numbers are found whole or not at all, documents by their hash: nobody can try them digit
    -- by digit.
    select array_agg(f.id order by f.id) into found_ids from (
      select p.id
      from (
        select n.person_id from public.person_names n
        where n.document_hash in (
          select public.document_hash(secret, t.type, query)
          from unnest(array['resident-id', 'passport', 'hk-macao-permit', 'taiwan-permit', 'other'])
            as t (type))
        union
        select n.person_id from public.person_names n where n.phone = query
      ) m
      join public.persons p on p.id = m.person_id
      join public.households h on h.id = p.household_id
      join public.places l on l.code = h.place_code
      where at_path = '' or l.path = at_path or l.path like below
      order by p.id limit rows_max
    ) f;
  else
    select array_agg(f.id order by f.id) into found_ids from (
      select p.id
      from public.places l
      join public.households h on h.place_code = l.code
      join public.persons p on p.household_id = h.id
      join public.person_names n on n.person_id = p.id
      where (at_path = '' or l.path = at_path or l.path like below) and n.name like pattern
      order by p.id limit rows_max
    ) f;
  end if;
  found_ids := coalesce(found_ids, '{}');
  insert into public.name_reads (actor, reason, purpose, place_path, person_ids)
  values (by_actor, for_reason, 'search', nullif(at_path, ''), found_ids);
  return query
  select n.person_id, n.name, n.document_type, n.document_number, n.phone
  from public.person_names n where n.person_id = any (found_ids) order by n.person_id;
end
$$;

-- Corrects the name or telephone number of a person; null leaves it as it is. False: no such name.
create function correct_name(
  by_actor text, for_reason text, of_person integer, new_name text, new_phone text
) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.person_names n
  set name = coalesce(new_name, n.name), phone = coalesce(new_phone, n.phone)
  where n.person_id = of_person;
  if not found then
    return false;
  end if;
  insert into public.name_reads (actor, reason, purpose, person_ids)
  values (by_actor, for_reason, 'correct', array[of_person]);
  return true;
end
$$;

-- Retention: the names go, the person numbers and every count stay. Returns how many went.
create function erase_names(by_actor text, for_reason text, of_persons integer[]) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  erased integer;
begin
  delete from public.person_names n where n.person_id = any (of_persons);
  get diagnostics erased = row_count;
  insert into public.name_reads (actor, reason, purpose, person_ids)
  values (by_actor, for_reason, 'erase', of_persons);
  return erased;
end
$$;

revoke execute on function
  document_hash, roster_begin, roster_refuse_twice, roster_match, roster_write_new, roster_write_known, roster_end,
  register_person,
  read_names, search_names, correct_name, erase_names
  from public;
grant execute on function
  roster_begin, roster_refuse_twice, roster_match, roster_write_new, roster_write_known, roster_end,
  register_person,
  read_names, search_names, correct_name, erase_names
  to sextant_service;

grant select, insert on places to sextant_service;
grant update (label_zh, label_en) on places to sextant_service;
grant select on households, persons, name_reads to sextant_service;
grant update (left_on) on persons to sextant_service;
grant select (person_id, document_hash) on person_names to sextant_service;
grant insert on roster_staging to sextant_service;
