-- The whole schema, read from the catalogue of a database made by the migrations.
-- Written by `npx node tools/dump-schema.ts`; a test makes it anew, compares and loads it.

do $$
begin
  if not exists (select from pg_roles where rolname = 'sextant_service') then
    create role sextant_service nologin;
  end if;
end
$$;

create table accounts (
  account text collate "C" not null,
  password_hash text not null,
  grants jsonb not null,
  disabled_ms bigint,
  created_ms bigint not null
);

create table coverage_changes (
  receipt bigint not null,
  tube text collate "C" not null,
  since_receipt bigint not null,
  round text not null,
  members integer[] not null
);

create table deployment (
  key text not null,
  value jsonb not null
);

create table devices (
  device text collate "C" not null,
  label text not null,
  key_hash bytea not null,
  account text collate "C" not null,
  app text not null,
  place text,
  registered_ms bigint not null,
  last_seen_ms bigint not null,
  kept_seq bigint default 0 not null,
  waiting integer default 0 not null,
  clock_ahead_ms bigint,
  complete_seq bigint default 0 not null,
  lost_ms bigint,
  lost_by text,
  lost_reason text,
  told_seq bigint default 0 not null,
  told_clock_ms bigint,
  went_back_ms bigint,
  went_back_from bigint,
  went_back_to bigint,
  went_back_account text collate "C"
);

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
  ending text
);

create table facts (
  receipt bigint not null,
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
  body json not null
);

create table findings (
  subject text collate "C" not null,
  key text not null,
  code text not null,
  owner text not null,
  place text not null,
  path text collate "C" not null,
  at_ms bigint not null,
  details jsonb not null
);

create table households (
  id integer not null,
  place_code text not null,
  label text not null
);

create table influences (
  source text collate "C" not null,
  id text collate "C" not null,
  subject text collate "C" not null,
  fact jsonb not null
);

create table label_runs (
  run text collate "C" not null,
  kind text collate "C" not null,
  label_count integer not null,
  first_serial bigint,
  last_serial bigint,
  place_code text collate "C",
  person_ids integer[],
  layout text collate "C" not null,
  symbology text collate "C" not null,
  account text collate "C" not null,
  made_ms bigint not null
);

create table label_series (
  kind text collate "C" not null,
  next_serial bigint default 1 not null
);

create table ledger_head (
  only_row boolean default true not null,
  receipt bigint not null,
  lamport bigint not null,
  device_seq bigint not null
);

create table name_reads (
  id bigint generated always as identity not null,
  read_at timestamp with time zone default clock_timestamp() not null,
  actor text not null,
  reason text not null,
  purpose text not null,
  place_path text,
  person_ids integer[] not null
);

create table person_changes (
  serial bigint generated always as identity not null,
  person_id integer not null,
  changed_ms bigint not null
);

create table person_merges (
  person_id integer not null,
  into_person_id integer not null
);

create table person_moves (
  person integer not null
);

create table person_names (
  person_id integer not null,
  name text not null,
  document_type text,
  document_number text,
  document_hash bytea,
  phone text
);

create table person_number_runs (
  first_number integer not null,
  last_number integer not null,
  device text collate "C" not null,
  reserved_ms bigint not null
);

create table persons (
  id integer not null,
  household_id integer not null,
  sex text,
  born_on date,
  left_on date
);

create table place_shapes (
  place text not null,
  longitude double precision not null,
  latitude double precision not null,
  outline jsonb,
  source text not null
);

create table places (
  code text not null,
  parent_code text,
  path text not null,
  kind text not null,
  label_zh text not null,
  label_en text
);

create table register_secrets (
  name text not null,
  key bytea not null
);

create unlogged table roster_matches (
  row_no integer not null,
  person_id integer not null,
  rank integer not null,
  ties bigint not null
);

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

create table round_rosters (
  round text not null,
  persons integer not null,
  bits bytea not null
);

create table sampled_elsewhere (
  person integer not null,
  tube text collate "C" not null
);

create table schema_migrations (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone default now() not null
);

create table sessions (
  token_hash bytea not null,
  account text collate "C" not null,
  created_ms bigint not null,
  expires_ms bigint not null
);

create table sign_in_failures (
  account text collate "C" not null,
  at_ms bigint not null
);

create table slots (
  resource text collate "C" not null,
  index integer not null,
  subject text collate "C" not null
);

create table specimen_counts (
  path text collate "C" not null,
  round text collate "C" not null,
  stage text not null,
  since_ms bigint not null,
  due_ms bigint not null,
  done boolean not null,
  specimens integer not null
);

create table specimens (
  tube text collate "C" not null,
  influences jsonb,
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
  coverage_receipt bigint not null,
  said json not null,
  speakers text[] collate "C" default '{}'::text[] not null,
  derived smallint default 7 not null
);

create table subjects (
  subject text collate "C" not null,
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
  receipt bigint not null,
  derived smallint default 7 not null
);

create table trend_snapshots (
  id text collate "C" not null,
  place text not null,
  path text collate "C" not null,
  until_on date not null,
  receipt bigint not null,
  made_ms bigint not null,
  made_by text not null,
  figures jsonb not null
);

alter table accounts add constraint accounts_pkey PRIMARY KEY (account);
alter table coverage_changes add constraint coverage_changes_pkey PRIMARY KEY (receipt, tube);
alter table deployment add constraint deployment_pkey PRIMARY KEY (key);
alter table devices add constraint devices_pkey PRIMARY KEY (device);
alter table duties add constraint duties_pkey PRIMARY KEY (subject, key);
alter table facts add constraint facts_pkey PRIMARY KEY (receipt);
alter table facts add constraint facts_device_number_key UNIQUE (device_id, device_seq);
alter table facts add constraint facts_id_key UNIQUE (id);
alter table findings add constraint findings_pkey PRIMARY KEY (subject, key);
alter table households add constraint households_id_check CHECK ((id >= 1));
alter table households add constraint households_pkey PRIMARY KEY (id);
alter table households add constraint households_place_label_key UNIQUE (place_code, label);
alter table influences add constraint influences_pkey PRIMARY KEY (source, id);
alter table label_runs add constraint label_runs_count_check CHECK (((label_count >= 1) AND (label_count <= 5000)));
alter table label_runs add constraint label_runs_kind_check CHECK ((kind = ANY (ARRAY['tube'::text, 'box'::text, 'person'::text])));
alter table label_runs add constraint label_runs_serials_check CHECK (
CASE
    WHEN (kind = 'person'::text) THEN ((first_serial IS NULL) AND (last_serial IS NULL) AND (person_ids IS NOT NULL))
    ELSE ((first_serial >= 1) AND (last_serial >= ((first_serial + label_count) - 1)) AND (person_ids IS NULL))
END);
alter table label_runs add constraint label_runs_pkey PRIMARY KEY (run);
alter table label_runs add constraint label_runs_boxes_once EXCLUDE USING gist (int8range(first_serial, last_serial, '[]'::text) WITH &&) WHERE ((kind = 'box'::text));
alter table label_runs add constraint label_runs_tubes_once EXCLUDE USING gist (int8range(first_serial, last_serial, '[]'::text) WITH &&) WHERE ((kind = 'tube'::text));
alter table label_series add constraint label_series_kind_check CHECK ((kind = ANY (ARRAY['tube'::text, 'box'::text])));
alter table label_series add constraint label_series_next_serial_check CHECK (((next_serial >= 1) AND (next_serial <= 100000000)));
alter table label_series add constraint label_series_pkey PRIMARY KEY (kind);
alter table ledger_head add constraint ledger_head_only_row_check CHECK (only_row);
alter table ledger_head add constraint ledger_head_pkey PRIMARY KEY (only_row);
alter table name_reads add constraint name_reads_actor_check CHECK (((length(btrim(actor)) >= 1) AND (length(btrim(actor)) <= 200)));
alter table name_reads add constraint name_reads_purpose_check CHECK ((purpose = ANY (ARRAY['read'::text, 'search'::text, 'correct'::text, 'erase'::text])));
alter table name_reads add constraint name_reads_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 500)));
alter table name_reads add constraint name_reads_pkey PRIMARY KEY (id);
alter table person_changes add constraint person_changes_pkey PRIMARY KEY (serial);
alter table person_merges add constraint person_merges_other_check CHECK ((person_id <> into_person_id));
alter table person_merges add constraint person_merges_pkey PRIMARY KEY (person_id);
alter table person_moves add constraint person_moves_pkey PRIMARY KEY (person);
alter table person_names add constraint person_names_document_check CHECK (((document_type IS NULL) = (document_number IS NULL)));
alter table person_names add constraint person_names_pkey PRIMARY KEY (person_id);
alter table person_names add constraint person_names_document_hash_key UNIQUE (document_hash);
alter table person_number_runs add constraint person_number_runs_order_check CHECK ((last_number >= first_number));
alter table person_number_runs add constraint person_number_runs_pkey PRIMARY KEY (first_number);
alter table persons add constraint persons_id_check CHECK ((id >= 1));
alter table persons add constraint persons_sex_check CHECK ((sex = ANY (ARRAY['m'::text, 'f'::text, 'x'::text])));
alter table persons add constraint persons_pkey PRIMARY KEY (id);
alter table place_shapes add constraint place_shapes_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision)));
alter table place_shapes add constraint place_shapes_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)));
alter table place_shapes add constraint place_shapes_pkey PRIMARY KEY (place);
alter table places add constraint places_kind_check CHECK ((kind = ANY (ARRAY['city'::text, 'district'::text, 'town'::text, 'community'::text, 'compound'::text, 'building'::text])));
alter table places add constraint places_path_check CHECK (((path = code) OR ((parent_code IS NOT NULL) AND (path ~~ ((('%'::text || parent_code) || '/'::text) || code)))));
alter table places add constraint places_pkey PRIMARY KEY (code);
alter table register_secrets add constraint register_secrets_pkey PRIMARY KEY (name);
alter table round_rosters add constraint round_rosters_pkey PRIMARY KEY (round);
alter table sampled_elsewhere add constraint sampled_elsewhere_pkey PRIMARY KEY (person, tube);
alter table schema_migrations add constraint schema_migrations_pkey PRIMARY KEY (number);
alter table sessions add constraint sessions_pkey PRIMARY KEY (token_hash);
alter table slots add constraint slots_pkey PRIMARY KEY (resource, index);
alter table specimen_counts add constraint specimen_counts_pkey PRIMARY KEY (path, round, stage, since_ms, due_ms);
alter table specimens add constraint specimens_pkey PRIMARY KEY (tube);
alter table subjects add constraint subjects_pkey PRIMARY KEY (subject);
alter table trend_snapshots add constraint trend_snapshots_id_check CHECK ((id ~ '^[0-9a-f]{32}$'::text));
alter table trend_snapshots add constraint trend_snapshots_pkey PRIMARY KEY (id);
alter table devices add constraint devices_account_fkey FOREIGN KEY (account) REFERENCES accounts(account);
alter table households add constraint households_place_code_fkey FOREIGN KEY (place_code) REFERENCES places(code);
alter table person_changes add constraint person_changes_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id);
alter table person_merges add constraint person_merges_into_person_id_fkey FOREIGN KEY (into_person_id) REFERENCES persons(id);
alter table person_merges add constraint person_merges_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id);
alter table person_names add constraint person_names_person_id_fkey FOREIGN KEY (person_id) REFERENCES persons(id);
alter table person_number_runs add constraint person_number_runs_device_fkey FOREIGN KEY (device) REFERENCES devices(device);
alter table persons add constraint persons_household_id_fkey FOREIGN KEY (household_id) REFERENCES households(id);
alter table place_shapes add constraint place_shapes_place_fkey FOREIGN KEY (place) REFERENCES places(code);
alter table places add constraint places_parent_code_fkey FOREIGN KEY (parent_code) REFERENCES places(code);
alter table sessions add constraint sessions_account_fkey FOREIGN KEY (account) REFERENCES accounts(account);

CREATE INDEX devices_account_idx ON public.devices USING btree (account);
CREATE INDEX duties_open_idx ON public.duties USING btree (account, link, due_ms) WHERE (ended_ms IS NULL);
CREATE INDEX duties_path_idx ON public.duties USING btree (path) WHERE (ended_ms IS NULL);
CREATE INDEX facts_subject_idx ON public.facts USING btree (subject);
CREATE INDEX households_unknown_room_idx ON public.households USING btree (place_code) WHERE (label ~~ '~%'::text);
CREATE INDEX influences_subject_idx ON public.influences USING btree (subject);
CREATE INDEX label_runs_account_idx ON public.label_runs USING btree (account, made_ms DESC);
CREATE INDEX label_runs_made_idx ON public.label_runs USING btree (made_ms DESC, run);
CREATE INDEX name_reads_read_at_idx ON public.name_reads USING btree (read_at);
CREATE INDEX person_merges_into_idx ON public.person_merges USING btree (into_person_id);
CREATE INDEX person_number_runs_device_idx ON public.person_number_runs USING btree (device, first_number);
CREATE INDEX persons_household_idx ON public.persons USING btree (household_id);
CREATE INDEX places_parent_idx ON public.places USING btree (parent_code);
CREATE INDEX places_path_idx ON public.places USING btree (path text_pattern_ops);
CREATE INDEX sessions_account_idx ON public.sessions USING btree (account);
CREATE INDEX sign_in_failures_account_idx ON public.sign_in_failures USING btree (account, at_ms);
CREATE INDEX slots_subject_idx ON public.slots USING btree (subject);
CREATE INDEX specimens_coverage_idx ON public.specimens USING btree (coverage_receipt);
CREATE INDEX specimens_path_idx ON public.specimens USING btree (path);
CREATE INDEX subjects_path_idx ON public.subjects USING btree (prefix, path) WHERE (prefix = ANY (ARRAY['entry'::text, 'box'::text, 'point'::text]));
CREATE INDEX subjects_receipt_idx ON public.subjects USING btree (receipt);
CREATE INDEX subjects_stage_idx ON public.subjects USING btree (prefix, done, stage);
CREATE INDEX trend_snapshots_place_idx ON public.trend_snapshots USING btree (place, made_ms);

CREATE OR REPLACE FUNCTION public.correct_name(by_actor text, for_reason text, of_person integer, new_name text, new_phone text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.document_hash(secret bytea, of_type text, of_number text)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN CASE WHEN (of_type <> 'household-book'::text) THEN sha256((secret || sha256((secret || convert_to(((of_type || ':'::text) || of_number), 'UTF8'::name))))) ELSE NULL::bytea END;

CREATE OR REPLACE FUNCTION public.erase_names(by_actor text, for_reason text, of_persons integer[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  erased integer;
begin
  delete from public.person_names n where n.person_id = any (of_persons);
  get diagnostics erased = row_count;
  insert into public.name_reads (actor, reason, purpose, person_ids)
  values (by_actor, for_reason, 'erase', of_persons);
  return erased;
end
$function$;

CREATE OR REPLACE FUNCTION public.field_persons(by_actor text, for_reason text, at_path text, for_device text, only_persons integer[], persons_max integer)
 RETURNS TABLE(salt text, persons json)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.household_at(at_place text, in_room text, of_person integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.last_person_number()
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
RETURN GREATEST((SELECT COALESCE(max(p.id), 0) AS "coalesce" FROM persons p), (SELECT COALESCE(max(r.last_number), 0) AS "coalesce" FROM person_number_runs r));

CREATE OR REPLACE FUNCTION public.merge_persons(of_person integer, into_person integer, on_day date, at_ms bigint)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.move_person(of_person integer, to_household integer, at_place text, in_room text, at_ms bigint)
 RETURNS TABLE(household_id integer, from_place text, place_code text, is_new boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.note_person_move()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into public.person_moves (person) values (new.id) on conflict do nothing;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.read_names(by_actor text, for_reason text, of_persons integer[])
 RETURNS TABLE(person_id integer, name text, document_type text, document_number text, phone text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  insert into public.name_reads (actor, reason, purpose, person_ids)
  values (by_actor, for_reason, 'read', of_persons);
  return query
  select n.person_id, n.name, n.document_type, n.document_number, n.phone
  from public.person_names n where n.person_id = any (of_persons) order by n.person_id;
end
$function$;

CREATE OR REPLACE FUNCTION public.register_person(of_name text, of_sex text, of_born_on date, of_document_type text, of_document_number text, of_phone text, at_place text, in_room text, kept_number integer, on_day date, at_ms bigint)
 RETURNS TABLE(person_id integer, is_new boolean, merged boolean, refused text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.reserve_person_numbers(for_device text, how_many integer, at_ms bigint)
 RETURNS TABLE(first_number integer, last_number integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.roster_begin()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  if not pg_try_advisory_xact_lock(20220326, 1) then
    return false;
  end if;
  truncate public.roster_staging, public.roster_matches;
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION public.roster_end()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  truncate public.roster_staging, public.roster_matches;
end
$function$;

CREATE OR REPLACE FUNCTION public.roster_match()
 RETURNS TABLE(row_no integer, field text, value text, code text, first_row integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '128MB'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.roster_refuse_twice()
 RETURNS TABLE(row_no integer, field text, value text, code text, first_row integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '128MB'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.roster_write_known()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '128MB'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.roster_write_new()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET work_mem TO '128MB'
AS $function$
declare
  secret constant bytea := (select s.key from public.register_secrets s where s.name = 'document');
  last_household integer := (select coalesce(max(h.id), 0) from public.households h);
  last_person constant integer := public.last_person_number();
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
$function$;

CREATE OR REPLACE FUNCTION public.search_names(by_actor text, for_reason text, at_path text, query text, rows_max integer)
 RETURNS TABLE(person_id integer, name text, document_type text, document_number text, phone text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
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
$function$;

CREATE TRIGGER persons_moved AFTER UPDATE OF household_id ON public.persons FOR EACH ROW WHEN ((old.household_id IS DISTINCT FROM new.household_id)) EXECUTE FUNCTION note_person_move();

revoke execute on function correct_name(by_actor text, for_reason text, of_person integer, new_name text, new_phone text) from public;
revoke execute on function document_hash(secret bytea, of_type text, of_number text) from public;
revoke execute on function erase_names(by_actor text, for_reason text, of_persons integer[]) from public;
revoke execute on function field_persons(by_actor text, for_reason text, at_path text, for_device text, only_persons integer[], persons_max integer) from public;
revoke execute on function household_at(at_place text, in_room text, of_person integer) from public;
revoke execute on function last_person_number() from public;
revoke execute on function merge_persons(of_person integer, into_person integer, on_day date, at_ms bigint) from public;
revoke execute on function move_person(of_person integer, to_household integer, at_place text, in_room text, at_ms bigint) from public;
revoke execute on function note_person_move() from public;
revoke execute on function read_names(by_actor text, for_reason text, of_persons integer[]) from public;
revoke execute on function register_person(of_name text, of_sex text, of_born_on date, of_document_type text, of_document_number text, of_phone text, at_place text, in_room text, kept_number integer, on_day date, at_ms bigint) from public;
revoke execute on function reserve_person_numbers(for_device text, how_many integer, at_ms bigint) from public;
revoke execute on function roster_begin() from public;
revoke execute on function roster_end() from public;
revoke execute on function roster_match() from public;
revoke execute on function roster_refuse_twice() from public;
revoke execute on function roster_write_known() from public;
revoke execute on function roster_write_new() from public;
revoke execute on function search_names(by_actor text, for_reason text, at_path text, query text, rows_max integer) from public;
grant insert, select, update on accounts to sextant_service;
grant execute on function correct_name(by_actor text, for_reason text, of_person integer, new_name text, new_phone text) to sextant_service;
grant insert, select on coverage_changes to sextant_service;
grant insert, select, update on deployment to sextant_service;
grant insert, select, update on devices to sextant_service;
grant delete, insert, select, update on duties to sextant_service;
grant execute on function erase_names(by_actor text, for_reason text, of_persons integer[]) to sextant_service;
grant insert, select on facts to sextant_service;
grant execute on function field_persons(by_actor text, for_reason text, at_path text, for_device text, only_persons integer[], persons_max integer) to sextant_service;
grant delete, insert, select, update on findings to sextant_service;
grant select on households to sextant_service;
grant delete, insert, select, update on influences to sextant_service;
grant insert, select on label_runs to sextant_service;
grant insert, select, update on label_series to sextant_service;
grant select, update on ledger_head to sextant_service;
grant execute on function merge_persons(of_person integer, into_person integer, on_day date, at_ms bigint) to sextant_service;
grant execute on function move_person(of_person integer, to_household integer, at_place text, in_room text, at_ms bigint) to sextant_service;
grant select on name_reads to sextant_service;
grant select on person_changes to sextant_service;
grant select on person_merges to sextant_service;
grant select on person_moves to sextant_service;
grant select (document_hash, person_id) on person_names to sextant_service;
grant select on person_number_runs to sextant_service;
grant select, update (left_on) on persons to sextant_service;
grant insert, select, update on place_shapes to sextant_service;
grant insert, select, update (label_en, label_zh) on places to sextant_service;
grant execute on function read_names(by_actor text, for_reason text, of_persons integer[]) to sextant_service;
grant execute on function register_person(of_name text, of_sex text, of_born_on date, of_document_type text, of_document_number text, of_phone text, at_place text, in_room text, kept_number integer, on_day date, at_ms bigint) to sextant_service;
grant execute on function reserve_person_numbers(for_device text, how_many integer, at_ms bigint) to sextant_service;
grant execute on function roster_begin() to sextant_service;
grant execute on function roster_end() to sextant_service;
grant execute on function roster_match() to sextant_service;
grant execute on function roster_refuse_twice() to sextant_service;
grant insert on roster_staging to sextant_service;
grant execute on function roster_write_known() to sextant_service;
grant execute on function roster_write_new() to sextant_service;
grant insert, select on round_rosters to sextant_service;
grant delete, insert, select on sampled_elsewhere to sextant_service;
grant execute on function search_names(by_actor text, for_reason text, at_path text, query text, rows_max integer) to sextant_service;
grant delete, insert, select on sessions to sextant_service;
grant delete, insert, select on sign_in_failures to sextant_service;
grant delete, insert, select, update on slots to sextant_service;
grant delete, insert, select, update on specimen_counts to sextant_service;
grant delete, insert, select, update on specimens to sextant_service;
grant delete, insert, select, update on subjects to sextant_service;
grant insert, select on trend_snapshots to sextant_service;
