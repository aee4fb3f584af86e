import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Queryable } from '../adapters/postgres/database.ts';
import { withFreshDatabase } from './fresh-database.ts';
import { root } from './sources.ts';

/** The role that the program works as, whose rights are part of the schema. */
const serviceRole = 'sextant_service';

/**
 * The schema `public` as SQL, read from the catalogue of a database: tables, constraints, indexes,
 * functions, triggers and rights, each kind in the order of its names, so that two dumps of one
 * schema are one text. The packaged PostgreSQL comes without pg_dump. Throws when the schema holds
 * a kind of object that is not printed here: a dump that leaves something out proves nothing.
 */
export async function dumpSchema(client: Queryable): Promise<string> {
  await refuseUnknownKinds(client);
  const parts = [
    header,
    await tables(client),
    await definitions(client, constraintsSql),
    await definitions(client, indexesSql),
    await definitions(client, functionsSql),
    await definitions(client, triggersSql),
    await definitions(client, grantsSql),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const header = `-- The whole schema, read from the catalogue of a database made by the migrations.
-- Written by \`npx node tools/dump-schema.ts\`; a test makes it anew, compares and loads it.

do $$
begin
  if not exists (select from pg_roles where rolname = '${serviceRole}') then
    create role ${serviceRole} nologin;
  end if;
end
$$;`;

/** Kinds of relation that have no statement of their own: indexes, and sequences of identities. */
const unprintedSql = `
  select c.relname as name, c.relkind::text as kind
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind not in ('r', 'i')
    and not (c.relkind = 'S' and exists (
      select from pg_depend d where d.objid = c.oid and d.deptype = 'i'))
  union all
  select t.typname, 'type' from pg_type t
  where t.typnamespace = 'public'::regnamespace and t.typrelid = 0 and t.typelem = 0
  union all
  select p.polname, 'policy' from pg_policy p
  union all
  select e.extname, 'extension' from pg_extension e where e.extname <> 'plpgsql'
  order by 1`;

async function refuseUnknownKinds(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ name: string; kind: string }>(unprintedSql);
  if (rows.length === 0) return;
  const names = rows.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  throw new Error(`tools/dump-schema.ts does not print: ${names}`);
}

interface ColumnRow {
  readonly [field: string]: unknown;
  readonly relation: string;
  readonly unlogged: boolean;
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly expression: string | null;
  readonly identity: string;
  readonly generated: string;
  readonly required: boolean;
}

const columnsSql = `
  select c.relname as relation, c.relpersistence = 'u' as unlogged, a.attname as name,
    format_type(a.atttypid, a.atttypmod) as type,
    case when a.attcollation <> t.typcollation then quote_ident(l.collname) end as collation,
    pg_get_expr(d.adbin, d.adrelid) as expression, a.attidentity::text as identity,
    a.attgenerated::text as generated, a.attnotnull as required
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_collation l on l.oid = a.attcollation
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  order by c.relname collate "C", a.attnum`;

async function tables(client: Queryable): Promise<string> {
  const { rows } = await client.query<ColumnRow>(columnsSql);
  const byTable = Map.groupBy(rows, ({ relation }) => relation);
  const statements = [...byTable].map(([relation, columns]) => {
    const kind = columns[0]?.unlogged === true ? 'unlogged table' : 'table';
    return `create ${kind} ${relation} (\n${columns.map(columnLine).join(',\n')}\n);`;
  });
  return statements.join('\n\n');
}

function columnLine({ name, type, collation, ...column }: ColumnRow): string {
  const words = [`  ${name} ${type}`];
  if (collation !== null) words.push(`collate ${collation}`);
  if (column.generated !== '') words.push(`generated always as (${column.expression}) stored`);
  else if (column.expression !== null) words.push(`default ${column.expression}`);
  if (column.identity !== '') {
    const when = column.identity === 'a' ? 'always' : 'by default';
    words.push(`generated ${when} as identity`);
  }
  if (column.required) words.push('not null');
  return words.join(' ');
}

/** Foreign keys last: what they point at must be unique by then. `n` is a column's not null. */
const constraintsSql = `
  select format('alter table %I add constraint %I %s;', c.relname, o.conname,
    pg_get_constraintdef(o.oid)) as definition
  from pg_constraint o join pg_class c on c.oid = o.conrelid
  where c.relnamespace = 'public'::regnamespace and o.contype <> 'n'
  order by o.contype = 'f', c.relname collate "C", o.contype, o.conname collate "C"`;

const indexesSql = `
  select pg_get_indexdef(i.indexrelid) || ';' as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint o where o.conindid = i.indexrelid)
  order by c.relname collate "C"`;

const functionsSql = `
  select rtrim(pg_get_functiondef(p.oid), E'\\n') || E';\\n' as definition
  from pg_proc p where p.pronamespace = 'public'::regnamespace
  order by p.proname collate "C", pg_get_function_identity_arguments(p.oid) collate "C"`;

const triggersSql = `
  select pg_get_triggerdef(t.oid) || ';' as definition
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = 'public'::regnamespace and not t.tgisinternal
  order by t.tgname collate "C"`;

/** Rights of everybody but the owner, whoever that is; a function is everybody's until revoked. */
const grantsSql = `
  with rights as (
    select format('%I', c.relname) as target, 'table' as kind, null as of_column, a.*
    from pg_class c cross join aclexplode(c.relacl) a
    where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
    union all
    select format('%I', c.relname), 'table', quote_ident(t.attname), a.*
    from pg_class c join pg_attribute t on t.attrelid = c.oid cross join aclexplode(t.attacl) a
    where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
    union all
    select format('%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
      'function', null, a.*
    from pg_proc p cross join aclexplode(p.proacl) a
    where p.pronamespace = 'public'::regnamespace and a.grantee <> p.proowner
  ), named as (
    select kind, target, lower(privilege_type) as verb, of_column,
      case grantee when 0 then 'public' else quote_ident(grantee::regrole::text) end as grantee
    from rights
  ), phrased as (
    select kind, target, grantee, verb
      || coalesce(' (' || string_agg(of_column, ', ' order by of_column collate "C") || ')', '')
      as phrase
    from named group by kind, target, grantee, verb, of_column is null
  )
  select definition from (
    select 1 as part, target, format('revoke execute on function %I(%s) from public;', p.proname,
      pg_get_function_identity_arguments(p.oid)) as definition
    from pg_proc p, lateral (select p.proname::text as target) t
    where p.pronamespace = 'public'::regnamespace and p.proacl is not null
      and not exists (select from aclexplode(p.proacl) a where a.grantee = 0)
    union all
    select 2, target, format('grant %s on %s to %s;',
      string_agg(phrase, ', ' order by phrase collate "C"),
      case kind when 'function' then 'function ' || target else target end, grantee)
    from phrased group by kind, target, grantee
  ) statements
  order by part, target collate "C", definition collate "C"`;

async function definitions(client: Queryable, sql: string): Promise<string> {
  const { rows } = await client.query<{ definition: string }>(sql);
  return rows
    .map(({ definition }) => definition)
    .join('\n')
    .trimEnd();
}

if (import.meta.main) {
  const text = await withFreshDatabase(dumpSchema);
  writeFileSync(join(root, 'migrations', 'schema.sql'), text);
  console.log(`migrations/schema.sql: ${text.split('\n').length} lines`);
}
