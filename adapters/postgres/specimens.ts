import type { Json } from '../../kernel/assert.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { Catalogue, PolicyBook } from '../../ledger/catalogue.ts';
import { prefixOf } from '../../ledger/fact.ts';
import type { InfluenceRef, RecordRow, SubjectRow } from '../../ledger/ports.ts';
import type { RecordEntry, RecordState, RecordView, Registers } from '../../ledger/room.ts';
import type { Queryable } from './database.ts';

/** What it takes to read what subjects say: their rooms, the settings, the registers. */
export interface Views {
  readonly catalogue: Catalogue;
  readonly policy: PolicyBook;
  readonly registers: Registers;
}

/** A specimen as it is kept: what its own facts say in full, and who else speaks of it. */
export interface KeptSpecimen {
  readonly [column: string]: unknown;
  readonly tube: string;
  /** JSON, read by `readSaid`. */
  readonly said: string;
  /** Subjects, one space between two. */
  readonly speakers: string;
  readonly derived: number;
  readonly influences: InfluenceRef[] | null;
  readonly stage: string;
  readonly since: number | null;
  readonly due: number | null;
  readonly holder: string | null;
  readonly place: string | null;
  readonly done: boolean;
  readonly round: string | null;
  /** JSON list of person numbers. */
  readonly members: string;
  readonly counted: boolean;
  readonly coverageReceipt: number;
}

const keptColumns = `tube, said::text as said, array_to_string(speakers, ' ') as speakers, derived,
  influences, stage, since_ms as since, due_ms as due, holder, place, done, round,
  array_to_json(members)::text as members, counted, coverage_receipt as "coverageReceipt"`;

/** What kept specimens say of themselves; those that are not on record are left out. */
export async function readKept(
  client: Queryable,
  tubes: readonly string[],
): Promise<KeptSpecimen[]> {
  if (tubes.length === 0) return [];
  const { rows } = await client.query<KeptSpecimen>({
    name: 'specimens-kept',
    text: `select ${keptColumns} from specimens where tube = any($1::text[])`,
    values: [tubes],
  });
  return rows;
}

/** The whole records of tubes, with what every subject says of them as it stands now. */
export async function readRecords(
  client: Queryable,
  tubes: readonly string[],
  views: Views,
): Promise<ReadonlyMap<string, RecordState>> {
  return wholeRecords(client, await readKept(client, tubes), views);
}

/** Kept specimens with what the subjects that speak of them say; only those that are meant. */
export async function wholeRecords(
  client: Queryable,
  kept: readonly KeptSpecimen[],
  views: Views,
  isMeant: (subject: string) => boolean = () => true,
): Promise<ReadonlyMap<string, RecordState>> {
  const speakers = new Set(kept.flatMap(speakersOf).filter(isMeant));
  const spoken = await readSpeakers(client, [...speakers], views);
  const records = new Map<string, RecordState>();
  for (const row of kept) {
    const groups: { [group: string]: RecordEntry[] } = {};
    const add = ({ group, entry }: Said): void => {
      const before = groups[group];
      if (before === undefined) groups[group] = [entry];
      else before.push(entry);
    };
    readSaid(row).forEach(add);
    for (const speaker of speakersOf(row)) spoken.get(speaker)?.get(row.tube)?.forEach(add);
    for (const group in groups) inOrder(groups[group] ?? []);
    records.set(row.tube, { key: row.tube, groups });
  }
  return records;
}

function inOrder(entries: RecordEntry[]): void {
  if (entries.length < 2) return;
  entries.sort((left, right) => (left.source < right.source ? -1 : 1));
}

/** One subject's word on one group of a record. */
interface Said {
  readonly group: string;
  readonly entry: RecordEntry;
}

function speakersOf({ speakers }: KeptSpecimen): string[] {
  return speakers === '' ? [] : speakers.split(' ');
}

/** What subjects say of records, by subject and record: read from their own rows. */
async function readSpeakers(
  client: Queryable,
  subjects: readonly string[],
  { catalogue, policy, registers }: Views,
): Promise<ReadonlyMap<string, ReadonlyMap<string, Said[]>>> {
  const spoken = new Map<string, Map<string, Said[]>>();
  if (subjects.length === 0) return spoken;
  const { rows } = await client.query<Pick<SubjectRow, 'subject' | 'state' | 'lastRank'> & Row>({
    name: 'speakers',
    text: `select subject, state, last_rank as "lastRank" from subjects
      where subject = any($1::text[])`,
    values: [subjects],
  });
  for (const { subject, state, lastRank: rank } of rows) {
    const known = catalogue.findSubject(prefixOf(subject));
    if (known === undefined) continue;
    const settings = policy[known.room.name] ?? known.room.policyDefaults;
    const { patches } = known.subject.view(state, { policy: settings, registers });
    const own = new Map<string, Said[]>();
    for (const { group, entries } of patches) {
      for (const { key, values } of entries) {
        const said: Said = { group, entry: { source: subject, rank, values } };
        const before = own.get(key);
        if (before === undefined) own.set(key, [said]);
        else before.push(said);
      }
    }
    spoken.set(subject, own);
  }
  return spoken;
}

interface Row {
  readonly [column: string]: unknown;
}

/**
 * How a specimen's own words are kept: `[[group, subject, rank, names, values], …]`, with the names
 * left out where they are those of a seal, and 0 for whatever the row or the entry has elsewhere.
 */
type Kept = readonly [string, string | 0, string, readonly string[] | 0, readonly Json[]];

const sealNames = [
  ...['members', 'openedAt', 'place', 'point', 'poolSize', 'purpose', 'round', 'sealFactId'],
  ...['sealedAt', 'sealedBy', 'seals', 'voidedAt'],
];

type Columns = Pick<KeptSpecimen, 'tube' | 'place' | 'round'>;

/** How many words of a specimen that was read are its own. */
export function countOwn({ groups }: RecordState, { speakers }: KeptSpecimen): number {
  const others = ` ${speakers} `;
  let own = 0;
  for (const group in groups) {
    for (const { source } of groups[group] ?? []) if (!others.includes(` ${source} `)) own += 1;
  }
  return own;
}

function readSaid(row: KeptSpecimen): Said[] {
  const entries = JSON.parse(row.said) as Kept[];
  return entries.map(([group, subject, rank, named, kept]) => {
    const values: { [name: string]: Json } = {};
    const names = named === 0 ? sealNames : named;
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const value = kept[index] ?? null;
      values[name] = value === 0 ? elsewhere(name, row, rank) : value;
    }
    const source = subject === 0 ? `tube:${row.tube}` : subject;
    return { group, entry: { source, rank, values } };
  });
}

/** What stands in a column of the row or at the end of the rank; 0 where a value is really 0. */
function elsewhere(name: string, row: KeptSpecimen, rank: string): Json {
  if (name === 'members') return JSON.parse(row.members) as Json;
  return columnOf(name, row, rank) ?? (name in columns ? null : 0);
}

const columns: { readonly [name: string]: (row: Columns, rank: string) => Json } = {
  place: ({ place }) => place,
  round: ({ round }) => round,
  sealFactId: (_row, rank) => rank.slice(rank.indexOf('.') + 1),
};

function columnOf(name: string, row: Columns, rank: string): Json | undefined {
  return columns[name]?.(row, rank);
}

function toSaid({ group, entry }: Said, row: Columns, members: string): Kept {
  const { source, rank, values } = entry;
  const names = Object.keys(values).sort();
  const isSeal =
    names.length === sealNames.length && names.every((name, n) => name === sealNames[n]);
  const kept = names.map((name): Json => {
    const value = values[name] ?? null;
    if (name === 'members') return JSON.stringify(value) === members ? 0 : value;
    return columnOf(name, row, rank) === value ? 0 : value;
  });
  return [group, source === `tube:${row.tube}` ? 0 : source, rank, isSeal ? 0 : names, kept];
}

/** A record as its row has it: its own words, and who else speaks, by name. */
export function keptForm(
  { state, view }: Pick<RecordRow, 'state' | 'view'>,
  catalogue: Catalogue,
  before: Before | null,
): { said: string; speakers: string; members: string } {
  const own: Said[] = [];
  const others = new Set<string>();
  for (const group in state.groups) {
    for (const entry of state.groups[group] ?? []) {
      const { source } = entry;
      const isOwn = catalogue.findSubject(prefixOf(source))?.subject.recordOnly === true;
      if (isOwn) own.push({ group, entry });
      else others.add(source);
    }
  }
  const speakers = others.size < 2 ? [...others] : [...others].sort();
  if (before !== null && saysTheSame(own, before)) {
    const { said, members } = before.row;
    return { said, members, speakers: speakers.join(' ') };
  }
  const members = JSON.stringify(view.members);
  const row = { tube: state.key, place: view.place, round: view.round };
  const said = JSON.stringify(own.map((each) => toSaid(each, row, members)));
  return { said, speakers: speakers.join(' '), members };
}

/** Whether own words are those that were read: untouched entries stay the objects they were. */
function saysTheSame(own: readonly Said[], before: Before): boolean {
  const { groups } = before.state;
  return (
    own.length === before.own && own.every(({ group, entry }) => groups[group]?.includes(entry))
  );
}

/** A specimen as it was read: its row, its whole record, and how many words of it are its own. */
export interface Before {
  readonly row: KeptSpecimen;
  readonly state: RecordState;
  readonly own: number;
}

/** A kept specimen with its whole record, as a unit of work has it. */
export function toRecordRow(kept: KeptSpecimen, state: RecordState): RecordRow {
  const lists = { duties: [], findings: [], slots: [], patches: [], consequences: [] };
  const view: RecordView = {
    ...lists,
    stage: kept.stage,
    since: kept.since as Instant | null,
    done: kept.done,
    holder: kept.holder,
    place: kept.place,
    dueAt: kept.due as Instant | null,
    counted: kept.counted,
    round: kept.round,
    members: JSON.parse(kept.members) as number[],
  };
  const { derived, coverageReceipt } = kept;
  return { state, view, influences: kept.influences ?? [], coverageReceipt, derived };
}
