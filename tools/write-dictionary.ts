import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Queryable } from '../adapters/postgres/database.ts';
import { withFreshDatabase } from './fresh-database.ts';
import { root } from './sources.ts';

/** Where the dictionary lies. */
export const dictionaryPath = join(root, 'migrations', 'dictionary.md');

/** How much harm it does when somebody reads what they should not; most harmless first. */
export const sensitivities = ['open', 'operational', 'personal', 'identity', 'secret'] as const;

/** What a value is, whatever type it is kept in. */
export const columnKinds = [
  'account',
  'code',
  'count',
  'day',
  'digest',
  'flag',
  'instant',
  'label',
  'name',
  'number',
  'place',
  'reason',
  'record',
  'secret',
  'subject',
] as const;

/** A column as the catalogue and the people who wrote the dictionary have it. */
export interface Entry {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** Blank when nobody has said it. */
  readonly kind: string;
  readonly holds: string;
  readonly sensitivity: string;
}

type Described = Pick<Entry, 'kind' | 'holds' | 'sensitivity'>;

/** Words of the dictionary as written, by `table.column`, and of each table by `table`. */
export interface Words {
  readonly columns: ReadonlyMap<string, Described>;
  readonly tables: ReadonlyMap<string, string>;
}

const columnsSql = `
  select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as required
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not a.attisdropped
  order by c.relname collate "C", a.attnum`;

interface ColumnRow {
  readonly [field: string]: unknown;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly required: boolean;
}

/** Every column of the database with what the dictionary says of it. */
export async function describeColumns(client: Queryable, words: Words): Promise<Entry[]> {
  const { rows } = await client.query<ColumnRow>(columnsSql);
  return rows.map(({ table, column, type, required }) => {
    const said = words.columns.get(`${table}.${column}`);
    const short = type.replace('timestamp with time zone', 'timestamptz');
    return {
      table,
      column,
      type: required ? short : `${short}, may be null`,
      kind: said?.kind ?? '',
      holds: said?.holds ?? '',
      sensitivity: said?.sensitivity ?? '',
    };
  });
}

/** Reads what people wrote into the dictionary. */
export function readWords(text: string): Words {
  const columns = new Map<string, Described>();
  const tables = new Map<string, string>();
  for (const section of text.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = section.split('\n');
    const table = heading.replaceAll('`', '').trim();
    tables.set(table, lines.filter((line) => line !== '' && !line.startsWith('|')).join('\n'));
    for (const line of lines) {
      const [, column = '', , kind = '', holds = '', sensitivity = ''] = line
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim());
      if (!column.startsWith('`')) continue;
      columns.set(`${table}.${column.replaceAll('`', '')}`, { kind, holds, sensitivity });
    }
  }
  return { columns, tables };
}

/** The dictionary as it should be: the catalogue's columns and types, the people's words. */
export function renderDictionary(entries: readonly Entry[], words: Words): string {
  const sections = [...Map.groupBy(entries, ({ table }) => table)].map(([table, columns]) =>
    [
      `## \`${table}\``,
      '',
      words.tables.get(table) ?? '',
      '',
      '| column | type | kind | holds | sensitivity |',
      '| --- | --- | --- | --- | --- |',
      ...columns.map(
        ({ column, type, kind, holds, sensitivity }) =>
          `| \`${column}\` | ${type} | ${kind} | ${holds} | ${sensitivity} |`,
      ),
    ].join('\n'),
  );
  return `${[preface, ...sections].join('\n\n')}\n`;
}

const preface = `# Every table and column

\`npx node tools/write-dictionary.ts\` brings columns and types up to the migrations and keeps the
words; the words are written here, by hand. A test fails when a column is missing or a cell blank.

**Kind** is what a value is, whatever its type: an *account* that did something; a *code* from a
list in the source; a *count*; a *day*; a *digest*, from which the value cannot be read back; a
*flag*; an *instant*, in milliseconds since 1970 where the column ends in \`_ms\`; a *label* on a
thing or a place; a *name* of a person; a *number* that identifies or orders; a *place*, by code or
path; a *reason* in somebody's words; a *record* in JSON, whose shape is in the code; a *secret*;
a *subject*, such as \`box:B1\`.

**Sensitivity** is the harm of a wrong reader. *open*: may be published. *operational*: of the
operation, about nobody. *personal*: about a person, by number. *identity*: tells who the number is.
*secret*: opens something.`;

/** Tables of which nobody says what they are for. */
export function silentTables(entries: readonly Entry[], { tables }: Words): string[] {
  const all = new Set(entries.map(({ table }) => table));
  return [...all].filter((table) => (tables.get(table) ?? '') === '');
}

/** What is wrong with an entry; empty when nothing is. */
export function faultsOf({ table, column, kind, holds, sensitivity }: Entry): string[] {
  const faults: string[] = [];
  const where = `${table}.${column}`;
  if (!(columnKinds as readonly string[]).includes(kind)) faults.push(`${where}: kind "${kind}"`);
  if (holds === '') faults.push(`${where}: nobody says what it holds`);
  if (!(sensitivities as readonly string[]).includes(sensitivity)) {
    faults.push(`${where}: sensitivity "${sensitivity}"`);
  }
  return faults;
}

/** The dictionary as it stands; empty before there is one. */
export function readDictionary(): string {
  return existsSync(dictionaryPath) ? readFileSync(dictionaryPath, 'utf8') : '';
}

if (import.meta.main) {
  const words = readWords(readDictionary());
  const entries = await withFreshDatabase((pool) => describeColumns(pool, words));
  writeFileSync(dictionaryPath, renderDictionary(entries, words));
  const silent = silentTables(entries, words).map(
    (table) => `${table}: nobody says what it is for`,
  );
  const faults = [...silent, ...entries.flatMap(faultsOf)];
  for (const fault of faults) console.log(fault);
  console.log(`migrations/dictionary.md: ${entries.length} columns, ${faults.length} to be said`);
}
